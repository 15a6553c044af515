"""Row scope: what one person may see of every table, put into the queries themselves.

A door calls `see_only` at the start of a transaction. From then on every ORM statement of that session (whole rows, columns,
``session.get``, subqueries) on a table of the door's table of rows is narrowed; a query that forgets about scope is
narrowed all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria


@dataclass(frozen=True)
class Scope:
    """None does not narrow. A station's provider and a provider's brands are not implied: say what holds."""

    brand_id: str | None = None
    provider_id: str | None = None
    station_id: str | None = None

    @property
    def is_all(self) -> bool:
        return self == Scope()


Rows = Mapping[type[Any], Callable[[Scope], ColumnElement[bool] | None]]
"""Table → what of it somebody with a scope sees; None when the scope does not narrow this table."""


def see_only(session: Session, scope: Scope, rows: Rows) -> None:
    """Narrow everything this session selects from now on. It must not have loaded anything that is outside the scope."""
    if scope.is_all:
        return
    options = [
        with_loader_criteria(table, condition, include_aliases=True)
        for table, of in rows.items()
        if (condition := of(scope)) is not None
    ]

    def narrow(state: ORMExecuteState) -> None:
        if state.is_orm_statement and not state.is_column_load and not state.is_relationship_load:
            state.statement = state.statement.options(*options)

    session.expire_all()
    event.listen(session, "do_orm_execute", narrow)
