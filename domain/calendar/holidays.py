"""Days off and days worked, and when a feast and the holiday around it are."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from chinese_calendar import is_holiday

ONE = timedelta(days=1)
LONGEST_HOLIDAY = 12
"""Days; more than any holiday has, so that the walk along its days ends."""


@dataclass(frozen=True, slots=True)
class Feast:
    """`day` is the feast itself; the days off around it are `[since, until)`, empty for a feast without any."""

    day: date
    since: date
    until: date


@lru_cache(maxsize=1)
def _rows() -> dict[str, dict[str, Any]]:
    text = Path(__file__).with_name("feasts.toml").read_text(encoding="utf-8")
    return {name: row for row in tomllib.loads(text).values() for name in row["names"]}


def feast_names() -> tuple[str, ...]:
    """All names of feasts, longest first."""
    return tuple(sorted(_rows(), key=len, reverse=True))


def _official(day: date) -> bool | None:
    """Whether the official calendar has the day off; None for years that it does not know yet."""
    try:
        return bool(is_holiday(day))
    except NotImplementedError:
        return None


def is_workday(day: date) -> bool:
    """By the State Council's calendar, with days worked in lieu; else by the feasts we know and the weekday."""
    off = _official(day)
    if off is None:
        feasts = (_feast(row, day.year) for row in _rows().values())
        return day.weekday() < 5 and not any(feast and feast.since <= day < feast.until for feast in feasts)
    return not off


def feast_after(name: str, today: date) -> Feast | None:
    """The feast of that name that is not over yet; None when the year's date is not known."""
    row = _rows()[name]
    for year in (today.year, today.year + 1):
        feast = _feast(row, year)
        if feast and max(feast.until, feast.day + ONE) > today:
            return feast
    return None


@lru_cache(maxsize=256)
def _feast_of(name: str, year: int) -> Feast | None:
    row = _rows()[name]
    month_day = row.get("days", {}).get(str(year)) or row.get("day")
    if not month_day:
        return None
    day = date.fromisoformat(f"{year}-{month_day}")
    if not row["off"]:
        return Feast(day, day, day)
    since = day - ONE * row.get("before", 0)
    if _official(day) is None:
        return Feast(day, since, day + ONE * row["off"])
    since = until = day
    while _official(since - ONE) and (day - since).days < LONGEST_HOLIDAY:
        since -= ONE
    while _official(until) and (until - day).days < LONGEST_HOLIDAY:
        until += ONE
    return Feast(day, since, until)


def _feast(row: dict[str, Any], year: int) -> Feast | None:
    return _feast_of(row["names"][0], year)
