"""The fee table and part prices as dated rows, quotes with their lines, and the bills made of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, Table
from domain.pricing.lifecycle import BillStatus, QuoteStatus


class FeeRow(Table):
    """One price of a brand's public price list 价目, for ``[since, until)``. Ended and begun anew, never edited.

    ``category_code`` and ``service_type`` are "" for all; of the rows of one code the most exact holds.
    """

    __tablename__ = "fee_rows"
    __table_args__ = (
        Index("ix_fee_rows_brand", "brand_id", "category_code"),
        CheckConstraint("fen >= 0 AND permille >= 0 AND permille <= 3000", name="amounts"),
        CheckConstraint("km_from >= 0", name="km"),
        CheckConstraint("until IS NULL OR since < until", name="days"),
        ExcludeConstraint(
            ("brand_id", "="), ("kind", "="), ("code", "="), ("category_code", "="), ("service_type", "="),
            ("km_from", "="), (text("daterange(since, until)"), "&&"), name="ex_fee_rows", using="gist",
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    kind: Mapped[str]
    """A key of `domain.pricing.fees.KINDS`."""
    code: Mapped[str]
    title: Mapped[str]
    category_code: Mapped[str] = mapped_column(default="")
    service_type: Mapped[str] = mapped_column(default="")
    km_from: Mapped[int] = mapped_column(default=0)
    """Of travel: the band begins here."""
    fen: Mapped[int] = mapped_column(BigInteger, default=0)
    """For one ``unit``; of travel per 公里 for each begun kilometre beyond ``km_from``."""
    permille: Mapped[int] = mapped_column(default=0)
    """Of night and holiday: this much of the labour that the customer pays."""
    unit: Mapped[str] = mapped_column(default="次")
    owner: Mapped[str] = mapped_column(default="brand")
    """Whose money it becomes: ``brand`` or ``provider``."""
    source: Mapped[str] = mapped_column(default="")
    since: Mapped[date]
    until: Mapped[date | None]


class PartPrice(Table):
    """What a part costs, for ``[since, until)``, and which operation putting it in is (``labour``: the code of a fee row)."""

    __tablename__ = "part_prices"
    __table_args__ = (
        CheckConstraint("fen >= 0", name="fen"),
        CheckConstraint("until IS NULL OR since < until", name="days"),
        ExcludeConstraint(
            ("part_id", "="), (text("daterange(since, until)"), "&&"), name="ex_part_prices", using="gist"
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    part_id: Mapped[str] = mapped_column(ForeignKey("parts.id"))
    fen: Mapped[int] = mapped_column(BigInteger)
    labour: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    since: Mapped[date]
    until: Mapped[date | None]


class Quote(Table):
    """One version of what an order will cost 报价. Its lines and facts are never changed and never computed again."""

    __tablename__ = "quotes"
    __table_args__ = (
        UniqueConstraint("work_order_id", "version"),
        UniqueConstraint("id", "customer_fen", "declined_fen"),
        Index(
            "uq_quotes_phone", "work_order_id", "phone_key", unique=True, postgresql_where=text("phone_key <> ''")
        ),
        Index("uq_quotes_asked", "work_order_id", unique=True, postgresql_where=text("status = 'asked'")),
        Index("uq_quotes_confirmed", "work_order_id", unique=True, postgresql_where=text("status = 'confirmed'")),
        Index("ix_quotes_waiting", "expires_at", postgresql_where=text("status = 'asked'")),
        Index("ix_quotes_visit", "visit_id"),
        Index("ix_quotes_page", "asked_at", "id"),
        Index("ix_quotes_status", "status", "asked_at", "id"),
        CheckConstraint("customer_fen >= 0 AND declined_fen >= 0", name="amounts"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visits.id"))
    """The visit on whose sheet it was made; None for one that staff made."""
    version: Mapped[int]
    phone_key: Mapped[str] = mapped_column(default="")
    """The name the engineer's phone gave it."""
    status: Mapped[QuoteStatus]
    lines: Mapped[list[Any]]
    """`domain.pricing.fees.Line.to_json`, in order."""
    facts: Mapped[dict[str, Any]]
    """`domain.pricing.fees.Facts.to_json`: what the lines were made of."""
    customer_fen: Mapped[int] = mapped_column(BigInteger)
    """What the customer pays: the sum of the lines whose payer is the customer."""
    declined_fen: Mapped[int] = mapped_column(BigInteger)
    """What is owed for coming and looking if the customer says no; told in the quote."""
    hash: Mapped[str]
    """`domain.pricing.fees.hash_of_lines`: what an answer must name."""
    note: Mapped[str] = mapped_column(Sealed("quotes.note"), default="")
    """What the engineer or staff wrote to the customer."""
    by: Mapped[str]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]
    """When the customer is reminded next; None when no more."""
    seen_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_via: Mapped[str] = mapped_column(default="")
    """``chat``, ``page``, ``engineer`` (on the engineer's phone), ``console``, ``itself`` (nothing to pay)."""
    answered_by: Mapped[str] = mapped_column(default="")
    signature_id: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(Sealed("quotes.why"), default="")
    """Why not, or why it was withdrawn."""


class Bill(Table):
    """What is owed for a visit 账单: the lines of the confirmed quote that the signed sheet still has.

    It can't exceed the quote: the database compares with a copy of the quote's sums that its foreign key keeps true.
    """

    __tablename__ = "bills"
    __table_args__ = (
        UniqueConstraint("work_order_id", "version"),
        ForeignKeyConstraint(
            ["quote_id", "confirmed_fen", "declined_fen"], ["quotes.id", "quotes.customer_fen", "quotes.declined_fen"],
            name="fk_bills_quote",
        ),
        CheckConstraint("due_fen >= 0 AND before_fen >= 0", name="amounts"),
        CheckConstraint(
            "total_fen <= CASE kind WHEN 'work' THEN confirmed_fen ELSE declined_fen END", name="not_above_the_quote"
        ),
        CheckConstraint("due_fen = greatest(total_fen - before_fen, 0)", name="due"),
        Index(
            "uq_bills_live", "work_order_id", unique=True,
            postgresql_where=text("status IN ('issued', 'nothing')"),
        ),
        Index("ix_bills_visit", "visit_id"),
        Index("ix_bills_quote", "quote_id"),
        Index("ix_bills_unpaid", "remind_at", postgresql_where=text("status = 'issued'")),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    version: Mapped[int]
    kind: Mapped[str]
    """``work``: of a confirmed quote; ``declined``: the customer said no, only coming and looking is owed."""
    quote_id: Mapped[str]
    confirmed_fen: Mapped[int] = mapped_column(BigInteger)
    declined_fen: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[BillStatus]
    lines: Mapped[list[Any]]
    total_fen: Mapped[int] = mapped_column(BigInteger)
    before_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    """Paid on an earlier bill of the order."""
    due_fen: Mapped[int] = mapped_column(BigInteger)
    payable_id: Mapped[str] = mapped_column(default="")
    """`domain.payments.model.Payable`; "" where nothing is due."""
    issued_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]
    reminded: Mapped[int] = mapped_column(default=0)
