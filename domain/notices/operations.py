"""Writing messages to people down, and putting dead ones back. Sending is `domain.notices.delivery`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.events import MessageQueued
from domain.notices.model import MessageState, OutgoingMessage

MAX_BYTES = 2048
"""The platform's limit for one text, in UTF-8 (wechat-protocol §4.1; 45002 beyond it)."""


def queue_message(
    uow: UnitOfWork, *, account_id: str, recipient: str, text: str, why: str, author: Actor,
    subject_id: str | None = None, not_before: datetime | None = None,
) -> OutgoingMessage:  # fmt: skip
    """Write a message down, to be sent after the commit and not before ``not_before``; a long one becomes several.

    Returns the first of them. Recipients' messages are numbered in the order their transactions commit: the lock
    that sees to it lasts until then.

    :raises Refused: there is nothing in the text
    """
    if not text.strip():
        raise Refused("消息不能是空的")
    recipient_lock = func.pg_advisory_xact_lock(func.hashtextextended(f"outgoing {account_id} {recipient}", 0))
    uow.session.execute(select(recipient_lock))
    messages = [
        OutgoingMessage(
            at=uow.now, account_id=account_id, recipient=recipient, why=why, subject_id=subject_id, author=str(author),
            text=piece, state=MessageState.WAITING, not_before=not_before or uow.now, attempts=0, resent=False,
        )
        for piece in pieces(text)
    ]  # fmt: skip
    for message in messages:
        uow.session.add(message)
        uow.session.flush()
    uow.emit(MessageQueued(account_id, recipient))
    return messages[0]


def pieces(text: str, limit: int = MAX_BYTES) -> list[str]:
    """The text in parts of at most ``limit`` bytes, cut after a line where there is one, else between characters."""
    parts, rest = [], text.strip()
    while len(rest.encode()) > limit:
        head = rest.encode()[:limit].decode(errors="ignore")
        line_end = head.rfind("\n")
        cut = line_end if line_end > 0 else len(head)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip("\n")
    return [part for part in [*parts, rest] if part.strip()]


def retry(uow: UnitOfWork, seq: int, at: datetime, *, by: Actor) -> OutgoingMessage:
    """Put a dead message back: it goes out next, as if it had never been tried. Others are left as they are.

    :raises NotFound: there is no such message
    """
    message = uow.get(OutgoingMessage, (seq, at), called="这条消息", lock=True)
    if message.state == MessageState.DEAD:
        message.state, message.attempts, message.resent = MessageState.WAITING, 0, False
        message.not_before, message.error = uow.now, None
        trail.record(uow, by, "message.retry", "message", str(seq))
        uow.emit(MessageQueued(message.account_id, message.recipient))
    return message
