"""From what was said of a time to the moments it means, in Asia/Shanghai, with China's holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.understanding.days import Day
from bot.understanding.moments import Bound, HalfDay, Moment
from domain.calendar import feast_after, is_workday

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE = timedelta(days=1)
HALF_HOURS = {HalfDay.MORNING: (8, 12), HalfDay.AFTERNOON: (12, 18), HalfDay.EVENING: (18, 21)}
"""Since and until which hour a part of the day is offered for visits."""
YEARS_AHEAD = 8
"""Long enough to find the next 29th of February."""


@dataclass(frozen=True, slots=True)
class Window:
    """`[since, until)` in Asia/Shanghai; an open end is None."""

    since: datetime | None
    until: datetime | None


def day_of(day: Day, today: date) -> tuple[date, date] | None:
    """The days meant as `[first, end)`; None for a day that no calendar has, or whose year is not known."""
    if day.offset is not None:
        first = today + ONE * day.offset
        return (today, first + ONE) if day.is_vague else (first, first + ONE)
    if day.workdays is not None:
        first = _working_days_on(today, day.workdays)
        return first, first + ONE
    if day.weekday is not None:
        return _weekday(day, today)
    if day.weeks is not None:
        monday = today - ONE * today.weekday() + 7 * ONE * day.weeks
        return monday, monday + 7 * ONE
    if day.feast:
        return _feast(day, today)
    if day.nth is not None:
        return _nth(day, today)
    if day.part:
        return _part(day, today)
    date_ = _date(day, today)
    return (date_, date_ + ONE) if date_ else None


def _working_days_on(today: date, count: int) -> date:
    for _ in range(min(count, 60)):
        today += ONE
        while not is_workday(today):
            today += ONE
    return today


def resolve(moment: Moment, now: datetime) -> Window | None:
    """When it is, seen from `now` (aware; taken as Asia/Shanghai). A time without a day is today, or tomorrow once over."""
    here = now.astimezone(SHANGHAI)
    today = here.date()
    days = day_of(moment.day, today) if moment.day else (today, today + ONE)
    if days is None:
        return None
    first, end = days
    last = day_of(moment.until_day, first) if moment.until_day else None
    until_date = last[1] - ONE if last and last[1] > first else end - ONE
    since, until = _clock(moment, first, until_date)
    if moment.day is None and until <= here:
        since, until = since + ONE, until + ONE
    if moment.bound is Bound.BEFORE:
        return Window(None, since if moment.has_clock or not moment.half else until)
    if moment.bound is Bound.AFTER:
        start = since if moment.has_clock or moment.half else until
        return Window(start, _at(start.date(), 24) if moment.has_clock or moment.half else None)
    return Window(since, until)


def _clock(moment: Moment, first: date, last: date) -> tuple[datetime, datetime]:
    if moment.hour is not None:
        since = _at(first, moment.hour, moment.minute)
        until = _at(last, moment.until_hour) if moment.until_hour is not None else since + timedelta(hours=1)
        return since, until if until > since else until + ONE
    if moment.half:
        start, stop = HALF_HOURS[moment.half]
        return _at(first, start), _at(last, stop)
    return _at(first, 0), _at(last, 24)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI) + timedelta(hours=hour, minutes=minute)


def _weekday(day: Day, today: date) -> tuple[date, date]:
    weekday = day.weekday or 1
    monday = today - ONE * today.weekday()
    if day.weeks is None:
        first = today + ONE * ((weekday - today.isoweekday()) % 7)
        if day.is_weekend and today.isoweekday() == 7:
            first = today
    else:
        first = monday + 7 * ONE * day.weeks + ONE * (weekday - 1)
    days = 2 if day.is_weekend and first.isoweekday() == 6 else 1
    return first, first + ONE * days


def _feast(day: Day, today: date) -> tuple[date, date] | None:
    year = _year(day, today)
    feast = feast_after(day.feast or "", date(year, 1, 1) if year else today)
    if feast is None:
        return None
    if day.tail == "after":
        first = feast.until if feast.until > feast.day else feast.day + ONE
        while not is_workday(first):
            first += ONE
        return first, first + ONE
    if day.tail == "later":
        first = max(feast.until, feast.day + ONE)
        return first, first + 7 * ONE
    if day.tail == "during":
        return feast.since, max(feast.until, feast.day + ONE)
    if day.tail == "until":
        return today, min(feast.since, feast.day)
    first = {"first": feast.since, "last": feast.until - ONE, "before": min(feast.since, feast.day) - ONE}.get(
        day.tail, feast.day
    )
    return first, first + ONE


def _year(day: Day, today: date) -> int | None:
    return today.year + day.years if day.years is not None else day.year


def _nth(day: Day, today: date) -> tuple[date, date] | None:
    first = date(_year(day, today) or today.year, 1, 1)
    if day.nth is not None and day.nth > 0:
        first += ONE * (day.nth - 1)
        return first, first + ONE
    monday = first - ONE * first.weekday() if first.weekday() < 4 else first + ONE * (7 - first.weekday())
    monday += 7 * ONE * (-(day.nth or -1) - 1)
    return monday, monday + 7 * ONE


def _months_on(today: date, months: int) -> date:
    index = today.year * 12 + today.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _part(day: Day, today: date) -> tuple[date, date]:
    first = _months_on(today, day.months or 0)
    if day.month is not None:
        first = date(today.year + (day.month < today.month), day.month, 1)
    after = _months_on(first, 1)
    parts = {
        "初": (first, first + 10 * ONE),
        "中": (first + 10 * ONE, first + 20 * ONE),
        "底": (after - 10 * ONE, after),
    }
    return parts[day.part or "底"]


def _date(day: Day, today: date) -> date | None:
    """The date; without a year or a month the next one that exists and is not over."""
    year, dom = _year(day, today), day.dom or 1
    if day.months is not None:
        month = _months_on(today, day.months)
        return _made(month.year, month.month, dom)
    if year is not None:
        return _made(year, day.month or today.month, dom)
    step = 12 if day.month else 1
    begin = date(today.year, day.month or today.month, 1)
    for ahead in range(YEARS_AHEAD * 12 // step):
        month = _months_on(begin, ahead * step)
        made = _made(month.year, month.month, dom)
        if made and made >= today:
            return made
    return None


def _made(year: int, month: int, dom: int) -> date | None:
    try:
        return date(year, month, dom)
    except ValueError:
        return None
