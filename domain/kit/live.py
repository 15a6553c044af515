"""News for whoever has a page open: PostgreSQL's NOTIFY, sent with the commit of what it tells of.

Ids only, never words. A commit that notifies waits for others that do, so nothing here belongs into every turn of
every chat: only what a member of staff is looking at is told. Further news is a further function.
"""

from __future__ import annotations

from sqlalchemy import func, select

from domain.kit.unit_of_work import UnitOfWork

CHANNEL = "live"
QUEUE, CHAT, INCIDENT, BOARD = "queue", "chat", "incident", "board"
"""The first word of a payload: who waits and who has whom; something in a chat; a safety incident; the dispatch board."""


def tell(uow: UnitOfWork, *words: str | None) -> None:
    """Told once a transaction, however often it is said."""
    uow.session.execute(select(func.pg_notify(CHANNEL, " ".join(word for word in words if word))))


def queue_changed(uow: UnitOfWork) -> None:
    tell(uow, QUEUE)


def chat_changed(uow: UnitOfWork, task_id: str, staff_id: str | None) -> None:
    """Something was said in the chat of this task, or done with it. ``staff_id`` has it."""
    tell(uow, CHAT, task_id, staff_id)


def incident_changed(uow: UnitOfWork) -> None:
    tell(uow, INCIDENT)


def board_changed(uow: UnitOfWork) -> None:
    """Something the dispatch board shows: orders, visits, offers, appointments, engineers' time."""
    tell(uow, BOARD)
