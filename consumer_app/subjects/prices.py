"""The price list of a brand: what labour, coming, and parts cost today, for anybody to see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, or_, select

from domain.catalog.categories import TITLES
from domain.kit.errors import NotFound
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand
from domain.pricing.fee_facts import HOLIDAY, KINDS, NIGHT, TRAVEL
from domain.pricing.model import FeeRow
from domain.work_orders.kinds import TITLES as SERVICES
from domain.work_orders.kinds import ServiceType

ALL = "各类家电"


def of_brand(uow: UnitOfWork, code: str) -> dict[str, Any]:
    """:raises NotFound: there is no such brand"""
    brand = uow.session.scalars(select(Brand).where(func.lower(Brand.code) == code.lower())).first()
    if brand is None:
        raise NotFound("没有找到这个品牌")
    rows = rows_of(uow, brand.id)
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault(TITLES.get(row.category_code, ALL), []).append(row_json(row))
    ordered = sorted(groups.items(), key=lambda pair: list(TITLES.values()).index(pair[0]) if pair[0] != ALL else -1)
    return {
        "brand": brand.name, "code": brand.code, "hotline": brand.hotline, "on": uow.today,
        "groups": [{"title": title, "lines": lines} for title, lines in ordered],
    }  # fmt: skip


def rows_of(uow: UnitOfWork, brand_id: str) -> list[FeeRow]:
    """Of today, in the order of a quote's lines."""
    held = select(FeeRow).where(
        FeeRow.brand_id == brand_id, FeeRow.since <= uow.today, or_(FeeRow.until.is_(None), FeeRow.until > uow.today)
    )
    kinds = list(KINDS)
    return sorted(
        uow.session.scalars(held),
        key=lambda row: (row.category_code, kinds.index(row.kind) if row.kind in kinds else 99, row.km_from, row.title),
    )


def row_json(row: FeeRow) -> dict[str, str]:
    service = SERVICES[ServiceType(row.service_type)] if row.service_type else ""
    shown = f"人工加收 {row.permille / 10:g}%" if row.kind in (NIGHT, HOLIDAY) else f"{Money(row.fen)} / {row.unit}"
    band = f"超过 {row.km_from} 公里" if row.kind == TRAVEL and row.km_from else ""
    return {"title": row.title, "shown": shown, "note": " · ".join(part for part in (service, band) if part)}
