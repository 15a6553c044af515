"""Feasts and days off, by the official calendar where there is one and by the table where there is not yet."""

from datetime import date

import pytest

from domain.calendar import feast_after, feast_names, is_workday


def test_the_official_calendar_counts():
    assert not is_workday(date(2026, 10, 7))
    assert is_workday(date(2026, 10, 8))
    assert is_workday(date(2026, 2, 14))  # a Saturday worked in lieu


def test_years_without_an_official_calendar_are_reckoned():
    assert not is_workday(date(2031, 10, 3))
    assert is_workday(date(2031, 10, 8))
    assert not is_workday(date(2031, 10, 11))  # a Saturday


@pytest.mark.parametrize(
    ("name", "today", "day"),
    [
        ("国庆", date(2026, 10, 3), date(2026, 10, 1)),
        ("国庆", date(2026, 10, 8), date(2027, 10, 1)),
        ("春节", date(2026, 12, 1), date(2027, 2, 6)),
        ("中秋", date(2026, 3, 1), date(2026, 9, 25)),
        ("元旦", date(2026, 11, 1), date(2027, 1, 1)),
    ],
)
def test_the_feast_that_is_not_over(name, today, day):
    feast = feast_after(name, today)
    assert feast
    assert feast.day == day


def test_every_feast_is_known_for_years_to_come():
    for name in feast_names():
        feast = feast_after(name, date(2030, 6, 1))
        assert feast, name
        assert feast.since <= feast.day <= feast.until
