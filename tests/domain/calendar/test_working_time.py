"""Working time: exact to the microsecond over holidays, make-up days, midnight and years nobody has published yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.holidays import is_workday
from domain.calendar.working_time import Hours, add, between
from domain.kit.unit_of_work import SHANGHAI

DAY = Hours(480, 1200)


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "minutes", "hours", "end"),
    [
        ("2026-05-12 11:30", 30, DAY, "2026-05-12 12:00"),
        ("2026-05-12 19:50", 30, DAY, "2026-05-13 08:20"),
        ("2026-05-12 19:30", 30, DAY, "2026-05-12 20:00"),
        ("2026-05-12 23:59", 30, DAY, "2026-05-13 08:30"),
        ("2026-02-13 19:50", 30, DAY, "2026-02-14 08:20"),  # the Saturday is worked in lieu
        ("2026-02-14 19:50", 30, DAY, "2026-02-24 08:20"),  # Spring Festival until the 23rd
        ("2026-09-30 23:59", 1, DAY, "2026-10-08 08:01"),
        ("2028-02-28 19:59", 2, DAY, "2028-02-29 08:01"),
        ("2028-02-29 19:59", 2, DAY, "2028-03-01 08:01"),
        ("2031-09-30 19:59", 2, DAY, "2031-10-08 08:01"),  # no calendar is out: reckoned
        ("2026-12-31 19:59", 2, DAY, "2027-01-04 08:01"),  # across the year and a weekend
        ("2026-05-12 11:30", 0, DAY, "2026-05-12 11:30"),
        ("2026-05-12 23:30", 60, None, "2026-05-13 00:30"),
        ("2026-05-12 10:00", 1440, Hours(0, 1440), "2026-05-13 10:00"),
        ("2026-05-15 00:00", 1440, Hours(0, 1440), "2026-05-16 00:00"),
    ],
)
def test_a_span_ends_when_people_have_worked_it(start: str, minutes: int, hours: Hours | None, end: str) -> None:
    assert add(at(start), timedelta(minutes=minutes), hours) == at(end)


FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2032, 12, 31, tzinfo=UTC)
moments = st.timedeltas(timedelta(), LAST - FIRST).map(lambda passed: FIRST + passed)
spans = st.timedeltas(timedelta(), timedelta(days=40))
any_hours = (
    st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda p: p[1] - p[0] >= 120).map(lambda p: Hours(*p))
)
perhaps = st.none() | any_hours


@given(moments, spans, perhaps)
def test_what_was_added_lies_between(start: datetime, span: timedelta, hours: Hours | None) -> None:
    assert between(start, add(start, span, hours), hours) == span


@given(moments, spans, spans, perhaps)
def test_adding_twice_is_adding_the_sum(start: datetime, one: timedelta, two: timedelta, hours: Hours | None) -> None:
    if two:
        assert add(add(start, one, hours), two, hours) == add(start, one + two, hours)


@given(moments, moments, spans, perhaps)
def test_who_starts_later_ends_later(a: datetime, b: datetime, span: timedelta, hours: Hours | None) -> None:
    first, second = sorted((a, b))
    if span:
        assert add(first, span, hours) <= add(second, span, hours)


@given(moments, moments, moments, perhaps)
def test_time_between_is_the_sum_of_its_parts(a: datetime, b: datetime, c: datetime, hours: Hours | None) -> None:
    first, middle, last = sorted((a, b, c))
    assert between(first, last, hours) == between(first, middle, hours) + between(middle, last, hours)


@given(st.dates(date(2024, 1, 1), date(2032, 12, 1)), st.integers(0, 20), any_hours)
def test_it_is_what_counting_day_by_day_gives(first: date, days: int, hours: Hours) -> None:
    since = datetime(first.year, first.month, first.day, tzinfo=SHANGHAI)
    worked = sum(is_workday(first + timedelta(days=n)) for n in range(days))
    assert between(since, since + timedelta(days=days), hours) == worked * hours.length


def test_hours_that_are_none_and_spans_that_are_negative_are_refused() -> None:
    with pytest.raises(ValueError, match="are none"):
        Hours(600, 600)
    with pytest.raises(ValueError, match="cannot be added"):
        add(at("2026-05-12 11:30"), timedelta(minutes=-1), DAY)
