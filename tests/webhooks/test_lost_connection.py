"""A connection that dies in the middle of a turn is told from a mistake of ours, wherever in the turn it dies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.kit.unit_of_work import Runtime
from tests.runtime import run_sql
from webhooks import budget


def cut(session: Session, url: str) -> None:
    """What the database's death does to a connection in use."""
    pid = session.scalar(text("SELECT pg_backend_pid()"))
    run_sql(url, f"SELECT pg_terminate_backend({pid}, 1000)")


@pytest.fixture
def watched(fresh_runtime: Runtime) -> Runtime:
    budget.watch(fresh_runtime.sessions.kw["bind"])
    return fresh_runtime


def error_of(turn: Callable[[], None]) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        turn()
    return caught.value


def test_while_the_row_is_written(watched: Runtime, fresh_database: str) -> None:
    def turn() -> None:
        with watched.transaction() as uow, budget.within(uow.session, 1):
            cut(uow.session, fresh_database)
            uow.session.execute(text("SELECT 1"))

    assert budget.is_away(error_of(turn))


def test_while_the_turn_is_held(watched: Runtime, fresh_database: str) -> None:
    def turn() -> None:
        with watched.transaction() as uow, budget.within(uow.session, 1) as deadline:
            session = uow.session
            with session.begin_nested(), budget.resumed(session, deadline):
                cut(session, fresh_database)
                session.execute(text("SELECT 1"))

    assert budget.is_away(error_of(turn))


def test_a_mistake_of_ours_is_not_taken_for_it(watched: Runtime) -> None:
    def turn() -> None:
        with watched.transaction() as uow, budget.within(uow.session, 1):
            uow.session.execute(text("SELECT nothing_like_this"))

    assert not budget.is_away(error_of(turn))
