"""Row scope: what one person may see of every table, put into the queries themselves.

A door calls `see_only` at the start of a transaction. From then on every ORM statement of that session (whole rows, columns,
``session.get``, subqueries, updates and deletes by condition) on a table of the door's table of rows is narrowed; a query that
forgets about scope is narrowed all the same. What the ORM cannot narrow (SQL as text, Core tables, updates by primary key in
bulk) is refused as soon as it names such a table: it fails loudly in a test instead of telling too much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Alias,
    ColumnElement,
    CompoundSelect,
    Connection,
    Delete,
    Insert,
    Join,
    Select,
    Table,
    Update,
    event,
    func,
    select,
)
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, SessionTransaction
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.util import ClauseAdapter


@dataclass(frozen=True)
class Scope:
    """None does not narrow. A station's provider and a provider's brands are not implied: say what holds."""

    brand_id: str | None = None
    provider_id: str | None = None
    station_id: str | None = None

    @property
    def is_all(self) -> bool:
        return self == Scope()

    def holds(self, *, brand_id: str | None, provider_id: str | None, station_id: str | None) -> bool:
        """Whether a row with these three belongs to it."""
        pairs = ((self.brand_id, brand_id), (self.provider_id, provider_id), (self.station_id, station_id))
        return all(mine is None or mine == theirs for mine, theirs in pairs)


Rows = Mapping[type[Any], Callable[[Scope], ColumnElement[bool] | None]]
"""Table → what of it somebody with a scope sees; None when the scope does not narrow this table."""


class PastTheScope(RuntimeError):
    """A statement would have gone around the scope: a bug of ours, never something a person did."""


HELD = "weixiu_scope"
"""Under this name a session carries its `Narrowing`, and a narrowed statement its mark."""


class Criteria(LoaderCriteriaOption):
    """A condition that follows its table under whatever name it is used: the ORM leaves a ready-made one as it is where an
    alias is joined, and so would narrow nothing, or name a table that is not there."""

    _traverse_internals = LoaderCriteriaOption._traverse_internals

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        found = super()._resolve_where_criteria(ext_info)
        return ClauseAdapter(ext_info.selectable).traverse(found) if ext_info.is_aliased_class else found


class Seen:
    """What a scope sees of all tables, made once and used by many sessions."""

    def __init__(self, scope: Scope, rows: Rows) -> None:
        conditions = {table: found for table, of in rows.items() if (found := of(scope)) is not None}
        self.scope = scope
        self.kinds = tuple(conditions)
        self.tables = frozenset(table.__table__ for table in conditions)
        names = "|".join(sorted(table.name for table in self.tables))
        self.named = re.compile(rf"\b({names})\b", re.IGNORECASE)
        self.taken_from = re.compile(rf'(?:\bFROM|\bJOIN|,)\s+"?({names})\b(?!"?[.(])')
        self.options = {
            table.__table__: Criteria(table, found, include_aliases=True) for table, found in conditions.items()
        }
        self.brings = {table.__table__: tables_in(found) | {table.__table__} for table, found in conditions.items()}
        self.named_in = lru_cache(maxsize=2000)(lambda words: frozenset(self.taken_from.findall(words)))

    def options_for(self, statement: Any) -> tuple[list[Criteria], frozenset[str]]:
        """The conditions of the tables a statement names, and all tables it then names; those of all tables would cost every
        statement a millisecond."""
        found = tables_in(statement) & self.tables
        brought = {table.name for one in found for table in self.brings[one]}
        return [option for table, option in self.options.items() if table in found], frozenset(brought)


class Narrowing:
    """One session, narrowed."""

    def __init__(self, session: Session, seen: Seen) -> None:
        self.session, self.seen, self.lifted = session, seen, False
        self.connection: Connection | None = None

    def narrow(self, state: ORMExecuteState) -> None:
        """Every statement of the session comes by here, but for those on its bare connection."""
        self.watch(state)
        if self.lifted:
            return
        statement = state.statement
        seen_already = state.is_column_load or state.is_relationship_load
        if state.is_orm_statement and not seen_already and self.can_narrow(state):
            self.refuse_core(statement)
            options, names = self.seen.options_for(statement)
            state.statement = statement.options(*options)
            state.update_execution_options(**{HELD: names})
        elif seen_already or (state.is_orm_statement and isinstance(statement, Insert) and statement.select is None):
            state.update_execution_options(**{HELD: True})

    def can_narrow(self, state: ORMExecuteState) -> bool:
        """Lists of parameters make an UPDATE one by primary key, which knows no further condition."""
        return isinstance(state.statement, (Select, CompoundSelect, Update, Delete)) and not state.is_executemany

    def refuse_core(self, statement: Any) -> None:
        """The ORM leaves alone what is not its own: bare tables, and joins made by hand.

        :raises PastTheScope: there is one in the statement
        """
        for part in visitors.iterate(statement):
            if isinstance(part, Join):
                raise PastTheScope("a join made by hand is not narrowed: use select(…).join(…)")
            if isinstance(part, (Select, Update, Delete)) and (bare := self.bare_tables(part)):
                raise PastTheScope(f"{', '.join(map(str, bare))}: not narrowed as a bare table; use the mapped class")

    def bare_tables(self, statement: Any) -> set[Any]:
        """The tables one SELECT takes from by itself, for which the ORM knows no class there."""
        of_classes: set[Any] = set()
        bare: set[Any] = set()
        for part in own_parts(statement):
            taken_from = part.table if isinstance(part, ColumnClause) else part
            table = taken_from.element if isinstance(taken_from, Alias) else taken_from
            if isinstance(table, Table) and table in self.seen.tables:
                known = "parententity" in part._annotations
                (of_classes if known else bare).add(taken_from)
        return bare - of_classes

    def watch(self, state: ORMExecuteState | None = None) -> None:
        """Look at what goes over the connection, from the session's first statement to its end."""
        if self.connection is None:
            self.connection = self.session.connection()
            event.listen(self.connection, "before_cursor_execute", self.check)

    def check(self, connection: Any, cursor: Any, words: str, parameters: Any, context: Any, many: bool) -> None:
        passed = None if context is None else context.execution_options.get(HELD)
        if self.lifted or self.session._flushing:  # a flush writes rows this session has been let see
            return
        if passed is None and (found := self.seen.named.search(words)):
            raise PastTheScope(f"a statement on {found.group()} that the scope cannot narrow: say it with the ORM")
        if isinstance(passed, frozenset) and (more := self.seen.named_in(words) - passed):
            raise PastTheScope(f"{', '.join(sorted(more))}: loaded beside what the statement names, and not narrowed")

    def end(self, session: Session, transaction: SessionTransaction) -> None:
        if transaction.parent is None and self.connection is not None:
            event.remove(self.connection, "before_cursor_execute", self.check)
            self.connection = None


