"""Running one reaction to one event exactly once in effect, and writing down what came of it.

The record's primary key decides between two runs at once: the second waits for the first, and finds it done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Text, text
from sqlalchemy.dialects.postgresql import JSONB, insert

from domain.kit.events import Event
from domain.kit.outbox import ReactionRun, RunState
from domain.kit.retry import MAX_ATTEMPTS, wait_after
from domain.kit.unit_of_work import UnitOfWork
from jobs.channels import RetryLater
from jobs.context import Jobs
from jobs.failures import place_of
from jobs.reaction import Outside

KEY = ("event_id", "reaction", "event_at")
ENDED = (RunState.DONE, RunState.DEAD)

EVENT = text("SELECT kind, body FROM outbox WHERE id = :id AND at = :at").columns(kind=Text, body=JSONB)
CLAIM = text("""
    INSERT INTO reaction_runs (event_id, event_at, reaction, state, attempts, at)
    VALUES (:event, :event_at, :reaction, 'done', 1, :now)
    ON CONFLICT (event_id, reaction, event_at) DO UPDATE
    SET state = 'done', attempts = reaction_runs.attempts + 1, error = NULL, next_try_at = NULL, at = :now
    WHERE reaction_runs.state = 'failed'
    RETURNING event_id""")
LOCK_EVENT = text("SELECT 1 FROM outbox WHERE id = :id AND at = :at FOR UPDATE")
FINISH = text("""
    UPDATE outbox SET state = 'done' WHERE id = :id AND at = :at AND (
        SELECT count(*) FROM reaction_runs WHERE event_id = :id AND event_at = :at AND state IN ('done', 'dead')
    ) >= :wanted""")
"""These run with every reaction there is, so they are plain: some tenths of a millisecond each."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Pair:
    """One reaction to one event."""

    event_id: int
    event_at: datetime
    reaction: str

    @property
    def key(self) -> tuple[int, str, datetime]:
        return self.event_id, self.reaction, self.event_at


def react(jobs: Jobs, event_id: int, event_at: datetime, name: str) -> bool:
    """Run the reaction unless it ran or is dead. Returns whether it ran and succeeded now.

    Its exceptions end here, in the record. What rises is trouble with the database itself.
    """
    pair = Pair(event_id, event_at, name)
    try:
        return attempt(jobs, pair)
    except Exception as error:
        log.warning("reaction failed", event_id=event_id, reaction=name, error=place_of(error))
        with jobs.runtime.transaction() as uow:
            record_failure(
                uow, pair, place_of(error), jobs, wait=error.after if isinstance(error, RetryLater) else None
            )
        return False


def attempt(jobs: Jobs, pair: Pair) -> bool:
    with jobs.runtime.transaction() as uow:
        row = uow.session.execute(EVENT, {"id": pair.event_id, "at": pair.event_at}).first()
        reaction = jobs.table.get(row.kind, {}).get(pair.reaction) if row else None
        if row is None or reaction is None:
            return False
        event, wanted = Event.from_json(row.kind, row.body), len(jobs.table[row.kind])
        if not isinstance(reaction, Outside):
            if not claim(uow, pair):
                return False
            reaction(uow, event)
            finish_event(uow, pair, wanted)
            return True
        if has_ended(uow, pair):
            return False
    reaction.run(jobs, event)
    with jobs.runtime.transaction() as uow:
        claim(uow, pair)
        finish_event(uow, pair, wanted)
    return True


def has_ended(uow: UnitOfWork, pair: Pair) -> bool:
    run = uow.session.get(ReactionRun, pair.key)
    return run is not None and run.state in ENDED


def claim(uow: UnitOfWork, pair: Pair) -> bool:
    """Write the ``done`` record before the work it stands for; False when there is one, or the pair is dead."""
    values = {"event": pair.event_id, "event_at": pair.event_at, "reaction": pair.reaction, "now": uow.now}
    return uow.session.execute(CLAIM, values).first() is not None


def finish_event(uow: UnitOfWork, pair: Pair, wanted: int) -> None:
    """Mark the event done when this was its last reaction. Its row is locked first, so of two, one sees both."""
    key = {"id": pair.event_id, "at": pair.event_at, "wanted": wanted}
    uow.session.flush()
    if wanted > 1:
        uow.session.execute(LOCK_EVENT, key)
    uow.session.execute(FINISH, key)


def record_failure(uow: UnitOfWork, pair: Pair, error: str, jobs: Jobs, *, wait: timedelta | None = None) -> None:
    """One more failure: tried again after ``wait``, or by the usual rhythm, or dead after the last attempt."""
    record = insert(ReactionRun).values(
        event_id=pair.event_id, event_at=pair.event_at, reaction=pair.reaction, state=RunState.FAILED, attempts=1,
        error=error, at=uow.now, next_try_at=uow.now + (wait or wait_after(1, jobs.chance)),
    )  # fmt: skip
    record = record.on_conflict_do_nothing(index_elements=KEY)
    if uow.session.execute(record.returning(ReactionRun.event_id)).first():
        return
    run = uow.session.get(ReactionRun, pair.key, with_for_update=True, populate_existing=True)
    if run is None or run.state != RunState.FAILED:
        return
    run.attempts, run.error, run.at = run.attempts + 1, error, uow.now
    if run.attempts < MAX_ATTEMPTS:
        run.next_try_at = uow.now + max(wait or wait_after(run.attempts, jobs.chance), timedelta(seconds=1))
    else:
        run.state, run.next_try_at = RunState.DEAD, None
        log.error("reaction dead", event_id=pair.event_id, reaction=pair.reaction, error=error)
