"""What engineers' days look like: shifts without leave, and the visits in them. One query, however many they are.

Dispatch asks this for a hundred engineers many times a second, so each engineer is one row with lists in it, the statement
is made once, and a place is opened only once while it is kept.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Date,
    Integer,
    Text,
    any_,
    bindparam,
    extract,
    func,
    literal_column,
    or_,
    select,
)

from domain.capacity.day import Day, Hours, Stop
from domain.capacity.model import EngineerDay, Leave, Reservation, ReservationState, Shift
from domain.engineers.model import Engineer
from domain.kit.personal import Keyring
from domain.kit.tables import Instant
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations.model import Station
from domain.regions.centroids import centroid
from domain.regions.positions import Position, Source
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit, WorkOrder

ONE = timedelta(days=1)
MOVABLE = frozenset({None, VisitStatus.OFFERED, VisitStatus.ACCEPTED})
"""A visit that has not begun may still be put at another minute of its window."""
STATION_RADIUS_M = 200


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def listed(*columns: Any) -> Any:
    """A query for rows of another table as one list of lists; the caller says which."""
    return select(func.json_agg(func.json_build_array(*columns)))


def at(column: Any) -> Any:
    """A moment as a number, which JSON can hold."""
    return extract("epoch", column)


SINCE, UNTIL = bindparam("since", type_=Date), bindparam("until", type_=Date)
SHIFTS = listed(Shift.weekday, Shift.starts, Shift.ends, Shift.since, Shift.until).where(
    Shift.engineer_id == Engineer.id, Shift.weekday == any_(bindparam("weekdays", type_=ARRAY(Integer))),
    Shift.since < UNTIL, or_(Shift.until.is_(None), Shift.until > SINCE),
)  # fmt: skip
LEAVES = listed(at(Leave.since), at(Leave.until)).where(
    Leave.engineer_id == Engineer.id, Leave.ended_at.is_(None),
    Leave.since < bindparam("ends", type_=Instant), Leave.until > bindparam("begins", type_=Instant),
)  # fmt: skip
COUNTS = listed(EngineerDay.day, EngineerDay.taken, EngineerDay.most).where(
    EngineerDay.engineer_id == Engineer.id, EngineerDay.day >= SINCE, EngineerDay.day < UNTIL
)
PLANNED = (
    listed(
        Reservation.day, Reservation.id, Reservation.work_order_id, at(Reservation.window_since),
        at(Reservation.window_until), Reservation.minutes, func.encode(WorkOrder.position, "hex"), WorkOrder.division_code,
        Visit.status, at(Reservation.leaves_at), at(Reservation.starts_at), Reservation.promised, Reservation.visit_id,
        Reservation.state, at(Reservation.expires_at),
    )
    .join(WorkOrder, WorkOrder.id == Reservation.work_order_id)
    .outerjoin(Visit, Visit.id == Reservation.visit_id)
    .where(
        Reservation.engineer_id == Engineer.id, Reservation.day >= SINCE, Reservation.day < UNTIL,
        Reservation.state != literal_column("'released'"),
    )
)  # fmt: skip
# As words of the statement, not as a parameter: else a plan made once could not use the index of those that count.
DAYS = (
    listed(
        Engineer.id, func.encode(Engineer.base, "hex"), Engineer.daily_maximum, Engineer.since, Engineer.until,
        Station.lat, Station.lng, Station.division_code,
        SHIFTS.scalar_subquery(), LEAVES.scalar_subquery(), COUNTS.scalar_subquery(), PLANNED.scalar_subquery(),
    )
    .join(Station, Station.id == Engineer.station_id)
    .where(Engineer.id == any_(bindparam("ids", type_=ARRAY(Text))))
)  # fmt: skip
"""All of it as one value: JSON is read faster than rows are."""


def days_of(uow: UnitOfWork, engineer_ids: Collection[str], since: date, until: date) -> dict[tuple[str, date], Day]:
    """Every day ``[since, until)`` of each of these engineers, also those without shifts. Void holds count as free."""
    if not engineer_ids or since >= until:
        return {}
    span = [
        (since + ONE * n, midnight(since + ONE * n), midnight(since + ONE * (n + 1)))
        for n in range((until - since).days)
    ]
    rows = uow.session.scalar(
        DAYS,
        {
            "ids": list(engineer_ids), "since": since, "until": until, "begins": span[0][1], "ends": span[-1][2],
            "weekdays": sorted({day.isoweekday() for day, _, _ in span}),
        },
    )  # fmt: skip
    found = {}
    for engineer_id, base, maximum, employed, left, lat, lng, division, shifts, leaves, counts, planned in rows or ():
        place = base_of(
            opened(uow.keyring, bytes.fromhex(base), "engineers.base") if base else None, lat, lng, division
        )
        shifts = [(row[0], row[1], row[2], on(row[3]), on(row[4])) for row in shifts or ()]
        absent = [(moment(row[0]), moment(row[1])) for row in leaves or ()]
        counted = {row[0]: (row[1], row[2]) for row in counts or ()}
        stops, void = stops_of(uow, planned or ())
        for day, first, last in span:
            key = day.isoformat()
            works = employed <= key and (left is None or key < left)
            away = cut(absent, first, last)
            taken, most = counted.get(key, (0, maximum))
            hours = without(hours_on(shifts, day, first) if works else [], away)
            found[engineer_id, day] = Day(
                engineer_id, day, tuple(hours), tuple(stops.get(key, ())), taken - void.get(key, 0), most, place,
                tuple(away),
            )  # fmt: skip
    return found


def stops_of(uow: UnitOfWork, planned: Sequence[Any]) -> tuple[dict[str, list[Stop]], dict[str, int]]:
    """The visits of each day (ISO), and how many holds of it are void but not swept away yet."""
    stops: dict[str, list[Stop]] = {}
    void: dict[str, int] = {}
    now = uow.now.timestamp()
    for (
        day, id_, order_id, since, until, minutes, position, division, status, leaves, starts, promised, visit_id,
        state, expires,
    ) in planned:  # fmt: skip
        if state == ReservationState.HELD and expires is not None and expires <= now:
            void[day] = void.get(day, 0) + 1
            continue
        place = opened(uow.keyring, bytes.fromhex(position), "work_orders.position") if position else centroid(division)
        stops.setdefault(day, []).append(
            Stop(
                id_, order_id, moment(since), moment(until), minutes, place, status not in MOVABLE, moment(leaves),
                moment(starts), promised, visit_id,
            )
        )  # fmt: skip
    return stops, void


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def on(day: str | None) -> date | None:
    return None if day is None else date.fromisoformat(day)


@lru_cache(maxsize=20_000)
def opened(ring: Keyring, sealed: bytes, place: str) -> Position:
    """A sealed position. The same homes are looked at again with every decision nearby."""
    return Position.from_json(json.loads(ring.open(sealed, place)))


def base_of(base: Position | None, lat: float | None, lng: float | None, division_code: str) -> Position | None:
    """The engineer's own, else the station's place, else the middle of where the station is."""
    if base is not None:
        return base
    if lat is None or lng is None:
        return centroid(division_code)
    return Position(lat, lng, Source.PIN, STATION_RADIUS_M)


def hours_on(shifts: Sequence[Any], day: date, start: datetime) -> list[tuple[datetime, datetime]]:
    """The hours worked on a day that begins at ``start``, in order; hours that touch are one."""
    weekday = day.isoweekday()
    today = sorted(
        (starts, ends)
        for of, starts, ends, since, until in shifts
        if of == weekday and since <= day and (until is None or day < until)
    )
    joined: list[list[int]] = []
    for starts, ends in today:
        if joined and joined[-1][1] >= starts:
            joined[-1][1] = max(joined[-1][1], ends)
        else:
            joined.append([starts, ends])
    return [(start + timedelta(minutes=starts), start + timedelta(minutes=ends)) for starts, ends in joined]


def cut(leaves: Sequence[Any], first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
    """The leave of one day."""
    return sorted((max(since, first), min(until, last)) for since, until in leaves if since < last and until > first)


def without(hours: Sequence[tuple[datetime, datetime]], away: Hours | Sequence[Any]) -> list[tuple[datetime, datetime]]:
    """Hours that are left when some are taken out."""
    left = list(hours)
    for since, until in away:
        parts = [part for start, end in left for part in ((start, min(end, since)), (max(start, until), end))]
        left = [(start, end) for start, end in parts if start < end]
    return left


@dataclass(frozen=True)
class Busy:
    """One row of an engineer's calendar: a shift, a leave or a visit, for a screen."""

    kind: str
    id: str
    since: datetime
    until: datetime


def calendar(uow: UnitOfWork, engineer_id: str, since: date, until: date) -> list[Busy]:
    """What an engineer's days ``[since, until)`` hold, in order."""
    days = days_of(uow, [engineer_id], since, until).values()
    found = [Busy("hours", "", start, end) for day in days for start, end in day.hours]
    found += [Busy("leave", "", start, end) for day in days for start, end in day.leave]
    for stop in (stop for day in days for stop in day.stops):
        start = stop.starts_at or stop.window_since
        found.append(Busy("visit", stop.work_order_id, start, start + timedelta(minutes=stop.minutes)))
    return sorted(found, key=lambda busy: (busy.since, busy.until))
