"""Moves and corrections of orders and visits: kept in the history, announced, and refused in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.customers.address import AddressLine
from domain.kit.actors import Actor, Role
from domain.kit.errors import Conflict, NotFound
from domain.kit.lifecycle import MoveRefused
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.work_orders import operations as work_orders
from domain.work_orders import queries
from domain.work_orders.lifecycle import OrderStatus, VisitStatus
from domain.work_orders.model import VisitMove, WorkOrder
from domain.work_orders.operations import URGE_INTERVAL, UrgedAlready
from tests.brand import brand_in
from tests.domain.work_orders.opening import ENGINEER, STAFF, finish, new_customer, opened
from tests.runtime import Clock, at_once

CUSTOMER = Actor(Role.CUSTOMER, "cu_1")


@pytest.fixture
def order(runtime: Runtime) -> WorkOrder:
    brand = brand_in(runtime)
    return opened(runtime, brand, new_customer(runtime, brand), contact_name="王小明").order


def events(runtime: Runtime) -> list[tuple[str, dict[str, object]]]:
    with runtime.transaction() as uow:
        rows = uow.session.scalars(select(OutboxRow).order_by(OutboxRow.id))
        return [
            (row.kind, {name: value for name, value in row.body.items() if name != "work_order_id"}) for row in rows
        ]


def test_a_move_is_kept_and_announced(runtime: Runtime, order: WorkOrder, clock: Clock) -> None:
    clock.advance(hours=1)
    with runtime.transaction() as uow:
        moved = work_orders.move_order(uow, order.id, "cancel", by=CUSTOMER, why="修好了")
    assert (moved.status, moved.version) == (OrderStatus.CANCELLED, 2)
    with runtime.transaction() as uow:
        last = queries.history(uow, order.id)[-1]
        assert (last.move, last.frm, last.to, last.by, last.at, last.why) == (
            "cancel", "reported", "cancelled", "customer:cu_1", clock.at, "修好了",
        )  # fmt: skip
    assert events(runtime)[-1] == ("WorkOrderMoved", {"move": "cancel", "frm": "reported", "to": "cancelled"})


def test_a_refused_move_leaves_nothing(runtime: Runtime, order: WorkOrder) -> None:
    for name, by in (("finish", STAFF), ("cancel", STAFF), ("schedule", CUSTOMER), ("fly", STAFF)):
        with runtime.transaction() as uow, pytest.raises(MoveRefused):
            work_orders.move_order(uow, order.id, name, by=by)
    with runtime.transaction() as uow:
        assert len(queries.history(uow, order.id)) == 1
        assert uow.session.get_one(WorkOrder, order.id).version == 1
    with runtime.transaction() as uow, pytest.raises(NotFound):
        work_orders.move_order(uow, "wo_none", "cancel", by=STAFF, why="x")


def test_of_two_who_move_at_once_one_is_refused(fresh_runtime: Runtime) -> None:
    brand = brand_in(fresh_runtime)
    order = opened(fresh_runtime, brand, new_customer(fresh_runtime, brand)).order

    def cancel(index: int) -> OrderStatus:
        with fresh_runtime.transaction() as uow:
            return work_orders.move_order(uow, order.id, "cancel", by=STAFF, why=f"{index}").status

    done = at_once(2, cancel)
    assert sorted(type(one).__name__ for one in done) == ["MoveRefused", "OrderStatus"]
    with fresh_runtime.transaction() as uow:
        assert len(queries.history(uow, order.id)) == 2


def test_a_correction_names_the_fields_not_their_values(runtime: Runtime, order: WorkOrder) -> None:
    place = AddressLine("440605", "广东省佛山市南海区桂澜路1号")
    with runtime.transaction() as uow:
        changed = work_orders.change_order(
            uow, order.id, by=STAFF, why="客户来电", version=1, phone="13911112222", contact_name="李先生", address=place,
            words="漏水", wanted_time="明天上午",
        )  # fmt: skip
    assert (changed.version, changed.phone, changed.address, changed.division_code) == (
        2,
        "13911112222",
        place.line,
        "440605",
    )
    assert (changed.phone_print, changed.phone4_print) == runtime.keyring.phone_prints("13911112222")
    assert changed.name_print == runtime.keyring.name_print("李先生")
    fields = ["contact_name", "phone", "address", "wanted_time", "words"]
    assert events(runtime)[-1] == ("WorkOrderChanged", {"fields": fields})
    with runtime.transaction() as uow:
        last = queries.history(uow, order.id)[-1]
        assert (last.move, last.why, last.detail) == ("change", "客户来电", {"fields": fields})


def test_who_looked_at_an_older_version_is_told(runtime: Runtime, order: WorkOrder) -> None:
    with runtime.transaction() as uow:
        work_orders.change_order(uow, order.id, by=STAFF, why="来电", version=1, words="漏水")
    with runtime.transaction() as uow, pytest.raises(Conflict, match="刚被别人改过"):
        work_orders.change_order(uow, order.id, by=STAFF, why="来电", version=1, words="异响")


def test_of_two_who_correct_at_once_one_is_told(fresh_runtime: Runtime) -> None:
    brand = brand_in(fresh_runtime)
    order = opened(fresh_runtime, brand, new_customer(fresh_runtime, brand)).order

    def change(index: int) -> str:
        with fresh_runtime.transaction() as uow:
            return work_orders.change_order(uow, order.id, by=STAFF, why="来电", version=1, words=f"漏水{index}").words

    done = at_once(3, change)
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "Conflict", "str"]


def test_the_same_values_are_no_correction(runtime: Runtime, order: WorkOrder) -> None:
    with runtime.transaction() as uow:
        same = work_orders.change_order(
            uow, order.id, by=STAFF, why="来电", version=1, phone=order.phone, words=order.words
        )
    assert same.version == 1
    assert [kind for kind, _ in events(runtime)] == ["WorkOrderOpened"]


def test_a_correction_needs_a_reason_and_an_order_that_is_not_over(runtime: Runtime, order: WorkOrder) -> None:
    with runtime.transaction() as uow, pytest.raises(MoveRefused, match="写明原因"):
        work_orders.change_order(uow, order.id, by=STAFF, why=" ", version=1, words="漏水")
    finish(runtime, order.id)
    with runtime.transaction() as uow, pytest.raises(MoveRefused, match="已完工，不能再修改"):
        work_orders.change_order(uow, order.id, by=STAFF, why="来电", version=4, words="漏水")


def test_urging_counts_once_an_interval(runtime: Runtime, order: WorkOrder, clock: Clock) -> None:
    with runtime.transaction() as uow:
        work_orders.urge_order(uow, order.id, "快点", by=CUSTOMER)
    clock.at += URGE_INTERVAL - timedelta(seconds=1)
    with runtime.transaction() as uow, pytest.raises(UrgedAlready):
        work_orders.urge_order(uow, order.id, "快点", by=CUSTOMER)
    clock.advance(seconds=1)
    with runtime.transaction() as uow:
        assert work_orders.urge_order(uow, order.id, "快点", by=CUSTOMER).urged == 2
    assert [body for kind, body in events(runtime) if kind == "WorkOrderUrged"] == [{"times": 1}, {"times": 2}]
    finish(runtime, order.id)
    with runtime.transaction() as uow, pytest.raises(MoveRefused):
        work_orders.urge_order(uow, order.id, "快点", by=CUSTOMER)


def test_visits_are_counted_and_live_their_own_lives(runtime: Runtime, order: WorkOrder) -> None:
    with runtime.transaction() as uow:
        first = work_orders.offer_visit(uow, order.id, by=STAFF)
        for name in ("accept", "depart", "check_in", "finish"):
            work_orders.move_visit(uow, first.id, name, by=ENGINEER)
        second = work_orders.coming_visit(uow, order, by=STAFF)
        assert (first.seq, second.seq) == (1, 2)
        assert work_orders.coming_visit(uow, order, by=STAFF) is second, "there is one standing visit"
        with pytest.raises(MoveRefused, match="撤回派单请写明原因"):
            work_orders.move_visit(uow, second.id, "withdraw", by=STAFF)
        work_orders.move_visit(uow, second.id, "withdraw", by=STAFF, why="排满了")
    with runtime.transaction() as uow:
        assert [visit.status for visit in queries.visits(uow, order.id)] == [VisitStatus.FINISHED, VisitStatus.FAILED]
        moves = uow.session.scalars(select(VisitMove).filter_by(visit_id=first.id).order_by(VisitMove.id)).all()
        assert [(move.frm, move.to) for move in moves] == [
            ("offered", "offered"), ("offered", "accepted"), ("accepted", "departed"), ("departed", "checked_in"),
            ("checked_in", "finished"),
        ]  # fmt: skip
        assert uow.session.get_one(WorkOrder, order.id).status is OrderStatus.REPORTED
    assert events(runtime)[-1] == ("VisitMoved", {"visit_id": second.id, "move": "withdraw", "to": "failed"})


def test_an_archive_lists_newest_first_and_what_is_open(runtime: Runtime, order: WorkOrder, clock: Clock) -> None:
    with runtime.transaction() as uow:
        customer = uow.session.get_one(WorkOrder, order.id).customer_id
        work_orders.move_order(uow, order.id, "cancel", by=STAFF, why="x")
        assert queries.orders_of(uow, None) == ()
        assert [one.id for one in queries.orders_of(uow, customer)] == [order.id]
        assert list(queries.orders_of(uow, customer, only_open=True)) == []
