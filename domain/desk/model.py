"""The desk: things that wait for a person of the staff, such as a customer who asked for one, and who is there when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.desk.lifecycle import TaskStatus
from domain.kit.tables import Sealed, Table


class DeskTask(Table):
    """One thing a member of staff must see to."""

    __tablename__ = "desk_tasks"
    __table_args__ = (
        Index("ix_desk_tasks_open", "brand_id", "asked_at", postgresql_where=text("status <> 'done'")),
        Index("ix_desk_tasks_done", "done_at", postgresql_where=text("status = 'done'")),
        Index(
            "uq_desk_tasks_chat", "account_id", "openid", unique=True,
            postgresql_where=text("kind = 'chat' AND status <> 'done'"),
        ),
        Index(
            "uq_desk_tasks_callback", "account_id", "openid", unique=True,
            postgresql_where=text("kind = 'callback' AND phone IS NOT NULL AND status <> 'done'"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    kind: Mapped[str]
    """``chat``: the customer wants a person; ``transfer``: a product is to change hands; ``complaint``; ``callback``;
    ``reschedule``, ``cover``, ``rating``, ``warranty``: what the bot understood but nothing behind it can do yet."""
    status: Mapped[TaskStatus]
    words: Mapped[str] = mapped_column(Sealed("desk_tasks.words"))
    """What it is about, with the answers given so far."""
    subject_id: Mapped[str | None]
    """The product transfer, work order … it is about."""
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    openid: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(Sealed("desk_tasks.phone"))
    """The number to call back."""
    wanted_time: Mapped[str | None] = mapped_column(Sealed("desk_tasks.wanted_time"))
    """When the customer wants the call, in the customer's words."""
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """By when the customer was promised an answer."""
    claimed_by: Mapped[str | None]
    claimed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class DeskNote(Table):
    """What the staff tell each other about a chat; the customer never sees it."""

    __tablename__ = "desk_notes"
    __table_args__ = (Index("ix_desk_notes_chat", "account_id", "openid", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    openid: Mapped[str]
    author: Mapped[str]
    """As `Actor` writes itself."""
    words: Mapped[str] = mapped_column(Sealed("desk_notes.words"))
    at: Mapped[datetime]


class CannedAnswer(Table):
    """Words an agent puts in with ``/`` and the name."""

    __tablename__ = "canned_answers"
    __table_args__ = (UniqueConstraint("brand_id", "name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    name: Mapped[str]
    words: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]


class DutyHours(Table):
    """When people of a brand answer on one kind of day, dated: ended by ``until``, never edited."""

    __tablename__ = "duty_hours"
    __table_args__ = (Index("ix_duty_hours_brand", "brand_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"))
    weekday: Mapped[int]
    """0 Monday … 6 Sunday; `domain.desk.duty.FEAST` for the legal holidays, which otherwise are like other days."""
    opens: Mapped[int]
    """Minutes after midnight in Shanghai."""
    closes: Mapped[int]
    """The same; 1440 is midnight."""
    since: Mapped[date]
    until: Mapped[date | None]


class Presence(Table):
    """Whether a member of staff takes chats now: the switch is on, and a page was open a moment ago."""

    __tablename__ = "presences"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    on_duty: Mapped[bool]
    switched_at: Mapped[datetime]
    seen_at: Mapped[datetime]
