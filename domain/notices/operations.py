"""Writing messages to people down, and putting dead ones back. Sending is `domain.notices.delivery`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.channels import Purpose
from domain.notices.events import MessageQueued, ReplyQueued
from domain.notices.model import MessageState, MessageTemplate, NoticeKey, OutgoingMessage
from domain.notices.values import FIELD, VALUES

MAX_BYTES = 2048
"""The platform's limit for one text, in UTF-8 (wechat-protocol §4.1; 45002 beyond it)."""

KEYS_KEPT = timedelta(days=180)


class Why(StrEnum):
    """What is no notice of the table: an answer to somebody who spoke. Nothing else is written to people unasked."""

    REPLY = "reply"
    AGENT = "agent"


class BadTemplate(Refused):
    """The template cannot be filled in this way."""

    code = "bad_template"


def queue_message(
    uow: UnitOfWork, *, account_id: str, recipient: str, text: str, why: str, author: Actor,
    subject_id: str | None = None, not_before: datetime | None = None, path: str = "",
) -> OutgoingMessage:  # fmt: skip
    """Write a message down, to be sent after the commit and not before ``not_before``; a long one becomes several. ``path`` is
    the page of ours that ``{link}`` in the text leads to.

    Returns the first of them. Recipients' messages are numbered in the order their transactions commit: the lock
    that sees to it lasts until then.

    :raises Refused: there is nothing in the text
    :raises ValueError: ``why`` is none of `Why`
    """
    Why(why)
    if not text.strip():
        raise Refused("消息不能是空的")
    stand_in_line(uow, account_id, recipient)
    messages = [
        OutgoingMessage(
            at=uow.now, account_id=account_id, recipient=recipient, why=why, subject_id=subject_id, author=str(author),
            text=piece, state=MessageState.WAITING, not_before=not_before or uow.now, attempts=0, resent=False,
            forms={"path": path} if path else None,
        )
        for piece in pieces(text)
    ]  # fmt: skip
    for message in messages:
        uow.session.add(message)
        uow.session.flush()
    uow.emit(ReplyQueued(account_id, recipient))
    return messages[0]


def stand_in_line(uow: UnitOfWork, account_id: str, recipient: str) -> None:
    """From here to the commit nobody else writes to this person."""
    recipient_lock = func.pg_advisory_xact_lock(func.hashtextextended(f"outgoing {account_id} {recipient}", 0))
    uow.session.execute(select(recipient_lock))


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

    A notice begins with the first of its channels again, and is worth sending as long as it was at first.

    :raises NotFound: there is no such message
    """
    message = uow.get(OutgoingMessage, (seq, at), called="这条消息", lock=True)
    if message.state == MessageState.DEAD:
        message.state, message.attempts, message.resent = MessageState.WAITING, 0, False
        message.not_before, message.error = uow.now, None
        if message.stale_at:
            message.stale_at = uow.now + (message.stale_at - message.at)
        if message.tried:
            channels = [str(one["channel"]) for one in message.tried] + [message.channel, *message.chain]
            message.channel, *rest = channels
            message.chain, message.tried = rest, []
        trail.record(uow, by, "message.retry", "message", str(seq))
        queued = ReplyQueued if message.why in list(Why) else MessageQueued
        uow.emit(queued(message.account_id, message.recipient))
    return message


def put_template(
    uow: UnitOfWork, account_id: str, purpose: Purpose, template_id: str, fields: Mapping[str, str], *, by: Actor
) -> None:
    """Say which template of the account's library is used for what; without a template id there is none any more.

    :raises BadTemplate: a field that is none, or that does not take its value
    """
    kept = uow.session.get(MessageTemplate, (account_id, str(purpose)))
    if not template_id.strip():
        if kept:
            uow.session.delete(kept)
    else:
        check_fields(fields)
        kept = kept or MessageTemplate(account_id=account_id, purpose=str(purpose))
        kept.template_id, kept.fields = template_id.strip(), dict(fields)
        kept.changed_by, kept.changed_at = str(by), uow.now
        uow.session.add(kept)
    uow.session.flush()
    trail.record(uow, by, "template.put", "account", account_id, purpose=str(purpose))


def check_fields(fields: Mapping[str, str]) -> None:
    """:raises BadTemplate: a field that is none, or that does not take its value"""
    if not fields:
        raise BadTemplate("请写明模板的字段")
    for name, value in fields.items():
        found = FIELD.fullmatch(name)
        if found is None:
            raise BadTemplate(f"“{name}”不是字段名，应当像 thing1、time2")
        if value not in VALUES:
            raise BadTemplate(f"没有“{value}”这个内容，可以用：{'、'.join(VALUES)}")
        if found["kind"] not in VALUES[value][1]:
            raise BadTemplate(f"{name} 放不下“{VALUES[value][0]}”")


def forget_old_keys(uow: UnitOfWork, limit: int = 5000) -> int:
    """Drop what was said so long ago that nothing can make it be said again."""
    old = select(NoticeKey.key).where(NoticeKey.at < uow.now - KEYS_KEPT).limit(limit)
    gone = uow.session.execute(delete(NoticeKey).where(NoticeKey.key.in_(old)).returning(NoticeKey.key))
    return len(gone.all())
