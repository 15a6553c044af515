"""How one clock moves on: what is due happens to it at the moment it was due, however late somebody looks.

The only place that changes a `Clock`; whoever calls has locked its row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, Select, func, select

from domain.access.roles import TITLES as ROLES
from domain.access.roles import StaffRole
from domain.calendar.working_time import NOTHING, Hours, add, between
from domain.desk import operations as desk
from domain.desk.lifecycle import TASKS, TaskStatus
from domain.desk.model import DeskTask
from domain.kit.actors import Actor, system
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.service_levels.events import ClockBreached, ClockEscalated, ClockWarned
from domain.service_levels.lifecycle import BREACHED, PAUSED, RUNNING, WARNED
from domain.service_levels.lifecycle import CLOCKS as LIFE
from domain.service_levels.model import Clock, ClockEvent, Policy
from domain.service_levels.policies import CLOCKS, PAUSES
from domain.work_orders.model import WorkOrder

WATCH = system("clocks")


@dataclass(frozen=True)
class Escalation:
    """A role to be told of a broken promise, in words for the desk."""

    clock: Clock
    words: str


def hours_of(policy: Policy) -> Hours | None:
    return Hours(policy.opens, policy.closes) if policy.working else None


def run_from(clock: Clock, policy: Policy, at: datetime, left: timedelta) -> None:
    """Set when the warning and the end come, with so much left at ``at``."""
    hours = hours_of(policy)
    clock.due_at = add(at, left, hours)
    clock.warn_at = add(at, max(NOTHING, left - timedelta(minutes=policy.warn_minutes)), hours)
    clock.next_at = clock.warn_at


def happens(
    uow: UnitOfWork, clock: Clock, policy: Policy, before: datetime, told: list[Escalation] | None = None
) -> bool:
    """Make the one thing happen that was due before that moment; False when nothing was. Who is to be told of a breach is
    added to ``told``; without it nobody is."""
    at = clock.next_at
    if at is None or at >= before:
        return False
    if clock.status == RUNNING:
        LIFE.move(clock, "warn", WATCH.role)
        clock.next_at = clock.due_at
        write(uow, clock, "warned", at)
        uow.emit(ClockWarned(clock.id, clock.work_order_id, clock.clock))
    elif clock.status == WARNED:
        LIFE.move(clock, "breach", WATCH.role)
        clock.breached_at, clock.escalated = at, 0
        clock.next_at = at if policy.escalate_to else None
        write(uow, clock, "breached", at)
        uow.emit(ClockBreached(clock.id, clock.work_order_id, clock.clock))
    elif clock.status == PAUSED:
        goes_on(uow, clock, policy, at, by=WATCH)
    elif clock.status == BREACHED and told is not None:
        told.append(escalates(uow, clock, policy))
    else:
        return False
    return True


def catch_up(uow: UnitOfWork, clock: Clock, policy: Policy, at: datetime) -> None:
    """Bring the clock to what it must have been at ``at``."""
    while happens(uow, clock, policy, at):
        pass


def rests(
    uow: UnitOfWork, clock: Clock, policy: Policy, reason: str, at: datetime, *, by: Actor, why: str = "",
    until: datetime | None = None,
) -> None:  # fmt: skip
    """Stop the clock; it goes on by itself at ``until``, or after the longest the reason allows. Late news of a moment before
    the clock last went on stop it from then only: time that passed is not given back."""
    at = max(at, last_went_on(uow, clock))
    LIFE.move(clock, "pause", by.role, why=why or reason)
    clock.remaining = between(at, clock.due_at, hours_of(policy))
    clock.paused_at, clock.pause_reason = at, reason
    latest = at + PAUSES[reason].longest
    clock.next_at = min(until, latest) if until else latest
    write(uow, clock, "paused", at, by=by, reason=reason, why=why)


def last_went_on(uow: UnitOfWork, clock: Clock) -> datetime:
    """Since when it has been running without a pause."""
    resumed = select(func.max(ClockEvent.at)).where(ClockEvent.clock_id == clock.id, ClockEvent.kind == "resumed")
    return uow.session.scalar(resumed) or clock.started_at


def rests_longer(uow: UnitOfWork, clock: Clock, policy: Policy, by_span: timedelta, at: datetime, *, by: Actor) -> None:
    """The pause ends later than was said, or with a negative span sooner, or at once."""
    until = min((clock.next_at or at) + by_span, at + PAUSES[clock.pause_reason].longest)
    if until <= at:
        return goes_on(uow, clock, policy, at, by=by)
    clock.next_at = until
    return write(uow, clock, "paused", at, by=by, reason=clock.pause_reason)


def goes_on(uow: UnitOfWork, clock: Clock, policy: Policy, at: datetime, *, by: Actor, why: str = "") -> None:
    LIFE.move(clock, "resume", by.role)
    run_from(clock, policy, at, clock.remaining or NOTHING)
    reason, clock.pause_reason = clock.pause_reason, ""
    clock.paused_at = clock.remaining = None
    write(uow, clock, "resumed", at, by=by, reason=reason, why=why)


def reopens(uow: UnitOfWork, clock: Clock, at: datetime) -> None:
    """Take a breach back: what came before it was only heard of later."""
    LIFE.move(clock, "reopen", WATCH.role)
    clock.breached_at, clock.escalated, clock.next_at = None, 0, clock.due_at
    write(uow, clock, "reopened", at)
    off_the_desk(uow, clock)


def is_over(uow: UnitOfWork, clock: Clock, move: str, kind: str, at: datetime, *, by: Actor, why: str = "") -> None:
    """Met, ended late or void: nothing happens to it any more."""
    LIFE.move(clock, move, by.role)
    clock.ended_at, clock.pause_reason = at, ""
    clock.next_at = clock.paused_at = clock.remaining = None
    write(uow, clock, kind, at, by=by, why=why)
    off_the_desk(uow, clock)


def off_the_desk(uow: UnitOfWork, clock: Clock) -> None:
    """The desk need not see to it any more."""
    if clock.task_id is None:
        return
    task = uow.get(DeskTask, clock.task_id, called="这条待办", lock=True)
    clock.task_id = None
    if task.status != TaskStatus.DONE:
        desk.move_task(uow, task.id, "finish", by=WATCH)


def escalates(uow: UnitOfWork, clock: Clock, policy: Policy) -> Escalation:
    """The next role is to be told; `put_on_desk` does it."""
    role = policy.escalate_to[clock.escalated]
    clock.escalated += 1
    more = clock.escalated < len(policy.escalate_to)
    clock.next_at = add(uow.now, timedelta(minutes=policy.escalate_minutes), hours_of(policy)) if more else None
    write(uow, clock, "escalated", uow.now, role=role)
    uow.emit(ClockEscalated(clock.id, clock.work_order_id, clock.clock, role))
    title = ROLES[StaffRole(role)] if role in set(StaffRole) else role
    return Escalation(clock, f"升级给{title} {uow.now.astimezone(SHANGHAI):%m-%d %H:%M}")


def put_on_desk(uow: UnitOfWork, escalations: Sequence[Escalation]) -> None:
    """The desk has a broken promise from the first role told on; each further role is added to the task's words. A constant
    number of queries, however many."""
    if not escalations:
        return
    known = [one.clock.task_id for one in escalations if one.clock.task_id]
    tasks = {task.id: task for task in uow.session.scalars(tasks_with(known))} if known else {}
    for one in escalations:
        if one.clock.task_id is not None:
            tasks[one.clock.task_id].words += f"\n{one.words}"
    first = [one for one in escalations if one.clock.task_id is None]
    columns = select(WorkOrder.id, WorkOrder.number, WorkOrder.brand_id)
    orders = uow.session.execute(columns.where(WorkOrder.id.in_({one.clock.work_order_id for one in first})))
    by_id = {row.id: row for row in orders}
    new = [task_of(uow, one, by_id[one.clock.work_order_id]) for one in first]
    desk.put_tasks(uow, new, by=WATCH)
    for one, task in zip(first, new, strict=True):
        one.clock.task_id = task.id


def tasks_with(ids: Sequence[str]) -> Select[DeskTask]:
    found = select(DeskTask).where(DeskTask.id.in_(ids)).order_by(DeskTask.id)
    return found.with_for_update().execution_options(populate_existing=True)


def task_of(uow: UnitOfWork, one: Escalation, order: Row[str, str, str]) -> DeskTask:
    """What the desk is given at the first escalation."""
    due = f"{one.clock.due_at.astimezone(SHANGHAI):%m-%d %H:%M}"
    title = CLOCKS[one.clock.clock].title
    return DeskTask(
        id=uow.new_id("dt"), brand_id=order.brand_id, kind="service_level", status=TASKS.start, asked_at=uow.now,
        words=f"工单 {order.number} {title}已跳闸：应于 {due} 前完成\n{one.words}", subject_id=order.id,
    )  # fmt: skip


def write(
    uow: UnitOfWork,
    clock: Clock,
    kind: str,
    at: datetime,
    *,
    by: Actor = WATCH,
    reason: str = "",
    role: str = "",
    why: str = "",
) -> None:
    """One line of the clock's history."""
    uow.session.add(ClockEvent(clock_id=clock.id, kind=kind, at=at, by=str(by), reason=reason, role=role, why=why))
