"""Places as latitude and longitude. All positions inside are GCJ-02, the datum of every map in China.

A position says where it comes from and how far off it may be, so that the middle of a district never decides a hard
rule. Other datums are turned into GCJ-02 where they come in (`domain.regions.datums`).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

EARTH_M = 6_371_008.8
"""Mean radius of the earth, metres (IUGG)."""


class Source(StrEnum):
    """From the most to the least exact."""

    PIN = "pin"
    """The customer's or the engineer's own phone, or a pin on a map."""
    GEOCODER = "geocoder"
    CENTROID = "centroid"
    """The middle of the smallest division known: kilometres off."""


@dataclass(frozen=True, slots=True)
class Position:
    """``lat`` and ``lng`` in degrees, GCJ-02; the true place is within ``radius_m`` metres."""

    lat: float
    lng: float
    source: Source = Source.PIN
    radius_m: int = 50

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(body: dict[str, Any]) -> Position:
        return Position(float(body["lat"]), float(body["lng"]), Source(body["source"]), int(body["radius_m"]))


def metres(a: Position, b: Position) -> float:
    """The great circle between two positions (haversine), in metres."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.lng - a.lng) / 2) ** 2
    )
    return 2 * EARTH_M * math.asin(math.sqrt(min(1.0, half)))
