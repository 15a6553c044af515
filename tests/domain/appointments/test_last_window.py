"""Many customers want the same last free window at once: one gets it, everybody else another offer."""

from __future__ import annotations

from domain.appointments.model import Appointment
from domain.appointments.operations import NoRoom, book_window, windows_for
from domain.capacity.operations import take_leave
from domain.kit.unit_of_work import Runtime
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder
from tests.domain.appointments.world import CUSTOMER, STAFF, World, at, counts, new_order, world_in
from tests.runtime import at_once

MANY = 64
KIND = ServiceType.REPAIR, "air_conditioner"


def leave_one_window(world: World) -> None:
    """Tomorrow from 13:30 to 16:00 one engineer is there, which is time for one visit; after that day all of them are."""
    with world.runtime.transaction() as uow:
        for name, engineer_id in world.network.engineers.items():
            if name == "an":
                take_leave(uow, engineer_id, at(0, 0), at(1, 13.5), "training", by=STAFF)
                take_leave(uow, engineer_id, at(1, 16), at(1, 24), "training", by=STAFF)
            else:
                take_leave(uow, engineer_id, at(0, 0), at(2, 0), "training", by=STAFF)


def test_one_gets_the_last_window_and_63_another_offer(fresh_runtime: Runtime) -> None:
    world = world_in(fresh_runtime)
    leave_one_window(world)
    with fresh_runtime.transaction() as uow:
        orders = [new_order(uow, world.brand, *KIND).id for _ in range(MANY)]

    def want_it(number: int) -> str | list[str]:
        try:
            with fresh_runtime.transaction() as uow:
                return book_window(uow, orders[number], at(1, 14), at(1, 16), by=CUSTOMER, via="chat").id
        except NoRoom:
            with fresh_runtime.transaction() as uow:
                order = uow.get(WorkOrder, orders[number], called="这张工单")
                return [window.shown for window in windows_for(uow, order)]

    results = at_once(MANY, want_it)
    got = [one for one in results if isinstance(one, str)]
    offers = [one for one in results if isinstance(one, list)]
    assert len(got) == 1
    assert len(offers) == MANY - 1
    assert all(offer and not any(shown.startswith("5月13日") for shown in offer) for offer in offers)
    assert counts(fresh_runtime)[world.network.an, at(1, 0).date()] == (1, 1)
    with fresh_runtime.transaction() as uow:
        assert uow.session.query(Appointment).count() == 1


def test_a_customer_who_taps_twice_books_once(fresh_runtime: Runtime) -> None:
    world = world_in(fresh_runtime)
    order = world.order()
    at_once(4, lambda _: world.booked(order, 1, 14))
    assert sum(taken for taken, _ in counts(fresh_runtime).values()) == 1
    assert all(taken == counted for taken, counted in counts(fresh_runtime).values())


def test_customers_who_swap_days_do_not_wait_for_each_other_for_good(fresh_runtime: Runtime) -> None:
    """Each gives up time on the day the other wants: days are locked in one order, so nobody is shot by the database."""
    world = world_in(fresh_runtime)
    orders = [world.order() for _ in range(6)]
    for number, order in enumerate(orders):
        world.booked(order, 1 + number % 2, 8 + 2 * (number // 2))

    def swap(number: int) -> None:
        for turn in range(1, 7):
            world.booked(orders[number], 1 + (number + turn) % 2, 8 + 2 * ((number // 2 + turn) % 6))

    assert at_once(len(orders), swap) == [None] * len(orders)
    assert all(taken == counted for taken, counted in counts(fresh_runtime).values())
