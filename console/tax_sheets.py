"""发票 and 分类账 of a period as spreadsheets, for whoever books and declares: text is text there, and who took them is on record.

A further sheet is a function that hands its rows to `written`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, func, select, tuple_
from xlsxwriter import Workbook

from console.asked import BadFilter, day_asked
from console.showing import moment
from domain.access import trail
from domain.access.queries import names_of
from domain.access.sessions import SignedIn
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.ledger.chart import CHART, KINDS
from domain.ledger.model import LedgerEntry, LedgerPosting
from domain.payments.lifecycle import INVOICES
from domain.payments.model import Payable
from domain.payments.papers_model import InvoiceRequest
from domain.work_orders.model import WorkOrder

MOST = 50_000
AT_ONCE = 500
INVOICE_COLUMNS = (
    "申请时间", "抬头", "税号", "邮箱", "内容", "工单", "金额", "已退", "状态", "发票号码", "处理时间", "原因", "应付编号",
)  # fmt: skip
LEDGER_COLUMNS = (
    "日期", "分录", "事项", "借方科目", "借方户", "贷方科目", "贷方户", "金额", "工单", "说明", "记账", "记账时间",
)  # fmt: skip
Cell = str | int
"""An amount in fen, or text."""


def period_asked(fields: Mapping[str, str], today: date) -> tuple[date, date]:
    """This month unless said otherwise, both days included.

    :raises BadFilter: a day that is none, or the end before the beginning
    """
    since = day_asked(fields.get("since", "")) or today.replace(day=1)
    until = day_asked(fields.get("until", "")) or max(today, since)
    if until < since:
        raise BadFilter("结束日期不能早于开始日期")
    return since, until


def invoices(uow: UnitOfWork, status: str, since: date, until: date, who: SignedIn) -> bytes:
    """Requests that were done, or where nobody has done them asked, in the period.

    :raises BadFilter: there is no such state, or they are too many for one sheet
    """
    if status not in {"", *INVOICES.titles}:
        raise BadFilter("没有这个筛选条件")
    at = func.coalesce(InvoiceRequest.done_at, InvoiceRequest.at)
    wanted = select(InvoiceRequest, Payable, WorkOrder.number).join(Payable, Payable.id == InvoiceRequest.payable_id)
    wanted = wanted.outerjoin(WorkOrder, WorkOrder.id == Payable.work_order_id)
    wanted = wanted.where(at >= midnight(since), at < midnight(until + timedelta(days=1)))
    if status:
        wanted = wanted.where(InvoiceRequest.status == status)
    count = must_fit(uow, wanted)
    found = uow.session.execute(wanted.order_by(at, InvoiceRequest.id)).all()
    rows: Iterator[Sequence[Cell]] = (
        (
            moment(one.at), one.title, one.tax_number or "个人", one.email, payable.title, number or "", one.fen,
            payable.refunded_fen, INVOICES.titles[one.status], one.number, moment(one.done_at) if one.done_at else "",
            one.why, payable.id,
        )
        for one, payable, number in found
    )  # fmt: skip
    trail.record(uow, who.actor, "invoice.export", "invoices", "", rows=count, since=str(since), until=str(until))
    return written("发票", INVOICE_COLUMNS, rows)


def entries(uow: UnitOfWork, brand_id: str, since: date, until: date, who: SignedIn) -> bytes:
    """The ledger's postings of the period, a line each, the oldest first.

    :raises BadFilter: they are too many for one sheet
    """
    wanted = select(LedgerEntry).where(LedgerEntry.day >= since, LedgerEntry.day <= until)
    if brand_id:
        wanted = wanted.where(LedgerEntry.brand_id == brand_id)
    count = must_fit(uow, wanted.join(LedgerPosting, LedgerPosting.entry_id == LedgerEntry.id))
    trail.record(uow, who.actor, "ledger.export", "ledger", "", rows=count, since=str(since), until=str(until))
    return written("分类账", LEDGER_COLUMNS, postings(uow, wanted))


def postings(uow: UnitOfWork, wanted: Select[LedgerEntry]) -> Iterator[Sequence[Cell]]:
    place: tuple[date, str] | None = None
    while True:
        more = wanted.where(tuple_(LedgerEntry.day, LedgerEntry.id) > place) if place else wanted
        found = uow.session.scalars(more.order_by(LedgerEntry.day, LedgerEntry.id).limit(AT_ONCE)).all()
        orders = {one.work_order_id for one in found if one.work_order_id}
        numbers = dict(
            uow.session.execute(select(WorkOrder.id, WorkOrder.number).where(WorkOrder.id.in_(orders))).all()
        )
        names = names_of(uow, {one.by for one in found})
        for entry in found:
            for one in entry.postings:
                yield (
                    entry.day.isoformat(), entry.id, KINDS.get(entry.kind, entry.kind), CHART[one.debit].title,
                    one.debit_party, CHART[one.credit].title, one.credit_party, one.fen,
                    numbers.get(entry.work_order_id or "", ""), entry.why, names.get(entry.by, entry.by), moment(entry.at),
                )  # fmt: skip
        if len(found) < AT_ONCE:
            return
        place = found[-1].day, found[-1].id


def must_fit(uow: UnitOfWork, wanted: Select[*tuple[object, ...]]) -> int:
    """:raises BadFilter: they are too many for one sheet"""
    count = uow.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    if count > MOST:
        raise BadFilter(f"一共 {count} 行，超过一张表的 {MOST} 行，请把日期分开导出")
    return count


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def written(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Amounts as numbers, everything else as text: what people wrote is never a formula nor a link."""
    content = io.BytesIO()
    options = {"constant_memory": True, "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, options) as book:
        sheet, bold, money = (
            book.add_worksheet(name),
            book.add_format({"bold": True}),
            book.add_format({"num_format": "0.00"}),
        )
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, columns, bold)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(line, column, cell / 100, money)
                else:
                    sheet.write_string(line, column, cell)
    return content.getvalue()
