"""What a visit really took: when it is over, its reservation ends then, so that the rest of the engineer's day is true."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import func, select

from domain.access import trail
from domain.capacity.events import RoomMade
from domain.capacity.model import Reservation, ReservationState
from domain.capacity.operations import locked
from domain.kit.actors import Actor
from domain.kit.unit_of_work import UnitOfWork

ONE = timedelta(minutes=1)
LONGEST = timedelta(hours=12)
"""Nobody works longer at one place: what ends later was only written down later."""


def close_time(uow: UnitOfWork, reservation_id: str, ended_at: datetime, *, by: Actor) -> None:
    """End the time kept for a visit when the visit ended: earlier gives the rest back, later takes what lies free before
    whatever comes next. It still counts as one of the day's visits. What is released already stays so.
    """
    kept = locked(uow, reservation_id)
    ends = min(ended_at, kept.starts_at + LONGEST)
    following = select(func.min(Reservation.leaves_at)).where(
        Reservation.engineer_id == kept.engineer_id, Reservation.id != kept.id,
        Reservation.state != ReservationState.RELEASED, Reservation.leaves_at >= kept.ends_at,
    )  # fmt: skip
    free_until = uow.session.scalar(following)
    ends = min(ends, free_until) if free_until else ends
    if ends <= kept.starts_at:  # over before it was to begin: the day only remembers that it was
        kept.leaves_at, ends = kept.starts_at, kept.starts_at + ONE
    if kept.state is ReservationState.RELEASED or ends == kept.ends_at:
        return
    was, kept.ends_at = kept.ends_at, ends
    kept.minutes = max(1, ceil((ends - kept.starts_at) / ONE))
    uow.session.flush()
    trail.record(
        uow, by, "capacity.close", "work_order", kept.work_order_id, engineer=kept.engineer_id, reservation=kept.id,
        minutes=kept.minutes,
    )  # fmt: skip
    if ends < was and was > uow.now:
        uow.emit(RoomMade(kept.engineer_id, kept.day.isoformat()))
