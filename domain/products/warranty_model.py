"""What is kept for warranties: how a brand's serials say their day, proofs seen, findings on site, and answers once given."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, Table
from domain.products.warranty_facts import Invoice, Result


class SerialRule(Table):
    """How a brand's serials say when a product was made, for what was made in ``[since, until)``, and the months it may lie in
    a shop before it is sold (`domain.products.warranty_serials` reads the mask)."""

    __tablename__ = "serial_rules"
    __table_args__ = (
        UniqueConstraint("brand_id", "mask", "since"),
        CheckConstraint("allowance_months >= 0", name="allowance"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    mask: Mapped[str]
    allowance_months: Mapped[int]
    source: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]


class WarrantyProof(Table):
    """What was seen of a product's purchase; one row a product, its changes are in the audit trail."""

    __tablename__ = "warranty_proofs"
    __table_args__ = (CheckConstraint("days_in_repair >= 0", name="days"),)

    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), primary_key=True)
    invoice: Mapped[Invoice]
    replaced_on: Mapped[date | None]
    """换机: the day this appliance was given for another."""
    days_in_repair: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    by: Mapped[str]


class WarrantyFinding(Table):
    """Something found for one order that ends a claim: a code of `domain.products.warranty.exclusions`."""

    __tablename__ = "warranty_findings"
    __table_args__ = (
        Index(
            "uq_warranty_findings_standing", "work_order_id", "code", unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    code: Mapped[str]
    why: Mapped[str] = mapped_column(Sealed("warranty_findings.why"))
    at: Mapped[datetime]
    by: Mapped[str]
    withdrawn_at: Mapped[datetime | None]


class WarrantyAnswer(Table):
    """One component of one answer that was given for an order. Never changed and never computed again."""

    __tablename__ = "warranty_answers"
    __table_args__ = (
        UniqueConstraint("work_order_id", "round", "component"),
        Index("ix_warranty_answers_product", "product_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    round: Mapped[int]
    """1 when the order was opened; one more each time it was checked."""
    product_id: Mapped[str | None] = mapped_column(ForeignKey("products.id"))
    component: Mapped[str]
    result: Mapped[Result]
    rule: Mapped[str]
    source: Mapped[str]
    version: Mapped[str]
    since: Mapped[date | None]
    until: Mapped[date | None]
    evidence: Mapped[list[str]] = mapped_column(default=list)
    words: Mapped[str]
    day: Mapped[date]
    """The day that was asked about: the day the order was opened."""
    at: Mapped[datetime]
    by: Mapped[str]
