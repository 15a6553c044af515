"""Orders for tests: opened in one line, with everything that does not matter filled in."""

from __future__ import annotations

from typing import Any

from domain.customers import operations as customers
from domain.customers.address import AddressLine
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.products import operations as products
from domain.work_orders import operations as work_orders
from domain.work_orders.kinds import ServiceType
from domain.work_orders.operations import Opened
from tests.brand import Brand

STAFF = Actor(Role.STAFF, "st_1")
ENGINEER = Actor(Role.ENGINEER, "en_1")
HOME = AddressLine("440606", "广东省佛山市顺德区卫红路18号")


def new_customer(runtime: Runtime, brand: Brand) -> str:
    with runtime.transaction() as uow:
        return customers.new_customer(uow, brand.voice.brand_id).id


def own(
    runtime: Runtime, brand: Brand, customer_id: str, code: str = "KFR-35GW/N8A1", serial: str | None = None
) -> str:
    with runtime.transaction() as uow:
        return products.register_product(
            uow, by=STAFF, brand_id=brand.voice.brand_id, customer_id=customer_id, model_id=brand.models[code],
            serial=serial, purchased_on=None, via="console",
        ).product.id  # fmt: skip


def open_order(uow: UnitOfWork, brand: Brand, customer_id: str, **changed: Any) -> Opened:
    given: dict[str, Any] = {
        "by": STAFF, "brand_id": brand.voice.brand_id, "service_type": ServiceType.REPAIR, "customer_id": customer_id,
        "category_code": "air_conditioner", "words": "不制冷", "phone": "13800001234", "address": HOME, "via": "console",
    }  # fmt: skip
    return work_orders.open_work_order(uow, **{**given, **changed})


def opened(runtime: Runtime, brand: Brand, customer_id: str, **changed: Any) -> Opened:
    with runtime.transaction() as uow:
        return open_order(uow, brand, customer_id, **changed)


def finish(runtime: Runtime, order_id: str) -> None:
    with runtime.transaction() as uow:
        for move in ("schedule", "start", "finish"):
            work_orders.move_order(uow, order_id, move, by=STAFF)
