"""Shifts, leave and daily maxima: the hours engineers' days stand on. Names for callers are in `operations`."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.access import trail
from domain.capacity.events import LeaveTaken, RoomMade
from domain.capacity.leaves import KINDS
from domain.capacity.locks import day_of, lock_day
from domain.capacity.model import EngineerDay, Leave, Reservation, ReservationState, Shift
from domain.capacity.queries import days_of
from domain.engineers.events import EngineerUnfit
from domain.engineers.model import Engineer
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork

ONE = timedelta(days=1)
AHEAD = timedelta(days=14)
"""How far ahead somebody can be waiting for room: later days need not be told of."""
LONGEST_LEAVE = timedelta(days=400)


class RosterRefused(Refused):
    """Hours or leave that cannot be so."""

    code = "roster_refused"


def take_leave(
    uow: UnitOfWork, engineer_id: str, since: datetime, until: datetime, kind: str, *, by: Actor, why: str = ""
) -> Leave:
    """The engineer does not work ``[since, until)``. What is planned in it is announced, so that somebody else gets it.

    Every day touched is locked: a visit is either reserved before, and found here, or after, and sees the leave.

    :raises RosterRefused: no such kind, or no such stretch of time
    """
    if kind not in KINDS:
        raise RosterRefused("没有这种请假类型")
    if not since < until <= since + LONGEST_LEAVE:
        raise RosterRefused("请假的结束时间要晚于开始时间，且不超过 400 天")
    uow.get(Engineer, engineer_id, called="这位工程师")
    day = max(day_of(since), uow.today)
    while day <= day_of(until):
        lock_day(uow, engineer_id, day)
        day += ONE
    leave = Leave(
        id=uow.new_id("lv"), engineer_id=engineer_id, since=since, until=until, kind=kind, why=why, by=str(by),
        at=uow.now,
    )  # fmt: skip
    uow.session.add(leave)
    uow.session.flush()
    trail.record(uow, by, "leave.take", "engineer", engineer_id, leave=leave.id, kind=kind)
    touched = select(Reservation.id).where(
        Reservation.engineer_id == engineer_id, Reservation.state != ReservationState.RELEASED,
        Reservation.leaves_at < until, Reservation.ends_at > max(since, uow.now),
    )  # fmt: skip
    if until > uow.now and uow.session.scalars(touched.limit(1)).first():
        uow.emit(LeaveTaken(leave.id, engineer_id))
    return leave


def end_leave(uow: UnitOfWork, leave_id: str, *, by: Actor) -> Leave:
    """Take leave back: it counts no more, and its days have room. Twice changes nothing."""
    leave = uow.get(Leave, leave_id, called="这条请假", lock=True)
    if leave.ended_at is not None:
        return leave
    leave.ended_at = uow.now
    trail.record(uow, by, "leave.end", "engineer", leave.engineer_id, leave=leave.id)
    tell_room(uow, leave.engineer_id, day_of(leave.since), day_of(leave.until))
    return leave


def tell_room(uow: UnitOfWork, engineer_id: str, first: date, last: date) -> None:
    """Say that these days, as far as they are near, may have room."""
    day = max(first, uow.today)
    while day <= min(last, uow.today + AHEAD):
        uow.emit(RoomMade(engineer_id, day.isoformat()))
        day += ONE


def put_shift(
    uow: UnitOfWork, engineer_id: str, weekday: int, starts: int, ends: int, since: date, until: date | None = None, *,
    by: Actor,
) -> Shift:  # fmt: skip
    """Hours on a weekday (1 Monday … 7 Sunday), minutes after midnight, every week from ``since`` on.

    :raises RosterRefused: not hours of a day, or another shift of that weekday overlaps
    """
    if not (1 <= weekday <= 7 and 0 <= starts < ends <= 1440) or (until and until <= since):
        raise RosterRefused("班次时间不对：开始要早于结束，且在同一天内")
    uow.get(Engineer, engineer_id, called="这位工程师")
    shift = Shift(
        id=uow.new_id("sh"),
        engineer_id=engineer_id,
        weekday=weekday,
        starts=starts,
        ends=ends,
        since=since,
        until=until,
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(shift)
    except IntegrityError as error:
        raise RosterRefused("这个时间已有班次") from error
    trail.record(uow, by, "shift.put", "engineer", engineer_id, shift=shift.id)
    first = max(since, uow.today)
    next_one = first + ONE * ((weekday - first.isoweekday()) % 7)
    tell_room(uow, engineer_id, next_one, next_one)
    return shift


def end_shift(uow: UnitOfWork, shift_id: str, until: date, *, by: Actor) -> None:
    """The shift is worked no more from ``until`` on. What is planned in its hours is looked at again.

    :raises RosterRefused: hours that were worked cannot be taken back
    """
    shift = uow.get(Shift, shift_id, called="这个班次", lock=True)
    if until < uow.today:
        raise RosterRefused("只能从今天或以后停用班次")
    if shift.until is not None and shift.until <= until:
        return
    planned = select(Reservation.day).where(
        Reservation.engineer_id == shift.engineer_id, Reservation.day >= until,
        Reservation.state != ReservationState.RELEASED,
    )  # fmt: skip
    weekdays = {day for day in uow.session.scalars(planned) if day.isoweekday() == shift.weekday}
    for day in sorted(weekdays):
        lock_day(uow, shift.engineer_id, day)
    if until <= shift.since:
        uow.session.delete(shift)
    else:
        shift.until = until
    uow.session.flush()
    trail.record(uow, by, "shift.end", "engineer", shift.engineer_id, shift=shift.id)
    if any(is_outside(uow, shift.engineer_id, day) for day in sorted(weekdays)):
        uow.emit(EngineerUnfit(shift.engineer_id, until.isoformat(), "shift"))


def is_outside(uow: UnitOfWork, engineer_id: str, day: date) -> bool:
    """Whether a visit to come is planned outside the hours of that day."""
    found = days_of(uow, [engineer_id], day, day + ONE)[engineer_id, day]
    starts = [stop.starts_at for stop in found.stops if not stop.fixed and stop.starts_at]
    return any(not any(since <= start < until for since, until in found.hours) for start in starts)


def raise_maximum(uow: UnitOfWork, engineer_id: str, day: date, *, by: Actor, why: str) -> EngineerDay:
    """One visit more may be put into this day than the engineer's maximum says: a dispatcher's decision, with a reason.

    :raises RosterRefused: no reason
    """
    if not why.strip():
        raise RosterRefused("提高当日上限请写明原因")
    row = lock_day(uow, engineer_id, day)
    row.most = max(row.most, row.taken) + 1
    uow.session.flush()
    trail.record(uow, by, "capacity.raise", "engineer", engineer_id, why=why, day=day.isoformat(), most=row.most)
    uow.emit(RoomMade(engineer_id, day.isoformat()))
    return row
