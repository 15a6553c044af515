"""Engineers: who they are, what they can do, may do and for whom, and where they were last seen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.engineers.grades import Grade
from domain.kit.tables import Sealed, SealedJson, Table


class Engineer(Table):
    """One engineer 工程师 of a provider's station; employed ``[since, until)``."""

    __tablename__ = "engineers"
    __table_args__ = (
        Index("ix_engineers_provider", "provider_id", "station_id"),
        Index("ix_engineers_station", "station_id"),
        Index("ix_engineers_name", "name_print"),
        Index("ix_engineers_phone", "phone_print"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """工号."""
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"))
    station_id: Mapped[str] = mapped_column(ForeignKey("stations.id"))
    name: Mapped[str] = mapped_column(Sealed("engineers.name"))
    name_print: Mapped[str]
    phone: Mapped[str] = mapped_column(Sealed("engineers.phone"))
    phone_print: Mapped[str]
    grade: Mapped[Grade] = mapped_column(default=Grade.ENGINEER)
    base: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("engineers.base"))
    """Where the day begins, a `Position`; the station when None."""
    daily_maximum: Mapped[int] = mapped_column(default=8)
    """Visits a day."""
    rating: Mapped[int] = mapped_column(default=450)
    """Hundredths of stars, 100–500: what customers said of late; 450 for whoever has none yet."""
    since: Mapped[date]
    until: Mapped[date | None]
    left_why: Mapped[str] = mapped_column(Sealed("engineers.left_why"), default="")
    position_agreed_at: Mapped[datetime | None]
    """When the engineer agreed to being located while at work; None: whereabouts come from check-ins alone."""
    photo_id: Mapped[str | None] = mapped_column(ForeignKey("files.id"))
    """照片, for the customers he comes to: `domain.engineers.photos`."""
    version: Mapped[int] = mapped_column(default=1)


class Skill(Table):
    """What an engineer can do: a service type on a category, dated."""

    __tablename__ = "engineer_skills"
    __table_args__ = (
        UniqueConstraint("engineer_id", "category_code", "service_type", "since"),
        Index("ix_engineer_skills_kind", "category_code", "service_type", "engineer_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    category_code: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    service_type: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]


class Certificate(Table):
    """A certificate that was seen 证书: ``[since, until)`` is what is printed on it. Kinds: `domain.engineers.certificates`."""

    __tablename__ = "engineer_certificates"
    __table_args__ = (
        Index("ix_engineer_certificates_engineer", "engineer_id"),
        Index("ix_engineer_certificates_until", "until"),
        Index("ix_engineer_certificates_unnoted", "until", postgresql_where=text("end_noted_at IS NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    kind: Mapped[str]
    number: Mapped[str] = mapped_column(Sealed("engineer_certificates.number"))
    since: Mapped[date]
    until: Mapped[date]
    seen_by: Mapped[str]
    seen_at: Mapped[datetime]
    end_noted_at: Mapped[datetime | None]
    """When `domain.engineers.expiry` saw that it had ended."""


class Authorization(Table):
    """A brand lets the engineer work on its products 品牌授权, dated."""

    __tablename__ = "engineer_authorizations"
    __table_args__ = (UniqueConstraint("engineer_id", "brand_id", "since"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    since: Mapped[date]
    until: Mapped[date | None]


class LastPosition(Table):
    """Where an engineer was last: one row each, written over. No track is kept."""

    __tablename__ = "engineer_positions"
    __table_args__ = (PrimaryKeyConstraint("engineer_id"),)

    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    position: Mapped[dict[str, Any]] = mapped_column(SealedJson("engineer_positions.position"))
    at: Mapped[datetime]
    how: Mapped[str]
    """``check_in``, ``departure`` or ``app``."""
