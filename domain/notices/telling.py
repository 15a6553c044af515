"""Telling people what happened to an order: from an event to a notice, or to none. The words are `notices`.

What is about times and visits is `telling_times`, what engineers and the staff are told `telling_colleagues`.
"""

from __future__ import annotations

from sqlalchemy import select

from domain.appointments.queries import booked
from domain.catalog.model import Model
from domain.customers.queries import contacts_of
from domain.engineers.model import Engineer
from domain.kit.actors import Role
from domain.kit.unit_of_work import UnitOfWork
from domain.notices import of_orders, of_times
from domain.notices.facts import Facts, facts_of
from domain.notices.rows import Notice
from domain.notices.saying import Circumstances, customer_of, has_left, is_new, is_official, reached_by, say
from domain.notices.telling_times import keep_who, was_told_of_another
from domain.organizations.model import Brand
from domain.products.events import TransferDecided
from domain.products.model import Product, ProductTransfer
from domain.service_sheets.appraisals import newest_visit
from domain.service_sheets.model import ServiceSheet
from domain.work_orders.events import VisitMoved, WorkOrderChanged, WorkOrderMoved, WorkOrderOpened
from domain.work_orders.model import Visit, VisitMove, WorkOrder, WorkOrderMove

SHEETS_OWN = frozenset({"finish", "wait_part", "revisit", "fail"})
"""Moves that engineers make by the end of a visit on their phones, and by nothing else."""


def tell_of_opening(uow: UnitOfWork, event: WorkOrderOpened) -> None:
    """The customer hears of an order somebody else opened; in the chat the turn itself has answered. Of a
    rectification `telling_feedback` says more."""
    if uow.get(WorkOrder, event.work_order_id, called="这张工单").rectifies_id:
        return
    tell(uow, event.work_order_id, of_orders.OPENED, move="open")


def tell_of_order_move(uow: UnitOfWork, event: WorkOrderMoved) -> None:
    """Nothing of being scheduled where a time was promised: the appointment says more; nor of what a service sheet did."""
    if event.move == "schedule" and booked(uow, event.work_order_id):
        return
    visit_id = newest_visit(uow, event.work_order_id)
    if followed_sheet(uow, newest_line(uow, event.work_order_id, event.move), visit_id):
        return
    tell(uow, event.work_order_id, of_orders.on_order_move(event.move), move=event.move)


def tell_of_change(uow: UnitOfWork, event: WorkOrderChanged) -> None:
    corrected = of_orders.corrected(event.fields)
    if corrected:
        tell(uow, event.work_order_id, of_orders.CHANGED, move="change", fields=corrected)


def tell(uow: UnitOfWork, order_id: str, notice: Notice | None, *, move: str, **words: str) -> None:
    """Say it, if there is anything to say and it is not the customer's own doing."""
    if notice is None:
        return
    order = uow.get(WorkOrder, order_id, called="这张工单")
    newest = newest_line(uow, order_id, move)
    if newest is not None and newest.by.startswith(f"{Role.CUSTOMER}:"):
        return
    facts = facts_of(uow, order, line=str(newest.id) if newest else order.id)
    facts.words |= words
    say(uow, notice, customer_of(uow, order), facts, Circumstances(subject_id=order.id))


def followed_sheet(uow: UnitOfWork, line: WorkOrderMove | VisitMove | None, visit_id: str) -> bool:
    """Whether an engineer's service sheet made the move: then `telling_sheets` says how the visit ended, in one message."""
    by_engineer = line is not None and line.by.startswith(f"{Role.ENGINEER}:") and line.move in SHEETS_OWN
    return by_engineer and uow.session.get(ServiceSheet, visit_id) is not None


def newest_line(uow: UnitOfWork, order_id: str, move: str) -> WorkOrderMove | None:
    """The newest such line of the order's history."""
    found = select(WorkOrderMove).where(WorkOrderMove.work_order_id == order_id, WorkOrderMove.move == move)
    return uow.session.scalars(found.order_by(WorkOrderMove.id.desc()).limit(1)).first()


def tell_of_visit_move(uow: UnitOfWork, event: VisitMoved) -> None:
    """Who comes, that somebody is on the way, or that nobody came; somebody else than said before is said so."""
    notice = of_orders.on_visit_move(event.move)
    if notice is None:
        return
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    lines = uow.session.scalars(
        select(VisitMove).where(VisitMove.visit_id == event.visit_id).order_by(VisitMove.id.desc())
    ).all()
    made = next((line for line in lines if line.move == event.move), None)
    if followed_sheet(uow, made, event.visit_id):
        return
    newest = made.id if made else 0
    facts = facts_of(uow, order, visit=event.visit_id, line=f"visit{newest}")
    visit = uow.session.get(Visit, event.visit_id)
    comes = uow.session.get(Engineer, visit.engineer_id) if visit and visit.engineer_id else None
    if comes:
        facts.add_engineer(comes)
    if event.move == "accept":
        notice = on_acceptance(uow, facts, notice)
    if (
        say(uow, notice, customer_of(uow, order), facts, Circumstances(subject_id=order.id))
        and "{engineer}" in notice.words
    ):
        keep_who(uow, facts)


def on_acceptance(uow: UnitOfWork, facts: Facts, notice: Notice) -> Notice:
    """Which words: nobody was named yet, somebody else was, or no time is promised. Whoever comes back is news again."""
    if "window" not in facts.words:
        return of_orders.SOMEBODY_COMES
    if not was_told_of_another(uow, facts):
        return notice
    is_new(uow, notice.key.format(**facts.keys))
    facts.keys["visit"] += f":{facts.keys['line']}"
    return of_times.OTHER_ENGINEER


def tell_of_transfer(uow: UnitOfWork, event: TransferDecided) -> None:
    """Whoever said that a product is theirs hears what the staff decided; nothing about the other owner."""
    transfer = uow.get(ProductTransfer, event.transfer_id, called="这个过户申请")
    product = uow.get(Product, transfer.product_id, called="这台产品")
    model, brand = uow.session.get_one(Model, product.model_id), uow.session.get_one(Brand, product.brand_id)
    words = {"product": f"{model.name}（{model.code}）", "reason": transfer.why, "brand": brand.name}
    values = {"service": "产品登记", "brand": brand.name, "hotline": brand.hotline, "number": "-"}
    facts = Facts(words, values | {"window": "-", "time": "-", "engineer": "-"}, {"transfer": transfer.id})
    heard = sorted(contacts_of(uow, transfer.customer_id), key=lambda one: one.first_heard_at)
    chats = [(one.account_id, one.openid) for one in heard if not has_left(one)]
    if not chats:
        return
    whom = reached_by(uow, next((one for one in chats if is_official(uow, one[0])), chats[0]), chats)
    say(uow, of_orders.TRANSFERRED[event.how], whom, facts, Circumstances(subject_id=transfer.product_id))
