"""What customers were promised, and every change of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.appointments.lifecycle import AppointmentStatus, ChangeStatus
from domain.kit.tables import Sealed, Table


class Appointment(Table):
    """A promise 预约: somebody arrives within ``[window_since, window_until)``. A change supersedes the row by another."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index("ix_appointments_order", "work_order_id", "at"),
        Index("ix_appointments_booked", "work_order_id", unique=True, postgresql_where=text("status = 'booked'")),
        Index("ix_appointments_held", "work_order_id", unique=True, postgresql_where=text("status = 'held'")),
        Index("ix_appointments_window", "window_since", postgresql_where=text("status = 'booked'")),
        CheckConstraint("window_since < window_until", name="order"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    reservation_id: Mapped[str] = mapped_column(ForeignKey("reservations.id"))
    """The time that is kept for it; moves to another engineer's when the visit is reassigned."""
    window_since: Mapped[datetime]
    window_until: Mapped[datetime]
    status: Mapped[AppointmentStatus]
    via: Mapped[str]
    """``chat``, ``console``, ``engineer``, ``page``."""
    by: Mapped[str]
    at: Mapped[datetime]
    supersedes_id: Mapped[str | None] = mapped_column(ForeignKey("appointments.id"))
    reason_code: Mapped[str] = mapped_column(default="")
    """Why it was changed or given up: a key of `domain.appointments.reasons`."""
    why: Mapped[str] = mapped_column(Sealed("appointments.why"), default="")
    reminded_at: Mapped[datetime | None]
    """When the evening's reminder was written."""


class ChangeRequest(Table):
    """An engineer (or we) asks the customer for another time 改约申请: only the customer's yes moves the appointment."""

    __tablename__ = "change_requests"
    __table_args__ = (
        Index("ix_change_requests_open", "appointment_id", unique=True, postgresql_where=text("status = 'asked'")),
        Index("ix_change_requests_order", "work_order_id"),
        Index("ix_change_requests_due", "answer_by", postgresql_where=text("status = 'asked'")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    work_order_id: Mapped[str] = mapped_column(ForeignKey("work_orders.id"))
    appointment_id: Mapped[str] = mapped_column(ForeignKey("appointments.id"))
    window_since: Mapped[datetime]
    window_until: Mapped[datetime]
    status: Mapped[ChangeStatus]
    reason_code: Mapped[str]
    why: Mapped[str] = mapped_column(Sealed("change_requests.why"), default="")
    by: Mapped[str]
    at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_via: Mapped[str] = mapped_column(default="")
