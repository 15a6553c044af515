"""The desk as the staff look at it: what waits, who has taken what, what was said last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, column, func, select, true, tuple_, values

from domain.desk.lifecycle import CLAIMED, DONE, WAITING
from domain.desk.model import DeskNote, DeskTask
from domain.kit.inbox import Received
from domain.kit.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Waiting:
    """Tasks nobody has taken: the numbers beside the rooms' names on every page."""

    chats: int
    others: int


@dataclass(frozen=True)
class LastHeard:
    """What a customer said last; ``said`` is what the door read from it."""

    at: datetime
    said: dict[str, Any]


def open_tasks(uow: UnitOfWork, *, kind: str = "", limit: int = 200) -> Sequence[DeskTask]:
    """What is not done, longest waiting first."""
    return tasks(uow, DeskTask.status != DONE, *([DeskTask.kind == kind] if kind else []), limit=limit)


def waiting_chats(uow: UnitOfWork, limit: int = 200) -> Sequence[DeskTask]:
    """Customers who wait for a person, longest first."""
    return tasks(uow, DeskTask.kind == "chat", DeskTask.status == WAITING, limit=limit)


def claimed_chats(uow: UnitOfWork, limit: int = 500) -> Sequence[DeskTask]:
    """Customers who are with a person."""
    return tasks(uow, DeskTask.kind == "chat", DeskTask.status == CLAIMED, limit=limit)


def tasks(uow: UnitOfWork, *where: ColumnElement[bool], limit: int) -> Sequence[DeskTask]:
    found = select(DeskTask).where(*where).order_by(DeskTask.asked_at, DeskTask.id).limit(limit)
    return uow.session.scalars(found).all()


def done_tasks(uow: UnitOfWork, limit: int = 50) -> Sequence[DeskTask]:
    """What was done of late, newest first."""
    found = select(DeskTask).where(DeskTask.status == DONE, DeskTask.done_at.isnot(None))
    return uow.session.scalars(found.order_by(DeskTask.done_at.desc()).limit(limit)).all()


def count_waiting(uow: UnitOfWork) -> Waiting:
    """One query, because every page asks it."""
    is_chat = DeskTask.kind == "chat"
    chats, others = func.count().filter(is_chat), func.count().filter(~is_chat)
    return Waiting(*uow.session.execute(select(chats, others).where(DeskTask.status == WAITING)).one())


def open_chats_of(uow: UnitOfWork, chats: Sequence[tuple[str, str]]) -> dict[tuple[str, str], DeskTask]:
    """(account, openid) → the task by which a customer waits for a person or is with one."""
    found = select(DeskTask).where(
        DeskTask.kind == "chat", DeskTask.status != DONE, tuple_(DeskTask.account_id, DeskTask.openid).in_(chats)
    )
    return {(task.account_id or "", task.openid or ""): task for task in uow.session.scalars(found)}


def last_heard(uow: UnitOfWork, chats: Sequence[tuple[str, str]]) -> dict[tuple[str, str], LastHeard]:
    """What was said last in each of these chats; one look into an index for each, in one query."""
    if not chats:
        return {}
    asked = values(column("account_id", Text), column("openid", Text), name="asked").data(list(chats))
    newest = (
        select(Received.account_id, Received.sender, Received.received_at, Received.content)
        .where(Received.account_id == asked.c.account_id, Received.sender == asked.c.openid)
        .where(Received.trigger == "message")
        .order_by(Received.received_at.desc())
        .limit(1)
        .lateral()
    )
    rows = uow.session.execute(select(newest).select_from(asked.join(newest, true())))
    return {(account, openid): LastHeard(at, content.get("said") or {}) for account, openid, at, content in rows}


def notes_of(uow: UnitOfWork, account_id: str, openid: str, limit: int = 50) -> Sequence[DeskNote]:
    """What the staff wrote about a chat, oldest first."""
    found = select(DeskNote).filter_by(account_id=account_id, openid=openid).order_by(DeskNote.id.desc()).limit(limit)
    return uow.session.scalars(found).all()[::-1]
