"""报价: the list, one quote with its lines and why, making or replacing one for an order, and what stands on an order's page."""

from __future__ import annotations

from console import quotes
from console.asked import BadFilter
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH
from domain.access.roles import Permission
from domain.kit.errors import Refused
from domain.pricing import quoting
from domain.pricing.fee_facts import KINDS, PAYERS, paid_by
from domain.pricing.goodwill import goodwill_of
from domain.pricing.lifecycle import BILLS, QUOTES, QuoteStatus
from domain.pricing.model import Quote
from domain.pricing.queries import lines_of
from domain.work_orders.lifecycle import OPEN
from domain.work_orders.model import WorkOrder

ROOM = f"{PATH}/quotes"


def room(ask: Ask) -> Answer:
    status = ask.query.get("status", "")
    rows, after = quotes.page(ask.uow, status, ask.query.get("after", ""))
    values = {"rows": rows, "after": after, "status": status, "statuses": QUOTES.titles, "vias": quotes.VIAS}
    return Part("quotes_rows.html", values) if ask.htmx and ask.query.get("after") else Page("quotes.html", values)


def one(ask: Ask, quote_id: str) -> Answer:
    quote = ask.uow.get(Quote, quote_id, called="这份报价")
    order = ask.uow.get(WorkOrder, quote.work_order_id, called="这张工单")
    lines = lines_of(quote)
    values = {
        "quote": quote, "order": order, "lines": lines, "kinds": KINDS, "payers": PAYERS, "statuses": QUOTES.titles,
        "sums": {payer: paid_by(lines, payer) for payer in PAYERS}, "vias": quotes.VIAS,
        "is_asked": quote.status is QuoteStatus.ASKED,
    }  # fmt: skip
    return Page("quote.html", values)


def of_order(ask: Ask, order_id: str) -> Answer:
    seen = quotes.of_order(ask.uow, order_id)
    values = {
        "seen": seen, "quote_titles": QUOTES.titles, "bill_titles": BILLS.titles, "vias": quotes.VIAS, "lines_of": lines_of,
        "payers": PAYERS, "may_quote": seen.order.status in OPEN,
    }  # fmt: skip
    return Part("order_money.html", values)


def form(ask: Ask, order_id: str) -> Answer:
    order = ask.uow.get(WorkOrder, order_id, called="这张工单")
    before = quoting.newest(ask.uow, order.id)
    values = {
        "order": order, "before": before, "groups": quotes.choices(ask.uow, order, before),
        "goodwill": goodwill_of(before), "problem": str(ask.error or ""), "payers": PAYERS,
    }  # fmt: skip
    return Page("quote_form.html", values)


def preview(ask: Ask, order_id: str) -> Answer:
    order = ask.uow.get(WorkOrder, order_id, called="这张工单")
    try:
        priced = quotes.preview(ask.uow, order, quotes.wanted_from(ask.query), quotes.goodwill_from(ask.query))
        return Part("quote_preview.html", {"priced": priced, "payers": PAYERS})
    except Refused as wrong:
        return Part("quote_preview.html", {"wrong": str(wrong)})


def make(ask: Ask, order_id: str) -> Answer:
    wanted, goodwill = quotes.wanted_from(ask.form), quotes.goodwill_from(ask.form)
    if goodwill and not ask.may(Permission.REFUNDS_APPROVE):
        quotes.must_be_small(ask.uow, order_id, wanted, goodwill)
    made = quoting.quote_for(
        ask.uow, order_id, wanted, by=ask.by, note=ask.said("note")[:200], goodwill=goodwill
    )  # fmt: skip
    words = "客户不用付款，已直接生效" if made.customer_fen == 0 else "已发给客户确认"
    return Go(f"{ROOM}/{made.id}", f"第 {made.version} 版报价{words}")


def answer(ask: Ask, quote_id: str) -> Answer:
    """What the customer said by phone."""
    said, why = ask.said("answer"), ask.said("why")[:500]
    if said not in ("yes", "no") or not why:
        raise BadFilter("请选择客户的答复，并写明何时怎样确认的")
    if said == "yes":
        quoting.confirm(ask.uow, quote_id, ask.said("hash"), by=ask.by, via="console")
    else:
        quoting.reject(ask.uow, quote_id, by=ask.by, via="console", why=why, hash_=ask.said("hash"))
    return Go(f"{ROOM}/{quote_id}", "已记下客户的答复")


def withdraw(ask: Ask, quote_id: str) -> Answer:
    quoting.withdraw(ask.uow, quote_id, by=ask.by, why=ask.said("why")[:500])
    return Go(f"{ROOM}/{quote_id}", "报价已撤回")


def open_doors(door: PageDoor) -> None:
    see, work = Permission.QUOTES_SEE, Permission.QUOTES_MAKE
    door.route("GET", "/quotes", room, permission=see)
    door.route("GET", "/quotes/<quote_id>", one, permission=see)
    door.route("POST", "/quotes/<quote_id>/answer", answer, permission=work)
    door.route("POST", "/quotes/<quote_id>/withdraw", withdraw, permission=work)
    door.route("GET", "/orders/<order_id>/money", of_order, permission=see)
    door.route("GET", "/orders/<order_id>/quote", form, permission=work)
    door.route("GET", "/orders/<order_id>/quote/preview", preview, permission=work)
    door.route("POST", "/orders/<order_id>/quote", make, permission=work, again=form)
