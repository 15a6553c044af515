"""An address as a customer confirmed it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.regions.positions import Position


@dataclass(frozen=True)
class AddressLine:
    """``division_code``: significant digits only (440606 a district, 440606004 a street); ``line``: province first."""

    division_code: str
    line: str
    position: Position | None = None
    """The customer's own pin, where one was sent."""
