"""收款: what is owed and paid, found by any number; one payable with its history, entries, and what may be done."""

from __future__ import annotations

from flask import Response

from console import payments
from console.asked import number_asked, yuan_asked
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH
from domain.access.roles import Permission
from domain.kit.money import Money
from domain.ledger.chart import KINDS
from domain.payments import asking, operations
from domain.payments.lifecycle import INVOICES, LIVE, PAYABLES, PAYMENTS, REFUNDS
from domain.payments.reasons import REFUND_REASONS

ROOM = f"{PATH}/payments"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def room(ask: Ask) -> Answer:
    wanted = payments.wanted_asked(ask.query)
    rows, after = payments.page(ask.uow, wanted, ask.query.get("after", ""))
    values = {
        "rows": rows, "after": after, "asked": ask.query, "statuses": PAYABLES.titles, "methods": payments.METHODS,
        "vias": payments.VIAS, "kept": any(ask.query.values()), "payment_titles": PAYMENTS.titles, "room": "payments",
    }  # fmt: skip
    if "after" in ask.query:
        return Part("payments_rows.html", values)
    return Part("payments_found.html", values) if ask.htmx else Page("payments.html", values)


def export(ask: Ask) -> Answer:
    content = payments.spreadsheet(ask.uow, payments.wanted_asked(ask.form), ask.me)
    named = {"Content-Disposition": f"attachment; filename=payments-{ask.uow.today.isoformat()}.xlsx"}
    return Response(content, mimetype=XLSX, headers=named)


def payable(ask: Ask, payable_id: str) -> Answer:
    seen = payments.look(ask.uow, payable_id)
    return Page("payment.html", {
        "seen": seen, "error": ask.error, "given": ask.form, "reasons": REFUND_REASONS, "methods": payments.METHODS,
        "vias": payments.VIAS, "kinds": payments.KINDS, "entry_kinds": KINDS, "payment_titles": PAYMENTS.titles,
        "refund_titles": REFUNDS.titles, "invoice_titles": INVOICES.titles, "colours": payments.COLOURS, "live": LIVE,
        "room": "payments",
    })  # fmt: skip


def ask_refund(ask: Ask, payable_id: str) -> Answer:
    refund = operations.ask_refund(
        ask.uow,
        payable_id,
        yuan_asked(ask.said("amount")).fen,
        by=ask.by,
        reason_code=ask.said("reason"),
        why=ask.said("why"),
        left=number_asked(ask.said("left")),
    )
    words = "已批准，正在退" if refund.decided_at else "已提交，等另一位同事审批"
    return Go(f"{ROOM}/{payable_id}", f"退款 {Money(refund.fen)} {words}")


def ask_platform(ask: Ask, payment_id: str) -> Answer:
    payment = asking.ask_soon(ask.uow, payment_id, by=ask.by)
    return Go(f"{ROOM}/{payment.payable_id}", "正在向微信查询，几秒后刷新")


def void(ask: Ask, payable_id: str) -> Answer:
    operations.void(ask.uow, payable_id, by=ask.by, why=ask.said("why"))
    return Go(f"{ROOM}/{payable_id}", "已作废；正在付的款会关闭，收到的会自动退回")


def open_doors(door: PageDoor) -> None:
    see, refund = Permission.PAYMENTS_SEE, Permission.REFUNDS_ASK
    door.route("GET", "/payments", room, permission=see)
    door.route("POST", "/payments/export", export, permission=Permission.REPORTS_SEE)
    door.route("GET", "/payments/<payable_id>", payable, permission=see)
    door.route("POST", "/payments/<payable_id>/refund", ask_refund, permission=refund, again=payable)
    door.route("POST", "/payments/<payable_id>/void", void, permission=Permission.RECONCILE, again=payable)
    door.route("POST", "/payment-attempts/<payment_id>/ask", ask_platform, permission=see)
