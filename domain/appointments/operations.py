"""Promising windows: holding, booking, changing, giving up; whether the promise was kept.

Locks are taken in the order of docs/decisions/0040: the order's row, its visit, the engineers' days, reservations.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from domain.access import trail
from domain.appointments.events import AppointmentBooked, AppointmentEnded
from domain.appointments.lifecycle import APPOINTMENTS, AppointmentStatus
from domain.appointments.model import Appointment
from domain.appointments.offering import keepers, room_for, windows_for
from domain.appointments.queries import booked, standing
from domain.appointments.windows import WINDOWS, Window, Wish
from domain.capacity import operations as capacity
from domain.capacity.day import Wanted
from domain.capacity.durations import work_minutes
from domain.capacity.model import Reservation, ReservationState
from domain.capacity.operations import NoRoom, day_of
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.holds import lift_hold
from domain.work_orders.lifecycle import ORDERS, OrderStatus, VisitStatus
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.operations import move_order
from domain.work_orders.places import place_of
from domain.work_orders.visits import coming_visit, standing_visit

HOLD = timedelta(minutes=10)
LONGEST = timedelta(hours=12)
"""A window that says more than half a day is none."""
PROGRAM = system("appointments")
BOOKABLE = (OrderStatus.REPORTED, OrderStatus.SCHEDULED)


class NotNow(Refused):
    """The order is not where an appointment can be made or changed; the words say why."""

    code = "not_now"


def hold(
    uow: UnitOfWork, order_id: str, window: Window, *, by: Actor, via: str, reason_code: str = "", why: str = ""
) -> Appointment:
    """Keep a window for ten minutes for whoever is choosing. What is promised already stands meanwhile.

    :raises NoRoom: somebody else was first; :raises NotNow: it is no time for that
    """
    order, _ = bookable(uow, order_id)
    check_window(uow, window.since, window.until)
    minutes = work_minutes(order.category_code, order.service_type, uow.today)
    with uow.session.begin_nested():  # what was held before is let go of only when this can be had
        lock_kept(uow, order, (window.engineer_id, day_of(window.since)))
        drop_hold(uow, order, by=by)
        reservation = capacity.reserve(
            uow, window.engineer_id, order, window.since, window.until, minutes, place_of(order), by=by, hold_for=HOLD
        )
    made = Appointment(
        id=uow.new_id("ap"), work_order_id=order.id, reservation_id=reservation.id, window_since=window.since,
        window_until=window.until, status=APPOINTMENTS.start, via=via, by=str(by), at=uow.now, reason_code=reason_code,
        why=why,
    )  # fmt: skip
    uow.session.add(made)
    uow.session.flush()
    trail.record(uow, by, "appointment.hold", "work_order", order.id, appointment=made.id, via=via)
    return made


def bookable(uow: UnitOfWork, order_id: str) -> tuple[WorkOrder, Visit | None]:
    """The order and its standing visit, both locked.

    :raises NotNow: nothing can be promised for it now
    """
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    if order.status not in BOOKABLE:
        raise NotNow(f"工单当前是“{ORDERS.titles[order.status]}”，不能预约或改约")
    visit = standing_visit(uow, order.id, lock=True)
    if visit and visit.status in (VisitStatus.DEPARTED, VisitStatus.CHECKED_IN):
        raise NotNow("工程师已经出发，现在不能改时间了，有变化请直接跟工程师说，或回复“人工”")
    return order, visit


def keep_wish(uow: UnitOfWork, order: WorkOrder, wish: Wish) -> None:
    """When the customer would like a visit, as moments: dispatch looks at them as well."""
    order.wanted_since, order.wanted_until = wish.since, wish.until
    uow.session.flush()


def check_window(uow: UnitOfWork, since: datetime, until: datetime) -> None:
    """:raises NotNow: it is over, or no window"""
    if not since < until <= since + LONGEST or day_of(since) != day_of(until - timedelta(microseconds=1)):
        raise NotNow("上门时间段不对，请重新选择")
    if since < uow.now:
        raise NotNow("这个时间已经过了，请重新选择")


def drop_hold(uow: UnitOfWork, order: WorkOrder, *, by: Actor) -> None:
    """Whoever holds another window lets go of the one before."""
    held = standing(uow, order.id, AppointmentStatus.HELD, lock=True)
    if held:
        APPOINTMENTS.move(held, "supersede", by.role)
        uow.session.flush()
        capacity.release(uow, held.reservation_id, by=by, why="另选时间")


def book(uow: UnitOfWork, appointment_id: str, *, by: Actor) -> Appointment:
    """Promise what was held. It replaces what was promised before, and what dispatch had kept; the order is scheduled.

    Booking twice changes nothing.

    :raises NoRoom: the hold is over; :raises NotNow, MoveRefused: it is no time for that
    """
    seen = uow.get(Appointment, appointment_id, called="这个预约")
    order, _ = bookable(uow, seen.work_order_id)
    made = uow.get(Appointment, appointment_id, called="这个预约", lock=True)
    if made.status is AppointmentStatus.BOOKED:
        return made
    lock_kept(uow, order)
    reservation = capacity.book_hold(uow, made.reservation_id, by=by)  # first: it may say no
    visit = coming_visit(uow, order, by=by)
    before = booked(uow, order.id, lock=True)
    if before:
        APPOINTMENTS.move(before, "supersede", by.role)
        made.supersedes_id = before.id
        uow.session.flush()
    APPOINTMENTS.move(made, "book", by.role)
    reservation.visit_id = visit.id
    uow.session.flush()
    give_back(uow, order, visit, by=by, but=reservation.id, why="改到别的时间")
    lift_hold(uow, order.id, by=by, why="已约好时间")
    if order.status is OrderStatus.REPORTED:
        move_order(uow, order.id, "schedule", by=by if by.role is Role.STAFF else PROGRAM)
    trail.record(
        uow, by, "appointment.book", "work_order", order.id, appointment=made.id, via=made.via, reason=made.reason_code,
        was=made.supersedes_id,
    )  # fmt: skip
    uow.emit(AppointmentBooked(made.id, order.id, made.supersedes_id or ""))
    return made


def lock_kept(uow: UnitOfWork, order: WorkOrder, *more: tuple[str, date]) -> None:
    """Lock every day in which time is kept for the order, and those about to be looked at, in the order all keep to."""
    kept = select(Reservation.engineer_id, Reservation.day).where(
        Reservation.work_order_id == order.id, Reservation.state != ReservationState.RELEASED
    )
    capacity.lock_days(uow, [*((engineer_id, day) for engineer_id, day in uow.session.execute(kept)), *more])


def give_back(
    uow: UnitOfWork, order: WorkOrder, visit: Visit | None, *, by: Actor, why: str, but: str | None = None
) -> None:
    """Release every time kept for the standing visit, except one. What earlier visits used stays used."""
    of_visit = Reservation.visit_id.is_(None)
    found = select(Reservation.id).where(
        Reservation.work_order_id == order.id,
        Reservation.state != ReservationState.RELEASED,
        or_(of_visit, Reservation.visit_id == visit.id) if visit else of_visit,
    )
    lock_kept(uow, order)
    ids = uow.session.scalars(found.order_by(Reservation.engineer_id, Reservation.day, Reservation.id)).all()
    for reservation_id in ids:
        if reservation_id != but:
            capacity.release(uow, reservation_id, by=by, why=why)


def book_window(
    uow: UnitOfWork, order_id: str, since: datetime, until: datetime, *, by: Actor, via: str, reason_code: str = "",
    why: str = "",
) -> Appointment:  # fmt: skip
    """Book a window with whoever can keep it best; also a change. Nothing is changed when nobody can.

    :raises NoRoom: nobody can (any more); :raises NotNow: it is no time for that
    """
    order, visit = bookable(uow, order_id)
    check_window(uow, since, until)
    day, minutes = day_of(since), work_minutes(order.category_code, order.service_type, uow.today)
    room = room_for(uow, order, day, day + timedelta(days=1))
    for engineer_id in keepers(room, day, Wanted(since, until, minutes, place_of(order)), uow.now):
        try:
            with uow.session.begin_nested():
                before = booked(uow, order.id)
                lock_kept(uow, order, (engineer_id, day))
                give_back(uow, order, visit, by=by, why="改到别的时间")
                made = hold(
                    uow, order.id, Window(since, until, engineer_id), by=by, via=via, why=why,
                    reason_code=reason_code if before else "",
                )  # fmt: skip
                return book(uow, made.id, by=by)
        except NoRoom:
            continue
    raise NoRoom("这个时间刚被约满了，请换一个时间", "taken")


def give_up(uow: UnitOfWork, order_id: str, *, by: Actor, reason_code: str = "", why: str = "") -> None:
    """Nothing is promised any more, and no time kept; an order that was scheduled waits for another appointment."""
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    visit = standing_visit(uow, order.id, lock=True)
    for status in (AppointmentStatus.HELD, AppointmentStatus.BOOKED):
        found = standing(uow, order.id, status, lock=True)
        if found:
            APPOINTMENTS.move(found, "give_up", by.role)
            found.reason_code, found.why = reason_code, why or found.why
            trail.record(uow, by, "appointment.give_up", "work_order", order.id, why=why, reason=reason_code)
            if status is AppointmentStatus.BOOKED:
                uow.emit(AppointmentEnded(found.id, order.id, "given_up"))
    uow.session.flush()
    give_back(uow, order, visit, by=by, why=why or "预约取消")
    if order.status is OrderStatus.SCHEDULED:
        move_order(uow, order.id, "unschedule", by=by if by.role is Role.STAFF else PROGRAM)


def settle(uow: UnitOfWork, appointment_id: str, arrived_at: datetime | None, *, by: Actor) -> None:
    """Write down whether a promise was kept: somebody arrived by the window's end. What is settled stays so."""
    seen = uow.get(Appointment, appointment_id, called="这个预约")
    uow.get(WorkOrder, seen.work_order_id, called="这张工单", lock=True)
    found = uow.get(Appointment, appointment_id, called="这个预约", lock=True)
    if found.status is not AppointmentStatus.BOOKED:
        return
    name = "keep" if arrived_at is not None and arrived_at <= found.window_until else "miss"
    APPOINTMENTS.move(found, name, by.role)
    uow.session.flush()
    trail.record(uow, by, f"appointment.{name}", "work_order", found.work_order_id, appointment=found.id)
    uow.emit(AppointmentEnded(found.id, found.work_order_id, found.status))


__all__ = [
    "HOLD",
    "WINDOWS",
    "NoRoom",
    "NotNow",
    "Window",
    "book",
    "book_window",
    "give_up",
    "hold",
    "keep_wish",
    "settle",
    "windows_for",
]
