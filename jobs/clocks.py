"""Telling the clocks of an order what happened to it, at the moment it was so; and watching what is due.

Events carry ids only and may come late or out of order, so the moment is looked up where the fact is kept.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from domain.appointments.events import AppointmentBooked, AppointmentEnded, ChangeAnswered, ChangeAsked
from domain.appointments.lifecycle import ChangeStatus
from domain.appointments.model import Appointment, ChangeRequest
from domain.appointments.reasons import CUSTOMER, NOT_SAID
from domain.dispatch.events import NobodyFits
from domain.kit.actors import Role, system
from domain.kit.unit_of_work import UnitOfWork
from domain.service_levels.operations import AT_ONCE, happened, watch
from domain.work_orders.events import VisitMoved, WorkOrderMoved, WorkOrderOpened, WorkOrderUrged
from domain.work_orders.lifecycle import WAITING_PART
from domain.work_orders.model import VisitMove, WorkOrder, WorkOrderMove
from jobs.context import Jobs

BY = system("clocks")

BY_PHONE = CUSTOMER.keys() - {NOT_SAID}
"""Reasons by which staff say that it was the customer's will. One that says nothing stops no clock."""

ROUNDS = 10
"""Batches of one run of the schedule; what is left then comes with the next run, seconds later."""


def start_clocks(uow: UnitOfWork, event: WorkOrderOpened) -> None:
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    happened(uow, order.id, "opened", order.opened_at, by=BY)
    if order.wanted_since is not None:
        happened(uow, order.id, "customer.wish", order.opened_at, by=BY, until=order.wanted_since)


def order_moved(uow: UnitOfWork, event: WorkOrderMoved) -> None:
    """Of a part waited for the end is told as well, where it is known already: its event may have come first."""
    lines = select(WorkOrderMove).filter_by(work_order_id=event.work_order_id, move=event.move, to=event.to)
    line = uow.session.scalars(lines.order_by(WorkOrderMove.id.desc()).limit(1)).first()
    at, until = (line.at, None) if line else (uow.now, None)
    if line and event.to == WAITING_PART:
        left = select(WorkOrderMove.at).filter_by(work_order_id=event.work_order_id, frm=WAITING_PART)
        left = left.where(WorkOrderMove.id > line.id, WorkOrderMove.to != WAITING_PART)
        until = uow.session.scalars(left.order_by(WorkOrderMove.id).limit(1)).first()
    happened(uow, event.work_order_id, f"order.{event.move}", at, by=BY, until=until)


def visit_moved(uow: UnitOfWork, event: VisitMoved) -> None:
    moves = select(VisitMove.at).filter_by(visit_id=event.visit_id, move=event.move)
    at = uow.session.scalars(moves.order_by(VisitMove.id.desc()).limit(1)).first()
    happened(uow, event.work_order_id, f"visit.{event.move}", at or uow.now, by=BY)


def urged(uow: UnitOfWork, event: WorkOrderUrged) -> None:
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    happened(uow, order.id, "urged", order.urged_at or uow.now, by=BY)


def appointment_booked(uow: UnitOfWork, event: AppointmentBooked) -> None:
    """A time is promised. Where a customer of his own will moved it, the clock rests for as long as it moved."""
    booked = uow.get(Appointment, event.appointment_id, called="这个预约")
    happened(uow, event.work_order_id, "appointment.booked", booked.at, by=BY)
    old = uow.session.get(Appointment, event.supersedes_id) if event.supersedes_id else None
    if old is not None and is_customers_own(uow, booked, old):
        later = booked.at + (booked.window_since - old.window_since)
        happened(uow, event.work_order_id, "customer.later", booked.at, by=BY, until=later)


def is_customers_own(uow: UnitOfWork, booked: Appointment, old: Appointment) -> bool:
    """The customer moved it, in the chat or by calling the staff, and did not just say yes to what an engineer asked for."""
    by_phone = booked.by.startswith(f"{Role.STAFF}:") and booked.reason_code in BY_PHONE
    asked = select(ChangeRequest.id).filter_by(appointment_id=old.id, status=ChangeStatus.AGREED).limit(1)
    return (by_phone or booked.by.startswith(f"{Role.CUSTOMER}:")) and uow.session.scalars(asked).first() is None


def appointment_ended(uow: UnitOfWork, event: AppointmentEnded) -> None:
    happened(uow, event.work_order_id, f"appointment.{event.how}", uow.now, by=BY)


def change_asked(uow: UnitOfWork, event: ChangeAsked) -> None:
    asked = uow.get(ChangeRequest, event.change_id, called="这个改约申请")
    happened(uow, event.work_order_id, "change.asked", asked.at, by=BY)


def change_answered(uow: UnitOfWork, event: ChangeAnswered) -> None:
    asked = uow.get(ChangeRequest, event.change_id, called="这个改约申请")
    at: datetime = asked.answered_at or uow.now
    happened(uow, event.work_order_id, f"change.{event.how}", at, by=BY)


def nobody_fits(uow: UnitOfWork, event: NobodyFits) -> None:
    happened(uow, event.work_order_id, "nobody_fits", uow.now, by=BY)


def watch_clocks(jobs: Jobs) -> int:
    """Warn, breach and escalate what is due; returns how many clocks. Two schedulers at once share the work."""
    looked = 0
    for _ in range(ROUNDS):
        with jobs.runtime.transaction() as uow:
            found = watch(uow)
        looked += found
        if found < AT_ONCE:
            break
    return looked
