"""The appliances that stand in people's homes: whose they are, since when, and who asked to take one over."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, Table
from domain.products.lifecycle import TransferStatus


class Product(Table):
    """One appliance. ``customer_id`` is the present owner; `ProductOwner` rows say who owned it before."""

    __tablename__ = "products"
    __table_args__ = (
        Index(
            "uq_products_serial", "brand_id", "serial_key", unique=True, postgresql_where=text("serial_key IS NOT NULL")
        ),
        Index("ix_products_customer", "customer_id"),
        Index("ix_products_model", "model_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    model_id: Mapped[str] = mapped_column(ForeignKey("models.id"))
    serial: Mapped[str | None]
    """As on the nameplate; None while only the model is known."""
    serial_key: Mapped[str | None]
    """Upper case, letters and digits only: what is compared."""
    purchased_on: Mapped[date | None]
    registered_at: Mapped[datetime]
    registered_via: Mapped[str]
    """``chat``, ``console`` …"""


class ProductOwner(Table):
    """Who owned a product when, ``[since, until)``."""

    __tablename__ = "product_owners"
    __table_args__ = (Index("ix_product_owners_product", "product_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class ProductTransfer(Table):
    """Somebody says a registered product is now theirs. Staff decide; nothing is told about the present owner."""

    __tablename__ = "product_transfers"
    __table_args__ = (
        Index(
            "uq_product_transfers_open", "product_id", "customer_id", unique=True,
            postgresql_where=text("status = 'asked'"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    status: Mapped[TransferStatus]
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    why: Mapped[str] = mapped_column(Sealed("product_transfers.why"), default="")
