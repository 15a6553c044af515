"""A work order as the staff see it: everything on its page, gathered once for the page and for the API, masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.understanding.lexicon import lexicon
from console.chats import Line, chat_lines
from console.files import FileSeen, pictures_of
from console.showing import mask_words
from domain.access import queries as access
from domain.access import trail
from domain.access.roles import may, needed_for
from domain.access.sessions import SignedIn
from domain.catalog.model import Category, Model
from domain.customers.model import Customer
from domain.kit.actors import Role
from domain.kit.errors import Forbidden
from domain.kit.personal import mask_address, mask_name, mask_phone
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Account
from domain.products.model import Product
from domain.products.queries import Owned, products_of
from domain.work_orders import operations, queries
from domain.work_orders.lifecycle import OPEN, ORDERS, VISITS, OrderStatus, VisitStatus
from domain.work_orders.model import Visit, WorkOrder, WorkOrderMove
from domain.work_orders.search import OrderRow, Search, find_orders


@dataclass(frozen=True)
class MoveSeen:
    """A move that may be made now: a button."""

    name: str
    title: str
    reason: bool


@dataclass(frozen=True)
class HistorySeen:
    """One line of the history. ``who`` is a name; ``fields`` what a change was about."""

    at: datetime
    move: str
    frm: str
    to: str
    who: str
    why: str
    fields: Sequence[str]


@dataclass(frozen=True)
class VisitSeen:
    id: str
    seq: int
    status: VisitStatus
    opened_at: datetime
    moves: Sequence[MoveSeen]


@dataclass(frozen=True)
class ProductSeen:
    """One of the customer's products with the orders it had."""

    id: str
    code: str
    name: str
    serial: str | None
    purchased_on: date | None
    registered_at: datetime
    orders: Sequence[OrderRow]


@dataclass(frozen=True)
class OrderSeen:
    """Name, phone and address are masked; `console.reveal` tells them one at a time, on record."""

    id: str
    number: str
    version: int
    status: OrderStatus
    service_type: str
    category: str
    model_code: str | None
    model_name: str | None
    product_id: str | None
    serial: str | None
    purchased_on: date | None
    words: str
    symptoms: Sequence[str]
    error_code: str | None
    contact_name: str
    phone: str
    address: str
    wanted_time: str | None
    account: str | None
    opened_via: str
    opened_by: str
    opened_at: datetime
    repair_of_id: str | None
    repair_of_number: str | None
    customer_id: str
    customer_name: str
    is_open: bool
    moves: Sequence[MoveSeen]
    history: Sequence[HistorySeen]
    visits: Sequence[VisitSeen]
    products: Sequence[ProductSeen]
    other_orders: Sequence[OrderRow]
    chat: Sequence[Line]
    pictures: Sequence[FileSeen]


def look_at_order(uow: UnitOfWork, order_id: str, who: SignedIn) -> OrderSeen:
    """Everything about one order, and the look itself on record.

    :raises NotFound: there is no such order
    """
    order = uow.get(WorkOrder, order_id, called="这张工单")
    trail.record(uow, who.actor, "order.view", "work_order", order.id)
    product = uow.session.get(Product, order.product_id) if order.product_id else None
    model = uow.session.get(Model, order.model_id) if order.model_id else None
    account = uow.session.get(Account, order.account_id) if order.account_id else None
    earlier = uow.session.get(WorkOrder, order.repair_of_id) if order.repair_of_id else None
    moves = queries.history(uow, order.id)
    names = access.names_of(uow, [order.opened_by, *(move.by for move in moves)])
    rows = find_orders(uow, Search(customer_id=order.customer_id)).rows
    owned = products_of(uow, order.customer_id)
    mine = {one.product.id for one in owned}
    return OrderSeen(
        id=order.id,
        number=order.number,
        version=order.version,
        status=order.status,
        service_type=order.service_type,
        category=uow.session.get_one(Category, order.category_code).title,
        model_code=model.code if model else None,
        model_name=model.name if model else None,
        product_id=order.product_id,
        serial=product.serial if product else None,
        purchased_on=product.purchased_on if product else None,
        words=mask_words(order.words),
        symptoms=symptom_titles(order.symptoms),
        error_code=order.error_code,
        contact_name=mask_name(order.contact_name or ""),
        phone=mask_phone(order.phone),
        address=mask_address(order.address),
        wanted_time=order.wanted_time,
        account=account.name if account else None,
        opened_via=order.opened_via,
        opened_by=name_of(order.opened_by, names),
        opened_at=order.opened_at,
        repair_of_id=order.repair_of_id,
        repair_of_number=earlier.number if earlier else None,
        customer_id=order.customer_id,
        customer_name=mask_name(uow.session.get_one(Customer, order.customer_id).name or ""),
        is_open=order.status in OPEN,
        moves=moves_now(order.status, who),
        history=[history_line(move, names) for move in moves],
        visits=[visit_line(visit) for visit in queries.visits(uow, order.id)],
        products=[product_line(one, rows) for one in owned],
        other_orders=[row for row in rows if row.id != order.id and row.product_id not in mine],
        chat=chat_lines(uow, order.account_id, order.openid) if order.account_id and order.openid else [],
        pictures=pictures_of(uow, order.id),
    )


def moves_now(status: OrderStatus, who: SignedIn) -> list[MoveSeen]:
    """The buttons: what the lifecycle lets staff do now, and this member of staff may."""
    allowed = ORDERS.allowed(status, Role.STAFF)
    return [MoveSeen(m.name, m.title, m.reason) for m in allowed if may(who.staff.role, needed_for(m.name))]


def move(uow: UnitOfWork, order_id: str, name: str, why: str, who: SignedIn) -> WorkOrder:
    """Make a move, if this member of staff may.

    :raises Forbidden: the role may not make this move
    :raises MoveRefused: the lifecycle does not allow it
    """
    if not may(who.staff.role, needed_for(name)):
        raise Forbidden("您没有权限做这个操作")
    return operations.move_order(uow, order_id, name, by=who.actor, why=why)


def name_of(author: str, names: dict[str, str]) -> str:
    return names.get(author, author)


def history_line(move: WorkOrderMove, names: dict[str, str]) -> HistorySeen:
    fields = move.detail.get("fields") or []
    return HistorySeen(move.at, move.move, move.frm, move.to, name_of(move.by, names), mask_words(move.why), fields)


def visit_line(visit: Visit) -> VisitSeen:
    moves = [MoveSeen(m.name, m.title, m.reason) for m in VISITS.allowed(visit.status, Role.STAFF)]
    return VisitSeen(visit.id, visit.seq, visit.status, visit.opened_at, moves)


def product_line(owned: Owned, rows: Sequence[OrderRow]) -> ProductSeen:
    product, model = owned.product, owned.model
    orders = [row for row in rows if row.product_id == product.id]
    return ProductSeen(
        product.id, model.code, model.name, product.serial, product.purchased_on, product.registered_at, orders
    )


def symptom_titles(labels: Sequence[str]) -> list[str]:
    known = lexicon().symptoms
    return [known[label].title if label in known else label for label in labels]
