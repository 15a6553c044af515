"""对账 and 分类账: days with their bills, differences with what to do, balances apart by whose money they are."""

from __future__ import annotations

from flask import Response

from console import reconciling, tax_sheets
from console.asked import day_asked
from console.page_door import Answer, Ask, Fetched, Go, Page, PageDoor, Part
from console.pages.payments import XLSX
from console.security import PATH
from console.shelves import brands
from domain.access.roles import Permission
from domain.payments import keeping_bills
from domain.payments import reconciling as days
from domain.payments.keeping_differences import settle_difference

ROOM = f"{PATH}/reconciliation"


def room(ask: Ask) -> Answer:
    day, status = day_asked(ask.query.get("day", "")), ask.query.get("status", "open" if "day" not in ask.query else "")
    return Page("reconciliation.html", {
        "cells": reconciling.calendar(ask.uow, ask.uow.today), "seen": reconciling.differences(ask.uow, status, day),
        "day": day, "status": status, "statements": reconciling.statements_of(ask.uow, day) if day else [],
        "states": days.STATES, "today": ask.uow.today, "room": "reconciliation",
    })  # fmt: skip


def again(ask: Ask) -> Answer:
    day = day_asked(ask.said("day")) or ask.uow.today
    days.compare_again(ask.uow, day, by=ask.by)
    return Go(f"{ROOM}?day={day}", "正在重新下载核对，几秒后刷新")


def bill(ask: Ask, kept_bill_id: str) -> Answer:
    """A bill as it came: what it is called and that it was taken out are said before the store is asked."""
    sealed = keeping_bills.take_out(ask.uow, kept_bill_id, by=ask.by)
    named = {"Content-Disposition": f"attachment; filename={sealed.name}"}
    return Fetched(lambda store: Response(keeping_bills.opened(store, sealed), mimetype="text/csv", headers=named))


def settle(ask: Ask, difference_id: str) -> Answer:
    row = settle_difference(ask.uow, difference_id, ask.said("how"), by=ask.by, why=ask.said("why"))
    return Go(f"{ROOM}?day={row.day}", "已处理")


def ledger(ask: Ask) -> Answer:
    on = day_asked(ask.query.get("on", "")) or ask.uow.today
    shown = brands(ask.uow)
    brand = ask.query.get("brand_id", "")
    if "after" in ask.query:
        more = reconciling.entries_page(ask.uow, brand or None, on, ask.query["after"])
        return Part("ledger_rows.html", {"page": more, "on": on, "brand": brand})
    return Page("ledger.html", {
        "books": reconciling.books(ask.uow, brand or None, on), "on": on, "brands": shown, "brand": brand, "room": "ledger",
        "period": tax_sheets.period_asked({}, ask.uow.today),
    })  # fmt: skip


def export_ledger(ask: Ask) -> Answer:
    since, until = tax_sheets.period_asked(ask.form, ask.uow.today)
    content = tax_sheets.entries(ask.uow, ask.said("brand_id"), since, until, ask.me)
    named = {"Content-Disposition": f"attachment; filename=ledger-{since}-{until}.xlsx"}
    return Response(content, mimetype=XLSX, headers=named)


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/reconciliation", room, permission=Permission.LEDGER_SEE)
    door.route("GET", "/kept-bills/<kept_bill_id>", bill, permission=Permission.LEDGER_SEE)
    door.route("POST", "/reconciliation/again", again, permission=Permission.RECONCILE)
    door.route("POST", "/differences/<difference_id>", settle, permission=Permission.RECONCILE)
    door.route("GET", "/ledger", ledger, permission=Permission.LEDGER_SEE)
    door.route("POST", "/ledger/export", export_ledger, permission=Permission.LEDGER_SEE)
