"""Dispatch by hand: the same rules, an override with a reason, two dispatchers at once, shares, what falls away."""

from __future__ import annotations

import pytest

from domain.access.model import Staff, TrailEntry
from domain.appointments import operations as appointments
from domain.capacity.model import EngineerDay
from domain.capacity.operations import NoRoom
from domain.capacity.rosters import end_leave, take_leave
from domain.customers.address import AddressLine
from domain.dispatch.assigning import CannotAssign, FirstWas, Objected
from domain.dispatch.explaining import explain
from domain.dispatch.operations import assign, reassign, share
from domain.dispatch.standing import version_of
from domain.engineers import operations as engineers
from domain.kit.actors import system
from domain.work_orders import operations as work_orders
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import WorkOrder
from domain.work_orders.visits import WrongShares
from tests.domain.dispatch.asking import DISPATCHER, ELSEWHERE, World, follow, local, two_hours
from tests.domain.work_orders.opening import ENGINEER, STAFF
from tests.runtime import at_once

BY = system("tests")


def seen(world: World, order_id: str) -> int:
    with world.runtime.transaction() as uow:
        return version_of(uow, order_id)


def put(world: World, order_id: str, engineer_id: str, **said: object) -> None:
    version = seen(world, order_id)
    with world.runtime.transaction() as uow:
        assign(uow, order_id, engineer_id, by=DISPATCHER, version=version, **said)  # type: ignore[arg-type]
    follow(world)


def promised(world: World, day: int = 14, hour: int = 14) -> str:
    """An order with a promised window that somebody has accepted."""
    order_id = world.order()
    with world.runtime.transaction() as uow:
        appointments.book_window(uow, order_id, *two_hours(day, hour), by=STAFF, via="console")
    follow(world)
    world.answer(order_id, "accept")
    follow(world)
    return order_id


def test_a_dispatcher_gives_an_order_to_whom_he_likes(world: World) -> None:
    order_id = world.dispatched()
    put(world, order_id, world.network.cao)
    assert world.has_it(order_id) == "cao"
    assert world.offer(order_id) is None, "who was asked is not any more"
    assert [time.engineer_id for time in world.times(order_id)] == [world.network.cao]
    assert world.row(order_id).provider_id == world.network.second
    assert [event["how"] for event in world.events("OfferEnded")] == ["withdrawn", "accepted"]
    assert world.decisions(order_id)[-1].outcome == "assigned"


def test_an_objection_refuses_and_names_the_rule(world: World) -> None:
    order_id = world.dispatched(category_code="water_heater_gas")
    asked, version = world.asked(order_id), seen(world, order_id)
    with world.runtime.transaction() as uow, pytest.raises(Objected) as refused:
        assign(uow, order_id, world.network.ding, by=DISPATCHER, version=version)
    assert str(refused.value) == (
        "不能派给丁师傅：没有燃气燃烧器具安装维修人员岗位证书（规则 certificate：证书当天有效）"
    )
    assert world.asked(order_id) == asked, "nothing changed"
    assert seen(world, order_id) == version


def test_an_override_needs_a_reason_and_a_window_and_is_kept(world: World) -> None:
    order_id = world.dispatched(category_code="water_heater_gas")
    with pytest.raises(CannotAssign, match="请先选定时段"):
        put(world, order_id, world.network.ding, override="只有他在附近，自有师傅会带证到场")
    put(world, order_id, world.network.ding, override="自有师傅会带证到场", window=two_hours(13, 10))
    assert world.has_it(order_id) == "ding"
    last = world.decisions(order_id)[-1]
    assert (last.override, last.by) == ("自有师傅会带证到场", "staff:st_dispatcher")
    with world.runtime.transaction() as uow:
        assert explain(uow, order_id)[0].lines[0] == "强制派单的理由：自有师傅会带证到场"
        entry = uow.session.query(TrailEntry).filter_by(action="dispatch.assign").one()
        assert entry.detail["overridden"] == ["certificate"]


def test_somebody_the_grid_does_not_name(world: World) -> None:
    order_id = world.dispatched()
    with pytest.raises(Objected, match="规则 covered"):
        put(world, order_id, world.network.fan)
    put(world, order_id, world.network.fan, override="客户指定", window=two_hours(13, 10))
    assert world.has_it(order_id) == "fan"


def test_a_full_day_is_made_one_longer_by_an_override(world: World) -> None:
    with world.runtime.transaction() as uow:
        uow.session.add(EngineerDay(engineer_id=world.network.an, day=local(13, 12).date(), taken=8, most=8))
    order_id = world.dispatched()
    with pytest.raises(Objected, match="规则 capacity"):
        put(world, order_id, world.network.an, window=two_hours(13, 10))
    put(world, order_id, world.network.an, window=two_hours(13, 10), override="加急")
    with world.runtime.transaction() as uow:
        day = uow.session.get_one(EngineerDay, (world.network.an, local(13, 12).date()))
        assert (day.taken, day.most) == (9, 9)


