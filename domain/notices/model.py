"""Messages to people: rows that are written with the change they tell of, and sent afterwards."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, PrimaryKeyConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, SealedJson, Table, partitioned_by
from domain.notices.channels import Channel


class MessageState(StrEnum):
    """``sending`` is committed before the call, so after a crash it means: nobody knows. ``unreachable`` means that the
    platform's window or quota does not allow the message; ``dead`` that it failed for good and a person should look;
    ``stale`` that it was not sent because its time was over, or because newer words took its place."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNREACHABLE = "unreachable"
    DEAD = "dead"
    STALE = "stale"


class OutgoingMessage(Table):
    """One message to one recipient. ``seq`` is the order in which a recipient's messages go out, on each channel.

    A notice may have several channels. It stays one row, on one channel at a time: ``channel`` is the present one, ``chain``
    what is left, ``tried`` what became of those before. So no crash can leave it on two.
    """

    __tablename__ = "outgoing_messages"
    __table_args__ = (
        PrimaryKeyConstraint("seq", "at"),
        Index("ix_outgoing_recipient", "account_id", "recipient", "at"),
        Index(
            "ix_outgoing_open", "account_id", "recipient", "seq",
            postgresql_where=sql("state IN ('waiting', 'sending')"),
        ),
        Index("ix_outgoing_dead", "at", postgresql_where=sql("state = 'dead'")),
        Index("ix_outgoing_subject", "subject_id", "at", postgresql_where=sql("subject_id IS NOT NULL")),
        Index(
            "ix_outgoing_went_to", "to_account_id", "to_openid", "at", postgresql_where=sql("to_openid IS NOT NULL")
        ),
        Index("ix_outgoing_platform_id", "platform_id", postgresql_where=sql("platform_id IS NOT NULL")),
        partitioned_by("at"),
    )  # fmt: skip

    seq: Mapped[int] = mapped_column(BigInteger, Identity())
    at: Mapped[datetime]
    account_id: Mapped[str]
    recipient: Mapped[str]
    """The openid; of whoever is not written to in a chat an id of ours, of the staff a role."""
    why: Mapped[str]
    """What it tells of: ``reply``, ``agent``, or the notice's name."""
    subject_id: Mapped[str | None]
    """The work order, or the desk task an agent answers."""
    answers_id: Mapped[str | None]
    """What an answer to it would answer: a change request, an offer."""
    author: Mapped[str]
    """As `Actor` writes itself: the program or the member of staff who says it."""
    text: Mapped[str] = mapped_column(Sealed("outgoing_messages.text"))
    channel: Mapped[str] = mapped_column(default=Channel.CHAT, server_default=Channel.CHAT)
    chain: Mapped[list[str]] = mapped_column(default=list, server_default=sql("'[]'"))
    tried: Mapped[list[Any]] = mapped_column(default=list, server_default=sql("'[]'"))
    """A line a channel that could not: channel, at (ISO), error, resent."""
    forms: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("outgoing_messages.forms"))
    """What the other channels need: ``phone`` and ``sms``; ``purpose`` and ``values`` of templates; ``account_id`` and
    ``openid`` of the follower; ``subscribers`` and ``program``, the chats for those; ``path`` of the page it leads to."""
    state: Mapped[str] = mapped_column(default=MessageState.WAITING)
    not_before: Mapped[datetime]
    held_until: Mapped[datetime | None]
    """Quiet hours, or something that is told first: until then it holds up nothing that is behind it."""
    stale_at: Mapped[datetime | None]
    """From then on it is not worth sending."""
    attempts: Mapped[int] = mapped_column(default=0)
    sending_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    resent: Mapped[bool] = mapped_column(default=False)
    """Sent a second time because a crash left the first try unknown: the customer may have it twice."""
    to_account_id: Mapped[str | None]
    """Where it went last, if that is another chat of the person's than the row's own (subscription, mini-program)."""
    to_openid: Mapped[str | None]
    platform_id: Mapped[str | None]
    """What the platform calls the template message it took last: by this it says later what became of it."""
    error: Mapped[str | None]
    """The platform's code and what it means, no personal data."""


class NoticeKey(Table):
    """What was said already: a notice whose key is here is not written again. Forgotten after `KEYS_KEPT`."""

    __tablename__ = "notice_keys"
    __table_args__ = (Index("ix_notice_keys_at", "at"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class MessageTemplate(Table):
    """Which template of an account's own library says what: set by staff, who chose it on the platform."""

    __tablename__ = "message_templates"
    __table_args__ = (PrimaryKeyConstraint("account_id", "purpose"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    purpose: Mapped[str]
    """A `domain.notices.channels.Purpose`."""
    template_id: Mapped[str]
    fields: Mapped[dict[str, Any]]
    """Field of the template → which value goes there, a key of `domain.notices.values.VALUES`."""
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
