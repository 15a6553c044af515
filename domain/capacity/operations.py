"""Taking and giving back engineers' time. Whoever fills or empties a day locks its `EngineerDay` row first.

The exclusion constraint and the check on ``engineer_days`` are the last line: what they refuse is `NoRoom` like the rest.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import ARRAY, Text, bindparam, column, func, select, text, update
from sqlalchemy.exc import IntegrityError

from domain.access import trail
from domain.capacity.day import Day, Fit, Wanted, fit, why_not
from domain.capacity.events import RoomMade
from domain.capacity.locks import day_of, forget, lock_day, lock_days
from domain.capacity.model import EngineerDay, Reservation, ReservationState
from domain.capacity.queries import days_of
from domain.capacity.rosters import end_leave, end_shift, put_shift, raise_maximum, take_leave
from domain.capacity.travel import ROADS, Travel
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.tables import Instant
from domain.kit.unit_of_work import UnitOfWork
from domain.regions.positions import Position
from domain.work_orders.model import WorkOrder
from domain.work_orders.places import place_of

ONE = timedelta(days=1)
HELD, BOOKED, RELEASED = ReservationState
DEFER = text("SET CONSTRAINTS ex_reservations_two_places DEFERRED")
CHECK = text("SET CONSTRAINTS ex_reservations_two_places IMMEDIATE")
ANEW = func.unnest(
    bindparam("ids", type_=ARRAY(Text)), bindparam("leaves", type_=ARRAY(Instant)),
    bindparam("starts", type_=ARRAY(Instant)), bindparam("ends", type_=ARRAY(Instant)),
).table_valued("id", column("leaves", Instant), column("starts", Instant), column("ends", Instant), name="anew").render_derived()  # fmt: skip
PUT_ANEW = (
    update(Reservation)
    .where(Reservation.id == ANEW.c.id)
    .values(leaves_at=ANEW.c.leaves, starts_at=ANEW.c.starts, ends_at=ANEW.c.ends)
    .execution_options(dml_strategy="core_only")
)


class NoRoom(Refused):
    """The engineer has no time for it; ``reason`` is a code of `domain.capacity.day.why_not`, or ``taken``, ``gone``."""

    code = "no_room"

    def __init__(self, words: str, reason: str) -> None:
        super().__init__(words)
        self.reason = reason


def reserve(
    uow: UnitOfWork, engineer_id: str, order: WorkOrder, window_since: datetime, window_until: datetime, minutes: int,
    place: Position | None, *, by: Actor, hold_for: timedelta | None = None, promised: bool = False,
    visit_id: str | None = None, travel: Travel = ROADS, forced: bool = False,
) -> Reservation:  # fmt: skip
    """Take an engineer's time for an order: held for a while with ``hold_for``, else booked. The order's row is locked.

    ``forced``: a dispatcher insists; shift hours are not looked at, and the way counts as short as it may be. Two places at
    once and an overfull day are refused even then.

    :raises NoRoom: it does not fit, or somebody else was first
    """
    day = day_of(window_since)
    locked_day = lock_day(uow, engineer_id, day)
    wanted = Wanted(window_since, window_until, minutes, place)
    placed = place_in(uow, engineer_id, day, wanted, travel, forced=forced)
    made = Reservation(
        id=uow.new_id("re"), engineer_id=engineer_id, day=day, work_order_id=order.id, visit_id=visit_id,
        state=HELD if hold_for else BOOKED, expires_at=uow.now + hold_for if hold_for else None,
        window_since=window_since, window_until=window_until, minutes=minutes, promised=promised,
        at=uow.now, by=str(by), **times_of(placed),
    )  # fmt: skip
    put_down(uow, placed, made, locked_day)
    trail.record(uow, by, "capacity.reserve", "work_order", order.id, engineer=engineer_id, reservation=made.id)
    return made


def place_in(
    uow: UnitOfWork, engineer_id: str, day: date, wanted: Wanted, travel: Travel, *, forced: bool = False
) -> Fit:
    """Where in the locked day it goes.

    :raises NoRoom: nowhere
    """
    found = days_of(uow, [engineer_id], day, day + ONE).get((engineer_id, day))
    if found is None:
        raise NoRoom("没有找到这位工程师", "gone")
    if forced:
        found = replace(found, hours=(around(found, wanted),), routes={}, kept=[])
    placed = fit(found, wanted, travel, uow.now, at_least=forced)
    if placed is None:
        code, words = why_not(found, wanted, travel, uow.now)
        raise NoRoom(f"排不进去：{words}", code)
    return placed


def around(day: Day, wanted: Wanted) -> tuple[datetime, datetime]:
    """Hours long enough for everything that is planned and wanted: overtime."""
    start, ends = day.moment(0), day.moment(24 * 60)
    return start, max(ends, wanted.window_until + timedelta(minutes=wanted.minutes))


def times_of(placed: Fit) -> dict[str, datetime]:
    new = next(one for one in placed.placed if one.stop is None)
    return {"leaves_at": new.leaves_at, "starts_at": new.starts_at, "ends_at": new.ends_at}


def put_down(uow: UnitOfWork, placed: Fit, made: Reservation | None, day: EngineerDay) -> None:
    """Write the day as it was worked out, the new visit among the others; the database has the last word.

    :raises NoRoom: it says no
    """
    try:
        with uow.session.begin_nested():
            put_anew(uow, placed)
            if made is not None:
                uow.session.add(made)
            day.taken += 1
            uow.session.flush()
    except IntegrityError as error:
        raise NoRoom("这个时间刚被别人约走了", "taken") from error


def put_anew(uow: UnitOfWork, placed: Fit) -> None:
    """Write the new times of the visits that are there, in one statement: no two of them are at once when it ends."""
    moved = [
        one for one in placed.placed
        if one.stop and not one.stop.fixed and (one.stop.leaves_at, one.stop.starts_at) != (one.leaves_at, one.starts_at)
    ]  # fmt: skip
    if not moved:
        return
    ids = [one.stop.reservation_id for one in moved if one.stop]
    uow.session.execute(
        PUT_ANEW,
        {
            "ids": ids, "leaves": [one.leaves_at for one in moved], "starts": [one.starts_at for one in moved],
            "ends": [one.ends_at for one in moved],
        },
    )  # fmt: skip
    forget(uow, ids, "leaves_at", "starts_at", "ends_at")


def book_hold(uow: UnitOfWork, reservation_id: str, *, by: Actor) -> Reservation:
    """What was held is the customer's now. Booking twice changes nothing.

    :raises NoRoom: the hold is over
    """
    reservation = locked(uow, reservation_id)
    if reservation.state is RELEASED:
        raise NoRoom("暂留的时间已过，请重新选择", "gone")
    if reservation.state is HELD:
        reservation.state, reservation.expires_at = BOOKED, None
        reservation.promised = True
        uow.session.flush()
        trail.record(uow, by, "capacity.book", "work_order", reservation.work_order_id, reservation=reservation.id)
    return reservation


def locked(uow: UnitOfWork, reservation_id: str) -> Reservation:
    """The reservation, its day locked before it. Another may have moved it to somebody else meanwhile: then again."""
    while True:
        seen = uow.get(Reservation, reservation_id, called="这段时间")
        uow.session.refresh(seen, ["engineer_id", "day"])
        engineer_id, day = seen.engineer_id, seen.day
        lock_day(uow, engineer_id, day)
        reservation = uow.get(Reservation, reservation_id, called="这段时间", lock=True)
        if (reservation.engineer_id, reservation.day) == (engineer_id, day):
            return reservation


def release(uow: UnitOfWork, reservation_id: str, *, by: Actor, why: str) -> None:
    """Give the time back. What is released already stays so."""
    reservation = locked(uow, reservation_id)
    if reservation.state is RELEASED:
        return
    reservation.state = RELEASED
    day = uow.session.get_one(EngineerDay, (reservation.engineer_id, reservation.day))
    day.taken -= 1
    uow.session.flush()
    trail.record(
        uow, by, "capacity.release", "work_order", reservation.work_order_id, why=why,
        engineer=reservation.engineer_id, reservation=reservation.id,
    )  # fmt: skip
    if reservation.ends_at > uow.now:
        uow.emit(RoomMade(reservation.engineer_id, reservation.day.isoformat()))


def sweep_holds(uow: UnitOfWork, most: int = 200) -> int:
    """Take away holds that are over, so that whoever waits for room hears of it. Others may do it first, day by day."""
    days = uow.session.execute(
        select(Reservation.engineer_id, Reservation.day)
        .where(Reservation.state == HELD, Reservation.expires_at <= uow.now)
        .distinct()
        .order_by(Reservation.engineer_id, Reservation.day)
        .limit(most)
    ).all()
    for engineer_id, day in days:
        lock_day(uow, engineer_id, day)
        uow.emit(RoomMade(engineer_id, day.isoformat()))
    return len(days)


def move_reservation(
    uow: UnitOfWork, reservation_id: str, engineer_id: str, *, by: Actor, travel: Travel = ROADS, forced: bool = False
) -> Reservation:
    """The same window, kept by somebody else. The row stays the same, so whatever names it goes on to.

    :raises NoRoom: the other has no time for it either
    """
    before = uow.get(Reservation, reservation_id, called="这段时间")
    lock_days(uow, [(before.engineer_id, before.day), (engineer_id, before.day)])
    reservation = uow.get(Reservation, reservation_id, called="这段时间", lock=True)
    if reservation.state is RELEASED:
        raise NoRoom("这段时间已经放掉了", "gone")
    if reservation.engineer_id == engineer_id:
        return reservation
    order = uow.get(WorkOrder, reservation.work_order_id, called="这张工单")
    was = reservation.engineer_id
    wanted = Wanted(reservation.window_since, reservation.window_until, reservation.minutes, place_of(order))
    placed = place_in(uow, engineer_id, reservation.day, wanted, travel, forced=forced)
    put_over(uow, reservation, placed)
    trail.record(
        uow, by, "capacity.move", "work_order", order.id, reservation=reservation.id, was=was, engineer=engineer_id
    )
    uow.emit(RoomMade(was, reservation.day.isoformat()))
    return reservation


def put_over(uow: UnitOfWork, reservation: Reservation, placed: Fit) -> None:
    """Write a reservation into another engineer's day, and count both days anew."""
    was = uow.session.get_one(EngineerDay, (reservation.engineer_id, reservation.day))
    theirs = uow.session.get_one(EngineerDay, (placed.day.engineer_id, placed.day.day))
    try:
        with uow.session.begin_nested():
            uow.session.execute(DEFER)
            reservation.engineer_id = placed.day.engineer_id
            for name, at in times_of(placed).items():
                setattr(reservation, name, at)
            was.taken -= 1
            put_down(uow, placed, None, theirs)
            uow.session.execute(CHECK)
    except IntegrityError as error:
        raise NoRoom("这个时间刚被别人约走了", "taken") from error


__all__ = [
    "NoRoom",
    "book_hold",
    "day_of",
    "end_leave",
    "end_shift",
    "lock_days",
    "move_reservation",
    "put_shift",
    "raise_maximum",
    "release",
    "reserve",
    "sweep_holds",
    "take_leave",
]
