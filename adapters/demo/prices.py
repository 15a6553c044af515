"""The demo's public price list and what its parts cost, of `prices.toml`: the first brand's as written, the others' by a factor.

A further price is a line there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from adapters.demo.catalogue import table
from domain.access.trail import record
from domain.catalog.categories import TITLES
from domain.catalog.model import BillLine, Model, Part
from domain.kit.actors import Actor
from domain.kit.money import yuan
from domain.kit.unit_of_work import UnitOfWork
from domain.pricing.fee_facts import BASIC, EXTRA, HOLIDAY, INSPECTION, LABOUR, MATERIAL, NIGHT, TRAVEL
from domain.pricing.fee_table import FeeDraft
from domain.pricing.fees import PER_KM
from domain.pricing.model import FeeRow, PartPrice

SINCE = date(2024, 1, 1)
FACTORS = {"YF": 1000, "ZH": 950, "ZY": 1080}
"""Thousandths of the list, by the brand's code; rounded to a yuan."""
SIZES = {"small": "小修人工", "medium": "中修人工", "large": "大修人工"}


def put_prices(uow: UnitOfWork, brands: Mapping[str, str], *, by: Actor) -> int:
    """The whole list for every brand; returns how many rows there are."""
    data = table("prices.toml")
    count = 0
    for code, brand_id in brands.items():
        factor = FACTORS.get(code, 1000)
        rows = [row_of(uow, brand_id, draft, factor, str(data["source"])) for draft in drafts(data)]
        prices = list(part_prices(uow, brand_id, data, factor))
        uow.session.add_all([*rows, *prices])
        uow.session.flush()
        record(uow, by, "fees.import", "brand", brand_id, rows=len(rows), parts=len(prices))
        count += len(rows) + len(prices)
    return count


def row_of(uow: UnitOfWork, brand_id: str, draft: FeeDraft, factor: int, source: str) -> FeeRow:
    return FeeRow(
        id=uow.new_id("fe"), brand_id=brand_id, kind=draft.kind, code=draft.code, title=draft.title,
        category_code=draft.category, service_type=draft.service, km_from=draft.km_from,
        fen=draft.fen if draft.unit == PER_KM else by_factor(draft.fen, factor), permille=draft.permille, unit=draft.unit,
        owner="brand" if draft.kind == MATERIAL else "provider", source=source, since=SINCE,
    )  # fmt: skip


def by_factor(fen: int, factor: int) -> int:
    """To a yuan, and less than ten yuan as it is."""
    return fen if fen < 1000 else fen * factor // 100_000 * 100


def drafts(data: Mapping[str, Any]) -> Iterator[FeeDraft]:
    general = data["general"]
    yield FeeDraft(TRAVEL, TRAVEL, general["travel"][0], fen=fen(general["travel"][1]))
    title, amount = general["far_per_km"]
    yield FeeDraft(TRAVEL, TRAVEL, title, km_from=general["far_from_km"], fen=fen(amount), unit=PER_KM)
    for kind in (NIGHT, HOLIDAY):
        yield FeeDraft(kind, kind, general[kind][0], permille=general[kind][1])
    for code, (title, amount, unit) in data["extra"].items():
        yield FeeDraft(EXTRA, code, title, fen=fen(amount), unit=unit)
    for code, (title, amount, unit) in data["material"].items():
        yield FeeDraft(MATERIAL, code, title, fen=fen(amount), unit=unit)
    for category, one in data["category"].items():
        yield from of_category(category, one)


def of_category(category: str, one: Mapping[str, Any]) -> Iterator[FeeDraft]:
    name = TITLES[category]
    yield FeeDraft(INSPECTION, INSPECTION, f"{name}上门检测费", category, fen=fen(one["inspection"]))
    for code, amount in one["labour"].items():
        yield FeeDraft(LABOUR, code, f"{name}{SIZES[code]}", category, fen=fen(amount))
    for code, (title, amount) in one.get("repair", {}).items():
        yield FeeDraft(LABOUR, code, title, category, fen=fen(amount))
    yield FeeDraft(LABOUR, BASIC, f"{name}标准安装", category, "install", fen=fen(one["install"]))
    if "clean" in one:
        yield FeeDraft(LABOUR, BASIC, f"{name}{one['clean'][0]}", category, "maintenance", fen=fen(one["clean"][1]))


def part_prices(uow: UnitOfWork, brand_id: str, data: Mapping[str, Any], factor: int) -> Iterator[PartPrice]:
    """Of every part of the brand's bills that the list knows by its category and name."""
    bills = (
        select(Part, Model.category_code)
        .join(BillLine, BillLine.part_id == Part.id)
        .join(Model, Model.id == BillLine.model_id)
        .where(Part.brand_id == brand_id)
        .order_by(Part.code)
        .distinct()
    )
    done: set[str] = set()
    for part, category in uow.session.execute(bills):
        known = data["category"].get(category, {}).get("parts", {}).get(part.name)
        if known is None or part.id in done:
            continue
        done.add(part.id)
        yield PartPrice(
            id=uow.new_id("pp"), part_id=part.id, fen=by_factor(fen(known[0]), factor), labour=known[1],
            source=str(data["source"]), since=SINCE,
        )  # fmt: skip


def fen(amount: object) -> int:
    return yuan(str(amount)).fen
