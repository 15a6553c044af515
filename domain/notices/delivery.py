"""The states a message goes through on its way out. Two transactions a message, and the call between them.

`take_next` commits ``sending`` before anything is called; `finish` writes down what came of it. Whoever finds a
message ``sending`` for a minute knows that nobody knows whether it arrived: it is sent again once, and marked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from domain.kit import live
from domain.kit.retry import MAX_ATTEMPTS, wait_after
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.model import MessageState, OutgoingMessage
from domain.notices.queries import CRASHED_AFTER, OPEN, window_of

WAITING, SENDING, SENT, UNREACHABLE, DEAD = MessageState
BREATH = timedelta(seconds=30)
"""Between a call that timed out and its repeat: what did not answer now will not answer at once."""
AGENT = "agent"
"""The ``why`` of what a member of staff writes: whoever has the chat open is told what became of it."""
NOBODY_KNOWS = "结果不明，已重发一次仍不明"


@dataclass(frozen=True)
class Taken:
    """A message that is ours to send, committed as ``sending``; ``attempt`` tells this try from a later one."""

    seq: int
    at: datetime
    attempt: int
    text: str


def take_next(uow: UnitOfWork, account_id: str, recipient: str) -> Taken | None:
    """The recipient's first open message, if it is anybody's turn to send it: not while another is being sent.

    Those that may not be sent are marked on the way and let the next ones pass.
    """
    first = (
        select(OutgoingMessage)
        .where(
            OutgoingMessage.account_id == account_id,
            OutgoingMessage.recipient == recipient,
            OutgoingMessage.state.in_(OPEN),
        )
        .order_by(OutgoingMessage.seq)
        .limit(1)
        .with_for_update()
    )
    while message := uow.session.scalars(first).one_or_none():
        if message.state == SENDING and not taken_over(uow, message):
            return None
        if message.state == WAITING and message.not_before > uow.now:
            return None
        if message.state in OPEN and may_be_sent(uow, message):
            message.state, message.sending_at = SENDING, uow.now
            message.attempts += 1
            return Taken(message.seq, message.at, message.attempts, message.text)
        uow.session.flush()
    return None


def taken_over(uow: UnitOfWork, message: OutgoingMessage) -> bool:
    """Whether the sender is gone, and the message now ours: to be sent again, or dead when that was done before."""
    if message.sending_at and message.sending_at > uow.now - CRASHED_AFTER:
        return False
    unknown(message, uow.now)
    return True


def may_be_sent(uow: UnitOfWork, message: OutgoingMessage) -> bool:
    window = window_of(uow, message.account_id, message.recipient)
    if not window.left:
        message.state, message.error = UNREACHABLE, window.reason
    return window.left > 0


def unknown(message: OutgoingMessage, again_at: datetime) -> None:
    """Nobody knows whether it arrived: once more, then never."""
    if message.resent:
        message.state, message.error = DEAD, NOBODY_KNOWS
    else:
        message.state, message.resent, message.not_before = WAITING, True, again_at


def finish(uow: UnitOfWork, taken: Taken, then: Callable[[OutgoingMessage], None]) -> bool:
    """Write down what came of the call. False when somebody else took the message over meanwhile."""
    message = uow.session.get(OutgoingMessage, (taken.seq, taken.at), with_for_update=True, populate_existing=True)
    if message is None or message.state != SENDING or message.attempts != taken.attempt:
        return False
    then(message)
    if message.why == AGENT and message.subject_id:
        live.chat_changed(uow, message.subject_id, message.author.partition(":")[2])
    return True


def sent(uow: UnitOfWork, taken: Taken) -> bool:
    """It arrived."""

    def then(message: OutgoingMessage) -> None:
        message.state, message.sent_at, message.error = SENT, uow.now, None

    return finish(uow, taken, then)


def try_later(uow: UnitOfWork, taken: Taken, words: str, wait: timedelta | None, chance: Callable[[], float]) -> bool:
    """It did not arrive, and may later: after ``wait``, or by the usual rhythm. Dead after the last attempt."""

    def then(message: OutgoingMessage) -> None:
        message.error = words
        if message.attempts >= MAX_ATTEMPTS:
            message.state = DEAD
        else:
            message.state = WAITING
            message.not_before = uow.now + (wait or wait_after(message.attempts, chance))

    return finish(uow, taken, then)


def outcome_unknown(uow: UnitOfWork, taken: Taken) -> bool:
    """The connection was lost after the message went out: it may have arrived."""
    return finish(uow, taken, lambda message: unknown(message, uow.now + BREATH))


def window_closed(uow: UnitOfWork, taken: Taken, words: str) -> bool:
    """The platform says that this person cannot be written to now."""

    def then(message: OutgoingMessage) -> None:
        message.state, message.error = UNREACHABLE, words

    return finish(uow, taken, then)


def failed_for_good(uow: UnitOfWork, taken: Taken, words: str) -> bool:
    """The platform will never take it: a person should look."""

    def then(message: OutgoingMessage) -> None:
        message.state, message.error = DEAD, words

    return finish(uow, taken, then)
