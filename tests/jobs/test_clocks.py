"""What each event does to an order's clocks, at the moment it was so, however late it is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import select

from domain.appointments.changes import answer_change, ask_change
from domain.appointments.operations import book_window, give_up
from domain.desk.model import DeskTask
from domain.dispatch.events import NobodyFits
from domain.kit.actors import Actor
from domain.kit.events import Event
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.service_levels import queries
from domain.service_levels.keeping import put_defaults
from domain.service_levels.model import Clock, ClockEvent
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import move_order, urge_order
from domain.work_orders.visits import move_visit, offer_visit
from jobs import clocks
from jobs.context import Jobs
from jobs.reaction import Outside
from jobs.reactions import REACTIONS
from tests.domain.appointments.world import CUSTOMER, ENGINEER, STAFF, World, at, world_in
from tests.runtime import Clock as Time


@dataclass(frozen=True)
class OnlyRuntime:
    """As much of `Jobs` as the watcher needs."""

    runtime: Runtime


@pytest.fixture
def world(runtime: Runtime) -> World:
    with runtime.transaction() as uow:
        put_defaults(uow)
    return world_in(runtime)


@pytest.fixture
def order(world: World) -> str:
    return world.order()


def told(world: World, *, but: int = 0) -> int:
    """Tell the clocks of every event so far, but for the first so many, each once; returns how many there are."""
    with world.runtime.transaction() as uow:
        rows = uow.session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()
        for row in rows[but:]:
            event = Event.from_json(row.kind, row.body)
            for reaction in REACTIONS[type(event)]:
                if not isinstance(reaction, Outside) and reaction.__module__ == clocks.__name__:
                    reaction(uow, event)
    return len(rows)


def clock_of(world: World, order: str, key: str) -> Clock | None:
    with world.runtime.transaction() as uow:
        return {one.clock: one for one in queries.clocks_of(uow, order)}.get(key)


def status(world: World, order: str) -> dict[str, str]:
    with world.runtime.transaction() as uow:
        return {one.clock: str(one.status) for one in queries.clocks_of(uow, order)}


def lines(world: World, order: str, key: str) -> list[tuple[str, str]]:
    clock = clock_of(world, order, key)
    assert clock
    with world.runtime.transaction() as uow:
        found = select(ClockEvent).filter_by(clock_id=clock.id).order_by(ClockEvent.id)
        return [(one.kind, one.reason) for one in uow.session.scalars(found)]


def test_an_opened_order_has_the_clocks_of_its_service_from_the_moment_it_was_opened(
    world: World, order: str, clock: Time
) -> None:
    opened = clock.at
    clock.advance(minutes=7)
    told(world)
    assert status(world, order) == {"first_contact": "running", "respond": "running", "repair": "running"}
    repair = clock_of(world, order, "repair")
    assert repair
    assert (repair.started_at, repair.due_at) == (opened, opened + timedelta(hours=48))


def test_a_day_wished_for_beyond_the_end_stops_the_clock_until_then_and_an_earlier_one_does_not(world: World) -> None:
    known = 0
    for days, expected in ((5, "paused"), (1, "running")):
        order = world.order()
        with world.runtime.transaction() as uow:
            uow.get(WorkOrder, order, called="工单").wanted_since = at(days, 9)
        known = told(world, but=known)
        assert status(world, order)["repair"] == expected


def test_who_waits_for_a_part_is_paused_from_that_moment_until_it_came(world: World, order: str, clock: Time) -> None:
    known = told(world)
    world.booked(order, 0, 14)
    with world.runtime.transaction() as uow:
        move_order(uow, order, "start", by=STAFF)
        move_order(uow, order, "wait_part", by=STAFF)
    since = clock.at
    clock.advance(hours=3)
    known = told(world, but=known)
    repair = clock_of(world, order, "repair")
    assert repair
    assert (repair.status, repair.pause_reason, repair.paused_at) == ("paused", "waiting_part", since)
    with world.runtime.transaction() as uow:
        move_order(uow, order, "resume", by=STAFF)
    told(world, but=known)
    repair = clock_of(world, order, "repair")
    assert repair
    assert (repair.status, repair.due_at) == ("running", repair.started_at + timedelta(hours=51))


def test_an_engineer_who_says_yes_meets_the_response(world: World, order: str) -> None:
    known = told(world)
    with world.runtime.transaction() as uow:
        visit = offer_visit(uow, order, by=STAFF)
        move_visit(uow, visit.id, "accept", by=ENGINEER)
    told(world, but=known)
    assert status(world, order) == {"first_contact": "running", "respond": "met", "repair": "running"}


def test_each_urging_is_a_promise_of_its_own(world: World, order: str, clock: Time) -> None:
    known = told(world)
    with world.runtime.transaction() as uow:
        urge_order(uow, order, "快点", by=CUSTOMER)
    known = told(world, but=known)
    urge = clock_of(world, order, "urge")
    assert urge
    assert (urge.status, urge.started_at) == ("running", clock.at)


def test_a_booking_settles_the_next_step(world: World, order: str) -> None:
    known = told(world)
    world.booked(order, 0, 14)
    told(world, but=known)
    assert status(world, order) == {"first_contact": "met", "respond": "met", "repair": "running"}


def move_appointment(world: World, order: str, by: Actor, reason: str) -> None:
    with world.runtime.transaction() as uow:
        book_window(uow, order, at(1, 16), at(1, 18), by=by, via="console", reason_code=reason)


@pytest.mark.parametrize(
    ("by", "reason", "pauses"),
    [(CUSTOMER, "", True), (STAFF, "later", True), (STAFF, "other", True), (STAFF, "", False), (STAFF, "not_said", False),
     (STAFF, "overrun", False)],
    ids=["by chat", "by phone", "by phone for another reason", "nothing said", "not said", "our own"],
)  # fmt: skip
def test_a_later_time_stops_the_clock_for_as_long_as_the_customer_moved_it_also_by_phone(
    world: World, order: str, clock: Time, by: Actor, reason: str, pauses: bool
) -> None:
    known = told(world)
    world.booked(order, 0, 14)
    known = told(world, but=known)
    move_appointment(world, order, by, reason)
    moved = clock.at
    told(world, but=known)
    repair = clock_of(world, order, "repair")
    assert repair
    assert (repair.status, repair.next_at if pauses else None) == (
        ("paused", moved + timedelta(hours=26)) if pauses else ("running", None)
    )


def test_what_the_engineer_asks_for_is_noted_and_stops_nothing_even_where_the_customer_agrees(
    world: World, order: str
) -> None:
    known = told(world)
    world.booked(order, 0, 14)
    known = told(world, but=known)
    for yes, answered in ((False, "engineer_change"), (True, "engineer_changed")):
        with world.runtime.transaction() as uow:
            asked = ask_change(uow, order, at(1, 16), at(1, 18), by=ENGINEER, reason_code="overrun")
        known = told(world, but=known)
        assert lines(world, order, "repair")[-1] == ("ran_on", "engineer_change")
        with world.runtime.transaction() as uow:
            answer_change(uow, asked.id, yes, by=STAFF, via="console")
        known = told(world, but=known)
        assert ("ran_on", answered) in lines(world, order, "repair")
    assert status(world, order)["repair"] == "running"


def test_an_appointment_given_up_changes_nothing(world: World, order: str) -> None:
    known = told(world)
    world.booked(order, 0, 14)
    known, before = told(world, but=known), status(world, order)
    with world.runtime.transaction() as uow:
        give_up(uow, order, by=STAFF)
    told(world, but=known)
    assert status(world, order) == before


def test_that_nobody_fits_is_noted_and_stops_nothing(world: World, order: str) -> None:
    told(world)
    with world.runtime.transaction() as uow:
        clocks.nobody_fits(uow, NobodyFits(order, "nobody_skilled"))
    assert status(world, order)["respond"] == "running"
    assert lines(world, order, "respond")[-1] == ("ran_on", "no_engineer")


def test_the_watcher_breaks_what_is_due_tells_the_desk_and_then_has_nothing_to_do(world: World, clock: Time) -> None:
    orders = [world.order() for _ in range(3)]
    known = told(world)
    clock.advance(minutes=31)
    jobs = cast(Jobs, OnlyRuntime(world.runtime))
    assert clocks.watch_clocks(jobs) == 3
    assert clocks.watch_clocks(jobs) == 0
    assert {status(world, order)["first_contact"] for order in orders} == {"breached"}
    with world.runtime.transaction() as uow:
        kinds = Counter(uow.session.scalars(select(OutboxRow.kind).order_by(OutboxRow.id).offset(known)))
        assert kinds == {"ClockWarned": 3, "ClockBreached": 3, "ClockEscalated": 3}
        assert sorted(task.subject_id or "" for task in uow.session.scalars(select(DeskTask))) == sorted(orders)
