"""Counting working time: exact arithmetic over opening hours on the working days of the State Council's calendar.

All of it stands on one function that only grows, `worked`: the working time from a fixed day until a moment. What lies
between two moments is a difference of it, and adding is looking it up backwards, so that nothing is lost or gained.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from domain.calendar.holidays import is_workday
from domain.kit.unit_of_work import SHANGHAI

ONE = timedelta(days=1)
NOTHING = timedelta()
FURTHEST = 50
"""Years; a longer span than this is a mistake, and would otherwise be walked through year by year."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of every working day, in minutes after Shanghai midnight; 1440 is the midnight at its end."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= 1440:
            raise ValueError(f"hours from minute {self.opens} to minute {self.closes} are none")

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.closes - self.opens)


@lru_cache(maxsize=128)
def workdays_of(year: int) -> tuple[date, ...]:
    """The working days of a year in order. An official calendar that comes out later holds after the next start."""
    first = date(year, 1, 1)
    days = (first + ONE * n for n in range((date(year + 1, 1, 1) - first).days))
    return tuple(day for day in days if is_workday(day))


def add(start: datetime, span: timedelta, hours: Hours | None) -> datetime:
    """The first moment by which ``span`` has passed since ``start``: around the clock where there are no hours.

    What ends with a day ends at its closing, not at the next opening.

    :raises ValueError: the span is negative or absurdly long
    """
    if span < NOTHING or span > FURTHEST * 366 * ONE:
        raise ValueError(f"{span} cannot be added")
    if hours is None or span == NOTHING:
        return start + span
    year = local(start).year
    days, rest = divmod(worked(start, hours, year) + span, hours.length)
    if rest == NOTHING:
        days, rest = days - 1, hours.length
    opens = datetime.combine(nth_workday(year, days), time(), SHANGHAI) + timedelta(minutes=hours.opens)
    return (opens + rest).astimezone(UTC)


def between(since: datetime, until: datetime, hours: Hours | None) -> timedelta:
    """How much time lies in ``[since, until)``; nothing when it ends before it begins."""
    if until <= since:
        return NOTHING
    if hours is None:
        return until - since
    year = local(since).year
    return worked(until, hours, year) - worked(since, hours, year)


def worked(moment: datetime, hours: Hours, year: int) -> timedelta:
    """Working time from the beginning of ``year`` until ``moment``, which is not before it."""
    at = local(moment)
    days = sum(len(workdays_of(before)) for before in range(year, at.year))
    this_year, today = workdays_of(at.year), at.date()
    place = bisect_left(this_year, today)
    whole = (days + place) * hours.length
    if place == len(this_year) or this_year[place] != today:
        return whole
    passed = at - datetime.combine(today, time(), SHANGHAI) - timedelta(minutes=hours.opens)
    return whole + min(max(passed, NOTHING), hours.length)


def nth_workday(year: int, number: int) -> date:
    """The working day with so many before it since the beginning of ``year``."""
    while number >= len(days := workdays_of(year)):
        number, year = number - len(days), year + 1
    return days[number]


def local(moment: datetime) -> datetime:
    return moment.astimezone(SHANGHAI)
