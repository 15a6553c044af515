"""``pytest -p tests.any_order``: rows of a query that names no order come in any order, as a database may give them.

Finds code and tests that rely on the order of rows in a table: they hold for months, and break when PostgreSQL takes another plan.
"""

from __future__ import annotations

from sqlalchemy import Select, event, func
from sqlalchemy.orm import ORMExecuteState, Session


@event.listens_for(Session, "do_orm_execute")
def shuffle(asked: ORMExecuteState) -> None:
    """PostgreSQL sorts what is DISTINCT by itself, and takes no other order for it."""
    query = asked.statement
    if isinstance(query, Select) and not query._order_by_clauses and not query._distinct:
        asked.statement = query.order_by(func.random())
