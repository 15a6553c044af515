"""Putting rows that hold from a day to a day: what changed, what overlaps, what ends sooner than it did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, Refused
from domain.kit.tables import Table
from domain.kit.unit_of_work import UnitOfWork


class BadNetwork(Refused):
    """What was said about a provider, a station, an engineer or the grid cannot be; the words say what."""

    code = "bad_network"


def bring(uow: UnitOfWork, thing: Table, values: Mapping[str, object], *, by: Actor, action: str, kind: str) -> bool:
    """Give a thing these values; False when it had them already, and then nothing is on record.

    :raises Conflict: the code of a new one is taken
    """
    new = inspect(thing).transient
    changed = sorted(name for name, value in values.items() if new or getattr(thing, name) != value)
    for name in changed:
        setattr(thing, name, values[name])
    if new:
        add(uow, thing)
    uow.session.flush()
    if changed or new:
        key = str(inspect(thing).mapper.primary_key_from_instance(thing)[0])
        trail.record(uow, by, action, kind, key, new=new, fields=[] if new else changed)
    return bool(changed or new)


def add(uow: UnitOfWork, thing: Table) -> None:
    """Insert a thing whose code may be taken: by somebody who was first, or where one may not look.

    :raises Conflict: it is
    """
    try:
        with uow.session.begin_nested():
            uow.session.add(thing)
    except IntegrityError as refused:
        if "uq_" not in str(refused.orig):
            raise
        raise Conflict("这个代码已经有了") from refused


def ends_sooner(before: date | None, after: date | None) -> bool:
    return after is not None and (before is None or after < before)


def meet(since: date, until: date | None, other_since: date, other_until: date | None) -> bool:
    """Whether two spans of days share one; ``until`` is exclusive."""
    return (other_until is None or since < other_until) and (until is None or other_since < until)


def check_named(code: str, name: str) -> None:
    if not code.strip() or not name.strip():
        raise BadNetwork("代码和名称都要填写")


def check_days(since: date, until: date | None) -> None:
    if until is not None and until <= since:
        raise BadNetwork(f"结束日期应晚于开始日期 {since}")
