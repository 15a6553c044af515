"""Plans that are sold, contracts (extended warranties and cards), uses of cards, gifts, and what sellers are owed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.cover.lifecycle import CoverStatus, GiftStatus, RedemptionStatus
from domain.kit.money import Money
from domain.kit.tables import Table


class PlanKind(StrEnum):
    """``warranty``: an extended warranty 延保 of one product. ``card``: a service card 服务卡 of a customer, with uses."""

    WARRANTY = "warranty"
    CARD = "card"


class Starts(StrEnum):
    """``after_present``: the day after the present warranty of its first component ends; ``now``: the day after it was paid."""

    AFTER_PRESENT = "after_present"
    NOW = "now"


class CoverPlan(Table):
    """What is sold from ``since`` to before ``until``, at this price and under these terms. Ended and begun anew, never edited:
    a contract keeps the row it was sold by. Of one code there is one on any day."""

    __tablename__ = "cover_plans"
    __table_args__ = (
        UniqueConstraint("brand_id", "code", "version"),
        ExcludeConstraint(
            ("brand_id", "="), ("code", "="), (text("daterange(since, until)"), "&&"), name="ex_cover_plans_code",
            using="gist",
        ),
        CheckConstraint("months > 0", name="months"),
        CheckConstraint("price_fen >= 0", name="price"),
        CheckConstraint("(kind = 'card') = (uses > 0)", name="uses"),
        CheckConstraint("cooling_days >= 0 AND commission_permille BETWEEN 0 AND 1000", name="promises"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    code: Mapped[str]
    version: Mapped[int]
    """Of the terms: counts up with every row of the same code."""
    kind: Mapped[PlanKind]
    title: Mapped[str]
    components: Mapped[list[str]]
    """What it covers, as `domain.products.warranty_facts` names it; the first decides when it begins. A cleaning card has none."""
    service_type: Mapped[str] = mapped_column(default="")
    """A card's: the kind of order it is for, a `ServiceType`."""
    pays: Mapped[list[str]] = mapped_column(default=list)
    """A card's: kinds of fee lines it pays for: ``labour``, ``travel``, ``inspection``, ``material``."""
    months: Mapped[int]
    """How long a warranty lasts from its first day, a card from the day it was paid."""
    uses: Mapped[int] = mapped_column(default=0)
    price_fen: Mapped[Money]
    eligibility: Mapped[dict[str, Any]]
    """As `domain.cover.rules.Eligibility` says."""
    starts: Mapped[Starts]
    cooling_days: Mapped[int]
    commission_permille: Mapped[int]
    terms: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]