def test_two_places_at_once_are_refused_even_then(world: World) -> None:
    first, second = world.dispatched(), world.dispatched(address=AddressLine("441900", "东莞市某路1号"))
    window = (local(13, 10), local(13, 10, 5))
    put(world, first, world.network.an, window=window)
    with pytest.raises(NoRoom):
        put(world, second, world.network.an, window=window, override="就要他")
    assert world.has_it(second) == ""


def test_a_promise_is_not_moved_by_dispatching(world: World) -> None:
    order_id = promised(world)
    with pytest.raises(CannotAssign, match="改时间请用“改约”"):
        put(world, order_id, world.network.cao, window=two_hours(15, 8))
    put(world, order_id, world.network.cao)
    [time] = world.times(order_id)
    assert (time.window_since, time.window_until) == two_hours(14, 14)
    assert time.promised
    assert world.has_it(order_id) == "cao"
    [told] = world.events("VisitReassigned")
    assert told["code"] == "by_hand"


def test_of_two_dispatchers_the_second_is_told_who_was_first(fresh_world: World) -> None:
    order_id = fresh_world.dispatched()
    with fresh_world.runtime.transaction() as uow:
        uow.session.add(
            Staff(
                id="st_dispatcher", username="d", display_name="调度小刘", role="dispatcher", password_hash="x",
                created_at=uow.now,
            )
        )  # fmt: skip
    version = seen(fresh_world, order_id)
    who = [fresh_world.network.cao, fresh_world.network.ding]

    def one(number: int) -> object:
        with fresh_world.runtime.transaction() as uow:
            return assign(uow, order_id, who[number], by=DISPATCHER, version=version)

    results = at_once(2, one)
    [second] = [result for result in results if isinstance(result, Exception)]
    assert isinstance(second, FirstWas)
    got = {"cao": "曹师傅", "ding": "丁师傅"}[fresh_world.has_it(order_id)]
    assert str(second) == f"调度小刘 11:30 已把这单派给{got}，请刷新后再看"


def test_an_order_that_is_over_is_not_assigned(world: World) -> None:
    order_id = world.dispatched()
    with world.runtime.transaction() as uow:
        work_orders.move_order(uow, order_id, "cancel", by=DISPATCHER, why="不修了")
    follow(world)
    with pytest.raises(CannotAssign, match="已取消"):
        put(world, order_id, world.network.an)


def test_reassigning_keeps_the_window_and_tells(world: World) -> None:
    order_id = promised(world)
    before, visit = world.has_it(order_id), world.visit(order_id)
    assert visit
    with world.runtime.transaction() as uow:
        reassign(uow, visit.id, by=DISPATCHER, code="vehicle", why="车坏在路上")
    follow(world)
    assert world.asked(order_id) not in ("", before)
    assert world.has_it(order_id) == ""
    [time] = world.times(order_id)
    assert (time.window_since, time.window_until) == two_hours(14, 14)
    [told] = world.events("VisitReassigned")
    assert (told["code"], world.name(told["was_engineer_id"])) == ("vehicle", before)
    assert world.decisions(order_id)[-1].why == "reassigned:vehicle"


def test_reassigning_to_somebody_named_follows_the_rules(world: World) -> None:
    order_id = promised(world)
    visit = world.visit(order_id)
    assert visit
    with world.runtime.transaction() as uow, pytest.raises(Objected, match="规则 covered"):
        reassign(uow, visit.id, by=DISPATCHER, code="hard", to=world.network.fan)
    with world.runtime.transaction() as uow, pytest.raises(CannotAssign, match="请选择原因"):
        reassign(uow, visit.id, by=DISPATCHER, code="because", to=world.network.cao)
    with world.runtime.transaction() as uow:
        reassign(uow, visit.id, by=DISPATCHER, code="closer", to=world.network.cao)
    assert world.has_it(order_id) == "cao"
    [told] = world.events("VisitReassigned")
    assert told["code"] == "closer"


def test_several_engineers_share_a_visit_and_each_ones_time_is_kept(world: World) -> None:
    order_id = promised(world)
    visit = world.visit(order_id)
    assert visit
    lead, helper = visit.engineer_id or "", world.network.cao
    for wrong in ({lead: 60, helper: 30}, {helper: 100}, {lead: 110, helper: -10}):
        with world.runtime.transaction() as uow, pytest.raises(WrongShares):
            share(uow, visit.id, wrong, by=DISPATCHER)
    with world.runtime.transaction() as uow:
        share(uow, visit.id, {lead: 60, helper: 40}, by=DISPATCHER)
    assert {time.engineer_id for time in world.times(order_id)} == {lead, helper}
    assert world.visit(order_id).engineer_id == lead  # type: ignore[union-attr]
    with world.runtime.transaction() as uow, pytest.raises(Objected, match="规则 covered"):
        share(uow, visit.id, {lead: 60, world.network.fan: 40}, by=DISPATCHER)
    assert {time.engineer_id for time in world.times(order_id)} == {lead, helper}, "nothing changed"
    with world.runtime.transaction() as uow:
        share(uow, visit.id, {lead: 100}, by=DISPATCHER)
    assert {time.engineer_id for time in world.times(order_id)} == {lead}


