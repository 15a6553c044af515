"""How well promises are kept, in numbers: first-visit fix rate, punctuality, and why times were changed.

Each is one query over a period, grouped by provider, engineer or category. A further figure is a further function.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from domain.appointments.lifecycle import AppointmentStatus
from domain.appointments.model import Appointment
from domain.capacity.model import Reservation
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OrderStatus, VisitStatus
from domain.work_orders.model import Visit, VisitMove, WorkOrder, WorkOrderMove


class By(StrEnum):
    """What a figure is grouped by."""

    PROVIDER = "provider"
    ENGINEER = "engineer"
    CATEGORY = "category"


@dataclass(frozen=True)
class Period:
    """Days ``[since, until)`` of Shanghai; ``brand_id`` and ``provider_id`` narrow."""

    since: date
    until: date
    brand_id: str = ""
    provider_id: str = ""

    def holds(self, column: Any) -> ColumnElement[bool]:
        start, end = (datetime.combine(day, time(), SHANGHAI) for day in (self.since, self.until))
        return and_(column >= start, column < end)


@dataclass(frozen=True)
class Share:
    """``good`` of ``all`` for one provider, engineer or category (its id or code)."""

    of: str
    good: int
    all: int

    @property
    def rate(self) -> float | None:
        return self.good / self.all if self.all else None


def column(by: By) -> Any:
    """The id figures are grouped by: whose the engineer is when there is one, else who is responsible for the order."""
    return {
        By.PROVIDER: func.coalesce(Engineer.provider_id, WorkOrder.provider_id, ""),
        By.ENGINEER: func.coalesce(Engineer.id, ""),
        By.CATEGORY: WorkOrder.category_code,
    }[by]


def narrowed(query: Select[Any], period: Period) -> Select[Any]:
    if period.brand_id:
        query = query.where(WorkOrder.brand_id == period.brand_id)
    if period.provider_id:
        query = query.where(func.coalesce(Engineer.provider_id, WorkOrder.provider_id) == period.provider_id)
    return query


def first_visit_fix(uow: UnitOfWork, period: Period, by: By = By.PROVIDER) -> list[Share]:
    """一次修复率: of the repairs finished in the period by a visit, those that took one, and were not reported again since.

    A visit counts once somebody checked in; the engineer is that of the last one.
    """
    made = (
        select(
            Visit.work_order_id,
            func.count().label("visits"),
            func.max(Visit.seq).label("last"),
        )
        .where(select(VisitMove.id).where(VisitMove.visit_id == Visit.id, VisitMove.move == "check_in").exists())
        .group_by(Visit.work_order_id)
        .subquery()
    )
    finished = (
        select(WorkOrderMove.work_order_id, func.max(WorkOrderMove.at).label("at"))
        .where(WorkOrderMove.move == "finish")
        .group_by(WorkOrderMove.work_order_id)
        .subquery()
    )
    again = aliased(WorkOrder)
    good = and_(made.c.visits == 1, ~select(again.id).where(again.repair_of_id == WorkOrder.id).exists())
    query = (
        select(column(by), func.count().filter(good), func.count())
        .select_from(WorkOrder)
        .join(finished, finished.c.work_order_id == WorkOrder.id)
        .join(made, made.c.work_order_id == WorkOrder.id)
        .join(Visit, and_(Visit.work_order_id == WorkOrder.id, Visit.seq == made.c.last))
        .outerjoin(Engineer, Engineer.id == Visit.engineer_id)
        .where(
            WorkOrder.service_type == ServiceType.REPAIR, period.holds(finished.c.at),
            WorkOrder.status.in_((OrderStatus.FINISHED, OrderStatus.AUDITED, OrderStatus.SETTLED)),
            Visit.status == VisitStatus.FINISHED,
        )
    )  # fmt: skip
    return shares(uow, narrowed(query, period))


def punctuality(uow: UnitOfWork, period: Period, by: By = By.PROVIDER) -> list[Share]:
    """准时率: of the promises whose window began in the period and that are over, those that were kept."""
    query = (
        select(column(by), func.count().filter(Appointment.status == AppointmentStatus.KEPT), func.count())
        .select_from(Appointment)
        .join(WorkOrder, WorkOrder.id == Appointment.work_order_id)
        .join(Reservation, Reservation.id == Appointment.reservation_id)
        .join(Engineer, Engineer.id == Reservation.engineer_id)
        .where(
            Appointment.status.in_((AppointmentStatus.KEPT, AppointmentStatus.MISSED)),
            period.holds(Appointment.window_since),
        )
    )
    return shares(uow, narrowed(query, period))


@dataclass(frozen=True)
class Reason:
    """How often times were changed for one reason: ``code`` of `domain.appointments.reasons`."""

    of: str
    code: str
    count: int


def reasons_of_change(uow: UnitOfWork, period: Period, by: By = By.PROVIDER) -> list[Reason]:
    """改约原因: of the promises that replaced another in the period, by whom it was kept before, and why it was changed."""
    before = aliased(Appointment)
    query = (
        select(column(by), Appointment.reason_code, func.count())
        .select_from(Appointment)
        .join(before, before.id == Appointment.supersedes_id)
        .join(WorkOrder, WorkOrder.id == Appointment.work_order_id)
        .join(Reservation, Reservation.id == before.reservation_id)
        .join(Engineer, Engineer.id == Reservation.engineer_id)
        .where(period.holds(Appointment.at))
    )
    key, code, _ = query.selected_columns
    rows = uow.session.execute(narrowed(query, period).group_by(key, code).order_by(key, func.count().desc(), code))
    return [Reason(*row) for row in rows]


def shares(uow: UnitOfWork, query: Select[Any]) -> list[Share]:
    rows = uow.session.execute(query.group_by(query.selected_columns[0]).order_by(query.selected_columns[0]))
    return [Share(of, good, count) for of, good, count in rows]
