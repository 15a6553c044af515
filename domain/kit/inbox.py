"""The record of everything received from outside, with what was answered: the table behind `webhooks.inbox`.

Also the customer's half of the chat log: the console's bubbles and the reply window are read from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.events import Event
from domain.kit.tables import Sealed, SealedJson, Table, partitioned_by


class ReceivedState(StrEnum):
    """``deferred``: written down, its turn is still to be held; ``failed``: an error ended it, an apology went out."""

    ANSWERED = "answered"
    DEFERRED = "deferred"
    FAILED = "failed"


class Received(Table):
    """One thing received. ``sent_on`` is the platform's date of sending: the same in every repeat, so repeats meet."""

    __tablename__ = "received"
    __table_args__ = (
        PrimaryKeyConstraint("account_id", "key", "sent_on"),
        Index("ix_received_sender", "account_id", "sender", "received_at"),
        Index("ix_received_deferred", "account_id", "sender", postgresql_where=text("state = 'deferred'")),
        partitioned_by("sent_on", aged_by="received_at"),
    )

    account_id: Mapped[str]
    key: Mapped[str]
    sent_on: Mapped[date]
    sender: Mapped[str]
    received_at: Mapped[datetime]
    trigger: Mapped[str]
    """What it opens for customer-service messages: ``message``, ``tap`` (menu, scan, follow), ``enter`` (a
    mini-program's chat was opened) or ``nothing``."""
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson("received.content"))
    """``{"raw": the body as received, "said": what the door read from it}``."""
    answer: Mapped[str | None] = mapped_column(Sealed("received.answer"))
    """The words answered, not their wire form; None while deferred, "" when nothing was to be said."""
    state: Mapped[str]


@dataclass(frozen=True)
class MessageDeferred(Event):
    """A message was written down, but its turn must be held later."""

    account_id: str
    key: str
    sent_on: str


@dataclass(frozen=True)
class TurnFailed(Event):
    """An error ended the turn: an apology went out, and somebody must look."""

    account_id: str
    key: str
    sent_on: str
