"""Brands, the accounts they speak through, and where they serve."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, Table


class Brand(Table):
    """A maker of appliances whose customers are served here."""

    __tablename__ = "brands"

    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    hotline: Mapped[str]
    desk_hours: Mapped[str]
    """When people answer, in words: 8:00–20:00."""
    privacy_version: Mapped[str]
    """The version of the privacy notice in force; a customer who agreed to another is asked again."""
    privacy_url: Mapped[str]
    price_words: Mapped[str] = mapped_column(default="")
    """The public price page as text, a line a price, until pricing exists (issue 6)."""
    catalogue_version: Mapped[int] = mapped_column(default=0)
    """Counts up with every change of the brand's models, so that processes know when to read them again."""


OFFICIAL_ACCOUNT, MINI_PROGRAM = "official_account", "mini_program"


class Account(Table):
    """One account on a platform: identities, inbox keys, tokens and quotas belong to it."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    kind: Mapped[str]
    """`OFFICIAL_ACCOUNT` or `MINI_PROGRAM`."""
    app_id: Mapped[str] = mapped_column(unique=True)
    original_id: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    mode: Mapped[str] = mapped_column(default="safe")
    """How the platform pushes: ``plain``, ``compat`` or ``safe``."""
    hands_over: Mapped[bool] = mapped_column(default=False)
    """Talks that want a person go to the platform's own customer service (transfer_customer_service), not to our desk
    alone: the platform then keeps what is said to itself until its agent is done."""
    token: Mapped[str] = mapped_column(Sealed("accounts.token"))
    aes_key: Mapped[str] = mapped_column(Sealed("accounts.aes_key"))
    secret: Mapped[str] = mapped_column(Sealed("accounts.secret"))
    created_at: Mapped[datetime]


class ServiceArea(Table):
    """A division a brand serves, dated. A longer code is inside a shorter one: 4406 holds 440606."""

    __tablename__ = "service_areas"
    __table_args__ = (
        UniqueConstraint("brand_id", "division_code", "since"),
        Index("ix_service_areas_brand", "brand_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    division_code: Mapped[str]
    """Digits that matter only: 44 a province, 4406 a city, 440606 a district, 440606004 a street."""
    since: Mapped[date]
    until: Mapped[date | None]
