"""From a row of `notices` and its facts to one written message with its channels, unless the same was said already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from domain.customers.model import Contact
from domain.customers.queries import contacts_of
from domain.engineers.model import Engineer
from domain.kit.actors import system
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.channels import Channel
from domain.notices.events import MessageQueued
from domain.notices.facts import Facts
from domain.notices.model import MessageState, NoticeKey, OutgoingMessage
from domain.notices.operations import stand_in_line
from domain.notices.quiet import after_quiet_hours
from domain.notices.rows import LASTS, Notice, Urgency
from domain.organizations.model import OFFICIAL_ACCOUNT, Account
from domain.work_orders.model import WorkOrder

BY = system("notices")
REPLACED = "已被更新的通知取代"
NO_CHAT = "sms"
"""What stands in ``account_id`` for whoever is written to by text message only."""
PAGER = "staff"


@dataclass(frozen=True)
class Addressee:
    """Who is told: a chat or "" and an id of ours; a follower templates go to; a phone."""

    account_id: str
    recipient: str
    chat: bool = False
    follower: tuple[str, str] | None = None
    phone: str = ""


@dataclass(frozen=True)
class Circumstances:
    """What is particular about one telling."""

    own_act: bool = False
    """The person has just done something and waits for an answer: quiet hours do not hold it."""
    stale_at: datetime | None = None
    path: str = ""
    answers_id: str | None = None
    subject_id: str | None = None


ORDINARY = Circumstances()


def customer_of(uow: UnitOfWork, order: WorkOrder) -> Addressee:
    """The chat the order came by, else any other of the customer's; templates go to a follower of an official account."""
    contacts = chats_of(uow, order)
    of_order = (order.account_id, order.openid) if order.account_id and order.openid else None
    followed = [one for one in contacts if is_official(uow, one[0])]
    follower = of_order if of_order in followed else next(iter(followed), None)
    chat = of_order or next(iter(contacts), None)
    if chat is None:
        return Addressee(NO_CHAT, order.customer_id, phone=order.phone)
    return Addressee(chat[0], chat[1], chat=True, follower=follower, phone=order.phone)


def chats_of(uow: UnitOfWork, order: WorkOrder) -> list[tuple[str, str]]:
    """The customer's chats that can be written to, the order's own first, then whoever was heard first."""
    found = {(one.account_id, one.openid): one for one in contacts_of(uow, order.customer_id)}
    own = uow.session.get(Contact, (order.account_id, order.openid)) if order.account_id and order.openid else None
    if own is not None:
        found = {(own.account_id, own.openid): own} | found
    reachable = [one for one in found.values() if not has_left(one)]
    return [
        (one.account_id, one.openid) for one in sorted(reachable, key=lambda one: (one is not own, one.first_heard_at))
    ]


def has_left(contact: Contact) -> bool:
    left = contact.unfollowed_at
    return left is not None and (contact.followed_at is None or contact.followed_at < left)


def is_official(uow: UnitOfWork, account_id: str) -> bool:
    account = uow.session.get(Account, account_id)
    return account is not None and account.kind == OFFICIAL_ACCOUNT


def engineer(who: Engineer) -> Addressee:
    return Addressee(NO_CHAT, who.id, phone=who.phone)


def say(
    uow: UnitOfWork, notice: Notice, whom: Addressee, facts: Facts, how: Circumstances = ORDINARY
) -> OutgoingMessage | None:
    """Write the notice down, to go out after the commit. None when it was said before, or nobody can be reached so."""
    channels = ways(notice, whom)
    stale_at = min(filter(None, [uow.now + LASTS[notice.urgency], how.stale_at]))
    if not channels or stale_at <= uow.now or not is_new(uow, notice.key.format(**facts.keys)):
        return None
    stand_in_line(uow, whom.account_id, whom.recipient)
    if how.subject_id:
        take_back(uow, notice.instead, how.subject_id, whom)
    held = held_until(uow, notice, how, stale_at)
    first, *rest = channels
    message = OutgoingMessage(
        at=uow.now, account_id=whom.account_id, recipient=whom.recipient, why=notice.name, subject_id=how.subject_id,
        answers_id=how.answers_id, author=str(BY), text=notice.words.format_map(Placeholders(facts.words)),
        channel=str(first), chain=[str(one) for one in rest], tried=[], forms=forms(notice, whom, facts, how),
        state=MessageState.WAITING, not_before=held or uow.now, held_until=held, stale_at=stale_at, attempts=0,
        resent=False,
    )  # fmt: skip
    uow.session.add(message)
    uow.session.flush()
    uow.emit(MessageQueued(whom.account_id, whom.recipient))
    return message


def ways(notice: Notice, whom: Addressee) -> list[Channel]:
    """The notice's channels this person has."""
    has = {
        Channel.CHAT: whom.chat,
        Channel.TEMPLATE: whom.follower is not None and notice.purpose is not None,
        Channel.SMS: bool(whom.phone and notice.sms),
        Channel.STAFF: whom.account_id == PAGER,
    }
    return [channel for channel in notice.by if has.get(channel)]


def forms(notice: Notice, whom: Addressee, facts: Facts, how: Circumstances) -> dict[str, Any]:
    """What the channels after the chat need, sealed with the message."""
    made: dict[str, Any] = {"path": how.path}
    if whom.phone and notice.sms:
        made |= {
            "phone": whom.phone,
            "sms": f"【{facts.words['brand']}】{notice.sms.format_map(Placeholders(facts.words))}",
        }
    if whom.follower and notice.purpose:
        values = {**facts.values, "state": notice.state, "tip": notice.tip}
        made |= {
            "account_id": whom.follower[0],
            "openid": whom.follower[1],
            "purpose": str(notice.purpose),
            "values": values,
        }
    return made


class Placeholders(dict[str, str]):
    """The link is put in by whoever sends; only there is it known where people reach this server."""

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__({"link": "{link}", **words})


def is_new(uow: UnitOfWork, key: str) -> bool:
    """Whether this was never said before; from now on it was. Of two at once the second waits, and finds it said."""
    put = insert(NoticeKey).values(key=key, at=uow.now).on_conflict_do_nothing()
    return uow.session.execute(put.returning(NoticeKey.key)).first() is not None


def take_back(uow: UnitOfWork, names: Sequence[str], subject_id: str, whom: Addressee) -> None:
    """What still waits to be sent and is no longer so is not sent. What was tried already is left to its fate."""
    if not names:
        return
    found = (
        select(OutgoingMessage)
        .where(
            OutgoingMessage.account_id == whom.account_id,
            OutgoingMessage.recipient == whom.recipient,
            OutgoingMessage.subject_id == subject_id,
            OutgoingMessage.state == MessageState.WAITING,
            OutgoingMessage.resent.is_(False),
        )
        .order_by(OutgoingMessage.seq)
        .with_for_update()
    )
    for message in uow.session.scalars(found.execution_options(populate_existing=True)):
        if message.why.startswith(tuple(names)):
            message.state, message.error = MessageState.STALE, REPLACED


def held_until(uow: UnitOfWork, notice: Notice, how: Circumstances, stale_at: datetime) -> datetime | None:
    """The morning, for what can wait for it and is still worth something then."""
    if notice.urgency is not Urgency.CAN_WAIT or how.own_act:
        return None
    morning = after_quiet_hours(uow.now)
    return morning if morning and morning < stale_at else None
