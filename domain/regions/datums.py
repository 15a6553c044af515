"""Turns positions of other datums into GCJ-02 and back: a phone's GPS is WGS-84, Baidu's maps are BD-09, all else is GCJ-02.

The formulas are the public ones everybody uses (eviltransform, coordtransform); the state publishes none. The shift holds
inside the rectangle around China only: outside, a position of WGS-84 and one of GCJ-02 are the same.
"""

from __future__ import annotations

import math

AXIS_M = 6378245.0
FLATTENING = 0.00669342162296594323
"""Krasovsky 1940, on which GCJ-02 is computed."""
BAIDU = math.pi * 3000.0 / 180.0
ROUNDS = 30
CLOSE = 1e-9
"""Degrees: a tenth of a millimetre."""


def is_shifted(lat: float, lng: float) -> bool:
    """Whether the datum shifts positions there."""
    return 72.004 <= lng <= 137.8347 and 0.8293 <= lat <= 55.8271


def gcj_from_wgs(lat: float, lng: float) -> tuple[float, float]:
    """WGS-84 (GPS) → GCJ-02."""
    if not is_shifted(lat, lng):
        return lat, lng
    by_lat, by_lng = _shift(lat, lng)
    return lat + by_lat, lng + by_lng


def wgs_from_gcj(lat: float, lng: float) -> tuple[float, float]:
    """GCJ-02 → WGS-84, found by trying: there is no formula for the way back."""
    if not is_shifted(lat, lng):
        return lat, lng
    at_lat, at_lng = lat, lng
    for _ in range(ROUNDS):
        by_lat, by_lng = _shift(at_lat, at_lng)
        off_lat, off_lng = at_lat + by_lat - lat, at_lng + by_lng - lng
        at_lat, at_lng = at_lat - off_lat, at_lng - off_lng
        if abs(off_lat) < CLOSE and abs(off_lng) < CLOSE:
            break
    return at_lat, at_lng


def gcj_from_bd(lat: float, lng: float) -> tuple[float, float]:
    """BD-09 (Baidu) → GCJ-02, a metre or so exact."""
    x, y = lng - 0.0065, lat - 0.006
    far = math.hypot(x, y) - 0.00002 * math.sin(y * BAIDU)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * BAIDU)
    return far * math.sin(angle), far * math.cos(angle)


def _shift(lat: float, lng: float) -> tuple[float, float]:
    """By how many degrees GCJ-02 lies off WGS-84 at a place of WGS-84."""
    x, y = lng - 105.0, lat - 35.0
    sins = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + sins
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + sins
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    radians = math.radians(lat)
    curve = 1 - FLATTENING * math.sin(radians) ** 2
    per_lat = math.radians((AXIS_M * (1 - FLATTENING)) / (curve * math.sqrt(curve)))
    per_lng = math.radians(AXIS_M / math.sqrt(curve) * math.cos(radians))
    return north / per_lat, east / per_lng
