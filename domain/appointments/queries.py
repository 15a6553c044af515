"""Looking appointments up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from domain.appointments.lifecycle import AppointmentStatus, ChangeStatus
from domain.appointments.model import Appointment, ChangeRequest
from domain.appointments.windows import window_words
from domain.capacity.model import Reservation
from domain.dispatch.model import WaitingOrder
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.model import WorkOrder


def booked(uow: UnitOfWork, order_id: str, *, lock: bool = False) -> Appointment | None:
    """What the customer is promised now."""
    return standing(uow, order_id, AppointmentStatus.BOOKED, lock=lock)


def standing(uow: UnitOfWork, order_id: str, status: AppointmentStatus, *, lock: bool = False) -> Appointment | None:
    found = select(Appointment).where(Appointment.work_order_id == order_id, Appointment.status == status)
    if lock:
        found = found.with_for_update().execution_options(populate_existing=True)
    return uow.session.scalars(found).first()


def appointments_of(uow: UnitOfWork, order_id: str) -> Sequence[Appointment]:
    """Every appointment of an order, first to last."""
    found = select(Appointment).where(Appointment.work_order_id == order_id).order_by(Appointment.at, Appointment.id)
    return uow.session.scalars(found).all()


NOBODY = "正在安排师傅"


@dataclass(frozen=True)
class Promise:
    """What a customer may be told of an order: when, and who comes."""

    appointment_id: str
    since: datetime
    until: datetime
    engineer: str
    """李师傅（工号 1024）; `NOBODY` while whoever was said cannot come and no other is found."""

    @property
    def words(self) -> str:
        return f"{window_words(self.since, self.until)}，{self.engineer}上门"


def promises(uow: UnitOfWork, order_ids: Collection[str]) -> dict[str, Promise]:
    """By order, in one query; orders without an appointment have none."""
    if not order_ids:
        return {}
    rows = uow.session.execute(
        select(Appointment, Engineer.name, Engineer.code, WaitingOrder.work_order_id)
        .join(Reservation, Reservation.id == Appointment.reservation_id)
        .join(Engineer, Engineer.id == Reservation.engineer_id)
        .outerjoin(WaitingOrder, found_nobody())
        .where(Appointment.work_order_id.in_(order_ids), Appointment.status == AppointmentStatus.BOOKED)
    )
    return {
        one.work_order_id: Promise(one.id, one.window_since, one.window_until, NOBODY if waits else called(name, code))
        for one, name, code, waits in rows
    }


def found_nobody() -> ColumnElement[bool]:
    """Joins an appointment with its order in the dispatcher's queue, where nobody was found since it was made."""
    return (WaitingOrder.work_order_id == Appointment.work_order_id) & (WaitingOrder.tried_at >= Appointment.at)


def called(name: str, code: str) -> str:
    """How customers are told of an engineer: by the family name and the number on the badge."""
    return f"{name if name.endswith('师傅') else name[:1] + '师傅'}（工号 {code}）"


def open_change(uow: UnitOfWork, customer_id: str | None) -> ChangeRequest | None:
    """The newest change a customer is asked about and may still answer."""
    if customer_id is None:
        return None
    found = (
        select(ChangeRequest)
        .join(WorkOrder, WorkOrder.id == ChangeRequest.work_order_id)
        .join(Appointment, Appointment.id == ChangeRequest.appointment_id)
        .where(
            WorkOrder.customer_id == customer_id,
            ChangeRequest.status.in_((ChangeStatus.ASKED, ChangeStatus.UNCONFIRMED)),
            ChangeRequest.window_since > uow.now,
            Appointment.status == AppointmentStatus.BOOKED,
        )
        .order_by(ChangeRequest.at.desc())
        .limit(1)
    )
    return uow.session.scalars(found).first()


def due_reminders(uow: UnitOfWork, since: datetime, until: datetime, limit: int) -> Sequence[str]:
    """Ids of booked appointments that begin in this time and were not reminded of."""
    found = (
        select(Appointment.id)
        .where(
            Appointment.status == AppointmentStatus.BOOKED, Appointment.reminded_at.is_(None),
            Appointment.window_since >= since, Appointment.window_since < until,
        )
        .order_by(Appointment.window_since, Appointment.id)
        .limit(limit)
    )  # fmt: skip
    return uow.session.scalars(found).all()
