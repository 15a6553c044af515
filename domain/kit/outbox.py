"""The outbox: events waiting to be handed to the queue, and what came of each reaction to them.

A row is ``waiting`` (committed with the change it reports), ``relayed`` (its reactions are queued) and ``done``
(every reaction has a record). Ids commit out of order, so everything selects by state, never by "id after the last".
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.kit.tables import Table, partitioned_by


class OutboxState(StrEnum):
    WAITING = "waiting"
    RELAYED = "relayed"
    DONE = "done"


class RunState(StrEnum):
    """What came of one reaction: ``failed`` is tried again at ``next_try_at``, ``dead`` only when a person says so."""

    DONE = "done"
    FAILED = "failed"
    DEAD = "dead"


class OutboxRow(Table):
    """One event. A trigger notifies the channel ``outbox`` on insert, which wakes the relay."""

    __tablename__ = "outbox"
    __table_args__ = (
        PrimaryKeyConstraint("id", "at"),
        Index("ix_outbox_open", "state", "at", postgresql_where=text("state <> 'done'")),
        partitioned_by("at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), autoincrement=True)
    """Said to count by itself, so that many are inserted at once: of a key of two columns SQLAlchemy does not guess it."""
    kind: Mapped[str]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=OutboxState.WAITING, server_default=OutboxState.WAITING)
    relayed_at: Mapped[datetime | None]


class ReactionRun(Table):
    """The record of one reaction to one event; a ``done`` row commits together with what the reaction did."""

    __tablename__ = "reaction_runs"
    __table_args__ = (
        PrimaryKeyConstraint("event_id", "reaction", "event_at"),
        Index("ix_reaction_runs_open", "state", "next_try_at", postgresql_where=text("state <> 'done'")),
        partitioned_by("event_at"),
    )

    event_id: Mapped[int] = mapped_column(BigInteger)
    event_at: Mapped[datetime]
    reaction: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    """The exception's type and place, never its words: those may hold personal data."""
    next_try_at: Mapped[datetime | None]
    at: Mapped[datetime]
