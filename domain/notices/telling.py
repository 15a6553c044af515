"""Telling customers what happened to their orders: from an event to a message, or to nothing. Words: `notices`."""

from __future__ import annotations

from sqlalchemy import select

from domain.kit.actors import Role, system
from domain.kit.unit_of_work import UnitOfWork
from domain.notices import notices
from domain.notices.operations import queue_message
from domain.organizations.model import Brand
from domain.work_orders.events import VisitMoved, WorkOrderChanged, WorkOrderMoved, WorkOrderOpened
from domain.work_orders.kinds import TITLES
from domain.work_orders.model import WorkOrder, WorkOrderMove
from domain.work_orders.numbers import spoken


def tell_of_opening(uow: UnitOfWork, event: WorkOrderOpened) -> None:
    """The customer hears of an order somebody else opened; in the chat the turn itself has answered."""
    tell(uow, event.work_order_id, notices.OPENED, move="open")


def tell_of_order_move(uow: UnitOfWork, event: WorkOrderMoved) -> None:
    tell(uow, event.work_order_id, notices.on_order_move(event.move), move=event.move)


def tell_of_change(uow: UnitOfWork, event: WorkOrderChanged) -> None:
    tell(uow, event.work_order_id, notices.on_change(event.fields), move="change")


def tell_of_visit_move(uow: UnitOfWork, event: VisitMoved) -> None:
    tell(uow, event.work_order_id, notices.on_visit_move(event.move), move=f"visit.{event.move}")


def tell(uow: UnitOfWork, order_id: str, words: str | None, *, move: str) -> None:
    """Queue the words, if there are any, the order came by a chat, and it is not the customer's own doing."""
    if words is None:
        return
    order = uow.get(WorkOrder, order_id, called="这张工单")
    if not order.account_id or not order.openid or done_by_customer(uow, order_id, move):
        return
    brand = uow.get(Brand, order.brand_id, called="品牌")
    text = words.format(number=spoken(order.number), service=TITLES[order.service_type], hotline=brand.hotline)
    queue_message(
        uow, account_id=order.account_id, recipient=order.openid, text=text, why=f"order.{move}",
        author=system("notices"), subject_id=order.id,
    )  # fmt: skip


def done_by_customer(uow: UnitOfWork, order_id: str, move: str) -> bool:
    """Whether the newest such line of the order's history is the customer's."""
    newest = (
        select(WorkOrderMove.by)
        .where(WorkOrderMove.work_order_id == order_id, WorkOrderMove.move == move)
        .order_by(WorkOrderMove.id.desc())
        .limit(1)
    )
    return (uow.session.scalar(newest) or "").startswith(f"{Role.CUSTOMER}:")
