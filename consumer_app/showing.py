"""How days, moments, distances, directions and order numbers are written on the pages."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint

from domain.kit.unit_of_work import SHANGHAI
from domain.work_orders.numbers import spoken

DIRECTIONS = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")


def day(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d}"


def moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%-m月%-d日 %H:%M}"


def distance(metres: int) -> str:
    """Rounded as people say it: no more is known."""
    return f"{metres / 1000:.1f} 公里" if metres >= 1000 else f"{max(metres, 100)} 米"


def direction(bearing: int) -> str:
    return DIRECTIONS[round(bearing / 45) % 8]


def register(door: Blueprint) -> None:
    filters = (
        ("c_day", day),
        ("c_moment", moment),
        ("c_distance", distance),
        ("c_direction", direction),
        ("c_number", spoken),
    )
    for name, written in filters:
        door.add_app_template_filter(written, name)
