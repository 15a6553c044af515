"""Replaying what was received while the database was away: from the stream into the inbox, in order, once."""

from __future__ import annotations

from typing import Any

import structlog
from sqlalchemy.dialects.postgresql import insert

from bot import engine
from domain.kit.inbox import MessageDeferred, Received, ReceivedState
from domain.kit.personal import WrongKey
from domain.kit.spool import DEAD, FIELD, STREAM, SpooledMessage
from domain.kit.unit_of_work import UnitOfWork
from jobs.context import Jobs
from jobs.failures import place_of

AT_ONCE = 200

log = structlog.get_logger()


def replay(jobs: Jobs) -> int:
    """Take in what is spooled; returns how many entries were dealt with.

    An entry is deleted after the commit, so a crash in between repeats it, and the inbox knows repeats. Trouble with
    the database rises and leaves everything where it is.
    """
    entries: Any = jobs.valkey.xrange(STREAM, count=AT_ONCE)
    for name, fields in entries:
        sealed = fields.get(FIELD.encode(), b"")
        try:
            message = SpooledMessage.open(jobs.runtime.keyring, sealed)
        except (WrongKey, ValueError, TypeError, KeyError, IndexError) as error:
            jobs.valkey.rpush(DEAD, sealed)
            log.error("spooled message unreadable", entry=name.decode(), error=place_of(error))
        else:
            with jobs.runtime.transaction() as uow:
                take_in(uow, message)
        jobs.valkey.xdel(STREAM, name)
    return len(entries)


def take_in(uow: UnitOfWork, message: SpooledMessage) -> bool:
    """Write the message down as deferred, unless it is there already; False then.

    One that may have been answered just when the database went away gets its answer as a message: the push it
    belonged to was answered with 'success' only.
    """
    new = insert(Received).values(**message.row, answer=None, state=ReceivedState.DEFERRED)
    if uow.session.execute(new.on_conflict_do_nothing().returning(Received.key)).first() is None:
        if message.unsure:
            say_again(uow, message)
        return False
    uow.emit(MessageDeferred(message.account_id, message.key, message.sent_on.isoformat()))
    return True


def say_again(uow: UnitOfWork, message: SpooledMessage) -> None:
    """The answer kept for a message whose push never carried it."""
    received = uow.session.get_one(Received, (message.account_id, message.key, message.sent_on))
    if received.answer:
        engine.say_later(uow, message.account_id, message.sender, [received.answer])
