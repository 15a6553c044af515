"""Where an order's address is, is found out after the order; a customer's own pin stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from redis import Redis
from sqlalchemy import select

from domain.customers.address import AddressLine
from domain.customers.model import Customer, CustomerAddress
from domain.customers.operations import learn
from domain.kit.unit_of_work import Runtime
from domain.regions.positions import Position, Source
from domain.work_orders.events import WorkOrderOpened
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import change_order
from jobs.context import Jobs
from jobs.placing import find_place
from tests.brand import brand_in
from tests.domain.work_orders.opening import HOME, STAFF, new_customer, open_order
from tests.jobs.doing import jobs_with

FOUND, PIN = Position(22.77, 113.29, Source.GEOCODER, 200), Position(22.76, 113.28)


@dataclass
class Map:
    """Says ``found`` of every address; ``before`` is what happens while it is being asked."""

    found: Position | None = FOUND
    asked: list[str] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    def locate(self, line: str, division_code: str) -> Position | None:
        self.asked.append(line)
        self.before()
        return self.found


def places(runtime: Runtime) -> list[Position | None]:
    """Of the one order, and of the customer's one address."""
    with runtime.transaction() as uow:
        bodies = [
            *uow.session.scalars(select(WorkOrder.position)),
            *uow.session.scalars(select(CustomerAddress.position)),
        ]
        return [Position.from_json(body) if body else None for body in bodies]


def begin(runtime: Runtime, valkey: Redis, service: Map | None, address: AddressLine = HOME) -> tuple[Jobs, str]:
    brand = brand_in(runtime)
    customer_id = new_customer(runtime, brand)
    with runtime.transaction() as uow:
        learn(uow, uow.get(Customer, customer_id, called="客户"), address=address)
        order = open_order(uow, brand, customer_id, address=address).order
        return replace(jobs_with(runtime, valkey), geocoder=service), order.id


def test_the_order_and_the_archive_learn_where_the_address_is(runtime: Runtime, valkey: Redis) -> None:
    service = Map()
    jobs, order_id = begin(runtime, valkey, service)
    find_place(jobs, WorkOrderOpened(order_id))
    find_place(jobs, WorkOrderOpened(order_id))
    assert places(runtime) == [FOUND, FOUND]
    assert service.asked == [HOME.line], "run twice, asked once"


def test_where_there_is_a_pin_nobody_is_asked(runtime: Runtime, valkey: Redis) -> None:
    service = Map()
    jobs, order_id = begin(runtime, valkey, service, replace(HOME, position=PIN))
    find_place(jobs, WorkOrderOpened(order_id))
    assert (places(runtime), service.asked) == ([PIN, PIN], [])


@pytest.mark.parametrize("service", [None, Map(found=None)])
def test_without_an_answer_nothing_changes(runtime: Runtime, valkey: Redis, service: Map | None) -> None:
    jobs, order_id = begin(runtime, valkey, service)
    find_place(jobs, WorkOrderOpened(order_id))
    assert places(runtime) == [None, None]


def test_an_address_that_was_corrected_meanwhile_is_not_placed_by_the_old_one(runtime: Runtime, valkey: Redis) -> None:
    service = Map()
    jobs, order_id = begin(runtime, valkey, service)

    def correct() -> None:
        with runtime.transaction() as uow:
            elsewhere = AddressLine("440606", "广东省佛山市顺德区凤山路3号")
            change_order(uow, order_id, by=STAFF, why="写错了", version=1, address=elsewhere)

    service.before = correct
    find_place(jobs, WorkOrderOpened(order_id))
    assert places(runtime)[0] is None