class Cover(Table):
    """One contract 延保合同 or card 服务卡. A warranty is of a product and goes with it; a card is of a customer and stays.

    ``since`` and ``until`` (both days covered) are promised when it is ordered and fixed when it is paid. Of one component of
    one product two never hold for the same day: the database refuses the second, also among those not yet paid.
    """

    __tablename__ = "covers"
    __table_args__ = (
        CheckConstraint("used >= 0 AND used <= uses", name="used"),
        CheckConstraint("refunded_fen >= 0 AND refunded_fen <= price_fen", name="refunded"),
        CheckConstraint("earned_fen >= 0 AND earned_fen + refunded_fen <= price_fen", name="earned"),
        CheckConstraint("(kind = 'warranty') = (product_id IS NOT NULL)", name="product"),
        CheckConstraint("until >= since", name="days"),
        ExcludeConstraint(
            ("product_id", "="), ("component", "="), (text("daterange(since, until, '[]')"), "&&"),
            name="ex_covers_component", using="gist",
            where=text("kind = 'warranty' AND status IN ('ordered', 'active', 'refunding')"),
        ),
        Index("ix_covers_customer", "customer_id", "bought_at"),
        Index("ix_covers_product", "product_id"),
        Index("ix_covers_payable", "payable_id"),
        Index("ix_covers_brand", "brand_id", "ordered_at"),
        Index("ix_covers_page", "ordered_at", "id"),
        Index("ix_covers_status", "status", "ordered_at", "id"),
        Index("ix_covers_seller", "sold_by", "ordered_at", postgresql_where=text("sold_by <> ''")),
        Index("ix_covers_plan", "plan_id", postgresql_where=text("bought_at IS NOT NULL")),
        Index("ix_covers_waiting", "lapses_at", postgresql_where=text("status = 'ordered'")),
        Index("ix_covers_ending", "until", postgresql_where=text("status = 'active'")),
        Index("ix_covers_untold", "until", postgresql_where=text("status = 'active' AND reminded_at IS NULL")),
        Index("ix_covers_earning", text("coalesce(earned_on + 1, since)"), postgresql_where=text("status = 'active'")),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    """证书号, as `domain.cover.numbers` writes it."""
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    plan_id: Mapped[str] = mapped_column(ForeignKey("cover_plans.id"))
    kind: Mapped[PlanKind]
    component: Mapped[str]
    """The first of the plan's, "" for a card that covers none."""
    product_id: Mapped[str | None] = mapped_column(ForeignKey("products.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    """Whose it is now: the product's owner, or the card's."""
    bought_by: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    """Who bought it or was given it: money goes back to nobody else."""
    order_id: Mapped[str | None] = mapped_column(ForeignKey("work_orders.id"))
    """The order at whose visit it was sold."""
    price_fen: Mapped[Money]
    """Frozen when it was ordered; 0 for a gift."""
    status: Mapped[CoverStatus]
    since: Mapped[date]
    until: Mapped[date]
    uses: Mapped[int] = mapped_column(default=0)
    used: Mapped[int] = mapped_column(default=0)
    """Uses held or redeemed."""
    via: Mapped[str]
    """``chat``, ``page``, ``engineer``, ``console``, ``gift``."""
    sold_by: Mapped[str] = mapped_column(default="")
    """Engineer or member of staff, as an `Actor` is written; "" where nobody sold it."""
    payable_id: Mapped[str | None]
    ordered_at: Mapped[datetime]
    lapses_at: Mapped[datetime]
    """Not paid by then, it is void."""
    bought_at: Mapped[datetime | None]
    cooling_until: Mapped[date | None]
    """The last day on which the whole price comes back."""
    earned_fen: Mapped[Money]
    """Of the price, what the brand has earned by now: no longer deferred."""
    earned_on: Mapped[date | None]
    """The end of the last month that was posted."""
    refunded_fen: Mapped[Money]
    """What was asked back: reserved while it is under way."""
    refund_id: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    entries: Mapped[int] = mapped_column(default=0)
    """Counts the ledger's entries of its income, so that each has a key of its own."""


class Redemption(Table):
    """One use of a card for one order: held when it is booked, redeemed when the work is done, given back where it is not.

    A use that is held or redeemed has its number alone, and its order has no other: two phones cannot take the same one.
    """

    __tablename__ = "redemptions"
    __table_args__ = (
        Index("uq_redemptions_n", "cover_id", "n", unique=True, postgresql_where=text("status <> 'returned'")),
        Index("uq_redemptions_order", "work_order_id", unique=True, postgresql_where=text("status <> 'returned'")),
        Index("ix_redemptions_cover", "cover_id", "held_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    cover_id: Mapped[str] = mapped_column(ForeignKey("covers.id"))
    n: Mapped[int]
    """Which of the card's uses, from 1."""
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    status: Mapped[RedemptionStatus]
    held_at: Mapped[datetime]
    held_by: Mapped[str]
    ended_at: Mapped[datetime | None]


class GiftBatch(Table):
    """Codes 赠品码 made together by staff. The codes themselves are shown once and kept nowhere."""

    __tablename__ = "gift_batches"
    __table_args__ = (CheckConstraint("count > 0", name="count"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    plan_id: Mapped[str] = mapped_column(ForeignKey("cover_plans.id"))
    title: Mapped[str]
    count: Mapped[int]
    valid_until: Mapped[date]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class Gift(Table):
    """One code of a batch, known by its keyed print only; redeemed once, into ``cover_id``."""

    __tablename__ = "gifts"
    __table_args__ = (Index("ix_gifts_batch", "batch_id", "status"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("gift_batches.id"))
    code_print: Mapped[str] = mapped_column(unique=True)
    status: Mapped[GiftStatus]
    cover_id: Mapped[str | None] = mapped_column(ForeignKey("covers.id"), unique=True)
    redeemed_at: Mapped[datetime | None]


class GiftGuesses(Table):
    """How many wrong codes a customer has given in the hour that began at ``since``: guessing is stopped."""

    __tablename__ = "gift_guesses"

    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    since: Mapped[datetime]
    wrong: Mapped[int]


class CoverCommission(Table):
    """What whoever sold a contract is owed for it: made when it was paid, taken back by the part that is refunded."""

    __tablename__ = "cover_commissions"
    __table_args__ = (
        CheckConstraint("fen > 0 AND reversed_fen >= 0 AND reversed_fen <= fen", name="fen"),
        Index("ix_cover_commissions_seller", "sold_by", "due_at"),
    )

    cover_id: Mapped[str] = mapped_column(ForeignKey("covers.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    sold_by: Mapped[str]
    fen: Mapped[Money]
    reversed_fen: Mapped[Money]
    due_at: Mapped[datetime]