def test_when_the_lead_is_replaced_the_others_are_free(world: World) -> None:
    order_id = promised(world)
    visit = world.visit(order_id)
    assert visit
    with world.runtime.transaction() as uow:
        share(uow, visit.id, {visit.engineer_id or "": 50, world.network.cao: 50}, by=DISPATCHER)
        reassign(uow, visit.id, by=DISPATCHER, code="vehicle")
    follow(world)
    assert len(world.times(order_id)) == 1


@pytest.mark.parametrize("move", ["cancel", "guide"])
def test_an_order_that_ends_lets_everything_go(world: World, move: str) -> None:
    asked, taken = world.dispatched(), promised(world)
    for order_id in (asked, taken):
        with world.runtime.transaction() as uow:
            work_orders.move_order(uow, order_id, move, by=DISPATCHER, why="不用来了")
        follow(world)
        assert world.visit(order_id) is None
        assert world.offer(order_id) is None
        assert not world.times(order_id)


def test_leave_sends_somebody_else_in_the_same_window(world: World) -> None:
    order_id, later = promised(world), promised(world, day=16)
    before, visit, other = world.has_it(order_id), world.visit(order_id), world.has_it(later)
    assert visit
    with world.runtime.transaction() as uow:
        take_leave(uow, visit.engineer_id or "", local(14, 0), local(15, 0), kind="sick", by=BY)
    follow(world)
    assert world.asked(order_id) not in ("", before)
    assert world.has_it(later) == other, "the day after is not touched"
    [told] = world.events("VisitReassigned")
    assert told["code"] == "leave"
    [time] = world.times(order_id)
    assert (time.window_since, time.window_until) == two_hours(14, 14)


def test_leave_of_some_hours_touches_only_those(world: World) -> None:
    morning, afternoon = promised(world, hour=8), promised(world, hour=16)
    with world.runtime.transaction() as uow:
        for id_ in (world.network.an, world.network.bo):
            take_leave(uow, id_, local(14, 14), local(14, 20), kind="leave", by=BY)
    follow(world)
    assert world.has_it(morning) in ("an", "bo")
    assert world.has_it(afternoon) == ""
    assert world.asked(afternoon) == "cao"


def test_a_leave_that_was_taken_back_before_anybody_looked_moves_nobody(world: World) -> None:
    order_id = promised(world)
    visit = world.visit(order_id)
    assert visit
    with world.runtime.transaction() as uow:
        leave = take_leave(uow, visit.engineer_id or "", local(14, 0), local(15, 0), kind="leave", by=BY)
        end_leave(uow, leave.id, by=BY)
    follow(world)
    assert not world.events("VisitReassigned")


def test_an_engineer_who_leaves_is_replaced(world: World) -> None:
    order_id = promised(world)
    before, visit = world.has_it(order_id), world.visit(order_id)
    assert visit
    with world.runtime.transaction() as uow:
        engineers.dismiss(uow, visit.engineer_id or "", local(13, 12).date(), by=BY, why="离职")
    follow(world)
    assert world.asked(order_id) not in ("", before)
    assert [told["code"] for told in world.events("VisitReassigned")] == ["left"]


def test_a_new_address_out_of_reach_sends_somebody_else_or_waits(world: World) -> None:
    order_id = promised(world)
    with world.runtime.transaction() as uow:
        version = uow.get(WorkOrder, order_id, called="工单").version
        work_orders.change_order(uow, order_id, by=STAFF, why="搬家", version=version, address=ELSEWHERE)
    follow(world)
    assert world.has_it(order_id) == ""
    waits = world.waits(order_id)
    assert waits
    assert waits.reason == "no_coverage"


def test_who_is_on_the_way_is_left_alone(world: World) -> None:
    order_id = promised(world)
    visit = world.visit(order_id)
    assert visit
    with world.runtime.transaction() as uow:
        work_orders.move_visit(uow, visit.id, "depart", by=ENGINEER)
        take_leave(uow, visit.engineer_id or "", local(14, 0), local(15, 0), kind="leave", by=BY)
    follow(world)
    again = world.visit(order_id)
    assert again
    assert again.status is VisitStatus.DEPARTED


def test_a_failed_visit_is_dispatched_anew(world: World) -> None:
    order_id = world.dispatched()
    world.answer(order_id, "accept")
    visit = world.visit(order_id)
    assert visit
    with world.runtime.transaction() as uow:
        work_orders.move_visit(uow, visit.id, "fail", by=STAFF, why="客户不在家")
    follow(world)
    again = world.visit(order_id)
    assert again
    assert again.seq == 2
    assert world.asked(order_id)


def test_a_new_window_with_somebody_else_replaces_whoever_accepted(world: World) -> None:
    order_id = promised(world)
    before = world.has_it(order_id)
    with world.runtime.transaction() as uow:
        taken = world.times(order_id)[0].engineer_id
        take_leave(uow, taken, local(15, 0), local(16, 0), kind="leave", by=BY)
        appointments.book_window(uow, order_id, *two_hours(15, 10), by=STAFF, via="console")
    follow(world)
    assert world.has_it(order_id) == ""
    assert world.asked(order_id) not in ("", before)
    [time] = world.times(order_id)
    assert (time.window_since, time.window_until) == two_hours(15, 10)
