"""Who comes to a customer, and on the way where they are: shown to the customer of that very visit, and no longer than it needs.

The name and the photo are there while somebody is to come, the number from departure until the visit is over, the position from
departure to arrival. Decision: docs/decisions/0076-consumer-pages.md.
"""

from __future__ import annotations

import math
from typing import Any

from sqlalchemy import select

from consumer_app.person import Person
from domain.appointments.queries import NOBODY, promises
from domain.engineers import certificates, grades
from domain.engineers.model import Certificate, Engineer
from domain.engineers.photos import photo_of
from domain.engineers.whereabouts import APP, DEPARTURE, LastSeen, last_seen
from domain.files.model import StoredFile
from domain.kit.errors import NotFound
from domain.regions.positions import Position, metres
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit, VisitMove, WorkOrder
from domain.work_orders.places import place_of
from domain.work_orders.visits import standing_visit

UNDER_WAY = (VisitStatus.DEPARTED, VisitStatus.CHECKED_IN)
EXACT_M = 2000
"""A place known less well than this is none a distance can be told from."""
SHOWN = {APP: (0.001, 100), DEPARTURE: (0.005, 500)}
"""How a position was learnt → the grid it is shown on, in degrees, and how far off that may be, in metres. Where somebody departs
from may be the door of the customer before; where somebody checked in is, and is never shown."""


def who_comes(person: Person, visit: Visit | None, promised: str) -> Engineer | None:
    if visit is None or visit.engineer_id is None or promised == NOBODY:
        return None
    return person.uow.get(Engineer, visit.engineer_id, called="师傅")


def engineer(person: Person, order: WorkOrder, visit: Visit | None, promised: str) -> dict[str, Any] | None:
    """Who comes, or is there. The number only from departure until the visit is over: so that one can call, and no longer."""
    who = who_comes(person, visit, promised)
    if who is None or visit is None:
        return None
    held = select(Certificate.kind).where(
        Certificate.engineer_id == who.id, Certificate.since <= person.uow.today, Certificate.until > person.uow.today
    )
    return {
        "name": who.name if who.name.endswith("师傅") else f"{who.name[:1]}师傅", "code": who.code,
        "grade": grades.TITLES[who.grade],
        "certificates": [certificates.SHORT.get(kind, kind) for kind in sorted(set(person.uow.session.scalars(held)))],
        "photo_url": f"/orders/{order.number}/engineer/{who.photo_id}" if who.photo_id else None,
        "phone": who.phone if visit.status in UNDER_WAY else None,
    }  # fmt: skip


def photo(person: Person, number: str, photo_id: str) -> StoredFile:
    """The photo of who comes for this order of theirs; the former one and anybody else's is not there.

    :raises NotFound: see there
    """
    order = person.order(number)
    kept = promises(person.uow, [order.id]).get(order.id)
    who = who_comes(person, standing_visit(person.uow, order.id), kept.engineer if kept else "")
    if who is None or who.photo_id != photo_id:
        raise NotFound("没有照片")
    return photo_of(person.uow, who)


def position(person: Person, order: WorkOrder, visit: Visit | None) -> dict[str, Any] | None:
    """Where the engineer is, on the way only and on a coarse grid; how far from home, and how long ago."""
    seen = seen_on_the_way(person, visit)
    if seen is None:
        return None
    home = place_of(order)
    home = home if home and home.radius_m <= EXACT_M else None
    age = int((person.uow.now - seen.at).total_seconds() // 60)
    grid, off = SHOWN[seen.how]
    near = round(metres(seen.position, home), -2) if home else None
    return {
        "metres": int(near) if near is not None else None, "minutes_old": max(0, age),
        "bearing": bearing(home, seen.position) if home else None,
        "at": {
            "lat": on_grid(seen.position.lat, grid), "lng": on_grid(seen.position.lng, grid),
            "radius_m": max(off, seen.position.radius_m),
        },
        "home": {"lat": home.lat, "lng": home.lng, "radius_m": home.radius_m} if home else None,
    }  # fmt: skip


def seen_on_the_way(person: Person, visit: Visit | None) -> LastSeen | None:
    """What was learnt since this departure, and not at another customer's."""
    if visit is None or visit.engineer_id is None or visit.status is not VisitStatus.DEPARTED:
        return None
    seen = last_seen(person.uow, [visit.engineer_id]).get(visit.engineer_id)
    left = select(VisitMove.at).where(VisitMove.visit_id == visit.id, VisitMove.move == "depart")
    departed = person.uow.session.scalars(left.order_by(VisitMove.id.desc()).limit(1)).first()
    if seen is None or seen.how not in SHOWN or departed is None or seen.at < departed:
        return None
    return seen


def on_grid(degrees: float, grid: float) -> float:
    return round(round(degrees / grid) * grid, 4)


def bearing(frm: Position, to: Position) -> int:
    """Degrees from north, clockwise, in eighths of the circle: no more is told."""
    east = (to.lng - frm.lng) * math.cos(math.radians(frm.lat))
    return round(math.degrees(math.atan2(east, to.lat - frm.lat)) / 45) * 45 % 360
