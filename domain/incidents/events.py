"""What others may learn about safety incidents."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class IncidentPaged(Event):
    """Somebody is to be called: ``page_id`` says whom."""

    incident_id: str
    page_id: int
