"""The signed link by which a customer rates one order without signing in: the order's id and a keyed print, nothing is kept."""

from __future__ import annotations

import hmac

from domain.kit.errors import NotFound
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.model import WorkOrder

KIND = "rate an order"
"""What the print is for: a print made for anything else opens nothing here."""


def path_to_rate(uow: UnitOfWork, order: WorkOrder) -> str:
    """``/c/orders/<id>/rate?t=<print>``: whoever has it may rate this order, and see nothing else of it."""
    return f"/c/orders/{order.id}/rate?t={print_of(uow, order)}"


def may_rate(uow: UnitOfWork, order_id: str, given: str) -> WorkOrder:
    """The order a link is about.

    :raises NotFound: it is no link of ours
    """
    order = uow.session.get(WorkOrder, order_id)
    if order is None or not hmac.compare_digest(given.encode(), print_of(uow, order).encode()):
        raise NotFound("没有找到这张工单，请回到公众号里重新打开。")
    return order


def print_of(uow: UnitOfWork, order: WorkOrder) -> str:
    return uow.keyring.fingerprint(KIND, f"{order.id} {order.customer_id}")
