"""A runtime for tests: real PostgreSQL and Valkey, one of each per run, a clock that stands still, ids that count.

`runtime` (in conftest) rolls everything back; `fresh_runtime` is a database of its own, cloned from a migrated
template, for tests in which several commit at once.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import sessionmaker

from adapters import database, migrations
from domain.kit.personal import Keyring
from domain.kit.unit_of_work import Runtime

KEYRING = Keyring({"k1": b"\x01" * 32}, b"index" * 8)
TEMPLATE = "weixiu_template"
NOW = datetime(2026, 5, 12, 3, 30, tzinfo=UTC)
"""A Tuesday, 11:30 in Shanghai."""


@dataclass
class Clock:
    """Stands still until it is moved."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class Ids:
    """``wo_1``, ``cu_2`` …: one counter, safe between threads."""

    counter: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, prefix: str) -> str:
        with self.lock:
            return f"{prefix}_{next(self.counter)}"


def run_sql(url: str, statement: str) -> None:
    """One statement outside any transaction."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement.encode())


def named(url: str, database_name: str) -> str:
    """The address of another database of the same server."""
    return make_url(url).set(database=database_name).render_as_string(hide_password=False)


def make_template(url: str) -> str:
    """A migrated, empty database that others are cloned from; returns its address."""
    run_sql(url, f"CREATE DATABASE {TEMPLATE}")
    migrations.upgrade_database(named(url, TEMPLATE), today=NOW.date())
    return named(url, TEMPLATE)


@contextmanager
def cloned(url: str, name: str) -> Iterator[str]:
    """A database of one's own for the length of the block."""
    run_sql(url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    try:
        yield named(url, name)
    finally:
        run_sql(url, f"DROP DATABASE {name} WITH (FORCE)")


def runtime_on(engine: Engine, clock: Clock, **options: Any) -> Runtime:
    """A runtime on an engine whose dialect carries the tests' keyring."""
    return Runtime(sessionmaker(engine, expire_on_commit=False, **options), clock, Ids(), KEYRING)


def engine_on(url: str, size: int = 24) -> Engine:
    return database.engine(url, KEYRING, size=size, wait=10)


def at_once(number: int, work: Callable[[int], Any]) -> list[Any]:
    """Run ``work(0) … work(number - 1)`` in threads that start together; their results, exceptions included."""
    together, results = threading.Barrier(number), [None] * number

    def run(index: int) -> None:
        together.wait()
        try:
            results[index] = work(index)
        except Exception as error:
            results[index] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
