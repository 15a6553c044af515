"""Service levels as the staff see them: the policies with a preview, what runs, what was broken today, an order's clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from console.asked import BadFilter
from domain.access.sessions import SignedIn
from domain.calendar.working_time import Hours, add
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.service_levels import keeping, operations, queries
from domain.service_levels.lifecycle import CLOCKS as LIFE
from domain.service_levels.lifecycle import LIVE, PAUSED
from domain.service_levels.model import Clock, ClockEvent, Policy
from domain.service_levels.policies import CLOCKS, PAUSES
from domain.service_levels.queries import ClockRow, Count
from domain.service_levels.ticking import hours_of
from domain.work_orders.model import WorkOrder

EVENTS: Mapping[str, str] = {
    "started": "开始计时", "paused": "暂停", "resumed": "继续计时", "warned": "预警", "breached": "跳闸", "reopened": "撤销跳闸",
    "escalated": "升级", "met": "按时完成", "ended": "超时完成", "voided": "停止计时", "ran_on": "照常计时",
}  # fmt: skip
"""Kinds of lines of a clock's history in words."""


@dataclass(frozen=True)
class PolicySeen:
    """``due_at`` is when the promise would end for an order opened now."""

    policy: Policy
    due_at: datetime


@dataclass(frozen=True)
class Room:
    policies: Sequence[PolicySeen]
    running: Sequence[ClockRow]
    breached: Sequence[ClockRow]
    by_clock: Sequence[Count]
    by_provider: Sequence[Count]


@dataclass(frozen=True)
class ClockSeen:
    """One clock of an order with its history and what may be done by hand."""

    clock: Clock
    title: str
    status: str
    colour: str
    live: bool
    paused: bool
    by_hand: bool
    pauses: Mapping[str, str]
    lines: Sequence[ClockEvent]


def room(uow: UnitOfWork, clock: str = "", *, ended: bool = False) -> Room:
    """Everything the page shows.

    :raises BadFilter: there is no such clock
    """
    if clock and clock not in CLOCKS:
        raise BadFilter("没有这种时钟")
    midnight = datetime.combine(uow.today, time(), SHANGHAI)
    return Room(
        policies_seen(uow, ended=ended),
        queries.nearest(uow, clock=clock),
        queries.breached(uow, midnight, midnight + timedelta(days=1), clock=clock),
        queries.counts_by_clock(uow),
        queries.counts_by_provider(uow),
    )


def policies_seen(uow: UnitOfWork, *, ended: bool = False) -> list[PolicySeen]:
    return [PolicySeen(one, due_now(uow, one)) for one in queries.policies(uow, ended=ended)]


def due_now(uow: UnitOfWork, policy: Policy) -> datetime:
    return add(uow.now, timedelta(minutes=policy.minutes), hours_of(policy))


@dataclass(frozen=True)
class Preview:
    """What a policy would mean for an order opened now; ``minutes`` is how long, in words."""

    minutes: str
    warn_at: datetime
    due_at: datetime


def preview(uow: UnitOfWork, wanted: keeping.Wanted) -> Preview:
    """Nothing is kept.

    :raises BadPolicy: the words say what is wrong
    """
    keeping.check(wanted)
    hours = Hours(wanted.opens, wanted.closes) if wanted.working else None
    warn = add(uow.now, timedelta(minutes=wanted.minutes - wanted.warn_minutes), hours)
    return Preview(span(wanted.minutes), warn, add(uow.now, timedelta(minutes=wanted.minutes), hours))


def clocks_seen(uow: UnitOfWork, order_id: str) -> list[ClockSeen]:
    """The clocks of an order; of one the asker may not see there are none.

    :raises NotFound: there is no such order
    """
    order = uow.get(WorkOrder, order_id, called="这张工单")
    clocks = queries.clocks_of(uow, order.id)
    lines = queries.history(uow, [one.id for one in clocks])
    policies = {one.policy_id: uow.session.get_one(Policy, one.policy_id) for one in clocks}
    return [
        ClockSeen(
            one, CLOCKS[one.clock].title, LIFE.titles[one.status], queries.COLOURS.get(one.status, "grey"),
            one.status in LIVE, one.status == PAUSED, CLOCKS[one.clock].by_hand and one.status in LIVE,
            {code: PAUSES[code].title for code in policies[one.policy_id].pauses}, lines.get(one.id, []),
        )
        for one in clocks
    ]  # fmt: skip


def act(uow: UnitOfWork, clock_id: str, move: str, why: str, reason: str, who: SignedIn) -> Clock:
    """Pause, resume, meet or void a clock by hand.

    :raises Refused: the words say why
    """
    uow.get(WorkOrder, uow.get(Clock, clock_id, called="这个时钟").work_order_id, called="这张工单")
    if move == "pause":
        return operations.pause(uow, clock_id, reason, by=who.actor, why=why)
    if move == "resume":
        return operations.resume(uow, clock_id, by=who.actor, why=why)
    if move == "meet":
        return operations.meet(uow, clock_id, by=who.actor, why=why)
    if move == "void":
        return operations.void(uow, clock_id, by=who.actor, why=why)
    raise BadFilter("没有这个操作")


def contacted(uow: UnitOfWork, order_id: str, why: str, who: SignedIn) -> WorkOrder:
    """Write down that the customer was spoken with.

    :raises Refused: nothing was written
    """
    order = uow.get(WorkOrder, order_id, called="这张工单")
    operations.contacted(uow, order.id, by=who.actor, why=why)
    return order


def put(uow: UnitOfWork, wanted: keeping.Wanted, who: SignedIn) -> Policy:
    """:raises BadPolicy: the words say what is wrong"""
    return keeping.put_policy(uow, wanted, by=who.actor)


def end(uow: UnitOfWork, policy_id: str, day: date, who: SignedIn) -> Policy:
    """:raises BadPolicy: the words say what is wrong"""
    return keeping.end_policy(uow, policy_id, day, by=who.actor)


def span(minutes: int) -> str:
    """A number of minutes, the way one says it."""
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} 小时" if hours else "", f"{rest} 分钟" if rest or not hours else "") if part
    )
