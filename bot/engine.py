"""One turn of talk: what a person said in, what we say back out.

`bot.arrivals` answers what is no talk (following, unfollowing …), `bot.dialogue` all the rest. Doors call `listen`,
which locks the conversation, then `take_turn`; what could not be answered in time is held later by `hold_deferred`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import structlog
from sqlalchemy import Table, bindparam, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.attributes import set_committed_value

from bot import arrivals, dialogue, flood, safety
from bot.beyond_text import taken_in
from bot.conversation import Conversation, State
from bot.heard import Heard
from bot.talk import Catalogues, Talk
from bot.understanding.second_opinion import SecondOpinion
from domain.customers import operations as customers
from domain.customers.model import Contact
from domain.kit.actors import system
from domain.kit.inbox import Received, ReceivedState, TurnFailed
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.markup import harmless
from domain.notices.operations import pieces, queue_message
from domain.organizations.queries import Voice, voice

PASSIVE_BYTES = 2048
"""What a passive text reply may hold (wechat-protocol §4.1)."""
AFTER_REPLY = timedelta(seconds=1)
"""Further messages of a turn follow the passive reply by this much, so that they do not overtake it."""
LATE_APOLOGY = "抱歉，您刚才发的消息没能处理好，客服会查看。也可以再发一次，或回复“人工”。"
BOT = system("bot")

log = structlog.get_logger()
asked_besides: list[SecondOpinion] = []
"""Whoever may be asked where the rules are unsure: at most one, put here by the composition root. Off by default."""
catalogues = Catalogues()
"""Per process; a brand's models are read when first spoken of, and again when they have changed."""


# Built once: putting a statement together costs more than the database needs for it.
LISTEN = (
    select(Conversation, Contact)
    .join(Contact, (Contact.account_id == Conversation.account_id) & (Contact.openid == Conversation.openid))
    .where(Conversation.account_id == bindparam("account_id"), Conversation.openid == bindparam("openid"))
    # Both: who waited for the conversation would else see the contact as it was before the turn waited for.
    .with_for_update(of=(Conversation, Contact), key_share=True)
    .execution_options(populate_existing=True)
)
BEHIND = (
    select(Received.key)
    .where(
        Received.account_id == bindparam("account_id"),
        Received.sender == bindparam("openid"),
        Received.state == literal_column(f"'{ReceivedState.DEFERRED}'"),  # so that the partial index serves
        Received.key != bindparam("key"),
    )
    .limit(1)
)


CONVERSATIONS = cast(Table, Conversation.__table__)
KEEP = update(CONVERSATIONS).where(
    CONVERSATIONS.c.account_id == bindparam("at_account"), CONVERSATIONS.c.openid == bindparam("at_openid")
)


@dataclass(frozen=True)
class Spoken:
    """What is said back: ``first`` in the reply to the push ("" for nothing), ``later`` as messages after it."""

    first: str
    later: Sequence[str] = ()


def listen(uow: UnitOfWork, account_id: str, openid: str) -> tuple[Conversation, Contact]:
    """The conversation, locked for this turn, and the contact. Both are made with the first thing heard."""
    who = {"account_id": account_id, "openid": openid}
    row = uow.session.execute(LISTEN, who).first()
    if row is None:
        customers.contact_heard(uow, account_id, openid)
        new = insert(Conversation).values(account_id=account_id, openid=openid, state={}, heard_at=uow.now)
        uow.session.execute(new.on_conflict_do_nothing(index_elements=["account_id", "openid"]))
        row = uow.session.execute(LISTEN, who).one()
    return row[0], row[1]


def take_turn(uow: UnitOfWork, account: Voice, conversation: Conversation, contact: Contact, heard: Heard) -> Spoken:
    """Take one thing a person said or did, move the conversation on, and say what is to be answered."""
    state = State.from_json(conversation.state)
    talk = Talk(uow, account, contact, state, catalogues.of, opinion=next(iter(asked_besides), None))
    heard = taken_in(talk, heard)
    said = (
        slowed(talk, heard) or arrivals.answer(talk, heard) or dialogue.answer(talk, heard, since=conversation.heard_at)
    )
    keep(uow, conversation, state)
    return rendered(said)


def keep(uow: UnitOfWork, conversation: Conversation, state: State) -> None:
    """Write the state back by a statement of its own: the session's bookkeeping costs more than the turn's talk."""
    kept = state.to_json()
    where = {"at_account": conversation.account_id, "at_openid": conversation.openid}
    uow.session.connection().execute(KEEP, {"state": kept, "heard_at": uow.now, **where})
    set_committed_value(conversation, "state", kept)
    set_committed_value(conversation, "heard_at", uow.now)


def slowed(talk: Talk, heard: Heard) -> list[str] | None:
    """What to say to somebody who floods, or None; danger is never missed."""
    said = flood.slowed(talk.state, talk.uow.now) if heard.kind in flood.COUNTED else None
    if said and safety.is_going_on(talk):
        return None
    danger = safety.alarm(talk, talk.read(heard.text)) if said and heard.text else ""
    return [danger] if danger else said


def rendered(said: Sequence[str]) -> Spoken:
    """Put what is said into one passive reply as far as it fits; the rest follows as messages."""
    parts = pieces(harmless("\n\n".join(part for part in said if part)), PASSIVE_BYTES)
    return Spoken(parts[0], parts[1:]) if parts else Spoken("")


def say_later(
    uow: UnitOfWork, account_id: str, openid: str, words: Sequence[str], *, after: timedelta = AFTER_REPLY
) -> None:
    """Queue what did not fit into the passive reply, or could not be in it; "" is for nothing to say."""
    for text in filter(None, words):
        queue_message(
            uow, account_id=account_id, recipient=openid, text=harmless(text), why="reply", author=BOT,
            not_before=uow.now + after,
        )  # fmt: skip


def is_behind(uow: UnitOfWork, account_id: str, openid: str, key: str) -> bool:
    """Whether other messages of this person still wait for their turn: the one with this key queues behind them."""
    who = {"account_id": account_id, "openid": openid, "key": key}
    return uow.session.connection().execute(BEHIND, who).first() is not None


def hold_deferred(uow: UnitOfWork, account_id: str, sender: str) -> bool:
    """Hold the turns of everything this person said that could not be answered in time, in the order it came.

    What is said back goes out as messages. A message whose turn fails is given up with an apology, so that those
    behind it are not held up; the database's own trouble rises, and all of it is tried again. Returns whether there
    was anything.
    """
    account = voice(uow, account_id=account_id)
    conversation, contact = listen(uow, account_id, sender)
    waiting = select(Received).filter_by(account_id=account_id, sender=sender, state=ReceivedState.DEFERRED)
    held = uow.session.scalars(waiting.order_by(Received.received_at, Received.key).with_for_update()).all()
    for received in held:
        try:
            with uow.session.begin_nested():
                heard = Heard.from_json(received.content["said"])
                spoken = take_turn(uow, account, conversation, contact, heard)
                say_later(uow, account_id, sender, [part for part in (spoken.first, *spoken.later) if part])
                received.state, received.answer = ReceivedState.ANSWERED, ""
        except OperationalError:
            raise
        except Exception:
            log.exception("deferred turn failed", key=received.key, account=account_id)
            uow.session.refresh(conversation)
            say_later(uow, account_id, sender, [LATE_APOLOGY])
            received.state, received.answer = ReceivedState.FAILED, ""
            uow.emit(TurnFailed(account_id, received.key, received.sent_on.isoformat()))
        uow.session.flush()
    return bool(held)
