"""One's orders: how each stands, who comes and where they are, and what one may do about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.understanding.lexicon import lexicon
from consumer_app.person import Person
from consumer_app.subjects import coming, steps
from consumer_app.subjects.coming import UNDER_WAY
from domain.appointments.changes import answer_change
from domain.appointments.offering import windows_for
from domain.appointments.operations import BOOKABLE, book_window
from domain.appointments.queries import booked, open_change, promises
from domain.appointments.reasons import OTHER, code_of
from domain.appointments.windows import window_words
from domain.catalog.model import Model
from domain.feedback.ratings import open_for_rating
from domain.files.model import FileState
from domain.files.queries import of_order
from domain.kit.errors import NotFound, Refused
from domain.kit.personal import mask_phone
from domain.payments.lifecycle import PayableStatus
from domain.payments.queries import payables_of
from domain.pricing.lifecycle import QuoteStatus
from domain.pricing.model import Quote
from domain.products.warranty_queries import latest_answers
from domain.service_sheets.links import path_to_sheet
from domain.service_sheets.model import ServiceSheet
from domain.work_orders import operations as work_orders
from domain.work_orders.holds import lift_hold
from domain.work_orders.kinds import TITLES
from domain.work_orders.lifecycle import OPEN, ORDERS
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.numbers import spoken
from domain.work_orders.queries import orders_of
from domain.work_orders.visits import standing_visit

MOST, MOST_WINDOWS = 50, 12


class OnTheWay(Refused):
    """The engineer has departed."""

    code = "on_the_way"


def all_of(person: Person) -> dict[str, Any]:
    found = orders_of(person.uow, person.customer_id, limit=MOST)
    kept = promises(person.uow, [order.id for order in found])
    return {"orders": [line(person, order, kept[order.id].words if order.id in kept else "") for order in found]}


def line(person: Person, order: WorkOrder, promised: str = "") -> dict[str, Any]:
    """As a list shows it."""
    model = person.uow.session.get(Model, order.model_id) if order.model_id else None
    category = lexicon().categories.get(order.category_code)
    title = category.title if category else "家电"
    return {
        "number": order.number, "spoken": spoken(order.number), "service": TITLES[order.service_type],
        "category_title": title, "product": model.name if model else title, "status": order.status,
        "status_title": ORDERS.titles[order.status], "open": order.status in OPEN, "opened_at": order.opened_at,
        "next": next_of(person, order, promised),
    }  # fmt: skip


def next_of(person: Person, order: WorkOrder, promised: str) -> str:
    """The one thing that comes next, most pressing first."""
    if quote_asked(person, order):
        return "有报价等您确认"
    if to_pay(person, order):
        return "等您付款"
    if promised:
        return promised
    if order.on_hold:
        return "等您处理好现场后再上门"
    if order.status in BOOKABLE:
        return "等待预约上门时间"
    return "可以评价" if open_for_rating(person.uow, order) else ""


def quote_asked(person: Person, order: WorkOrder) -> str | None:
    found = select(Quote.id).where(Quote.work_order_id == order.id, Quote.status == QuoteStatus.ASKED)
    return person.uow.session.scalars(found).first()


def to_pay(person: Person, order: WorkOrder) -> str | None:
    found = (one.id for one in payables_of(person.uow, order.id) if one.status is PayableStatus.OPEN)
    return next(found, None)


def page(person: Person, number: str) -> dict[str, Any]:
    """:raises NotFound: not theirs"""
    order = person.order(number)
    uow, visit, promise = person.uow, standing_visit(person.uow, order.id), booked(person.uow, order.id)
    kept = promises(uow, [order.id]).get(order.id)
    comes = coming.engineer(person, order, visit, kept.engineer if kept else "")
    pictures = [one.id for one in of_order(uow, order.id) if one.kind == "image" and one.state is FileState.KEPT]
    return {
        "order": line(person, order, kept.words if kept else ""), "words": order.words, "address": order.address,
        "phone": mask_phone(order.phone), "steps": steps.of(person, order),
        "appointment": window_json(promise.window_since, promise.window_until) if promise else None,
        "engineer": comes, "position": coming.position(person, order, visit), "change": change(person, order),
        "warranty": [one.words for one in latest_answers(uow, [order.id]).get(order.id, [])],
        "may": may(person, order, visit), "quote_id": quote_asked(person, order), "payable_id": to_pay(person, order),
        "sheet_url": sheet_url(person, order), "pictures": [f"/pictures/{one}" for one in pictures],
    }  # fmt: skip


def window_json(since: datetime, until: datetime) -> dict[str, Any]:
    return {"since": since, "until": until, "words": window_words(since, until)}


def change(person: Person, order: WorkOrder) -> dict[str, Any] | None:
    """What the engineer asks about this order."""
    asked, promise = open_change(person.uow, person.customer_id), booked(person.uow, order.id)
    if asked is None or asked.work_order_id != order.id or promise is None:
        return None
    return {
        "id": asked.id, "before": window_words(promise.window_since, promise.window_until),
        "wanted": window_words(asked.window_since, asked.window_until),
    }  # fmt: skip


def may(person: Person, order: WorkOrder, visit: Visit | None) -> dict[str, bool]:
    left = visit is not None and visit.status in UNDER_WAY
    cancel = any(move.name == "cancel" for move in ORDERS.allowed(order.status, person.by.role))
    return {
        "move": order.status in BOOKABLE and not left, "cancel": cancel and not left, "urge": order.status in OPEN,
        "rate": open_for_rating(person.uow, order), "go_on": bool(order.on_hold),
    }  # fmt: skip


def sheet_url(person: Person, order: WorkOrder) -> str | None:
    """The signed link of the last sheet that is over."""
    found = select(ServiceSheet).where(ServiceSheet.work_order_id == order.id, ServiceSheet.outcome != "")
    sheet = person.uow.session.scalars(found.order_by(ServiceSheet.changed_at.desc()).limit(1)).first()
    return path_to_sheet(person.uow, sheet) if sheet else None


def windows(person: Person, number: str) -> dict[str, Any]:
    """:raises NotFound: not theirs"""
    order = person.order(number)
    found: Sequence[Any] = []
    if may(person, order, standing_visit(person.uow, order.id))["move"]:
        found = windows_for(person.uow, order, days=10, most=MOST_WINDOWS)
    return {"windows": [window_json(one.since, one.until) for one in found]}


def book(person: Person, number: str, given: dict[str, Any]) -> dict[str, Any]:
    """:raises NotFound, NotNow, NoRoom: see there"""
    order, reason = person.order(number), given["reason"].strip()
    code = code_of(reason)
    book_window(
        person.uow, order.id, given["since"], given["until"], by=person.by, via=person.via, reason_code=code,
        why=reason if code == OTHER else "",
    )  # fmt: skip
    return page(person, number)


def cancel(person: Person, number: str, given: dict[str, Any]) -> dict[str, Any]:
    """:raises NotFound, OnTheWay, MoveRefused: see there"""
    order = person.order(number)
    must_not_be_under_way(person, order)
    work_orders.move_order(person.uow, order.id, "cancel", by=person.by, why=given["why"])
    return {"message": f"工单 {spoken(order.number)} 已取消。以后需要，随时再报。"}


def must_not_be_under_way(person: Person, order: WorkOrder) -> None:
    person.uow.get(WorkOrder, order.id, called="这张工单", lock=True)
    visit = standing_visit(person.uow, order.id, lock=True)
    if visit is not None and visit.status in UNDER_WAY:
        raise OnTheWay("工程师已经出发，不能在这里取消了，请直接跟工程师说")


def urge(person: Person, number: str, given: dict[str, Any]) -> dict[str, Any]:
    """:raises NotFound, UrgedAlready, MoveRefused: see there"""
    order = person.order(number)
    work_orders.urge_order(person.uow, order.id, given["words"] or "在页面上催单", by=person.by)
    return {"message": "已为您催促，会优先安排，工程师会尽快联系您。"}


def answer(person: Person, number: str, given: dict[str, Any]) -> dict[str, Any]:
    """:raises NotFound, NotNow, NoRoom, MoveRefused: see there"""
    order = person.order(number)
    asked = open_change(person.uow, person.customer_id)
    if asked is None or asked.id != given["id"] or asked.work_order_id != order.id:
        raise NotFound("这个问题已经不用回答了")
    answer_change(person.uow, asked.id, given["yes"], by=person.by, via=person.via)
    stands = promises(person.uow, [order.id])[order.id].words
    return {"message": f"已改约：{stands}。" if given["yes"] else f"好的，不改，仍按原来的时间：{stands}。"}


def go_on(person: Person, number: str) -> dict[str, Any]:
    """:raises NotFound: not theirs"""
    order = person.order(number)
    lift_hold(person.uow, order.id, by=person.by, why="客户说可以上门了")
    return {"message": "好的，已为您恢复安排，师傅会再上门。"}
