"""Tables that are partitioned by month: making the months ahead, dropping the months that are over.

A table becomes one by saying ``partitioned_by(column)``. Each has a default partition as well, so that a row with an
odd date is kept rather than refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, text
from sqlalchemy import Table as SqlTable

from domain.kit.tables import Table

KEPT_MONTHS = {"received": 7, "outgoing_messages": 7, "outbox": 2, "reaction_runs": 2, "audit_trail": 36}
"""How many past months stay: chat bodies 180 days, done outbox 30 days (both rounded up to months)."""


def partitioned() -> Iterator[SqlTable]:
    """Every table that says it is partitioned."""
    return (table for table in Table.metadata.sorted_tables if "partitioned_by" in table.info)


def month_after(day: date, months: int = 1) -> date:
    """The first day of the month ``months`` after the one ``day`` is in; may be negative."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def make_months(connection: Connection, today: date, ahead: int = 3) -> None:
    """Make the default partition and those of last month to ``ahead`` months on. Harmless to repeat."""
    for table in partitioned():
        connection.execute(text(f"CREATE TABLE IF NOT EXISTS {table.name}_default PARTITION OF {table.name} DEFAULT"))
        for offset in range(-1, ahead + 1):
            make_month(connection, table, month_after(today, offset))


def make_month(connection: Connection, table: SqlTable, since: date) -> None:
    """One partition. Rows of that month that came before it are in the default partition, and move.

    Nobody else has the table in hand meanwhile: who waited for a row that moves would find it gone.
    """
    name, column, until = f"{table.name}_{since:%Y_%m}", table.info["partitioned_by"], month_after(since)
    made = text("SELECT to_regclass(:name)").bindparams(name=name)
    if connection.scalar(made):
        return
    early = f"FROM {table.name}_default WHERE {column} >= '{since}' AND {column} < '{until}'"
    connection.execute(text(f"LOCK TABLE {table.name} IN ACCESS EXCLUSIVE MODE"))
    if connection.scalar(made):  # by another process, while this one waited
        return
    connection.execute(text(f"CREATE TABLE {name} (LIKE {table.name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"))
    connection.execute(text(f"WITH early AS (DELETE {early} RETURNING *) INSERT INTO {name} SELECT * FROM early"))
    bounds = f"FOR VALUES FROM ('{since}') TO ('{until}')"
    connection.execute(text(f"ALTER TABLE {table.name} ATTACH PARTITION {name} {bounds}"))


def drop_months(connection: Connection, today: date) -> list[str]:
    """Drop the partitions that are past keeping, and return their names. Rows with odd dates go by their age."""
    dropped = []
    for table in partitioned():
        oldest = f"{table.name}_{month_after(today, -KEPT_MONTHS[table.name]):%Y_%m}"
        children = connection.scalars(
            text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = CAST(:parent AS regclass)"),
            {"parent": table.name},
        )
        for child in children.all():
            if child != f"{table.name}_default" and child < oldest:
                connection.execute(text(f"DROP TABLE {child}"))
                dropped.append(child)
        age, keep = table.info["aged_by"], month_after(today, -KEPT_MONTHS[table.name])
        connection.execute(text(f"DELETE FROM {table.name}_default WHERE {age} < :keep"), {"keep": keep})
    return dropped
