"""How long one turn may take: the platform waits five seconds, so a turn gets 1.8 of them (architecture.md).

The clock runs on the database's side too: ``statement_timeout`` follows what remains, and no statement begins after
the time is over.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import errors
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

TURN = 1.8
"""Seconds for one turn, from the first statement of it."""
TWIN = 2.5
"""Seconds a repeat waits for the first delivery to be answered."""
SLACK = 0.25
"""Seconds by which ``statement_timeout`` may lag behind before it is set anew: a quick turn never pays for that."""
DEADLINE = "weixiu deadline"
TOO_LONG = (errors.QueryCanceled, errors.LockNotAvailable, errors.DeadlockDetected)
"""A deadlock is a wait that would never end: the turn is held again later, the database is not away."""


class Overrun(Exception):
    """The turn's time is over."""


class Deadline:
    """When a turn must be over, and what the database was told of it last.

    The connections of whoever uses this start out with ``statement_timeout`` at `TWIN`; writing a push down sets it to
    `TURN`.
    """

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds
        self.told = seconds

    def left(self) -> float:
        return self.ends - time.monotonic()


def watch(engine: Engine) -> None:
    """Let deadlines hold for every statement of this engine."""

    @event.listens_for(engine, "before_cursor_execute")
    def follow(connection: Connection, cursor: Any, *rest: Any) -> None:
        deadline: Deadline | None = connection.info.get(DEADLINE)
        if deadline is None:
            return
        left = deadline.left()
        if left <= 0:
            raise Overrun
        if deadline.told - left > SLACK:
            deadline.told = left
            cursor.connection.execute(limits(left), prepare=False)


def limits(seconds: float) -> str:
    """The statement that tells the database how long one statement, and one wait for a lock, may take."""
    ms = max(1, int(seconds * 1000))
    return f"SET LOCAL statement_timeout = {ms}; SET LOCAL lock_timeout = {ms}"


@contextmanager
def within(session: Session, seconds: float) -> Iterator[Deadline]:
    """Hold everything in the block to so many seconds.

    :raises Overrun: they are over, wherever it was noticed
    """
    with resumed(session, Deadline(seconds)) as deadline:
        yield deadline


@contextmanager
def resumed(session: Session, deadline: Deadline) -> Iterator[Deadline]:
    """Hold the block to a deadline that is running already.

    :raises Overrun: it is over, wherever it was noticed
    """
    info = session.connection().info  # kept: a connection that was lost meanwhile does not even give this
    info[DEADLINE] = deadline
    try:
        yield deadline
    except DBAPIError as error:
        if isinstance(error.orig, TOO_LONG):
            raise Overrun from error
        raise
    finally:
        info.pop(DEADLINE, None)


def is_away(error: BaseException) -> bool:
    """Whether an error means that the database cannot be reached, rather than that something is wrong with us."""
    if isinstance(error, DBAPIError):
        gone = isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
        return gone and not isinstance(error.orig, TOO_LONG)
    return isinstance(error, PoolTimeout)
