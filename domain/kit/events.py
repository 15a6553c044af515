"""Facts that have happened, written in the same transaction as the change they report.

To add one, subclass `Event` in the subject's ``events.py``; what follows from it is listed in ``jobs/reactions.py``.
"""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar


@dataclasses.dataclass(frozen=True)
class Event:
    """Base of every event. Fields are ids and plain values, never model objects, never personal data."""

    kinds: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls) -> None:
        Event.kinds[cls.__name__] = cls

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @staticmethod
    def from_json(kind: str, body: dict[str, Any]) -> Event:
        """:raises KeyError: no such event; :raises TypeError: the body was written by another version"""
        return Event.kinds[kind](**body)
