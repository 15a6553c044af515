"""Holding, booking, changing, giving up, keeping: what each leaves behind, and when it is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.appointments import following
from domain.appointments.changes import answer_change, ask_change, lapse_changes
from domain.appointments.lifecycle import AppointmentStatus, ChangeStatus
from domain.appointments.model import Appointment, ChangeRequest
from domain.appointments.operations import NoRoom, NotNow, Window, book, book_window, give_up, hold, windows_for
from domain.appointments.queries import appointments_of, booked, promises
from domain.appointments.windows import Wish, window_words, windows_between
from domain.capacity.model import EngineerDay, Reservation, ReservationState
from domain.capacity.operations import end_leave, raise_maximum, take_leave
from domain.dispatch.waiting import put_in_queue
from domain.kit.lifecycle import MoveRefused
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import SHANGHAI, Runtime
from domain.notices.facts import facts_of
from domain.work_orders.events import VisitMoved, WorkOrderMoved
from domain.work_orders.lifecycle import OrderStatus
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.operations import move_order
from domain.work_orders.visits import move_visit, standing_visit
from tests.domain.appointments.world import CUSTOMER, ENGINEER, STAFF, World, at, counts, world_in
from tests.runtime import Clock


@pytest.fixture
def world(runtime: Runtime) -> World:
    return world_in(runtime)


def events(world: World, kind: str) -> list[dict[str, object]]:
    with world.runtime.transaction() as uow:
        return list(uow.session.scalars(select(OutboxRow.body).filter_by(kind=kind).order_by(OutboxRow.id)))


def status(world: World, order_id: str) -> OrderStatus:
    with world.runtime.transaction() as uow:
        return uow.get(WorkOrder, order_id, called="工单").status


def moved(world: World, order_id: str, *moves: str) -> Visit:
    with world.runtime.transaction() as uow:
        visit = standing_visit(uow, order_id)
        assert visit
        for move in moves:
            move_visit(uow, visit.id, move, by=ENGINEER, why="核实过")
            following.note_arrival(uow, VisitMoved(visit.id, order_id, move, ""))
        return visit


def kept(world: World, appointment: Appointment) -> AppointmentStatus:
    with world.runtime.transaction() as uow:
        return uow.get(Appointment, appointment.id, called="预约").status


def test_booking_promises_keeps_time_and_schedules(world: World) -> None:
    order = world.order()
    promise = world.booked(order, 1, 14)
    with world.runtime.transaction() as uow:
        time = uow.get(Reservation, promise.reservation_id, called="时间")
        visit = standing_visit(uow, order)
        assert (time.state, time.promised, time.visit_id) == (ReservationState.BOOKED, True, visit and visit.id)
        assert promises(uow, [order])[order].words == "5月13日 周三 14:00–16:00，安师傅（工号 E1）上门"
    assert status(world, order) is OrderStatus.SCHEDULED
    assert [one["supersedes_id"] for one in events(world, "AppointmentBooked")] == [""]


def test_who_cannot_come_is_not_named_while_nobody_else_is_found(world: World, clock: Clock) -> None:
    order = world.order()
    world.booked(order, 1, 14)
    clock.advance(minutes=1)
    with world.runtime.transaction() as uow:
        put_in_queue(uow, uow.get(WorkOrder, order, called="工单"), None, "no_room", "都排不开")
        assert promises(uow, [order])[order].words == "5月13日 周三 14:00–16:00，正在安排师傅上门"
        assert facts_of(uow, uow.get(WorkOrder, order, called="工单")).words["engineer"] == "师傅"
    clock.advance(minutes=1)
    world.booked(order, 2, 14)
    with world.runtime.transaction() as uow:
        assert "安师傅" in promises(uow, [order])[order].words
        assert "安师傅" in facts_of(uow, uow.get(WorkOrder, order, called="工单")).words["engineer"]


def test_a_hold_is_void_after_ten_minutes_and_its_time_is_free(world: World, clock: Clock) -> None:
    order, other = world.order(), world.order()
    with world.runtime.transaction() as uow:
        for engineer_id in world.network.engineers.values():
            day = EngineerDay(engineer_id=engineer_id, day=at(1, 0).date(), taken=0, most=1)
            uow.session.add(day)
        uow.session.flush()
        held = hold(uow, order, Window(at(1, 14), at(1, 16), world.network.an), by=CUSTOMER, via="page")
    with world.runtime.transaction() as uow, pytest.raises(NoRoom):
        hold(uow, other, Window(at(1, 16), at(1, 18), world.network.an), by=CUSTOMER, via="page")
    clock.advance(minutes=10)
    with world.runtime.transaction() as uow, pytest.raises(NoRoom, match="暂留的时间已过"):
        book(uow, held.id, by=CUSTOMER)
    with world.runtime.transaction() as uow:
        second = hold(uow, other, Window(at(1, 14), at(1, 16), world.network.an), by=CUSTOMER, via="page")
        assert book(uow, second.id, by=CUSTOMER).status is AppointmentStatus.BOOKED
    assert counts(world.runtime)[world.network.an, at(1, 0).date()] == (1, 1)
    with world.runtime.transaction() as uow:
        following.drop_expired(uow)
    assert kept(world, held) is AppointmentStatus.GIVEN_UP


def test_what_is_promised_stands_while_another_window_is_held(world: World, clock: Clock) -> None:
    order = world.order()
    first = world.booked(order, 1, 14)
    with world.runtime.transaction() as uow:
        hold(uow, order, Window(at(2, 10), at(2, 12), world.network.an), by=CUSTOMER, via="page")
    clock.advance(minutes=11)
    with world.runtime.transaction() as uow:
        following.drop_expired(uow)
        assert (found := booked(uow, order))
        assert found.id == first.id
    assert sum(taken for taken, _ in counts(world.runtime).values()) == 1


def test_a_change_supersedes_and_keeps_the_engineer_and_the_reason(world: World) -> None:
    order = world.order()
    first = world.booked(order, 1, 14)
    second = world.booked(order, 3, 10, reason_code="busy")
    assert (second.supersedes_id, second.reason_code) == (first.id, "busy")
    assert kept(world, first) is AppointmentStatus.SUPERSEDED
    with world.runtime.transaction() as uow:
        assert len(appointments_of(uow, order)) == 2
        times = uow.session.scalars(select(Reservation).filter_by(work_order_id=order).order_by(Reservation.at)).all()
        assert {one.engineer_id for one in times} == {world.network.an}
    assert sum(taken for taken, _ in counts(world.runtime).values()) == 1


def test_a_change_to_what_is_full_leaves_the_promise(world: World) -> None:
    order = world.order()
    first = world.booked(order, 1, 14)
    with world.runtime.transaction() as uow:
        for engineer_id in world.network.engineers.values():
            take_leave(uow, engineer_id, at(2, 0), at(3, 0), "leave", by=STAFF)
    with pytest.raises(NoRoom):
        world.booked(order, 2, 10)
    assert kept(world, first) is AppointmentStatus.BOOKED
    assert sum(taken for taken, _ in counts(world.runtime).values()) == 1


def test_the_customer_cannot_change_once_the_engineer_is_on_the_way(world: World) -> None:
    order = world.order()
    world.booked(order, 1, 14)
    moved(world, order, "accept", "depart")
    with pytest.raises(NotNow, match="已经出发"):
        world.booked(order, 2, 10)


@pytest.mark.parametrize(("minutes", "how"), [(0, "kept"), (119, "kept"), (120, "kept"), (121, "missed")])
def test_a_promise_is_kept_by_whoever_is_there_by_its_end(world: World, clock: Clock, minutes: int, how: str) -> None:
    order = world.order()
    promise = world.booked(order, 1, 14)
    clock.at = at(1, 14) + timedelta(minutes=minutes)
    moved(world, order, "accept", "check_in")
    assert kept(world, promise) == how
    assert [one["how"] for one in events(world, "AppointmentEnded")] == [how]


def test_nobody_came_the_promise_is_missed_two_hours_after_its_window(world: World, clock: Clock) -> None:
    promise = world.booked(world.order(), 1, 14)
    for hour, how in ((17.9, "booked"), (18, "missed")):
        clock.at = at(1, hour)
        with world.runtime.transaction() as uow:
            following.miss_unkept(uow)
        assert kept(world, promise) == how


def test_a_visit_that_fails_on_the_way_misses_and_the_order_waits_again(world: World) -> None:
    order = world.order()
    promise = world.booked(order, 1, 14)
    moved(world, order, "accept", "fail")
    assert kept(world, promise) is AppointmentStatus.MISSED
    assert status(world, order) is OrderStatus.REPORTED
    assert world.booked(order, 2, 10).status is AppointmentStatus.BOOKED


def test_a_cancelled_order_gives_its_time_back(world: World) -> None:
    order = world.order()
    promise = world.booked(order, 1, 14)
    with world.runtime.transaction() as uow:
        move_order(uow, order, "cancel", by=CUSTOMER, why="不修了")
        following.end_with_order(uow, WorkOrderMoved(order, "cancel", "scheduled", "cancelled"))
    assert kept(world, promise) is AppointmentStatus.GIVEN_UP
    assert sum(taken for taken, _ in counts(world.runtime).values()) == 0
    assert len(events(world, "RoomMade")) == 1


def test_giving_up_by_hand_puts_the_order_back(world: World) -> None:
    order = world.order()
    world.booked(order, 1, 14)
    with world.runtime.transaction() as uow:
        give_up(uow, order, by=STAFF, reason_code="other", why="客户来电")
    assert status(world, order) is OrderStatus.REPORTED


@pytest.mark.parametrize("yes", [True, False])
def test_only_a_yes_moves_what_the_engineer_asked_for(world: World, yes: bool) -> None:
    order = world.order()
    promise = world.booked(order, 1, 14)
    with world.runtime.transaction() as uow:
        asked = ask_change(uow, order, at(2, 10), at(2, 12), by=ENGINEER, reason_code="no_part")
        assert (stands := booked(uow, order))
        assert stands.id == promise.id
        answer_change(uow, asked.id, yes, by=CUSTOMER, via="chat")
        now = booked(uow, order)
        assert now
        assert now.window_since == (at(2, 10) if yes else at(1, 14))
        assert now.reason_code == ("no_part" if yes else "")
        with pytest.raises(MoveRefused):
            answer_change(uow, asked.id, True, by=CUSTOMER, via="chat")


def test_no_answer_is_unconfirmed_and_a_late_yes_still_counts(world: World, clock: Clock) -> None:
    order = world.order()
    world.booked(order, 3, 14)
    with world.runtime.transaction() as uow:
        asked = ask_change(uow, order, at(4, 10), at(4, 12), by=ENGINEER, reason_code="overrun")
    clock.advance(hours=13)
    with world.runtime.transaction() as uow:
        assert lapse_changes(uow) == 1
        assert uow.get(ChangeRequest, asked.id, called="申请").status is ChangeStatus.UNCONFIRMED
        assert (stands := booked(uow, order))
        assert stands.window_since == at(3, 14)
        answer_change(uow, asked.id, True, by=STAFF, via="console")
        assert (now := booked(uow, order))
        assert now.window_since == at(4, 10)


def test_a_change_cannot_be_asked_without_room_or_reason(world: World) -> None:
    order = world.order()
    world.booked(order, 1, 14)
    with world.runtime.transaction() as uow:
        with pytest.raises(NotNow):
            ask_change(uow, order, at(2, 10), at(2, 12), by=ENGINEER, reason_code="")
        with pytest.raises(NoRoom):
            ask_change(uow, order, at(2, 21), at(2, 23), by=ENGINEER, reason_code="overrun")


def test_leave_over_a_visit_is_told_and_taken_back_makes_room(world: World) -> None:
    world.booked(world.order(), 1, 14)
    with world.runtime.transaction() as uow:
        take_leave(uow, world.network.an, at(2, 8), at(2, 20), "leave", by=STAFF)
        assert events(world, "LeaveTaken") == []
        leave = take_leave(uow, world.network.an, at(1, 12), at(1, 15), "sick", by=STAFF)
    assert [one["leave_id"] for one in events(world, "LeaveTaken")] == [leave.id]
    with world.runtime.transaction() as uow:
        end_leave(uow, leave.id, by=STAFF)
    assert events(world, "RoomMade") == [{"engineer_id": world.network.an, "day": "2026-05-13"}]


def test_a_full_day_takes_one_more_when_a_dispatcher_says_so(world: World) -> None:
    with world.runtime.transaction() as uow:
        for engineer_id in world.network.engineers.values():
            uow.session.add(EngineerDay(engineer_id=engineer_id, day=at(1, 0).date(), taken=0, most=0))
    order = world.order()
    with pytest.raises(NoRoom):
        world.booked(order, 1, 14)
    with world.runtime.transaction() as uow:
        raise_maximum(uow, world.network.bo, at(1, 0).date(), by=STAFF, why="客户很急")
    world.booked(order, 1, 14)
    assert counts(world.runtime)[world.network.bo, at(1, 0).date()] == (1, 1)


def test_tomorrow_is_reminded_of_in_the_evening_and_once(world: World, clock: Clock) -> None:
    world.booked(world.order(), 1, 8)
    world.booked(world.order(), 2, 8)
    for hour, told in ((18.9, 0), (19, 1), (20, 1), (20.6, 1)):
        clock.at = at(0, hour)
        with world.runtime.transaction() as uow:
            following.remind(uow)
        assert len(events(world, "ReminderDue")) == told


MOMENTS = [
    (datetime(2026, 5, 12, 23, 59, tzinfo=SHANGHAI), "5月13日 周三 08:00–10:00"),
    (datetime(2026, 5, 13, 0, 0, tzinfo=SHANGHAI), "5月13日 周三 08:00–10:00"),
    (datetime(2026, 5, 12, 6, 59, tzinfo=SHANGHAI), "5月12日 周二 08:00–10:00"),
    (datetime(2026, 5, 12, 7, 1, tzinfo=SHANGHAI), "5月12日 周二 10:00–12:00"),
    (datetime(2028, 2, 28, 22, 0, tzinfo=SHANGHAI), "2月29日 周二 08:00–10:00"),
    (datetime(2027, 2, 28, 22, 0, tzinfo=SHANGHAI), "3月1日 周一 08:00–10:00"),
    (datetime(2026, 9, 30, 20, 0, tzinfo=SHANGHAI), "10月1日 周四 08:00–10:00"),
    (datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI), "1月1日 周五 08:00–10:00"),
]


@pytest.mark.parametrize(("now", "first"), MOMENTS, ids=[f"{now:%F %H:%M}" for now, _ in MOMENTS])
def test_the_first_window_at_odd_moments_can_really_be_booked(
    world: World, clock: Clock, now: datetime, first: str
) -> None:
    """At 23:59 and midnight, before a 29 February, before a holiday (engineers with shifts work on it) and a new year."""
    clock.at = now
    order = world.order()
    with world.runtime.transaction() as uow:
        found = windows_for(uow, uow.get(WorkOrder, order, called="工单"))
        assert found[0].shown == first
        assert len({window.day for window in found}) > 3
        made = book_window(uow, order, found[0].since, found[0].until, by=CUSTOMER, via="chat")
        assert window_words(made.window_since, made.window_until) == first


def test_windows_of_a_leap_day_and_those_near_a_wish(world: World) -> None:
    leap = list(windows_between(date(2028, 2, 29), date(2028, 3, 1), at(0, 0)))
    assert [window_words(*one) for one in (leap[0], leap[-1])] == [
        "2月29日 周二 08:00–10:00",
        "2月29日 周二 18:00–20:00",
    ]
    with world.runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order(), called="工单")
        near = windows_for(uow, order, near=Wish(at(4, 14), at(4, 16)), most=3)
        assert [one.since for one in near] == [at(4, 12), at(4, 14), at(4, 16)]
        beyond = windows_for(uow, order, near=Wish(at(9, 8), at(9, 12)), most=2)
        assert [one.since for one in beyond] == [at(9, 8), at(9, 10)]
