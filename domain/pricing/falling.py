"""A quote falls when the card that was to pay for some of it is given back: it holds no more, and the customer is asked anew.

Nobody is asked by itself here: what is to be done the engineer knows, or staff. Another reason to fall is another caller of `fall`.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from domain.access import trail
from domain.cover.standing import keep_for
from domain.kit.unit_of_work import UnitOfWork
from domain.pricing import on_site
from domain.pricing.events import BillOff, QuoteClosed
from domain.pricing.fee_facts import CARD, Facts
from domain.pricing.fees import price
from domain.pricing.gathering import answers_of, held_cards
from domain.pricing.lifecycle import QUOTES, BillStatus
from domain.pricing.model import Quote
from domain.pricing.queries import STANDING, bills_of_order, lines_of
from domain.pricing.quoting import PROGRAM
from domain.pricing.rules import hash_of_lines
from domain.products.warranty_queries import latest_answers
from domain.service_sheets.facts import ANSWERED
from domain.service_sheets.model import Register
from domain.work_orders.lifecycle import OPEN
from domain.work_orders.model import WorkOrder

CARD_BACK = "card_back"
WHY = "服务卡已退回，价格要重新算"


def card_given_back(uow: UnitOfWork, order_id: str) -> None:
    """Let fall what counted on the card. Whoever quotes at the same moment holds the order's row and is seen, or sees that it is gone."""
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    if order.status not in OPEN:
        return
    judge_anew(uow, order)
    standing = select(Quote).where(Quote.work_order_id == order.id, Quote.status.in_(STANDING))
    for quote in uow.session.scalars(standing.order_by(Quote.version).with_for_update()).all():
        if counts_on_lost_card(uow, order, quote):
            fall(uow, order, quote)


def judge_anew(uow: UnitOfWork, order: WorkOrder) -> None:
    """The stored answer may say that the card covers it."""
    stored = latest_answers(uow, [order.id]).get(order.id, [])
    if any(one.rule == CARD for one in stored):
        keep_for(uow, order, by=PROGRAM)


def counts_on_lost_card(uow: UnitOfWork, order: WorkOrder, quote: Quote) -> bool:
    """Whether the same work would be paid otherwise with the cards that are held now."""
    if not any(one.payer == CARD for one in lines_of(quote)):
        return False
    then = Facts.from_json(quote.facts)
    now = replace(then, cards=held_cards(uow, order), answers=answers_of(uow, order, keep=False))
    return hash_of_lines(order.number, price(then).lines) != hash_of_lines(order.number, price(now).lines)


def fall(uow: UnitOfWork, order: WorkOrder, quote: Quote) -> None:
    """It holds no more: nothing is agreed to, and the engineer's phone says why."""
    agreed = quote.answered_at is not None
    QUOTES.move(quote, "fall", PROGRAM.role, why=WHY)
    quote.remind_at, quote.why = None, WHY
    if agreed:
        order.agreed_fen, order.agreed_at = None, uow.now
    uow.session.flush()
    trail.record(uow, PROGRAM, "quote.fall", "work_order", order.id, quote=quote.id, fen=quote.customer_fen)
    uow.emit(QuoteClosed(quote.id, order.id, "fallen"))
    if quote.visit_id:
        mark_on_phone(uow, quote.visit_id)
    for bill in bills_of_order(uow, order.id):
        if bill.quote_id == quote.id and bill.status is not BillStatus.VOID:
            uow.emit(BillOff(order.id, bill.visit_id, CARD_BACK))


def mark_on_phone(uow: UnitOfWork, visit_id: str) -> None:
    """Where the phone looks for what became of its question and its answer."""
    for key in (on_site.ASKED, ANSWERED):
        row = uow.session.get(Register, (visit_id, key))
        if row is not None and row.value and on_site.done(uow, visit_id, row):
            on_site.mark(uow, visit_id, row, CARD_BACK)
