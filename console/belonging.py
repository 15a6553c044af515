"""How rows belong to somebody: what a scope's own things are, as queries for their ids, and what of a table is seen by them. ★

Written over bare tables, so that these queries are not narrowed themselves. Which table belongs how is `console.rows`.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, false, or_, select, true

from domain.access.model import Staff, TrailEntry
from domain.catalog.model import Part
from domain.cover.model import GiftBatch
from domain.customers.model import Customer
from domain.engineers.model import Engineer
from domain.feedback.model import Callback, Complaint
from domain.incidents.model import SafetyIncident
from domain.kit.scope import Scope
from domain.ledger.model import LedgerEntry
from domain.notices.model import OutgoingMessage
from domain.organizations.model import Account, Brand, Provider, ProviderBrand
from domain.payments.model import Merchant, Payable, Payment
from domain.products.model import Product
from domain.service_levels.model import Clock
from domain.work_orders.model import Visit, WorkOrder

Condition = ColumnElement[bool]
Ids = Select[Any]


def bare(kind: type[Any]) -> Table:
    return cast("Table", kind.__table__)


ORDERS, VISITS, CUSTOMERS, PRODUCTS = bare(WorkOrder), bare(Visit), bare(Customer), bare(Product)
ENGINEERS, LETS, ACCOUNTS, STAFF = bare(Engineer), bare(ProviderBrand), bare(Account), bare(Staff)
CLOCKS, INCIDENTS, PROVIDERS, BRANDS = bare(Clock), bare(SafetyIncident), bare(Provider), bare(Brand)
PARTS, BATCHES = bare(Part), bare(GiftBatch)
CALLBACKS, COMPLAINTS = bare(Callback), bare(Complaint)
MERCHANTS, PAYABLES, PAYMENTS, ENTRIES = bare(Merchant), bare(Payable), bare(Payment), bare(LedgerEntry)


def all_of(*conditions: Condition | None) -> Condition:
    return and_(true(), *(one for one in conditions if one is not None))


def within(scope: Scope, brand: Any = None, provider: Any = None, station: Any = None) -> Condition:
    """Of the scope's brand, provider and station, where the table has such a column."""
    pairs = ((brand, scope.brand_id), (provider, scope.provider_id), (station, scope.station_id))
    return and_(true(), *(column == mine for column, mine in pairs if column is not None and mine is not None))


# What a scope's own things are, as queries for their ids.


def orders(scope: Scope) -> Ids:
    """Who is responsible now sees the order and its whole history; who was before, nothing any more."""
    return select(ORDERS.c.id).where(within(scope, ORDERS.c.brand_id, ORDERS.c.provider_id, ORDERS.c.station_id))


def of_orders(scope: Scope, column: str) -> Ids:
    return orders(scope).with_only_columns(ORDERS.c[column])


def customers(scope: Scope) -> Ids:
    """A provider's customers are those of its own orders."""
    found = select(CUSTOMERS.c.id).where(within(scope, CUSTOMERS.c.brand_id))
    return found.where(CUSTOMERS.c.id.in_(of_orders(scope, "customer_id"))) if scope.provider_id else found


def products(scope: Scope) -> Ids:
    found = select(PRODUCTS.c.id).where(within(scope, PRODUCTS.c.brand_id))
    return found.where(PRODUCTS.c.id.in_(of_orders(scope, "product_id"))) if scope.provider_id else found


def brands(scope: Scope) -> Ids:
    """A provider's brands are those that let it work for them."""
    found = select(BRANDS.c.id).where(within(scope, BRANDS.c.id))
    return found.where(BRANDS.c.id.in_(lets(scope, "brand_id"))) if scope.provider_id else found


def providers(scope: Scope) -> Ids:
    found = select(PROVIDERS.c.id).where(within(scope, provider=PROVIDERS.c.id))
    return found.where(PROVIDERS.c.id.in_(lets(scope, "provider_id"))) if scope.brand_id else found


def lets(scope: Scope, column: str) -> Ids:
    return select(LETS.c[column]).where(within(scope, LETS.c.brand_id, LETS.c.provider_id))


