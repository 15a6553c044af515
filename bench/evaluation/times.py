"""Expressions of time with the moment they mean: whether day and part of the day are right (hours differ by convention)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bench.evaluation.figure import Figure, rows, share, shown
from bot.understanding.moments import half_of, moments_in
from bot.understanding.windows import SHANGHAI, day_of

Case = dict[str, Any]


def figures(path: Path) -> Iterator[Figure]:
    """`strict` wants the very date; without a year or month the last such day is right for the other figure, too."""
    strict: dict[str, bool] = {}
    fair: dict[str, bool] = {}
    for number, case in enumerate(shown(rows(path), "reading times")):
        expected, found = _expected(case), _found(case)
        key = f"{number} {case['text']} at {case['ref']}: {found} not {expected}"
        strict[key] = _agrees(found, expected)
        fair[key] = strict[key] or _is_another_year(found, expected)
    yield share("times.day_and_half_day", fair, 0.92)
    yield share("times.day_and_half_day_strict", strict)


def _reference(case: Case) -> datetime:
    ref = case["ref"]
    if isinstance(ref, dict):
        return datetime(ref["year"], 6, 14, 1, 6, tzinfo=SHANGHAI)
    return datetime.fromisoformat(ref).replace(tzinfo=SHANGHAI)


def _expected(case: Case) -> tuple[set[date | None], set[str | None]]:
    """Days and parts of the day that are right; None stands for "not said"."""
    today = _reference(case).date()
    days: set[date | None] = set()
    halves: set[str | None] = set()
    for value in case["values"]:
        words = str(value.get("start") or value.get("value") or value.get("end"))
        if words == str(case["ref"]).replace("T", " "):  # "before": only the end was said
            words = value["end"]
        if len(words) <= 8:  # a clock time alone: no day was said
            days |= {None, today}
            halves.add(half_of(int(words[:2])))
            continue
        moment = datetime.fromisoformat(words)
        days.add(moment.date())
        is_day = case["type"] in ("date", "time_span", "time_point") and _is_whole_day(value, moment)
        halves.add(None if is_day else half_of(moment.hour))
        if moment.date() == today:
            days.add(None)
    return days, halves


def _is_whole_day(value: dict[str, str], start: datetime) -> bool:
    end = value.get("end", "")
    is_midnight = (start.hour, start.minute) == (0, 0) or start.strftime("%H:%M:%S") == "23:59:59"
    return is_midnight and not end.endswith("00:59:59") and (not end or end == "inf" or end[14:] != "00:00")


def _found(case: Case) -> tuple[date | None, str | None] | None:
    inside = moments_in(case["text"])
    at = case["text"].find(case["span"])
    moment = next((m for m in inside if m.end > at and m.start < at + len(case["span"])), None)
    if moment is None:
        return None
    days = day_of(moment.day, _reference(case).date()) if moment.day else None
    if moment.day and days is None:
        return None
    return days[0] if days else None, moment.half.value if moment.half else None


def _agrees(found: tuple[date | None, str | None] | None, expected: tuple[set[date | None], set[str | None]]) -> bool:
    return found is not None and found[0] in expected[0] and found[1] in expected[1]


def _is_another_year(
    found: tuple[date | None, str | None] | None, expected: tuple[set[date | None], set[str | None]]
) -> bool:
    """The same day of the month or year, next instead of last: a visit is never in the past."""
    if found is None or found[0] is None or found[1] not in expected[1]:
        return False
    ours = found[0]
    return any(day and day.day == ours.day and (day < ours) and (ours - day).days < 366 for day in expected[0])
