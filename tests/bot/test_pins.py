"""A location that was sent goes into the order as the customer's own pin, if it is of the order's address."""

from __future__ import annotations

from sqlalchemy import select

from bot import engine
from bot.heard import Heard, HeardKind
from domain.customers.address import AddressLine
from domain.customers.model import CustomerAddress
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.queries import voice
from domain.regions.positions import Position, Source
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import change_order
from domain.work_orders.places import place_of
from tests.brand import Brand, brand_in

ROAD = "广东省佛山市顺德区容桂街道卫红路"
THERE = (22.7651, 113.2893)
BEIJING = (39.9, 116.4)


def hear(runtime: Runtime, brand: Brand, heard: Heard) -> str:
    with runtime.transaction() as uow:
        account = voice(uow, account_id=brand.voice.account_id)
        return engine.take_turn(uow, account, *engine.listen(uow, account.account_id, heard.sender), heard).first


def say(runtime: Runtime, brand: Brand, words: str) -> str:
    return hear(runtime, brand, Heard("oWang", HeardKind.TEXT, text=words))


def pin(runtime: Runtime, brand: Brand, label: str, where: tuple[float, float]) -> str:
    return hear(runtime, brand, Heard("oWang", HeardKind.LOCATION, text=label, latitude=where[0], longitude=where[1]))


def order_of(runtime: Runtime) -> tuple[Position | None, Position | None]:
    """What the newest order, and the newest address of the archive, know of the place."""
    with runtime.transaction() as uow:
        order = uow.session.scalars(select(WorkOrder).order_by(WorkOrder.opened_at.desc(), WorkOrder.id)).all()[-1]
        kept = uow.session.scalars(select(CustomerAddress).filter_by(line_print=_print(uow, order.address))).one()
        read = [Position.from_json(body) if body else None for body in (order.position, kept.position)]
        return read[0], read[1]


def _print(uow: UnitOfWork, line: str) -> str:
    return uow.keyring.fingerprint("address", line)


def test_a_pin_and_its_house_number_typed_after_it_go_into_order_and_archive(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    say(runtime, brand, "空调不制冷，电话13800000000")
    assert "还缺门牌号" in pin(runtime, brand, ROAD, THERE)
    say(runtime, brand, "18号3栋502")
    say(runtime, brand, "确认")
    assert order_of(runtime) == (Position(*THERE), Position(*THERE))
    assert order_of(runtime)[0].source is Source.PIN  # type: ignore[union-attr]


def test_the_pin_of_another_road_is_not_the_orders(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    say(runtime, brand, "空调不制冷，电话13800000000")
    pin(runtime, brand, ROAD, THERE)
    say(runtime, brand, "广东省佛山市顺德区大良街道凤山路3号201")
    say(runtime, brand, "确认")
    assert order_of(runtime) == (None, None)


def test_a_pin_that_lies_elsewhere_than_its_label_says_is_left_out(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    say(runtime, brand, "空调不制冷，电话13800000000")
    pin(runtime, brand, ROAD + "18号", BEIJING)
    say(runtime, brand, "确认")
    assert order_of(runtime) == (None, None)


def test_the_next_order_to_the_same_address_knows_the_pin(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    say(runtime, brand, "空调不制冷，电话13800000000")
    pin(runtime, brand, ROAD + "18号", THERE)
    say(runtime, brand, "确认")
    say(runtime, brand, f"冰箱不制冷，{ROAD}18号，电话13800000000")
    say(runtime, brand, "确认")
    with runtime.transaction() as uow:
        orders = uow.session.scalars(select(WorkOrder)).all()
        assert len(orders) == 2
        assert {place_of(order) for order in orders} == {Position(*THERE)}


def test_a_corrected_address_leaves_the_old_pin(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    say(runtime, brand, "空调不制冷，电话13800000000")
    pin(runtime, brand, ROAD + "18号", THERE)
    say(runtime, brand, "确认")
    with runtime.transaction() as uow:
        order = uow.session.scalars(select(WorkOrder)).one()
        moved = AddressLine("440606003", "广东省佛山市顺德区大良街道凤山路3号201")
        change_order(uow, order.id, by=Actor(Role.STAFF, "st"), why="客户搬家", version=order.version, address=moved)
        place = place_of(order)
        assert place is not None
        assert place.source is Source.CENTROID
