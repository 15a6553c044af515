"""What other subjects may learn about engineers."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class EngineerChanged(Event):
    """Skills, authorizations, certificates, maximum or base were changed: who found nobody may find this one now."""

    engineer_id: str


@dataclass(frozen=True)
class EngineerUnfit(Event):
    """From ``since`` (a day, ISO) on the engineer cannot do some or all of what is planned: dismissed, or a certificate or
    authorization ended. What is planned for them from then on is looked at again."""

    engineer_id: str
    since: str
    why: str


@dataclass(frozen=True)
class CodeAsked(Event):
    """A one-time code waits to be sent to its phone."""

    code_id: str
