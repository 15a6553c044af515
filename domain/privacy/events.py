"""What happens when a person's data is erased: ids only."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class ChatForgotten(Event):
    """A chat is nobody's any more: what the bot remembers of it goes too."""

    account_id: str
    openid: str


@dataclass(frozen=True)
class PicturesForgotten(Event):
    """Keys were thrown away: nobody can open what lies at these places of the file store, which are emptied now."""

    places: list[str]
