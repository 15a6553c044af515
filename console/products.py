"""An appliance as the staff see it: whose it is, and everything that was ever done to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from console.work_orders import HistorySeen, VisitSeen, history_line, visit_line
from domain.access import queries as access
from domain.access import trail
from domain.access.sessions import SignedIn
from domain.catalog.model import Category, Model
from domain.customers.model import Customer
from domain.kit.personal import mask_name
from domain.kit.unit_of_work import UnitOfWork
from domain.products.model import Product, ProductOwner
from domain.products.operations import serial_key
from domain.work_orders.model import Visit, WorkOrderMove
from domain.work_orders.search import OrderRow, Search, find_orders


@dataclass(frozen=True)
class OwnerSeen:
    customer_id: str
    name: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class ProductOrder:
    """One order about the product, with its visits and what was done."""

    order: OrderRow
    visits: Sequence[VisitSeen]
    history: Sequence[HistorySeen]


@dataclass(frozen=True)
class ProductRow:
    id: str
    code: str
    name: str
    serial: str | None
    owner: str
    registered_at: datetime


@dataclass(frozen=True)
class ProductHistory:
    id: str
    code: str
    name: str
    category: str
    serial: str | None
    purchased_on: date | None
    registered_at: datetime
    registered_via: str
    owners: Sequence[OwnerSeen]
    orders: Sequence[ProductOrder]


def find_products(uow: UnitOfWork, serial: str, limit: int = 50) -> Sequence[ProductRow]:
    """Products with this serial; dashes, spaces and case aside."""
    key = serial_key(serial)
    if not key:
        return []
    found = (
        select(Product, Model, Customer)
        .join(Model, Model.id == Product.model_id)
        .join(Customer, Customer.id == Product.customer_id)
        .where(Product.serial_key == key)
        .order_by(Product.registered_at.desc())
        .limit(limit)
    )
    return [
        ProductRow(
            product.id, model.code, model.name, product.serial, mask_name(owner.name or ""), product.registered_at
        )
        for product, model, owner in uow.session.execute(found)
    ]


def look_at_product(uow: UnitOfWork, product_id: str, who: SignedIn) -> ProductHistory:
    """The history of one appliance (requirements B3), and the look itself on record.

    :raises NotFound: there is no such product
    """
    product = uow.get(Product, product_id, called="这台产品")
    model = uow.session.get_one(Model, product.model_id)
    trail.record(uow, who.actor, "product.view", "product", product.id)
    owners = uow.session.execute(
        select(ProductOwner, Customer)
        .join(Customer, Customer.id == ProductOwner.customer_id)
        .where(ProductOwner.product_id == product.id)
        .order_by(ProductOwner.since.desc())
    )
    return ProductHistory(
        id=product.id,
        code=model.code,
        name=model.name,
        category=uow.session.get_one(Category, model.category_code).title,
        serial=product.serial,
        purchased_on=product.purchased_on,
        registered_at=product.registered_at,
        registered_via=product.registered_via,
        owners=[OwnerSeen(c.id, mask_name(c.name or ""), owner.since, owner.until) for owner, c in owners],
        orders=orders_with_visits(uow, product.id),
    )


def orders_with_visits(uow: UnitOfWork, product_id: str) -> list[ProductOrder]:
    """The product's orders, newest first; three queries, however many there are."""
    rows = find_orders(uow, Search(product_id=product_id), limit=200).rows
    ids = [row.id for row in rows]
    visits: dict[str, list[VisitSeen]] = {id_: [] for id_ in ids}
    for visit in uow.session.scalars(select(Visit).where(Visit.work_order_id.in_(ids)).order_by(Visit.seq)):
        visits[visit.work_order_id].append(visit_line(visit))
    moves = uow.session.scalars(
        select(WorkOrderMove).where(WorkOrderMove.work_order_id.in_(ids)).order_by(WorkOrderMove.id)
    ).all()
    names = access.names_of(uow, [move.by for move in moves])
    history: dict[str, list[HistorySeen]] = {id_: [] for id_ in ids}
    for move in moves:
        history[move.work_order_id].append(history_line(move, names))
    return [ProductOrder(row, visits[row.id], history[row.id]) for row in rows]
