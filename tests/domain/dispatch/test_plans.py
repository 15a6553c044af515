"""A plan is a proposal: made without changing anything, accepted whole or by engineer, refused when the day changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from adapters.invariants import breaches
from domain.capacity.locks import lock_day
from domain.capacity.model import EngineerDay, Reservation, ReservationState
from domain.capacity.operations import take_leave
from domain.customers.address import AddressLine
from domain.dispatch import plans
from domain.dispatch.events import NobodyFits, PlanMade, PlanWanted
from domain.dispatch.model import Plan
from domain.dispatch.operations import answer_offer
from domain.dispatch.waiting import put_in_queue
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import SHANGHAI
from domain.regions.positions import Position
from domain.work_orders.model import WorkOrder
from jobs import planning
from tests.domain.dispatch.asking import DISPATCHER, HOME, World, follow
from tests.runtime import Clock

TOMORROW = date(2026, 5, 13)
"""The clock of tests stands on 12 May, 11:30."""


def at(hour: float) -> datetime:
    return datetime.combine(TOMORROW, datetime.min.time(), SHANGHAI) + timedelta(hours=hour)


def place(n: int) -> AddressLine:
    """To the north, in the order of ``n``."""
    return replace(HOME, line=f"{HOME.line}{n}号", position=Position(22.84 + n * 0.01, 113.256))


def days_orders(world: World, ns: Sequence[int]) -> list[str]:
    """Orders wished for tomorrow, in that order of coming in."""
    made = []
    for n in ns:
        order_id = world.order(address=place(n))
        with world.runtime.transaction() as uow:
            order = uow.get(WorkOrder, order_id, called="工单")
            order.wanted_since, order.wanted_until = at(8), at(20)
        follow(world)
        made.append(order_id)
    return made


def booked(world: World, order_ids: Sequence[str]) -> dict[str, Reservation]:
    return {
        order_id: next(time for time in world.times(order_id) if time.state is ReservationState.BOOKED)
        for order_id in order_ids
    }


def shape(world: World, order_ids: Sequence[str]) -> list[tuple[object, ...]]:
    """Everything a plan might move."""
    return [
        (t.engineer_id, t.window_since, t.window_until, t.leaves_at, t.starts_at, t.ends_at, world.asked(order_id))
        for order_id, t in booked(world, order_ids).items()
    ]


def proposed(world: World, seconds: float = 0.3) -> Plan:
    with world.runtime.transaction() as uow:
        return plans.propose(uow, world.network.near, TOMORROW, by=DISPATCHER, seconds=seconds)


def accepted(world: World, plan: Plan, *names: str) -> Plan:
    with world.runtime.transaction() as uow:
        who = [world.network.engineers[name] for name in names] or None
        return plans.accept(uow, plan.id, who, by=DISPATCHER)


def scattered(world: World) -> list[str]:
    """Six visits, put into the day in an order that drives up and down."""
    return days_orders(world, [0, 9, 1, 8, 2, 7])


def count(world: World) -> dict[str, int]:
    with world.runtime.transaction() as uow:
        rows = uow.session.scalars(select(EngineerDay).where(EngineerDay.day == TOMORROW)).all()
        return {world.name(row.engineer_id): row.taken for row in rows}


def sound(world: World) -> None:
    with world.runtime.transaction() as uow:
        assert not any(breaches(uow.session.connection()).values())
    for name, taken in count(world).items():
        with world.runtime.transaction() as uow:
            found = select(Reservation).where(
                Reservation.engineer_id == world.network.engineers[name], Reservation.day == TOMORROW,
                Reservation.state == ReservationState.BOOKED,
            )  # fmt: skip
            assert len(uow.session.scalars(found).all()) == taken


def test_a_proposal_changes_nothing_and_accepting_it_drives_less(world: World) -> None:
    orders = scattered(world)
    before = shape(world, orders)
    plan = proposed(world)
    assert shape(world, orders) == before
    assert plan.metres_after < plan.metres_before
    assert accepted(world, plan).accepted_at is not None
    assert shape(world, orders) != before
    for order_id, time in booked(world, orders).items():
        assert world.asked(order_id) == world.name(time.engineer_id), "whoever has the time is the one who is asked"
        offer = world.offer(order_id)
        assert offer is not None
        assert (offer.window_since, offer.window_until) == (time.window_since, time.window_until)
        with world.runtime.transaction() as uow:
            answer_offer(uow, offer.id, "accept", by=Actor(Role.ENGINEER, offer.engineer_id))
    assert all(world.has_it(order_id) for order_id in orders)
    sound(world)


def test_what_was_promised_keeps_its_window_and_what_was_accepted_its_engineer(world: World) -> None:
    orders = scattered(world)
    promised, taken = orders[1], orders[3]
    with world.runtime.transaction() as uow:
        uow.session.execute(update(Reservation).where(Reservation.work_order_id == promised).values(promised=True))
        offer = world.offer(taken)
        assert offer is not None
        answer_offer(uow, offer.id, "accept", by=Actor(Role.ENGINEER, offer.engineer_id))
    before = booked(world, orders)
    accepted(world, proposed(world))
    after = booked(world, orders)
    for order_id in (promised, taken):
        window = before[order_id].window_since, before[order_id].window_until
        assert (after[order_id].window_since, after[order_id].window_until) == window
        assert window[0] <= after[order_id].starts_at <= window[1]
    assert after[taken].engineer_id == before[taken].engineer_id
    assert world.has_it(taken) == world.name(before[taken].engineer_id)
    sound(world)


def test_a_day_that_changed_is_planned_anew(world: World) -> None:
    scattered(world)
    plan = proposed(world)
    with world.runtime.transaction() as uow:
        take_leave(uow, world.network.an, at(19), at(20), kind="leave", by=DISPATCHER)
    with pytest.raises(plans.PlanOver, match="安师傅当天的安排在方案做好以后变了"):
        accepted(world, plan)
    with world.runtime.transaction() as uow:
        assert len(plans.open_routes(uow, plan.id)) > 0, "nothing of it was accepted"


def test_a_plan_is_accepted_once(world: World) -> None:
    scattered(world)
    plan = proposed(world)
    accepted(world, plan)
    with pytest.raises(plans.PlanOver):
        accepted(world, plan)


def test_by_engineer_but_never_half_of_an_exchange(world: World) -> None:
    orders = scattered(world)
    plan = proposed(world)
    with world.runtime.transaction() as uow:
        routes = {world.name(route.engineer_id): route for route in plans.routes_of(uow, plan.id)}
    goes_over = any(stop["was"] != route.engineer_id for route in routes.values() for stop in route.stops)
    if goes_over:
        with pytest.raises(plans.NotAlone, match="一起采纳"):
            accepted(world, plan, "an")
        accepted(world, plan, "an", "bo")
    else:
        accepted(world, plan, "an")
    assert len(booked(world, orders)) == 6
    sound(world)


def test_half_of_an_exchange_is_refused(world: World) -> None:
    """Whatever the optimizer found: the visits of one are written down as the other's until now."""
    scattered(world)
    plan, other = proposed(world), {world.network.an: "bo", world.network.bo: "an"}
    with world.runtime.transaction() as uow:
        route = max(plans.routes_of(uow, plan.id), key=lambda one: len(one.stops))
        was = world.network.engineers[other[route.engineer_id]]
        route.stops = [{**stop, "was": was, "moved": True} for stop in route.stops]
        gets = next(name for name, one in world.network.engineers.items() if one == route.engineer_id)
    with pytest.raises(plans.NotAlone, match="请把两位的安排一起采纳"):
        accepted(world, plan, gets)


