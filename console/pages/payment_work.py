"""退款审批, 现金交款 and 发票: what waits for somebody, and doing it."""

from __future__ import annotations

from flask import Response

from console import payment_work, payments, tax_sheets
from console.asked import BadFilter, day_asked, yuan_asked
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.pages.payments import XLSX
from console.security import PATH
from console.shelves import brands
from domain.access.roles import Permission
from domain.kit.money import Money
from domain.payments import cash, limits, refunding, refunds
from domain.payments import invoices as papers
from domain.payments.lifecycle import INVOICES

REFUNDS, CASH, INVOICE_ROOM = f"{PATH}/refunds", f"{PATH}/cash", f"{PATH}/invoices"


def refund_page(ask: Ask) -> Answer:
    shelf = ask.query.get("shelf", "asked")
    found = payment_work.refund_room(ask.uow, shelf, str(ask.by), ask.query.get("after", ""))
    shown = brands(ask.uow)
    values = {
        "found": found, "shelf": shelf, "shelves": payment_work.SHELVES, "room": "refunds", "brands": shown,
        "limits": payment_work.limits_seen(ask.uow, [one.id for one in shown]), "today": ask.uow.today,
        "may_decide": ask.may(Permission.REFUNDS_APPROVE), "methods": payments.METHODS, "holders": payment_work.holders(ask.uow),
    }  # fmt: skip
    return Part("refunds_rows.html", values) if "after" in ask.query else Page("refunds.html", values)


def decide(ask: Ask, refund_id: str) -> Answer:
    move, why = ask.said("move"), ask.said("why")
    if move == "approve":
        done = refunds.approve_refund(ask.uow, refund_id, by=ask.by)
        return Go(REFUNDS, f"已批准退款 {Money(done.fen)}")
    if move == "reject":
        refunds.reject_refund(ask.uow, refund_id, by=ask.by, why=why)
        return Go(REFUNDS, "已记下不同意的原因")
    if move == "pay_out":
        out_of, _, engineer_id = ask.said("out_of").partition(":")
        refunds.pay_out_refund(ask.uow, refund_id, by=ask.by, out_of=out_of, why=why, engineer_id=engineer_id)
        return Go(f"{REFUNDS}?shelf=abnormal", "已记为另行退还")
    if move == "give_up":
        refunding.give_up(ask.uow, refund_id, by=ask.by, why=why)
        return Go(f"{REFUNDS}?shelf=abnormal", "已放弃，款项留在原处")
    raise BadFilter("没有这个操作")


def put_limit(ask: Ask) -> Answer:
    since = day_asked(ask.said("since")) or ask.uow.today
    limits.put_refund_limit(ask.uow, ask.said("brand_id"), yuan_asked(ask.said("amount")).fen, since, by=ask.by)
    return Go(REFUNDS, "已保存限额")


def cash_page(ask: Ask) -> Answer:
    done, names = payment_work.hand_ins(ask.uow)
    return Page("cash.html", {"holders": payment_work.holders(ask.uow), "done": done, "names": names, "room": "cash"})


def hand_in(ask: Ask, engineer_id: str) -> Answer:
    made = cash.hand_in(
        ask.uow, engineer_id, ask.form.getlist("receipt"), yuan_asked(ask.said("counted")).fen, by=ask.by
    )
    return Go(CASH, f"已收到交款 {Money(made.fen)}")


def invoice_page(ask: Ask) -> Answer:
    status = ask.query.get("status", "asked")
    values = {
        "seen": payment_work.invoices(ask.uow, status),
        "status": status,
        "titles": INVOICES.titles,
        "period": tax_sheets.period_asked({}, ask.uow.today),
        "room": "invoices",
    }
    return Page("invoices.html", values)


def export_invoices(ask: Ask) -> Answer:
    since, until = tax_sheets.period_asked(ask.form, ask.uow.today)
    content = tax_sheets.invoices(ask.uow, ask.said("status"), since, until, ask.me)
    named = {"Content-Disposition": f"attachment; filename=invoices-{since}-{until}.xlsx"}
    return Response(content, mimetype=XLSX, headers=named)


def invoice(ask: Ask, invoice_id: str) -> Answer:
    if ask.said("move") == "issue":
        papers.issue_invoice(ask.uow, invoice_id, number=ask.said("number"), by=ask.by)
        return Go(INVOICE_ROOM, "已记下发票号码")
    if ask.said("move") == "refuse":
        papers.refuse_invoice(ask.uow, invoice_id, why=ask.said("why"), by=ask.by)
        return Go(INVOICE_ROOM, "已记下不开票的原因")
    raise BadFilter("没有这个操作")


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/refunds", refund_page, permission=Permission.REFUNDS_ASK)
    door.route("POST", "/refunds/limits", put_limit, permission=Permission.REFUNDS_LIMIT)
    door.route("POST", "/refunds/<refund_id>", decide, permission=Permission.REFUNDS_APPROVE)
    door.route("GET", "/cash", cash_page, permission=Permission.CASH_KEEP)
    door.route("POST", "/cash/<engineer_id>", hand_in, permission=Permission.CASH_KEEP)
    door.route("GET", "/invoices", invoice_page, permission=Permission.INVOICES_KEEP)
    door.route("POST", "/invoices/export", export_invoices, permission=Permission.INVOICES_KEEP)
    door.route("POST", "/invoices/<invoice_id>", invoice, permission=Permission.INVOICES_KEEP)
