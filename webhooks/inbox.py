"""Everything received is written down once, with what was answered; a repeat gets the same answer, word for word.

`once` is the whole promise (architecture.md, "Inbox"): first the row, then the turn behind a savepoint and against the
clock, then one commit. What cannot be answered in time is kept as deferred, and `jobs` holds its turn later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event
from typing import cast

import structlog
from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.kit.inbox import MessageDeferred, Received, ReceivedState, TurnFailed
from domain.kit.spool import SpooledMessage
from domain.kit.unit_of_work import Runtime, UnitOfWork
from webhooks import budget
from webhooks.spool import Spool

log = structlog.get_logger()

APOLOGY = "抱歉，刚才出了点问题，没能处理好。您的消息已经记下，客服会查看；也可以稍后再发一次，或回复“人工”。"


class NoEntrance(Exception):
    """An earlier turn of the same person held the conversation for as long as this one may take."""


@dataclass(frozen=True)
class Turn:
    """What a door gives `once`: ``enter`` locks the conversation and says whether it is free to go on (False: earlier
    messages still wait), ``hold`` takes the turn and returns the words answered, ``apologise`` the words after a turn
    that failed."""

    enter: Callable[[UnitOfWork], bool]
    hold: Callable[[UnitOfWork], str]
    apologise: Callable[[UnitOfWork], str] = lambda uow: APOLOGY


RECEIVED = cast(Table, Received.__table__)
HERE = tuple(RECEIVED.c[name] == bindparam(f"at_{name}") for name in ("account_id", "key", "sent_on"))
# Built once: putting a statement together costs more than the database needs for it.
# With the row the turn's time begins: the database is told in the same breath.
TURN_MS = str(int(budget.TURN * 1000))
BEGIN_TURN = (func.set_config("statement_timeout", TURN_MS, True), func.set_config("lock_timeout", TURN_MS, True))
WRITE = insert(RECEIVED).on_conflict_do_nothing().returning(RECEIVED.c.key, *BEGIN_TURN)
SEEN = select(RECEIVED.c.answer).where(*HERE)
ANSWER = update(RECEIVED).where(*HERE)


def place(message: SpooledMessage) -> dict[str, object]:
    """The parameters of `HERE`."""
    return {"at_account_id": message.account_id, "at_key": message.key, "at_sent_on": message.sent_on}


def once(runtime: Runtime, spool: Spool, message: SpooledMessage, turn: Turn) -> str:
    """Handle a message the first time it comes; give a repeat the same answer again. "" is for nothing to say.

    :raises SpoolFailed: it could not be written down anywhere
    """
    if spool.is_ahead():
        spool.put(message)
        return ""
    committing = Event()
    try:
        return in_the_database(runtime, message, turn, committing)
    except NoEntrance:
        return put_off(runtime, message)
    except budget.Overrun:
        log.warning("twin timed out", key=message.key)
    except Exception as error:
        if not budget.is_away(error):
            raise
        log.error("database away", key=message.key, error=type(error).__name__)
        spool.rest()
    spool.put(replace(message, unsure=committing.is_set()))
    return ""


def in_the_database(runtime: Runtime, message: SpooledMessage, turn: Turn, committing: Event) -> str:
    """Hold the turn, or find the answer of the first delivery. ``committing`` is set when only the commit is left."""
    with runtime.transaction() as uow:
        if write_down(uow, message):
            answer, state = answered(uow, message, turn)
            finish(uow, message, answer, state)
            uow.session.flush()
            committing.set()
            return answer or ""
        return uow.session.connection().execute(SEEN, place(message)).scalar_one() or ""


def write_down(uow: UnitOfWork, message: SpooledMessage) -> bool:
    """Insert the row; False for a repeat. While a twin is being answered this waits for it."""
    row = {**message.row, "answer": None, "state": ReceivedState.DEFERRED}
    with budget.within(uow.session, budget.TWIN):
        return uow.session.connection().execute(WRITE, row).first() is not None


def answered(uow: UnitOfWork, message: SpooledMessage, turn: Turn) -> tuple[str | None, ReceivedState]:
    """Hold the turn within its time; whatever goes wrong undoes the turn, not the row."""
    session = uow.session
    try:
        with budget.within(session, budget.TURN) as deadline:
            if not turn.enter(uow):
                return deferred(uow, message)
    except budget.Overrun as overrun:
        raise NoEntrance from overrun
    try:
        # The conversation is locked by now, and stays so when the turn is undone: nobody overtakes a deferred message.
        with session.begin_nested(), budget.resumed(session, deadline):
            answer = turn.hold(uow)
            session.flush()
    except budget.Overrun:
        return deferred(uow, message)
    except Exception as error:
        if budget.is_away(error):
            raise
        log.exception("turn failed", key=message.key, account=message.account_id)
        uow.emit(TurnFailed(message.account_id, message.key, message.sent_on.isoformat()))
        return turn.apologise(uow), ReceivedState.FAILED
    return answer, ReceivedState.ANSWERED


def put_off(runtime: Runtime, message: SpooledMessage) -> str:
    """Write a message down that did not get the conversation in time: its transaction is lost, and begins anew."""
    with runtime.transaction() as uow:
        if write_down(uow, message):
            deferred(uow, message)
            return ""
        return uow.session.connection().execute(SEEN, place(message)).scalar_one() or ""


def deferred(uow: UnitOfWork, message: SpooledMessage) -> tuple[None, ReceivedState]:
    """Written down, to be answered by messages later."""
    log.warning("turn deferred", key=message.key)
    uow.emit(MessageDeferred(message.account_id, message.key, message.sent_on.isoformat()))
    return None, ReceivedState.DEFERRED


def finish(uow: UnitOfWork, message: SpooledMessage, answer: str | None, state: ReceivedState) -> None:
    """Keep the answer with the row; a deferred one is as it was inserted."""
    if state is ReceivedState.DEFERRED:
        return
    uow.session.connection().execute(ANSWER, {**place(message), "answer": answer, "state": state})
