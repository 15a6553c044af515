"""Who comes to the orders of a list, and when it was promised: one query for a page. The session keeps everybody to their own rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from domain.appointments.lifecycle import AppointmentStatus
from domain.appointments.model import Appointment
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.search import OrderRow

PROMISED = (AppointmentStatus.BOOKED, AppointmentStatus.KEPT, AppointmentStatus.MISSED)


@dataclass(frozen=True)
class Coming:
    """The engineer of the order's last visit, and the window of its last promise; "" where there is none."""

    engineer: str = ""
    window: str = ""


def coming(uow: UnitOfWork, rows: Sequence[OrderRow]) -> dict[str, Coming]:
    """Order → who and when."""
    if not rows:
        return {}
    found: dict[str, Coming] = {}
    visits = (
        select(WorkOrder.id, Engineer.name, Appointment.window_since, Appointment.window_until)
        .outerjoin(Visit, Visit.work_order_id == WorkOrder.id)
        .outerjoin(Engineer, Engineer.id == Visit.engineer_id)
        .outerjoin(
            Appointment,
            and_(Appointment.work_order_id == WorkOrder.id, Appointment.status.in_(PROMISED)),
        )
        .where(WorkOrder.id.in_([row.id for row in rows]))
        .order_by(WorkOrder.id, Visit.seq, Appointment.at, Appointment.id)
    )
    for order_id, name, since, until in uow.session.execute(visits):
        found[order_id] = Coming(name or "", window(since, until) if since else "")
    return found


def window(since: datetime, until: datetime) -> str:
    """05-20 14:00–16:00."""
    begins, ends = since.astimezone(SHANGHAI), until.astimezone(SHANGHAI)
    return f"{begins:%m-%d %H:%M}–{ends:%H:%M}"
