"""Where engineers are and what they are at."""

from __future__ import annotations

from domain.engineers.model import LastPosition
from domain.kit.actors import Actor
from domain.kit.unit_of_work import UnitOfWork
from domain.regions.positions import Position


def note_position(uow: UnitOfWork, engineer_id: str, position: Position, *, how: str, by: Actor) -> None:
    """Keep where an engineer was last: one row each, written over; no track is kept."""
    row = uow.session.get(LastPosition, engineer_id)
    if row is None:
        row = LastPosition(engineer_id=engineer_id)
        uow.session.add(row)
    row.position, row.at, row.how = position.to_json(), uow.now, how
