"""What the brands sell: categories, models with their codes, and warranty terms as dated rows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Table


class Category(Table):
    """A kind of appliance, the same for all brands."""

    __tablename__ = "categories"

    code: Mapped[str] = mapped_column(primary_key=True)
    """``air_conditioner`` …: the labels the bot's understanding uses."""
    title: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)


class Model(Table):
    """One model of one brand. ``code_key`` is what is compared: `domain.catalog.codes.code_key`."""

    __tablename__ = "models"
    __table_args__ = (
        UniqueConstraint("brand_id", "code_key"),
        Index("ix_models_category", "brand_id", "category_code"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    category_code: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    code: Mapped[str]
    code_key: Mapped[str]
    name: Mapped[str]
    sold_since: Mapped[date | None]
    sold_until: Mapped[date | None]


class WarrantyTerm(Table):
    """How long one component is covered, for products bought in ``[since, until)``.

    A row for a model goes before one for its category.
    """

    __tablename__ = "warranty_terms"
    __table_args__ = (
        CheckConstraint("(model_id IS NULL) <> (category_code IS NULL)", name="model_or_category"),
        CheckConstraint("months >= 0", name="months"),
        Index("ix_warranty_terms_brand", "brand_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    category_code: Mapped[str | None] = mapped_column(ForeignKey("categories.code"))
    model_id: Mapped[str | None] = mapped_column(ForeignKey("models.id"))
    component: Mapped[str]
    """``whole`` (整机), ``main_parts`` (主要部件), ``labour`` (人工), or a named part."""
    months: Mapped[int]
    source: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
