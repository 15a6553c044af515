"""What is owed, the attempts to pay it, the refunds of them, and the merchants at the platform that take the money."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.actors import Role
from domain.kit.tables import Sealed, Table
from domain.payments.lifecycle import PayableStatus, PaymentStatus, RefundStatus

WANTED = text("query_at IS NOT NULL")


class Merchant(Table):
    """A merchant number 商户号 at WeChat Pay with its keys, in public-key mode (wechat-protocol §7.2)."""

    __tablename__ = "merchants"

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    mch_id: Mapped[str] = mapped_column(unique=True)
    cert_serial: Mapped[str]
    """The serial of the merchant's API certificate: it names the key our requests are signed with."""
    private_key: Mapped[str] = mapped_column(Sealed("merchants.private_key"))
    """PEM, PKCS#8."""
    api_v3_key: Mapped[str] = mapped_column(Sealed("merchants.api_v3_key"))
    public_key: Mapped[str]
    """WeChat Pay's, PEM: what answers and notices are verified with."""
    public_key_id: Mapped[str]
    other_keys: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """More of WeChat Pay's keys (id or serial → PEM, a public key or a platform certificate) that verify at the same time."""
    app_ids: Mapped[list[str]] = mapped_column(default=list)
    """The accounts bound to the merchant."""
    created_at: Mapped[datetime]
    cert_until: Mapped[date | None]
    """When the API certificate ends, where the certificate was given with its key."""
    tested_at: Mapped[datetime | None]
    tested: Mapped[str] = mapped_column(default="")
    """What came of the last test, a key of `domain.payments.merchant_tests.OUTCOMES`; "" while one is on its way."""


