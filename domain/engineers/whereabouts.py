"""Where engineers are and what they are doing (C6): one row each, written over; no track is kept.

What somebody is doing follows from visits, shifts and leave, which are later subjects: `domain.dispatch.whereabouts` says it.
A position comes from departing and checking in, which are part of the work; from the app in between only with consent.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from domain.access import trail
from domain.engineers.model import Engineer, LastPosition
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.regions.positions import Position

CHECK_IN, DEPARTURE, APP = "check_in", "departure", "app"
HOWS = frozenset({CHECK_IN, DEPARTURE, APP})


class NotAgreed(Refused):
    """The engineer has not agreed to being located while at work."""

    code = "not_agreed"


@dataclass(frozen=True)
class LastSeen:
    """Where somebody was at a moment; ``how`` is one of `HOWS`."""

    position: Position
    at: datetime
    how: str


def note_position(uow: UnitOfWork, engineer_id: str, position: Position, how: str, *, by: Actor) -> None:
    """Write down where the engineer is now, over what was there.

    :raises NotAgreed: it comes from the app and the engineer has not agreed; :raises ValueError: no such ``how``
    """
    if how not in HOWS:
        raise ValueError(f"{how} is no way to learn a position")
    engineer = uow.get(Engineer, engineer_id, called="这位工程师")
    if how == APP and engineer.position_agreed_at is None:
        raise NotAgreed("您没有同意上报位置")
    values = {"position": position.to_json(), "at": uow.now, "how": how}
    row = insert(LastPosition).values(engineer_id=engineer_id, **values)
    # Two transactions at once: the newer one stays.
    newer = LastPosition.at <= row.excluded.at
    uow.session.execute(row.on_conflict_do_update(index_elements=["engineer_id"], set_=values, where=newer))
    if how != APP:  # the app says it every minute: the trail is not a track
        trail.record(uow, by, "engineer.position", "engineer", engineer_id, how=how)


def agree_to_positions(uow: UnitOfWork, engineer_id: str, yes: bool, *, by: Actor) -> Engineer:
    """The engineer's own yes or no; a no also forgets what the app said."""
    engineer = uow.get(Engineer, engineer_id, called="这位工程师", lock=True)
    engineer.position_agreed_at = uow.now if yes else None
    if not yes:
        uow.session.execute(delete(LastPosition).filter_by(engineer_id=engineer_id, how=APP))
    trail.record(uow, by, "engineer.position_agreed", "engineer", engineer_id, yes=yes)
    return engineer


def last_seen(uow: UnitOfWork, engineer_ids: Collection[str]) -> dict[str, LastSeen]:
    """Of those who were seen at all, in one query. What the app said counts only while the engineer agrees."""
    rows = uow.session.execute(
        select(LastPosition.engineer_id, LastPosition.position, LastPosition.at, LastPosition.how)
        .join(Engineer, Engineer.id == LastPosition.engineer_id)
        .where(
            LastPosition.engineer_id.in_(engineer_ids),
            (LastPosition.how != APP) | Engineer.position_agreed_at.is_not(None),
        )
    )
    return {who: LastSeen(Position.from_json(position), at, how) for who, position, at, how in rows}