def test_only_the_middle_of_a_district_is_known_and_the_visit_stays_in_the_plan(world: World) -> None:
    """By the expected way nobody would be there in time. A middle rules nothing out: that day stays as it is."""
    orders = scattered(world)
    times = booked(world, orders)
    with world.runtime.transaction() as uow:
        of = update(WorkOrder).where(WorkOrder.id == orders[2])
        uow.session.execute(of.values(position=None, division_code="440607"))
        uow.session.execute(update(Reservation).where(Reservation.work_order_id == orders[2]).values(promised=True))
    plan = proposed(world)
    assert orders[2] in {row["work_order_id"] for row in plan.unserved}
    accepted(world, plan)
    after = booked(world, orders)
    assert set(after) == set(orders)
    assert (after[orders[2]].engineer_id, after[orders[2]].starts_at) == (
        times[orders[2]].engineer_id, times[orders[2]].starts_at,
    )  # fmt: skip
    sound(world)


def test_one_more_order_gets_the_room_there_is(world: World) -> None:
    """Each of the two engineers may do one visit that day."""
    [standing] = days_orders(world, [1])
    world_order = world.order(address=place(2))
    with world.runtime.transaction() as uow:
        for name in ("an", "bo"):
            lock_day(uow, world.network.engineers[name], TOMORROW).most = 1
        plan = plans.insert(uow, world_order, world.network.near, TOMORROW, by=DISPATCHER)
    accepted(world, plan)
    assert {world.asked(standing), world.asked(world_order)} == {"an", "bo"}
    assert world.waits(world_order) is None
    sound(world)


