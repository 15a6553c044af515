"""What engineers' days look like: shifts without leave, and the visits in them. A constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select

from domain.capacity.day import Day, Hours, Stop
from domain.capacity.model import EngineerDay, Leave, Reservation, ReservationState, Shift
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations.model import Station
from domain.regions.centroids import centroid
from domain.regions.positions import Position, Source
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit, WorkOrder

ONE = timedelta(days=1)
MOVABLE = (None, VisitStatus.OFFERED, VisitStatus.ACCEPTED)
"""A visit that has not begun may still be put at another minute of its window."""
STATION_RADIUS_M = 200


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def days_of(uow: UnitOfWork, engineer_ids: Collection[str], since: date, until: date) -> dict[tuple[str, date], Day]:
    """Every day ``[since, until)`` of each of these engineers, also those without shifts. Void holds count as free."""
    if not engineer_ids or since >= until:
        return {}
    people, shifts = bases_of(uow, engineer_ids), shifts_of(uow, engineer_ids, since, until)
    leaves, planned = leaves_of(uow, engineer_ids, since, until), planned_of(uow, engineer_ids, since, until)
    counts = counts_of(uow, engineer_ids, since, until)
    found = {}
    for engineer_id, (base, maximum, employed, left) in people.items():
        for n in range((until - since).days):
            day = since + ONE * n
            works = employed <= day and (left is None or day < left)
            away = cut(leaves[engineer_id], day)
            stops, void = planned[engineer_id, day]
            taken, most = counts.get((engineer_id, day), (0, maximum))
            hours = without(hours_on(shifts[engineer_id], day) if works else [], away)
            found[engineer_id, day] = Day(
                engineer_id, day, tuple(hours), tuple(stops), taken - void, most, base, tuple(away)
            )
    return found


Person = tuple[Position | None, int, date, date | None]


def bases_of(uow: UnitOfWork, engineer_ids: Collection[str]) -> dict[str, Person]:
    """Where each begins the day, the daily maximum, and from when until when employed."""
    rows = uow.session.execute(
        select(
            Engineer.id, Engineer.base, Engineer.daily_maximum, Engineer.since, Engineer.until,
            Station.lat, Station.lng, Station.division_code,
        )
        .join(Station, Station.id == Engineer.station_id)
        .where(Engineer.id.in_(engineer_ids))
    )  # fmt: skip
    return {
        id_: (base_of(base, lat, lng, division), most, since, until)
        for id_, base, most, since, until, lat, lng, division in rows
    }


def base_of(base: dict[str, Any] | None, lat: float | None, lng: float | None, division_code: str) -> Position | None:
    """The engineer's own, else the station's place, else the middle of where the station is."""
    if base:
        return Position.from_json(base)
    if lat is None or lng is None:
        return centroid(division_code)
    return Position(lat, lng, Source.PIN, STATION_RADIUS_M)


def shifts_of(uow: UnitOfWork, engineer_ids: Collection[str], since: date, until: date) -> defaultdict[str, list[Any]]:
    rows = uow.session.execute(
        select(Shift.engineer_id, Shift.weekday, Shift.starts, Shift.ends, Shift.since, Shift.until).where(
            Shift.engineer_id.in_(engineer_ids),
            Shift.since < until,
            or_(Shift.until.is_(None), Shift.until > since),
        )
    )
    return grouped(rows)


def leaves_of(uow: UnitOfWork, engineer_ids: Collection[str], since: date, until: date) -> defaultdict[str, list[Any]]:
    rows = uow.session.execute(
        select(Leave.engineer_id, Leave.since, Leave.until).where(
            Leave.engineer_id.in_(engineer_ids),
            Leave.ended_at.is_(None),
            Leave.since < midnight(until),
            Leave.until > midnight(since),
        )
    )
    return grouped(rows)


def grouped(rows: Iterable[Any]) -> defaultdict[str, list[Any]]:
    """By the first column."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def counts_of(
    uow: UnitOfWork, engineer_ids: Collection[str], since: date, until: date
) -> dict[tuple[str, date], tuple[int, int]]:
    rows = uow.session.execute(
        select(EngineerDay.engineer_id, EngineerDay.day, EngineerDay.taken, EngineerDay.most).where(
            EngineerDay.engineer_id.in_(engineer_ids), EngineerDay.day >= since, EngineerDay.day < until
        )
    )
    return {(engineer_id, day): (taken, most) for engineer_id, day, taken, most in rows}


def planned_of(
    uow: UnitOfWork, engineer_ids: Collection[str], since: date, until: date
) -> defaultdict[tuple[str, date], tuple[list[Stop], int]]:
    """The visits of each day, and how many holds of it are void but not swept away yet."""
    rows = uow.session.execute(
        select(
            Reservation.id, Reservation.engineer_id, Reservation.day, Reservation.work_order_id, Reservation.visit_id,
            Reservation.state, Reservation.expires_at, Reservation.window_since, Reservation.window_until,
            Reservation.minutes, Reservation.leaves_at, Reservation.starts_at, Reservation.promised,
            WorkOrder.position, WorkOrder.division_code, Visit.status,
        )
        .join(WorkOrder, WorkOrder.id == Reservation.work_order_id)
        .outerjoin(Visit, Visit.id == Reservation.visit_id)
        .where(
            Reservation.engineer_id.in_(engineer_ids), Reservation.day >= since, Reservation.day < until,
            Reservation.state != ReservationState.RELEASED,
        )
    )  # fmt: skip
    found: defaultdict[tuple[str, date], tuple[list[Stop], int]] = defaultdict(lambda: ([], 0))
    for row in rows:
        stops, void = found[row.engineer_id, row.day]
        if row.state is ReservationState.HELD and row.expires_at and row.expires_at <= uow.now:
            found[row.engineer_id, row.day] = stops, void + 1
            continue
        place = Position.from_json(row.position) if row.position else centroid(row.division_code)
        fixed = row.status not in MOVABLE
        stops.append(
            Stop(
                row.id, row.work_order_id, row.window_since, row.window_until, row.minutes, place, fixed,
                row.leaves_at, row.starts_at, row.promised, row.visit_id,
            )
        )  # fmt: skip
    return found


def hours_on(shifts: Sequence[Any], day: date) -> list[tuple[datetime, datetime]]:
    """The hours worked on a day, in order; hours that touch are one."""
    today = sorted(
        (starts, ends)
        for _, weekday, starts, ends, since, until in shifts
        if weekday == day.isoweekday() and since <= day and (until is None or day < until)
    )
    joined: list[list[int]] = []
    for starts, ends in today:
        if joined and joined[-1][1] >= starts:
            joined[-1][1] = max(joined[-1][1], ends)
        else:
            joined.append([starts, ends])
    start = midnight(day)
    return [(start + timedelta(minutes=starts), start + timedelta(minutes=ends)) for starts, ends in joined]


def cut(leaves: Sequence[Any], day: date) -> list[tuple[datetime, datetime]]:
    """The leave of one day."""
    first, last = midnight(day), midnight(day + ONE)
    return sorted((max(since, first), min(until, last)) for _, since, until in leaves if since < last and until > first)


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
