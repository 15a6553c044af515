"""What other subjects may learn about engineers' time."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class RoomMade(Event):
    """Time came free on a day (ISO): shift added, leave taken back, reservation released. Waiting orders may fit now."""

    engineer_id: str
    day: str


@dataclass(frozen=True)
class LeaveTaken(Event):
    """What is planned in that time needs somebody else."""

    leave_id: str
    engineer_id: str
