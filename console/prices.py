"""The price list as the staff see it, and the Protocol of its spreadsheets (the reader is `adapters.price_files`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import or_, select

from console.network_files import Loaded
from domain.catalog.codes import code_key
from domain.catalog.model import Part
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.pricing.fee_facts import BASIC, KINDS, LABOUR
from domain.pricing.fee_table import FeeDraft, rows_like
from domain.pricing.model import FeeRow, PartPrice
from domain.pricing.reading import price_words

PAGE = 40


@dataclass(frozen=True)
class FeeSeen:
    row: FeeRow
    kind_title: str
    words: str
    holds: bool


def fee_rows(uow: UnitOfWork, brand_id: str, category: str) -> list[FeeSeen]:
    """Everything of a category, or of all with "": past and coming prices beside the present."""
    found = select(FeeRow).where(FeeRow.brand_id == brand_id, FeeRow.category_code == category)
    places = {kind: place for place, kind in enumerate(KINDS)}
    rows = sorted(
        uow.session.scalars(found),
        key=lambda one: (places[one.kind], one.service_type, one.code, one.km_from, one.since),
    )
    return [
        FeeSeen(
            one,
            KINDS[one.kind],
            price_words(one),
            one.since <= uow.today and (one.until is None or uow.today < one.until),
        )
        for one in rows
    ]


def before(uow: UnitOfWork, brand_id: str, draft: FeeDraft, since: date) -> dict[str, Any]:
    """What holds on the day a draft would begin, in words."""
    rows = rows_like(uow, brand_id, draft)
    holds = next((one for one in rows if one.since <= since and (one.until is None or since < one.until)), None)
    return {"was": price_words(holds) if holds else "", "will": price_words(as_row(draft))}


def as_row(draft: FeeDraft) -> FeeRow:
    return FeeRow(km_from=draft.km_from, fen=draft.fen, permille=draft.permille, unit=draft.unit)


@dataclass(frozen=True)
class PartSeen:
    part: Part
    prices: Sequence[PartPrice]
    present: PartPrice | None


def part_rows(uow: UnitOfWork, brand_id: str, text: str, after: str) -> tuple[list[PartSeen], str]:
    """Parts by code, those without a price too; ``text`` is in the name or begins the code."""
    found = select(Part).where(Part.brand_id == brand_id, Part.code_key > after).order_by(Part.code_key)
    if text.strip():
        named, key = Part.name.contains(text.strip(), autoescape=True), code_key(text)
        found = found.where(or_(named, Part.code_key.startswith(key, autoescape=True)) if key else named)
    parts = uow.session.scalars(found.limit(PAGE + 1)).all()
    mine: dict[str, list[PartPrice]] = {}
    for one in uow.session.scalars(
        select(PartPrice).where(PartPrice.part_id.in_([one.id for one in parts])).order_by(PartPrice.since)
    ):
        mine.setdefault(one.part_id, []).append(one)
    shown = [seen(part, mine.get(part.id, []), uow.today) for part in parts[:PAGE]]
    return shown, parts[PAGE - 1].code_key if len(parts) > PAGE else ""


def seen(part: Part, prices: Sequence[PartPrice], today: date) -> PartSeen:
    present = next((one for one in prices if one.since <= today and (one.until is None or today < one.until)), None)
    return PartSeen(part, prices, present)


def labours(uow: UnitOfWork, brand_id: str) -> dict[str, str]:
    """Code → title of the work a part may take; where categories call it differently, what all of them end in."""
    found = select(FeeRow).where(FeeRow.brand_id == brand_id, FeeRow.kind == LABOUR, FeeRow.code != BASIC)
    titles: dict[str, set[str]] = {}
    for one in uow.session.scalars(found):
        titles.setdefault(one.code, set()).add(one.title)
    return {code: common_end(some) or code for code, some in sorted(titles.items())}


def common_end(titles: Collection[str]) -> str:
    """大修人工 of 空调大修人工 and 冰箱大修人工."""
    shortest = min(titles, key=len)
    ends = [shortest[at:] for at in range(len(shortest) + 1)]
    return next(end for end in ends if all(one.endswith(end) for one in titles))


class PriceFiles(Protocol):
    def load(self, uow: UnitOfWork, brand_id: str, name: str, content: bytes, by: Actor) -> Loaded:
        """Load a file into the transaction, all of it or nothing. :raises Refused: it is no spreadsheet"""

    def save(self, uow: UnitOfWork, brand_id: str) -> bytes:
        """The price list and part prices as an .xlsx."""


class NoPriceFiles:
    """Where nothing reads spreadsheets."""

    def load(self, uow: UnitOfWork, brand_id: str, name: str, content: bytes, by: Actor) -> Loaded:
        raise Refused("这里不能导入表格")

    def save(self, uow: UnitOfWork, brand_id: str) -> bytes:
        raise Refused("这里不能导出表格")
