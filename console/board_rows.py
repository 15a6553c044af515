"""The rows of the dispatch board: what is shown of an engineer, of a visit and of an order that waits; customers masked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.appointments.model import Appointment
from domain.capacity.model import Reservation
from domain.catalog.categories import TITLES as CATEGORIES
from domain.dispatch.model import WaitingOrder
from domain.kit.personal import mask_address, mask_name
from domain.kit.unit_of_work import SHANGHAI
from domain.regions.positions import Position
from domain.work_orders.kinds import TITLES as SERVICES
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.places import place_of


@dataclass(frozen=True)
class Pin:
    """A place for the map; off by up to ``radius_m`` metres."""

    lat: float
    lng: float
    radius_m: int
    source: str


@dataclass(frozen=True)
class Span:
    since: datetime
    until: datetime
    title: str = ""


@dataclass(frozen=True)
class Colour:
    """The worst of an order's service-level clocks: ``red`` broken, ``amber`` warned, ``green``, ``grey`` paused, ``none``."""

    name: str = "none"
    due_at: datetime | None = None
    clock: str = ""
    """Its title."""


@dataclass(frozen=True)
class Seen:
    """Where an engineer was last, and how we know."""

    pin: Pin | None
    at: datetime
    how: str


@dataclass(frozen=True)
class StationRow:
    id: str
    name: str
    provider_id: str
    provider: str
    pin: Pin | None


@dataclass(frozen=True)
class EngineerRow:
    id: str
    code: str
    name: str
    station_id: str
    grade: str
    rating: int
    skills: Sequence[str]
    """Codes of the categories, on this day."""
    shifts: Sequence[Span]
    leaves: Sequence[Span]
    taken: int
    most: int
    base: Pin | None
    seen: Seen | None


@dataclass(frozen=True)
class VisitBlock:
    """Time of an engineer that is taken: the way from ``leaves_at``, work from ``starts_at`` to ``ends_at``."""

    id: str
    order_id: str
    number: str
    visit_id: str | None
    engineer_id: str
    status: str
    """Of the visit; ``held`` while only reserved."""
    leaves_at: datetime
    starts_at: datetime
    ends_at: datetime
    window_since: datetime
    window_until: datetime
    promised: bool
    what: str
    category: str
    service_type: str
    customer: str
    place: str
    urged: int
    hard: str
    pin: Pin | None
    colour: Colour = Colour()
    answer_by: datetime | None = None


@dataclass(frozen=True)
class WaitingRow:
    """An order nobody has, and why."""

    order_id: str
    number: str
    version: int
    reason: str
    words: str
    since: datetime
    tried_at: datetime
    tries: int
    again_at: datetime
    what: str
    category: str
    service_type: str
    customer: str
    place: str
    wish: str
    window_since: datetime | None
    window_until: datetime | None
    urged: int
    hard: str
    pin: Pin | None
    colour: Colour = Colour()


@dataclass(frozen=True)
class OfferRow:
    """An engineer who was asked and has not answered."""

    id: str
    visit_id: str
    order_id: str
    number: str
    engineer_id: str
    engineer: str
    offered_at: datetime
    answer_by: datetime


@dataclass(frozen=True)
class PlanRow:
    id: str
    station: str
    made_at: datetime
    metres_before: int
    metres_after: int
    accepted: bool


def pin(place: Position | None) -> Pin | None:
    return Pin(round(place.lat, 5), round(place.lng, 5), place.radius_m, str(place.source)) if place else None


def local(at: datetime) -> datetime:
    return at.astimezone(SHANGHAI)


def what_of(order: WorkOrder) -> str:
    """空调 维修."""
    return f"{CATEGORIES.get(order.category_code, order.category_code)} {SERVICES[order.service_type]}"


FAR_PLACES = re.compile(r"^.*?(?:省|自治区|特别行政区)?[^省区县]{2,}?市(?=.{2,})")


def short_place(order: WorkOrder) -> str:
    """The masked address without province and city, which all on one board share."""
    return FAR_PLACES.sub("", mask_address(order.address), count=1)


def visit_block(reservation: Reservation, order: WorkOrder, visit: Visit | None) -> VisitBlock:
    return VisitBlock(
        id=reservation.id,
        order_id=order.id,
        number=order.number,
        visit_id=visit.id if visit else None,
        engineer_id=reservation.engineer_id,
        status=str(visit.status) if visit else "held",
        leaves_at=local(reservation.leaves_at),
        starts_at=local(reservation.starts_at),
        ends_at=local(reservation.ends_at),
        window_since=local(reservation.window_since),
        window_until=local(reservation.window_until),
        promised=reservation.promised,
        what=what_of(order),
        category=order.category_code,
        service_type=str(order.service_type),
        customer=mask_name(order.contact_name or ""),
        place=short_place(order),
        urged=order.urged,
        hard=order.hard,
        pin=pin(place_of(order)),
    )


def waiting_row(waiting: WaitingOrder, order: WorkOrder, promise: Appointment | None) -> WaitingRow:
    return WaitingRow(
        order_id=order.id,
        number=order.number,
        version=order.version,
        reason=waiting.reason,
        words=waiting.words,
        since=local(waiting.since),
        tried_at=local(waiting.tried_at),
        tries=waiting.tries,
        again_at=local(waiting.again_at),
        what=what_of(order),
        category=order.category_code,
        service_type=str(order.service_type),
        customer=mask_name(order.contact_name or ""),
        place=short_place(order),
        wish=order.wanted_time or "",
        window_since=local(promise.window_since) if promise else None,
        window_until=local(promise.window_until) if promise else None,
        urged=order.urged,
        hard=order.hard,
        pin=pin(place_of(order)),
    )
