"""``weixiu rekey``: seals every personal value with the current data key, so that older keys may be thrown away.

Which columns there are it learns from the tables themselves: a new sealed column needs nothing here. It may be stopped
and started again at any time; what is done stays done, and nobody's turn waits for it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy import ColumnElement, LargeBinary, Table, bindparam, func, or_, select, tuple_, type_coerce, update
from sqlalchemy.sql.schema import Column

from adapters import runtime, tables
from adapters.settings import Settings
from domain.kit.personal import Keyring, WrongKey
from domain.kit.tables import Sealed, SealedJson
from domain.kit.tables import Table as Declared
from domain.kit.unit_of_work import Runtime, UnitOfWork

AT_ONCE = 500
"""Rows of one transaction: their locks are held for some tens of milliseconds."""
PASSES, PAUSE = 20, 0.2
"""Rows that somebody holds are left for the next pass, this many seconds later."""


@dataclass
class Outcome:
    """What came of one table: rows sealed anew, rows that are left, and those of them no given key opens."""

    table: str
    sealed: int = 0
    left: int = 0
    unopened: int = 0


def sealed_columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, Sealed | SealedJson)]


def sealed_tables() -> list[Table]:
    """Every table of the program with something sealed in it."""
    tables.import_all()
    return [table for table in Declared.metadata.sorted_tables if sealed_columns(table)]


def raw(column: Column[Any]) -> ColumnElement[bytes]:
    """The value as it is stored."""
    return type_coerce(column, LargeBinary)


def is_old(table: Table, ring: Keyring) -> ColumnElement[bool]:
    """Whether a row has a value under another key than the current one: sealed values begin with the key's id."""
    mark = bytes([len(ring.current)]) + ring.current.encode()
    return or_(*(func.substr(raw(column), 1, len(mark)) != mark for column in sealed_columns(table)))


def count_old(uow: UnitOfWork, table: Table) -> int:
    """Rows still to be done."""
    return uow.session.scalar(select(func.count()).select_from(table).where(is_old(table, uow.keyring))) or 0


def rekey(on: Runtime, table: Table, moved: Callable[[int], None] = lambda rows: None) -> Outcome:
    """Seal all of one table with the current key. ``moved`` is told of every batch."""
    outcome = Outcome(table.name)
    for _ in range(PASSES):
        outcome.unopened = 0
        for done, unopened in batches(on, table):
            outcome.sealed, outcome.unopened = outcome.sealed + done, outcome.unopened + unopened
            moved(done)
        with on.transaction() as uow:
            outcome.left = count_old(uow, table)
        if outcome.left <= outcome.unopened:
            break
        time.sleep(PAUSE)
    return outcome


def batches(on: Runtime, table: Table) -> Iterator[tuple[int, int]]:
    """One pass over the table by primary key, a transaction a batch: (rows sealed, rows that do not open)."""
    last: Sequence[Any] | None = None
    while True:
        with on.transaction() as uow:
            last, done, unopened = batch(uow, table, last)
        if last is None:
            return
        yield done, unopened


def batch(uow: UnitOfWork, table: Table, after: Sequence[Any] | None) -> tuple[Sequence[Any] | None, int, int]:
    """The next rows after a primary key: (the last one's key or None, rows sealed, rows that do not open).

    Rows in use are passed over: whoever has them may be answering a customer.
    """
    keys, sealed = list(table.primary_key.columns), sealed_columns(table)
    wanted = select(*keys, *(raw(column).label(f"raw_{column.name}") for column in sealed))
    wanted = wanted.where(is_old(table, uow.keyring)).order_by(*keys).limit(AT_ONCE)
    if after is not None:
        wanted = wanted.where(tuple_(*keys) > tuple_(*map(literal, keys, after)))
    rows = uow.session.execute(wanted.with_for_update(skip_locked=True)).all()
    fresh, unopened = [], 0
    for row in rows:
        try:
            values = {
                f"new_{column.name}": resealed(uow.keyring, column, row[len(keys) + i])
                for i, column in enumerate(sealed)
            }
        except WrongKey:
            unopened += 1
        else:
            fresh.append({**{f"at_{key.name}": row[i] for i, key in enumerate(keys)}, **values})
    if fresh:
        put = update(table).where(*(key == bindparam(f"at_{key.name}", type_=key.type) for key in keys))
        new = {column.name: bindparam(f"new_{column.name}", type_=LargeBinary()) for column in sealed}
        uow.session.connection().execute(put.values(new), fresh)
    return (rows[-1][: len(keys)] if rows else None), len(fresh), unopened


def literal(key: Column[Any], value: Any) -> ColumnElement[Any]:
    return bindparam(None, value, type_=key.type, unique=True)


def resealed(ring: Keyring, column: Column[Any], sealed: bytes | None) -> bytes | None:
    """:raises WrongKey: it opens with no key of the ring"""
    if sealed is None:
        return None
    assert isinstance(column.type, Sealed | SealedJson)
    return ring.seal(ring.open(sealed, column.type.place), column.type.place)


def run(settings: Settings, *, as_json: bool) -> int:
    """Do all tables and say what was done; 1 when something is left under another key."""
    on = runtime.build(settings, connections=1, statement_ms=600_000)
    outcomes = []
    for table in sealed_tables():
        with on.transaction() as uow:
            total = count_old(uow, table)
        outcomes.append(shown(on, table, total) if total and not as_json else rekey(on, table))
    for outcome in outcomes:
        if as_json:
            click.echo(json.dumps(vars(outcome)))
        elif outcome.sealed or outcome.left:
            click.echo(words_of(outcome, on.keyring.current))
    done = not any(outcome.left for outcome in outcomes)
    if done and not as_json:
        click.echo(f"everything is sealed with {on.keyring.current}")
    return 0 if done else 1


def words_of(outcome: Outcome, key: str) -> str:
    words = f"{outcome.table}: {outcome.sealed} rows sealed with {key}"
    if outcome.unopened:
        words += f", {outcome.unopened} open with none of the keys"
    if outcome.left > outcome.unopened:
        words += f", {outcome.left - outcome.unopened} are in use: run it again"
    return words


def shown(on: Runtime, table: Table, total: int) -> Outcome:
    """The same with a progress bar, on a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bars:
        bar = bars.add_task(table.name, total=total)
        return rekey(on, table, lambda rows: bars.advance(bar, rows))
