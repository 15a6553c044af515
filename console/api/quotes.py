"""Quotes over JSON: the list, and one with its lines, who pays each and why. Making and answering them is the pages' and the phones'."""

from __future__ import annotations

from typing import Any

from console import quotes
from console.api.quote_shapes import StaffQuoteSeenOut, StaffQuotesOut, StaffQuotesQuery
from console.api_door import ApiDoor, Call
from domain.access.roles import Permission
from domain.pricing.fee_facts import PAYERS, paid_by
from domain.pricing.model import Quote
from domain.pricing.queries import lines_of
from domain.work_orders.model import WorkOrder

HEAD = (
    "id", "work_order_id", "version", "status", "customer_fen", "declined_fen", "by", "asked_at", "expires_at", "seen_at",
    "answered_at", "answered_via", "answered_by",
)  # fmt: skip
"""What a list says of a quote, by the names of its columns."""


def head(quote: Quote, order: WorkOrder) -> dict[str, Any]:
    return {name: getattr(quote, name) for name in HEAD} | {"number": order.number}


def listed(call: Call) -> Any:
    rows, after = quotes.page(call.uow, call.given["status"], call.given["after"])
    return {"rows": [head(one.quote, one.order) for one in rows], "after": after}


def one(call: Call, quote_id: str) -> Any:
    quote = call.uow.get(Quote, quote_id, called="这份报价")
    order = call.uow.get(WorkOrder, quote.work_order_id, called="这张工单")
    lines = lines_of(quote)
    return head(quote, order) | {
        "lines": lines, "sums": {payer: paid_by(lines, payer) for payer in PAYERS}, "note": quote.note, "why": quote.why,
        "hash": quote.hash,
    }  # fmt: skip


def open_doors(door: ApiDoor) -> None:
    see = Permission.QUOTES_SEE
    door.route(
        "GET", "/quotes", listed, permission=see, query=StaffQuotesQuery(), gives=StaffQuotesOut(), summary="报价"
    )
    door.route("GET", "/quotes/<quote_id>", one, permission=see, gives=StaffQuoteSeenOut(), summary="一份报价的全部")
