"""收款 as the staff see it: what is owed with its payments, one payable whole, and the list as a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from xlsxwriter import Workbook

from console.asked import BadFilter, day_asked, place_asked, place_written
from console.showing import moment
from domain.access import trail
from domain.access.queries import names_of
from domain.access.sessions import SignedIn
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.ledger.chart import CHART
from domain.ledger.model import LedgerEntry
from domain.ledger.queries import entries_of
from domain.payments import queries, search
from domain.payments.cash import receipt_of
from domain.payments.lifecycle import PAYABLES, PAYMENTS, REFUNDS, PayableStatus, PaymentStatus
from domain.payments.model import Merchant, Payable, Payment, Refund
from domain.payments.papers_model import CashReceipt, InvoiceRequest
from domain.payments.reasons import REFUND_REASONS
from domain.payments.search import Wanted
from domain.payments.shares import read
from domain.work_orders.model import WorkOrder

METHODS = {"jsapi": "微信支付", "native": "扫码支付", "h5": "手机浏览器", "cash": "现金"}
VIAS = {"official_account": "公众号", "mini_program": "小程序", "engineer": "工程师出示", "console": "控制台"}
KINDS = {"bill": "服务账单", "cover": "延保与服务卡"}
COLOURS = {
    "open": "amber", "paid": "green", "refunded": "grey", "void": "grey", "created": "amber", "pending": "amber",
    "unknown": "red", "refunding": "amber", "closed": "grey", "asked": "amber", "approved": "amber", "sent": "amber",
    "abnormal": "red", "succeeded": "green", "rejected": "grey", "issued": "green", "refused": "grey",
}  # fmt: skip
MOST_ROWS = 20_000
COLUMNS = (
    "时间",
    "工单",
    "内容",
    "应收",
    "已付",
    "已退",
    "状态",
    "方式",
    "渠道",
    "商户单号",
    "微信支付单号",
    "付款时间",
)


@dataclass(frozen=True)
class Row:
    """One payable in a list; ``payment`` is the one that paid it, else the newest attempt."""

    payable: Payable
    number: str
    payment: Payment | None

    @property
    def status(self) -> str:
        return PAYABLES.titles[self.payable.status]

    @property
    def colour(self) -> str:
        if self.payment is not None and self.payment.status is PaymentStatus.UNKNOWN:
            return "red"
        return COLOURS[self.payable.status]


@dataclass(frozen=True)
class Event:
    """One line of a payable's history."""

    at: datetime
    title: str
    words: str
    colour: str = ""


@dataclass(frozen=True)
class Line:
    """One movement of an entry, in words."""

    debit: str
    credit: str
    fen: int


@dataclass(frozen=True)
class Seen:
    """One payable with everything about it."""

    row: Row
    customer_id: str
    shares: Sequence[tuple[str, int]]
    payments: Sequence[Payment]
    merchants: Mapping[str, str]
    refunds: Sequence[Refund]
    refundable: int
    receipt: CashReceipt | None
    invoice: InvoiceRequest | None
    events: Sequence[Event]
    entries: Sequence[tuple[LedgerEntry, Sequence[Line]]]
    names: Mapping[str, str]


def wanted_asked(fields: Mapping[str, str]) -> Wanted:
    """:raises BadFilter: a status or a method that there is not"""
    status, method = fields.get("status", ""), fields.get("method", "")
    if status not in {"", *PayableStatus} or method not in {"", *METHODS}:
        raise BadFilter("没有这个筛选条件")
    return Wanted(
        fields.get("q", "")[:60], status, method, day_asked(fields.get("since", "")), day_asked(fields.get("until", ""))
    )


def page(uow: UnitOfWork, wanted: Wanted, after: str = "", limit: int = 50) -> tuple[list[Row], str]:
    """One page of the list, and where the next begins."""
    found, place = search.payables(uow, wanted, after=place_asked(after), limit=limit)
    return rows_seen(uow, found), place_written(place)


def rows_seen(uow: UnitOfWork, payables: Sequence[Payable]) -> list[Row]:
    """Payables with their orders' numbers and payments, in two queries."""
    orders = {one.work_order_id for one in payables if one.work_order_id}
    found = uow.session.execute(select(WorkOrder.id, WorkOrder.number).where(WorkOrder.id.in_(orders)))
    numbers = {one.id: one.number for one in found}
    best: dict[str, Payment] = {}
    wanted = (
        select(Payment).where(Payment.payable_id.in_([one.id for one in payables])).order_by(Payment.at, Payment.id)
    )
    for payment in uow.session.scalars(wanted):
        before = best.get(payment.payable_id)
        if before is None or before.paid_at is None or before.surplus:
            best[payment.payable_id] = payment
    return [Row(one, numbers.get(one.work_order_id or "", ""), best.get(one.id)) for one in payables]


