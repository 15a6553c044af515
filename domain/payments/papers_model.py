"""Cash an engineer took and handed in, requests for invoices, and what is reported as delivered to the platform."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, Table
from domain.payments.lifecycle import InvoiceStatus


class CashHandIn(Table):
    """An engineer's cash was counted and taken in 交款."""

    __tablename__ = "cash_hand_ins"
    __table_args__ = (
        Index("ix_cash_hand_ins_engineer", "engineer_id", "at"),
        CheckConstraint("fen >= 0", name="amount"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    fen: Mapped[int] = mapped_column(BigInteger)
    """What was counted: less than the receipts where the engineer has given some of it back by hand."""
    at: Mapped[datetime]
    by: Mapped[str]


class CashReceipt(Table):
    """A receipt 收据 for cash: the number is what the customer is given."""

    __tablename__ = "cash_receipts"
    __table_args__ = (
        Index("ix_cash_receipts_open", "engineer_id", "taken_at", postgresql_where=text("hand_in_id IS NULL")),
        Index("ix_cash_receipts_hand_in", "hand_in_id", postgresql_where=text("hand_in_id IS NOT NULL")),
        CheckConstraint("fen > 0", name="amount"),
    )

    number: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id"), unique=True)
    fen: Mapped[int] = mapped_column(BigInteger)
    taken_at: Mapped[datetime]
    hand_in_id: Mapped[str | None] = mapped_column(ForeignKey("cash_hand_ins.id"))


class InvoiceRequest(Table):
    """A customer wants an invoice 发票 for what was paid: at most one that was not refused for each payable."""

    __tablename__ = "invoice_requests"
    __table_args__ = (
        Index("ix_invoice_requests_live", "payable_id", unique=True, postgresql_where=text("status <> 'refused'")),
        Index("ix_invoice_requests_payable", "payable_id"),
        Index("ix_invoice_requests_status", "status", "at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    payable_id: Mapped[str] = mapped_column(ForeignKey("payables.id"))
    fen: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(Sealed("invoice_requests.title"))
    tax_number: Mapped[str] = mapped_column(Sealed("invoice_requests.tax_number"), default="")
    """"" for a person."""
    email: Mapped[str] = mapped_column(Sealed("invoice_requests.email"))
    status: Mapped[InvoiceStatus]
    number: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by: Mapped[str]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(Sealed("invoice_requests.why"), default="")


class ShippingReport(Table):
    """The mini-program has to say that what was paid for was delivered, else the platform keeps the money."""

    __tablename__ = "shipping_reports"
    __table_args__ = (Index("ix_shipping_reports_due", "query_at", postgresql_where=text("query_at IS NOT NULL")),)

    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id"), primary_key=True)
    item: Mapped[str]
    delivered_at: Mapped[datetime]
    query_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")
