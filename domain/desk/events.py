"""What others may learn about the desk."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class AgentTyping(Event):
    """Somebody of the staff is writing to the customer of a chat; ``at`` is when, as an ISO time."""

    task_id: str
    at: str
