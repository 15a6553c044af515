"""From a row of `notices` and its facts to one written message with its channels, unless the same was said already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from domain.customers.model import Contact
from domain.customers.queries import contacts_of
from domain.engineers.model import Engineer
from domain.kit.actors import system
from domain.kit.inbox import Received
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.channels import Channel, Purpose
from domain.notices.events import MessageQueued
from domain.notices.facts import Facts
from domain.notices.markup import LINK, MENU, harmless
from domain.notices.model import MessageState, NoticeKey, OutgoingMessage
from domain.notices.operations import stand_in_line
from domain.notices.quiet import after_quiet_hours
from domain.notices.quota import LONGEST
from domain.notices.rows import LASTS, Notice, Urgency
from domain.notices.subscriptions_model import SubscriptionTemplate
from domain.organizations.model import OFFICIAL_ACCOUNT, Account
from domain.work_orders.model import WorkOrder

BY = system("notices")
REPLACED = "已被更新的通知取代"
NEVER = datetime.min.replace(tzinfo=UTC)
NO_CHAT = "sms"
"""What stands in ``account_id`` for whoever is written to by text message only."""
PAGER = "staff"


@dataclass(frozen=True)
class Addressee:
    """Who is told: a chat or "" and an id of ours; a follower templates go to; a phone; the chats that subscription messages
    may go to; the mini-program's chat, where that is another one, and whether it was used last."""

    account_id: str
    recipient: str
    chat: bool = False
    follower: tuple[str, str] | None = None
    phone: str = ""
    subscribers: tuple[tuple[str, str], ...] = ()
    program: tuple[str, str] | None = None
    program_first: bool = False


@dataclass(frozen=True)
class Circumstances:
    """What is particular about one telling."""

    own_act: bool = False
    """The person has just done something and waits for an answer: quiet hours do not hold it."""
    stale_at: datetime | None = None
    waits_until: datetime | None = None
    """Something else is told first: until then it holds up nothing that is behind it."""
    path: str = ""
    answers_id: str | None = None
    subject_id: str | None = None


ORDINARY = Circumstances()


def customer_of(uow: UnitOfWork, order: WorkOrder) -> Addressee:
    """The chat the order came by, else any other of the customer's; templates go to a follower of an official account."""
    contacts = chats_of(uow, order)
    of_order = (order.account_id, order.openid) if order.account_id and order.openid else None
    chat = of_order or next(iter(contacts), None)
    if chat is None:
        return Addressee(NO_CHAT, order.customer_id, phone=order.phone)
    return reached_by(uow, chat, contacts, order.phone)


def reached_by(
    uow: UnitOfWork, chat: tuple[str, str], contacts: Sequence[tuple[str, str]], phone: str = ""
) -> Addressee:
    """Somebody with these chats, written to in this one."""
    followed = [one for one in contacts if is_official(uow, one[0])]
    follower = chat if chat in followed else next(iter(followed), None)
    programs = [one for one in contacts if one != chat and one not in followed]
    newest = last_heard(uow, [chat, *programs]) if programs else {}
    program = max(programs, key=lambda one: newest.get(one, NEVER), default=None)
    return Addressee(
        chat[0], chat[1], chat=True, follower=follower, phone=phone, subscribers=tuple(dict.fromkeys([chat, *contacts])),
        program=program, program_first=program is not None and newest.get(program, NEVER) > newest.get(chat, NEVER),
    )  # fmt: skip


def last_heard(uow: UnitOfWork, chats: Sequence[tuple[str, str]]) -> dict[tuple[str, str], datetime]:
    """When somebody last wrote in each of these chats, of those of late."""
    newest = (
        select(Received.account_id, Received.sender, func.max(Received.received_at))
        .where(
            tuple_(Received.account_id, Received.sender).in_(chats),
            Received.trigger == "message",
            Received.received_at > uow.now - LONGEST,
        )
        .group_by(Received.account_id, Received.sender)
    )
    return {(account_id, sender): at for account_id, sender, at in uow.session.execute(newest)}


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
    channels = ways(uow, notice, whom)
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


def ways(uow: UnitOfWork, notice: Notice, whom: Addressee) -> list[Channel]:
    """The notice's channels this person has; the mini-program's chat first where they wrote there last."""
    has = {
        Channel.CHAT: whom.chat,
        Channel.SUBSCRIPTION: notice.purpose is not None and may_subscribe(uow, notice.purpose, whom),
        Channel.TEMPLATE: whom.follower is not None and notice.purpose is not None,
        Channel.PROGRAM: whom.program is not None,
        Channel.SMS: bool(whom.phone and notice.sms),
        Channel.STAFF: whom.account_id == PAGER,
    }
    found = [channel for channel in notice.by if has[channel]]
    return sorted(found, key=lambda channel: channel is not Channel.PROGRAM) if whom.program_first else found


def may_subscribe(uow: UnitOfWork, purpose: Purpose, whom: Addressee) -> bool:
    """Whether an account of theirs has a subscription template for it; whether they agreed is looked at when it is sent."""
    kept = select(SubscriptionTemplate.account_id).where(
        SubscriptionTemplate.account_id.in_([account_id for account_id, _ in whom.subscribers]),
        SubscriptionTemplate.purpose == purpose,
    )
    return bool(whom.subscribers) and uow.session.scalar(kept.limit(1)) is not None


def forms(notice: Notice, whom: Addressee, facts: Facts, how: Circumstances) -> dict[str, Any]:
    """What the channels after the chat need, sealed with the message."""
    made: dict[str, Any] = {"path": how.path, "values": {**facts.values, "state": notice.state, "tip": notice.tip}}
    made |= {"purpose": str(notice.purpose or notice.to)}
    if whom.phone and notice.sms:
        made |= {
            "phone": whom.phone,
            "sms": f"【{facts.words['brand']}】{notice.sms.format_map(Placeholders(facts.words))}",
        }
    if whom.follower:
        made |= {"account_id": whom.follower[0], "openid": whom.follower[1]}
    if whom.subscribers:
        made |= {"subscribers": [list(one) for one in whom.subscribers]}
    if whom.program:
        made |= {"program": list(whom.program)}
    return made


class Placeholders(dict[str, str]):
    """People's words without markup; the link is put in by whoever sends, who knows where people reach this server."""

    def __init__(self, words: Mapping[str, str]) -> None:
        said = {name: value if name == MENU else harmless(value) for name, value in words.items()}
        super().__init__({"link": LINK, **said})


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
    """The morning, for what can wait for it and is still worth something then; or what else it waits for."""
    if notice.urgency is not Urgency.CAN_WAIT or how.own_act:
        return how.waits_until
    morning = after_quiet_hours(how.waits_until or uow.now)
    return morning if morning and morning < stale_at else how.waits_until
