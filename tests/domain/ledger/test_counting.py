"""What is added up of the ledger is what its entries say, whatever is counted when, for any brand and any day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis
from sqlalchemy import func, select

from adapters.ledger_sentences import LEDGER
from domain.kit.actors import system
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.ledger import counting
from domain.ledger.model import LedgerEntry, LedgerParty, LedgerUncounted
from domain.ledger.operations import Posting, post, reverse
from domain.ledger.queries import balances, entries, totals
from domain.organizations.operations import put_brand
from jobs import ledger
from jobs.context import Jobs
from tests.runtime import at_once

BY = system("tests")
DAYS = 3
POSTINGS = st.sampled_from(
    [
        ("receivable", "ow_1", "income_service", ""),
        ("receivable", "ow_2", "income_part", ""),
        ("wechat", "me_1", "receivable", "ow_1"),
        ("wechat", "me_1", "receivable", "ow_2"),
        ("bank", "", "wechat", "me_1"),
    ]
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.integers(0, 1), st.integers(0, DAYS), st.lists(POSTINGS, min_size=1, max_size=3),
                  st.integers(1, 3)),
        st.tuples(st.just("reverse"), st.integers(0, 9)),
        st.tuples(st.just("count"), st.integers(1, 4)),
    ),
    max_size=14,
)  # fmt: skip


def brands(uow: UnitOfWork) -> list[str]:
    return [
        put_brand(
            uow, code=code, name=code, hotline="1", desk_hours="8:00–20:00", privacy_version="1", privacy_url="https://x.cn"
        ).id
        for code in ("AA", "BB")
    ]  # fmt: skip


def said(uow: UnitOfWork, key: str, brand_id: str, back: int, parts: list[tuple[str, str, str, str]], fen: int) -> None:
    posted = [Posting(debit, credit, fen, of, by) for debit, of, credit, by in parts]
    post(uow, key, "x", posted, brand_id=brand_id, by=BY, of=("x", key), day=uow.today - timedelta(days=back))


def agree(uow: UnitOfWork, brand_id: str | None, on: date | None) -> None:
    """The sums are what the entries come to when they are added up one by one."""
    wanted: dict[str, int] = defaultdict(int)
    parties: dict[str, int] = defaultdict(int)
    for one in balances(uow, brand_id, on=on):
        wanted[one.account] += one.fen
        parties[one.account] += one.fen != 0
    found = totals(uow, brand_id, on=on)
    assert {one.account: one.fen for one in found if one.fen} == {name: fen for name, fen in wanted.items() if fen}
    if on is None:
        held = {one.account: one.parties for one in found if one.parties}
        assert held == {name: many for name, many in parties.items() if many}
    else:
        assert {one.parties for one in found} <= {None}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_sums_are_what_the_entries_say(runtime: Runtime, steps: list[tuple]) -> None:  # type: ignore[type-arg]
    with runtime.sessions() as session:
        uow = UnitOfWork(session, runtime.clock(), runtime.new_id, runtime.keyring)
        known, keys = brands(uow), []
        for place, (what, *rest) in enumerate(steps):
            if what == "post":
                keys.append(f"k{place}")
                said(uow, keys[-1], known[rest[0]], rest[1], rest[2], rest[3])
            elif what == "reverse" and keys:
                reverse(uow, f"r{place}", keys[rest[0] % len(keys)], by=BY)
            elif what == "count":
                counting.count(uow, limit=rest[0])
            for brand_id in (None, *known):
                agree(uow, brand_id, None)
                agree(uow, brand_id, uow.today - timedelta(days=1))
            assert broken(uow) == []
        session.rollback()


def broken(uow: UnitOfWork) -> list[str]:
    connection = uow.session.connection()
    return [words for words, query in LEDGER.items() if connection.exec_driver_sql(query).first()]


def test_what_is_counted_holds_nothing_that_came_to_nothing(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        brand = brands(uow)[0]
        said(uow, "a", brand, 0, [("receivable", "ow_1", "income_service", "")], 5)
        counting.count(uow)
        assert {one.party for one in uow.session.scalars(select(LedgerParty))} == {"ow_1", ""}
        said(uow, "b", brand, 0, [("wechat", "me_1", "receivable", "ow_1")], 5)
        counting.count(uow)
        assert {one.account for one in uow.session.scalars(select(LedgerParty))} == {"wechat", "income_service"}


def test_many_post_and_many_count_at_once_and_nothing_is_lost(fresh_runtime: Runtime) -> None:
    with fresh_runtime.transaction() as uow:
        known = brands(uow)
    both = [("receivable", "ow_1", "income_service", ""), ("wechat", "me_1", "receivable", "ow_1")]

    def work(index: int) -> int:
        done = 0
        for number in range(10):
            with fresh_runtime.transaction() as uow:
                if index % 2:
                    done += counting.count(uow, limit=3)
                else:
                    said(uow, f"{index}-{number}", known[number % 2], number % DAYS, both, 1 + index)
        return done

    results = at_once(6, work)
    assert all(isinstance(one, int) for one in results), results
    with fresh_runtime.transaction() as uow:
        waiting = uow.session.scalar(select(func.count()).select_from(LedgerUncounted)) or 0
        assert sum(results) + waiting == 30
        agree(uow, None, None)
        assert broken(uow) == []


def test_the_scheduler_counts_everything_that_waits(runtime: Runtime, valkey: Redis) -> None:
    with runtime.transaction() as uow:
        brand = brands(uow)[0]
        for number in range(5):
            said(uow, str(number), brand, 0, [("bank", "", "wechat", "me_1")], 1)
    nobody: Any = None
    jobs = Jobs(runtime, valkey, nobody, nobody, lambda: 0.5, {}, nobody, nobody)
    assert ledger.count_entries(jobs) == 5
    assert ledger.count_entries(jobs) == 0


def test_entries_come_in_pages_that_leave_nothing_out(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        mine, other = brands(uow)
        for number in range(11):
            said(uow, str(number), other if number == 5 else mine, number % 2, [("bank", "", "wechat", "me_1")], 1)
        seen: list[LedgerEntry] = []
        after, pages = None, 0
        while pages == 0 or after:
            rows, after = entries(uow, mine, until=uow.today, after=after, limit=4)
            seen, pages = [*seen, *rows], pages + 1
        assert (len(seen), pages) == (10, 3)
        assert [(one.day, one.id) for one in seen] == sorted({(one.day, one.id) for one in seen}, reverse=True)
        before, _ = entries(uow, None, until=uow.today - timedelta(days=1))
        assert {one.key for one in before} == {"1", "3", "5", "7", "9"}
