"""Finding work orders for a list: one query for a page, personal data masked before it leaves.

A further way to search is a branch of `meanings`, a further filter a field of `Search` and a line of `narrowed`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, false, select, tuple_, union
from sqlalchemy.orm import aliased

from domain.catalog.model import Category, Model
from domain.customers.model import Customer, CustomerPhone
from domain.kit.personal import mask_address, mask_name, mask_phone
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.products.model import Product
from domain.products.operations import serial_key
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OPEN, OrderStatus
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import read_number


@dataclass(frozen=True)
class Search:
    """What to look for; an empty field does not narrow. Days are Shanghai's, both included."""

    text: str = ""
    """An order number, a phone (or its last four digits), a serial, or a name: whatever it can mean is looked for."""
    brand_id: str = ""
    status: OrderStatus | None = None
    only_open: bool = False
    service_type: ServiceType | None = None
    category_code: str = ""
    since: date | None = None
    until: date | None = None
    only_re_repairs: bool = False
    customer_id: str = ""
    product_id: str = ""


@dataclass(frozen=True)
class OrderRow:
    """One line of a list. Name, phone and address are masked."""

    id: str
    number: str
    status: OrderStatus
    service_type: ServiceType
    category: str
    model_code: str | None
    contact_name: str
    phone: str
    address: str
    wanted_time: str | None
    opened_at: datetime
    opened_via: str
    re_repair: bool
    product_id: str | None


Place = tuple[datetime, str]
"""Where a page begins: after the order opened then, with this id."""


@dataclass(frozen=True)
class OrderPage:
    """``after`` is what to ask for the next page with, None at the end."""

    rows: Sequence[OrderRow]
    after: Place | None


def find_orders(uow: UnitOfWork, search: Search, *, after: Place | None = None, limit: int = 50) -> OrderPage:
    """A page of orders, newest first. Keyset paging: a page costs the same however deep it is."""
    found = narrowed(uow, listed(), search)
    if after:
        found = found.where(tuple_(WorkOrder.opened_at, WorkOrder.id) < after)
    found = found.order_by(WorkOrder.opened_at.desc(), WorkOrder.id.desc()).limit(limit + 1)
    rows = [row_of(*columns) for columns in uow.session.execute(found)]
    last = rows[limit - 1] if len(rows) > limit else None
    return OrderPage(rows[:limit], (last.opened_at, last.id) if last else None)


def listed() -> Select[*tuple[Any, ...]]:
    """The columns a row needs, in the order `row_of` takes them."""
    of_product = aliased(Model)
    return (
        select(
            WorkOrder.id,
            WorkOrder.number,
            WorkOrder.status,
            WorkOrder.service_type,
            Category.title,
            of_product.code,
            WorkOrder.contact_name,
            WorkOrder.phone,
            WorkOrder.address,
            WorkOrder.wanted_time,
            WorkOrder.opened_at,
            WorkOrder.opened_via,
            WorkOrder.repair_of_id,
            WorkOrder.product_id,
        )
        .join(Category, Category.code == WorkOrder.category_code)
        .outerjoin(of_product, of_product.id == WorkOrder.model_id)
    )


def row_of(
    id_: str,
    number: str,
    status: OrderStatus,
    service_type: ServiceType,
    category: str,
    model_code: str | None,
    name: str | None,
    phone: str,
    address: str,
    wanted_time: str | None,
    opened_at: datetime,
    opened_via: str,
    repair_of_id: str | None,
    product_id: str | None,
) -> OrderRow:
    return OrderRow(
        id_, number, status, service_type, category, model_code, mask_name(name or ""), mask_phone(phone),
        mask_address(address), wanted_time, opened_at, opened_via, repair_of_id is not None,
        product_id,
    )  # fmt: skip


def narrowed(uow: UnitOfWork, found: Select[*tuple[Any, ...]], search: Search) -> Select[*tuple[Any, ...]]:
    """The filters, each one a condition."""
    if search.text.strip():
        found = found.where(WorkOrder.id.in_(union(*meanings(uow, search.text))))
    for column, wanted in (
        (WorkOrder.brand_id, search.brand_id),
        (WorkOrder.status, search.status),
        (WorkOrder.service_type, search.service_type),
        (WorkOrder.category_code, search.category_code),
        (WorkOrder.customer_id, search.customer_id),
        (WorkOrder.product_id, search.product_id),
    ):
        if wanted:
            found = found.where(column == wanted)
    if search.only_open:
        found = found.where(WorkOrder.status.in_(OPEN))
    if search.since:
        found = found.where(WorkOrder.opened_at >= midnight(search.since))
    if search.until:
        found = found.where(WorkOrder.opened_at < midnight(search.until + timedelta(days=1)))
    if search.only_re_repairs:
        found = found.where(WorkOrder.repair_of_id.isnot(None))
    return found


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def meanings(uow: UnitOfWork, text: str) -> list[Select[str]]:
    """Everything the words typed can mean, as queries for order ids that each stand on one index."""
    found: list[Select[str]] = []
    if number := read_number(text):
        found.append(ids(WorkOrder.number == number))
    digits = read_digits(text)
    if digits and len(digits) >= 7:
        whole, _ = uow.keyring.phone_prints(as_phone(digits))
        found += by_phone(WorkOrder.phone_print == whole, CustomerPhone.number_print == whole)
    elif digits and len(digits) == 4:
        _, last4 = uow.keyring.phone_prints(digits)
        found += by_phone(WorkOrder.phone4_print == last4, CustomerPhone.last4_print == last4)
    if len(key := serial_key(text)) >= 5:
        found.append(ids(WorkOrder.serial_key == key))
        found.append(ids(WorkOrder.product_id.in_(select(Product.id).where(Product.serial_key == key))))
    if not digits:
        name = uow.keyring.name_print(text)
        found.append(ids(WorkOrder.name_print == name))
        found.append(ids(WorkOrder.customer_id.in_(select(Customer.id).where(Customer.name_print == name))))
    return found or [ids(false())]


def ids(condition: ColumnElement[bool]) -> Select[str]:
    return select(WorkOrder.id).where(condition)


def by_phone(of_order: ColumnElement[bool], of_customer: ColumnElement[bool]) -> list[Select[str]]:
    """Orders with this contact number, and all orders of customers who have it."""
    customers = select(CustomerPhone.customer_id).where(of_customer)
    return [ids(of_order), ids(WorkOrder.customer_id.in_(customers))]


def read_digits(text: str) -> str | None:
    """The digits, when nothing else was typed than a number with the usual spaces, dashes and country code."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(r"[+(]?\d[\d ()-]*", plain):
        return None
    digits = re.sub(r"\D", "", plain)
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def as_phone(digits: str) -> str:
    """The number as it is kept: a landline has a dash behind its area code, which is 010, 02x or four digits long."""
    if not digits.startswith("0"):
        return digits
    area = 3 if digits[1] in "12" else 4
    return f"{digits[:area]}-{digits[area:]}"
