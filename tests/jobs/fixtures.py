"""A real database and a real Valkey for tests that commit: the database cloned from a template for each test."""

from __future__ import annotations

import base64
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from redis import Redis
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import sessionmaker

from adapters import database, embedded
from domain.kit.partitions import make_months
from domain.kit.personal import Keyring
from domain.kit.tables import Table
from domain.kit.unit_of_work import Runtime

WAKE = """
CREATE FUNCTION wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NOTIFY outbox; RETURN NULL; END $$;
CREATE TRIGGER wake_relay AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION wake_relay();
"""


@dataclass
class Clock:
    """Stands still until it is moved."""

    at: datetime = datetime(2026, 5, 12, 3, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class Ids:
    counter: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, prefix: str) -> str:
        with self.lock:
            return f"{prefix}_{next(self.counter)}"


KEYRING = Keyring({"k1": base64.b64decode("A" * 43 + "=")}, b"index" * 8)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    folder = tmp_path_factory.mktemp("servers")
    with ExitStack() as running:
        url = running.enter_context(embedded.postgres(folder, fsync=False))
        valkey = running.enter_context(embedded.valkey(folder, fsync=False))
        make_template(url)
        yield url, valkey


def make_template(url: str) -> None:
    import jobs.reactions  # noqa: F401  # brings all tables in

    run_sql(url, "CREATE DATABASE jobs_template")
    engine = create_engine(make_url(url).set(database="jobs_template"))
    with engine.begin() as connection:
        Table.metadata.create_all(connection)
        make_months(connection, Clock().at.date())
        connection.execute(text(WAKE))
    engine.dispose()


def run_sql(url: str, statement: str) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fresh_runtime(servers: tuple[str, str], clock: Clock) -> Iterator[Runtime]:
    url, _ = servers
    run_sql(url, "CREATE DATABASE jobs_test TEMPLATE jobs_template")
    made = database.engine(
        make_url(url).set(database="jobs_test").render_as_string(hide_password=False), KEYRING, size=20, wait=10
    )
    yield Runtime(sessionmaker(made, expire_on_commit=False), clock, Ids(), KEYRING)
    made.dispose()
    run_sql(url, "DROP DATABASE jobs_test WITH (FORCE)")


@pytest.fixture
def valkey(servers: tuple[str, str]) -> Iterator[Redis]:
    client = Redis.from_url(servers[1])
    client.flushall()
    yield client
    client.close()


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
        thread.join(timeout=30)
    return results
