"""The one object handed around: it holds the transaction and knows what time it is.

`Runtime.transaction` is the only place in the program that commits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session, sessionmaker

from domain.kit.errors import NotFound
from domain.kit.events import Event
from domain.kit.outbox import OutboxRow
from domain.kit.personal import Keyring

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The time zone of everybody we serve: instants are UTC inside and shown in this one."""

T = TypeVar("T")


@dataclass
class UnitOfWork:
    """One unit of work: a session, one fixed moment, a source of ids, and a way to tell the world afterwards."""

    session: Session
    now: datetime
    new_id: Callable[[str], str]
    keyring: Keyring

    @property
    def today(self) -> date:
        """The day it is for the people we serve."""
        return self.now.astimezone(SHANGHAI).date()

    def emit(self, event: Event) -> None:
        """Record a fact. It leaves this process only if the transaction commits."""
        self.session.add(OutboxRow(kind=type(event).__name__, body=event.to_json(), at=self.now))

    def get(self, kind: type[T], key: object, *, called: str, lock: bool = False) -> T:
        """Load one row by its key, locked for change when ``lock``: against whoever locks or changes it, not against rows that
        only point at it (FOR NO KEY UPDATE), else who holds an order and wants its bill meets who books that bill's money.

        :raises NotFound: there is none; ``called`` names the thing in the person's words
        """
        found = self.session.get(
            kind, key, with_for_update={"key_share": True} if lock else None, populate_existing=lock
        )
        if found is None:
            raise NotFound(f"没有找到{called}")
        return found


@dataclass(frozen=True)
class Runtime:
    """What the program runs on: where sessions, time, ids and keys come from. Built by `adapters.runtime`."""

    sessions: sessionmaker[Session]
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]
    keyring: Keyring

    @contextmanager
    def transaction(self) -> Iterator[UnitOfWork]:
        """Commit on leaving, roll back on any exception. The only commit in the program."""
        with self.sessions.begin() as session:
            yield UnitOfWork(session, self.clock(), self.new_id, self.keyring)