def look(uow: UnitOfWork, payable_id: str) -> Seen:
    """:raises NotFound: there is none"""
    payable = uow.get(Payable, payable_id, called="这笔应付")
    payments, refunds = queries.payments_of(uow, payable.id), queries.refunds_of(uow, payable.id)
    refundable = sum(one.fen - one.reserved_fen for one in payments if one.paid_at and not one.surplus)
    of = [
        uow.session.get(Merchant, one) for one in {payment.merchant_id for payment in payments if payment.merchant_id}
    ]
    invoice = select(InvoiceRequest).filter_by(payable_id=payable.id).order_by(InvoiceRequest.at.desc())
    entries = entries_of(uow, "payable", payable.id)
    who = {one.asked_by for one in refunds} | {one.decided_by for one in refunds} | {payable.by}
    return Seen(
        rows_seen(uow, [payable])[0], payable.customer_id,
        [(CHART[one.account].title, one.fen) for one in read(payable.split)], payments,
        {one.id: one.mch_id for one in of if one}, refunds, refundable, receipt_of(uow, payable.id),
        uow.session.scalars(invoice).first(), events_of(payable, payments, refunds),
        [(one, lines_of(one)) for one in entries], names_of(uow, who),
    )  # fmt: skip


def lines_of(entry: LedgerEntry) -> list[Line]:
    return [Line(CHART[one.debit].title, CHART[one.credit].title, one.fen) for one in entry.postings]


def events_of(payable: Payable, payments: Sequence[Payment], refunds: Sequence[Refund]) -> list[Event]:
    """What happened, the newest first."""
    found = [Event(payable.at, "应收", f"{payable.title} {Money(payable.due_fen)}")]
    for one in payments:
        found.append(Event(one.at, "发起付款", f"{METHODS[one.method]}，{VIAS[one.via]}"))
        if one.paid_at:
            found.append(
                Event(one.paid_at, "收到款", f"{Money(one.fen)}{'，多付，自动退还' if one.surplus else ''}", "green")
            )
    for back in refunds:
        reason = REFUND_REASONS.get(back.reason_code, back.reason_code)
        found.append(Event(back.at, "申请退款", f"{Money(back.fen)}，{reason}"))
        if back.decided_at:
            turned_down = back.status == "rejected"
            found.append(Event(back.decided_at, "不同意退款" if turned_down else "批准退款", str(Money(back.fen))))
        if back.done_at:
            done = REFUNDS.titles[back.status]
            found.append(Event(back.done_at, done, str(Money(back.fen)), COLOURS[back.status]))
    return sorted(found, key=lambda one: one.at, reverse=True)


def spreadsheet(uow: UnitOfWork, wanted: Wanted, who: SignedIn) -> bytes:
    """What the list shows, amounts as numbers; that it was taken out is on record."""
    written = io.BytesIO()
    options = {"constant_memory": True, "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(written, options) as book:
        sheet, bold, money = (
            book.add_worksheet("收款"),
            book.add_format({"bold": True}),
            book.add_format({"num_format": "0.00"}),
        )
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, COLUMNS, bold)
        line, after = 0, ""
        while line < MOST_ROWS:
            rows, after = page(uow, wanted, after, 500)
            for row in rows:
                line += 1
                for column, cell in enumerate(cells(row)):
                    if isinstance(cell, int):
                        sheet.write_number(line, column, cell / 100, money)
                    else:
                        sheet.write_string(line, column, cell)
            if not after:
                break
    trail.record(uow, who.actor, "payment.export", "payments", "", rows=line)
    return written.getvalue()


def cells(row: Row) -> list[str | int]:
    """A row of the spreadsheet: amounts as fen, everything else as text."""
    one, paid = row.payable, row.payment
    return [
        moment(one.at), row.number, one.title, one.due_fen, one.paid_fen, one.refunded_fen, row.status,
        METHODS[paid.method] if paid else "", VIAS[paid.via] if paid else "", paid.out_trade_no if paid else "",
        (paid.transaction_id or "") if paid else "", moment(paid.paid_at) if paid else "",
    ]  # fmt: skip


def payment_status(payment: Payment) -> str:
    return PAYMENTS.titles[payment.status]