def tables_in(statement: Any) -> set[Table]:
    """The tables a statement or a condition takes anything from, at any depth."""
    found = set()
    for part in visitors.iterate(statement):
        taken_from = part.table if isinstance(part, ColumnClause) else part
        table = taken_from.element if isinstance(taken_from, Alias) else taken_from
        if isinstance(table, Table):
            found.add(table)
    return found


def own_parts(statement: Any) -> Iterator[Any]:
    """What a statement is made of, without the queries inside it."""
    waiting = [part for part in statement.get_children() if part is not statement]
    while waiting:
        part = waiting.pop()
        if not isinstance(part, (Select, CompoundSelect)):
            yield part
            waiting.extend(() if isinstance(part, Alias) else part.get_children())


def see_only(session: Session, seen: Seen, *, known: Collection[object] = ()) -> None:
    """Narrow everything this session selects from now on.

    ``known`` are the rows it may have loaded before: whoever asks. A session is narrowed once.

    :raises PastTheScope: it holds other rows already, or is narrowed already
    """
    if seen.scope.is_all:
        return
    narrowing = Narrowing(session, seen)
    mine = {id(one) for one in known}
    if HELD in session.info or any(
        isinstance(one, seen.kinds) and id(one) not in mine for one in session.identity_map.values()
    ):
        raise PastTheScope("the session has been used before it was narrowed")
    session.info[HELD] = narrowing
    narrowing.watch()
    event.listen(session, "do_orm_execute", narrowing.narrow)
    event.listen(session, "after_transaction_end", narrowing.end)


def scope_of(session: Session) -> Scope:
    """What the session is narrowed to; everything when it is not."""
    narrowing: Narrowing | None = session.info.get(HELD)
    return narrowing.seen.scope if narrowing else Scope()


@contextmanager
def everything(session: Session) -> Iterator[None]:
    """See all rows for the length of the block. What is found in it must not be shown. `tests/console/test_scope.py` lists who may."""
    narrowing: Narrowing | None = session.info.get(HELD)
    before = narrowing.lifted if narrowing else False
    try:
        if narrowing:
            narrowing.lifted = True
        yield
    finally:
        if narrowing:
            narrowing.lifted = before


def is_hidden(session: Session, kind: type[Any], **key: str) -> bool:
    """Whether a row with this key is there that must not be seen: what may be there once only is so for everybody."""
    if scope_of(session).is_all:
        return False
    with everything(session):
        there = session.scalar(select(func.count()).select_from(kind).filter_by(**key))
    return bool(there) and not session.scalar(select(func.count()).select_from(kind).filter_by(**key))