class Payable(Table):
    """What one customer owes for one thing 应付. It never changes its amount: another amount is another version."""

    __tablename__ = "payables"
    __table_args__ = (
        UniqueConstraint("kind", "of_id", "version"),
        Index("ix_payables_order", "work_order_id", postgresql_where=text("work_order_id IS NOT NULL")),
        Index("ix_payables_page", "at", "id"),
        Index("ix_payables_status", "status", "at", "id"),
        Index("ix_payables_customer", "customer_id", "at"),
        CheckConstraint("due_fen >= 0", name="due"),
        CheckConstraint("refunded_fen >= 0 AND refunded_fen <= paid_fen AND paid_fen <= due_fen", name="amounts"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    kind: Mapped[str]
    """``bill`` or ``cover``: who owes it hears of it by `PayablePaid`."""
    of_id: Mapped[str]
    version: Mapped[int]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    work_order_id: Mapped[str | None] = mapped_column(ForeignKey("work_orders.id"))
    title: Mapped[str]
    """What the cashier shows, at most 127 characters, nothing personal."""
    due_fen: Mapped[int] = mapped_column(BigInteger)
    paid_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    split: Mapped[list[Any]]
    """Whose money it becomes: `domain.payments.shares.Share` as JSON, summing to ``due_fen``."""
    status: Mapped[PayableStatus]
    at: Mapped[datetime]
    by: Mapped[str]
    paid_at: Mapped[datetime | None]


class Payment(Table):
    """One attempt to pay: an order at the platform under our number, or cash."""

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("merchant_id", "transaction_id"),
        Index("ix_payments_payable", "payable_id"),
        Index(
            "ix_payments_live", "payable_id", unique=True,
            postgresql_where=text("status IN ('created', 'pending', 'unknown')"),
        ),
        Index("ix_payments_method", "method", "payable_id"),
        Index("ix_payments_due", "query_at", postgresql_where=WANTED),
        Index("ix_payments_paid", "merchant_id", "paid_at", postgresql_where=text("paid_at IS NOT NULL")),
        Index("ix_payments_transaction", "transaction_id", postgresql_where=text("transaction_id IS NOT NULL")),
        CheckConstraint("fen > 0", name="amount"),
        CheckConstraint("0 <= refunded_fen AND refunded_fen <= reserved_fen AND reserved_fen <= fen", name="refunds"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    payable_id: Mapped[str] = mapped_column(ForeignKey("payables.id"))
    merchant_id: Mapped[str | None] = mapped_column(ForeignKey("merchants.id"))
    """None for cash."""
    out_trade_no: Mapped[str] = mapped_column(unique=True)
    app_id: Mapped[str] = mapped_column(default="")
    openid: Mapped[str] = mapped_column(default="")
    method: Mapped[str]
    """``jsapi``, ``native``, ``h5`` or ``cash``."""
    via: Mapped[str]
    """``official_account``, ``mini_program``, ``engineer`` or ``console``."""
    fen: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[PaymentStatus]
    prepay_id: Mapped[str | None]
    code_url: Mapped[str | None]
    h5_url: Mapped[str | None]
    at: Mapped[datetime]
    by: Mapped[str]
    asked_at: Mapped[datetime | None]
    """When the platform was last asked to take the order: what was asked may still arrive there."""
    ordered_at: Mapped[datetime | None]
    """When it said that it had."""
    expires_at: Mapped[datetime | None]
    query_at: Mapped[datetime | None]
    """When the platform is asked about it next; None when nothing is open."""
    queries: Mapped[int] = mapped_column(default=0)
    unwanted_at: Mapped[datetime | None]
    """Nobody wants it paid any more: the next look closes it."""
    error: Mapped[str] = mapped_column(default="")
    """The platform's code for why it was declined, or what was unsure."""
    transaction_id: Mapped[str | None]
    paid_at: Mapped[datetime | None]
    surplus: Mapped[bool] = mapped_column(default=False)
    """Money came for what was paid already, or void: it is the customer's and goes back."""
    refunded_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    reserved_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    """What refunds that were asked for and not turned down take, those that succeeded included."""


class Refund(Table):
    """Money that goes back: its id is its number at the platform, the same however often it is sent."""

    __tablename__ = "refunds"
    __table_args__ = (
        Index("ix_refunds_payment", "payment_id"),
        Index("ix_refunds_payable", "payable_id"),
        Index("ix_refunds_status", "status", "at", "id"),
        Index("ix_refunds_page", "at", "id"),
        Index("ix_refunds_sent", "sent_at", postgresql_where=text("sent_at IS NOT NULL")),
        Index("ix_refunds_due", "query_at", postgresql_where=WANTED),
        Index("ix_refunds_done", "done_at", postgresql_where=text("done_at IS NOT NULL")),
        CheckConstraint("fen > 0", name="amount"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id"))
    payable_id: Mapped[str] = mapped_column(ForeignKey("payables.id"))
    fen: Mapped[int] = mapped_column(BigInteger)
    reason_code: Mapped[str]
    """A key of `domain.payments.reasons.REFUND_REASONS`."""
    why: Mapped[str] = mapped_column(Sealed("refunds.why"), default="")
    split: Mapped[list[Any]]
    """What it is taken from, as `Payable.split`."""
    surplus: Mapped[bool] = mapped_column(default=False)
    status: Mapped[RefundStatus]
    asked_by: Mapped[str]
    at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_why: Mapped[str] = mapped_column(Sealed("refunds.decided_why"), default="")
    sent_at: Mapped[datetime | None]
    """When the platform took it: the day its bill has it on. Until the platform says so, when it was first sent."""
    query_at: Mapped[datetime | None]
    queries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    refund_id: Mapped[str | None] = mapped_column(unique=True)
    """The platform's number."""
    done_at: Mapped[datetime | None]
    paid_out_from: Mapped[str] = mapped_column(default="")
    """``bank`` or ``cash`` where it went by hand; "" where the platform paid it."""

    @property
    def by_itself(self) -> bool:
        """No person asked for it: it followed from something."""
        return self.asked_by.startswith(f"{Role.SYSTEM}:")

    @property
    def is_owed(self) -> bool:
        """No bill asks for this money: it was too much, or what it was paid for has become less. Nobody may keep it."""
        return self.surplus or (self.by_itself and self.reason_code == "bill_changed")


class RefundLimit(Table):
    """Up to how much a brand's refunds need nobody else's yes, from a day to a day."""

    __tablename__ = "refund_limits"
    __table_args__ = (Index("ix_refund_limits_brand", "brand_id", "since"), CheckConstraint("fen >= 0", name="amount"))

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    fen: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[date]
    until: Mapped[date | None]
    by: Mapped[str]
