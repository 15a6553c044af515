"""Changing the fee table and part prices: a price is ended and another begun, never edited; and what a change would do.

What was asked or confirmed before keeps its own prices: a quote holds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import or_, select

from domain.access import trail
from domain.catalog.categories import TITLES as CATEGORIES
from domain.catalog.model import Part
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand
from domain.pricing.fee_facts import HOLIDAY, INSPECTION, KINDS, LABOUR, NIGHT, PART, TRAVEL, Facts
from domain.pricing.fees import PER_KM, price
from domain.pricing.gathering import fee_of
from domain.pricing.lifecycle import QuoteStatus
from domain.pricing.model import FeeRow, PartPrice, Quote
from domain.work_orders.kinds import TITLES as SERVICES
from domain.work_orders.lifecycle import OPEN
from domain.work_orders.model import WorkOrder

OWNERS = {"brand": "品牌", "provider": "服务商"}
SINGLE = {TRAVEL: TRAVEL, INSPECTION: INSPECTION, NIGHT: NIGHT, HOLIDAY: HOLIDAY}
"""Kinds of which there is one code only."""
MOST_FEN = 10_000_000
MOST_SHOWN = 200


class BadFee(Refused):
    """A price that cannot be; the words say why."""

    code = "bad_fee"


class FeeTaken(Conflict):
    """Another price of the same thing begins later already."""

    code = "fee_taken"


@dataclass(frozen=True)
class FeeDraft:
    """One price as somebody writes it."""

    kind: str
    code: str
    title: str
    category: str = ""
    service: str = ""
    km_from: int = 0
    fen: int = 0
    permille: int = 0
    unit: str = "次"
    owner: str = "brand"
    source: str = ""


def checked(draft: FeeDraft) -> FeeDraft:
    """The draft as it is kept.

    :raises BadFee: it cannot be
    """
    code = SINGLE.get(draft.kind, draft.code.strip())
    if draft.kind not in KINDS or draft.kind == PART:
        raise BadFee("没有这种收费")
    if not code or not draft.title.strip() or len(draft.title) > 60 or len(code) > 64:
        raise BadFee("代码和名称都要填，名称不超过 60 个字")
    if draft.category not in ("", *CATEGORIES) or draft.service not in ("", *map(str, SERVICES)):
        raise BadFee("没有这个品类或服务类型")
    if not 0 <= draft.fen <= MOST_FEN or not 0 <= draft.permille <= 3000 or draft.owner not in OWNERS:
        raise BadFee("金额要在 0–100000 元之间，加收不超过 300%")
    if draft.permille and draft.kind not in (NIGHT, HOLIDAY):
        raise BadFee("只有夜间和节假日可以按比例加收")
    if draft.km_from and draft.kind != TRAVEL:
        raise BadFee("只有路费按公里分档")
    unit = draft.unit.strip() or "次"
    if (unit == PER_KM) and draft.kind != TRAVEL:
        raise BadFee("只有路费按公里计")
    return replace(draft, code=code, title=draft.title.strip(), unit=unit)


def put_fee(
    uow: UnitOfWork, brand_id: str, draft: FeeDraft, since: date, *, by: Actor, until: date | None = None
) -> FeeRow:
    """State a price from a day on; the one before ends that day. The very same again changes nothing.

    :raises BadFee: it cannot be, or would change a day that is over; :raises FeeTaken: a later price is there already
    """
    draft = checked(draft)
    uow.get(Brand, brand_id, called="品牌", lock=True)
    rows = rows_like(uow, brand_id, draft)
    holds = next((one for one in rows if one.since <= since and (one.until is None or since < one.until)), None)
    if holds and values_of(holds) == values_in(draft) and holds.until == until:
        return holds
    if rows and since < uow.today:
        raise BadFee("已经过去的日子不能改价，请从今天或以后开始")
    later = [one for one in rows if one.since > since and (until is None or one.since < until)]
    if later or (holds is not None and until is not None and (holds.until is None or until < holds.until)):
        raise FeeTaken("这一项从以后某天起已有另一个价，请先停用那一个")
    if holds is not None and holds.since == since:
        remove(uow, holds, by)
    elif holds is not None:
        holds.until = since
    uow.session.flush()
    row = FeeRow(
        id=uow.new_id("fe"), brand_id=brand_id, kind=draft.kind, code=draft.code, category_code=draft.category,
        service_type=draft.service, km_from=draft.km_from, since=since, until=until, **values_in(draft),
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    trail.record(
        uow, by, "fee.put", "fee_row", row.id, code=draft.code, kind=draft.kind, fen=draft.fen, since=str(since)
    )
    return row


def end_fee(uow: UnitOfWork, fee_id: str, until: date, *, by: Actor) -> FeeRow:
    """No longer from a day on.

    :raises BadFee: the day is over, or before it began
    """
    row = uow.get(FeeRow, fee_id, called="这条价目", lock=True)
    if until < max(uow.today, row.since):
        raise BadFee("停用的日子不能早于今天或它开始的日子")
    if until == row.since:
        remove(uow, row, by)
        return row
    row.until = until
    trail.record(uow, by, "fee.end", "fee_row", row.id, until=str(until))
    return row


def remove(uow: UnitOfWork, row: FeeRow | PartPrice, by: Actor) -> None:
    """Only what begins today or later: nothing was ever reckoned by it that does not keep it itself."""
    kind = "fee_row" if isinstance(row, FeeRow) else "part_price"
    trail.record(
        uow, by, "fee.end" if kind == "fee_row" else "price.end", kind, row.id, fen=row.fen, since=str(row.since)
    )
    uow.session.delete(row)


def rows_like(uow: UnitOfWork, brand_id: str, draft: FeeDraft) -> Sequence[FeeRow]:
    """Every price there was or will be of the same thing."""
    same = select(FeeRow).filter_by(
        brand_id=brand_id, kind=draft.kind, code=draft.code, category_code=draft.category, service_type=draft.service,
        km_from=draft.km_from,
    )  # fmt: skip
    return uow.session.scalars(same.order_by(FeeRow.since)).all()


def values_in(draft: FeeDraft) -> dict[str, object]:
    return {
        "title": draft.title, "fen": draft.fen, "permille": draft.permille, "unit": draft.unit, "owner": draft.owner,
        "source": draft.source,
    }  # fmt: skip


def values_of(row: FeeRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("title", "fen", "permille", "unit", "owner", "source")}


def put_price(
    uow: UnitOfWork, part_id: str, fen: int, labour: str, since: date, *, by: Actor, source: str = ""
) -> PartPrice:
    """What a part costs from a day on, and which operation putting it in is. The very same again changes nothing.

    :raises BadFee: it cannot be, or would change a day that is over; :raises FeeTaken: a later price is there already
    """
    part = uow.get(Part, part_id, called="这个配件", lock=True)
    if not 0 <= fen <= MOST_FEN:
        raise BadFee("配件价要在 0–100000 元之间")
    if labour and not has_labour(uow, part.brand_id, labour):
        raise BadFee(f"价目表里没有“{labour}”这项人工")
    rows = uow.session.scalars(select(PartPrice).filter_by(part_id=part_id).order_by(PartPrice.since)).all()
    holds = next((one for one in rows if one.since <= since and (one.until is None or since < one.until)), None)
    if holds and (holds.fen, holds.labour) == (fen, labour):
        return holds
    if rows and since < uow.today:
        raise BadFee("已经过去的日子不能改价，请从今天或以后开始")
    if any(one.since > since for one in rows):
        raise FeeTaken("这个配件从以后某天起已有另一个价，请先停用那一个")
    if holds is not None and holds.since == since:
        remove(uow, holds, by)
    elif holds is not None:
        holds.until = since
    uow.session.flush()
    made = PartPrice(id=uow.new_id("pp"), part_id=part_id, fen=fen, labour=labour, source=source, since=since)
    uow.session.add(made)
    uow.session.flush()
    trail.record(uow, by, "price.put", "part", part_id, fen=fen, since=str(since))
    return made


def end_price(uow: UnitOfWork, price_id: str, until: date, *, by: Actor) -> None:
    """:raises BadFee: the day is over, or before it began"""
    row = uow.get(PartPrice, price_id, called="这个配件价", lock=True)
    if until < max(uow.today, row.since):
        raise BadFee("停用的日子不能早于今天或它开始的日子")
    if until == row.since:
        remove(uow, row, by)
        return
    row.until = until
    trail.record(uow, by, "price.end", "part", row.part_id, until=str(until))


def has_labour(uow: UnitOfWork, brand_id: str, code: str) -> bool:
    held = select(FeeRow.id).where(
        FeeRow.brand_id == brand_id, FeeRow.kind == LABOUR, FeeRow.code == code,
        or_(FeeRow.until.is_(None), FeeRow.until > uow.today),
    )  # fmt: skip
    return uow.session.scalars(held.limit(1)).first() is not None


# What a change would do


@dataclass(frozen=True)
class Effect:
    """An open order whose price would be another one if it were quoted anew; what was asked or confirmed stands."""

    order_id: str
    number: str
    status: QuoteStatus
    now_fen: int
    then_fen: int


def preview_fee(uow: UnitOfWork, brand_id: str, draft: FeeDraft) -> list[Effect]:
    """Standing quotes of open orders that the price goes into, with what they would come to."""
    draft = checked(draft)
    effects = []
    for order, quote in standing(uow, brand_id):
        facts = Facts.from_json(quote.facts)
        same = [
            one for one in facts.rows
            if (one.kind, one.code, one.category, one.service, one.km_from)
            == (draft.kind, draft.code, draft.category, draft.service, draft.km_from)
        ]  # fmt: skip
        if not same:
            continue
        new = replace(fee_of(row_of(draft)), id=same[0].id)
        then = price(replace(facts, rows=tuple(new if one in same else one for one in facts.rows))).customer_fen
        if then != quote.customer_fen:
            effects.append(Effect(order.id, order.number, quote.status, quote.customer_fen, then))
    return effects


def preview_price(uow: UnitOfWork, part: Part, fen: int) -> list[Effect]:
    """The same for the price of a part."""
    effects = []
    for order, quote in standing(uow, part.brand_id):
        facts = Facts.from_json(quote.facts)
        if part.code not in {one.code for one in facts.parts}:
            continue
        parts = tuple(replace(one, fen=fen) if one.code == part.code else one for one in facts.parts)
        then = price(replace(facts, parts=parts)).customer_fen
        if then != quote.customer_fen:
            effects.append(Effect(order.id, order.number, quote.status, quote.customer_fen, then))
    return effects


def standing(uow: UnitOfWork, brand_id: str) -> Sequence[tuple[WorkOrder, Quote]]:
    rows = (
        select(WorkOrder, Quote)
        .join(Quote, Quote.work_order_id == WorkOrder.id)
        .where(
            WorkOrder.brand_id == brand_id, WorkOrder.status.in_(OPEN),
            Quote.status.in_((QuoteStatus.ASKED, QuoteStatus.CONFIRMED)),
        )
        .order_by(Quote.asked_at.desc())
        .limit(MOST_SHOWN)
    )  # fmt: skip
    return [(order, quote) for order, quote in uow.session.execute(rows)]


def row_of(draft: FeeDraft) -> FeeRow:
    return FeeRow(
        id="", brand_id="", kind=draft.kind, code=draft.code, category_code=draft.category, service_type=draft.service,
        km_from=draft.km_from, **values_in(draft),
    )  # fmt: skip
