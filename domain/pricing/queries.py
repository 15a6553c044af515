"""Looking up quotes and bills: what pages, phones and chats need."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select

from domain.kit.unit_of_work import UnitOfWork
from domain.pricing.fee_facts import PAYERS, Line
from domain.pricing.lifecycle import BILLS, QUOTES, BillStatus, QuoteStatus
from domain.pricing.model import Bill, Quote
from domain.work_orders.model import Visit

STANDING = (QuoteStatus.ASKED, QuoteStatus.CONFIRMED)


@dataclass(frozen=True)
class QuoteSeen:
    """A quote as pages and phones show it; amounts are fen."""

    id: str
    work_order_id: str
    version: int
    phone_key: str
    status: str
    status_title: str
    lines: tuple[Line, ...]
    customer_fen: int
    declined_fen: int
    hash: str
    note: str
    asked_at: datetime
    expires_at: datetime
    answered_at: datetime | None
    answered_via: str


def lines_of(one: Quote | Bill) -> tuple[Line, ...]:
    return tuple(Line.from_json(line) for line in one.lines)


def seen_as(quote: Quote) -> QuoteSeen:
    return QuoteSeen(
        quote.id, quote.work_order_id, quote.version, quote.phone_key, str(quote.status), QUOTES.titles[quote.status],
        lines_of(quote), quote.customer_fen, quote.declined_fen, quote.hash, quote.note, quote.asked_at,
        quote.expires_at, quote.answered_at, quote.answered_via,
    )  # fmt: skip


def standing_quote(uow: UnitOfWork, order_id: str) -> Quote | None:
    """What counts now: what is asked, else what was confirmed."""
    found = select(Quote).where(Quote.work_order_id == order_id, Quote.status.in_(STANDING))
    first = case((Quote.status == QuoteStatus.ASKED, 0), else_=1)
    return uow.session.scalars(found.order_by(first, Quote.version.desc())).first()


def quotes_of_order(uow: UnitOfWork, order_id: str) -> Sequence[Quote]:
    """All versions, the newest first."""
    found = select(Quote).where(Quote.work_order_id == order_id)
    return uow.session.scalars(found.order_by(Quote.version.desc())).all()


def quotes_of(uow: UnitOfWork, visit_ids: Collection[str]) -> dict[str, list[QuoteSeen]]:
    """Visit → all quotes of its order, the newest first: what an engineer's phone is told. One query."""
    if not visit_ids:
        return {}
    found: dict[str, list[QuoteSeen]] = {visit_id: [] for visit_id in visit_ids}
    rows = (
        select(Visit.id, Quote)
        .join(Quote, Quote.work_order_id == Visit.work_order_id)
        .where(Visit.id.in_(visit_ids))
        .order_by(Visit.id, Quote.version.desc())
    )
    for visit_id, quote in uow.session.execute(rows):
        found[visit_id].append(seen_as(quote))
    return found


def bills_of_order(uow: UnitOfWork, order_id: str) -> Sequence[Bill]:
    """All versions, the newest first."""
    found = select(Bill).where(Bill.work_order_id == order_id)
    return uow.session.scalars(found.order_by(Bill.version.desc())).all()


def live_bill(uow: UnitOfWork, order_id: str) -> Bill | None:
    """The one that counts: issued, paid or with nothing to pay; a void one is none."""
    return next((one for one in bills_of_order(uow, order_id) if one.status is not BillStatus.VOID), None)


def settled_words(uow: UnitOfWork, order_id: str, visit_id: str) -> str:
    """Whether what a visit's sheet comes to is paid: for paper and pages; "" where there is no bill."""
    bill = live_bill(uow, order_id)
    return bill_title(bill) if bill is not None and bill.visit_id == visit_id else ""


def bill_title(bill: Bill) -> str:
    return BILLS.titles[bill.status]


def payer_title(line: Line) -> str:
    return PAYERS[line.payer]
