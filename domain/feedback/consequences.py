"""What follows from a low rating, decided once: a rectification by another engineer, an agent's task, or a complaint."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, false, or_, select

from domain.customers.address import AddressLine
from domain.customers.model import Customer
from domain.desk import operations as desk
from domain.feedback.complaints import Reported, open_complaint
from domain.feedback.events import RectificationOpened
from domain.feedback.model import Rating
from domain.feedback.ratings import rating_of
from domain.feedback.rules import Said, consequence
from domain.feedback.tags import title_of
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.put_off import is_not
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.work_orders.lifecycle import OPEN
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken
from domain.work_orders.operations import DONE, open_work_order
from domain.work_orders.rectifying import mark_rectifies, rectification_of

VIA = "rectification"
TASK = "rating"
LONGEST = 200
"""Characters of what was wrong that stand in the words of a rectification."""


class NothingToRectify(Refused):
    """The order was not done, so there is nothing to put right."""

    code = "nothing_to_rectify"


def decide(uow: UnitOfWork, rating_id: str, *, by: Actor) -> Rating:
    """Do what follows, unless that was done. One desk task tells the agents of it, whatever it is."""
    rating = uow.get(Rating, rating_id, called="这条评价", lock=True)
    if rating.decided:
        return rating
    order = uow.get(WorkOrder, rating.work_order_id, called="这张工单")
    said = Said(
        rating.stars, rating.solved, tuple(rating.tags), visited=rating.visit_id is not None,
        rectifies=order.rectifies_id is not None,
    )  # fmt: skip
    rating.decided = consequence(said, rating.at.astimezone(SHANGHAI).date())
    what = ""
    if rating.decided == "rectify":
        opened = rectify(uow, order.id, by=by, why=blamed(rating))
        what = f"已开整改单 {spoken(opened.number)}，由另一位工程师上门"
    elif rating.decided == "complaint":
        complaint = open_complaint(uow, by=by, reported=of_rating(order, rating))
        what = f"整改后仍不满意，已立投诉 {complaint.number}"
    if rating.decided != "none":
        put_task(uow, order, rating, what or "请联系客户", by=by)
    uow.session.flush()
    return rating


def put_task(uow: UnitOfWork, order: WorkOrder, rating: Rating, what: str, *, by: Actor) -> None:
    """The agents hear of it: one task a rating."""
    unsolved = "，没修好" if rating.solved is False else ""
    words = f"低分评价 {rating.stars} 星{unsolved}：工单 {spoken(order.number)}。{blamed(rating)}\n{what}"
    desk.put_task(
        uow, by=by, brand_id=order.brand_id, kind=TASK, words=words, subject_id=order.id, account_id=order.account_id,
        openid=order.openid, phone=order.phone,
    )  # fmt: skip


def of_rating(order: WorkOrder, rating: Rating) -> Reported:
    words = f"整改后评价 {rating.stars} 星：{blamed(rating)}"
    return Reported(order.brand_id, words, "rating", "quality", order.id, phone=order.phone)


def blamed(rating: Rating) -> str:
    """What was wrong, in words: the tags, then what was written."""
    tags = "、".join(title_of(tag) for tag in rating.tags)
    return "；".join(part for part in (tags, rating.words) if part)[:LONGEST] or "客户没有说明原因"


def rectify(uow: UnitOfWork, order_id: str, *, by: Actor, why: str) -> WorkOrder:
    """The order that puts this one right: opened now, unless there is one, or the customer has reported the same again
    already, which then is it. Dispatch sends somebody else (rule ``came_before``); labour and travel are free.

    :raises NothingToRectify: the order was never finished
    """
    first = uow.get(WorkOrder, order_id, called="这张工单")
    uow.get(Customer, first.customer_id, called="客户", lock=True)
    first = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    if (stands := rectification_of(uow, first.id)) is not None:
        return stands
    if first.status not in DONE:
        raise NothingToRectify("工单还没有完工，不能开整改单")
    again = reported_again(uow, first)
    if again is not None and again.rectifies_id:  # whoever comes for that looks at this as well
        return again
    order = again or opened_for(uow, first, by=by, why=why)
    mark_rectifies(uow, order, first, by=by, why=why)
    uow.emit(RectificationOpened(order.id, first.id))
    return order


def reported_again(uow: UnitOfWork, first: WorkOrder) -> WorkOrder | None:
    """What is open already for the same fault of the same product: nobody comes twice for it. Another fault is other work, paid
    as such, whatever is said of this one."""
    same = and_(WorkOrder.product_id == first.product_id, WorkOrder.service_type == first.service_type)
    again = select(WorkOrder).where(
        WorkOrder.customer_id == first.customer_id,
        or_(WorkOrder.repair_of_id == first.id, same if first.product_id else false()),
        WorkOrder.status.in_(OPEN),
    )
    found = uow.session.scalars(again.order_by(WorkOrder.opened_at.desc()).with_for_update())
    return next((one for one in found if is_same_fault(one, first)), None)


def is_same_fault(one: WorkOrder, other: WorkOrder) -> bool:
    """As far as it is known what is wrong."""
    unknown = not one.symptoms or not other.symptoms
    return unknown or bool(set(one.symptoms) & set(other.symptoms))


def opened_for(uow: UnitOfWork, first: WorkOrder, *, by: Actor, why: str) -> WorkOrder:
    return open_work_order(
        uow, by=by, brand_id=first.brand_id, service_type=first.service_type, customer_id=first.customer_id,
        category_code=first.category_code, words=f"整改：{why[:LONGEST]}\n原工单：{first.words}", phone=first.phone,
        address=AddressLine(first.division_code, first.address), contact_name=first.contact_name,
        product_id=first.product_id, model_id=first.model_id, symptoms=first.symptoms, error_code=first.error_code,
        account_id=first.account_id, openid=first.openid, via=VIA, another=True,
    ).order  # fmt: skip


def undecided(uow: UnitOfWork, before: datetime, limit: int = 50) -> list[str]:
    """Low ratings whose reason was waited for long enough."""
    waited = is_not(uow, "rating.decide", Rating.id)
    due = select(Rating.id).where(Rating.decided == "", Rating.decide_at <= before, waited)
    return list(uow.session.scalars(due.order_by(Rating.decide_at).limit(limit)))


def rectified_by(uow: UnitOfWork, order_id: str) -> tuple[Rating | None, WorkOrder | None]:
    """What was said of an order and what puts it right: for the order's page."""
    return rating_of(uow, order_id), rectification_of(uow, order_id)
