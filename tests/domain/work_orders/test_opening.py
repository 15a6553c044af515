"""A report becomes one order: a new one, or the one that is open for the same thing already."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.access.model import TrailEntry
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.work_orders import operations as work_orders
from domain.work_orders import queries
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import read_number
from tests.brand import Brand, brand_in
from tests.domain.work_orders.opening import STAFF, finish, new_customer, opened, own
from tests.runtime import Clock, at_once


@pytest.fixture
def brand(runtime: Runtime) -> Brand:
    return brand_in(runtime)


@pytest.fixture
def customer(runtime: Runtime, brand: Brand) -> str:
    return new_customer(runtime, brand)


def test_an_order_is_numbered_announced_and_on_record(
    runtime: Runtime, brand: Brand, customer: str, clock: Clock
) -> None:
    order = opened(runtime, brand, customer, contact_name="王小明").order
    assert read_number(order.number) == order.number
    with runtime.transaction() as uow:
        [line] = queries.history(uow, order.id)
        assert (line.move, line.frm, line.to, line.by, line.at) == (
            "open",
            "reported",
            "reported",
            str(STAFF),
            clock.at,
        )
        [event] = uow.session.scalars(select(OutboxRow))
        assert (event.kind, event.body) == ("WorkOrderOpened", {"work_order_id": order.id})
        actions = uow.session.scalars(select(TrailEntry.action).filter_by(subject_id=order.id)).all()
        assert actions == ["order.open"]
        assert queries.by_number(uow, order.number).id == order.id  # type: ignore[union-attr]


def test_the_same_thing_reported_again_joins_the_open_order(runtime: Runtime, brand: Brand, customer: str) -> None:
    first = opened(runtime, brand, customer)
    again = opened(runtime, brand, customer, words="还是不制冷")
    assert (again.joined, again.order.id) == (True, first.order.id)
    with runtime.transaction() as uow:
        assert [(line.move, line.why) for line in queries.history(uow, first.order.id)] == [
            ("open", ""),
            ("report", "还是不制冷"),
        ]
        assert len(uow.session.scalars(select(OutboxRow)).all()) == 1


def test_another_appliance_service_or_kind_is_another_order(runtime: Runtime, brand: Brand, customer: str) -> None:
    orders = [
        opened(runtime, brand, customer),
        opened(runtime, brand, customer, another=True),
        opened(runtime, brand, customer, service_type=ServiceType.INSTALL),
        opened(runtime, brand, customer, category_code="refrigerator"),
        opened(runtime, brand, new_customer(runtime, brand)),
    ]
    assert len({one.order.id for one in orders}) == 5
    assert not any(one.joined for one in orders)


def test_products_tell_orders_apart(runtime: Runtime, brand: Brand, customer: str) -> None:
    first, second = own(runtime, brand, customer, serial="A1B2C3D4"), own(runtime, brand, customer, serial="A1B2C3D5")
    one = opened(runtime, brand, customer, product_id=first)
    two = opened(runtime, brand, customer, product_id=second)
    assert one.order.id != two.order.id
    assert (one.order.model_id, one.order.serial_key) == (brand.models["KFR-35GW/N8A1"], "A1B2C3D4")
    assert opened(runtime, brand, customer, product_id=second).order.id == two.order.id


def test_a_named_product_joins_an_order_in_which_none_was_named(runtime: Runtime, brand: Brand, customer: str) -> None:
    first = opened(runtime, brand, customer)
    again = opened(runtime, brand, customer, product_id=own(runtime, brand, customer))
    assert (again.joined, again.order.id) == (True, first.order.id)


def test_an_order_that_is_over_is_joined_no_more(runtime: Runtime, brand: Brand, customer: str) -> None:
    first = opened(runtime, brand, customer).order
    with runtime.transaction() as uow:
        work_orders.move_order(uow, first.id, "cancel", by=STAFF, why="客户要求")
    assert opened(runtime, brand, customer).order.id != first.id


@pytest.mark.parametrize(("days", "is_linked"), [(0, True), (89, True), (90, True), (91, False)])
def test_a_repair_within_90_days_of_the_last_is_a_second_repair(
    runtime: Runtime, brand: Brand, customer: str, clock: Clock, days: int, is_linked: bool
) -> None:
    product = own(runtime, brand, customer)
    first = opened(runtime, brand, customer, product_id=product).order
    clock.advance(days=20)
    finish(runtime, first.id)
    clock.at += timedelta(days=days)
    second = opened(runtime, brand, customer, product_id=product).order
    assert second.repair_of_id == (first.id if is_linked else None)


def test_only_a_finished_repair_of_that_product_counts(runtime: Runtime, brand: Brand, customer: str) -> None:
    product, other = own(runtime, brand, customer, serial="A1B2C3D4"), own(runtime, brand, customer, serial="A1B2C3D5")
    installed = opened(runtime, brand, customer, product_id=product, service_type=ServiceType.INSTALL).order
    finish(runtime, installed.id)
    cancelled = opened(runtime, brand, customer, product_id=product).order
    with runtime.transaction() as uow:
        work_orders.move_order(uow, cancelled.id, "cancel", by=STAFF, why="客户要求")
    finish(runtime, opened(runtime, brand, customer, product_id=other).order.id)
    finish(runtime, opened(runtime, brand, customer).order.id)
    assert opened(runtime, brand, customer, product_id=product).order.repair_of_id is None
    clean = opened(runtime, brand, customer, product_id=other, service_type=ServiceType.MAINTENANCE).order
    assert clean.repair_of_id is None


def test_two_reports_at_once_become_one_order(fresh_runtime: Runtime) -> None:
    brand = brand_in(fresh_runtime)
    customer = new_customer(fresh_runtime, brand)
    done = at_once(8, lambda index: opened(fresh_runtime, brand, customer, words=f"{index}"))
    assert sorted(one.joined for one in done) == [False] + [True] * 7
    with fresh_runtime.transaction() as uow:
        [order] = uow.session.scalars(select(WorkOrder))
        assert len(queries.history(uow, order.id)) == 8


def test_different_customers_do_not_wait_for_each_other(fresh_runtime: Runtime) -> None:
    brand = brand_in(fresh_runtime)
    customers = [new_customer(fresh_runtime, brand) for _ in range(8)]
    done = at_once(8, lambda index: opened(fresh_runtime, brand, customers[index]))
    assert len({one.order.number for one in done}) == 8
