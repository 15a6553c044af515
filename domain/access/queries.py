"""Looking up the staff list and the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_

from domain.access.model import Staff, TrailEntry
from domain.kit.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class TrailSearch:
    """What to look for in the audit trail; an empty field does not narrow. Times are ``[since, until)``."""

    actor: str = ""
    """As `Actor` writes itself, or the beginning of it: ``staff:st_…``, ``customer:``."""
    action: str = ""
    """``order.cancel``, or the beginning of it: ``order.``."""
    subject_kind: str = ""
    subject_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class TrailPage:
    """``after`` is what to ask for the next page with, None at the end."""

    entries: Sequence[TrailEntry]
    after: tuple[datetime, int] | None


def staff_list(uow: UnitOfWork) -> Sequence[Staff]:
    """Everybody, those let in first."""
    return uow.session.scalars(select(Staff).order_by(Staff.disabled_at.isnot(None), Staff.username)).all()


def names_of(uow: UnitOfWork, actors: Iterable[str]) -> dict[str, str]:
    """The names of the members of staff among these actors (``staff:st_…``), in one query."""
    ids = {actor.removeprefix("staff:") for actor in actors if actor.startswith("staff:")}
    if not ids:
        return {}
    rows = uow.session.execute(select(Staff.id, Staff.display_name).where(Staff.id.in_(ids)))
    return {f"staff:{id_}": name for id_, name in rows}


def search_trail(
    uow: UnitOfWork, search: TrailSearch, *, after: tuple[datetime, int] | None = None, limit: int = 50
) -> TrailPage:
    """The trail, newest first, a page at a time."""
    found = select(TrailEntry)
    if search.actor:
        found = found.where(TrailEntry.actor.startswith(search.actor, autoescape=True))
    if search.action:
        found = found.where(TrailEntry.action.startswith(search.action, autoescape=True))
    if search.subject_kind:
        found = found.where(TrailEntry.subject_kind == search.subject_kind)
    if search.subject_id:
        found = found.where(TrailEntry.subject_id == search.subject_id)
    if search.since:
        found = found.where(TrailEntry.at >= search.since)
    if search.until:
        found = found.where(TrailEntry.at < search.until)
    if after:
        found = found.where(tuple_(TrailEntry.at, TrailEntry.id) < after)
    rows = uow.session.scalars(found.order_by(TrailEntry.at.desc(), TrailEntry.id.desc()).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return TrailPage(rows[:limit], (last.at, last.id) if last else None)
