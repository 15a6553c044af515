"""Replaying what was received while the database was away: from the stream into the inbox, in order, once."""

from __future__ import annotations

from typing import Any

import structlog
from sqlalchemy.dialects.postgresql import insert

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
    """Write the message down as deferred, unless it came by another way meanwhile."""
    new = insert(Received).values(
        account_id=message.account_id, key=message.key, sent_on=message.sent_on, sender=message.sender,
        received_at=message.received_at, trigger=message.trigger, content=message.content, answer=None,
        state=ReceivedState.DEFERRED,
    )  # fmt: skip
    if uow.session.execute(new.on_conflict_do_nothing().returning(Received.key)).first() is None:
        return False
    uow.emit(MessageDeferred(message.account_id, message.key, message.sent_on.isoformat()))
    return True
