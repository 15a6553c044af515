"""Combined searches as the pages and the API ask for them: the query out of a form, its chips, and the spreadsheet."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from xlsxwriter import Workbook

from console import showing
from domain.access import trail
from domain.access.sessions import SignedIn
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.reports.conditions import OPERATORS, Field, Query, read_query
from domain.reports.fields import FIELDS
from domain.reports.searching import find
from domain.work_orders.kinds import TITLES
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken
from domain.work_orders.search import OrderRow

MOST_ROWS = 5000
"""Rows of a spreadsheet: a second and a half of one processor."""
MOST_PLAIN = 500
"""Rows of one with names and telephones: a day's visits, not the customers of a brand."""
AT_ONCE = 500
NUMBERED = re.compile(r"field-([0-9a-z]{1,12})")
COLUMNS = (
    "工单号", "受理时间", "状态", "服务类型", "品类", "型号", "联系人", "电话", "地址", "期望时间", "受理渠道", "二次维修",
)  # fmt: skip


def query_in(form: MultiDict[str, str]) -> Query:
    """The query a form holds: ``match``, and for every condition ``field-n``, ``operator-n``, ``value-n``. Conditions with
    nothing filled in are left out, and the one that ``without`` names.

    :raises BadQuery: it cannot be
    """
    rows = []
    for name in form:
        if (found := NUMBERED.fullmatch(name)) and found.group(1) != form.get("without"):
            n = found.group(1)
            field = FIELDS.get(form[name])
            values = form.getlist(f"value-{n}")
            if any(value.strip() for value in values) or (field and field.kind == "flag"):
                operator = {"operator": form[f"operator-{n}"]} if form.get(f"operator-{n}") else {}
                rows.append({"field": form[name], "values": values, **operator})
    return read_query({"match": form.get("match", "all"), "conditions": rows}, FIELDS)


@dataclass(frozen=True)
class ConditionSeen:
    """One condition as a row of the form. ``n`` ties its fields together."""

    n: str
    field: Field
    operator: str
    values: Sequence[str]
    choices: Mapping[str, str]
    operators: Mapping[str, str]

    @property
    def words(self) -> str:
        """状态 是 已报修、已排期."""
        if self.field.kind == "flag":
            return f"{self.field.title}：{self.operators[self.operator]}"
        if self.field.kind == "day":
            since, until = [*self.values, "", ""][:2]
            return f"{self.field.title} {since or '…'} – {until or '…'}"
        values = "、".join(self.choices.get(value, value) for value in self.values)
        return f"{self.field.title} {self.operators[self.operator]} {values}"


def condition_seen(uow: UnitOfWork, n: str, name: str, operator: str = "", values: Sequence[str] = ()) -> ConditionSeen:
    field = FIELDS.get(name) or next(iter(FIELDS.values()))
    choices = field.choices(uow) if field.choices else {}
    operators = {str(one): OPERATORS[one] for one in field.operators}
    return ConditionSeen(n, field, operator or field.operators[0], values, choices, operators)


def conditions_seen(uow: UnitOfWork, query: Query) -> Sequence[ConditionSeen]:
    return [condition_seen(uow, str(n), one.field, one.operator, one.values) for n, one in enumerate(query.conditions)]


def spreadsheet(uow: UnitOfWork, query: Query, who: SignedIn, *, plain: bool = False) -> bytes:
    """What a query finds, masked as on the page, at most `MOST_ROWS`; that it was taken out is on record. ``plain`` shows names,
    telephones and addresses, of at most `MOST_PLAIN` orders, each of which has a line of its own on record.

    :raises BadQuery: it cannot be
    """
    most = MOST_PLAIN if plain else MOST_ROWS
    written = io.BytesIO()
    with Workbook(written, {"constant_memory": True, "in_memory": True, "strings_to_formulas": False,
                            "strings_to_urls": False, "strings_to_numbers": False}) as book:  # fmt: skip
        sheet, bold = book.add_worksheet("工单"), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(COLUMNS):
            sheet.write_string(0, column, title, bold)
        line, after = 0, None
        while line < most:
            page = find(uow, query, after=after, limit=min(AT_ONCE, most - line))
            for row in unmasked(uow, page.rows, who) if plain else page.rows:
                line += 1
                for column, words in enumerate(cells(row)):
                    sheet.write_string(line, column, words)
            after = page.after
            if after is None:
                break
        if after is not None:
            sheet.write_string(line + 1, 0, f"只导出前 {most} 行，请把条件写窄一些")
    fields = sorted({one.field for one in query.conditions})
    trail.record(uow, who.actor, "order.export", "work_orders", "", rows=line, fields=fields, plain=plain)
    return written.getvalue()


def unmasked(uow: UnitOfWork, rows: Sequence[OrderRow], who: SignedIn) -> Iterator[OrderRow]:
    """The rows with what was masked, and each look on record."""
    found = uow.session.scalars(select(WorkOrder).where(WorkOrder.id.in_([row.id for row in rows])))
    orders = {order.id: order for order in found}
    for row in rows:
        order = orders[row.id]
        trail.record(uow, who.actor, "personal.reveal", "work_order", row.id, field="export")
        yield replace(row, contact_name=order.contact_name or "", phone=order.phone, address=order.address)


def cells(row: OrderRow) -> Sequence[str]:
    return (
        spoken(row.number), shanghai(row.opened_at), showing.order_status(row.status), TITLES[row.service_type],
        row.category, row.model_code or "", row.contact_name, row.phone, row.address, row.wanted_time or "",
        showing.VIA.get(row.opened_via, row.opened_via), "是" if row.re_repair else "",
    )  # fmt: skip


def shanghai(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def described(uow: UnitOfWork) -> list[dict[str, Any]]:
    """The fields for a program: what they are called, how they may be asked, and their choices."""
    return [
        {
            "name": field.name, "title": field.title, "kind": field.kind, "operators": list(field.operators),
            "choices": dict(field.choices(uow)) if field.choices else {},
        }
        for field in FIELDS.values()
    ]  # fmt: skip
