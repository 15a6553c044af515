"""Workers that die just before or just after a commit: every order is asked about or waits, and none twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from domain.capacity.model import Reservation, ReservationState
from domain.dispatch.model import Offer, WaitingOrder
from domain.kit.outbox import OutboxRow, OutboxState
from domain.kit.unit_of_work import Runtime
from jobs import dispatching
from jobs.context import Jobs
from jobs.react import react
from jobs.reaction import Reaction, name_of
from jobs.reactions import REACTIONS
from tests.domain.dispatch.asking import ELSEWHERE, World
from tests.runtime import at_once

ORDERS = 24


class Killed(BaseException):
    """What ``kill -9`` is to a process: nothing catches it, nothing is cleaned up but what the database rolls back."""


@dataclass
class Deadly:
    """Sessions of a process that is often killed: with the commit undone, or with the commit done and nobody told."""

    sessions: sessionmaker[Session]
    chance: random.Random
    deaths: int = 0

    @property
    def kw(self) -> dict[str, Any]:
        return self.sessions.kw

    @contextmanager
    def begin(self) -> Iterator[Session]:
        fate = self.chance.random()
        with self.sessions.begin() as session:
            yield session
            if fate < 0.25:
                self.die()
        if fate > 0.75:
            self.die()

    def die(self) -> None:
        self.deaths += 1
        raise Killed


@dataclass(frozen=True)
class Worker:
    """As much of `Jobs` as running dispatch's reactions needs."""

    runtime: Runtime
    table: dict[str, dict[str, Reaction]]

    def chance(self) -> float:
        return 0.5


def ours() -> dict[str, dict[str, Reaction]]:
    return {
        kind.__name__: {name_of(one): one for one in ones if name_of(one) in vars(dispatching)}
        for kind, ones in REACTIONS.items()
    }


def pairs(world: World, table: dict[str, dict[str, Reaction]]) -> list[tuple[int, Any, str]]:
    """(event, reaction) that are still to run, as the sweeper would queue them."""
    with world.runtime.transaction() as uow:
        rows = uow.session.scalars(select(OutboxRow).filter_by(state=OutboxState.WAITING).order_by(OutboxRow.id)).all()
        for row in rows:
            if not table.get(row.kind):
                row.state = OutboxState.DONE
        return [(row.id, row.at, name) for row in rows for name in table.get(row.kind, {})]


def test_whoever_dies_when_no_order_is_lost_or_doubled(fresh_world: World) -> None:
    orders = [fresh_world.order() for _ in range(ORDERS)] + [fresh_world.order(address=ELSEWHERE) for _ in range(3)]
    sessions = Deadly(fresh_world.runtime.sessions, random.Random(7))
    deadly = replace(fresh_world.runtime, sessions=cast(Any, sessions))
    table = ours()
    jobs = cast(Jobs, Worker(deadly, table))
    for _ in range(60):
        work = pairs(fresh_world, table)
        if not work:
            break

        def one(number: int, work: list[tuple[int, Any, str]] = work) -> None:
            for pair in work[number::3]:
                with suppress(Killed):
                    react(jobs, *pair)

        at_once(3, one)
    assert sessions.deaths > ORDERS, "it was a massacre"
    with fresh_world.runtime.transaction() as uow:
        asked = Counter(uow.session.scalars(select(Offer.work_order_id)))
        waits = Counter(uow.session.scalars(select(WaitingOrder.work_order_id)))
        kept = Counter(
            uow.session.scalars(
                select(Reservation.work_order_id).where(Reservation.state != ReservationState.RELEASED)
            )
        )  # fmt: skip
        told = Counter(
            row.body["work_order_id"]
            for row in uow.session.scalars(select(OutboxRow).where(OutboxRow.kind.in_(("VisitOffered", "NobodyFits"))))
        )
    assert {id_: asked[id_] + waits[id_] for id_ in orders} == dict.fromkeys(orders, 1)
    assert kept == asked
    assert told == asked + waits
