"""Dead letters as the administrators see them, and trying them again on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.access import trail
from domain.access.sessions import SignedIn
from domain.kit import dead_letters as reactions
from domain.kit.dead_letters import DeadLetter
from domain.kit.unit_of_work import UnitOfWork
from domain.notices import operations as messages
from domain.notices.model import OutgoingMessage
from domain.notices.queries import dead_letters as dead_messages


@dataclass(frozen=True)
class DeadLetters:
    reactions: Sequence[DeadLetter]
    messages: Sequence[OutgoingMessage]


def dead_letters(uow: UnitOfWork) -> DeadLetters:
    """The newest first, two hundred of each."""
    return DeadLetters(reactions.dead_letters(uow), dead_messages(uow))


def retry_reaction(uow: UnitOfWork, event_id: int, event_at: datetime, reaction: str, who: SignedIn) -> None:
    """:raises NotFound: there is no such record"""
    reactions.retry(uow, event_id, event_at, reaction)
    trail.record(uow, who.actor, "reaction.retry", "reaction", f"{event_id}/{reaction}")


def retry_message(uow: UnitOfWork, seq: int, at: datetime, who: SignedIn) -> None:
    """:raises NotFound: there is no such message"""
    messages.retry(uow, seq, at, by=who.actor)
