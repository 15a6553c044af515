"""Which windows can be promised for an order: real time of engineers who may do it, by travel and what is planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from domain.appointments.windows import Window, Wish, chosen, windows_between
from domain.capacity.day import Day, Wanted, fit
from domain.capacity.durations import work_minutes
from domain.capacity.locks import day_of
from domain.capacity.model import Reservation, ReservationState
from domain.capacity.queries import days_of
from domain.capacity.travel import ROADS, Travel
from domain.dispatch.candidates import able
from domain.dispatch.facts import Candidate
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.places import place_of

ONE = timedelta(days=1)
FARTHEST = 14
"""Days ahead that can be booked."""


@dataclass(frozen=True)
class Room:
    """Whoever could come for an order on some days, with their days as if the order had no time kept yet."""

    candidates: Sequence[Candidate]
    days: dict[tuple[str, date], Day]
    prefers: str | None
    """The engineer who has it now."""


def room_for(uow: UnitOfWork, order: WorkOrder, since: date, until: date, travel: Travel = ROADS) -> Room:
    """Look once at everybody who may do it on the days ``[since, until)``."""
    candidates = able(uow, order, since, until, travel)
    days = days_of(uow, [one.engineer_id for one in candidates], since, until)
    kept = {key: without_order(day, order.id) for key, day in days.items()}
    return Room(candidates, kept, present_engineer(uow, order.id))


def without_order(day: Day, order_id: str) -> Day:
    """The day as it is once this order's own time in it is given back, as far as it still may be."""
    stops = tuple(stop for stop in day.stops if stop.work_order_id != order_id or stop.fixed)
    if len(stops) == len(day.stops):
        return day
    return replace(day, stops=stops, taken=day.taken - len(day.stops) + len(stops), routes={}, kept=[])


def present_engineer(uow: UnitOfWork, order_id: str) -> str | None:
    """Whose time is kept for the standing visit, else who comes for it."""
    standing = (VisitStatus.OFFERED, VisitStatus.ACCEPTED, VisitStatus.DEPARTED, VisitStatus.CHECKED_IN)
    row = uow.session.execute(
        select(Reservation.engineer_id, Visit.engineer_id)
        .select_from(Visit)
        .outerjoin(Reservation, (Reservation.visit_id == Visit.id) & (Reservation.state != ReservationState.RELEASED))
        .where(Visit.work_order_id == order_id, Visit.status.in_(standing))
        .order_by(Reservation.promised.desc().nulls_last())
        .limit(1)
    ).first()
    return None if row is None else row[1] or row[0]


def windows_for(
    uow: UnitOfWork, order: WorkOrder, *, days: int = 7, most: int = 6, near: Wish | None = None
) -> list[Window]:
    """At most so many windows that somebody can keep, in order of time; see `windows.chosen` for which.

    A wish beyond the usual days is looked at as well, up to `FARTHEST`; one for a day looks at other days only when there is
    nothing on it.
    """
    first, end = uow.today, uow.today + ONE * days
    if near and near.since and near.until and near.length and near.length <= ONE:
        since, until = day_of(near.since), day_of(near.until - timedelta(microseconds=1)) + ONE
        on_that_day = all_windows(uow, order, max(first, since), min(until, first + ONE * FARTHEST))
        if near.inside(on_that_day):
            return chosen(on_that_day, most, near)
    wished = near and (near.since or near.until)
    if wished:
        end = max(end, min(day_of(wished) + 2 * ONE, first + ONE * FARTHEST))
    return chosen(all_windows(uow, order, first, end), most, near)


def all_windows(uow: UnitOfWork, order: WorkOrder, first: date, end: date) -> list[Window]:
    """Every window of the days ``[first, end)``, each with the engineer who would keep it best."""
    open_windows = list(windows_between(first, end, uow.now))
    if not open_windows:
        return []
    room, place = room_for(uow, order, first, end), place_of(order)
    minutes = work_minutes(order.category_code, order.service_type, uow.today)
    found = []
    for since, until in open_windows:
        wanted = Wanted(since, until, minutes, place)
        best = next(iter(keepers(room, since.date(), wanted, uow.now)), None)
        if best:
            found.append(Window(since, until, best))
    return found


def keepers(room: Room, day: date, wanted: Wanted, now: datetime) -> list[str]:
    """Who could keep a window, the best first: who has the order, then as the grid asks, least driving, emptiest day."""
    found = []
    for candidate in room.candidates:
        theirs = room.days.get((candidate.engineer_id, day))
        if theirs is None or not candidate.is_able(day):
            continue
        fitted = fit(theirs, wanted, ROADS, now)
        if fitted:
            prefers = candidate.engineer_id != room.prefers
            rank = (prefers, candidate.turn, fitted.extra_minutes, theirs.taken, candidate.engineer_id)
            found.append((rank, candidate.engineer_id))
    return [engineer_id for _, engineer_id in sorted(found)]
