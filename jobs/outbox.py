"""Handing committed events to the queue: at least once, whatever dies in between.

`relay` moves waiting events on; `sweep` finds what was lost on the way. Both only say what is to be done:
whether it still is, `jobs.react` finds out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, Text, func, select, text, tuple_

from domain.appointments import events as appointments
from domain.capacity import events as capacity
from domain.dispatch import events as dispatch
from domain.kit import live
from domain.kit.outbox import OutboxRow, OutboxState, ReactionRun, RunState
from domain.kit.tables import Instant
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.events import VisitMoved, WorkOrderMoved, WorkOrderUrged
from jobs import reaction as reacting
from jobs.context import QUICK, REPLIES, SLOW, URGENT, Jobs
from jobs.queueing import Call, enqueue
from jobs.react import ENDED
from jobs.reaction import Reaction, is_reply, is_slow, name_of

BATCH = 200
"""Events relayed in one transaction: some ten milliseconds of work."""

LOST_AFTER = timedelta(seconds=15)
"""A queued reaction without a record for this long is queued again. Too early costs a job, never a second effect."""

MOVE_ON = text("""
    UPDATE outbox SET state = CASE WHEN kind = ANY(:ends) THEN 'done' ELSE 'relayed' END, relayed_at = :now
    WHERE (id, at) IN (
        SELECT id, at FROM outbox WHERE state = 'waiting' ORDER BY at, id LIMIT :batch FOR UPDATE SKIP LOCKED
    ) RETURNING id, at, kind""").columns(id=BigInteger, at=Instant, kind=Text)

SHOWN_ON_BOARD = frozenset(
    kind.__name__
    for kind in (
        appointments.AppointmentBooked, appointments.AppointmentEnded, appointments.ChangeAsked,
        appointments.ChangeAnswered, capacity.LeaveTaken, capacity.RoomMade, dispatch.NobodyFits, dispatch.OfferEnded,
        dispatch.PlanMade, dispatch.VisitOffered, dispatch.VisitReassigned, VisitMoved, WorkOrderMoved, WorkOrderUrged,
    )
)  # fmt: skip
"""Open dispatch boards are told of these here, once a batch: a NOTIFY in every commit would make commits wait."""


def relay(jobs: Jobs, batch: int = BATCH) -> int:
    """Queue one job per (event, reaction) of waiting events; returns how many events were moved on.

    When the queue is away this raises, and the events go on waiting.
    """
    nothing_follows = [kind for kind, reactions in jobs.table.items() if not reactions]
    with jobs.runtime.transaction() as uow:
        moved = uow.session.execute(MOVE_ON, {"batch": batch, "now": uow.now, "ends": nothing_follows}).all()
        rows = sorted(moved, key=lambda row: (row.at, row.id))
        enqueue(jobs, calls(rows, jobs.table), again=False)
        if any(row.kind in SHOWN_ON_BOARD for row in rows):
            live.board_changed(uow)
    return len(rows)


def calls(rows: Iterable[Any], table: dict[str, dict[str, Reaction]]) -> Iterator[Call]:
    """An event of a kind that this version does not know has none; `sweep` asks again, perhaps a newer one."""
    for row in rows:
        for name, reaction in table.get(row.kind, {}).items():
            yield Call("react", (row.id, row.at.isoformat(), name), queue_of(reaction))


def queue_of(reaction: Reaction) -> str:
    if is_slow(reaction):
        return SLOW
    if is_reply(reaction):
        return REPLIES
    return URGENT if name_of(reaction) in reacting.URGENT else QUICK


def sweep(jobs: Jobs, batch: int = BATCH) -> int:
    """Queue again what was lost, and what failed and may be tried again; returns how many jobs were added."""
    with jobs.runtime.transaction() as uow:
        again = [*lost(uow, jobs.table, batch), *failed_and_due(uow, jobs.table, batch)]
        return enqueue(jobs, again)


def lost(uow: UnitOfWork, table: dict[str, dict[str, Reaction]], batch: int) -> Iterator[Call]:
    """Pairs without a record long after they were relayed. Looked at again only after the same time."""
    open_long = (
        select(OutboxRow)
        .where(OutboxRow.state == OutboxState.RELAYED, OutboxRow.relayed_at < uow.now - LOST_AFTER)
        .order_by(OutboxRow.relayed_at)
        .limit(batch)
        .with_for_update(skip_locked=True)
    )
    rows = uow.session.scalars(open_long).all()
    keys = [(row.id, row.at) for row in rows]
    records = select(ReactionRun).where(tuple_(ReactionRun.event_id, ReactionRun.event_at).in_(keys))
    runs = {(run.event_id, run.reaction): run.state for run in uow.session.scalars(records)}
    for row in rows:
        row.relayed_at = uow.now
        states = [runs.get((row.id, name)) for name in table.get(row.kind, {})]
        if row.kind in table and all(state in ENDED for state in states):
            row.state = OutboxState.DONE
        yield from (call for call in calls([row], table) if (row.id, call.arguments[2]) not in runs)


def failed_and_due(uow: UnitOfWork, table: dict[str, dict[str, Reaction]], batch: int) -> Iterator[Call]:
    queues = {name: queue_of(reaction) for reactions in table.values() for name, reaction in reactions.items()}
    due = (
        select(ReactionRun)
        .where(ReactionRun.state == RunState.FAILED, ReactionRun.next_try_at <= uow.now)
        .order_by(ReactionRun.next_try_at)
        .limit(batch)
        .with_for_update(skip_locked=True)
    )
    for run in uow.session.scalars(due).all():
        run.next_try_at = uow.now + LOST_AFTER  # until then it is in the queue, or lost again
        queue = queues.get(run.reaction, QUICK)
        yield Call("react", (run.event_id, run.event_at.isoformat(), run.reaction), queue)


def outbox_lag(uow: UnitOfWork) -> float:
    """How many seconds the oldest event has waited for the relay; 0 when none waits."""
    oldest = uow.session.scalar(select(func.min(OutboxRow.at)).where(OutboxRow.state == OutboxState.WAITING))
    return max(0.0, (uow.now - oldest).total_seconds()) if oldest else 0.0
