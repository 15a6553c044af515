"""Whatever people and time do, in any order: one question at a time, one engineer at most, and nobody forgotten."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from adapters.invariants import SENTENCES
from domain.appointments import operations as appointments
from domain.capacity.model import Leave
from domain.capacity.rosters import end_leave, take_leave
from domain.dispatch.operations import answer_offer, assign, dispatch, reassign, share
from domain.dispatch.standing import version_of
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Refused
from domain.kit.outbox import OutboxRow, OutboxState
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders import operations as work_orders
from domain.work_orders.lifecycle import OrderStatus
from jobs.dispatching import expire_offers, find_forgotten, try_waiting_again
from tests.domain.dispatch.asking import DISPATCHER, World, follow, local, two_hours
from tests.domain.work_orders.opening import ENGINEER, STAFF
from tests.runtime import Clock

PEOPLE = ("an", "bo", "cao", "ding", "fan")
OURS = [
    words
    for words in SENTENCES
    if any(word in words for word in ("offer", "dispatch", "engineer", "reservation", "somebody", "visit"))
]
STEP = st.one_of(
    st.tuples(st.just("accept"), st.integers(0, 1)),
    st.tuples(st.just("refuse"), st.integers(0, 1), st.sampled_from(["too_far", "time_taken", "day_off"])),
    st.tuples(st.just("wait"), st.sampled_from([5, 16, 300, 900])),
    st.tuples(st.just("assign"), st.integers(0, 1), st.sampled_from(PEOPLE), st.booleans()),
    st.tuples(st.just("reassign"), st.integers(0, 1), st.sampled_from(["vehicle", "other"])),
    st.tuples(st.just("share"), st.integers(0, 1), st.sampled_from(PEOPLE)),
    st.tuples(st.just("book"), st.integers(0, 1), st.sampled_from([(13, 10), (13, 14), (14, 8)])),
    st.tuples(st.just("cancel"), st.integers(0, 1)),
    st.tuples(st.just("depart"), st.integers(0, 1)),
    st.tuples(st.just("fail"), st.integers(0, 1)),
    st.tuples(st.just("leave"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("back"), st.integers(0, 3)),
    st.tuples(st.just("again"), st.integers(0, 1)),
    st.tuples(st.just("lost"), st.integers(0, 0)),
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, min_size=4, max_size=14))
def test_no_order_is_doubled_or_forgotten(world: World, clock: Clock, steps: list[tuple[Any, ...]]) -> None:
    outer = world.runtime.sessions.kw["bind"].begin_nested()
    began = clock.at
    try:
        lives(world, clock, steps)
    finally:
        outer.rollback()
        clock.at = began


def lives(world: World, clock: Clock, steps: list[tuple[Any, ...]]) -> None:
    orders = [world.dispatched(), world.dispatched(category_code="water_heater_gas")]
    for step in steps:
        with suppress(Refused):
            do(world, clock, orders, step)
        if step[0] != "lost":
            follow(world)
        expire_offers(world.jobs)
        try_waiting_again(world.jobs)
        if step[0] == "lost":
            clock.advance(minutes=2)
            find_forgotten(world.jobs)
        follow(world)
        holds(world)
        for order_id in orders:
            if world.row(order_id).status is OrderStatus.CANCELLED:
                kept = [time for time in world.times(order_id) if time.ends_at > clock.at]
                assert not kept, "nobody's time is kept for what is over"
                assert world.offer(order_id) is None


def do(world: World, clock: Clock, orders: list[str], step: tuple[Any, ...]) -> None:
    name, which, *more = step
    if name == "wait":
        clock.advance(minutes=int(str(which)))
        return
    with world.runtime.transaction() as uow:
        if name == "leave":
            take_leave(
                uow, world.network.engineers[str(which)], local(12, 0), local(16, 0), kind="leave", by=system("t")
            )
        elif name == "back":
            come_back(uow, int(str(which)))
        elif name == "lost":
            for row in uow.session.scalars(select(OutboxRow).filter_by(state=OutboxState.WAITING)):
                row.state = OutboxState.DONE
    if name in ("leave", "back", "lost"):
        return
    order_id = orders[int(str(which))]
    visit, offer = world.visit(order_id), world.offer(order_id)
    with world.runtime.transaction() as uow:
        if name in ("accept", "refuse") and offer:
            by = Actor(Role.ENGINEER, offer.engineer_id)
            answer_offer(uow, offer.id, str(name), by=by, reason_code=str(more[0]) if more else "")
        elif name == "assign":
            reason = {"override": "急", "window": two_hours(13, 16)} if more[1] else {}
            assign(
                uow, order_id, world.network.engineers[str(more[0])], by=DISPATCHER,
                version=version_of(uow, order_id), **reason,  # type: ignore[arg-type]
            )  # fmt: skip
        elif name == "reassign" and visit:
            reassign(uow, visit.id, by=DISPATCHER, code=str(more[0]))
        elif name == "share" and visit and visit.engineer_id:
            helper = world.network.engineers[str(more[0])]
            if helper != visit.engineer_id:
                share(uow, visit.id, {visit.engineer_id: 70, helper: 30}, by=DISPATCHER)
        elif name == "book":
            day, hour = more[0]
            appointments.book_window(uow, order_id, *two_hours(day, hour), by=STAFF, via="console")
        elif name == "cancel":
            work_orders.move_order(uow, order_id, "cancel", by=DISPATCHER, why="不修了")
        elif name in ("depart", "fail") and visit:
            by = ENGINEER if name == "depart" else STAFF
            work_orders.move_visit(uow, visit.id, str(name), by=by, why="客户不在家")
        elif name == "again":
            dispatch(uow, order_id, "again")


def come_back(uow: UnitOfWork, number: int) -> None:
    leaves = uow.session.scalars(select(Leave).where(Leave.ended_at.is_(None)).order_by(Leave.id)).all()
    if number < len(leaves):
        end_leave(uow, leaves[number].id, by=system("t"))


def holds(world: World) -> None:
    """The sentences of `adapters.invariants` that are about dispatch, said of this very moment."""
    with world.runtime.transaction() as uow:
        for words in OURS:
            broken = uow.session.scalars(text(SENTENCES[words])).all()
            assert not broken, (words, broken)


def test_the_sentences_are_about_dispatch() -> None:
    assert "every order somebody must come for has somebody, asks somebody, or waits in the queue" in OURS
