"""What the end of a visit changes besides the visit and the order: the engineer's day, and time kept for nothing any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from domain.capacity.closing import close_time
from domain.capacity.locks import lock_days
from domain.capacity.model import Reservation, ReservationState
from domain.capacity.operations import release
from domain.kit.unit_of_work import UnitOfWork
from domain.service_sheets.following import SHEET
from domain.service_sheets.model import Register, ServiceSheet
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.visits import standing_visit


def ended_at(uow: UnitOfWork, sheet: ServiceSheet) -> datetime:
    """When the engineer ended the visit, by the phone's corrected time; where the phone had no network we heard later."""
    end = uow.session.get(Register, (sheet.visit_id, f"end.{sheet.outcome}"))
    return end.at if end else sheet.changed_at


def make_day_true(uow: UnitOfWork, visit_id: str) -> None:
    """The visit's time ends when the visit did; what else was kept for the order is given back, unless somebody comes again.

    Running it twice changes nothing.
    """
    seen = uow.session.get(ServiceSheet, visit_id)
    if seen is None or not seen.outcome:
        return
    order = uow.get(WorkOrder, seen.work_order_id, called="这张工单", lock=True)
    uow.get(Visit, visit_id, called="这次上门", lock=True)
    sheet = uow.get(ServiceSheet, visit_id, called="这张服务单")
    kept = uow.session.scalars(
        select(Reservation)
        .where(Reservation.work_order_id == order.id, Reservation.state != ReservationState.RELEASED)
        .order_by(Reservation.engineer_id, Reservation.day, Reservation.id)
    ).all()
    lock_days(uow, [(one.engineer_id, one.day) for one in kept])
    goes_on = standing_visit(uow, order.id) is not None
    for one in kept:
        if one.visit_id == visit_id:
            close_time(uow, one.id, ended_at(uow, sheet), by=SHEET)
        elif one.visit_id is None and not goes_on and not may_be_booked(order):
            release(uow, one.id, by=SHEET, why="上门已结束")


def may_be_booked(order: WorkOrder) -> bool:
    """The customer may be choosing the next time already."""
    return order.status in ("reported", "scheduled")
