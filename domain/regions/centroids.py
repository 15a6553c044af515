"""The middle of a division, for whoever has no pin: kilometres off, and says so.

Read from the data file of the package cpca (docs/decisions/0041-positions.md), whose code is never imported.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import distribution
from pathlib import Path

from domain.regions import source
from domain.regions.divisions import Level, divisions
from domain.regions.positions import Position, Source, metres

PACKAGE = "cpca"
RADIUS_M = {Level.PROVINCE: 500_000, Level.CITY: 80_000, Level.DISTRICT: 25_000, Level.STREET: 25_000}
"""What holds nearly all divisions of a level; a street is only known by its district's middle."""


@lru_cache(maxsize=4096)
def centroid(division_code: str) -> Position | None:
    """The middle of a division in GCJ-02, or of the smallest one above it whose middle is known; None for no code at all.

    :param division_code: with or without trailing zeros: 44, 4406, 440606, 440606004
    """
    if not (division_code.isdigit() and len(division_code) >= 2):
        return None
    same = _names_of(division_code[:6]) if len(division_code) >= 6 else ()
    tried = [*same, division_code[:4], division_code[:2]]
    return next((found for code in tried if (found := _middle(code.ljust(6, "0")))), None)


def _names_of(district: str) -> tuple[str, ...]:
    """The code of today, the code itself, and what both were before: the file knows some districts by an older code."""
    today = divisions().today(district)
    codes = dict.fromkeys([today.code, district] if today else [district])
    return (*codes, *(old for code in codes for old in _former().get(code, ())))


@lru_cache(maxsize=1)
def _former() -> dict[str, list[str]]:
    """Six-digit code → the codes it had before."""
    former: dict[str, list[str]] = {}
    for row in source.renames():
        if row.old_code and row.old_code != row.new_code:
            former.setdefault(row.new_code, []).append(row.old_code)
    return former


@lru_cache(maxsize=4096)
def _middle(code: str) -> Position | None:
    """``code`` has six digits. In the wide west a district is as large as its neighbours are far."""
    place = _middles().get(code)
    if place is None:
        return None
    level = Level.PROVINCE if code.endswith("0000") else Level.CITY if code.endswith("00") else Level.DISTRICT
    neighbour = _nearest_m(code) if level is Level.DISTRICT else 0
    return Position(*place, Source.CENTROID, max(RADIUS_M[level], neighbour))


def _nearest_m(code: str) -> int:
    """How far the nearest other district of the province is."""
    here = Position(*_middles()[code])
    others = (
        place for other, place in _middles().items() if other[:2] == code[:2] and other[4:] != "00" and other != code
    )
    return round(min((metres(here, Position(*place)) for place in others), default=0.0))


@lru_cache(maxsize=1)
def _middles() -> dict[str, tuple[float, float]]:
    """Six-digit code → latitude, longitude."""
    return dict(_rows())


def _rows() -> Iterator[tuple[str, tuple[float, float]]]:
    path = Path(str(distribution(PACKAGE).locate_file("cpca/resources/adcodes.csv")))
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["longitude"] and row["latitude"]:
                yield row["adcode"][:6], (float(row["latitude"]), float(row["longitude"]))
