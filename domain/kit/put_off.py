"""Rows whose turn failed, put off for a while: they stand before nobody, and are not forgotten.

For work that is found by looking: what is due leaves out what is put off (`is_not`), whoever does it says how it went. To use it
for something more, give it a name and ask in its query.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from domain.kit.retry import wait_after
from domain.kit.tables import Table
from domain.kit.unit_of_work import UnitOfWork


class PutOff(Table):
    """``what`` is the name of the work, ``id`` the row's."""

    __tablename__ = "put_offs"

    what: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    until: Mapped[datetime]


def is_not(uow: UnitOfWork, what: str, id_: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """For the query of what is due."""
    return ~exists().where(PutOff.what == what, PutOff.id == id_, PutOff.until > uow.now)


def put_off(uow: UnitOfWork, what: str, id_: str, chance: Callable[[], float]) -> None:
    """It failed: again after seconds, then minutes, then an hour, for ever."""
    row = uow.session.get(PutOff, (what, id_), with_for_update=True)
    if row is None:
        row = PutOff(what=what, id=id_, failures=0, until=uow.now)
        uow.session.add(row)
    row.failures += 1
    row.until = uow.now + wait_after(row.failures, chance)
    uow.session.flush()


def went_well(uow: UnitOfWork, what: str, id_: str) -> None:
    """In the transaction of the work."""
    uow.session.execute(delete(PutOff).where(PutOff.what == what, PutOff.id == id_))
