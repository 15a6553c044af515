"""The brands and their catalogues as the staff's forms need them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from bot.talk import Catalogue
from bot.understanding.products import CodeIndex
from domain.catalog import queries as catalog
from domain.kit.errors import NotFound
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand


class Shelves:
    """The catalogues of all brands in memory, read again when a brand's ``catalogue_version`` has moved on."""

    def __init__(self) -> None:
        self.kept: dict[str, Catalogue] = {}

    def of(self, uow: UnitOfWork, brand_id: str) -> Catalogue:
        version = catalog.catalogue_version(uow, brand_id)
        kept = self.kept.get(brand_id)
        if kept is None or kept.version != version:
            lines = catalog.models_of(uow, brand_id)
            index = CodeIndex((line.id, line.code) for line in lines)
            kept = self.kept[brand_id] = Catalogue(version, index, {line.id: line for line in lines})
        return kept


def brands(uow: UnitOfWork) -> Sequence[Brand]:
    return uow.session.scalars(select(Brand).order_by(Brand.code)).all()


def only_brand(uow: UnitOfWork) -> str:
    """The brand's id where there is just one: naming it lets a list stand on its index. Else ""."""
    known = brands(uow)
    return known[0].id if len(known) == 1 else ""


def brand_meant(uow: UnitOfWork, brand_id: str) -> Brand:
    """The brand named, or the first one.

    :raises NotFound: there is no such brand, or none yet
    """
    found = next((brand for brand in brands(uow) if not brand_id or brand.id == brand_id), None)
    if found is None:
        raise NotFound("还没有品牌，请先导入品牌资料")
    return found
