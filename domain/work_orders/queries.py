"""Looking work orders up."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.lifecycle import OPEN
from domain.work_orders.model import Visit, WorkOrder, WorkOrderMove


def by_number(uow: UnitOfWork, number: str) -> WorkOrder | None:
    """The order with this number (digits only)."""
    return uow.session.scalars(select(WorkOrder).filter_by(number=number)).first()


def history(uow: UnitOfWork, order_id: str) -> Sequence[WorkOrderMove]:
    """Every move and change, oldest first."""
    return uow.session.scalars(select(WorkOrderMove).filter_by(work_order_id=order_id).order_by(WorkOrderMove.id)).all()


def visits(uow: UnitOfWork, order_id: str) -> Sequence[Visit]:
    """The order's visits, first to last."""
    return uow.session.scalars(select(Visit).filter_by(work_order_id=order_id).order_by(Visit.seq)).all()


def orders_of(
    uow: UnitOfWork, customer_id: str | None, *, only_open: bool = False, limit: int = 10
) -> Sequence[WorkOrder]:
    """A customer's orders, newest first."""
    if customer_id is None:
        return ()
    found = select(WorkOrder).filter_by(customer_id=customer_id)
    if only_open:
        found = found.where(WorkOrder.status.in_(OPEN))
    return uow.session.scalars(found.order_by(WorkOrder.opened_at.desc(), WorkOrder.id.desc()).limit(limit)).all()
