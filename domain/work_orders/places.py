"""Where the work of an order is."""

from __future__ import annotations

from domain.regions.centroids import centroid
from domain.regions.positions import Position
from domain.work_orders.model import WorkOrder


def place_of(order: WorkOrder) -> Position | None:
    """The customer's pin or what the geocoder said; else the middle of the division, whose radius says that it is no place."""
    return Position.from_json(order.position) if order.position else centroid(order.division_code)
