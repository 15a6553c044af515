"""What customers said of the work, and what became of it: ratings, callbacks, complaints, surveys.

docs/decisions/0074-feedback.md says how they go together.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.feedback.lifecycle import CallbackStatus, ComplaintStatus
from domain.kit.tables import Sealed, Table
from domain.work_orders.numbers import number_from


class Rating(Table):
    """What a customer said of one order 评价. Stars never change; words, tags and aspects may be added for a day."""

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        Index("ix_ratings_page", "at", "id"),
        Index("ix_ratings_provider", "provider_id", "at"),
        Index("ix_ratings_customer", "customer_id"),
        Index("ix_ratings_stars", "stars", "at", "id"),
        Index("ix_ratings_low", "at", "id", postgresql_where=text("stars <= 2 OR solved IS false")),
        Index("ix_ratings_undecided", "decide_at", postgresql_where=text("decided = ''")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"), unique=True)
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visits.id"))
    """The last finished visit; None where nobody came."""
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    provider_id: Mapped[str | None] = mapped_column(ForeignKey("providers.id"))
    """Who did the work, also when another answers for the order later."""
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    stars: Mapped[int]
    solved: Mapped[bool | None]
    """False: 没修好. None where nobody said."""
    aspects: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Code of `domain.feedback.tags.ASPECTS` → stars."""
    tags: Mapped[list[str]] = mapped_column(default=list)
    """Codes of `domain.feedback.tags.TAGS`."""
    words: Mapped[str] = mapped_column(Sealed("ratings.words"), default="")
    via: Mapped[str]
    """``chat``, ``page``, ``callback``."""
    by: Mapped[str]
    at: Mapped[datetime]
    amended_at: Mapped[datetime | None]
    decide_at: Mapped[datetime | None]
    """When it is decided at the latest what follows from a low one."""
    decided: Mapped[str] = mapped_column(default="")
    """A key of `domain.feedback.rules.CONSEQUENCES`; "" while a low one waits for its reason."""


class RatingEngineer(Table):
    """One engineer of the visit that was rated, with the share of the work: what figures and commission count."""

    __tablename__ = "rating_engineers"
    __table_args__ = (
        PrimaryKeyConstraint("rating_id", "engineer_id"),
        Index("ix_rating_engineers_engineer", "engineer_id", "at"),
    )

    rating_id: Mapped[str] = mapped_column(ForeignKey("ratings.id"))
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    share: Mapped[int]
    """Percent."""
    stars: Mapped[int]
    at: Mapped[datetime]


class Callback(Table):
    """One order about which the customer is called 回访. ``next_at`` is when somebody should call."""

    __tablename__ = "callbacks"
    __table_args__ = (
        Index("ix_callbacks_waiting", "next_at", postgresql_where=text("status = 'waiting'")),
        Index("ix_callbacks_open", "due_at", "id", postgresql_where=text("status IN ('waiting', 'claimed')")),
        Index("ix_callbacks_claimed", "claimed_by", postgresql_where=text("status = 'claimed'")),
        Index("ix_callbacks_ended", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
        Index("ix_callbacks_customer", "customer_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"), unique=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    status: Mapped[CallbackStatus]
    reason: Mapped[str]
    """A key of `domain.feedback.policies.CALLS`."""
    planned_at: Mapped[datetime]
    due_at: Mapped[datetime]
    next_at: Mapped[datetime]
    rounds: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None]
    claimed_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")
    """A key of `domain.feedback.policies.OUTCOMES`."""
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Code of `domain.feedback.policies.QUESTIONS` → code of the answer."""
    ended_at: Mapped[datetime | None]


class CallbackRound(Table):
    """One call that was made, or tried."""

    __tablename__ = "callback_rounds"
    __table_args__ = (UniqueConstraint("callback_id", "seq"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    callback_id: Mapped[str] = mapped_column(ForeignKey("callbacks.id"))
    seq: Mapped[int]
    result: Mapped[str]
    """A key of `domain.feedback.policies.RESULTS`."""
    words: Mapped[str] = mapped_column(Sealed("callback_rounds.words"), default="")
    by: Mapped[str]
    at: Mapped[datetime]
    next_at: Mapped[datetime | None]


class Complaint(Table):
    """One complaint 投诉 as a case: somebody owns it, it is answered by a time, and its end is told."""

    __tablename__ = "complaints"
    __table_args__ = (
        Index("ix_complaints_open", "brand_id", "due_at", postgresql_where=text("status <> 'closed'")),
        Index("ix_complaints_watched", "next_at", postgresql_where=text("next_at IS NOT NULL")),
        Index("ix_complaints_order", "work_order_id", postgresql_where=text("work_order_id IS NOT NULL")),
        Index("ix_complaints_customer", "customer_id", "opened_at"),
        Index("ix_complaints_page", "opened_at", "id"),
        Index("ix_complaints_closed", "closed_at", postgresql_where=text("closed_at IS NOT NULL")),
        Index("ix_complaints_owner", "owner_id", "closed_at", postgresql_where=text("owner_id IS NOT NULL")),
        Index("ix_complaints_chat", "account_id", "openid", postgresql_where=text("openid IS NOT NULL")),
        CheckConstraint("status <> 'closed' OR outcome <> ''", name="outcome"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    """Counts complaints: people see `number`."""
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    work_order_id: Mapped[str | None] = mapped_column(ForeignKey("work_orders.id"))
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    openid: Mapped[str | None]
    """The chat it came by, and where its answer goes."""
    phone: Mapped[str | None] = mapped_column(Sealed("complaints.phone"))
    kind: Mapped[str]
    """A key of `domain.feedback.policies.KINDS`."""
    words: Mapped[str] = mapped_column(Sealed("complaints.words"))
    source: Mapped[str]
    """``chat``, ``page``, ``console``, ``rating``, ``callback``."""
    status: Mapped[ComplaintStatus]
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """By when the customer was promised an answer."""
    level: Mapped[int] = mapped_column(default=0)
    """How far up it has gone since the deadline: a place of `domain.feedback.policies.ESCALATE_TO`."""
    next_at: Mapped[datetime | None]
    """When it goes up next; None while nobody waits."""
    answer: Mapped[str] = mapped_column(Sealed("complaints.answer"), default="")
    """What the customer was told last."""
    answered_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")
    """A key of `domain.feedback.policies.ENDS`; "" while it is open."""
    closed_at: Mapped[datetime | None]
    reopened: Mapped[int] = mapped_column(default=0)

    @property
    def number(self) -> str:
        """As people say it, with a letter so that nobody takes it for an order's: T100000019."""
        return "T" + number_from(self.n)


class ComplaintStep(Table):
    """One line of a complaint's history."""

    __tablename__ = "complaint_steps"
    __table_args__ = (Index("ix_complaint_steps_complaint", "complaint_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaints.id"))
    move: Mapped[str]
    """A move of the lifecycle, or ``open``, ``note``, ``more``, ``escalate``."""
    frm: Mapped[str]
    to: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Sealed("complaint_steps.words"), default="")


class Survey(Table):
    """One customer asked once how likely they are to recommend the brand: 0 to 10."""

    __tablename__ = "surveys"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 10", name="score"),
        Index("ix_surveys_customer", "customer_id", "asked_at"),
        Index("ix_surveys_asked", "asked_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"), unique=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    provider_id: Mapped[str | None] = mapped_column(ForeignKey("providers.id"))
    asked_at: Mapped[datetime]
    score: Mapped[int | None]
    words: Mapped[str] = mapped_column(Sealed("surveys.words"), default="")
    answered_at: Mapped[datetime | None]
    via: Mapped[str] = mapped_column(default="")
