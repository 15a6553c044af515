"""Reactions that failed for good: listed for the console, and put back when a person says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.kit.outbox import OutboxRow, OutboxState, ReactionRun, RunState
from domain.kit.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class DeadLetter:
    """One (event, reaction) that is not tried any more; ``body`` is the event's ids and plain values."""

    event_id: int
    event_at: datetime
    reaction: str
    event: str
    body: dict[str, Any]
    attempts: int
    error: str
    died_at: datetime


def dead_letters(uow: UnitOfWork, limit: int = 200) -> Sequence[DeadLetter]:
    """The newest first."""
    rows = uow.session.execute(
        select(ReactionRun, OutboxRow)
        .join(OutboxRow, (OutboxRow.id == ReactionRun.event_id) & (OutboxRow.at == ReactionRun.event_at))
        .where(ReactionRun.state == RunState.DEAD)
        .order_by(ReactionRun.at.desc())
        .limit(limit)
    )
    return [
        DeadLetter(run.event_id, run.event_at, run.reaction, row.kind, row.body, run.attempts, run.error or "", run.at)
        for run, row in rows
    ]


def retry(uow: UnitOfWork, event_id: int, event_at: datetime, reaction: str) -> None:
    """Try a dead reaction again, soon, as if it had never failed. One that is not dead any more is left alone.

    :raises NotFound: there is no such record
    """
    run = uow.get(ReactionRun, (event_id, reaction, event_at), called="这条失败记录", lock=True)
    if run.state != RunState.DEAD:
        return
    run.state, run.attempts, run.next_try_at = RunState.FAILED, 0, uow.now
    row = uow.get(OutboxRow, (event_id, event_at), called="这个事件", lock=True)
    row.state = OutboxState.RELAYED
