"""Prices for whoever asks: the public list of a brand, an estimate for a chat, and what a phone needs to reckon by itself.

All of them ask `fees`, as the quote does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from domain.catalog.bills import bills_of
from domain.catalog.categories import TITLES as CATEGORIES
from domain.catalog.model import Model, Part
from domain.cover.standing import warranty_of
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.pricing.fee_facts import (
    HOLIDAY,
    INSPECTION,
    KINDS,
    NIGHT,
    TRAVEL,
    Facts,
    Fee,
    PartFact,
    Priced,
    Wanted,
)
from domain.pricing.fees import PER_KM, price, price_declined
from domain.pricing.gathering import fee_of, judged, part_fact, prices_of, rows_for
from domain.pricing.model import FeeRow
from domain.products.model import Product
from domain.work_orders.kinds import TITLES as SERVICES

# The public list


@dataclass(frozen=True)
class PriceRow:
    """One line of the list: ``words`` is the whole price, such as 每次 ¥120.00 or 人工费的 20%."""

    kind: str
    kind_title: str
    title: str
    words: str
    fen: int
    service_title: str


@dataclass(frozen=True)
class CategoryPrices:
    """``code`` is "" for what holds for all appliances."""

    code: str
    title: str
    rows: tuple[PriceRow, ...]
    parts: tuple[tuple[str, int, int], ...]
    """Name of a part, and the least and the most it costs over the brand's models."""


def price_list(uow: UnitOfWork, brand_id: str, category: str = "") -> list[CategoryPrices]:
    """The brand's public price list 公示价目 of today: each category, then what holds for all. With ``category`` only that one."""
    wanted = [category] if category else list(CATEGORIES)
    rows = rows_for(uow, brand_id, wanted, uow.today)
    parts = part_ranges(uow, brand_id, wanted, uow.today)
    places = {kind: place for place, kind in enumerate(KINDS)}
    found = []
    for code in [*wanted, ""]:
        mine = sorted((one for one in rows if one.category_code == code), key=lambda one: (places[one.kind], one.km_from, one.fen, one.title))  # fmt: skip
        if mine or parts.get(code):
            title = CATEGORIES[code] if code else "所有产品"
            found.append(CategoryPrices(code, title, tuple(map(price_row, mine)), tuple(parts.get(code, ()))))
    return found


def price_row(row: FeeRow) -> PriceRow:
    service = SERVICES.get(row.service_type, "") if row.service_type else ""  # type: ignore[call-overload]
    return PriceRow(row.kind, KINDS[row.kind], row.title, price_words(row), row.fen, service)


def price_words(row: FeeRow | Fee) -> str:
    """¥120.00/次, 15 公里以外 ¥1.20/公里, 人工费的 20%, 免费."""
    if row.permille:
        percent = f"人工费的 {row.permille / 10:g}%"
        return f"{percent}另加 {Money(row.fen)}" if row.fen else percent
    beyond = f"{row.km_from} 公里以外 " if row.km_from else ""
    return f"{beyond}{Money(row.fen)}/{row.unit}" if row.fen else f"{beyond}免费"


def part_ranges(
    uow: UnitOfWork, brand_id: str, categories: Collection[str], on: date
) -> dict[str, list[tuple[str, int, int]]]:
    """Category → part names with what they cost over its models."""
    models = uow.session.scalars(
        select(Model).where(Model.brand_id == brand_id, Model.category_code.in_(categories))
    ).all()
    bills = bills_of(uow, [one.id for one in models], on)
    ids = {line.part_id for bill in bills.values() for line in bill}
    prices = prices_of(uow, ids, on)
    sums: dict[tuple[str, str], list[int]] = {}
    for model in models:
        for line in bills[model.id]:
            if line.part_id in prices:
                sums.setdefault((model.category_code, line.name), []).append(prices[line.part_id].fen)
    found: dict[str, list[tuple[str, int, int]]] = {}
    for (code, name), fens in sorted(sums.items()):
        found.setdefault(code, []).append((name, min(fens), max(fens)))
    return found


def list_text(uow: UnitOfWork, brand_id: str) -> str:
    """The list without parts, a line a price: to be shown to a customer where there is no network."""
    found = price_list(uow, brand_id)
    return "\n".join(f"{one.title} {one.words}" for group in found for one in group.rows)


# An estimate


@dataclass(frozen=True)
class PartOffered:
    """A part that may be meant, by name; ``code`` of the cheapest where a name stands for several."""

    name: str
    code: str
    fen: int


def parts_priced(uow: UnitOfWork, models: Sequence[Model], on: date) -> list[PartFact]:
    """The priced parts of these models, once each, by name and price."""
    bills = bills_of(uow, [one.id for one in models], on)
    ids = {line.part_id for bill in bills.values() for line in bill}
    prices = prices_of(uow, ids, on)
    if not prices:
        return []
    parts = uow.session.scalars(select(Part).where(Part.id.in_(prices))).all()
    return sorted((part_fact(one, prices[one.id]) for one in parts), key=lambda one: (one.name, one.fen, one.code))


def estimate(
    uow: UnitOfWork, brand_id: str, category: str, service: str, wanted: Wanted, *, parts: Sequence[PartFact] = (),
    model: Model | None = None, product: Product | None = None, rows: Sequence[Fee] | None = None,
) -> tuple[Priced, Priced]:  # fmt: skip
    """What it would come to, and what a visit alone costs; with who would pay where the product is known. Nothing is written.

    Neither the place nor the hour is known: the nearest band, by day.
    """
    known = rows if rows is not None else [fee_of(one) for one in rows_for(uow, brand_id, [category], uow.today)]
    answers = warranty_of(uow, model, product).answers if model and product else ()
    facts = Facts(
        uow.today.isoformat(), category, service, wanted, tuple(known), tuple(parts), judged(answers),
    )  # fmt: skip
    return price(facts), price_declined(facts)


GENERAL = (TRAVEL, INSPECTION, NIGHT, HOLIDAY)


def general_words(rows: Sequence[Fee]) -> list[str]:
    """上门费, 路费 and what is added at night, a line each, for a chat."""
    places = {kind: place for place, kind in enumerate(GENERAL)}
    mine = sorted((one for one in rows if one.kind in GENERAL), key=lambda one: (places[one.kind], one.km_from))
    return [f"{one.title}：{price_words(one)}" for one in mine if one.kind != TRAVEL or one.fen or one.unit != PER_KM]
