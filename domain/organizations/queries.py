"""Looking up brands, accounts and service areas."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from domain.kit.errors import NotFound
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Account, Brand, ServiceArea


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


def is_served(uow: UnitOfWork, brand_id: str, division_code: str) -> bool:
    """Whether the division, or one it lies in, is served today."""
    prefixes = [division_code[:n] for n in (2, 4, 6, 9, 12) if n <= len(division_code)]
    area = select(ServiceArea.id).where(
        ServiceArea.brand_id == brand_id,
        ServiceArea.division_code.in_(prefixes),
        ServiceArea.since <= uow.today,
        or_(ServiceArea.until.is_(None), ServiceArea.until > uow.today),
    )
    return uow.session.scalars(area.limit(1)).first() is not None
