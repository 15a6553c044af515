"""The figures of appointments, on a handful of orders that can be counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from domain.appointments.figures import By, Period, first_visit_fix, punctuality, reasons_of_change
from domain.appointments.following import note_arrival
from domain.kit.unit_of_work import Runtime
from domain.work_orders.events import VisitMoved
from domain.work_orders.operations import move_order
from domain.work_orders.visits import move_visit, put_engineers, standing_visit
from tests.domain.appointments.world import ENGINEER, STAFF, World, at, world_in
from tests.runtime import Clock

MAY = Period(date(2026, 5, 1), date(2026, 6, 1))


@pytest.fixture
def world(runtime: Runtime) -> World:
    return world_in(runtime)


def visited(world: World, clock: Clock, order: str, day: int, hour: float, then: str) -> None:
    """Somebody comes at that hour, and finishes the order or has to come back."""
    clock.at = at(day, hour)
    with world.runtime.transaction() as uow:
        visit = standing_visit(uow, order, lock=True)
        assert visit
        put_engineers(uow, visit, world.network.an, {world.network.an: 100}, by=STAFF)
        for move in ("accept", "check_in"):
            move_visit(uow, visit.id, move, by=ENGINEER)
        note_arrival(uow, VisitMoved(visit.id, order, "check_in", ""))
        move_order(uow, order, "start", by=ENGINEER)
        move_visit(uow, visit.id, "finish", by=ENGINEER)
        move_order(uow, order, then, by=ENGINEER)


def test_figures_count_what_happened(world: World, clock: Clock) -> None:
    at_once_fixed, came_twice, late = world.order(), world.order(), world.order(category="refrigerator")
    world.booked(at_once_fixed, 1, 8)
    world.booked(came_twice, 1, 12)
    world.booked(late, 2, 16)
    world.booked(late, 1, 16, reason_code="sooner")
    visited(world, clock, at_once_fixed, 1, 9, "finish")
    visited(world, clock, came_twice, 1, 13, "revisit")
    visited(world, clock, late, 1, 19, "finish")
    world.booked(came_twice, 2, 10)
    visited(world, clock, came_twice, 2, 10.5, "finish")
    with world.runtime.transaction() as uow:
        assert [(one.of, one.good, one.all) for one in first_visit_fix(uow, MAY)] == [(world.network.near, 2, 3)]
        assert [(one.of, one.good, one.all) for one in punctuality(uow, MAY, By.ENGINEER)] == [(world.network.an, 3, 4)]
        assert [(one.of, one.rate) for one in punctuality(uow, MAY, By.CATEGORY)] == [
            ("air_conditioner", 1.0),
            ("refrigerator", 0.0),
        ]
        assert [(one.code, one.count) for one in reasons_of_change(uow, MAY)] == [("sooner", 1)]
        june = Period(date(2026, 6, 1), date(2026, 7, 1))
        assert not [*first_visit_fix(uow, june), *punctuality(uow, june), *reasons_of_change(uow, june)]
        assert punctuality(uow, Period(MAY.since, MAY.until, provider_id=world.network.second)) == []
