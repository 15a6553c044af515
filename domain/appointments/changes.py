"""Asking a customer for another time: only a yes moves anything; no answer leaves the promise, and every clock, as it was."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from domain.access import trail
from domain.appointments.events import ChangeAnswered, ChangeAsked
from domain.appointments.lifecycle import CHANGES, AppointmentStatus, ChangeStatus
from domain.appointments.model import Appointment, ChangeRequest
from domain.appointments.offering import keepers, room_for
from domain.appointments.operations import NotNow, book_window, check_window
from domain.appointments.queries import booked
from domain.appointments.reasons import ENGINEER
from domain.appointments.windows import window_words
from domain.capacity.day import Wanted
from domain.capacity.durations import work_minutes
from domain.capacity.operations import NoRoom, day_of
from domain.kit.actors import Actor, system
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import WorkOrder
from domain.work_orders.places import place_of
from domain.work_orders.visits import standing_visit

ANSWER_WITHIN = timedelta(hours=12)
LEAST_TO_ANSWER = timedelta(minutes=30)
PROGRAM = system("appointments")


def ask_change(
    uow: UnitOfWork, order_id: str, since: datetime, until: datetime, *, by: Actor, reason_code: str, why: str = ""
) -> ChangeRequest:
    """Ask for another window, on which somebody has time. One asked before is withdrawn. The promise stands meanwhile.

    :raises NotNow: nothing is promised, the engineer is there, no such reason; :raises NoRoom: nobody has time then
    """
    if reason_code not in ENGINEER:
        raise NotNow("申请改约请选择原因")
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    visit, promise = standing_visit(uow, order.id, lock=True), booked(uow, order.id, lock=True)
    if promise is None:
        raise NotNow("这张工单没有已约定的时间")
    if visit and visit.status is VisitStatus.CHECKED_IN:
        raise NotNow("已经签到，不能再申请改约")
    check_window(uow, since, until)
    if (since, until) == (promise.window_since, promise.window_until):
        raise NotNow("新的时间和原来的一样")
    day, minutes = day_of(since), work_minutes(order.category_code, order.service_type, uow.today)
    room = room_for(uow, order, day, day + timedelta(days=1))
    if not keepers(room, day, Wanted(since, until, minutes, place_of(order)), uow.now):
        raise NoRoom(f"{window_words(since, until)}没有人能来，请换一个时间", "taken")
    withdraw_changes(uow, promise.id, by=by)
    answer_by = max(min(uow.now + ANSWER_WITHIN, promise.window_since), uow.now + LEAST_TO_ANSWER)
    asked = ChangeRequest(
        id=uow.new_id("cr"), work_order_id=order.id, appointment_id=promise.id, window_since=since, window_until=until,
        status=CHANGES.start, reason_code=reason_code, why=why, by=str(by), at=uow.now, answer_by=answer_by,
    )  # fmt: skip
    uow.session.add(asked)
    uow.session.flush()
    trail.record(uow, by, "change.ask", "work_order", order.id, change=asked.id, reason=reason_code)
    uow.emit(ChangeAsked(asked.id, order.id))
    return asked


def answer_change(uow: UnitOfWork, change_id: str, yes: bool, *, by: Actor, via: str) -> ChangeRequest:
    """The customer's answer, or what staff were told by phone. Yes books the window asked for; no changes nothing.

    :raises NotNow: the promise it was about is gone; :raises NoRoom: nobody has time then any more
    :raises MoveRefused: it was answered before
    """
    with uow.session.begin_nested():  # a yes that cannot be kept is no answer
        return answered(uow, change_id, yes, by=by, via=via)


def answered(uow: UnitOfWork, change_id: str, yes: bool, *, by: Actor, via: str) -> ChangeRequest:
    seen = uow.get(ChangeRequest, change_id, called="这个改约申请")
    order = uow.get(WorkOrder, seen.work_order_id, called="这张工单", lock=True)
    asked = uow.get(ChangeRequest, change_id, called="这个改约申请", lock=True)
    promise = uow.get(Appointment, asked.appointment_id, called="这个预约", lock=True)
    CHANGES.move(asked, "agree" if yes else "decline", by.role)
    if yes and promise.status is not AppointmentStatus.BOOKED:
        raise NotNow("原来的预约已经变了，这个改约申请不再有效")
    asked.answered_at, asked.answered_via = uow.now, via
    uow.session.flush()
    if yes:
        book_window(
            uow, order.id, asked.window_since, asked.window_until, by=by, via=via, reason_code=asked.reason_code,
            why=asked.why,
        )  # fmt: skip
    trail.record(uow, by, "change.answer", "work_order", order.id, change=asked.id, how=str(asked.status), via=via)
    uow.emit(ChangeAnswered(asked.id, order.id, asked.status))
    return asked


def withdraw_changes(uow: UnitOfWork, appointment_id: str, *, by: Actor) -> None:
    """What was asked about this promise is asked no more."""
    waiting = select(ChangeRequest).where(
        ChangeRequest.appointment_id == appointment_id,
        ChangeRequest.status.in_((ChangeStatus.ASKED, ChangeStatus.UNCONFIRMED)),
    )
    for asked in uow.session.scalars(waiting.with_for_update().execution_options(populate_existing=True)):
        CHANGES.move(asked, "withdraw", by.role)
        trail.record(uow, by, "change.withdraw", "work_order", asked.work_order_id, change=asked.id)
        uow.emit(ChangeAnswered(asked.id, asked.work_order_id, asked.status))
    uow.session.flush()


def lapse_changes(uow: UnitOfWork, most: int = 200) -> int:
    """Requests nobody answered in time are unconfirmed; a late yes still counts."""
    due = (
        select(ChangeRequest)
        .where(ChangeRequest.status == ChangeStatus.ASKED, ChangeRequest.answer_by <= uow.now)
        .order_by(ChangeRequest.answer_by)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    lapsed = uow.session.scalars(due).all()
    for asked in lapsed:
        CHANGES.move(asked, "lapse", PROGRAM.role)
        trail.record(uow, PROGRAM, "change.lapse", "work_order", asked.work_order_id, change=asked.id)
        uow.emit(ChangeAnswered(asked.id, asked.work_order_id, asked.status))
    return len(lapsed)
