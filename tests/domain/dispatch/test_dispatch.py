"""An opened order finds its engineer by itself; what was considered is kept; who waits is tried again."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, event

from domain.appointments import operations as appointments
from domain.capacity.model import Reservation
from domain.capacity.rosters import end_leave, take_leave
from domain.customers.address import AddressLine
from domain.dispatch import waiting
from domain.dispatch.explaining import explain
from domain.dispatch.model import Decision, WaitingOrder
from domain.dispatch.operations import dispatch
from domain.engineers import operations as engineers
from domain.engineers.model import Authorization, Certificate, Skill
from domain.kit.actors import system
from domain.kit.outbox import OutboxRow
from domain.organizations import operations as organizations
from domain.work_orders import operations as work_orders
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder
from jobs.dispatching import find_forgotten, try_waiting_again
from tests.domain.dispatch.asking import DISPATCHER, ELSEWHERE, World, follow, local, two_hours
from tests.domain.work_orders.opening import ENGINEER, STAFF, new_customer, own
from tests.network import DALIANG, SINCE, put_engineer
from tests.runtime import Clock, at_once

BY = system("tests")


def test_an_order_is_offered_right_after_it_was_opened(world: World) -> None:
    order_id = world.dispatched()
    assert world.asked(order_id) in ("an", "bo"), "the nearest provider comes first in the grid"
    offer, [time] = world.offer(order_id), world.times(order_id)
    assert offer
    assert time.engineer_id == offer.engineer_id
    assert not time.promised
    assert time.visit_id == offer.visit_id
    assert world.row(order_id).provider_id == world.network.near
    assert world.waits(order_id) is None


def test_the_decision_keeps_everybody_with_objections_and_points_in_words(world: World) -> None:
    order_id = world.dispatched(category_code="water_heater_gas", service_type=ServiceType.INSTALL)
    [decision] = world.decisions(order_id)
    told = {world.name(line["engineer_id"]): line for line in decision.considered}
    assert set(told) == {"an", "bo", "cao", "ding"}, "fan's provider is not in the grid"
    assert [one["code"] for one in told["ding"]["objections"]] == ["skill", "certificate"]
    assert {"turn", "distance", "load", "rating"} <= {one["code"] for one in told["an"]["points"]}
    assert told["an"]["score"] == pytest.approx(sum(one["points"] for one in told["an"]["points"]))
    assert decision.considered[0]["engineer_id"] == decision.engineer_id, "the best is on top"
    with world.runtime.transaction() as uow:
        [explained] = explain(uow, order_id)
    assert "工单受理，系统：询问" in explained.title
    assert any(line.startswith("丁师傅：不行——不会燃气热水器的安装（规则 skill）") for line in explained.lines)


def test_saying_it_again_changes_nothing(world: World) -> None:
    order_id = world.dispatched()
    with world.runtime.transaction() as uow:
        assert dispatch(uow, order_id, "again") is None
        assert dispatch(uow, order_id, "urged") is None
    assert len(world.decisions(order_id)) == 1
    assert len(world.times(order_id)) == 1
    assert len(world.events("VisitOffered")) == 1


def test_many_at_once_make_one_offer(fresh_world: World) -> None:
    order_id = fresh_world.order()

    def one(_: int) -> object:
        with fresh_world.runtime.transaction() as uow:
            return dispatch(uow, order_id, "opened")

    results = at_once(6, one)
    assert sum(isinstance(result, Decision) for result in results) == 1, results
    assert sum(result is None for result in results) == 5, results
    assert len(fresh_world.all_asked(order_id)) == 1


def test_orders_at_once_never_share_an_engineers_time(fresh_world: World) -> None:
    orders = [fresh_world.order() for _ in range(8)]

    def one(number: int) -> object:
        with fresh_world.runtime.transaction() as uow:
            return dispatch(uow, orders[number], "opened")

    results = at_once(8, one)
    assert not [result for result in results if isinstance(result, Exception)], results
    assert all(fresh_world.asked(order_id) for order_id in orders), "there is time for all of them"


@pytest.mark.parametrize("service_type", [ServiceType.COMPLAINT, ServiceType.CONSULTATION])
def test_what_needs_no_visit_is_not_dispatched(world: World, service_type: ServiceType) -> None:
    order_id = world.dispatched(service_type=service_type)
    assert world.visit(order_id) is None
    assert world.waits(order_id) is None
    assert not world.decisions(order_id)


def test_the_wish_of_the_customer_is_kept_to(world: World) -> None:
    order_id = world.order()
    with world.runtime.transaction() as uow:
        order = uow.get(WorkOrder, order_id, called="工单")
        order.wanted_since, order.wanted_until = local(13, 13), local(13, 18)
    follow(world)
    [time] = world.times(order_id)
    assert local(13, 13) <= time.starts_at <= local(13, 18)


def test_a_window_the_customer_chose_goes_to_the_one_whose_time_it_is(world: World) -> None:
    order_id = world.order()
    with world.runtime.transaction() as uow:
        booked = appointments.book_window(uow, order_id, *two_hours(14, 14), by=STAFF, via="console")
        uow.session.flush()
        kept = uow.session.get_one(Reservation, booked.reservation_id).engineer_id
    follow(world)
    offer = world.offer(order_id)
    assert offer
    assert (offer.engineer_id, offer.window_since) == (kept, local(14, 14))
    world.answer(order_id, "refuse", reason_code="too_far")
    follow(world)
    offer = world.offer(order_id)
    [time] = world.times(order_id)
    assert offer
    assert offer.engineer_id != kept
    assert time.engineer_id == offer.engineer_id, "the promised time moves along"
    assert (time.window_since, time.window_until) == two_hours(14, 14)
    assert time.promised


def test_whoever_has_the_time_already_is_said_to_come_when_the_plan_has_them_there(world: World) -> None:
    """Not at the beginning of the window, when they may be on the way or not at work yet."""
    order_id = world.order()
    with world.runtime.transaction() as uow:
        booked = appointments.book_window(uow, order_id, *two_hours(14, 14), by=STAFF, via="console")
        kept = uow.session.get_one(Reservation, booked.reservation_id)
        later = local(14, 14, 40) - kept.starts_at
        kept.leaves_at, kept.starts_at, kept.ends_at = (
            one + later for one in (kept.leaves_at, kept.starts_at, kept.ends_at)
        )
    follow(world)
    [decision] = world.decisions(order_id)
    holder = decision.considered[0]
    assert "held" in {one["code"] for one in holder["points"]}
    assert [one["words"] for one in holder["points"] if one["code"] == "soon"] == ["5月14日 14:40 能到"]


def test_nobody_covers_the_place(world: World) -> None:
    order_id = world.dispatched(address=ELSEWHERE)
    waits = world.waits(order_id)
    assert waits
    assert (waits.reason, waits.words, waits.provider_id) == ("no_coverage", "这个地方没有服务商覆盖", None)
    assert [one.outcome for one in world.decisions(order_id)] == ["no_coverage"]


def test_nobody_is_able(world: World) -> None:
    with world.runtime.transaction() as uow:
        uow.session.execute(delete(Certificate))
    order_id = world.dispatched()
    waits = world.waits(order_id)
    assert waits
    assert waits.reason == "nobody_able"
    assert "没有特种作业操作证" in waits.words
    assert world.row(order_id).provider_id == world.network.near, "its dispatchers see it"


def test_everybody_is_away(world: World) -> None:
    away(world)
    order_id = world.dispatched()
    waits = world.waits(order_id)
    assert waits
    assert (waits.reason, waits.words) == ("no_room", "符合条件的工程师都排不开（共 4 人，4 人当天请假）")


def away(world: World) -> list[str]:
    with world.runtime.transaction() as uow:
        return [
            take_leave(uow, id_, local(1, 0), local(30, 0), kind="leave", by=BY).id
            for id_ in world.network.engineers.values()
        ]


def test_who_waits_is_told_of_once_and_tried_every_five_minutes(world: World, clock: Clock) -> None:
    order_id = world.dispatched(address=ELSEWHERE)
    for _ in range(3):
        clock.advance(minutes=4, seconds=59)
        assert try_waiting_again(world.jobs) == 0
        clock.advance(seconds=1)
        assert try_waiting_again(world.jobs) == 1
        follow(world)
    waits = world.waits(order_id)
    assert waits
    assert waits.tries == 4
    assert len(world.decisions(order_id)) == 1, "the same reason needs no further decision"
    assert len(world.events("NobodyFits")) == 1


def test_a_new_cell_of_the_grid_wakes_who_waits(world: World, clock: Clock) -> None:
    order_id = world.dispatched(address=ELSEWHERE)
    clock.advance(seconds=30)
    with world.runtime.transaction() as uow:
        organizations.cover(
            uow, by=BY, brand_id=world.network.brand_id, division_code="440106", provider_id=world.network.near, rank=1,
            since=SINCE,
        )  # fmt: skip
    follow(world)
    assert try_waiting_again(world.jobs) == 1
    assert world.asked(order_id) in ("an", "bo")
    assert world.waits(order_id) is None


def test_a_leave_taken_back_wakes_who_waits_but_not_every_moment(world: World, clock: Clock) -> None:
    leaves = away(world)
    order_id = world.dispatched()
    clock.advance(seconds=5)
    with world.runtime.transaction() as uow:
        end_leave(uow, leaves[0], by=BY)
    follow(world)
    assert try_waiting_again(world.jobs) == 0, "it was tried five seconds ago"
    clock.advance(seconds=15)
    assert try_waiting_again(world.jobs) == 1
    assert world.asked(order_id) == "an"


def test_a_certificate_wakes_who_waits(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        uow.session.execute(delete(Authorization))
    order_id = world.dispatched()
    assert world.waits(order_id)
    clock.advance(minutes=1)
    with world.runtime.transaction() as uow:
        engineers.authorize(uow, world.network.cao, world.network.brand_id, SINCE, by=BY)
    follow(world)
    try_waiting_again(world.jobs)
    assert world.asked(order_id) == "cao"


def test_an_address_that_was_corrected_is_tried_at_once(world: World) -> None:
    order_id = world.dispatched(address=ELSEWHERE)
    with world.runtime.transaction() as uow:
        work_orders.change_order(
            uow, order_id, by=STAFF, why="写错了", version=1, address=AddressLine("440606004", "大良街道文秀路5号")
        )
    follow(world)
    assert world.asked(order_id) in ("an", "bo")


def test_an_order_without_any_trace_is_found(world: World, clock: Clock) -> None:
    order_id = world.order()
    with world.runtime.transaction() as uow:
        uow.session.execute(delete(OutboxRow))
    assert find_forgotten(world.jobs) == 0, "its reaction may still come"
    clock.advance(minutes=2)
    assert find_forgotten(world.jobs) == 1
    assert world.asked(order_id)
    assert find_forgotten(world.jobs) == 0


def test_a_refusal_whose_reaction_is_lost_is_found(world: World, clock: Clock) -> None:
    order_id = world.dispatched()
    world.answer(order_id, "refuse", reason_code="too_far")
    clock.advance(minutes=2)
    with world.runtime.transaction() as uow:
        assert waiting.forgotten(uow) == [order_id]


def test_the_same_engineer_as_before_is_preferred(world: World) -> None:
    customer_id = new_customer(world.runtime, world.brand)
    product_id = own(world.runtime, world.brand, customer_id)
    first = world.dispatched(customer_id=customer_id, product_id=product_id)
    before = world.asked(first)
    world.answer(first, "accept")
    visit = world.visit(first)
    assert visit
    with world.runtime.transaction() as uow:
        for move in ("depart", "check_in", "finish"):
            work_orders.move_visit(uow, visit.id, move, by=ENGINEER)
        for move in ("schedule", "start", "finish"):
            work_orders.move_order(uow, first, move, by=STAFF)
    again = world.dispatched(customer_id=customer_id, product_id=product_id, service_type=ServiceType.MAINTENANCE)
    [decision] = world.decisions(again)
    knows = {world.name(line["engineer_id"]) for line in decision.considered
             for point in line["points"] if point["words"] == "修过这台机器"}  # fmt: skip
    assert knows == {before}


def test_a_hard_case_goes_to_the_brands_own_experts(world: World) -> None:
    order_id = world.order()
    with world.runtime.transaction() as uow:
        order = uow.get(WorkOrder, order_id, called="工单")
        order.urged = 2
    follow(world)
    assert world.asked(order_id) == "fan", "own technicians come first, though the grid does not name them"
    assert world.row(order_id).hard == "催单 2 次"


def test_a_decision_asks_the_same_number_of_questions_for_more_people(world: World) -> None:
    def statements(order_id: str) -> int:
        count = 0

        def counted(*_: object) -> None:
            nonlocal count
            count += 1

        with world.runtime.transaction() as uow:
            engine = uow.session.get_bind().engine
            event.listen(engine, "before_cursor_execute", counted)
            try:
                dispatch(uow, order_id, "opened")
                uow.session.flush()
            finally:
                event.remove(engine, "before_cursor_execute", counted)
        return count

    world.dispatched()  # whoever is asked first has a day to be counted in already
    few = statements(world.order())
    with world.runtime.transaction() as uow:
        for number in range(12):
            put_engineer(
                uow, world.network.brand_id, world.network.near, world.network.daliang, f"X{number}", "某师傅",
                f"139000000{number:02d}", DALIANG,
            )  # fmt: skip
    many = statements(world.order())
    assert abs(many - few) <= 2, (few, many)
    assert few <= 25


def test_waiting_orders_leave_the_queue_with_the_order(world: World) -> None:
    order_id = world.dispatched(address=ELSEWHERE)
    with world.runtime.transaction() as uow:
        work_orders.move_order(uow, order_id, "cancel", by=DISPATCHER, why="客户自己修好了")
    follow(world)
    with world.runtime.transaction() as uow:
        assert uow.session.get(WaitingOrder, order_id) is None


def test_nobody_who_cannot_is_ever_asked(world: World) -> None:
    with world.runtime.transaction() as uow:
        uow.session.execute(delete(Skill).where(Skill.engineer_id != world.network.ding))
    order_id = world.dispatched()
    assert world.asked(order_id) == "ding"
    assert world.row(order_id).hard == ""