def engineers(scope: Scope) -> Ids:
    found = select(ENGINEERS.c.id).where(
        within(scope, provider=ENGINEERS.c.provider_id, station=ENGINEERS.c.station_id)
    )
    return found.where(ENGINEERS.c.provider_id.in_(lets(scope, "provider_id"))) if scope.brand_id else found


def accounts(scope: Scope) -> Ids:
    return select(ACCOUNTS.c.id).where(ACCOUNTS.c.brand_id.in_(brands(scope)))


def visits(scope: Scope) -> Ids:
    return select(VISITS.c.id).where(VISITS.c.work_order_id.in_(orders(scope)))


def clocks(scope: Scope) -> Ids:
    return select(CLOCKS.c.id).where(CLOCKS.c.work_order_id.in_(orders(scope)))


def payables(scope: Scope) -> Ids:
    """A provider sees what is owed for its own orders."""
    found = select(PAYABLES.c.id).where(within(scope, PAYABLES.c.brand_id))
    return found.where(PAYABLES.c.work_order_id.in_(orders(scope))) if scope.provider_id else found


def payments(scope: Scope) -> Ids:
    return select(PAYMENTS.c.id).where(PAYMENTS.c.payable_id.in_(payables(scope)))


def merchants(scope: Scope) -> Ids:
    return select(MERCHANTS.c.id).where(within(scope, MERCHANTS.c.brand_id))


def colleagues(scope: Scope) -> Ids:
    """The staff of the same scope, or of a smaller one inside it."""
    return select(STAFF.c.id).where(within(scope, STAFF.c.brand_id, STAFF.c.provider_id, STAFF.c.station_id))


# What is seen of a table, by how its rows belong to somebody.


def by_order(column: Any) -> Any:
    return lambda scope: column.in_(orders(scope))


def by_visit(column: Any) -> Any:
    return lambda scope: column.in_(visits(scope))


def by_engineer(column: Any) -> Any:
    """What an engineer's day is filled with is seen with the engineer, also where it is another brand's order: else two
    brands' dispatchers would take the same hour of one engineer for free."""
    return lambda scope: column.in_(engineers(scope))


def by_customer(column: Any) -> Any:
    return lambda scope: column.in_(customers(scope))


def by_product(column: Any) -> Any:
    return lambda scope: column.in_(products(scope))


def by_brand(column: Any) -> Any:
    return lambda scope: column.in_(brands(scope))


def brands_own(condition: Any) -> Any:
    """The brand's own business: a provider's people never see it."""
    return lambda scope: false() if scope.provider_id else condition(scope)


def by_account(column: Any) -> Any:
    """Chats are the brand's own: they are about everything, also about other providers' work."""
    return brands_own(lambda scope: column.in_(accounts(scope)))


def staff_seen(scope: Scope) -> Condition:
    """Colleagues, and the brand's own people: their names are on orders. Never another provider's people."""
    theirs = None if scope.provider_id is None else or_(
        Staff.provider_id.is_(None),
        within(scope, provider=Staff.provider_id, station=Staff.station_id),
    )  # fmt: skip
    return all_of(or_(Staff.brand_id.is_(None), within(scope, Staff.brand_id)) if scope.brand_id else None, theirs)


def trail_seen(scope: Scope) -> Condition:
    """What was done to one's own orders, and what one's own people did."""
    of_order = and_(TrailEntry.subject_kind == "work_order", TrailEntry.subject_id.in_(orders(scope)))
    mine = select("staff:" + STAFF.c.id).where(STAFF.c.id.in_(colleagues(scope)))
    return or_(of_order, TrailEntry.actor.in_(mine))


def messages_seen(scope: Scope) -> Condition:
    """To a provider only what was said of its own orders; chats are the brand's."""
    if scope.provider_id:
        return OutgoingMessage.subject_id.in_(orders(scope))
    return OutgoingMessage.account_id.in_(accounts(scope))


def customers_seen(scope: Scope) -> Condition:
    mine = Customer.id.in_(of_orders(scope, "customer_id")) if scope.provider_id else None
    return all_of(within(scope, Customer.brand_id), mine)


def products_seen(scope: Scope) -> Condition:
    mine = Product.id.in_(of_orders(scope, "product_id")) if scope.provider_id else None
    return all_of(within(scope, Product.brand_id), mine)
