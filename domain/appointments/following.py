"""What follows for appointments from what happens elsewhere, and from time going by."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from domain.access import trail
from domain.appointments.changes import withdraw_changes
from domain.appointments.events import AppointmentBooked, AppointmentEnded, ReminderDue
from domain.appointments.lifecycle import APPOINTMENTS, AppointmentStatus
from domain.appointments.model import Appointment
from domain.appointments.operations import PROGRAM, give_back, give_up, settle
from domain.appointments.queries import booked, due_reminders, standing
from domain.capacity.model import Reservation, ReservationState
from domain.capacity.operations import sweep_holds
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.work_orders.events import VisitMoved, WorkOrderMoved
from domain.work_orders.lifecycle import OrderStatus, VisitStatus
from domain.work_orders.model import Visit, VisitMove, WorkOrder
from domain.work_orders.operations import move_order
from domain.work_orders.visits import standing_visit

REMIND = (time(19, 0), time(20, 30))
"""When in the evening customers are reminded of tomorrow, Shanghai."""
GRACE = timedelta(hours=2)
"""This long after a window's end nobody has come."""


def end_with_order(uow: UnitOfWork, event: WorkOrderMoved) -> None:
    """An order that is over, or waits for another appointment, has none."""
    codes = {"cancel": "cancelled", "guide": "guided", "unschedule": "moved_back"}
    if event.move not in codes:
        return
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单", lock=True)
    if order.status is OrderStatus.SCHEDULED:
        return  # booked anew since
    promise = booked(uow, order.id) or standing(uow, order.id, AppointmentStatus.HELD)
    if promise or event.move != "unschedule":
        give_up(uow, order.id, by=PROGRAM, reason_code=codes[event.move])


def note_arrival(uow: UnitOfWork, event: VisitMoved) -> None:
    """The engineer is there: the promise was kept, or it was not. A visit that failed before gives its time back."""
    if event.move == "check_in":
        arrived = uow.session.scalars(
            select(VisitMove.at).filter_by(visit_id=event.visit_id, move="check_in").order_by(VisitMove.id.desc())
        ).first()
        promise = booked(uow, event.work_order_id)
        if promise and arrived:
            settle(uow, promise.id, arrived, by=PROGRAM)
    elif event.move == "fail":
        end_failed_visit(uow, event)


def end_failed_visit(uow: UnitOfWork, event: VisitMoved) -> None:
    """Nobody came, or nothing could be done: what was promised is missed, the order waits for another appointment."""
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单", lock=True)
    visit = uow.get(Visit, event.visit_id, called="这次上门", lock=True)
    if standing_visit(uow, order.id):
        return  # the next one was opened already, and the promise is its
    promise = booked(uow, order.id)
    if promise:
        settle(uow, promise.id, None, by=PROGRAM)
    give_back(uow, order, visit, by=PROGRAM, why="上门失败")
    if order.status is OrderStatus.SCHEDULED:
        move_order(uow, order.id, "unschedule", by=PROGRAM)


def withdraw_asked(uow: UnitOfWork, event: AppointmentBooked) -> None:
    """A new promise: what was asked about the one before is void."""
    if event.supersedes_id:
        withdraw_changes(uow, event.supersedes_id, by=PROGRAM)


def withdraw_ended(uow: UnitOfWork, event: AppointmentEnded) -> None:
    """No promise any more: nothing is asked about it."""
    withdraw_changes(uow, event.appointment_id, by=PROGRAM)


def remind(uow: UnitOfWork, most: int = 200) -> int:
    """In the evening, remind everybody who has an appointment tomorrow, once each."""
    here = uow.now.astimezone(SHANGHAI)
    if not REMIND[0] <= here.time() < REMIND[1]:
        return 0
    tomorrow = datetime.combine(here.date() + timedelta(days=1), time(), SHANGHAI)
    due = due_reminders(uow, tomorrow, tomorrow + timedelta(days=1), most)
    for appointment_id in due:
        found = uow.get(Appointment, appointment_id, called="这个预约", lock=True)
        if found.status is AppointmentStatus.BOOKED and found.reminded_at is None:
            found.reminded_at = uow.now
            trail.record(uow, PROGRAM, "appointment.remind", "work_order", found.work_order_id, appointment=found.id)
            uow.emit(ReminderDue(found.id, found.work_order_id))
    return len(due)


def miss_unkept(uow: UnitOfWork, most: int = 50) -> int:
    """Promises whose window is long over, with nobody there."""
    late = select(Appointment.id).where(
        Appointment.status == AppointmentStatus.BOOKED, Appointment.window_until <= uow.now - GRACE
    )
    ids = uow.session.scalars(late.order_by(Appointment.work_order_id).limit(most)).all()
    for appointment_id in ids:
        order_id = uow.get(Appointment, appointment_id, called="这个预约").work_order_id
        settle(uow, appointment_id, arrival_of(uow, order_id), by=PROGRAM)
    return len(ids)


def arrival_of(uow: UnitOfWork, order_id: str) -> datetime | None:
    """When somebody checked in for the standing visit, if they did."""
    found = (
        select(VisitMove.at)
        .join(Visit, Visit.id == VisitMove.visit_id)
        .where(Visit.work_order_id == order_id, Visit.status == VisitStatus.CHECKED_IN, VisitMove.move == "check_in")
        .order_by(VisitMove.id.desc())
    )
    return uow.session.scalars(found).first()


def drop_expired(uow: UnitOfWork, most: int = 50) -> int:
    """Holds that are over: the appointment goes, and whoever waits for room hears of it."""
    over = (
        select(Appointment.id, Appointment.work_order_id)
        .join(Reservation, Reservation.id == Appointment.reservation_id)
        .where(
            Appointment.status == AppointmentStatus.HELD,
            (Reservation.state == ReservationState.RELEASED) | (Reservation.expires_at <= uow.now),
        )
        .order_by(Appointment.work_order_id)
        .limit(most)
    )
    for appointment_id, order_id in uow.session.execute(over).all():
        uow.get(WorkOrder, order_id, called="这张工单", lock=True)
        held = uow.get(Appointment, appointment_id, called="这个预约", lock=True)
        if held.status is AppointmentStatus.HELD:
            APPOINTMENTS.move(held, "give_up", PROGRAM.role)
            trail.record(uow, PROGRAM, "appointment.expire", "work_order", order_id, appointment=held.id)
    uow.session.flush()
    return sweep_holds(uow)
