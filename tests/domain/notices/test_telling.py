"""Customers hear of each change of their order that is not their own doing, in plain words, with the number to say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from domain.customers.address import AddressLine
from domain.customers.model import Contact, Customer
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import SHANGHAI, Runtime, UnitOfWork
from domain.notices import telling
from domain.notices.model import OutgoingMessage
from domain.products.events import TransferDecided
from domain.products.operations import ask_transfer, decide_transfer, register_product
from domain.work_orders import operations as work_orders
from domain.work_orders.events import VisitMoved, WorkOrderChanged, WorkOrderMoved, WorkOrderOpened
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken
from tests.brand import put_brand
from tests.runtime import Clock

CUSTOMER, STAFF = Actor(Role.CUSTOMER, "cu_1"), Actor(Role.STAFF, "st_1")


def open_order(uow: UnitOfWork, by: Actor, openid: str | None = "oPerson") -> WorkOrder:
    """A brand with an account, a customer, and an order of theirs."""
    voice = put_brand(uow).voice
    uow.session.add(Customer(id="cu_1", brand_id=voice.brand_id, created_at=uow.now))
    uow.session.flush()
    opened = work_orders.open_work_order(
        uow, by=by, brand_id=voice.brand_id, service_type=ServiceType.REPAIR, customer_id="cu_1", category_code="air_conditioner",
        words="不制冷", phone="13800138000", address=AddressLine("440606", "广东省佛山市顺德区容桂街道文明西路1号"),
        account_id=voice.account_id, openid=openid, via="console",
    )  # fmt: skip
    return opened.order


def told(uow: UnitOfWork) -> list[OutgoingMessage]:
    return list(uow.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.seq)))


def test_of_an_order_staff_opened(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order = open_order(uow, STAFF)
        telling.tell_of_opening(uow, WorkOrderOpened(order.id))
        [message] = told(uow)
    assert spoken(order.number) in message.text
    assert "维修" in message.text
    assert (message.account_id, message.recipient, message.subject_id) == (order.account_id, "oPerson", order.id)
    assert message.why == "order.open"


def test_not_of_the_customers_own_doing(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order = open_order(uow, CUSTOMER)
        telling.tell_of_opening(uow, WorkOrderOpened(order.id))
        work_orders.move_order(uow, order.id, "cancel", by=CUSTOMER, why="不修了")
        telling.tell_of_order_move(uow, WorkOrderMoved(order.id, "cancel", "reported", "cancelled"))
        assert told(uow) == []


def test_of_a_cancellation_by_staff_with_the_way_to_object(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order = open_order(uow, CUSTOMER)
        work_orders.move_order(uow, order.id, "cancel", by=STAFF, why="客户态度恶劣")
        telling.tell_of_order_move(uow, WorkOrderMoved(order.id, "cancel", "reported", "cancelled"))
        [message] = told(uow)
    assert "已取消" in message.text
    assert "400-000-0000" in message.text
    assert "恶劣" not in message.text, "reasons are written for the staff"


def test_of_a_correction_by_its_fields_only(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order = open_order(uow, CUSTOMER)
        work_orders.change_order(uow, order.id, by=STAFF, why="来电更正", version=order.version, phone="13900139000")
        telling.tell_of_change(uow, WorkOrderChanged(order.id, ["phone"]))
        [message] = told(uow)
    assert "联系电话" in message.text
    assert "139" not in message.text


def test_of_the_engineer_on_the_way(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order = open_order(uow, CUSTOMER)
        telling.tell_of_visit_move(uow, VisitMoved("vi_1", order.id, "depart", "departed"))
        [message] = told(uow)
    assert "已出发" in message.text


@pytest.mark.parametrize("move", ["audit", "settle"])
def test_not_of_our_own_affairs(runtime: Runtime, move: str) -> None:
    with runtime.transaction() as uow:
        order = open_order(uow, CUSTOMER)
        telling.tell_of_order_move(uow, WorkOrderMoved(order.id, move, "finished", "audited"))
        assert told(uow) == []


def test_who_has_no_chat_gets_a_text_message(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order = open_order(uow, STAFF, openid=None)
        telling.tell_of_opening(uow, WorkOrderOpened(order.id))
        [message] = told(uow)
    assert (message.channel, message.chain, message.recipient) == ("sms", [], "cu_1")
    assert message.forms is not None
    assert message.forms["phone"] == "13800138000"
    assert message.forms["sms"].startswith("【岚禾】")


def test_the_same_thing_is_said_once_however_often_it_is_reported(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        order = open_order(uow, CUSTOMER)
        work_orders.move_order(uow, order.id, "cancel", by=STAFF, why="重复")
        for _ in range(3):
            telling.tell_of_order_move(uow, WorkOrderMoved(order.id, "cancel", "reported", "cancelled"))
        assert len(told(uow)) == 1


@pytest.mark.parametrize(
    ("shanghai", "held"), [(21, None), (22, (13, 8)), (23, (13, 8)), (0, (12, 8)), (7, (12, 8)), (8, None)]
)
def test_at_night_only_what_cannot_wait_goes_out(
    runtime: Runtime, clock: Clock, shanghai: int, held: tuple[int, int] | None
) -> None:
    clock.at = datetime(2026, 5, 12, shanghai, 5, tzinfo=SHANGHAI).astimezone(UTC)
    with runtime.transaction() as uow:
        order = open_order(uow, CUSTOMER)
        change = work_orders.change_order(
            uow, order.id, by=STAFF, why="更正", version=order.version, phone="13900139000"
        )
        telling.tell_of_change(uow, WorkOrderChanged(change.id, ["phone"]))
        telling.tell_of_visit_move(uow, VisitMoved("vi_1", order.id, "depart", "departed"))
        corrected, departed = told(uow)
    until = corrected.held_until and corrected.held_until.astimezone(SHANGHAI)
    assert (until and (until.day, until.hour)) == held
    assert departed.held_until is None
    assert departed.not_before == clock.at


def test_whoever_asked_for_a_product_hears_what_was_decided(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        brand = put_brand(uow)
        for name in ("cu_owner", "cu_asker"):
            uow.session.add(Customer(id=name, brand_id=brand.voice.brand_id, created_at=uow.now))
        uow.session.flush()
        uow.session.add(
            Contact(
                account_id=brand.voice.account_id, openid="oAsker", customer_id="cu_asker", first_heard_at=uow.now
            )
        )  # fmt: skip
        product = register_product(
            uow, by=STAFF, brand_id=brand.voice.brand_id, customer_id="cu_owner", serial="SN1", purchased_on=None,
            model_id=brand.models["KFR-35GW/N8A1"], via="console",
        ).product  # fmt: skip
        transfer, _ = ask_transfer(uow, product.id, "cu_asker", by=CUSTOMER)
        decide_transfer(uow, transfer.id, "accept", by=STAFF, why="")
        telling.tell_of_transfer(uow, TransferDecided(transfer.id, product.id, "accepted"))
        [message] = told(uow)
    assert "1.5匹变频空调（KFR-35GW/N8A1）已登记到您名下" in message.text
    assert (message.recipient, message.channel, message.chain) == ("oAsker", "chat", ["template"]), "window or not"
