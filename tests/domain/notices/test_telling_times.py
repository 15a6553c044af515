"""Customers hear of times in words they can use: when, who, what changed; and are asked before anything moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.appointments.changes import answer_change, ask_change, lapse_changes
from domain.appointments.events import AppointmentBooked, ChangeAnswered, ChangeAsked, ReminderDue
from domain.desk.model import DeskTask
from domain.kit.links import BadLink
from domain.kit.unit_of_work import SHANGHAI, Runtime
from domain.notices.answers import question_behind
from domain.notices.events import NoticeUndelivered
from domain.notices.model import MessageState
from domain.notices.telling_colleagues import call_who_was_not_told
from domain.notices.telling_times import remind
from domain.work_orders.events import VisitMoved, WorkOrderMoved
from domain.work_orders.operations import move_order
from tests.domain.notices.booking import CUSTOMER, STAFF, TOMORROW, book, put_order, react, told
from tests.runtime import Clock

LATER = TOMORROW + timedelta(hours=2)


def test_of_a_booking_by_staff_with_time_and_engineer_and_not_twice_by_the_order_s_move(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        book(uow, order)
        for _ in range(2):
            react(uow, AppointmentBooked, WorkOrderMoved)
        [message] = told(uow)
    assert message.why == "appointment.booked"
    assert "5月13日 周三 14:00–16:00" in message.text
    assert "师傅（工号 " in message.text
    assert (message.channel, message.chain) == ("chat", ["template", "sms"])
    assert message.forms is not None
    assert message.forms["values"]["time"] == "2026年5月13日 14:00~16:00"
    assert message.stale_at == TOMORROW.astimezone(UTC), "nobody wants to be told when it is over"


def test_whoever_booked_in_the_chat_was_answered_there(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        book(uow, order, by=CUSTOMER, via="chat")
        react(uow, AppointmentBooked, WorkOrderMoved)
        assert told(uow) == []


def test_a_booking_on_a_page_is_confirmed_at_any_hour(runtime: Runtime, clock: Clock) -> None:
    clock.at = datetime(2026, 5, 12, 23, tzinfo=SHANGHAI).astimezone(UTC)
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        book(uow, order, by=CUSTOMER, via="page")
        react(uow, AppointmentBooked)
        [message] = told(uow)
    assert message.held_until is None


def test_a_new_time_takes_the_place_of_what_still_waits(runtime: Runtime, clock: Clock) -> None:
    clock.at = datetime(2026, 5, 12, 23, tzinfo=SHANGHAI).astimezone(UTC)
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        book(uow, order)
        react(uow, AppointmentBooked)
        book(uow, order, LATER)
        react(uow, AppointmentBooked)
        first, second = told(uow)
    assert (first.why, first.state) == ("appointment.booked", MessageState.STALE)
    assert (second.why, second.state, second.held_until) == ("appointment.changed", MessageState.WAITING, None)
    assert "16:00–18:00" in second.text


def test_a_cancellation_takes_the_reminder_back(runtime: Runtime, clock: Clock) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        made = book(uow, order, by=CUSTOMER, via="chat")
        clock.at = datetime(2026, 5, 12, 23, tzinfo=SHANGHAI).astimezone(UTC)
    with runtime.transaction() as uow:
        remind(uow, ReminderDue(made.id, order.id))
        move_order(uow, order.id, "cancel", by=STAFF, why="重复")
        react(uow, WorkOrderMoved)
        reminder, cancelled = told(uow)
    assert (reminder.why, reminder.state) == ("appointment.reminder", MessageState.STALE)
    assert cancelled.why == "order.cancel"


def test_the_reminder_comes_once_and_only_while_the_promise_stands(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        made = book(uow, order, by=CUSTOMER, via="chat")
        for _ in range(2):
            remind(uow, ReminderDue(made.id, order.id))
        [message] = told(uow)
        assert "提醒您：5月13日 周三 14:00–16:00" in message.text
        newer = book(uow, order, LATER, by=CUSTOMER, via="chat")
        remind(uow, ReminderDue(made.id, order.id))
        assert len(told(uow)) == 1
        remind(uow, ReminderDue(newer.id, order.id))
        assert len(told(uow)) == 2


def test_a_question_names_both_times_and_leads_to_its_page(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        book(uow, order, by=CUSTOMER, via="chat")
        change = ask_change(uow, order.id, LATER, LATER + timedelta(hours=2), by=STAFF, reason_code="overrun")
        for _ in range(2):
            react(uow, ChangeAsked)
        [message] = told(uow)
        assert "14:00–16:00" in message.text
        assert "16:00–18:00" in message.text
        assert (message.answers_id, message.stale_at) == (change.id, min(change.answer_by, change.window_since))
        assert message.forms is not None
        path = message.forms["path"]
        asked, of_order = question_behind(uow, path.rpartition("/")[2])
        assert (asked.id, of_order.id) == (change.id, order.id)


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"), lambda t: t.replace(".", ""), lambda t: ""]
)
def test_a_link_that_was_not_made_here_opens_nothing(runtime: Runtime, spoil) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        book(uow, order, by=CUSTOMER, via="chat")
        ask_change(uow, order.id, LATER, LATER + timedelta(hours=2), by=STAFF, reason_code="overrun")
        react(uow, ChangeAsked)
        token = str((told(uow)[0].forms or {})["path"]).rpartition("/")[2]
        with pytest.raises(BadLink):
            question_behind(uow, spoil(token))


def test_a_yes_is_told_as_the_new_time_and_silence_as_the_old_one(runtime: Runtime, clock: Clock) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        book(uow, order, by=CUSTOMER, via="chat")
        change = ask_change(uow, order.id, LATER, LATER + timedelta(hours=2), by=STAFF, reason_code="overrun")
        clock.at = change.answer_by
    with runtime.transaction() as uow:
        assert lapse_changes(uow) == 1
        react(uow, ChangeAnswered)
        found = {message.why: message for message in told(uow)}
        assert set(found) == {"change.unconfirmed", "change.silent", "change.to_dispatcher"}
        assert "仍按原来的时间：5月13日 周三 14:00–16:00" in found["change.unconfirmed"].text
        assert (found["change.silent"].channel, found["change.silent"].account_id) == ("sms", "sms")
        assert found["change.to_dispatcher"].recipient == "dispatcher"
        answer_change(uow, change.id, True, by=CUSTOMER, via="page")
        react(uow, ChangeAnswered, AppointmentBooked)
        assert {message.why for message in told(uow)} - set(found) == {"appointment.changed", "change.agreed"}


def test_a_customer_whom_nothing_reached_is_called(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        call_who_was_not_told(uow, NoticeUndelivered(1, uow.now.isoformat(), "change.asked", order.id))
        call_who_was_not_told(uow, NoticeUndelivered(2, uow.now.isoformat(), "appointment.reminder", order.id))
        [task] = uow.session.scalars(select(DeskTask)).all()
    assert (task.kind, task.phone) == ("callback", "13800138000")
    assert "改约询问" in task.words


def test_departure_names_who_comes(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        book(uow, order, by=CUSTOMER, via="chat")
        from domain.notices.telling import tell_of_visit_move

        tell_of_visit_move(uow, VisitMoved("vi_none", order.id, "depart", "departed"))
        [message] = told(uow)
    assert "师傅（工号 " in message.text
    assert "已出发" in message.text
    assert message.stale_at == message.at + timedelta(hours=1)
