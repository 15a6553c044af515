"""The steps in migrations/ lead to the tables as they are declared, whoever starts them and how often."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, Engine, MetaData, NullPool, create_engine, make_url, select, text
from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects.postgresql import JSONB

from adapters import embedded, migrations, tables
from domain.kit.tables import Table


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    with embedded.postgres(tmp_path_factory.mktemp("migrations"), fsync=False) as address:
        yield address


def test_two_starters_at_once_migrate_once_and_miss_nothing(url):
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        assert migrations.pending(connection)

    script = f"from adapters import migrations; migrations.upgrade_database({url!r})"
    starters = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE) for _ in range(2)]
    assert [starter.communicate(timeout=60)[1] for starter in starters] == [b"", b""]

    with engine.connect() as connection:
        assert not migrations.pending(connection)
        context = MigrationContext.configure(
            connection,
            opts={"include_name": migrations.wanted, "compare_type": True, "target_metadata": Table.metadata},
        )
        tables.import_all()
        assert compare_metadata(context, Table.metadata) == []


DROPPED = {"brands.price_words"}
"""What people wrote and a later step throws away, on purpose: prices have their own tables now."""
EMPTY = {"warranty_terms.model_id"}
"""A term is for a model or for a category."""
LATER = {"starts_at": 1, "until": 2, "window_until": 2, "ends": 2, "ends_at": 2}
"""What ends comes after what starts: hours of a moment, units of a number."""
PARENTS = text("SELECT relname FROM pg_class WHERE relkind = 'p'")
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("landed", ["0001", "0002"])
def test_a_database_in_use_is_brought_up_with_all_it_holds(url: str, landed: str) -> None:
    engine = database(url, f"landed_{landed}")
    with engine.begin() as connection:
        migrations.step_to(connection, landed)
        for parent in connection.scalars(PARENTS).all():
            connection.execute(text(f"CREATE TABLE {parent}_default PARTITION OF {parent} DEFAULT"))
        kept = fill(connection)

    migrations.upgrade_database(engine.url.render_as_string(hide_password=False), today=date(2026, 1, 1))

    with engine.connect() as connection:
        now = held(connection)
        lost = {
            f"{table}.{column}"
            for table, rows in kept.items()
            for before, after in zip(rows, now.get(table, [{}] * len(rows)), strict=True)
            for column, value in before.items()
            if column not in after or after[column] != value
        }
        assert lost == DROPPED


def database(url: str, name: str) -> Engine:
    with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return create_engine(make_url(url).set(database=name), poolclass=NullPool)


def fill(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Two rows in every table there is, with something in every column; what they hold."""
    for table in reflected(connection):
        for nth in (1, 2):
            connection.execute(table.insert().values(row_of(table, nth)))
    filled = held(connection)
    assert len(filled) > 30, "every table is looked at"
    assert all(len(rows) == 2 for rows in filled.values())
    return filled


def held(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
        for table in reflected(connection)
    }


def reflected(connection: Connection) -> list[SqlTable]:
    found = MetaData()
    found.reflect(connection, only=lambda name, _: not migrations.PARTITION.search(name) and name != "alembic_version")
    return found.sorted_tables


def row_of(table: SqlTable, nth: int) -> dict[str, Any]:
    """A row that refers to the ``nth`` row of whatever it refers to."""
    return {column.name: value(column, nth) for column in table.columns if is_filled(column)}


def is_filled(column: Column[Any]) -> bool:
    refers_to_itself = any(key.column.table is column.table for key in column.foreign_keys)
    return not (column.computed or refers_to_itself or f"{column.table.name}.{column.name}" in EMPTY)


def value(column: Column[Any], nth: int) -> Any:
    for key in column.foreign_keys:
        return value(key.column, nth)
    if isinstance(column.type, JSONB):
        return {"nth": nth}
    moment = SINCE + timedelta(days=nth, hours=LATER.get(column.name, 0))
    values: dict[type, Any] = {
        str: f"{nth}", int: nth + LATER.get(column.name, 0), bool: nth == 1, float: float(nth), bytes: bytes([nth]),
        datetime: moment, date: moment.date(), timedelta: timedelta(hours=nth),
    }  # fmt: skip
    return values[column.type.python_type]
