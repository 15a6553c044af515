"""Quotes, what is owed, and invoices: what each line costs, who pays it and why. Paying itself is `consumer_app.subjects.paying`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from consumer_app.person import Person
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, Refused
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.payments.invoices import request_invoice
from domain.payments.lifecycle import INVOICES, PAYABLES, InvoiceStatus, PayableStatus
from domain.payments.papers_model import InvoiceRequest
from domain.payments.queries import PayableSeen, payable_seen, payables_for
from domain.pricing import quoting
from domain.pricing.fee_facts import PAYERS, Line
from domain.pricing.lifecycle import QUOTES, QuoteStatus
from domain.pricing.model import Quote
from domain.work_orders.model import WorkOrder


class QuoteChanged(Conflict):
    """Another quote stands by now, or none; ``newer`` is what it says."""

    code = "quote_changed"

    def __init__(self, words: str, newer: dict[str, Any] | None) -> None:
        super().__init__(words)
        self.newer = newer


class PaymentAway(Refused):
    """The platform did not answer, or payment is not set up."""

    code = "payment_away"


def quote(person: Person, quote_id: str) -> dict[str, Any]:
    """:raises NotFound: not theirs"""
    found = person.quote(quote_id)
    quoting.seen(person.uow, found.id)
    return quote_json(person.uow, found)


def answer(person: Person, quote_id: str, given: dict[str, Any]) -> dict[str, Any]:
    """:raises NotFound: not theirs; :raises QuoteChanged: it is not what is asked any more"""
    return answer_as(person.uow, person.quote(quote_id), given, person.by, "page")


def answer_as(uow: UnitOfWork, found: Quote, given: dict[str, Any], by: Actor, via: str) -> dict[str, Any]:
    """Yes or no to exactly the lines that were seen.

    :raises QuoteChanged: see there
    """
    try:
        with uow.session.begin_nested():
            if given["answer"] == "confirm":
                quoting.confirm(uow, found.id, given["hash"], by=by, via=via)
            else:
                quoting.reject(uow, found.id, by=by, via=via, why=given.get("why", ""), hash_=given["hash"])
    except quoting.QuoteChanged as changed:
        newer = uow.session.get(Quote, changed.newer_id) if changed.newer_id else None
        raise QuoteChanged(str(changed), quote_json(uow, newer) if newer else None) from None
    return quote_json(uow, found)


def quote_json(uow: UnitOfWork, found: Quote) -> dict[str, Any]:
    order = uow.get(WorkOrder, found.work_order_id, called="这张工单")
    lines = [Line.from_json(one) for one in found.lines]
    others = sum(line.fen for line in lines) - found.customer_fen
    return {
        "id": found.id, "order_number": order.number, "version": found.version, "status": str(found.status),
        "status_title": QUOTES.titles[found.status], "lines": [line_json(one) for one in lines],
        "customer_fen": found.customer_fen, "customer_shown": str(Money(found.customer_fen)),
        "declined_shown": str(Money(found.declined_fen)) if found.declined_fen else "", "note": found.note,
        "others_shown": str(Money(others)) if others else "", "hash": found.hash, "newer_id": newer_than(uow, found),
    }  # fmt: skip


def line_json(line: Line) -> dict[str, Any]:
    quantity = Decimal(line.quantity_milli) / 1000
    return {
        "title": line.title, "quantity": f"{quantity.normalize():f} {line.unit}".strip(), "unit_fen": line.unit_fen,
        "fen": line.fen, "shown": str(Money(line.fen)), "payer": line.payer,
        "payer_title": PAYERS.get(line.payer, line.payer), "why": line.why,
    }  # fmt: skip


def newer_than(uow: UnitOfWork, found: Quote) -> str | None:
    if found.status in (QuoteStatus.ASKED, QuoteStatus.CONFIRMED):
        return None
    newer = select(Quote.id).where(Quote.work_order_id == found.work_order_id, Quote.version > found.version)
    return uow.session.scalars(newer.order_by(Quote.version.desc()).limit(1)).first()


def payables(person: Person) -> dict[str, Any]:
    if person.customer_id is None:
        return {"payables": []}
    return {"payables": [payable_json(person, one) for one in payables_for(person.uow, person.customer_id)]}


def payable(person: Person, payable_id: str) -> dict[str, Any]:
    """:raises NotFound: not theirs"""
    return payable_json(person, payable_seen(person.uow, person.payable(payable_id).id))


def payable_plain(one: PayableSeen) -> dict[str, Any]:
    """What whoever has its link may see."""
    return {
        "id": one.id, "title": one.title, "status": str(one.status), "status_title": PAYABLES.titles[one.status],
        "due_fen": one.due, "due_shown": str(Money(one.due)), "paid_fen": one.paid, "refunded_fen": one.refunded,
        "refunded_shown": str(Money(one.refunded)) if one.refunded else "",
    }  # fmt: skip


def payable_json(person: Person, one: PayableSeen) -> dict[str, Any]:
    order = person.uow.session.get(WorkOrder, one.work_order_id) if one.work_order_id else None
    asked = invoice_of(person, one.id)
    return payable_plain(one) | {
        "order_number": order.number if order else None,
        "invoice": invoice_json(asked) if asked else None,
        "may_ask_invoice": one.status is PayableStatus.PAID and one.paid > one.refunded
        and (asked is None or asked.status is InvoiceStatus.REFUSED),
    }  # fmt: skip


def ask_invoice(person: Person, payable_id: str, given: dict[str, Any]) -> dict[str, Any]:
    """:raises NotFound: not theirs; :raises Refused: nothing was paid, or what was filled in cannot be"""
    found = person.payable(payable_id)
    request_invoice(
        person.uow, found.id, title=given["title"], email=given["email"], tax_number=given["tax_number"], by=person.by
    )
    return payable_json(person, payable_seen(person.uow, found.id))


def invoice_of(person: Person, payable_id: str) -> InvoiceRequest | None:
    found = select(InvoiceRequest).filter_by(payable_id=payable_id).order_by(InvoiceRequest.at.desc())
    return person.uow.session.scalars(found.limit(1)).first()


def invoice_json(asked: InvoiceRequest) -> dict[str, Any]:
    return {
        "status": str(asked.status), "status_title": INVOICES.titles[asked.status], "number": asked.number or None,
    }  # fmt: skip
