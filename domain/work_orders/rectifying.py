"""整改: an order that puts another one right, once. Who asks for it, and when, is `domain.feedback`'s."""

from __future__ import annotations

from sqlalchemy import select

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import write_history


def rectification_of(uow: UnitOfWork, order_id: str) -> WorkOrder | None:
    """The order that puts this one right, whatever became of it, or None."""
    return uow.session.scalars(select(WorkOrder).filter_by(rectifies_id=order_id)).first()


def mark_rectifies(uow: UnitOfWork, order: WorkOrder, first: WorkOrder, *, by: Actor, why: str) -> None:
    """From now on ``order`` puts ``first`` right. Both rows are locked already.

    A repair is a re-repair of the first as well, also where no product is named.
    """
    order.rectifies_id = first.id
    if order.service_type is ServiceType.REPAIR and order.repair_of_id is None:
        order.repair_of_id = first.id
    order.version += 1
    uow.session.flush()
    write_history(uow, order, "rectify", order.status, by=by, why=why, first=first.number)
    trail.record(uow, by, "order.rectify", "work_order", first.id, why=why, order=order.id)
