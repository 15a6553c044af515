"""Quotes and bills as the staff see them: the list, one with its lines and why, and what stands for an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_

from console.asked import BadFilter, place_asked, place_written
from domain.catalog.bills import bill_of
from domain.kit.errors import Forbidden
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.payments.limits import limit_of
from domain.payments.queries import PayableSeen, payable_seen
from domain.pricing.fee_facts import BASIC, EXTRA, LABOUR, MATERIAL, PART, Facts, Goodwill, Priced, Wanted
from domain.pricing.fees import price
from domain.pricing.gathering import facts_for, fee_of, prices_of, rows_for
from domain.pricing.lifecycle import BILLS, QUOTES, QuoteStatus
from domain.pricing.model import Bill, Quote
from domain.pricing.queries import bills_of_order, quotes_of_order
from domain.work_orders.model import WorkOrder

PAGE = 30
MOST_QUANTITY = 1000
VIAS = {
    "chat": "微信",
    "page": "网页",
    "engineer": "工程师手机",
    "console": "电话，员工记录",
    "itself": "无需付款",
    "": "",
}


@dataclass(frozen=True)
class QuoteRow:
    quote: Quote
    order: WorkOrder


def page(uow: UnitOfWork, status: str, after: str) -> tuple[list[QuoteRow], str]:
    """Newest first, a page at a time.

    :raises BadFilter: there is no such status
    """
    if status not in ("", *QuoteStatus):
        raise BadFilter("没有这个状态")
    found = select(Quote, WorkOrder).join(WorkOrder, WorkOrder.id == Quote.work_order_id)
    if status:
        found = found.where(Quote.status == QuoteStatus(status))
    if place := place_asked(after):
        found = found.where(tuple_(Quote.asked_at, Quote.id) < place)
    rows = uow.session.execute(found.order_by(Quote.asked_at.desc(), Quote.id.desc()).limit(PAGE + 1)).all()
    shown = [QuoteRow(quote, order) for quote, order in rows[:PAGE]]
    last = shown[-1].quote if len(rows) > PAGE else None
    return shown, place_written((last.asked_at, last.id) if last else None)


@dataclass(frozen=True)
class OrderMoney:
    """What the card on an order's page shows."""

    order: WorkOrder
    quotes: Sequence[Quote]
    bills: Sequence[Bill]
    payables: Mapping[str, PayableSeen]


def of_order(uow: UnitOfWork, order_id: str) -> OrderMoney:
    order = uow.get(WorkOrder, order_id, called="这张工单")
    bills = bills_of_order(uow, order.id)
    return OrderMoney(
        order, quotes_of_order(uow, order.id), bills,
        {one.payable_id: payable_seen(uow, one.payable_id) for one in bills if one.payable_id},
    )  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One thing that may be put into a quote: ``name`` is the field of the form."""

    name: str
    title: str
    words: str
    chosen: str


def choices(uow: UnitOfWork, order: WorkOrder, before: Quote | None) -> dict[str, list[Choice]]:
    """Title of a group → what may be chosen, with what the last quote had."""
    wanted = Facts.from_json(before.facts).wanted if before else Wanted()
    had = {LABOUR: dict(wanted.fees), PART: dict(wanted.parts), MATERIAL: dict(wanted.materials)}
    rows = [fee_of(one) for one in rows_for(uow, order.brand_id, [order.category_code], uow.today)]
    bill = bill_of(uow, order.model_id, uow.today)
    prices = prices_of(uow, [one.part_id for one in bill], uow.today)

    def work(kind: str) -> list[Choice]:
        return [
            Choice(f"{'fee' if kind != MATERIAL else 'material'}:{one.code}", one.title, f"{Money(one.fen)}/{one.unit}",
                   amount(had[MATERIAL if kind == MATERIAL else LABOUR].get(one.code)))
            for one in rows if one.kind == kind and one.service in ("", str(order.service_type)) and one.code != BASIC
        ]  # fmt: skip

    parts = [
        Choice(f"part:{one.code}", one.name, f"{one.code} · {Money(prices[one.part_id].fen)}", amount(had[PART].get(one.code)))
        for one in bill if one.part_id in prices
    ]  # fmt: skip
    return {"人工": work(LABOUR), "配件": parts, "其他项目": work(EXTRA), "辅材": work(MATERIAL)}


def amount(milli: int | None) -> str:
    return f"{milli // 1000}.{milli % 1000:03d}".rstrip("0").rstrip(".") if milli else ""


def wanted_from(form: Mapping[str, str]) -> Wanted:
    """What a form chooses: a quantity beside each name.

    :raises BadFilter: a quantity that is none
    """
    found: dict[str, dict[str, int]] = {"fee": {}, "part": {}, "material": {}}
    for name, said in form.items():
        kind, _, code = name.partition(":")
        if kind in found and code and said.strip():
            found[kind][code] = milli(said.strip(), whole=kind == "part")
    return Wanted.of(found["fee"], found["part"], found["material"])


def milli(said: str, *, whole: bool) -> int:
    units, _, rest = said.partition(".")
    if not units.isdecimal() or len(units) > 4 or (rest and (whole or not rest.isdecimal() or len(rest) > 3)):
        raise BadFilter("数量填数字，配件填整数")
    made = int(units) * 1000 + int(rest.ljust(3, "0") or 0)
    if made > MOST_QUANTITY * 1000:
        raise BadFilter(f"数量不超过 {MOST_QUANTITY}")
    return made


def goodwill_from(form: Mapping[str, str]) -> list[Goodwill]:
    """What the brand bears of all, in percent, with why.

    :raises BadFilter: no percent, or no reason
    """
    said, why = form.get("goodwill", "").strip(), form.get("goodwill_why", "").strip()[:200]
    if not said or said == "0":
        return []
    if not said.isdecimal() or len(said) > 3 or int(said) > 100:
        raise BadFilter("品牌承担填 0–100 的整数")
    if not why:
        raise BadFilter("品牌承担请写明原因，客户会看到")
    return [Goodwill("*", int(said) * 10, why)]


def preview(uow: UnitOfWork, order: WorkOrder, wanted: Wanted, goodwill: Sequence[Goodwill]) -> Priced:
    """What it would come to; nothing is written."""
    return price(facts_for(uow, order, wanted, goodwill=goodwill, keep=False))


def must_be_small(uow: UnitOfWork, order_id: str, wanted: Wanted, goodwill: Sequence[Goodwill]) -> None:
    """What is given away before the work is given away like a refund: above the brand's limit not by everybody who quotes.

    :raises Forbidden: see there
    """
    order = uow.get(WorkOrder, order_id, called="这张工单")
    given = sum(line.fen for line in preview(uow, order, wanted, goodwill).lines if line.rule == "goodwill")
    limit = limit_of(uow, order.brand_id)
    if given > limit:
        raise Forbidden(f"品牌承担 {Money(given)}，超过限额 {Money(limit)}，请有退款审批权限的同事来报价")


TITLES = {"quotes": QUOTES.titles, "bills": BILLS.titles}
