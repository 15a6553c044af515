"""Money over JSON: what is owed and paid, refunds asked for and decided, cash, invoices, differences, balances."""

from __future__ import annotations

from typing import Any

from console import payment_work, payments, reconciling
from console.api.payment_shapes import (
    BooksOut,
    BooksQuery,
    DecideIn,
    DifferenceOut,
    DifferencesQuery,
    HandInIn,
    HandInOut,
    HolderOut,
    InvoiceIn,
    InvoiceOut,
    InvoicesQuery,
    PageOut,
    PageQuery,
    PayableSeenOut,
    RefundIn,
    RefundOut,
    RefundsOut,
    RefundsQuery,
    SettleIn,
)
from console.api_door import ApiDoor, Call
from domain.access.roles import Permission
from domain.payments import cash, operations, refunding, refunds
from domain.payments import invoices as papers
from domain.payments.keeping_differences import settle_difference


def room(call: Call) -> Any:
    rows, after = payments.page(call.uow, payments.wanted_asked(call.given), call.given["after"])
    return {"rows": rows, "after": after}


def payable(call: Call, payable_id: str) -> Any:
    seen = payments.look(call.uow, payable_id)
    return {"row": seen.row, "payments": seen.payments, "refunds": seen.refunds, "refundable": seen.refundable,
            "entries": [entry for entry, _ in seen.entries]}  # fmt: skip


def ask_refund(call: Call, payable_id: str) -> Any:
    given = call.given
    return operations.ask_refund(
        call.uow, payable_id, given["fen"], by=call.by, reason_code=given["reason_code"], why=given["why"],
        left=given["left_fen"],
    )  # fmt: skip


def refund_list(call: Call) -> Any:
    found = payment_work.refund_room(call.uow, call.given["shelf"], str(call.by), call.given["after"])
    return {"refunds": [one.refund for one in found.seen], "after": found.after}


def decide(call: Call, refund_id: str) -> Any:
    given = call.given
    if given["move"] == "approve":
        return refunds.approve_refund(call.uow, refund_id, by=call.by)
    if given["move"] == "reject":
        return refunds.reject_refund(call.uow, refund_id, by=call.by, why=given["why"])
    if given["move"] == "give_up":
        return refunding.give_up(call.uow, refund_id, by=call.by, why=given["why"])
    return refunds.pay_out_refund(
        call.uow, refund_id, by=call.by, out_of=given["out_of"], why=given["why"], engineer_id=given["engineer_id"]
    )


def holders(call: Call) -> Any:
    return payment_work.holders(call.uow)


def hand_in(call: Call, engineer_id: str) -> Any:
    return cash.hand_in(call.uow, engineer_id, call.given["receipts"], call.given["counted_fen"], by=call.by)


def invoice_list(call: Call) -> Any:
    return [one.invoice for one in payment_work.invoices(call.uow, call.given["status"])]


def invoice(call: Call, invoice_id: str) -> Any:
    if call.given["why"]:
        return papers.refuse_invoice(call.uow, invoice_id, why=call.given["why"], by=call.by)
    return papers.issue_invoice(call.uow, invoice_id, number=call.given["number"], by=call.by)


def difference_list(call: Call) -> Any:
    return [one.row for one in reconciling.differences(call.uow, call.given["status"], call.given["day"])]


def settle(call: Call, difference_id: str) -> Any:
    return settle_difference(call.uow, difference_id, call.given["how"], by=call.by, why=call.given["why"])


def books(call: Call) -> Any:
    return reconciling.books(call.uow, call.given["brand_id"] or None, call.given["on"] or call.uow.today)


def open_doors(door: ApiDoor) -> None:
    see, ask, decides = Permission.PAYMENTS_SEE, Permission.REFUNDS_ASK, Permission.REFUNDS_APPROVE
    door.route("GET", "/payments", room, permission=see, query=PageQuery(), gives=PageOut(), summary="应收与收款")
    door.route(
        "GET", "/payments/<payable_id>", payable, permission=see, gives=PayableSeenOut(), summary="一笔应收的全部"
    )
    door.route(
        "POST",
        "/payments/<payable_id>/refunds",
        ask_refund,
        permission=ask,
        takes=RefundIn(),
        gives=RefundOut(),
        summary="申请退款",
        status=201,
    )
    door.route("GET", "/refunds", refund_list, permission=ask, query=RefundsQuery(), gives=RefundsOut(), summary="退款")
    door.route(
        "POST",
        "/refunds/<refund_id>",
        decide,
        permission=decides,
        takes=DecideIn(),
        gives=RefundOut(),
        summary="审批或另行退还",
    )
    cash_, papers_, settles = Permission.CASH_KEEP, Permission.INVOICES_KEEP, Permission.RECONCILE
    door.route("GET", "/cash", holders, permission=cash_, gives=HolderOut(many=True), summary="工程师手中的现金")
    door.route(
        "POST",
        "/cash/<engineer_id>",
        hand_in,
        permission=cash_,
        takes=HandInIn(),
        gives=HandInOut(),
        summary="交款",
        status=201,
    )
    door.route(
        "GET",
        "/invoices",
        invoice_list,
        permission=papers_,
        query=InvoicesQuery(),
        gives=InvoiceOut(many=True),
        summary="开票申请",
    )
    door.route(
        "POST",
        "/invoices/<invoice_id>",
        invoice,
        permission=papers_,
        takes=InvoiceIn(),
        gives=InvoiceOut(),
        summary="开票或不开",
    )
    door.route(
        "GET",
        "/differences",
        difference_list,
        permission=settles,
        query=DifferencesQuery(),
        gives=DifferenceOut(many=True),
        summary="对账差异",
    )
    door.route(
        "POST",
        "/differences/<difference_id>",
        settle,
        permission=settles,
        takes=SettleIn(),
        gives=DifferenceOut(),
        summary="处理差异",
    )
    door.route(
        "GET",
        "/ledger",
        books,
        permission=Permission.LEDGER_SEE,
        query=BooksQuery(),
        gives=BooksOut(),
        summary="分类账余额",
    )
