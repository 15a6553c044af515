"""One person on several accounts: contacts with one unionid share one customer, as far as a program may decide that.

By the unionid only, never by a phone (docs/decisions/0020). What goes with a customer is found by the foreign keys, so
a new table that belongs to customers needs nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, delete, exists, func, select, update
from sqlalchemy.exc import OperationalError

from domain.access import trail
from domain.customers.model import Contact, Customer, CustomerAddress, CustomerPhone
from domain.customers.operations import person_lock, same_person
from domain.desk.model import DeskTask
from domain.desk.operations import put_task
from domain.files.model import StoredFile
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Refused
from domain.kit.tables import Table
from domain.kit.unit_of_work import UnitOfWork
from domain.products.lifecycle import TransferStatus
from domain.products.model import Product, ProductTransfer
from domain.work_orders.model import WorkOrder

BY = system("identities")
LOCKED = "55P03"
"""PostgreSQL's lock_not_available."""
MERGE = "merge"
"""The kind of desk task by which people are asked to look at two customers that are one person."""


class Busy(Refused):
    """Try again in a moment."""

    code = "busy"


def recognise(uow: UnitOfWork, contact: Contact, brand_id: str, unionid: str | None) -> None:
    """Note the unionid the platform gives for a contact, and let the person's contacts share one customer.

    The older customer stays and takes everything over, unless both have orders, or one asked for a product of the
    other's: then both stay as they are and the desk is asked.

    :raises Busy: somebody is writing to one of them; nothing waits here, because a turn of the bot may wait for us
    """
    if not unionid:
        return
    try:
        contacts, customers = locked(uow, contact, brand_id, unionid)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == LOCKED:
            raise Busy("正在处理这位客户的另一件事") from error
        raise
    if len(customers) > 1:
        if not may_be_joined(uow, customers):
            ask_the_desk(uow, brand_id, contact, customers)
            return
        for younger in customers[1:]:
            take_over(uow, customers[0], younger)
    for one in contacts:
        one.customer_id = customers[0].id if customers else None
    uow.session.flush()


def locked(
    uow: UnitOfWork, contact: Contact, brand_id: str, unionid: str
) -> tuple[Sequence[Contact], Sequence[Customer]]:
    """All contacts of the person, with ours, and their customers, the oldest first: ours alone until the commit."""
    uow.session.flush()
    uow.session.refresh(contact, with_for_update={"nowait": True})
    if not uow.session.scalar(select(func.pg_try_advisory_xact_lock(person_lock(brand_id, unionid)))):
        raise Busy("正在处理这位客户的另一件事")
    contact.unionid = unionid
    uow.session.flush()
    contacts = uow.session.scalars(same_person(unionid, brand_id).with_for_update(of=Contact, nowait=True)).all()
    ids = {one.customer_id for one in contacts if one.customer_id}
    found = select(Customer).where(Customer.id.in_(ids)).order_by(Customer.created_at, Customer.id)
    return contacts, uow.session.scalars(found.with_for_update(nowait=True) if len(ids) > 1 else found).all()


def may_be_joined(uow: UnitOfWork, customers: Sequence[Customer]) -> bool:
    """At most one of them has orders, and none has asked for a product that is another's."""
    ids = [customer.id for customer in customers]
    with_orders = select(func.count(WorkOrder.customer_id.distinct())).where(WorkOrder.customer_id.in_(ids))
    asked = (
        select(ProductTransfer.id)
        .join(Product, Product.id == ProductTransfer.product_id)
        .where(
            ProductTransfer.customer_id.in_(ids),
            Product.customer_id.in_(ids),
            ProductTransfer.status == TransferStatus.ASKED,
        )
    )
    return (uow.session.scalar(with_orders) or 0) <= 1 and uow.session.scalars(asked.limit(1)).first() is None


def ask_the_desk(uow: UnitOfWork, brand_id: str, contact: Contact, customers: Sequence[Customer]) -> None:
    """One task for these customers, however often the person signs in."""
    subject = "+".join(customer.id for customer in customers)[:200]
    if uow.session.scalars(select(DeskTask.id).filter_by(kind=MERGE, subject_id=subject)).first():
        return
    put_task(
        uow, by=BY, brand_id=brand_id, kind=MERGE, subject_id=subject, account_id=contact.account_id,
        openid=contact.openid,
        words="合并客户：微信确认是同一个人，但名下都有工单，或有产品过户正在等待，请核对后处理。客户编号 "
        + "、".join(customer.id for customer in customers),
    )  # fmt: skip


def take_over(uow: UnitOfWork, older: Customer, younger: Customer) -> None:
    """Everything of the younger customer becomes the older one's; the younger is gone afterwards."""
    drop_doubles(uow, older, younger)
    sent = update(StoredFile).where(StoredFile.author == str(Actor(Role.CUSTOMER, younger.id)))
    uow.session.execute(sent.values(author=str(Actor(Role.CUSTOMER, older.id))))
    for column in columns_naming_customers():
        if list(column.table.primary_key) == [column]:  # each customer has one of these: the older one's stays
            had = exists().where(column.table.alias().c[column.name] == older.id)
            uow.session.execute(delete(column.table).where(column == younger.id, had))
        uow.session.execute(
            update(column.table).where(column == younger.id).values({column.name: older.id}),
            execution_options={"synchronize_session": False},
        )
    if older.name is None:
        older.name, older.name_print = younger.name, younger.name_print
    trail.record(uow, BY, "customer.join", "customer", older.id, joined=younger.id)
    uow.session.flush()
    uow.session.expire_all()
    uow.session.execute(delete(Customer).where(Customer.id == younger.id))


def drop_doubles(uow: UnitOfWork, older: Customer, younger: Customer) -> None:
    """Numbers and addresses both have are kept once; a number the platform vouched for stays vouched for."""
    kept = {
        phone.number_print: phone
        for phone in uow.session.scalars(select(CustomerPhone).filter_by(customer_id=older.id))
    }
    for phone in uow.session.scalars(select(CustomerPhone).filter_by(customer_id=younger.id)):
        if same := kept.get(phone.number_print):
            same.used_at = max(same.used_at, phone.used_at)
            same.verified_at = same.verified_at or phone.verified_at
            uow.session.delete(phone)
    known = select(CustomerAddress.line_print).where(CustomerAddress.customer_id == older.id)
    uow.session.execute(
        delete(CustomerAddress).where(CustomerAddress.customer_id == younger.id, CustomerAddress.line_print.in_(known))
    )
    uow.session.flush()


def columns_naming_customers() -> Sequence[Column[Any]]:
    """Every column of every table that points at a customer."""
    ours = Customer.__table__.c.id
    keys = [key for table in Table.metadata.sorted_tables for key in table.foreign_keys]
    return [key.parent for key in keys if key.column is ours]
