"""The states a message goes through on its way out. Two transactions a message, and the call between them.

`take_next` commits ``sending`` before anything is called; `finish` writes down what came of it. Whoever finds a
message ``sending`` for a minute knows that nobody knows whether it arrived: it is sent again once, by the same channel,
and marked, which happens to a message once. What a channel refused goes on to the next of its chain, in the same row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from domain.kit import live
from domain.kit.retry import MAX_ATTEMPTS, wait_after
from domain.kit.unit_of_work import UnitOfWork
from domain.notices import subscriptions
from domain.notices.channels import PATIENCE, Channel
from domain.notices.events import NoticeUndelivered
from domain.notices.forms import BUSY, Envelope, chat_written_to, envelope_of
from domain.notices.model import MessageState, OutgoingMessage
from domain.notices.queries import CRASHED_AFTER, OPEN, window_of

WAITING, SENDING, SENT, UNREACHABLE, DEAD, STALE = MessageState
BREATH = timedelta(seconds=30)
"""Between a call that timed out and its repeat: what did not answer now will not answer at once."""
TURN = timedelta(seconds=2)
"""Before somebody who is being sent a subscription message may be sent the next one."""
AGENT = "agent"
"""The ``why`` of what a member of staff writes: whoever has the chat open is told what became of it."""
NOBODY_KNOWS = "结果不明，已重发一次仍不明"
NO_CONSENT = 43101
TOO_LATE = "已过时，未发送"
LOOKED_AT = 50
"""Open messages of one person that are looked at for the next one."""


@dataclass(frozen=True)
class Taken:
    """A message that is ours to send, committed as ``sending``; ``attempt`` tells this try from a later one."""

    seq: int
    at: datetime
    attempt: int
    envelope: Envelope


def take_next(uow: UnitOfWork, account_id: str, recipient: str) -> Taken | None:
    """The recipient's first open message that may go now, if it is anybody's turn: not while another is being sent.

    What waits for a later try holds up what is behind it on its own channel. Those that may not be sent are marked, or
    put on their next channel, on the way.
    """
    rows = open_messages(uow, account_id, recipient)
    if any(row.state == SENDING and not is_left_behind(uow, row) for row in rows):
        return None
    for row in rows:
        if row.state == SENDING:
            unknown(row, uow.now)
            said_what_became(uow, row)
    held_up: set[str] = set()
    for row in rows:
        while row.state == WAITING and row.channel not in held_up:
            if row.not_before > uow.now:
                held_up.add(row.channel)
            elif (envelope := may_be_sent(uow, row)) is not None:
                row.state, row.sending_at = SENDING, uow.now
                row.attempts += 1
                return Taken(row.seq, row.at, row.attempts, envelope)
    return None


def open_messages(uow: UnitOfWork, account_id: str, recipient: str) -> Sequence[OutgoingMessage]:
    """Locked, in order, so that whoever else is about to send to this person waits. Those of quiet hours are left out."""
    found = (
        select(OutgoingMessage)
        .where(
            OutgoingMessage.account_id == account_id,
            OutgoingMessage.recipient == recipient,
            OutgoingMessage.state.in_(OPEN),
            or_(OutgoingMessage.held_until.is_(None), OutgoingMessage.held_until <= uow.now),
        )
        .order_by(OutgoingMessage.seq)
        .limit(LOOKED_AT)
        .with_for_update()
    )
    return uow.session.scalars(found.execution_options(populate_existing=True)).all()


def is_left_behind(uow: UnitOfWork, message: OutgoingMessage) -> bool:
    """Whether the sender is gone."""
    return not (message.sending_at and message.sending_at > uow.now - CRASHED_AFTER)


def may_be_sent(uow: UnitOfWork, message: OutgoingMessage) -> Envelope | None:
    """What to hand to the channel; None when it may not go that way, which is written down."""
    if message.stale_at and message.stale_at <= uow.now and not message.resent:
        message.state, message.error = STALE, TOO_LATE
        return None
    if chat := [*chat_written_to(message)]:
        window = window_of(uow, *chat)
        if not window.left:
            go_on(uow, message, window.reason, or_else=UNREACHABLE)
            return None
    envelope = envelope_of(uow, message)
    if isinstance(envelope, Envelope):
        message.to_account_id, message.to_openid = envelope.elsewhere
        return envelope
    if envelope == BUSY:
        message.not_before = uow.now + TURN
        return None
    go_on(uow, message, envelope, or_else=UNREACHABLE)
    return None


def go_on(uow: UnitOfWork, message: OutgoingMessage, error: str, *, or_else: MessageState) -> None:
    """It did not arrive by this channel and never will: the next one, or the end. A marked one goes on as well: told twice
    is better than not at all, and it is on record."""
    message.error = error
    if not message.chain:
        message.state = or_else
        said_what_became(uow, message)
        return
    message.tried = [*message.tried, line(uow, message, error)]
    message.channel, *rest = message.chain
    message.chain, message.state = rest, WAITING
    message.attempts, message.not_before = 0, uow.now


def line(uow: UnitOfWork, message: OutgoingMessage, error: str) -> dict[str, Any]:
    return {"channel": message.channel, "at": uow.now.isoformat(), "error": error}


def said_what_became(uow: UnitOfWork, message: OutgoingMessage) -> None:
    """Let others know that a notice came to nobody."""
    if message.forms is not None and message.state in (UNREACHABLE, DEAD):
        uow.emit(NoticeUndelivered(message.seq, message.at.isoformat(), message.why, message.subject_id or ""))


def unknown(message: OutgoingMessage, again_at: datetime) -> None:
    """Nobody knows whether it arrived: once more, then never."""
    if message.resent:
        message.state, message.error = DEAD, NOBODY_KNOWS
    else:
        message.state, message.resent, message.not_before = WAITING, True, again_at


def finish(uow: UnitOfWork, taken: Taken, then: Callable[[OutgoingMessage], None]) -> bool:
    """Write down what came of the call. False when somebody else took the message over meanwhile."""
    message = uow.session.get(OutgoingMessage, (taken.seq, taken.at), with_for_update=True, populate_existing=True)
    same_try = message is not None and (message.attempts, message.channel) == (taken.attempt, taken.envelope.channel)
    if message is None or message.state != SENDING or not same_try:
        return False
    then(message)
    if message.why == AGENT and message.subject_id:
        live.chat_changed(uow, message.subject_id, message.author.partition(":")[2])
    return True


def sent(uow: UnitOfWork, taken: Taken, platform_id: str = "") -> bool:
    """It arrived, or the platform took it and will say under this id when it did not (`domain.notices.undelivered`)."""

    def then(message: OutgoingMessage) -> None:
        message.state, message.sent_at, message.error = SENT, uow.now, None
        message.platform_id = platform_id or message.platform_id

    return finish(uow, taken, then)


def try_later(uow: UnitOfWork, taken: Taken, words: str, wait: timedelta | None, chance: Callable[[], float]) -> bool:
    """It did not arrive, and may later: after ``wait``, or by the usual rhythm; by another channel rather than much later.

    Dead after the last attempt.
    """

    def then(message: OutgoingMessage) -> None:
        give_back(uow, taken)
        pause = wait or wait_after(message.attempts, chance)
        much_later = pause > PATIENCE and (message.chain or is_over_by(message, uow.now + pause))
        if message.attempts >= MAX_ATTEMPTS or much_later:
            go_on(uow, message, words, or_else=DEAD)
        if message.state == SENDING:
            message.state, message.error, message.not_before = WAITING, words, uow.now + pause

    return finish(uow, taken, then)


def is_over_by(message: OutgoingMessage, then: datetime) -> bool:
    """Whether it will not be worth sending by then: somebody should know now, not when it is too late to call."""
    return message.stale_at is not None and message.stale_at <= then


def outcome_unknown(uow: UnitOfWork, taken: Taken) -> bool:
    """The connection was lost after the message went out: it may have arrived."""

    def then(message: OutgoingMessage) -> None:
        unknown(message, uow.now + BREATH)
        said_what_became(uow, message)

    return finish(uow, taken, then)


def window_closed(uow: UnitOfWork, taken: Taken, words: str, code: int = 0) -> bool:
    """The platform says that this person cannot be written to now; in the case of 43101, that they have not agreed to it."""

    def then(message: OutgoingMessage) -> None:
        letter = taken.envelope
        if letter.channel is Channel.SUBSCRIPTION and code == NO_CONSENT:
            subscriptions.used_up(uow, letter.account_id, letter.recipient, letter.template_id, taken.seq)
        else:
            give_back(uow, taken)
        go_on(uow, message, words, or_else=UNREACHABLE)

    return finish(uow, taken, then)


def failed_for_good(uow: UnitOfWork, taken: Taken, words: str) -> bool:
    """This channel will never take it: a person should look."""

    def then(message: OutgoingMessage) -> None:
        give_back(uow, taken)
        go_on(uow, message, words, or_else=DEAD)

    return finish(uow, taken, then)


def give_back(uow: UnitOfWork, taken: Taken) -> None:
    """The call was refused: the consent that was taken for it is the person's again."""
    letter = taken.envelope
    if letter.channel is Channel.SUBSCRIPTION:
        subscriptions.give_back(uow, letter.account_id, letter.recipient, letter.template_id, taken.seq)
