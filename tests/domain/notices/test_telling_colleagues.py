"""Engineers are asked on their phones until when to answer, and told when a visit is theirs no more; roles are paged."""

from __future__ import annotations

from sqlalchemy import delete, select

from domain.appointments.events import AppointmentBooked
from domain.capacity.operations import take_leave
from domain.dispatch.events import NobodyFits, VisitOffered, VisitReassigned
from domain.dispatch.leaving import look_again
from domain.dispatch.model import Offer
from domain.dispatch.operations import answer_offer, dispatch, reassign
from domain.engineers.model import Engineer
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import Runtime
from domain.notices.facts import facts_of
from domain.notices.telling_colleagues import tell_of_escalation, tell_of_nobody
from domain.organizations.model import Coverage
from domain.service_levels.events import ClockEscalated
from domain.work_orders.events import VisitMoved
from tests.domain.notices.booking import CUSTOMER, PHONE, STAFF, book, put_order, react, told
from tests.runtime import Clock


def test_an_offer_goes_to_the_engineer_s_phone_with_its_deadline_and_without_the_customer(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        dispatch(uow, order.id, "opened")
        for _ in range(2):
            react(uow, VisitOffered)
        [message] = told(uow)
        offer = uow.session.scalars(select(Offer)).one()
        asked = uow.session.get_one(Engineer, offer.engineer_id)
        assert message.forms is not None
        words = str(message.forms["sms"])
    assert (message.channel, message.recipient, message.forms["phone"]) == ("sms", asked.id, asked.phone)
    assert message.stale_at is not None
    assert message.stale_at <= offer.answer_by
    assert "空调维修" in words
    assert "大良" in words
    assert "前致电网点" in words
    assert PHONE not in words
    assert "文明西路" not in words
    assert message.held_until is None


def test_an_offer_answered_meanwhile_is_not_asked_again(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        dispatch(uow, order.id, "opened")
        offer = uow.session.scalars(select(Offer)).one()
        answer_offer(uow, offer.id, "accept", by=Actor(Role.ENGINEER, offer.engineer_id))
        react(uow, VisitOffered)
        assert told(uow) == []


def test_somebody_else_comes_at_the_same_time(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        book(uow, order, by=CUSTOMER, via="chat")
        dispatch(uow, order.id, "opened")
        offer = uow.session.scalars(select(Offer)).one()
        answer_offer(uow, offer.id, "accept", by=Actor(Role.ENGINEER, offer.engineer_id))
        react(uow, VisitMoved)
        reassign(uow, offer.visit_id, by=STAFF, code="vehicle", why="车坏了")
        react(uow, VisitReassigned)
        second = uow.session.scalars(select(Offer).where(Offer.id != offer.id)).one()
        answer_offer(uow, second.id, "accept", by=Actor(Role.ENGINEER, second.engineer_id))
        for _ in range(2):
            react(uow, VisitMoved)
        found = [(message.why, message.channel) for message in told(uow)]
        last = told(uow)[-1]
    assert found == [("order.visit.accept", "chat"), ("visit.taken_away", "sms"), ("appointment.engineer", "chat")]
    assert "时间不变：5月13日 周三 14:00–16:00" in last.text


def test_somebody_else_than_was_named_when_booking_is_said_so_though_nobody_had_accepted(
    runtime: Runtime, clock: Clock
) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        made = book(uow, order, by=CUSTOMER, via="chat")
        dispatch(uow, order.id, "opened")
        react(uow, AppointmentBooked)
        first = uow.session.scalars(select(Offer)).one()
        clock.advance(minutes=5)
    with runtime.transaction() as uow:
        take_leave(uow, first.engineer_id, made.window_since, made.window_until, "sick", by=STAFF)
        look_again(uow, order.id, "leave")
        second = uow.session.scalars(select(Offer).where(Offer.id != first.id)).one()
        assert second.engineer_id != first.engineer_id
        answer_offer(uow, second.id, "accept", by=Actor(Role.ENGINEER, second.engineer_id))
        for _ in range(2):
            react(uow, VisitMoved)
        [message] = told(uow)
    assert message.why == "appointment.engineer"


def test_the_dispatchers_hear_of_an_order_nobody_fits_once(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        uow.session.execute(delete(Coverage))
        dispatch(uow, order.id, "opened")
        for _ in range(2):
            react(uow, NobodyFits)
        [message] = told(uow)
        assert (message.channel, message.account_id, message.recipient) == ("staff", "staff", "dispatcher")
        assert "这个地方没有服务商覆盖" in message.text
        tell_of_nobody(uow, NobodyFits("wo_gone", "no_room"))
        assert len(told(uow)) == 1


def test_a_role_hears_of_a_broken_promise_by_name(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        for role in ("dispatcher", "manager", "manager"):
            tell_of_escalation(uow, ClockEscalated("cl_1", order.id, "repair", role))
        assert [message.recipient for message in told(uow)] == ["dispatcher", "manager"]
        assert "修复已跳闸" in told(uow)[0].text


def test_facts_without_an_appointment_still_fill_every_field(runtime: Runtime, clock: Clock) -> None:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        facts = facts_of(uow, order)
    assert facts.words["engineer"] == "师傅"
    assert facts.values["time"] == "2026年5月12日 11:30"
    assert all(facts.values.values())
