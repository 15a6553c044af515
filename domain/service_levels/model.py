"""Service levels: dated policies, a clock per order and promise, and what came of each."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, Table
from domain.service_levels.lifecycle import ClockStatus


class Policy(Table):
    """How long something may take 时效标准, dated. Of those that fit the one that says most is taken: see `queries.policy_for`.

    "" in a selector means any.
    """

    __tablename__ = "service_level_policies"
    __table_args__ = (Index("ix_service_level_policies_clock", "clock", "since"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    clock: Mapped[str]
    """A key of `domain.service_levels.policies.CLOCKS`: first_contact, respond, repair, callback …"""
    brand_id: Mapped[str] = mapped_column(default="")
    service_type: Mapped[str] = mapped_column(default="")
    customer_level: Mapped[str] = mapped_column(default="")
    division_code: Mapped[str] = mapped_column(default="")
    """The place and all below it; digits that matter only."""
    minutes: Mapped[int]
    working: Mapped[bool]
    """Counted in working time (`hours`, on working days of the State Council's calendar), else around the clock."""
    opens: Mapped[int] = mapped_column(default=480)
    closes: Mapped[int] = mapped_column(default=1200)
    """Working hours of a day, minutes after Shanghai midnight; only where ``working``."""
    warn_minutes: Mapped[int]
    """This much before the end there is a warning, in the same kind of time."""
    escalate_to: Mapped[list[str]]
    """Roles told at the breach, then one after the other every ``escalate_minutes``."""
    escalate_minutes: Mapped[int] = mapped_column(default=120)
    pauses: Mapped[list[str]] = mapped_column(default=list)
    """Reasons that may pause it: keys of `domain.service_levels.policies.PAUSES`."""
    since: Mapped[date]
    until: Mapped[date | None]


class Clock(Table):
    """One promise running on one order. ``next_at`` is when something happens to it: all the watcher looks at."""

    __tablename__ = "clocks"
    __table_args__ = (
        UniqueConstraint("work_order_id", "clock", "round"),
        Index("ix_clocks_next", "next_at", postgresql_where=text("next_at IS NOT NULL")),
        Index("ix_clocks_due", "due_at", postgresql_where=text("status IN ('running', 'warned')")),
        Index("ix_clocks_live", "work_order_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_clocks_breached", "breached_at", postgresql_where=text("breached_at IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    clock: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)
    """A clock that begins anew (a second callback) is another row."""
    policy_id: Mapped[str] = mapped_column(ForeignKey("service_level_policies.id"))
    status: Mapped[ClockStatus]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """As it stands: later after every pause."""
    warn_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    pause_reason: Mapped[str] = mapped_column(default="")
    remaining: Mapped[timedelta | None] = mapped_column(INTERVAL)
    """Of a paused one: what was left of the promise, to the microsecond."""
    breached_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    escalated: Mapped[int] = mapped_column(default=0)
    """How many roles were told."""
    task_id: Mapped[str | None] = mapped_column(ForeignKey("desk_tasks.id"))
    """What the desk was given at the breach."""
    next_at: Mapped[datetime | None]
    """Of a paused one: when it goes on by itself."""


class ClockEvent(Table):
    """One line of a clock's history, kept for commission and settlement."""

    __tablename__ = "clock_events"
    __table_args__ = (Index("ix_clock_events_clock", "clock_id", "id"), Index("ix_clock_events_at", "kind", "at"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    clock_id: Mapped[str] = mapped_column(ForeignKey("clocks.id"))
    kind: Mapped[str]
    """``started``, ``paused``, ``resumed``, ``warned``, ``breached``, ``reopened``, ``escalated``, ``met``, ``ended``,
    ``voided``; ``ran_on``: something happened for which a clock is not paused."""
    at: Mapped[datetime]
    """When it was so, which may be a little before it was noticed."""
    by: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(Sealed("clock_events.why"), default="")
