"""Months are made ahead, rows with odd dates are kept, and months past keeping go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select, text

from domain.kit.inbox import Received, ReceivedState
from domain.kit.partitions import KEPT_MONTHS, drop_months, make_months, month_after, partitioned
from domain.kit.unit_of_work import Runtime

TODAY = date(2026, 5, 12)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-40, 40))
def test_months_are_counted_over_years(day: date, months: int) -> None:
    after = month_after(day, months)
    assert after.day == 1
    assert (after.year - day.year) * 12 + after.month - day.month == months


@pytest.fixture
def connection(fresh_runtime: Runtime) -> Iterator[Connection]:
    with fresh_runtime.transaction() as uow:
        yield uow.session.connection()


def months_of(connection: Connection, table: str) -> set[str]:
    children = text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = CAST(:parent AS regclass)")
    return {name.removeprefix(f"{table}_") for name in connection.scalars(children, {"parent": table})}


def put(runtime: Runtime, key: str, sent_on: date) -> None:
    with runtime.transaction() as uow:
        uow.session.add(
            Received(
                account_id="ac_1", key=key, sent_on=sent_on, sender="o", received_at=datetime.now(UTC), trigger="message",
                content={}, answer="", state=ReceivedState.ANSWERED,
            )
        )  # fmt: skip


def test_every_table_that_only_grows_says_how_long_it_is_kept() -> None:
    assert {table.name for table in partitioned()} == set(KEPT_MONTHS)


def test_making_months_twice_makes_them_once(connection: Connection) -> None:
    make_months(connection, TODAY)
    first = months_of(connection, "received")
    make_months(connection, TODAY)
    assert months_of(connection, "received") == first
    assert {"default", "2026_04", "2026_05", "2026_06", "2026_07", "2026_08"} <= first


def test_as_time_goes_on_months_come_and_go(connection: Connection) -> None:
    for months in range(1, 14):
        day = month_after(TODAY, months)
        make_months(connection, day)
        drop_months(connection, day)
        for table, kept in KEPT_MONTHS.items():
            found = months_of(connection, table) - {"default"}
            assert max(found) >= f"{month_after(day, 3):%Y_%m}"
            assert min(found) >= f"{month_after(day, -kept):%Y_%m}"
    assert len(months_of(connection, "received") - {"default"}) == KEPT_MONTHS["received"] + 4


def test_a_row_with_an_odd_date_is_kept(fresh_runtime: Runtime) -> None:
    for key, sent_on in (("old", date(1970, 1, 1)), ("now", TODAY), ("far", date(2999, 1, 1))):
        put(fresh_runtime, key, sent_on)
    with fresh_runtime.transaction() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Received)) == 3
        where = text("SELECT tableoid::regclass::text FROM received ORDER BY sent_on")
        assert uow.session.scalars(where).all() == ["received_default", "received_2026_05", "received_default"]
