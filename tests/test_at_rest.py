"""What people tell us lies in the database sealed: no column of text or JSON holds it, whatever was said where."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from bot import engine
from bot.heard import Heard, HeardKind
from domain.desk.operations import ask_for_callback
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.products.model import ProductTransfer
from domain.products.operations import decide_transfer
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import change_order, move_order
from tests.brand import Brand, brand_in

STAFF = Actor(Role.STAFF, "st_test")
PERSONAL = "13612345678|欧阳铁柱|卫红路1718"
TELLING = "欧阳铁柱 13612345678 卫红路1718号"
COLUMNS = text(
    "SELECT c.table_name, c.column_name FROM information_schema.columns c"
    " JOIN information_schema.tables t USING (table_schema, table_name)"
    " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND data_type IN ('text', 'character varying', 'jsonb')"
)


def say(runtime: Runtime, brand: Brand, *said: str, person: str = "oPerson") -> None:
    for words in said:
        with runtime.transaction() as uow:
            talk = engine.listen(uow, brand.voice.account_id, person)
            spoken = engine.take_turn(uow, brand.voice, *talk, Heard(person, HeardKind.TEXT, text=words))
            engine.say_later(uow, brand.voice.account_id, person, [spoken.first])


def in_clear(uow: UnitOfWork) -> list[str]:
    columns = [f"{table}.{column}" for table, column in uow.session.execute(COLUMNS)]
    assert len(columns) > 100, "every column is looked at"
    return [name for name in columns if holds(uow, *name.split("."))]


def holds(uow: UnitOfWork, table: str, column: str) -> bool:
    found = text(f'SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}"::text ~ :words)')
    return bool(uow.session.scalar(found, {"words": PERSONAL}))


@pytest.fixture
def lived_in(fresh_runtime: Runtime) -> Runtime:
    """A database in which people said who they are wherever they were let."""
    brand = brand_in(fresh_runtime)
    say(fresh_runtime, brand, "空调不制冷，佛山市顺德区容桂街道卫红路1718号3栋502，13612345678 欧阳铁柱", "确认")
    say(fresh_runtime, brand, f"冰箱漏水 {TELLING}", "改时间", f"找{TELLING}", "确认")
    say(
        fresh_runtime, brand, f"投诉师傅态度差 {TELLING}", f"差评 {TELLING}", f"催单 {TELLING}", f"闻到煤气味 {TELLING}"
    )
    say(fresh_runtime, brand, "登记 KFR-35GW/N8A1", "AB123456789012X", "没有", "确认")
    say(fresh_runtime, brand, "登记 KFR-35GW/N8A1", "AB123456789012X", "1", "没有", "确认", person="oOther")
    with fresh_runtime.transaction() as uow:
        order = uow.session.scalars(select(WorkOrder).limit(1)).one()
        change_order(uow, order.id, by=STAFF, why=TELLING, version=order.version, wanted_time=TELLING, words=TELLING)
        move_order(uow, order.id, "cancel", by=STAFF, why=TELLING)
        ask_for_callback(
            uow, by=STAFF, brand_id=brand.voice.brand_id, phone="13612345678", wanted_time=TELLING, words=TELLING,
            account_id=brand.voice.account_id, openid="oPerson",
        )  # fmt: skip
        transfer = uow.session.scalars(select(ProductTransfer)).one()
        decide_transfer(uow, transfer.id, "refuse", by=STAFF, why=TELLING)
    return fresh_runtime


def test_nothing_personal_lies_in_clear(lived_in: Runtime) -> None:
    with lived_in.transaction() as uow:
        assert in_clear(uow) == []


def test_what_lies_in_clear_would_be_found(lived_in: Runtime) -> None:
    with lived_in.transaction() as uow:
        uow.session.execute(text("UPDATE work_orders SET serial_key = '13612345678'"))
        assert in_clear(uow) == ["work_orders.serial_key"]
