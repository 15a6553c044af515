"""The windows visits are promised in: two hours each, how they are said, and which of many to offer. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.kit.unit_of_work import SHANGHAI

WINDOWS = ((8, 10), (10, 12), (12, 14), (14, 16), (16, 18), (18, 20))
"""Hours of a day, Shanghai."""
NOTICE = timedelta(hours=1)
"""A window begins at least this long from now."""
ONE_DAY = timedelta(days=1)
NARROW = timedelta(hours=2)
"""Whoever wishes for no more than this means that very time."""
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Window:
    """A promise that can be made: this engineer arrives within ``[since, until)``."""

    since: datetime
    until: datetime
    engineer_id: str

    @property
    def day(self) -> date:
        return self.since.astimezone(SHANGHAI).date()

    @property
    def shown(self) -> str:
        return window_words(self.since, self.until)


@dataclass(frozen=True)
class Wish:
    """When somebody would like it: ``[since, until)``, an open end is None."""

    since: datetime | None
    until: datetime | None

    def holds(self, since: datetime, until: datetime) -> bool:
        """Whether that window would be what was wished for: it begins within, or all of the wish lies in it."""
        begins = (self.since is None or self.since <= since) and (self.until is None or since < self.until)
        around = self.since is not None and self.until is not None and since <= self.since and self.until <= until
        return begins or around

    def exactly(self, windows: Sequence[Window]) -> list[Window]:
        """Those that may be booked for it without asking: it names a day, or less than one."""
        return self.inside(windows) if self.length is not None and self.length <= ONE_DAY else []

    @property
    def length(self) -> timedelta | None:
        return None if self.since is None or self.until is None else self.until - self.since

    def inside(self, windows: Sequence[Window]) -> list[Window]:
        """Those that are what was wished for, the soonest first; who says 下午 and no hour gets lunch time last."""
        found = [window for window in windows if self.holds(window.since, window.until)]
        wide = self.length is None or self.length > NARROW
        noon = time(12)
        return sorted(
            found, key=lambda one: (one.day, wide and one.since.astimezone(SHANGHAI).time() == noon, one.since)
        )

    def off(self, since: datetime) -> timedelta:
        """How far a window beginning then is from the wish."""
        if self.since is not None and since < self.since:
            return self.since - since
        if self.until is not None and since >= self.until:
            return since - self.until
        return timedelta(0)


def window_words(since: datetime, until: datetime) -> str:
    """As customers are told: 11月23日 周一 14:00–16:00."""
    here, end = since.astimezone(SHANGHAI), until.astimezone(SHANGHAI)
    return f"{here:%-m月%-d日} 周{WEEKDAYS[here.weekday()]} {here:%H:%M}–{clock(end, here)}"


def clock(end: datetime, start: datetime) -> str:
    """The hour something ends; midnight is 24:00 of the day before."""
    return "24:00" if end.date() > start.date() and end.time() == time() else f"{end:%H:%M}"


def windows_between(first: date, end: date, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Every window of the days ``[first, end)`` there is still notice enough for."""
    day = first
    while day < end:
        midnight = datetime.combine(day, time(), SHANGHAI)
        for since, until in WINDOWS:
            start = midnight + timedelta(hours=since)
            if start >= now + NOTICE:
                yield start, midnight + timedelta(hours=until)
        day += timedelta(days=1)


def chosen(found: Sequence[Window], most: int, near: Wish | None) -> list[Window]:
    """At most so many of the windows there are, in order of time: those wished for and the nearest to them, or, without a
    wish, the soonest and then of different days and hours."""
    if near is not None:
        if len(inside := near.inside(found)) > most and not near.exactly(found):
            return sorted(spread(inside, most), key=lambda window: window.since)
        wished = sorted(found, key=lambda window: (not near.holds(window.since, window.until), near.off(window.since)))
        return sorted(wished[:most], key=lambda window: window.since)
    return sorted(spread(found, most), key=lambda window: window.since)


def spread(found: Sequence[Window], most: int) -> list[Window]:
    """The soonest; then day by day the one whose hour was offered least; over again while there is room."""
    left = sorted(found, key=lambda window: window.since)
    picked, left = left[:1], left[1:]
    while left and len(picked) < most:
        for day in sorted({window.day for window in left}):
            if len(picked) == most:
                break
            hours = [window.since.astimezone(SHANGHAI).hour for window in picked]
            best = min(
                (window for window in left if window.day == day),
                key=lambda window: (hours.count(window.since.astimezone(SHANGHAI).hour), window.since),
            )
            picked.append(best)
            left.remove(best)
    return picked
