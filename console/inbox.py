"""The agents' inbox as it is looked at: who waits, whom one has, what was said of late, one chat with all around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, tuple_

from bot.conversation import Conversation
from console.answering import LONGEST_REPLY
from console.chat_refs import Chat, chat_meant, print_of, ref_of
from console.chats import Line, chat_lines
from console.customers import CustomerSeen, look_at_customer
from console.showing import HEARD, mask_words
from domain.access import queries as access
from domain.access import trail
from domain.access.sessions import SignedIn
from domain.customers.model import Contact, Customer
from domain.desk import board, duty
from domain.desk.board import LastHeard
from domain.desk.canned import canned_answers
from domain.desk.lifecycle import CLAIMED, WAITING
from domain.desk.model import CannedAnswer, DeskTask
from domain.desk.operations import open_chat
from domain.kit.personal import mask_name
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.chat import last_told, words_of
from domain.notices.queries import waiting_for, window_of
from domain.organizations.model import Account, Brand

RECENT = 30
PLAIN_FOR = timedelta(hours=8)
"""Whoever asked for a chat's plain words sees them for a shift; the asking is on record."""


@dataclass(frozen=True)
class ChatRow:
    """One chat in a list. ``ref`` names it in addresses."""

    ref: str
    name: str
    brand: str
    words: str
    """The last the customer said, masked."""
    at: datetime
    """Since when somebody waits; else when it was said."""
    claimed_by: str
    mine: bool
    unanswered: bool
    """The customer spoke after we did."""


@dataclass(frozen=True)
class Lists:
    """What the left side shows: the longest waiting first."""

    waiting: Sequence[ChatRow]
    mine: Sequence[ChatRow]
    others: Sequence[ChatRow]
    recent: Sequence[ChatRow] = ()
    after: datetime | None = None


@dataclass(frozen=True)
class Colleague:
    id: str
    name: str
    on_duty: bool


@dataclass(frozen=True)
class Quota:
    """What the platform still lets us send: ``left`` less what waits to go out, until when; or why nothing."""

    left: int
    until: datetime | None
    why: str


@dataclass(frozen=True)
class ChatSeen:
    """One chat with everything beside it."""

    ref: str
    name: str
    brand: str
    account: str
    hands_over: bool
    task_id: str
    """The task by which the customer waits for a person or is with one, or ""."""
    asked_at: datetime | None
    words: str
    """What the task is about, masked."""
    claimed_by: str
    claimed_at: datetime | None
    mine: bool
    waiting: bool
    plain: bool
    lines: Sequence[Line]
    quota: Quota
    longest: int = LONGEST_REPLY

    @property
    def with_bot(self) -> bool:
        return not self.task_id


@dataclass(frozen=True)
class Aside:
    """What stands beside a chat and is not read anew with every word."""

    customer: CustomerSeen | None
    canned: Sequence[CannedAnswer]
    colleagues: Sequence[Colleague]


def look_at_lists(uow: UnitOfWork, who: SignedIn) -> Lists:
    """Who waits and who is with whom. Five queries, however many chats."""
    tasks = [*board.waiting_chats(uow), *board.claimed_chats(uow)]
    chats = [Chat(task.account_id or "", task.openid or "") for task in tasks]
    rows = chat_rows(uow, dict(zip(chats, tasks, strict=True)), who)
    waiting = [row for row, task in zip(rows, tasks, strict=True) if task.status == WAITING]
    claimed = [row for row, task in zip(rows, tasks, strict=True) if task.status == CLAIMED]
    mine = sorted((row for row in claimed if row.mine), key=lambda row: (not row.unanswered, row.at))
    return Lists(waiting, mine, [row for row in claimed if not row.mine])


def look_at_recent(uow: UnitOfWork, who: SignedIn, before: datetime | None = None) -> Lists:
    """Everybody who talked with us of late, also with the bot, the newest first; a page at a time."""
    newest = select(Conversation.account_id, Conversation.openid, Conversation.heard_at)
    if before:
        newest = newest.where(Conversation.heard_slot <= before, Conversation.heard_at < before)
    newest = newest.order_by(Conversation.heard_slot.desc(), Conversation.heard_at.desc()).limit(RECENT + 1)
    found = uow.session.execute(newest).all()
    chats = [Chat(account_id, openid) for account_id, openid, _ in found[:RECENT]]
    open_ones = board.open_chats_of(uow, [(chat.account_id, chat.openid) for chat in chats])
    heard = {Chat(account_id, openid): at for account_id, openid, at in found}
    rows = chat_rows(uow, {chat: open_ones.get((chat.account_id, chat.openid)) for chat in chats}, who)
    recent = [replace(row, at=heard[chat]) for row, chat in zip(rows, chats, strict=True)]
    return Lists((), (), (), recent, found[RECENT - 1].heard_at if len(found) > RECENT else None)


def chat_rows(uow: UnitOfWork, chats: Mapping[Chat, DeskTask | None], who: SignedIn) -> list[ChatRow]:
    pairs = [(chat.account_id, chat.openid) for chat in chats]
    heard, told = board.last_heard(uow, pairs), last_told(uow, pairs)
    names, brands = names_of(uow, pairs), brand_names(uow)
    staff = access.names_of(uow, [f"staff:{task.claimed_by}" for task in chats.values() if task and task.claimed_by])
    rows = []
    for chat, task in chats.items():
        pair = (chat.account_id, chat.openid)
        last = heard.get(pair)
        claimed_by = task.claimed_by if task else None
        rows.append(
            ChatRow(
                ref=task.id if task else ref_of(uow, chat),
                name=names.get(pair) or visitor(uow, chat),
                brand=brands.get(chat.account_id, ""),
                words=gist(last),
                at=task.asked_at if task else last.at if last else uow.now,
                claimed_by=staff.get(f"staff:{claimed_by}", "") if claimed_by else "",
                mine=claimed_by == who.staff.id,
                unanswered=bool(last and last.at > told.get(pair, task.asked_at if task else last.at)),
            )
        )
    return rows


