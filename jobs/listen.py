"""The relay's loop: woken by PostgreSQL's NOTIFY within milliseconds, and by the clock when that fails."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event

import psycopg
import structlog
from sqlalchemy import Engine

from jobs.context import Jobs
from jobs.failures import place_of
from jobs.outbox import BATCH, relay

CHANNEL = "outbox"
POLL = 1.0
"""Seconds after which it looks by itself: nothing is lost when a notification is."""

log = structlog.get_logger()


def keep_relaying(jobs: Jobs, stop: Event, move_on: Callable[[Jobs], int] = relay, poll: float = POLL) -> None:
    """Relay until ``stop``, through outages of PostgreSQL and of Valkey."""
    troubled = False
    while not stop.is_set():
        try:
            with listening(jobs) as connection:
                while not stop.is_set():
                    while move_on(jobs) == BATCH:
                        pass
                    if troubled:
                        log.info("relay runs again")
                        troubled = False
                    wait_for_news(connection, poll)
        except Exception as error:
            if not troubled:
                log.error("relay fails", error=place_of(error))
            troubled = True
            stop.wait(poll)


def listening(jobs: Jobs) -> psycopg.Connection[tuple[object, ...]]:
    """A connection of its own, outside the pool, that hears of every committed insert into the outbox."""
    engine = jobs.runtime.sessions.kw["bind"]
    assert isinstance(engine, Engine)
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(url, autocommit=True, connect_timeout=2)
    connection.execute(f"LISTEN {CHANNEL}")
    return connection


def wait_for_news(connection: psycopg.Connection[tuple[object, ...]], poll: float) -> None:
    """Return at the next notification, or after ``poll`` seconds; those that queued up meanwhile count as one."""
    for _ in connection.notifies(timeout=poll, stop_after=1):
        pass
    with suppress(StopIteration):
        while True:
            next(connection.notifies(timeout=0))
