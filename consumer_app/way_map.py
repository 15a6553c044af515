"""The map of somebody on the way: home and engineer on a plain plane to scale, without tiles from elsewhere. ★

The projection is that of the dispatch board's map (``console/web/board_map.ts``); the template draws what is computed here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT, MARGIN = 320, 190, 40
"""The drawing, and what markers need around it."""
METRES_A_DEGREE = 111_320
LEAST_M = 600
"""Metres across at least: closer than that nobody knows."""
SCALES = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000)
RULER = 55
"""The ruler is the first round distance that is as long as this."""


@dataclass(frozen=True)
class Spot:
    """In the drawing; ``radius`` is what it may be off by."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class WayMap:
    home: Spot
    engineer: Spot
    ruler: float
    ruler_words: str
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    """Lines of the grid, one ruler apart."""
    width: int = WIDTH
    height: int = HEIGHT


def draw(position: Mapping[str, Any] | None) -> WayMap | None:
    """None where either of both is not known."""
    if position is None or position["home"] is None:
        return None
    home, at = position["home"], position["at"]
    wide = math.cos(math.radians(home["lat"]))
    east = (at["lng"] - home["lng"]) * METRES_A_DEGREE * wide
    south = (home["lat"] - at["lat"]) * METRES_A_DEGREE
    room_x, room_y = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    scale = min(room_x / max(abs(east), LEAST_M), room_y / max(abs(south), LEAST_M))

    def spot(x: float, y: float, radius_m: int) -> Spot:
        """Both lie around the middle."""
        left, top = WIDTH / 2 + (x - east / 2) * scale, HEIGHT / 2 + (y - south / 2) * scale
        return Spot(round(left, 1), round(top, 1), round(radius_m * scale, 1))

    step = next((one for one in SCALES if one * scale >= RULER), SCALES[-1])
    home_spot = spot(0, 0, home["radius_m"])
    return WayMap(
        home_spot, spot(east, south, at["radius_m"]), round(step * scale, 1),
        f"{step // 1000} 公里" if step >= 1000 else f"{step} 米",
        lines(home_spot.x, step * scale, WIDTH), lines(home_spot.y, step * scale, HEIGHT),
    )  # fmt: skip


def lines(through: float, step: float, length: int) -> tuple[float, ...]:
    """All that fit, one of them through home."""
    first = through % step
    return tuple(round(first + n * step, 1) for n in range(int((length - first) // step) + 1))
