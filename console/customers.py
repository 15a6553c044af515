"""A customer as the staff see one: phones and addresses masked, products and orders with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from console.chats import Line, chat_lines
from console.work_orders import ProductSeen, product_line
from domain.access import trail
from domain.access.sessions import SignedIn
from domain.customers.model import Customer, CustomerPhone
from domain.customers.queries import contacts_of, known
from domain.kit.personal import mask_address, mask_name, mask_phone
from domain.kit.unit_of_work import UnitOfWork
from domain.products.queries import products_of
from domain.work_orders.search import OrderRow, Search, as_phone, find_orders, read_digits


@dataclass(frozen=True)
class KeptPhone:
    """``key`` names the number without telling it."""

    key: str
    number: str


@dataclass(frozen=True)
class KeptAddress:
    id: str
    line: str


@dataclass(frozen=True)
class CustomerRow:
    """One line of a list, masked."""

    id: str
    name: str
    phones: Sequence[str]
    created_at: datetime


@dataclass(frozen=True)
class CustomerSeen:
    id: str
    brand_id: str
    name: str
    phones: Sequence[KeptPhone]
    addresses: Sequence[KeptAddress]
    products: Sequence[ProductSeen]
    orders: Sequence[OrderRow]
    other_orders: Sequence[OrderRow]
    """Those of ``orders`` that are about no product of the customer's."""
    chat: Sequence[Line]
    created_at: datetime


def look_at_customer(uow: UnitOfWork, customer_id: str, who: SignedIn, *, with_chat: bool = True) -> CustomerSeen:
    """Everything about one customer, and the look itself on record.

    :raises NotFound: there is no such customer
    """
    customer = uow.get(Customer, customer_id, called="这位客户")
    trail.record(uow, who.actor, "customer.view", "customer", customer.id)
    archive = known(uow, customer.id)
    rows = find_orders(uow, Search(customer_id=customer.id)).rows
    owned = products_of(uow, customer.id)
    mine = {one.product.id for one in owned}
    contacts = contacts_of(uow, customer.id)
    return CustomerSeen(
        id=customer.id,
        brand_id=customer.brand_id,
        name=mask_name(customer.name or ""),
        phones=[KeptPhone(uow.keyring.phone_prints(phone)[0], mask_phone(phone)) for phone in archive.phones],
        addresses=[KeptAddress(address.id, mask_address(address.line)) for address in archive.addresses],
        products=[product_line(one, rows) for one in owned],
        orders=rows,
        other_orders=[row for row in rows if row.product_id not in mine],
        chat=chat_lines(uow, contacts[0].account_id, contacts[0].openid) if contacts and with_chat else [],
        created_at=customer.created_at,
    )


def find_customers(uow: UnitOfWork, text: str, limit: int = 50) -> Sequence[CustomerRow]:
    """Customers by phone, its last four digits, or name; two queries, however many are found."""
    digits = read_digits(text)
    whole, last4 = uow.keyring.phone_prints(as_phone(digits) if digits else "")
    if digits:
        matches = CustomerPhone.last4_print == last4 if len(digits) == 4 else CustomerPhone.number_print == whole
        wanted: ColumnElement[bool] = Customer.id.in_(select(CustomerPhone.customer_id).where(matches))
    else:
        wanted = or_(Customer.name_print == uow.keyring.name_print(text), Customer.id == text.strip())
    found = uow.session.scalars(select(Customer).where(wanted).order_by(Customer.created_at.desc()).limit(limit)).all()
    phones: dict[str, list[str]] = {customer.id: [] for customer in found}
    kept = select(CustomerPhone).where(CustomerPhone.customer_id.in_(phones)).order_by(CustomerPhone.used_at.desc())
    for phone in uow.session.scalars(kept):
        phones[phone.customer_id].append(mask_phone(phone.number))
    return [CustomerRow(one.id, mask_name(one.name or ""), phones[one.id], one.created_at) for one in found]
