"""Fixtures every test may use. Servers are real, embedded, and started once.

Hypothesis draws the same examples in every run, however slow the machine; ``pytest --hypothesis-profile=search`` looks for new ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from redis import Redis
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from adapters import embedded
from bot.engine import catalogues
from domain.kit.unit_of_work import Runtime
from tests.runtime import KEYRING, Clock, Ids, cloned, engine_on, make_template, runtime_on

NUMBERS = itertools.count(1)

settings.register_profile("search", deadline=None, print_blob=True)
settings.register_profile("same", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("same")


@dataclass(frozen=True)
class Servers:
    """Addresses: ``database`` of the server's own database, ``template`` of the migrated one, ``valkey``."""

    database: str
    template: str
    valkey: str


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    folder: Path = tmp_path_factory.mktemp("servers")
    with ExitStack() as running:
        database = running.enter_context(embedded.postgres(folder, fsync=False))
        valkey = running.enter_context(embedded.valkey(folder, fsync=False))
        yield Servers(database, make_template(database), valkey)


@pytest.fixture(autouse=True)
def no_catalogues() -> None:
    """The bot keeps a brand's models in memory; ids count anew in every test, so none may be taken for another's."""
    catalogues.kept.clear()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def shared_engine(servers: Servers) -> Iterator[Engine]:
    """The one database that rolled-back tests share."""
    with cloned(servers.database, "weixiu_shared") as url:
        engine = engine_on(url, size=4)
        yield engine
        engine.dispose()


@pytest.fixture
def runtime(shared_engine: Engine, clock: Clock) -> Iterator[Runtime]:
    """A runtime on one connection: what transactions commit is seen by the test and rolled back after it."""
    with shared_engine.connect() as connection:
        outer = connection.begin()
        connection.info.clear()
        sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        yield Runtime(sessions, clock, Ids(), KEYRING)
        outer.rollback()


@pytest.fixture
def fresh_database(servers: Servers) -> Iterator[str]:
    """The address of a database of its own, migrated and empty."""
    with cloned(servers.database, f"weixiu_test_{next(NUMBERS)}") as url:
        yield url


@pytest.fixture
def fresh_runtime(fresh_database: str, clock: Clock) -> Iterator[Runtime]:
    """A runtime on a database of its own: real commits, many connections."""
    engine = engine_on(fresh_database)
    yield runtime_on(engine, clock)
    engine.dispose()


@pytest.fixture
def valkey(servers: Servers) -> Iterator[Redis]:
    client = Redis.from_url(servers.valkey)
    client.flushall()
    yield client
    client.close()


@pytest.fixture(scope="session", autouse=True)
def patient_browsers() -> None:
    """What a page is expected to show comes by itself, on slow machines slowly; no test is timed."""
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
