"""What happens when a person's data is erased: ids only."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class ChatForgotten(Event):
    """A chat is nobody's any more: what the bot remembers of it goes too."""

    account_id: str
    openid: str
