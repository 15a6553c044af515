"""Finding out where an address is. `adapters.geocoder` asks a map service; without its key nobody is asked."""

from __future__ import annotations

from typing import Protocol

from domain.regions.centroids import centroid
from domain.regions.positions import Position, metres


class Geocoder(Protocol):
    def locate(self, line: str, division_code: str) -> Position | None:
        """Where the address is; None when nobody knows. May take seconds.

        :raises GeocoderAway: not now: ask again later
        """


class GeocoderAway(Exception):
    """The map service does not answer, or not so often."""


def plausible(position: Position, division_code: str) -> bool:
    """Whether a place may lie in a division: services like to answer with a road of the same name in another city."""
    middle = centroid(division_code)
    return middle is None or metres(position, middle) <= middle.radius_m + position.radius_m
