"""Rules hold from a day until a day, run in the order written, and are never written twice for the same days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.rulebook import Rulebook

days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def labour(hours: int) -> int:
    return hours * 50


@given(days, days, days)
def test_a_rule_holds_from_its_first_day_to_the_day_before_its_end(since: date, until: date, day: date) -> None:
    book: Rulebook[[int], int] = Rulebook()
    book.rule("labour", "人工", source="1.1", since=since, until=until)(labour)
    assert [rule.code for rule in book.on(day)] == (["labour"] if since <= day < until else [])


def test_one_rules_end_is_its_successors_beginning() -> None:
    book: Rulebook[[int], int] = Rulebook()
    change = date(2026, 1, 1)
    book.rule("labour", "人工", source="old", since=date(2020, 1, 1), until=change)(labour)
    book.rule("labour", "人工", source="new", since=change)(labour)
    assert [rule.source for rule in book.on(change - timedelta(days=1))] == ["old"]
    assert [rule.source for rule in book.on(change)] == ["new"]


spans = st.tuples(days, st.integers(1, 2000)).map(lambda span: (span[0], span[0] + timedelta(days=span[1])))


@given(spans, spans)
def test_the_same_rule_is_refused_for_a_day_it_has_already(old: tuple[date, date], new: tuple[date, date]) -> None:
    book: Rulebook[[int], int] = Rulebook()
    book.rule("labour", "人工", source="1", since=old[0], until=old[1])(labour)
    try:
        book.rule("labour", "人工", source="2", since=new[0], until=new[1])(labour)
        refused = False
    except ValueError:
        refused = True
    assert refused == (max(old[0], new[0]) < min(old[1], new[1]))
    book.rule("travel", "上门", source="3", since=new[0], until=new[1])(labour)


def test_rules_run_in_the_order_written_and_keep_what_people_ask_about_them() -> None:
    book: Rulebook[[int], int] = Rulebook()
    book.rule("b", "乙", source="2", since=date(2020, 1, 1))(lambda hours: hours + 1)
    run = book.rule("a", "甲", source="1", since=date(2020, 1, 1))(labour)
    assert run is labour
    assert [(rule.code, rule.title, rule.run(2)) for rule in book.on(date(2026, 1, 1))] == [
        ("b", "乙", 3),
        ("a", "甲", 100),
    ]
    with pytest.raises(ValueError, match="rule a is written twice"):
        book.rule("a", "甲", source="1", since=date(2025, 1, 1))(labour)
