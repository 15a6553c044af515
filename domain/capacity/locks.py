"""The lock on an engineer's day: taken by whoever fills it, empties it, or changes the hours it stands on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Date, Text, bindparam, exists, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm.util import identity_key

from domain.capacity.model import EngineerDay, Reservation, ReservationState
from domain.engineers.model import Engineer
from domain.kit.errors import NotFound
from domain.kit.tables import Instant
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork

RELEASED = ReservationState.RELEASED
WHO, DAY, NOW = bindparam("who", type_=Text), bindparam("on", type_=Date), bindparam("now", type_=Instant)
VOID = (
    Reservation.engineer_id == WHO,
    Reservation.day == DAY,
    Reservation.state == literal_column("'held'"),
    Reservation.expires_at <= NOW,
)
LOCKED = (
    select(EngineerDay, exists().where(*VOID))
    .where(EngineerDay.engineer_id == WHO, EngineerDay.day == DAY)
    .with_for_update(of=EngineerDay)
)
VOID_RELEASED = (
    update(Reservation)
    .where(*VOID)
    .values(state=RELEASED)
    .returning(Reservation.id)
    .execution_options(dml_strategy="core_only")
)


def day_of(at: datetime) -> date:
    """The day at the customers' place."""
    return at.astimezone(SHANGHAI).date()


def lock_days(uow: UnitOfWork, days: Iterable[tuple[str, date]]) -> None:
    """Lock several days in the one order everybody keeps to. Whoever touches more than one says so first: else two who
    swap days wait for each other, and the database ends one of them."""
    for engineer_id, day in sorted(set(days)):
        lock_day(uow, engineer_id, day)


def lock_day(uow: UnitOfWork, engineer_id: str, day: date) -> EngineerDay:
    """The day's row, made if there is none, locked; void holds of it are released.

    Whether there are any is asked along with the lock: a hold that is void by now was so before anybody waited for it.
    """
    values = {"who": engineer_id, "on": day, "now": uow.now}
    row = uow.session.execute(LOCKED, values, execution_options={"populate_existing": True}).first()
    if row is None:
        most = uow.session.scalar(select(Engineer.daily_maximum).where(Engineer.id == engineer_id)) or 0
        new = insert(EngineerDay).values(engineer_id=engineer_id, day=day, taken=0, most=most)
        uow.session.execute(new.on_conflict_do_nothing())
        row = uow.session.execute(LOCKED, values, execution_options={"populate_existing": True}).first()
    if row is None:
        raise NotFound("没有找到这一天")
    found: EngineerDay = row[0]
    if row[1]:
        void = uow.session.scalars(VOID_RELEASED, values).all()
        forget(uow, void, "state")
        found.taken -= len(void)
        uow.session.flush()
    return found


def forget(uow: UnitOfWork, ids: Iterable[str], *names: str) -> None:
    """These reservations were changed past the session: what it knows of them is read anew."""
    for id_ in ids:
        if (known := uow.session.identity_map.get(identity_key(Reservation, id_))) is not None:
            uow.session.expire(known, names)
