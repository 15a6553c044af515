"""How long the way from one place to another takes. A routing server would be another class behind `Travel`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.regions.positions import Position, metres

UNKNOWN_MINUTES = 25
"""Expected where one of the places is not known at all."""


class Travel(Protocol):
    """Minutes by road between two places; None is a place nobody knows."""

    def minutes(self, a: Position | None, b: Position | None) -> int:
        """What to expect: planning counts with this."""

    def least_minutes(self, a: Position | None, b: Position | None) -> int:
        """What it takes at the very least, given how inexact both places are: only this may rule somebody out."""

    def matrix(self, places: Sequence[Position | None]) -> list[list[int]]:
        """Expected seconds from each to each."""


@dataclass(frozen=True)
class RoadTravel:
    """By the great circle: roads are longer by ``detour``, and driving ends with finding a place to park."""

    detour: float = 1.4
    kmh: float = 25.0
    park_minutes: int = 5
    fastest_kmh: float = 50.0

    def minutes(self, a: Position | None, b: Position | None) -> int:
        if a is None or b is None:
            return UNKNOWN_MINUTES
        return math.ceil(metres(a, b) * self.detour * 0.06 / self.kmh) + self.park_minutes

    def least_minutes(self, a: Position | None, b: Position | None) -> int:
        if a is None or b is None:
            return 0
        return int(max(0.0, metres(a, b) - a.radius_m - b.radius_m) * 0.06 / self.fastest_kmh)

    def matrix(self, places: Sequence[Position | None]) -> list[list[int]]:
        return [[0 if a is b else self.minutes(a, b) * 60 for b in places] for a in places]


@dataclass(frozen=True)
class Least:
    """Another travel at its least: whether something is possible at all, rather than sensible."""

    of: Travel

    def minutes(self, a: Position | None, b: Position | None) -> int:
        return self.of.least_minutes(a, b)

    def least_minutes(self, a: Position | None, b: Position | None) -> int:
        return self.of.least_minutes(a, b)

    def matrix(self, places: Sequence[Position | None]) -> list[list[int]]:
        return [[0 if a is b else self.minutes(a, b) * 60 for b in places] for a in places]


ROADS = RoadTravel()
"""What the program counts with until a routing server is there."""
