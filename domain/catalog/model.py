"""What the brands sell: categories, models with their codes, and warranty terms as dated rows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
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


class Part(Table):
    """A spare part 备件 of one brand. ``code_key`` is what is compared, as for models."""

    __tablename__ = "parts"
    __table_args__ = (UniqueConstraint("brand_id", "code_key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    code: Mapped[str]
    code_key: Mapped[str]
    name: Mapped[str]
    component: Mapped[str] = mapped_column(default="")
    """The component of `WarrantyTerm` it belongs to: ``main_parts`` for a compressor."""
    serial_kept: Mapped[bool] = mapped_column(default=False)
    """It has a serial of its own, which is written down when it is put in and when it is taken out."""
    old_returned: Mapped[bool] = mapped_column(default=False)
    """The old part goes back 旧件返厂."""
    superseded_by_id: Mapped[str | None] = mapped_column(ForeignKey("parts.id"))


class BillLine(Table):
    """One line of a model's bill of materials 物料清单, for what was made ``[since, until)``."""

    __tablename__ = "bill_lines"
    __table_args__ = (
        Index("ix_bill_lines_model", "model_id"),
        Index("ix_bill_lines_part", "part_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        ExcludeConstraint(
            ("model_id", "="), ("part_id", "="), (text("daterange(since, until)"), "&&"), name="ex_bill_lines",
            using="gist",
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    model_id: Mapped[str] = mapped_column(ForeignKey("models.id"))
    part_id: Mapped[str] = mapped_column(ForeignKey("parts.id"))
    quantity: Mapped[int] = mapped_column(default=1)
    since: Mapped[date]
    until: Mapped[date | None]
