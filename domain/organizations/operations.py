"""Setting up brands, their accounts and where they serve."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Account, Brand, ServiceArea


def put_brand(
    uow: UnitOfWork, *, code: str, name: str, hotline: str, desk_hours: str, privacy_version: str, privacy_url: str,
    price_words: str | None = None,
) -> Brand:  # fmt: skip
    """Make a brand, or bring the one with this code up to date; ``price_words`` stay as they are when None."""
    brand = uow.session.scalars(select(Brand).filter_by(code=code)).first()
    if brand is None:
        brand = Brand(id=uow.new_id("br"), code=code, catalogue_version=0, price_words="")
        uow.session.add(brand)
    brand.name, brand.hotline, brand.desk_hours = name, hotline, desk_hours
    brand.privacy_version, brand.privacy_url = privacy_version, privacy_url
    brand.price_words = brand.price_words if price_words is None else price_words
    uow.session.flush()
    return brand


def put_account(
    uow: UnitOfWork,
    *,
    brand_id: str,
    kind: str,
    app_id: str,
    name: str,
    mode: str,
    token: str,
    aes_key: str,
    secret: str,
    hands_over: bool | None = None,
) -> Account:
    """Make an account, or bring the one with this app id up to date (keys are rotated so).

    ``hands_over`` stays as it is when None: see `Account.hands_over`.
    """
    account = uow.session.scalars(select(Account).filter_by(app_id=app_id)).first()
    if account is None:
        account = Account(id=uow.new_id("ac"), brand_id=brand_id, kind=kind, app_id=app_id, created_at=uow.now)
        account.hands_over = False
        uow.session.add(account)
    account.name, account.mode, account.token, account.aes_key, account.secret = name, mode, token, aes_key, secret
    account.hands_over = account.hands_over if hands_over is None else hands_over
    uow.session.flush()
    return account


def serve(uow: UnitOfWork, brand_id: str, division_code: str, since: date) -> None:
    """The brand serves a division from a day on. Saying it twice changes nothing."""
    found = select(ServiceArea).filter_by(brand_id=brand_id, division_code=division_code, since=since)
    if uow.session.scalars(found).first() is None:
        area = ServiceArea(id=uow.new_id("sa"), brand_id=brand_id, division_code=division_code, since=since)
        uow.session.add(area)
