"""A brand's privacy notice: what it says that is not the same for all brands. The words are templates/…/privacy.html."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from domain.files.operations import UNUSED
from domain.kit.partitions import KEPT_MONTHS
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand


@dataclass(frozen=True)
class Notice:
    """``chat_months``, ``trail_years`` and ``unused_picture_days`` are the longest a message, a line of the audit trail,
    and a picture of no order may be kept."""

    brand: str
    hotline: str
    desk_hours: str
    version: str
    chat_months: int
    trail_years: int
    unused_picture_days: int


def brands(uow: UnitOfWork) -> Sequence[Brand]:
    return uow.session.scalars(select(Brand).order_by(Brand.code)).all()


def notice_of(uow: UnitOfWork, code: str) -> Notice | None:
    """The notice of the brand with that code, however it is written; None when there is none."""
    brand = next((brand for brand in brands(uow) if brand.code.casefold() == code.casefold()), None)
    if brand is None:
        return None
    # A month is dropped once it is over by so many: what was said on its first day has then been kept one more.
    chat_months = max(KEPT_MONTHS["received"], KEPT_MONTHS["outgoing_messages"]) + 1
    trail_years = -(-(KEPT_MONTHS["audit_trail"] + 1) // 12)
    return Notice(
        brand.name, brand.hotline, brand.desk_hours, brand.privacy_version, chat_months, trail_years, UNUSED.days
    )
