"""Offers: answered in time by whoever was asked, once; refused and forgotten ones go on to the next."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from domain.appointments import operations as appointments
from domain.dispatch.deadlines import answer_by
from domain.dispatch.operations import NoReason, NotYours, OfferOver, TooLate, answer_offer, expire_offer
from domain.engineers.model import Engineer
from domain.kit.actors import Actor, Role
from domain.kit.errors import Refused
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import VisitStatus
from jobs.dispatching import expire_offers, try_waiting_again
from tests.domain.dispatch.asking import DISPATCHER, World, follow, local, two_hours
from tests.domain.work_orders.opening import STAFF
from tests.runtime import Clock, at_once


def engineer(id_: str) -> Actor:
    return Actor(Role.ENGINEER, id_)


def test_who_accepts_has_the_visit(world: World) -> None:
    order_id = world.dispatched()
    asked = world.asked(order_id)
    world.answer(order_id, "accept")
    follow(world)
    visit = world.visit(order_id)
    assert visit
    assert (world.has_it(order_id), visit.status) == (asked, VisitStatus.ACCEPTED)
    assert world.offer(order_id) is None
    assert len(world.all_asked(order_id)) == 1
    assert [event["how"] for event in world.events("OfferEnded")] == ["accepted"]


def test_a_refusal_goes_on_to_the_next_and_never_back(world: World) -> None:
    order_id = world.dispatched()
    for _ in range(4):
        world.answer(order_id, "refuse", reason_code="too_far")
        follow(world)
    asked = world.all_asked(order_id)
    assert len(set(asked)) == len(asked), "nobody is asked twice"


def test_when_all_have_refused_the_order_waits(world: World) -> None:
    order_id = world.dispatched()
    while world.asked(order_id):
        world.answer(order_id, "refuse", reason_code="too_far")
        follow(world)
    assert sorted(world.all_asked(order_id)) == ["an", "bo", "cao", "ding", "fan"], "the brand's own last: it got hard"
    waits = world.waits(order_id)
    assert waits
    assert waits.reason == "all_refused"
    assert not world.times(order_id), "nobody's time is kept for nothing"


def test_silence_goes_on_to_the_next(world: World, clock: Clock) -> None:
    order_id = world.dispatched()
    first, offer = world.asked(order_id), world.offer(order_id)
    assert offer
    assert offer.answer_by - clock.at == timedelta(minutes=15), "a repair"
    clock.advance(minutes=14, seconds=59)
    assert expire_offers(world.jobs) == 0
    clock.advance(seconds=1)
    assert expire_offers(world.jobs) == 1
    follow(world)
    assert world.asked(order_id) not in ("", first)


@pytest.mark.parametrize("move", ["twice", "late", "another", "no reason"])
def test_answers_that_do_not_count_change_nothing(world: World, clock: Clock, move: str) -> None:
    order_id = world.dispatched()
    offer = world.offer(order_id)
    assert offer
    by, answer, words = engineer(offer.engineer_id), "accept", "已接单"
    error: type[Refused] = OfferOver
    if move == "twice":
        world.answer(order_id, "accept")
    elif move == "late":
        clock.at, error, words = offer.answer_by, TooLate, "已经过了"
    elif move == "another":
        by, error, words = engineer(world.network.fan), NotYours, "不是派给您的"
    else:
        answer, error, words = "refuse", NoReason, "请选择原因"
    before = world.has_it(order_id)
    with pytest.raises(error, match=words), world.runtime.transaction() as uow:
        answer_offer(uow, offer.id, answer, by=by)
    assert world.has_it(order_id) == before


def test_of_accept_and_expiry_at_once_one_wins(fresh_world: World, clock: Clock) -> None:
    order_id = fresh_world.dispatched()
    offer = fresh_world.offer(order_id)
    assert offer

    def one(number: int) -> object:
        with fresh_world.runtime.transaction() as uow:
            if number % 2:
                return expire_offer(uow, offer.id)
            return answer_offer(uow, offer.id, "accept", by=engineer(offer.engineer_id))

    clock.at = offer.answer_by - timedelta(seconds=1)
    results = at_once(4, one)
    assert sum(isinstance(result, Refused) for result in results) == 1, "accepted once, refused in words once"
    assert fresh_world.has_it(order_id) == fresh_world.name(offer.engineer_id)


def test_nobody_keeps_the_promise_so_it_stands_and_the_order_waits(world: World) -> None:
    order_id = world.order()
    with world.runtime.transaction() as uow:
        appointments.book_window(uow, order_id, *two_hours(14, 14), by=STAFF, via="console")
    follow(world)
    while world.asked(order_id):
        world.answer(order_id, "refuse", reason_code="day_off")
        follow(world)
    assert world.waits(order_id)
    [time] = world.times(order_id)
    assert time.promised
    assert (time.window_since, time.window_until) == two_hours(14, 14)


@pytest.mark.parametrize(
    ("service_type", "now", "until"),
    [
        (ServiceType.REPAIR, local(12, 11, 30), local(12, 11, 45)),
        (ServiceType.MAINTENANCE, local(12, 11, 30), local(12, 12, 30)),
        (ServiceType.REPAIR, local(12, 23), local(13, 8, 15)),
        (ServiceType.REPAIR, local(12, 0), local(12, 8, 15)),
        (ServiceType.REPAIR, local(12, 20, 50), local(13, 8, 5)),
        (ServiceType.REPAIR, local(12, 21), local(13, 8, 15)),
        (ServiceType.REPAIR, local(12, 7, 59), local(12, 8, 15)),
        (ServiceType.REPAIR, local(31, 23, 59), datetime.fromisoformat("2026-06-01T08:15:00+08:00")),
        (ServiceType.INSTALL, datetime.fromisoformat("2028-02-28T20:45:00+08:00"),
         datetime.fromisoformat("2028-02-29T08:15:00+08:00")),
        (ServiceType.REPAIR, datetime.fromisoformat("2026-09-30T23:59:00+08:00"),
         datetime.fromisoformat("2026-10-01T08:15:00+08:00")),
    ],
)  # fmt: skip
def test_nights_do_not_count(service_type: ServiceType, now: datetime, until: datetime) -> None:
    assert answer_by(service_type, now) == until


def test_a_near_promise_leaves_time_for_the_next() -> None:
    assert answer_by(ServiceType.MAINTENANCE, local(12, 9), local(12, 10)) == local(12, 9, 30)
    assert answer_by(ServiceType.REPAIR, local(12, 9, 50), local(12, 10)) == local(12, 9, 55), "five minutes at least"


def test_an_order_a_minute_before_midnight_and_a_holiday(world: World, clock: Clock) -> None:
    clock.at = datetime.fromisoformat("2026-09-30T23:59:00+08:00")
    order_id = world.dispatched()
    offer, [time] = world.offer(order_id), world.times(order_id)
    assert offer
    assert offer.answer_by == datetime.fromisoformat("2026-10-01T08:15:00+08:00")
    assert time.window_until > offer.answer_by, "whoever accepts in the morning can still come in time"
    assert f"{time.day}" == "2026-10-01", "shifts say who works on a holiday"
    clock.at = offer.answer_by
    assert expire_offers(world.jobs) == 1


def test_midnight_moves_a_waiting_order_to_the_next_day(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        uow.session.execute(update(Engineer).values(since=date(2026, 5, 20)))
    order_id = world.dispatched()
    waits = world.waits(order_id)
    assert waits
    assert waits.reason == "nobody_able"
    clock.at = local(14, 0, 5)
    try_waiting_again(world.jobs)
    assert world.asked(order_id), "a week ahead is near enough now"


def test_staff_may_answer_for_an_engineer(world: World) -> None:
    order_id = world.dispatched()
    offer = world.offer(order_id)
    assert offer
    with world.runtime.transaction() as uow:
        answer_offer(uow, offer.id, "accept", by=DISPATCHER)
    assert world.has_it(order_id)