def gist(last: LastHeard | None) -> str:
    """The beginning of what was said last, or what it was."""
    if last is None:
        return ""
    words = mask_words(words_of(last.said)).replace("\n", " ")[:60]
    return words or HEARD.get(str(last.said.get("kind", "")), "")


def names_of(uow: UnitOfWork, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Masked names of those whose name is known."""
    known = (
        select(Contact.account_id, Contact.openid, Customer.name)
        .join(Customer, Customer.id == Contact.customer_id)
        .where(tuple_(Contact.account_id, Contact.openid).in_(pairs))
    )
    return {(account, openid): mask_name(name) for account, openid, name in uow.session.execute(known) if name}


def visitor(uow: UnitOfWork, chat: Chat) -> str:
    """Somebody without a name, told apart from others without one."""
    return f"访客 {print_of(uow, chat)[:4].upper()}"


def brand_names(uow: UnitOfWork) -> dict[str, str]:
    """Account → its brand's name."""
    rows = uow.session.execute(select(Account.id, Brand.name).join(Brand, Brand.id == Account.brand_id))
    return {row[0]: row[1] for row in rows}


def look_at_chat(uow: UnitOfWork, ref: str, who: SignedIn, *, plain: bool = False) -> ChatSeen:
    """One chat as it is now. ``plain`` words only for who asked for them on record (`ask_plain`).

    :raises NotFound: there is no such chat
    """
    chat = chat_meant(uow, ref)
    account = uow.get(Account, chat.account_id, called="这个账号")
    task = open_chat(uow, chat.account_id, chat.openid)
    names = access.names_of(uow, [f"staff:{task.claimed_by}"]) if task else {}
    plain = plain and may_see_plain(uow, chat, who)
    window = window_of(uow, chat.account_id, chat.openid)
    left = max(0, window.left - waiting_for(uow, chat.account_id, chat.openid))
    pair = (chat.account_id, chat.openid)
    return ChatSeen(
        ref=task.id if task else ref,
        name=names_of(uow, [pair]).get(pair) or visitor(uow, chat),
        brand=brand_names(uow).get(account.id, ""),
        account=account.name,
        hands_over=account.hands_over,
        task_id=task.id if task else "",
        asked_at=task.asked_at if task else None,
        words=mask_words(task.words) if task else "",
        claimed_by=names.get(f"staff:{task.claimed_by}", "") if task else "",
        claimed_at=task.claimed_at if task else None,
        mine=task is not None and task.claimed_by == who.staff.id,
        waiting=task is not None and task.status == WAITING,
        plain=plain,
        lines=lines_with_notes(uow, chat, plain=plain),
        quota=Quota(left, window.until, window.reason or "已写好的消息发出后，可发的条数就用完了"),
    )


def lines_with_notes(uow: UnitOfWork, chat: Chat, *, plain: bool) -> Sequence[Line]:
    """The chat with the colleagues' notes among it."""
    notes = board.notes_of(uow, chat.account_id, chat.openid)
    names = access.names_of(uow, [note.author for note in notes])
    written = [
        Line(note.at, "note", names.get(note.author, ""), "备注", note.words if plain else mask_words(note.words), "")
        for note in notes
    ]
    return sorted([*chat_lines(uow, chat.account_id, chat.openid, plain=plain), *written], key=lambda line: line.at)


def look_beside(uow: UnitOfWork, ref: str, who: SignedIn) -> Aside:
    """The customer's archive, the canned answers and the colleagues; the look itself on record."""
    chat = chat_meant(uow, ref)
    trail.record(uow, who.actor, "chat.view", "chat", print_of(uow, chat))
    contact = uow.session.get(Contact, (chat.account_id, chat.openid))
    customer_id = contact.customer_id if contact else None
    account = uow.session.get_one(Account, chat.account_id)
    there = duty.on_duty(uow)
    people = [
        Colleague(one.id, one.display_name, one.id in there)
        for one in access.staff_list(uow)
        if one.disabled_at is None and one.id != who.staff.id
    ]
    return Aside(
        customer=look_at_customer(uow, customer_id, who, with_chat=False) if customer_id else None,
        canned=canned_answers(uow, account.brand_id),
        colleagues=sorted(people, key=lambda one: (not one.on_duty, one.name)),
    )


def ask_plain(uow: UnitOfWork, ref: str, who: SignedIn) -> None:
    """See this chat's plain words from now on, on record."""
    trail.record(uow, who.actor, "personal.reveal", "chat", print_of(uow, chat_meant(uow, ref)), field="chat")


def may_see_plain(uow: UnitOfWork, chat: Chat, who: SignedIn) -> bool:
    """Whether somebody asked for it lately, on record."""
    asked = access.TrailSearch(
        actor=str(who.actor), action="personal.reveal", subject_kind="chat", subject_id=print_of(uow, chat),
        since=uow.now - PLAIN_FOR,
    )  # fmt: skip
    return bool(access.search_trail(uow, asked, limit=1).entries)
