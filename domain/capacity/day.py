"""One engineer's day, and whether one more visit fits into it. Pure: dispatch asks this thousands of times in a turn.

Visits are put one behind the other as early as their windows let them; a further one is tried between all neighbours
(cheapest insertion). Times are minutes after the day's Shanghai midnight inside, moments outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from math import ceil
from typing import Any

from domain.capacity.route import Route, Span, Step
from domain.capacity.travel import Least, Travel
from domain.kit.unit_of_work import SHANGHAI
from domain.regions.positions import Position

MINUTES = 24 * 60
Hours = tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class Stop:
    """A visit that is planned. A ``fixed`` one keeps its times: the engineer is on the way, there, or done."""

    reservation_id: str
    work_order_id: str
    window_since: datetime
    window_until: datetime
    minutes: int
    place: Position | None
    fixed: bool = False
    leaves_at: datetime | None = None
    starts_at: datetime | None = None
    """As planned now; None for whoever only asks whether it would do."""
    promised: bool = False
    visit_id: str | None = None


@dataclass(frozen=True)
class Wanted:
    """A visit to find time for: arrival within the window, so long at work."""

    window_since: datetime
    window_until: datetime
    minutes: int
    place: Position | None

    @cached_property
    def seconds(self) -> tuple[float, float]:
        return self.window_since.timestamp(), self.window_until.timestamp()


@dataclass(frozen=True)
class Day:
    """``hours`` are those worked: shifts without the ``leave``. ``taken`` visits of at ``most``."""

    engineer_id: str
    day: date
    hours: Hours
    stops: tuple[Stop, ...]
    taken: int
    most: int
    base: Position | None
    leave: Hours = ()
    routes: dict[Any, Route] = field(default_factory=dict, compare=False, repr=False)
    """Worked out already, by travel and earliest moment."""
    kept: list[Travel] = field(default_factory=list, compare=False, repr=False)
    """The travels they were worked out with: while they are here, no other can have their identity."""

    @cached_property
    def midnight(self) -> float:
        return datetime.combine(self.day, time(), SHANGHAI).timestamp()

    def minute(self, at: datetime) -> float:
        return (at.timestamp() - self.midnight) / 60

    def moment(self, minute: float) -> datetime:
        return datetime.combine(self.day, time(), SHANGHAI) + timedelta(minutes=minute)

    def route(self, travel: Travel, earliest: datetime, at_least: bool) -> Route:
        """The day worked out; ``at_least`` with empty roads."""
        found = self.routes.get((id(travel), earliest, at_least))
        if found is None:
            spans = [Span(self.minute(since), self.minute(until)) for since, until in self.hours]
            first = max(0, ceil(self.minute(earliest)))
            roads = Least(travel) if at_least else travel
            found = Route.of(spans, [self.step(stop) for stop in self.stops], self.base, roads, first)
            self.routes[(id(travel), earliest, at_least)] = found
            self.kept.append(travel)
        return found

    def step(self, stop: Stop) -> Step:
        starts = None if stop.starts_at is None else self.minute(stop.starts_at)
        leaves = starts if stop.leaves_at is None else self.minute(stop.leaves_at)
        window = self.minute(stop.window_since), self.minute(stop.window_until)
        return Step(*window, stop.minutes, stop.place, stop.fixed, leaves, starts)


@dataclass(frozen=True)
class Placed:
    """A stop with the times it gets; ``stop`` is None for the one that was wanted."""

    stop: Stop | None
    leaves_at: datetime
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Fit:
    """Where a wanted visit goes. ``extra_minutes`` is the additional driving."""

    day: Day
    route: Route
    step: Step
    at: int
    start: float
    extra_minutes: int

    @property
    def starts_at(self) -> datetime:
        return self.day.moment(self.start)

    @cached_property
    def placed(self) -> list[Placed]:
        """Every stop of the day, in order, with its times."""
        stops: list[Stop | None] = [*sorted(self.day.stops, key=lambda stop: Route.key(self.day.step(stop)))]
        stops.insert(self.at, None)
        times = self.route.times(self.at, self.step)
        return [
            Placed(stop, *(self.day.moment(minute) for minute in minutes))
            for stop, minutes in zip(stops, times, strict=True)
        ]


def fit(day: Day, wanted: Wanted, travel: Travel, earliest: datetime, *, at_least: bool = False) -> Fit | None:
    """The cheapest place in the day's route, or None. Nobody leaves for it before ``earliest``.

    ``at_least``: as if the roads were empty and both places as near as they may be, which is what a hard rule asks.
    """
    if day.taken >= day.most or not day.hours:
        return None
    since, until = wanted.seconds
    since, until = (since - day.midnight) / 60, (until - day.midnight) / 60
    if not -MINUTES < since < 2 * MINUTES:
        return None
    route = day.route(travel, earliest, at_least)
    step = Step(since, until, wanted.minutes, wanted.place)
    found = route.cheapest(step)
    return None if found is None else Fit(day, route, step, *found)


def why_not(day: Day, wanted: Wanted, travel: Travel, earliest: datetime) -> tuple[str, str]:
    """Code and words of why it does not fit; ("", "") when it does. Only ``tight`` is a matter of expected travel: all other
    codes stand even if the roads are empty, so they may rule somebody out."""
    if fit(day, wanted, travel, earliest):
        return "", ""
    if wanted.window_until <= earliest:
        return "past", "这个时段已经过了"
    if not day.hours:
        return ("leave", "当天请假") if day.leave else ("no_shift", "当天不上班")
    if day.taken >= day.most:
        return "full", f"当天已排 {day.taken} 单，上限 {day.most} 单"
    if fit(day, wanted, travel, earliest, at_least=True):
        return "tight", "时间上排得下，但路上可能来不及"
    alone = replace(day, stops=(), taken=0, most=1, routes={}, kept=[])
    if fit(alone, wanted, travel, earliest, at_least=True):
        return "busy", "这个时段已有其他上门"
    if any(since < wanted.window_until and until > wanted.window_since for since, until in day.leave):
        return "leave", "这个时段请假"
    nearby = replace(alone, base=wanted.place, routes={}, kept=[])
    if fit(nearby, wanted, travel, earliest, at_least=True):
        return "too_far", "从出发地赶不到"
    return "outside_hours", "这个时段不在工作时间内"
