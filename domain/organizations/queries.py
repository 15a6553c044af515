"""Looking up brands, accounts and service areas."""

from __future__ import annotations

from sqlalchemy import or_, select

from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Account, ServiceArea


def account_by_app_id(uow: UnitOfWork, app_id: str) -> Account | None:
    return uow.session.scalars(select(Account).filter_by(app_id=app_id)).first()


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
