"""Looking up brands, accounts, service areas, and who the grid names for a piece of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select

from domain.kit.errors import NotFound
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.grid import prefixes
from domain.organizations.model import (
    OFFICIAL_ACCOUNT,
    Account,
    Brand,
    Coverage,
    Provider,
    ProviderBrand,
    ProviderKind,
    ServiceArea,
    Station,
)


@dataclass(frozen=True)
class Voice:
    """An account with its brand, frozen: what a door needs to check a push and the bot needs to speak."""

    account_id: str
    kind: str
    app_id: str
    mode: str
    hands_over: bool
    token: str
    aes_key: str
    brand_id: str
    brand: str
    brand_code: str
    hotline: str
    desk_hours: str
    privacy_version: str
    privacy_url: str
    catalogue_version: int


def voice(
    uow: UnitOfWork, *, app_id: str | None = None, account_id: str | None = None, kind: str | None = None
) -> Voice:
    """The account with this app id or id, or the first one made when neither is given; of this kind, where one is.

    :raises NotFound: there is none
    """
    found = select(Account, Brand).join(Brand, Brand.id == Account.brand_id).order_by(Account.created_at)
    if app_id is not None:
        found = found.where(Account.app_id == app_id)
    if account_id is not None:
        found = found.where(Account.id == account_id)
    if kind is not None:
        found = found.where(Account.kind == kind)
    row = uow.session.execute(found.limit(1)).first()
    if row is None:
        raise NotFound("没有这个账号")
    account, brand = row
    return Voice(
        account_id=account.id,
        kind=account.kind,
        app_id=account.app_id,
        mode=account.mode,
        hands_over=account.hands_over,
        token=account.token,
        aes_key=account.aes_key,
        brand_id=brand.id,
        brand=brand.name,
        brand_code=brand.code,
        hotline=brand.hotline,
        desk_hours=brand.desk_hours,
        privacy_version=brand.privacy_version,
        privacy_url=brand.privacy_url,
        catalogue_version=brand.catalogue_version,
    )


def voice_of_brand(uow: UnitOfWork, brand_id: str) -> Voice:
    """In whose name a brand's pages and payments speak: its official account, the first one made.

    :raises NotFound: it has none
    """
    found = select(Account.id).filter_by(brand_id=brand_id, kind=OFFICIAL_ACCOUNT).order_by(Account.created_at)
    account_id = uow.session.scalars(found.limit(1)).first()
    if account_id is None:
        raise NotFound("没有这个账号")
    return voice(uow, account_id=account_id)


def is_served(uow: UnitOfWork, brand_id: str, division_code: str) -> bool:
    """Whether the division, or one it lies in, is served today."""
    area = select(ServiceArea.id).where(
        ServiceArea.brand_id == brand_id,
        ServiceArea.division_code.in_(prefixes(division_code)),
        holds_on(ServiceArea, uow.today),
    )
    return uow.session.scalars(area.limit(1)).first() is not None


class Covering(NamedTuple):
    """One answer of the grid: whom to ask, only which station (None: any of theirs), and in which place, from 1."""

    provider_id: str
    station_id: str | None
    rank: int


def covering(
    uow: UnitOfWork, brand_id: str, division_code: str, category_code: str, service_type: str, day: date
) -> list[Covering]:
    """Who serves that on that day, whom to ask first in front: the more exact rows of the grid, then by rank.

    Providers without the brand's authorization on the day, or that are gone, are not in it; nor are closed stations.
    """
    rows = (
        select(Coverage.provider_id, Coverage.station_id)
        .join(Provider, Provider.id == Coverage.provider_id)
        .join(ProviderBrand, (ProviderBrand.provider_id == Provider.id) & (ProviderBrand.brand_id == Coverage.brand_id))
        .outerjoin(Station, Station.id == Coverage.station_id)
        .where(
            Coverage.brand_id == brand_id,
            Coverage.division_code.in_(prefixes(division_code)),
            Coverage.category_code.in_({"", category_code}),
            Coverage.service_type.in_({"", service_type}),
            *(holds_on(table, day) for table in (Coverage, Provider, ProviderBrand)),
            or_(Coverage.station_id.is_(None), holds_on(Station, day)),
        )
        .order_by(
            func.length(Coverage.division_code).desc(),
            Coverage.category_code == "",
            Coverage.service_type == "",
            Coverage.rank,
            Coverage.id,
        )
    )
    asked = dict.fromkeys((provider_id, station_id) for provider_id, station_id in uow.session.execute(rows))
    return [Covering(provider_id, station_id, place) for place, (provider_id, station_id) in enumerate(asked, 1)]


def own_providers(uow: UnitOfWork, brand_id: str, day: date) -> list[str]:
    """The brand's own technicians' organizations on that day: who gets the hard cases, whatever the grid says."""
    rows = (
        select(Provider.id)
        .join(ProviderBrand, ProviderBrand.provider_id == Provider.id)
        .where(
            Provider.kind == ProviderKind.OWN,
            ProviderBrand.brand_id == brand_id,
            holds_on(Provider, day),
            holds_on(ProviderBrand, day),
        )
    )
    return list(uow.session.scalars(rows.order_by(Provider.code)))


def holds_on(table: Any, day: date) -> ColumnElement[bool]:
    """The rows of a dated table that hold on a day; ``until`` is exclusive."""
    return and_(table.since <= day, or_(table.until.is_(None), table.until > day))
