"""What the customer has to see to before anybody comes again: `WorkOrder.on_hold`, its titles, and its end."""

from __future__ import annotations

from collections.abc import Mapping

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.events import WorkOrderChanged
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import write_history

TITLES: Mapping[str, str] = {"blocked": "等客户整改现场", "absent": "等客户另约时间"}


def lift_hold(uow: UnitOfWork, order_id: str, *, by: Actor, why: str = "") -> WorkOrder:
    """Somebody may come again: dispatch finds out who. Where nothing is held, nothing happens."""
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    if order.on_hold:
        was, order.on_hold = order.on_hold, ""
        order.version += 1
        write_history(uow, order, "go_on", order.status, by=by, why=why, was=was)
        trail.record(uow, by, "order.go_on", "work_order", order.id, why=why, was=was)
        uow.emit(WorkOrderChanged(order.id, ["on_hold"]))
    return order
