"""Complaints as cases: one a matter, one owner, a time by which they are answered, an end that is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy import select

from domain.access.operations import add_staff
from domain.access.roles import StaffRole
from domain.feedback import complaints as cases
from domain.feedback.complaints import BadComplaint, Reported, open_complaint
from domain.feedback.lifecycle import ANSWERED, CLOSED, OPENED, OWNED, REOPENED
from domain.feedback.model import Complaint, ComplaintStep
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Conflict, NotFound, Refused
from domain.kit.lifecycle import MoveRefused
from domain.kit.unit_of_work import Runtime
from domain.notices.model import OutgoingMessage
from jobs.feedback import escalate_complaints
from tests.domain.feedback.world import World, world_in
from tests.jobs.doing import jobs_with
from tests.runtime import Clock, at_once


@pytest.fixture
def world(runtime: Runtime) -> World:
    return world_in(runtime)


def agent(world: World, name: str) -> Actor:
    with world.runtime.transaction() as uow:
        made = add_staff(
            uow,
            by=system("test"),
            username=name,
            display_name=name,
            role=StaffRole.AGENT,
            password="云上的铁门有七扇窗户",
        )
        return Actor(Role.STAFF, made.id)


def complain(
    world: World, words: str = "等了三天没人来", order_id: str | None = None, by: Actor | None = None
) -> Complaint:
    reported = Reported(world.brand.voice.brand_id, words, "page", work_order_id=order_id)
    with world.runtime.transaction() as uow:
        return open_complaint(uow, by=by or world.customer, reported=reported)


def told(world: World) -> list[OutgoingMessage]:
    with world.runtime.transaction() as uow:
        return [
            one
            for one in uow.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.seq))
            if one.why.startswith("complaint.")
        ]


def test_a_case_goes_from_hand_to_end_and_the_customer_hears_of_it(world: World, clock: Clock) -> None:
    li, order_id = agent(world, "li"), world.finished()
    opened = complain(world, order_id=order_id)
    assert (opened.status, opened.kind, opened.due_at) == (OPENED, "late", clock() + timedelta(days=1))
    assert opened.number.startswith("T1")
    with world.runtime.transaction() as uow:
        with pytest.raises(MoveRefused):
            cases.answer(uow, opened.id, "抱歉", by=li)
        cases.own(uow, opened.id, by=li)
        cases.answer(uow, opened.id, "明天上午一定到", by=li)
        cases.close(uow, opened.id, "resolved", "已上门修好", by=li)
    world.react()
    with world.runtime.transaction() as uow:
        ended = uow.get(Complaint, opened.id, called="")
        assert (ended.status, ended.outcome, ended.next_at) == (CLOSED, "resolved", None)
        steps = uow.session.scalars(select(ComplaintStep).order_by(ComplaintStep.id)).all()
        assert [one.move for one in steps] == ["open", "own", "answer", "close"]
    assert [one.why for one in told(world)] == ["complaint.answer", "complaint.close"], "not of one's own doing"
    assert "明天上午一定到" in told(world)[0].text
    assert "明天上午一定到" not in str((told(world)[0].forms or {}).get("sms")), "a text message may be read by others"


def test_saying_it_again_is_the_same_case(world: World) -> None:
    order_id = world.finished()
    one, again = complain(world, order_id=order_id), complain(world, "还是没人来", order_id=order_id)
    assert one.id == again.id


def test_of_two_who_take_it_one_has_it(fresh_runtime: Runtime) -> None:
    world = world_in(fresh_runtime)
    people = [agent(world, name) for name in ("li", "wang", "zhao")]
    case = complain(world)

    def own(n: int) -> Complaint:
        with fresh_runtime.transaction() as uow:
            return cases.own(uow, case.id, by=people[n])

    results = at_once(3, own)
    assert sum(isinstance(one, Complaint) for one in results) == 1
    assert all(isinstance(one, Complaint | Refused) for one in results), results


def test_what_is_a_colleagues_is_handed_over_first(world: World) -> None:
    li, wang = agent(world, "li"), agent(world, "wang")
    case = complain(world)
    with world.runtime.transaction() as uow:
        cases.own(uow, case.id, by=li)
        with pytest.raises(Conflict, match="li"):
            cases.answer(uow, case.id, "抱歉", by=wang)
        with pytest.raises(Refused):
            cases.hand_over(uow, case.id, "st_nobody", by=li, why="休假")
        cases.hand_over(uow, case.id, wang.id, by=li, why="休假")
        assert cases.answer(uow, case.id, "抱歉", by=wang).status is ANSWERED


def test_past_its_time_it_goes_up_once_a_level_and_no_further(world: World, clock: Clock, valkey: Redis) -> None:
    case = complain(world)
    jobs = jobs_with(world.runtime, valkey)
    assert escalate_complaints(jobs) == 0
    clock.advance(days=1, minutes=1)
    assert (escalate_complaints(jobs), escalate_complaints(jobs)) == (1, 0)
    clock.advance(hours=4)
    assert (escalate_complaints(jobs), escalate_complaints(jobs)) == (1, 0)
    clock.advance(days=3)
    assert escalate_complaints(jobs) == 0
    world.react(times=2)
    assert [(one.recipient, one.why) for one in told(world)] == [
        ("manager", "complaint.escalated"), ("administrator", "complaint.escalated"),
    ]  # fmt: skip
    with world.runtime.transaction() as uow:
        assert uow.get(Complaint, case.id, called="").level == 2


def test_what_was_answered_goes_up_no_more(world: World, clock: Clock, valkey: Redis) -> None:
    li, case = agent(world, "li"), complain(world)
    with world.runtime.transaction() as uow:
        cases.own(uow, case.id, by=li)
        cases.answer(uow, case.id, "明天到", by=li)
    clock.advance(days=5)
    assert escalate_complaints(jobs_with(world.runtime, valkey)) == 0


def test_whoever_is_not_content_says_so_and_it_begins_anew(world: World, clock: Clock) -> None:
    li, order_id = agent(world, "li"), world.finished()
    case = complain(world, order_id=order_id)
    with world.runtime.transaction() as uow:
        cases.own(uow, case.id, by=li)
        cases.close(uow, case.id, "explained", "已解释", by=li)
    clock.advance(days=2)
    again = complain(world, "没有解决，还是漏水", order_id=order_id)
    assert (again.id, again.status, again.outcome, again.owner_id) == (case.id, REOPENED, "", None)
    assert again.due_at == clock() + timedelta(days=1)
    world.react()
    assert [one.recipient for one in told(world) if one.why == "complaint.reopened"] == ["manager"]
    with world.runtime.transaction() as uow:
        assert cases.own(uow, case.id, by=li).status is OWNED
        cases.close(uow, case.id, "resolved", "修好了", by=li)
    clock.advance(days=16)
    assert complain(world, "又漏水了，还没修好", order_id=order_id).id != case.id


def test_what_cannot_be_is_refused(world: World) -> None:
    with pytest.raises(BadComplaint):
        complain(world, "")
    with pytest.raises(NotFound):
        complain(world, order_id=world.finished(), by=Actor(Role.CUSTOMER, "cu_other"))
    li, case = agent(world, "li"), complain(world)
    with world.runtime.transaction() as uow:
        cases.own(uow, case.id, by=li)
        with pytest.raises(BadComplaint):
            cases.close(uow, case.id, "forgotten", "算了", by=li)
        with pytest.raises(BadComplaint):
            cases.close(uow, case.id, "resolved", " ", by=li)
