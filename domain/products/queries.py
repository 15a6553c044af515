"""Looking products up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from domain.catalog.model import Model
from domain.kit.unit_of_work import UnitOfWork
from domain.products.model import Product


@dataclass(frozen=True)
class Owned:
    """One of a customer's products with its model."""

    product: Product
    model: Model


def products_of(uow: UnitOfWork, customer_id: str | None) -> Sequence[Owned]:
    """A customer's products, newest registration first."""
    if customer_id is None:
        return ()
    rows = (
        select(Product, Model)
        .join(Model, Model.id == Product.model_id)
        .where(Product.customer_id == customer_id)
        .order_by(Product.registered_at.desc(), Product.id.desc())
    )
    return [Owned(product, model) for product, model in uow.session.execute(rows)]


def by_serial(uow: UnitOfWork, brand_id: str, key: str) -> Owned | None:
    """The product with this serial (as `serial_key` writes it)."""
    rows = (
        select(Product, Model)
        .join(Model, Model.id == Product.model_id)
        .where(Product.brand_id == brand_id, Product.serial_key == key)
    )
    row = uow.session.execute(rows).first()
    return Owned(row[0], row[1]) if row else None
