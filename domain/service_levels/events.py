"""What other subjects may learn about service levels."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class ClockWarned(Event):
    """The promise is about to be broken."""

    clock_id: str
    work_order_id: str
    clock: str


@dataclass(frozen=True)
class ClockBreached(Event):
    """跳闸: the promise was broken."""

    clock_id: str
    work_order_id: str
    clock: str


@dataclass(frozen=True)
class ClockEscalated(Event):
    """A broken promise is told to the next role."""

    clock_id: str
    work_order_id: str
    clock: str
    role: str
