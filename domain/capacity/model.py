"""When engineers work, when they do not, and what their days are filled with."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, Table


class Shift(Table):
    """Hours of a weekday 班次, every week ``[since, until)``. Two shifts of one day leave a break between them."""

    __tablename__ = "shifts"
    __table_args__ = (
        Index("ix_shifts_engineer", "engineer_id"),
        CheckConstraint("starts >= 0 AND starts < ends AND ends <= 1440", name="hours"),
        ExcludeConstraint(
            ("engineer_id", "="), ("weekday", "="), (text("int4range(starts, ends)"), "&&"),
            (text("daterange(since, until)"), "&&"), name="ex_shifts_hours", using="gist",
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    weekday: Mapped[int]
    """1 Monday … 7 Sunday."""
    starts: Mapped[int]
    ends: Mapped[int]
    """Minutes after Shanghai midnight."""
    since: Mapped[date]
    until: Mapped[date | None]


class Leave(Table):
    """Time an engineer does not work 请假 ``[since, until)``, whatever the shifts say."""

    __tablename__ = "leaves"
    __table_args__ = (
        Index("ix_leaves_engineer", "engineer_id", "until"),
        CheckConstraint("since < until", name="order"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    kind: Mapped[str]
    """A key of `domain.capacity.leaves.KINDS`: leave, sick, training …"""
    why: Mapped[str] = mapped_column(Sealed("leaves.why"), default="")
    by: Mapped[str]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """Taken back; the row stays for the record and counts no more."""


class EngineerDay(Table):
    """How full a day is, counted by the database. The row is locked by whoever fills or empties the day."""

    __tablename__ = "engineer_days"
    __table_args__ = (
        PrimaryKeyConstraint("engineer_id", "day"),
        CheckConstraint("taken >= 0 AND taken <= most", name="not_overfull"),
    )

    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    day: Mapped[date]
    taken: Mapped[int] = mapped_column(default=0)
    most: Mapped[int]
    """The engineer's daily maximum when the day was first filled, or more by a dispatcher's override."""


class ReservationState(StrEnum):
    """``held`` for a customer who is choosing, until ``expires_at``; ``booked``; ``released``."""

    HELD = "held"
    BOOKED = "booked"
    RELEASED = "released"


class Reservation(Table):
    """An engineer's time taken for a visit: ``[leaves_at, ends_at)`` with the way there. The database refuses two at once.

    The engineer arrives within ``[window_since, window_until)``, the promise to the customer; the plan may shift the times
    inside it, never the window. The exclusion is deferrable, so that a day can be put into another order in one go.
    """

    __tablename__ = "reservations"
    __table_args__ = (
        Index("ix_reservations_day", "engineer_id", "day", postgresql_where=text("state <> 'released'")),
        Index("ix_reservations_order", "work_order_id"),
        Index("ix_reservations_visit", "visit_id"),
        Index("ix_reservations_held", "expires_at", postgresql_where=text("state = 'held'")),
        CheckConstraint("leaves_at <= starts_at AND starts_at < ends_at", name="times"),
        CheckConstraint("window_since <= starts_at AND starts_at <= window_until", name="promise"),
        ExcludeConstraint(
            ("engineer_id", "="), (text("tstzrange(leaves_at, ends_at)"), "&&"), name="ex_reservations_two_places",
            using="gist", where=text("state <> 'released'"), deferrable=True, initially="IMMEDIATE",
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    engineer_id: Mapped[str] = mapped_column(ForeignKey("engineers.id"))
    day: Mapped[date]
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    visit_id: Mapped[str | None] = mapped_column(ForeignKey("visits.id"))
    state: Mapped[ReservationState]
    expires_at: Mapped[datetime | None]
    """Of a held one; it is void from then on, whether or not somebody has swept it away."""
    window_since: Mapped[datetime]
    window_until: Mapped[datetime]
    minutes: Mapped[int]
    """Work at the customer's."""
    leaves_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    promised: Mapped[bool] = mapped_column(default=False)
    """The customer was told the window. Else it is only dispatch's own, and may be moved to another day."""
    at: Mapped[datetime]
    by: Mapped[str]
