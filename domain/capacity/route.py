"""The order of a day's visits, in minutes: how early each can begin, how late each may, and where one more costs least.

Arithmetic only. Travel and work lie within one span of working hours; arrival lies within the visit's window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from domain.capacity.travel import Travel
from domain.regions.positions import Position


class Span(NamedTuple):
    """Hours worked without a break."""

    since: float
    until: float


class Step(NamedTuple):
    """One visit. Those that are ``fixed`` keep ``leaves`` and ``starts``."""

    since: float
    until: float
    minutes: int
    place: Position | None
    fixed: bool = False
    leaves: float | None = None
    starts: float | None = None


def earliest_start(spans: Sequence[Span], step: Step, ready: float, way: int) -> float | None:
    """When work can begin for whoever may leave from ``ready`` on and drives ``way`` minutes."""
    for since, until in spans:
        leave = ready if ready > since else since
        start = leave + way
        if start < step.since:
            start = step.since
            if start - way < since:
                start = since + way
        if start > step.until:
            return None
        if start + step.minutes <= until:
            return start
    return None


def latest_start(spans: Sequence[Span], step: Step, before: float) -> float | None:
    """The latest that work may begin so that it is over by ``before``."""
    for since, until in reversed(spans):
        start = min(step.until, (until if until < before else before) - step.minutes)
        if start >= since and start >= step.since:
            return start
    return None


@dataclass
class Route:
    """A day's visits in order, with what an insertion needs worked out once."""

    spans: Sequence[Span]
    steps: list[Step]
    travel: Travel
    base: Position | None
    first: float
    """Nobody leaves before this minute."""
    ready: list[float]
    """When the engineer can leave for the i-th visit, everything being done as early as can be."""
    latest: list[float]
    ways: list[int]
    """The way to the i-th visit."""
    open_at: int
    """Nothing is put before this one: whoever goes there is on the way."""
    _place: Position | None = None
    _to: list[int] = field(default_factory=list)
    _known: bool = False

    @staticmethod
    def key(step: Step) -> tuple[float, float]:
        return (step.starts if step.starts is not None else step.since, step.until)

    @staticmethod
    def of(spans: Sequence[Span], steps: Sequence[Step], base: Position | None, travel: Travel, first: float) -> Route:
        """Work a day out. One that cannot be kept as early as can be is taken as it is planned, all of it fixed."""
        steps = sorted(steps, key=Route.key)
        under_way = max((i + 1 for i, step in enumerate(steps) if step.fixed), default=0)
        made = worked_out(spans, steps, base, travel, first, under_way)
        if made is None:
            pinned = [s if s.fixed or s.starts is None else s._replace(fixed=True) for s in steps]
            begun = max((i + 1 for i, step in enumerate(pinned) if (step.leaves or 0.0) <= first), default=0)
            made = worked_out(spans, pinned, base, travel, first, max(under_way, begun))
        return made or blocked(spans, steps, base, travel, first)

    def cheapest(self, new: Step) -> tuple[int, float, int] | None:
        """(before which visit, when it begins, minutes of driving more) of the cheapest place, or None."""
        to = self.ways_to(new.place)
        steps, spans, count = self.steps, self.spans, len(self.steps)
        best: tuple[int, float, int] | None = None
        for k in range(self.open_at, count + 1):
            ready, way = self.ready[k], to[k]
            if ready > new.until:
                break
            start = earliest_start(spans, new, ready, way)
            if start is None:
                continue
            extra = way
            if k < count:
                after = steps[k]
                way_on, end = to[k + 1], start + new.minutes
                if after.fixed:
                    if after.starts is None or end + way_on > after.starts:
                        continue
                else:
                    next_start = earliest_start(spans, after, end, way_on)
                    if next_start is None or next_start > self.latest[k]:
                        continue
                extra += way_on - self.ways[k]
            if best is None or (extra, start) < (best[2], best[1]):
                best = k, start, extra
        return best

    def ways_to(self, place: Position | None) -> list[int]:
        """Minutes between a place and the base, the first visit, the second …; kept for the next question."""
        if not self._known or self._place is not place:
            minutes = self.travel.minutes
            self._to = [minutes(self.base, place), *(minutes(step.place, place) for step in self.steps)]
            self._place, self._known = place, True
        return self._to

    def times(self, at: int, new: Step) -> list[tuple[float, float, float]]:
        """(leaves, starts, ends) of every visit with the new one put in: each as early as can be."""
        found, ready, place, over = [], self.first, self.base, float("-inf")
        for step in [*self.steps[:at], new, *self.steps[at:]]:
            way = self.travel.minutes(place, step.place)
            if step.fixed and step.starts is not None:
                start, leave = step.starts, step.leaves if step.leaves is not None else step.starts
                if leave < over:  # another visit was put before it: the engineer comes from there
                    leave = max(over, start - way)
            else:
                start = earliest_start(self.spans, step, ready, way) or 0.0
                leave = start - way
            over, place = start + step.minutes, step.place
            ready = max(ready, over)
            found.append((leave, start, over))
        return found


def worked_out(
    spans: Sequence[Span], steps: Sequence[Step], base: Position | None, travel: Travel, first: float, open_at: int
) -> Route | None:
    """None when the visits cannot all be kept."""
    ready, ways, at, place = [first], [], first, base
    starts: list[float] = []
    for step in steps:
        way = travel.minutes(place, step.place)
        start = step.starts if step.fixed else earliest_start(spans, step, at, way)
        if start is None or (step.fixed and starts and at > start):
            return None
        at, place = max(at, start + step.minutes), step.place
        ways.append(way)
        starts.append(start)
        ready.append(at)
    latest, before = [0.0] * len(steps), float("inf")
    for i in range(len(steps) - 1, -1, -1):
        step = steps[i]
        late = step.starts if step.fixed else latest_start(spans, step, before)
        if late is None or late < starts[i]:
            return None
        latest[i], before = late, late - ways[i]
    return Route(spans, list(steps), travel, base, first, ready, latest, ways, open_at)


def blocked(spans: Sequence[Span], steps: Sequence[Step], base: Position | None, travel: Travel, first: float) -> Route:
    """A day that cannot be kept even as it is planned: nothing more goes into it."""
    count = len(steps)
    return Route(spans, list(steps), travel, base, first, [first] * (count + 1), [0.0] * count, [0] * count, count + 1)
