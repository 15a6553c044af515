"""Looking up policies and clocks: which holds for an order, what colour an order has, what is due next, what was broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select

from domain.customers.model import Customer
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Provider
from domain.service_levels.lifecycle import BREACHED, PAUSED, RUNNING, WARNED, ClockStatus
from domain.service_levels.model import Clock, ClockEvent, Policy
from domain.service_levels.policies import Facts, fits, weight
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder

COLOURS = {BREACHED: "red", WARNED: "amber", RUNNING: "green", PAUSED: "grey"}
"""From worst to best."""


class Colour(NamedTuple):
    """How an order stands by its worst clock: ``red`` breached, ``amber`` warned, ``green`` running, ``grey`` paused."""

    colour: str
    due_at: datetime
    clock: str


@dataclass(frozen=True)
class ClockRow:
    """A clock in a list, with the order it belongs to."""

    clock: Clock
    number: str
    service_type: str
    provider: str


@dataclass(frozen=True)
class Count:
    """How many live clocks of one kind, or of one provider, stand in which status."""

    name: str
    by_status: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


def policies_on(uow: UnitOfWork, day: date, clocks: Iterable[str]) -> Sequence[Policy]:
    """Every policy of these clocks in force that day."""
    found = select(Policy).where(Policy.clock.in_(list(clocks)), Policy.since <= day)
    return uow.session.scalars(found.where(or_(Policy.until.is_(None), Policy.until > day))).all()


def policies_for(uow: UnitOfWork, order: WorkOrder, clocks: Iterable[str], day: date) -> dict[str, Policy]:
    """Clock → the policy that says most of those that fit the order that day; a clock without one is left out."""
    found = policies_on(uow, day, clocks)
    if not found:
        return {}
    level = uow.session.get_one(Customer, order.customer_id).level
    return best(found, Facts(order.brand_id, order.service_type, level, order.division_code, day))


def best(policies: Iterable[Policy], facts: Facts) -> dict[str, Policy]:
    chosen: dict[str, Policy] = {}
    for policy in sorted((one for one in policies if fits(one, facts)), key=weight):
        chosen[policy.clock] = policy
    return chosen


def colours(uow: UnitOfWork, order_ids: Iterable[str]) -> dict[str, Colour]:
    """Order → its worst live clock, of equals the one due first. One query; orders without any are left out."""
    live = select(Clock.work_order_id, Clock.status, Clock.due_at, Clock.clock)
    rows = uow.session.execute(live.where(Clock.work_order_id.in_(list(order_ids)), Clock.ended_at.is_(None))).all()
    rank = {status: place for place, status in enumerate(COLOURS)}
    worst = sorted(rows, key=lambda row: (rank[row.status], row.due_at), reverse=True)
    return {row.work_order_id: Colour(COLOURS[row.status], row.due_at, row.clock) for row in worst}


def clocks_of(uow: UnitOfWork, order_id: str) -> Sequence[Clock]:
    """All clocks of an order, in the order they started."""
    found = select(Clock).filter_by(work_order_id=order_id)
    return uow.session.scalars(found.order_by(Clock.started_at, Clock.due_at, Clock.id)).all()


def history(uow: UnitOfWork, clock_ids: Iterable[str]) -> dict[str, list[ClockEvent]]:
    """Clock → its lines, oldest first."""
    lines: dict[str, list[ClockEvent]] = {}
    for line in uow.session.scalars(
        select(ClockEvent).where(ClockEvent.clock_id.in_(list(clock_ids))).order_by(ClockEvent.clock_id, ClockEvent.id)
    ):
        lines.setdefault(line.clock_id, []).append(line)
    return lines


Listed = Select[Clock, str, ServiceType, str]


def listed(*conditions: ColumnElement[bool]) -> Listed:
    return (
        select(Clock, WorkOrder.number, WorkOrder.service_type, Provider.name)
        .join(WorkOrder, WorkOrder.id == Clock.work_order_id)
        .outerjoin(Provider, Provider.id == WorkOrder.provider_id)
        .where(*conditions)
    )


def rows_of(uow: UnitOfWork, found: Listed) -> list[ClockRow]:
    return [ClockRow(clock, number, kind, name or "") for clock, number, kind, name in uow.session.execute(found)]


def nearest(uow: UnitOfWork, *, clock: str = "", limit: int = 100) -> list[ClockRow]:
    """What runs, due first first."""
    running = listed(Clock.status.in_([RUNNING, WARNED]))
    return rows_of(uow, one_kind(running, clock).order_by(Clock.due_at).limit(limit))


def breached(uow: UnitOfWork, since: datetime, until: datetime, *, clock: str = "", limit: int = 200) -> list[ClockRow]:
    """What was broken in ``[since, until)``, the newest first, whether it is over by now or not."""
    found = listed(Clock.breached_at >= since, Clock.breached_at < until)
    return rows_of(uow, one_kind(found, clock).order_by(Clock.breached_at.desc()).limit(limit))


def one_kind(found: Listed, clock: str) -> Listed:
    return found.where(Clock.clock == clock) if clock else found


def counts_by_clock(uow: UnitOfWork) -> list[Count]:
    """Live clocks by kind and status."""
    rows = select(Clock.clock, Clock.status, func.count()).where(Clock.ended_at.is_(None))
    return counted(uow.session.execute(rows.group_by(Clock.clock, Clock.status)).all())


def counts_by_provider(uow: UnitOfWork) -> list[Count]:
    """Live clocks by who is responsible for the order and status, the most breached first."""
    rows = (
        select(Provider.name, Clock.status, func.count())
        .select_from(Clock)
        .join(WorkOrder, WorkOrder.id == Clock.work_order_id)
        .outerjoin(Provider, Provider.id == WorkOrder.provider_id)
        .where(Clock.ended_at.is_(None))
        .group_by(Provider.name, Clock.status)
    )
    found = counted(uow.session.execute(rows).all())
    return sorted(found, key=lambda one: (-one.by_status.get(BREACHED, 0), -one.total))


def counted(rows: Iterable[Sequence[object]]) -> list[Count]:
    found: dict[str, dict[str, int]] = {}
    for name, status, number in rows:
        found.setdefault(str(name or ""), {})[str(status)] = int(str(number))
    return [Count(name, by_status) for name, by_status in found.items()]


def policies(uow: UnitOfWork, *, ended: bool = False) -> Sequence[Policy]:
    """Those that hold today or later; with ``ended`` the others too."""
    found = select(Policy)
    if not ended:
        found = found.where(or_(Policy.until.is_(None), Policy.until > uow.today))
    order = (
        Policy.clock,
        Policy.customer_level,
        Policy.brand_id,
        Policy.service_type,
        Policy.division_code,
        Policy.since,
    )
    return uow.session.scalars(found.order_by(*order)).all()


STATUSES: Sequence[ClockStatus] = (BREACHED, WARNED, RUNNING, PAUSED)
"""The live ones, in the order bars show them."""
