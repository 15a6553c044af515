"""The lock on an engineer's day: taken by whoever fills it, empties it, or changes the hours it stands on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from domain.capacity.model import EngineerDay, Reservation, ReservationState
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork

HELD, RELEASED = ReservationState.HELD, ReservationState.RELEASED


def day_of(at: datetime) -> date:
    """The day at the customers' place."""
    return at.astimezone(SHANGHAI).date()


def lock_days(uow: UnitOfWork, days: Iterable[tuple[str, date]]) -> None:
    """Lock several days in the one order everybody keeps to. Whoever touches more than one says so first: else two who
    swap days wait for each other, and the database ends one of them."""
    for engineer_id, day in sorted(set(days)):
        lock_day(uow, engineer_id, day)


def lock_day(uow: UnitOfWork, engineer_id: str, day: date) -> EngineerDay:
    """The day's row, made if there is none, locked; void holds of it are released."""
    most = uow.session.scalar(select(Engineer.daily_maximum).where(Engineer.id == engineer_id)) or 0
    row = {"engineer_id": engineer_id, "day": day, "taken": 0, "most": most}
    uow.session.execute(insert(EngineerDay).values(row).on_conflict_do_nothing())
    found = uow.get(EngineerDay, (engineer_id, day), called="这一天", lock=True)
    void = uow.session.execute(
        update(Reservation)
        .where(
            Reservation.engineer_id == engineer_id, Reservation.day == day,
            Reservation.state == HELD, Reservation.expires_at <= uow.now,
        )
        .values(state=RELEASED)
        .returning(Reservation.id)
    ).all()  # fmt: skip
    if void:
        found.taken -= len(void)
        uow.session.flush()
    return found
