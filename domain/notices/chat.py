"""A conversation as it is looked at: what was heard, answered and sent besides, in one line of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, tuple_

from domain.kit.inbox import Received, ReceivedState
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.channels import TITLES, Channel
from domain.notices.markup import as_staff_see
from domain.notices.model import OutgoingMessage

BOT = "system:bot"


@dataclass(frozen=True)
class Bubble:
    """One thing said. ``author`` is an `Actor` as it writes itself, or None for the customer."""

    at: datetime
    author: str | None
    kind: str
    """``text``, ``image``, ``voice`` … for the customer's; ``answer`` or the reason of an outgoing message for ours."""
    words: str
    state: str
    """``answered``, ``deferred``, ``failed`` of something heard; a `MessageState` of something sent."""
    media_id: str = ""
    """The platform's name of a picture or video."""


def bubbles(
    uow: UnitOfWork, account_id: str, openid: str, *, before: datetime | None = None, limit: int = 60
) -> Sequence[Bubble]:
    """The last things said in this chat (before a moment), oldest first. Two queries, whatever the length."""
    heard = select(Received).where(Received.account_id == account_id, Received.sender == openid)
    written_here = and_(OutgoingMessage.account_id == account_id, OutgoingMessage.recipient == openid)
    came_here = and_(OutgoingMessage.to_account_id == account_id, OutgoingMessage.to_openid == openid)
    told = select(OutgoingMessage).where(or_(written_here, came_here))
    if before:
        heard, told = heard.where(Received.received_at < before), told.where(OutgoingMessage.at < before)
    found: list[Bubble] = []
    for row in uow.session.scalars(heard.order_by(Received.received_at.desc()).limit(limit)):
        found.extend(of_received(row))
    for message in uow.session.scalars(told.order_by(OutgoingMessage.at.desc()).limit(limit)):
        found.append(Bubble(message.at, message.author, message.why, told_words(message), message.state))
    found.sort(key=lambda bubble: bubble.at)
    return found[-limit:]


def told_words(message: OutgoingMessage) -> str:
    """The words as the staff see them: not every message went into the chat."""
    words = as_staff_see(message.text, has_page=bool(message.forms))
    return words if message.channel == Channel.CHAT else f"（{TITLES[Channel(message.channel)]}）{words}"


def last_told(uow: UnitOfWork, chats: Sequence[tuple[str, str]]) -> dict[tuple[str, str], datetime]:
    """(account, openid) → when a member of staff last wrote to them."""
    newest = (
        select(OutgoingMessage.account_id, OutgoingMessage.recipient, func.max(OutgoingMessage.at))
        .where(tuple_(OutgoingMessage.account_id, OutgoingMessage.recipient).in_(chats), OutgoingMessage.why == "agent")
        .group_by(OutgoingMessage.account_id, OutgoingMessage.recipient)
    )
    return {(account_id, openid): at for account_id, openid, at in uow.session.execute(newest)}


def of_received(row: Received) -> Iterator[Bubble]:
    """The customer's words, and the passive answer that went back with them."""
    said: dict[str, Any] = row.content.get("said") or {}
    yield Bubble(
        row.received_at, None, str(said.get("kind", "")), words_of(said), row.state, str(said.get("media_id", ""))
    )
    if row.answer:
        yield Bubble(row.received_at, BOT, "answer", row.answer, ReceivedState.ANSWERED)


def words_of(said: dict[str, Any]) -> str:
    """What can be read of something said: its text, the voice's recognised words, a place's label, a menu key."""
    if said.get("kind") == "consent":  # templates, for the program
        return ""
    for field in ("text", "words", "label", "value", "key", "scene"):
        if said.get(field):
            return str(said[field])
    return ""
