"""Looking things up on the spot: parts of the model, whose a scanned serial is, the customer's number, pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.access import trail
from domain.catalog.bills import bill_of, look
from domain.catalog.queries import models_like
from domain.engineers.devices import SignedInEngineer
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import UnitOfWork
from domain.products.operations import serial_key
from domain.products.queries import Owned, by_serial, products_of
from engineer_app import own
from engineer_app.jobs import product_json

FOUND = {
    "this": "就是工单上的这台",
    "other_of_customer": "这是客户名下的另一台产品，可以改选",
    "elsewhere": "这个编号登记在其他客户名下，请核对铭牌；仍不对请联系客服过户",
    "unknown": "这个编号没有登记过",
}


@dataclass(frozen=True)
class Sealed:
    """What is needed to open a picture's content, after the transaction is over."""

    file_id: str
    place: str
    key: str
    mime: str


def parts(uow: UnitOfWork, who: SignedInEngineer, job: str, typed: str) -> dict[str, Any]:
    """The model's part with this code, else its neighbours.

    :raises NotFound: not one's own job
    """
    order = own.job(uow, who, job).order
    looked = look(bill_of(uow, order.model_id, uow.today), typed)
    return {"exact": looked.exact, "near": list(looked.near)}


def models(uow: UnitOfWork, who: SignedInEngineer, job: str, typed: str) -> dict[str, Any]:
    """The model with this code, of the order's brand and kind of appliance; else its neighbours.

    :raises NotFound: not one's own job
    """
    order = own.job(uow, who, job).order
    exact, near = models_like(uow, order.brand_id, order.category_code, typed)
    return {"exact": exact, "near": near}


def products(uow: UnitOfWork, who: SignedInEngineer, job: str, serial: str) -> dict[str, Any]:
    """What a serial is; of another customer's product nothing is told but that it is.

    :raises NotFound: not one's own job
    """
    order, key = own.job(uow, who, job).order, serial_key(serial)
    owned = by_serial(uow, order.brand_id, key) if key else None
    found = kind_of(owned, order.product_id, order.customer_id)
    others = [one for one in products_of(uow, order.customer_id) if one.product.id != order.product_id]
    shown = owned if found in ("this", "other_of_customer") else None
    return {
        "found": found, "words": FOUND[found], "product": shown and product_json(shown.product, shown.model),
        "others": [product_json(one.product, one.model) for one in others if one.product.brand_id == order.brand_id],
    }  # fmt: skip


def kind_of(owned: Owned | None, product_id: str | None, customer_id: str) -> str:
    if owned is None:
        return "unknown"
    if owned.product.id == product_id:
        return "this"
    return "other_of_customer" if owned.product.customer_id == customer_id else "elsewhere"


def call(uow: UnitOfWork, who: SignedInEngineer, visit_id: str) -> dict[str, Any]:
    """The customer's whole number, and the look on record.

    :raises NotFound: not one's own job
    """
    order, by = own.job(uow, who, visit_id).order, Actor(Role.ENGINEER, who.engineer.id)
    trail.record(uow, by, "order.call", "work_order", order.id, visit=visit_id)
    return {"phone": order.phone}


def picture(uow: UnitOfWork, who: SignedInEngineer, file_id: str) -> Sealed:
    """:raises NotFound: it is of no job of one's own"""
    file = own.picture(uow, who, file_id)
    return Sealed(file.id, str(file.place), str(file.key), str(file.mime))
