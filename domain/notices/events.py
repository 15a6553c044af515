"""What happens to messages to people, told to whoever sends them."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class MessageQueued(Event):
    """A message to this recipient was written down; it may have to wait for its time."""

    account_id: str
    recipient: str


@dataclass(frozen=True)
class ReplyQueued(Event):
    """The same of an answer, a person's or the bot's: somebody waits for it, so it waits behind no notice."""

    account_id: str
    recipient: str


@dataclass(frozen=True)
class TemplateFailed(Event):
    """The platform took a template or subscription message, known to it as ``platform_id``, and could not deliver it.
    ``template_id`` is known of a subscription message."""

    account_id: str
    openid: str
    platform_id: str
    status: str
    at: str
    template_id: str = ""


@dataclass(frozen=True)
class NoticeUndelivered(Event):
    """A notice reached nobody by any of its channels; ``why`` is its name, ``subject_id`` the work order's."""

    seq: int
    at: str
    why: str
    subject_id: str