def test_where_nothing_helps_it_is_said(world: World) -> None:
    days_orders(world, [1])
    order_id = world.order(address=place(2))
    with world.runtime.transaction() as uow:
        for name in ("an", "bo"):
            day = lock_day(uow, world.network.engineers[name], TOMORROW)
            day.most = day.taken
        with pytest.raises(plans.NoPlace):
            plans.insert(uow, order_id, world.network.near, TOMORROW, by=DISPATCHER)


def test_yesterday_is_not_planned(world: World) -> None:
    with world.runtime.transaction() as uow, pytest.raises(plans.PastDay):
        plans.ask_for_plan(uow, world.network.near, date(2026, 5, 11), by=DISPATCHER)


def test_in_the_evening_every_provider_is_planned_once(world: World, clock: Clock) -> None:
    scattered(world)
    assert planning.plan_tomorrow(world.jobs) == 0, "not before the evening"
    clock.at = datetime(2026, 5, 12, 12, 30, tzinfo=UTC)
    assert planning.plan_tomorrow(world.jobs) == 3
    for body in [*world.events("PlanWanted"), *world.events("PlanWanted")]:
        planning.make_plan(world.jobs, PlanWanted(**body))
    with world.runtime.transaction() as uow:
        assert len(plans.plans_of(uow, TOMORROW)) == 3
    assert planning.plan_tomorrow(world.jobs) == 0


@pytest.mark.parametrize("automatic", [True, False])
def test_a_plan_is_accepted_by_itself_where_the_provider_wants_that(world: World, automatic: bool) -> None:
    scattered(world)
    with world.runtime.transaction() as uow:
        plans.set_automatic(uow, world.network.near, automatic, by=DISPATCHER)
    plan = proposed(world)
    with world.runtime.transaction() as uow:
        planning.accept_plan(uow, PlanMade(plan.id))
    with world.runtime.transaction() as uow:
        assert (uow.get(Plan, plan.id, called="方案").accepted_at is not None) == automatic


def test_room_is_looked_for_when_nobody_has_time(world: World) -> None:
    order_id = world.order(address=place(1))
    with world.runtime.transaction() as uow:
        put_in_queue(uow, uow.get(WorkOrder, order_id, called="工单"), world.network.near, "no_room", "都排不开")
        planning.look_for_room(uow, NobodyFits(order_id, "no_room"))
        planning.look_for_room(uow, NobodyFits(order_id, "no_coverage"))
    assert [body["day"] for body in world.events("PlanWanted")] == ["2026-05-12", "2026-05-13", "2026-05-14"]
