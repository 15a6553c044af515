"""What happens to customers and the chat identities they speak through."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class ContactMet(Event):
    """Somebody was heard on an account for the first time."""

    account_id: str
    openid: str


@dataclass(frozen=True)
class PhoneCodeAsked(Event):
    """A code waits to be sent to a customer's phone."""

    code_id: str
