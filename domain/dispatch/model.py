"""What dispatch decided and why, whom it asked, and what waits for a dispatcher."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.dispatch.lifecycle import OfferStatus
from domain.kit.tables import Sealed, Table


class Decision(Table):
    """One decision 派工决定: who was considered, which rule ruled each out, how the others compared (C8). Never changed."""

    __tablename__ = "dispatch_decisions"
    __table_args__ = (Index("ix_dispatch_decisions_order", "work_order_id", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visits.id"))
    at: Mapped[datetime]
    by: Mapped[str]
    """As `Actor` writes itself: ``system:dispatch``, or the dispatcher who assigned by hand."""
    why: Mapped[str]
    """What made it be taken: ``opened``, ``refused``, ``expired``, ``again``, ``manual``, ``reassigned:<code>`` …"""
    outcome: Mapped[str]
    """``offered``, ``assigned`` (by hand), or the code of why nobody fits."""
    engineer_id: Mapped[str | None] = mapped_column(ForeignKey("engineers.id"))
    override: Mapped[str] = mapped_column(Sealed("dispatch_decisions.override"), default="")
    """The dispatcher's reason for going against a rule."""
    considered: Mapped[list[Any]]
    """A line a candidate, best first: engineer_id, score, ``objections`` [{code, words}], ``points`` [{code, points, words}]."""


class Offer(Table):
    """An engineer is asked to take a visit until ``answer_by``; at most one offer of a visit is open at a time."""

    __tablename__ = "offers"
    __table_args__ = (
        Index("ix_offers_open_visit", "visit_id", unique=True, postgresql_where=text("status = 'open'")),
        Index("ix_offers_visit", "visit_id"),
        Index("ix_offers_order", "work_order_id"),
        Index("ix_offers_engineer", "engineer_id", "offered_at"),
        Index("ix_offers_due", "answer_by", postgresql_where=text("status = 'open'")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    decision_id: Mapped[str] = mapped_column(ForeignKey("dispatch_decisions.id"))
    status: Mapped[OfferStatus]
    window_since: Mapped[datetime]
    window_until: Mapped[datetime]
    """The arrival that was asked for."""
    offered_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(default="")
    reason_code: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(Sealed("offers.why"), default="")
    taken_back: Mapped[str] = mapped_column(default="")
    """Of an accepted one that went to somebody else after all: a key of `domain.dispatch.reasons.REASSIGN`."""


class WaitingOrder(Table):
    """An order that found nobody 待人工派工: in the dispatcher's queue with the reason, tried again by itself meanwhile."""

    __tablename__ = "waiting_orders"
    __table_args__ = (
        PrimaryKeyConstraint("work_order_id"),
        Index("ix_waiting_orders_again", "again_at"),
        Index("ix_waiting_orders_page", "brand_id", "since"),
    )

    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    provider_id: Mapped[str | None] = mapped_column(ForeignKey("providers.id"))
    """Whose dispatchers see it: the first provider of the grid; None when nobody covers the place."""
    reason: Mapped[str]
    """The code; the words are `domain.dispatch.reasons.WAITING`."""
    words: Mapped[str]
    since: Mapped[datetime]
    tried_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=1)
    again_at: Mapped[datetime]


class Plan(Table):
    """A proposal for a day 排程方案: made by the optimizer, accepted whole, by engineer, or not at all."""

    __tablename__ = "plans"
    __table_args__ = (Index("ix_plans_day", "day", "provider_id", "made_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"))
    station_id: Mapped[str | None] = mapped_column(ForeignKey("stations.id"))
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    seconds: Mapped[float]
    """How long it took."""
    metres_before: Mapped[int]
    metres_after: Mapped[int]
    unserved: Mapped[list[Any]] = mapped_column(default=list)
    """Visits nobody can do that day: visit_id, words."""
    accepted_at: Mapped[datetime | None]
    """When the last engineer's part was accepted."""


class PlanRoute(Table):
    """One engineer's day in a plan."""

    __tablename__ = "plan_routes"
    __table_args__ = (UniqueConstraint("plan_id", "engineer_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"))
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    stops: Mapped[list[Any]]
    """In order: kind (visit, restock, break), visit_id, leaves_at, starts_at, ends_at (ISO), metres."""
    day_version: Mapped[str]
    """What the day was like when planned; a day that has changed since must be planned anew before accepting."""
    metres: Mapped[int]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str] = mapped_column(default="")
