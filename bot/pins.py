"""The customer's own pin: a location that was sent is kept until the order, and belongs to it only if it is its place.

A phone's location in a chat is GCJ-02 already (the platform's maps are).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.heard import Heard
from bot.understanding import parse_address
from domain.customers.address import AddressLine
from domain.regions.centroids import centroid
from domain.regions.positions import Position, metres

if TYPE_CHECKING:
    from bot.talk import Talk


def remember_pin(talk: Talk, heard: Heard) -> None:
    """Keep where the location that was sent is, with as much of its label as reads as an address."""
    if heard.latitude is None or heard.longitude is None:
        return
    if not (-90 <= heard.latitude <= 90 and -180 <= heard.longitude <= 180):
        return
    said = parse_address(heard.text)
    line = said.line if said else ""
    if line or talk.state.flow:  # without a label it can only be what was asked for
        talk.state.pin = {"lat": heard.latitude, "lng": heard.longitude, "line": line}


def with_pin(talk: Talk, address: AddressLine) -> AddressLine:
    """The address with the pin, where the pin is of this very address: the line begins as its label, in the same district."""
    pin = talk.state.pin
    if not pin or not address.line.startswith(pin["line"]):
        return address
    position, middle = Position(pin["lat"], pin["lng"]), centroid(address.division_code)
    if middle is None or metres(position, middle) > middle.radius_m:
        return address
    return AddressLine(address.division_code, address.line, position)
