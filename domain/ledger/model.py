"""The ledger's tables: entries, one for each event of the business, and their postings. Neither is ever changed or deleted.

What is added up of them (`LedgerSum`, `LedgerParty`) is derived by `domain.ledger.counting` and never anybody's source.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.kit.tables import Table


class LedgerEntry(Table):
    """One event of the business, said once: ``key`` is what makes it the same event when it is told again."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        Index("ix_ledger_entries_of", "of_kind", "of_id"),
        Index("ix_ledger_entries_order", "work_order_id", postgresql_where=text("work_order_id IS NOT NULL")),
        Index("ix_ledger_entries_day", "day", "id"),
        Index("ix_ledger_entries_brand", "brand_id", "day", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    of_kind: Mapped[str]
    """What it is about: ``payable``, ``payment``, ``refund``, ``statement`` …, and ``of_id`` which."""
    of_id: Mapped[str]
    work_order_id: Mapped[str | None] = mapped_column(ForeignKey("work_orders.id"))
    day: Mapped[date]
    """The day it counts for, which may be before it was written down."""
    at: Mapped[datetime]
    by: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    """Plain words where somebody decided, never about a person."""
    postings: Mapped[list[LedgerPosting]] = relationship(order_by="LedgerPosting.id", lazy="selectin")


class LedgerPosting(Table):
    """An amount that moves from one account (``credit``) to another (``debit``): it balances by itself."""

    __tablename__ = "ledger_postings"
    __table_args__ = (
        Index("ix_ledger_postings_entry", "entry_id"),
        Index("ix_ledger_postings_debit", "debit", "debit_party"),
        Index("ix_ledger_postings_credit", "credit", "credit_party"),
        CheckConstraint("fen > 0", name="amount"),
        CheckConstraint("debit <> credit OR debit_party <> credit_party", name="two_sides"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("ledger_entries.id"))
    debit: Mapped[str]
    debit_party: Mapped[str] = mapped_column(default="")
    credit: Mapped[str]
    credit_party: Mapped[str] = mapped_column(default="")
    fen: Mapped[int] = mapped_column(BigInteger)


class LedgerUncounted(Table):
    """An entry that is not in the sums yet: written with the entry, taken away by the counting, each in one transaction."""

    __tablename__ = "ledger_uncounted"

    entry_id: Mapped[str] = mapped_column(ForeignKey("ledger_entries.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))


class LedgerSum(Table):
    """What one day's counted entries moved on one account of a brand: fen by debit, less where negative."""

    __tablename__ = "ledger_sums"

    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"), primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    fen: Mapped[int] = mapped_column(BigInteger)


class LedgerParty(Table):
    """What all counted entries come to on one party's part of an account, fen by debit; there is no row for nothing."""

    __tablename__ = "ledger_parties"
    __table_args__ = (Index("ix_ledger_parties_nothing", "brand_id", postgresql_where=text("fen = 0")),)

    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"), primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    party: Mapped[str] = mapped_column(primary_key=True)
    fen: Mapped[int] = mapped_column(BigInteger)
