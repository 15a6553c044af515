"""Messages to people: rows that are written with the change they tell of, and sent afterwards."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Identity, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Sealed, Table, partitioned_by


class MessageState(StrEnum):
    """``sending`` is committed before the call, so after a crash it means: nobody knows. ``unreachable`` means that the
    platform's window or quota does not allow the message; ``dead`` that it failed for good and a person should look."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNREACHABLE = "unreachable"
    DEAD = "dead"


class OutgoingMessage(Table):
    """One message to one recipient. ``seq`` is the order in which a recipient's messages go out."""

    __tablename__ = "outgoing_messages"
    __table_args__ = (
        PrimaryKeyConstraint("seq", "at"),
        Index("ix_outgoing_recipient", "account_id", "recipient", "at"),
        Index(
            "ix_outgoing_open", "account_id", "recipient", "seq",
            postgresql_where=text("state IN ('waiting', 'sending')"),
        ),
        Index("ix_outgoing_dead", "at", postgresql_where=text("state = 'dead'")),
        partitioned_by("at"),
    )  # fmt: skip

    seq: Mapped[int] = mapped_column(BigInteger, Identity())
    at: Mapped[datetime]
    account_id: Mapped[str]
    recipient: Mapped[str]
    """The openid."""
    why: Mapped[str]
    """What it tells of: ``reply``, ``agent``, or the notice's name."""
    subject_id: Mapped[str | None]
    author: Mapped[str]
    """As `Actor` writes itself: the program or the member of staff who says it."""
    text: Mapped[str] = mapped_column(Sealed("outgoing_messages.text"))
    state: Mapped[str] = mapped_column(default=MessageState.WAITING)
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sending_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    resent: Mapped[bool] = mapped_column(default=False)
    """Sent a second time because a crash left the first try unknown: the customer may have it twice."""
    error: Mapped[str | None]
    """The platform's code and what it means, no personal data."""
