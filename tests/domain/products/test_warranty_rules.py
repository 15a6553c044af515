"""What is true of every warranty decision, whatever the facts; and how serials are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.catalog.categories import KINDS
from domain.products.warranty import after_months, decide, exclusions
from domain.products.warranty_facts import Extra, Facts, Invoice, Result, Term
from domain.products.warranty_serials import BadMask, made_on, pattern

DAYS = st.dates(date(2000, 1, 1), date(2035, 12, 31))
COMPONENTS = st.sampled_from(["whole", "main_parts", "labour", "压缩机", "内胆"])
TERMS = st.builds(
    Term, id=st.just("wt"), component=COMPONENTS, months=st.integers(0, 144), source=st.sampled_from(["甲", "乙"]),
    since=DAYS, until=st.none() | DAYS, of_model=st.booleans(),
)  # fmt: skip
EXTRAS = st.builds(
    Extra, kind=st.sampled_from(["cover", "card"]), id=st.just("co"), component=COMPONENTS, since=DAYS, until=DAYS,
    source=st.just("延保"),
)  # fmt: skip
FACTS = st.builds(
    Facts, category=st.sampled_from([kind.code for kind in KINDS]), terms=st.lists(TERMS, max_size=5).map(tuple),
    extras=st.lists(EXTRAS, max_size=2).map(tuple), purchased_on=st.none() | DAYS, invoice=st.sampled_from(Invoice),
    made_on=st.none() | DAYS, allowance_months=st.integers(0, 12), replaced_on=st.none() | DAYS,
    days_in_repair=st.integers(0, 60), owners=st.integers(1, 3),
    findings=st.frozensets(st.sampled_from([*(rule.code for rule in exclusions.rules), "no_invoice"]), max_size=2),
)  # fmt: skip


@given(FACTS, DAYS)
def test_an_answer_is_whole_whatever_the_facts(facts: Facts, day: date) -> None:
    decision = decide(facts, day)
    assert [one.component for one in decision.answers][:3] == ["whole", "main_parts", "labour"]
    for one in decision.answers:
        assert one.rule
        assert one.words.startswith(one.title)
        assert (one.until is not None) == (one.result in (Result.COVERED, Result.OVER))
        if one.result is Result.COVERED:
            assert one.since and one.until and one.since <= day <= one.until and one.source  # noqa: PT018


@given(FACTS, DAYS)
def test_nothing_begins_on_a_day_that_is_still_to_come(facts: Facts, day: date) -> None:
    start = decide(facts, day).start
    assert start is None or start.since <= day


@given(FACTS, DAYS)
def test_a_part_is_covered_at_least_as_long_as_the_whole_machine(facts: Facts, day: date) -> None:
    decision = decide(facts, day)
    covered = {one.component for one in decision.answers if one.result is Result.COVERED}
    if "whole" in covered:
        assert {one.component for one in decision.answers} - covered <= {"labour"}


BOUGHT = date(2000, 1, 1)
LATER_TERM = Term("wt", "压缩机", 0, "甲", since=date(2000, 1, 2))
"""Of another version than the one that held when it was bought."""


@given(FACTS, TERMS, DAYS)
@example(
    Facts("water_heater_electric", (LATER_TERM,), purchased_on=BOUGHT, invoice=Invoice.NONE),
    Term("wt", "whole", 0, "甲", since=BOUGHT),
    date(2000, 1, 2),
)
def test_one_more_promise_for_the_category_never_takes_anything_away(facts: Facts, term: Term, day: date) -> None:
    before = decide(facts, day)
    after = decide(replace(facts, terms=(*facts.terms, replace(term, of_model=False))), day)
    for one in before.answers:
        now = after.of(one.component)
        assert now is not None
        if one.result is Result.COVERED:
            assert now.result is Result.COVERED
            assert now.until and one.until and now.until >= one.until  # noqa: PT018


@given(FACTS, DAYS, st.sampled_from([rule.code for rule in exclusions.rules]))
def test_an_exclusion_ends_every_claim(facts: Facts, day: date, code: str) -> None:
    decision = decide(replace(facts, findings=facts.findings | {code}), day)
    assert {one.result for one in decision.answers} == {Result.EXCLUDED}
    assert decision.rights == ()


@given(DAYS, st.integers(0, 144))
def test_months_end_on_the_same_day_or_the_last_there_is(day: date, months: int) -> None:
    end = after_months(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end + timedelta(days=1)).day == 1


@given(st.dates(date(2000, 1, 3), date(2099, 12, 31)))
def test_a_serial_says_the_first_day_of_the_week_it_was_made(day: date) -> None:
    year, week, _ = day.isocalendar()
    made = made_on(f"YF{year % 100:02d}{week:02d}A000001", "YF{YY}{WW}???????")
    assert made is not None
    assert made <= day < made + timedelta(days=7)


@pytest.mark.parametrize(
    ("mask", "serial", "day"),
    [
        ("{YYYY}{MM}{DD}????", "20240229AB12", date(2024, 2, 29)),
        ("{YYYY}{MM}{DD}????", "20230229AB12", None),
        ("X{YY}{MM}?", "X2413A", None),
        ("X{YY}{MM}?", "X2412A", date(2024, 12, 1)),
        ("X{YY}{MM}?", "X2412", None),
    ],
)
def test_a_serial_is_read_by_its_mask(mask: str, serial: str, day: date | None) -> None:
    assert made_on(serial, mask) == day


@pytest.mark.parametrize(
    "mask",
    [
        "",
        "YF???",
        "{YY}{YY}{MM}",
        "{YY}{MM}{WW}",
        "{YY}{WW}{DD}",
        "{YY}{MM}.*",
        "{YY}{QQ}",
        "a{YY}{MM}",
        "{YY}{MM}" + "?" * 60,
    ],
)
def test_a_mask_that_says_no_day_is_refused(mask: str) -> None:
    with pytest.raises(BadMask):
        pattern(mask)
