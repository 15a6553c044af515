"""The desk: things that wait for a person of the staff, such as a customer who asked for one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.desk.lifecycle import TaskStatus
from domain.kit.tables import Sealed, Table


class DeskTask(Table):
    """One thing a member of staff must see to."""

    __tablename__ = "desk_tasks"
    __table_args__ = (
        Index("ix_desk_tasks_open", "brand_id", "asked_at", postgresql_where=text("status <> 'done'")),
        Index(
            "uq_desk_tasks_chat", "account_id", "openid", unique=True,
            postgresql_where=text("kind = 'chat' AND status <> 'done'"),
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
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """By when the customer was promised an answer."""
    claimed_by: Mapped[str | None]
    done_at: Mapped[datetime | None]
