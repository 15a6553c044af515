"""Starting, pausing, resuming, meeting and voiding the clocks of an order, watching them, and keeping the policies."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.lifecycle import MoveRefused
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.service_levels import queries, ticking
from domain.service_levels.lifecycle import BREACHED, LIVE, PAUSED, RUNNING, WARNED
from domain.service_levels.lifecycle import CLOCKS as LIFE
from domain.service_levels.model import Clock, Policy
from domain.service_levels.policies import BEYOND, CLOCKS, PAUSES
from domain.work_orders.model import WorkOrder

RUNS = frozenset({RUNNING, WARNED})

AT_ONCE = 200
"""Clocks of one transaction of the watcher: some hundred milliseconds."""


class MayNotPause(Refused):
    """The reason is none for which this clock may stand still."""

    code = "may_not_pause"


class NotByHand(Refused):
    """Only what really happens meets this promise."""

    code = "not_by_hand"


def happened(
    uow: UnitOfWork, order_id: str, what: str, at: datetime, *, by: Actor, until: datetime | None = None
) -> None:
    """Something happened to an order: every clock it concerns starts, is met, voided, paused, goes on, or notes it.

    ``what`` is named as in `domain.service_levels.policies`, ``at`` is when it was so; news may come late and in any
    order. ``until`` is the later time a customer asked for.
    """
    order = uow.get(WorkOrder, order_id, called="这张工单")
    clocks = latest(uow, order_id)
    if not clocks and what != "opened":
        clocks = begin(uow, order, "opened", order.opened_at, {}, by=by)
    clocks |= begin(uow, order, what, at, clocks, by=by)
    for clock in clocks.values():
        if clock.status in LIVE and at >= clock.started_at:
            tell(uow, clock, what, at, by=by, until=until)
    uow.session.flush()


def latest(uow: UnitOfWork, order_id: str) -> dict[str, Clock]:
    """The clocks of an order, locked; of several rounds the last."""
    found = select(Clock).filter_by(work_order_id=order_id).order_by(Clock.clock, Clock.round)
    rows = uow.session.scalars(found.with_for_update().execution_options(populate_existing=True))
    return {clock.clock: clock for clock in rows}


def begin(
    uow: UnitOfWork, order: WorkOrder, what: str, at: datetime, present: dict[str, Clock], *, by: Actor
) -> dict[str, Clock]:
    """Start what begins with this and does not run already, by the policy of the day it starts."""
    wanted = [
        key
        for key, promise in CLOCKS.items()
        if what in promise.starts
        and order.service_type in promise.services
        and (
            key not in present
            or (what != "opened" and present[key].status not in LIVE and at > present[key].started_at)
        )
    ]
    policies = queries.policies_for(uow, order, wanted, at.astimezone(SHANGHAI).date()) if wanted else {}
    started = {}
    for key, policy in policies.items():
        clock = start(uow, order, key, policy, present[key].round + 1 if key in present else 1, at, by=by)
        if clock is not None:
            started[key] = clock
    return started


def start(
    uow: UnitOfWork, order: WorkOrder, key: str, policy: Policy, number: int, at: datetime, *, by: Actor
) -> Clock | None:
    """Start one clock; None when somebody just did."""
    clock = Clock(
        id=uow.new_id("ck"), work_order_id=order.id, clock=key, round=number, policy_id=policy.id, status=LIFE.start,
        started_at=at, escalated=0,
    )  # fmt: skip
    ticking.run_from(clock, policy, at, timedelta(minutes=policy.minutes))
    values = {
        name: getattr(clock, name)
        for name in (
            "id", "work_order_id", "clock", "round", "policy_id", "status", "started_at", "due_at", "warn_at", "escalated",
            "next_at",
        )
    }  # fmt: skip
    new = insert(Clock).values(**values, pause_reason="").on_conflict_do_nothing().returning(Clock)
    made = uow.session.scalars(new).first()
    if made is not None:
        ticking.write(uow, made, "started", at, by=by)
    return made


def tell(uow: UnitOfWork, clock: Clock, what: str, at: datetime, *, by: Actor, until: datetime | None) -> None:
    """What this means for one clock."""
    promise, policy = CLOCKS[clock.clock], uow.session.get_one(Policy, clock.policy_id)
    ticking.catch_up(uow, clock, policy, at)
    if what in promise.meets:
        met(uow, clock, at, by=by)
    elif what in promise.voids:
        ticking.is_over(uow, clock, "void", "voided", at, by=by)
    elif clock.status == PAUSED and what in PAUSES[clock.pause_reason].ends:
        ticking.goes_on(uow, clock, policy, at, by=by)
    else:
        near = what in BEYOND and until is not None and until <= clock.due_at
        for code, reason in PAUSES.items():
            if what in reason.begins and not near:
                hinder(uow, clock, policy, code, at, by=by, until=until)


def met(uow: UnitOfWork, clock: Clock, at: datetime, *, by: Actor, why: str = "") -> None:
    """In time when ``at`` is not after the end, even where that is heard of later."""
    if clock.status == BREACHED and at > clock.due_at:
        return ticking.is_over(uow, clock, "end", "ended", at, by=by, why=why)
    if clock.status == BREACHED:
        ticking.reopens(uow, clock, at)
    return ticking.is_over(uow, clock, "meet", "met", at, by=by, why=why)


def hinder(
    uow: UnitOfWork, clock: Clock, policy: Policy, code: str, at: datetime, *, by: Actor, until: datetime | None
) -> None:
    """Pause for a reason that may pause under the policy; for one that never may, note that the clock ran on."""
    if not PAUSES[code].may:
        if clock.status in RUNS:
            ticking.write(uow, clock, "ran_on", at, by=by, reason=code)
    elif code not in policy.pauses:
        return
    elif clock.status == PAUSED:
        if until is not None and clock.pause_reason == code:
            ticking.rests_longer(uow, clock, policy, until - at, at, by=by)
    elif (until is None or until > at) and (clock.status in RUNS or at <= clock.due_at):
        if clock.status == BREACHED:
            ticking.reopens(uow, clock, at)
        ticking.rests(uow, clock, policy, code, at, by=by, until=until)


def pause(uow: UnitOfWork, clock_id: str, reason: str, *, by: Actor, why: str, until: datetime | None = None) -> Clock:
    """Stop a clock by hand, with words of what happened.

    :raises MayNotPause: it is no reason, or not under this clock's policy
    :raises MoveRefused: it does not run, or nothing was written
    """
    clock, policy = clock_now(uow, clock_id)
    if not why.strip():
        raise MoveRefused("暂停请写明经过")
    known = PAUSES.get(reason)
    if known is None or not known.may:
        raise MayNotPause(
            f"“{known.title if known else reason}”不能暂停时钟：{known.words if known else '没有这个原因'}"
        )
    if reason not in policy.pauses:
        raise MayNotPause(f"{CLOCKS[clock.clock].title}的时效标准不允许因“{known.title}”暂停")
    if until is not None and until <= uow.now:
        raise MayNotPause("暂停到的时间应在现在之后")
    ticking.rests(uow, clock, policy, reason, uow.now, by=by, why=why, until=until)
    trail.record(uow, by, "clock.pause", "work_order", clock.work_order_id, why=why, clock=clock.clock, reason=reason)
    return clock


def resume(uow: UnitOfWork, clock_id: str, *, by: Actor, why: str = "") -> Clock:
    """:raises MoveRefused: it is not paused"""
    clock, policy = clock_now(uow, clock_id)
    ticking.goes_on(uow, clock, policy, uow.now, by=by, why=why)
    trail.record(uow, by, "clock.resume", "work_order", clock.work_order_id, why=why, clock=clock.clock)
    return clock


def contacted(uow: UnitOfWork, order_id: str, *, by: Actor, why: str) -> None:
    """Staff write down that they have spoken with the customer: what waits for that is met, or goes on.

    :raises Refused: nothing was written
    """
    if not why.strip():
        raise Refused("请写一句与客户说了什么")
    happened(uow, order_id, "contacted", uow.now, by=by)
    trail.record(uow, by, "order.contacted", "work_order", order_id, why=why)


def meet(uow: UnitOfWork, clock_id: str, *, by: Actor, why: str = "") -> Clock:
    """Staff write down that it is done: in time or late, as the clock stands.

    :raises NotByHand: this promise is met by what happens only
    :raises MoveRefused: it is over
    """
    clock, _ = clock_now(uow, clock_id)
    if not CLOCKS[clock.clock].by_hand:
        raise NotByHand(f"{CLOCKS[clock.clock].title}由实际进展决定，不能手工完成")
    met(uow, clock, uow.now, by=by, why=why)
    trail.record(uow, by, "clock.meet", "work_order", clock.work_order_id, why=why, clock=clock.clock)
    return clock


def void(uow: UnitOfWork, clock_id: str, *, by: Actor, why: str) -> Clock:
    """Stop a clock for good, because the promise makes no sense any more; what was breached stays in its history.

    :raises MoveRefused: it is over
    :raises Refused: no reason was given
    """
    clock, _ = clock_now(uow, clock_id)
    if not why.strip():
        raise Refused("停止计时请写明原因")
    ticking.is_over(uow, clock, "void", "voided", uow.now, by=by, why=why)
    trail.record(uow, by, "clock.void", "work_order", clock.work_order_id, why=why, clock=clock.clock)
    return clock


def clock_now(uow: UnitOfWork, clock_id: str) -> tuple[Clock, Policy]:
    """The clock, locked, as it stands at this moment."""
    clock = uow.get(Clock, clock_id, called="这个时钟", lock=True)
    policy = uow.session.get_one(Policy, clock.policy_id)
    ticking.catch_up(uow, clock, policy, uow.now)
    return clock, policy


def watch(uow: UnitOfWork, limit: int = AT_ONCE) -> int:
    """Make happen what is due, the longest overdue first; returns how many clocks were looked at. The number of queries
    does not grow with them."""
    clocks = uow.session.scalars(due(uow.now, limit)).all()
    wanted = select(Policy).where(Policy.id.in_({clock.policy_id for clock in clocks}))
    policies = {policy.id: policy for policy in uow.session.scalars(wanted)} if clocks else {}
    told: list[ticking.Escalation] = []
    for clock in clocks:
        while ticking.happens(uow, clock, policies[clock.policy_id], uow.now, told):
            pass
    ticking.put_on_desk(uow, told)
    uow.session.flush()
    return len(clocks)


def due(before: datetime, limit: int) -> Select[Clock]:
    """The clocks to which something must happen, locked; those that another watcher has are left to it."""
    found = select(Clock).where(Clock.next_at < before).order_by(Clock.next_at).limit(limit)
    return found.with_for_update(skip_locked=True)
