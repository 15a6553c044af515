"""What other subjects may learn about guided cases."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class GuideSolved(Event):
    """The steps helped: closed as guided (电话/在线指导)."""

    case_id: str


@dataclass(frozen=True)
class GuideWatching(Event):
    """The customer waits and sees; to be asked again at the case's ``callback_at``."""

    case_id: str


@dataclass(frozen=True)
class GuideUnsolved(Event):
    """The steps did not help: a repair request follows, with the answers given so far."""

    case_id: str
