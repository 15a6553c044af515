"""Brands, the accounts they speak through, where they serve; the providers, stations and the grid of who covers what."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Double, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
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


class ProviderKind(StrEnum):
    """``own``: the brand's technicians on its own payroll, who get the hard cases."""

    CONTRACTED = "contracted"
    OWN = "own"


class Provider(Table):
    """A company that does the work 服务商: it runs stations and employs engineers, for one brand or several."""

    __tablename__ = "providers"

    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[ProviderKind] = mapped_column(default=ProviderKind.CONTRACTED)
    contact: Mapped[str] = mapped_column(Sealed("providers.contact"), default="")
    """Whom to ask there: name and phone."""
    plans_automatic: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Day plans are accepted by themselves; else a dispatcher does it."""
    since: Mapped[date]
    until: Mapped[date | None]


class ProviderBrand(Table):
    """Brand authorization 品牌授权: the brand lets the provider work for it, dated."""

    __tablename__ = "provider_brands"
    __table_args__ = (UniqueConstraint("provider_id", "brand_id", "since"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"))
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    since: Mapped[date]
    until: Mapped[date | None]


class Station(Table):
    """A provider's place 网点: engineers start from it, and parts are kept there."""

    __tablename__ = "stations"
    __table_args__ = (Index("ix_stations_provider", "provider_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"))
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    division_code: Mapped[str]
    address: Mapped[str]
    lat: Mapped[float | None] = mapped_column(Double)
    lng: Mapped[float | None] = mapped_column(Double)
    """GCJ-02. A place of business, so neither is personal."""
    phone: Mapped[str] = mapped_column(default="")
    since: Mapped[date]
    until: Mapped[date | None]


class Coverage(Table):
    """One cell of the grid 网格: who serves a brand in a division, for a category and a service type; dated.

    ``category_code`` and ``service_type`` are "" for all. Of the rows that fit an order the more exact come first (longer
    division, named category, named service type), then by ``rank``. Two rows of one cell may not share a rank or a provider
    on the same day: the database refuses it (ranks at the end of the transaction where two are exchanged).
    """

    __tablename__ = "coverages"
    __table_args__ = (
        Index("ix_coverages_cell", "brand_id", "division_code"),
        Index("ix_coverages_provider", "provider_id"),
        ExcludeConstraint(
            ("brand_id", "="), ("division_code", "="), ("category_code", "="), ("service_type", "="), ("rank", "="),
            (text("daterange(since, until)"), "&&"), name="ex_coverages_rank", using="gist", deferrable=True,
            initially="IMMEDIATE",
        ),
        ExcludeConstraint(
            ("brand_id", "="), ("division_code", "="), ("category_code", "="), ("service_type", "="),
            ("provider_id", "="), (text("daterange(since, until)"), "&&"), name="ex_coverages_provider", using="gist",
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    division_code: Mapped[str]
    """Digits that matter only, as in `ServiceArea`."""
    category_code: Mapped[str] = mapped_column(default="")
    service_type: Mapped[str] = mapped_column(default="")
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"))
    station_id: Mapped[str | None] = mapped_column(ForeignKey("stations.id"))
    """Only this station of the provider; all when None."""
    rank: Mapped[int]
    """1 is asked first."""
    since: Mapped[date]
    until: Mapped[date | None]
