"""What other subjects may learn about appointments."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class AppointmentBooked(Event):
    """A window was promised; ``supersedes_id`` is the appointment it replaces, or ""."""

    appointment_id: str
    work_order_id: str
    supersedes_id: str


@dataclass(frozen=True)
class AppointmentEnded(Event):
    """``given_up``, ``kept`` or ``missed``."""

    appointment_id: str
    work_order_id: str
    how: str


@dataclass(frozen=True)
class ChangeAsked(Event):
    """The customer has to say whether another time suits."""

    change_id: str
    work_order_id: str


@dataclass(frozen=True)
class ChangeAnswered(Event):
    """``agreed``, ``declined``, ``unconfirmed`` or ``withdrawn``."""

    change_id: str
    work_order_id: str
    how: str


@dataclass(frozen=True)
class ReminderDue(Event):
    """It is the evening before."""

    appointment_id: str
    work_order_id: str
