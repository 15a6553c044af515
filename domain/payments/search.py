"""Finding what is owed and paid by order, number or receipt, a page at a time, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select, tuple_, union

from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.payments.lifecycle import PayableStatus
from domain.payments.model import Payable, Payment, Refund
from domain.payments.papers_model import CashReceipt, InvoiceRequest
from domain.payments.statements_model import StatementDifference
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import read_number


@dataclass(frozen=True)
class Wanted:
    """What to look for; an empty field does not narrow. ``text`` is an order's, payment's, refund's or receipt's number."""

    text: str = ""
    status: str = ""
    method: str = ""
    since: date | None = None
    until: date | None = None


KINDS = ("bill", "cover")
"""Every `Payable.kind`: the index of what is owed for a thing begins with it."""
Place = tuple[datetime, str]


def payables(
    uow: UnitOfWork, wanted: Wanted, *, after: Place | None = None, limit: int = 50
) -> tuple[Sequence[Payable], Place | None]:
    """One page of payables and where the next begins."""
    found = narrowed(select(Payable), wanted)
    if after:
        found = found.where(tuple_(Payable.at, Payable.id) < after)
    rows = uow.session.scalars(found.order_by(Payable.at.desc(), Payable.id.desc()).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], (last.at, last.id) if last else None


def narrowed(found: Select[Payable], wanted: Wanted) -> Select[Payable]:
    if wanted.status:
        found = found.where(Payable.status == PayableStatus(wanted.status))
    if wanted.method:
        found = found.where(Payable.id.in_(select(Payment.payable_id).where(Payment.method == wanted.method)))
    if wanted.since:
        found = found.where(Payable.at >= datetime.combine(wanted.since, time(0), SHANGHAI))
    if wanted.until:
        found = found.where(Payable.at < datetime.combine(wanted.until + timedelta(days=1), time(0), SHANGHAI))
    return found.where(Payable.id.in_(named(wanted.text.strip()))) if wanted.text.strip() else found


def named(text: str) -> Select[str]:
    """The payables that a number names, whatever kind of number it is."""
    paid, back, owed = select(Payment.payable_id), select(Refund.payable_id), select(Payable.id)
    order = select(WorkOrder.id).where(WorkOrder.number == (read_number(text) or text))
    return union(  # one look-up by index each: an OR of them reads the tables from end to end
        paid.where(Payment.out_trade_no == text.upper()),
        paid.where(Payment.transaction_id == text),
        paid.join(CashReceipt, CashReceipt.payment_id == Payment.id).where(CashReceipt.number == text.upper()),
        back.where(Refund.id == text.lower()),
        back.where(Refund.refund_id == text),
        owed.where(Payable.work_order_id.in_(order)),
        owed.where(Payable.id == text),
        owed.where(Payable.kind.in_(KINDS), Payable.of_id == text),
    ).subquery().select()  # fmt: skip


def refunds(
    uow: UnitOfWork, statuses: Sequence[str], *, after: Place | None = None, limit: int = 50
) -> tuple[Sequence[Refund], Place | None]:
    """One page of refunds in these states, the newest first."""
    found = select(Refund).where(Refund.status.in_(statuses))
    if after:
        found = found.where(tuple_(Refund.at, Refund.id) < after)
    rows = uow.session.scalars(found.order_by(Refund.at.desc(), Refund.id.desc()).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], (last.at, last.id) if last else None


def invoices(uow: UnitOfWork, status: str, *, limit: int = 200) -> Sequence[InvoiceRequest]:
    """Requests in this state; those that wait the longest first."""
    found = select(InvoiceRequest).where(InvoiceRequest.status == status)
    order = InvoiceRequest.at if status == "asked" else InvoiceRequest.at.desc()
    return uow.session.scalars(found.order_by(order).limit(limit)).all()


def differences(
    uow: UnitOfWork, *, status: str = "", day: date | None = None, limit: int = 200
) -> Sequence[StatementDifference]:
    """Differences, the newest day first."""
    found = select(StatementDifference)
    if status:
        found = found.where(StatementDifference.status == status)
    if day:
        found = found.where(StatementDifference.day == day)
    return uow.session.scalars(
        found.order_by(StatementDifference.day.desc(), StatementDifference.id).limit(limit)
    ).all()
