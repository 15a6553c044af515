"""What the platform told us: its notices, its daily bills, and where those and our books differ."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, SealedJson, Table
from domain.payments.lifecycle import DifferenceStatus


class PaymentNotice(Table):
    """One verified notice of the platform and what came of it; each is taken in once."""

    __tablename__ = "payment_notices"
    __table_args__ = (
        UniqueConstraint("merchant_id", "notice_id"),
        Index("ix_payment_notices_last", "merchant_id", "outcome", "at"),
        Index("ix_payment_notices_payment", "payment_id", postgresql_where=text("payment_id IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    merchant_id: Mapped[str] = mapped_column(ForeignKey("merchants.id"))
    notice_id: Mapped[str]
    kind: Mapped[str]
    outcome: Mapped[str]
    """``done``, ``known`` (it said nothing new), ``mismatch`` (it does not fit our order), ``ignored`` (a kind we do not take)."""
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payments.id"))
    refund_id: Mapped[str | None] = mapped_column(ForeignKey("refunds.id"))
    body: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("payment_notices.body"))
    at: Mapped[datetime]


class Statement(Table):
    """One bill 账单 of one day: ``trade`` what was traded, ``fund`` what moved on the merchant's balance."""

    __tablename__ = "statements"
    __table_args__ = (UniqueConstraint("merchant_id", "day", "kind"), Index("ix_statements_day", "day"))

    id: Mapped[str] = mapped_column(primary_key=True)
    merchant_id: Mapped[str] = mapped_column(ForeignKey("merchants.id"))
    day: Mapped[date]
    kind: Mapped[str]
    state: Mapped[str]
    """``late`` (not there yet), ``empty`` or ``compared``."""
    sha1: Mapped[str] = mapped_column(default="")
    lines: Mapped[int] = mapped_column(default=0)
    totals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Fen by what they are: taken, refunded, fees …"""
    at: Mapped[datetime]
    error: Mapped[str] = mapped_column(default="")
    file_id: Mapped[str | None] = mapped_column(ForeignKey("kept_bills.id"))
    """The file it was read from, as it came; None until one was kept."""


class KeptBill(Table):
    """One download of a day's bill, as it came: sealed in the file store. What comes anew with other contents is another one."""

    __tablename__ = "kept_bills"
    __table_args__ = (
        UniqueConstraint("merchant_id", "day", "kind", "sha1"),
        Index("ix_kept_bills_over", "day", postgresql_where=text("key IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    merchant_id: Mapped[str] = mapped_column(ForeignKey("merchants.id"))
    day: Mapped[date]
    kind: Mapped[str]
    sha1: Mapped[str]
    """The platform's own, told with the download: of the whole text."""
    size: Mapped[int] = mapped_column(BigInteger)
    place: Mapped[str | None]
    """Its name in the file store; None, as ``key``, when its time is over."""
    key: Mapped[str | None] = mapped_column(Sealed("kept_bills.key"))
    at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """When the same was downloaded last."""


class StatementDifference(Table):
    """One thing that does not fit 差异: what we have, what the platform has, and how it was settled."""

    __tablename__ = "statement_differences"
    __table_args__ = (
        Index("ix_statement_differences_open", "status", "day"),
        Index("ix_statement_differences_page", "day", "id"),
        Index("ix_statement_differences_day", "merchant_id", "day"),
        Index("ix_statement_differences_payment", "payment_id", postgresql_where=text("payment_id IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    merchant_id: Mapped[str] = mapped_column(ForeignKey("merchants.id"))
    statement_id: Mapped[str | None] = mapped_column(ForeignKey("statements.id"))
    """None where a notice said it."""
    day: Mapped[date]
    kind: Mapped[str]
    """A key of `domain.payments.differences.KINDS`."""
    key: Mapped[str] = mapped_column(unique=True)
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payments.id"))
    refund_id: Mapped[str | None] = mapped_column(ForeignKey("refunds.id"))
    number: Mapped[str] = mapped_column(default="")
    """The platform's or our number, to search by."""
    ours_fen: Mapped[int | None] = mapped_column(BigInteger)
    theirs_fen: Mapped[int | None] = mapped_column(BigInteger)
    words: Mapped[str]
    status: Mapped[DifferenceStatus]
    at: Mapped[datetime]
    how: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("ledger_entries.id"))
    settled_by: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
