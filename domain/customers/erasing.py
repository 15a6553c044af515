"""Forgetting who a customer is: everything of this subject that names a person. The row stays, because orders point at it.

Only `domain.privacy.erasing` calls this: it knows whether it may be done, and forgets what other subjects keep.
"""

from __future__ import annotations

from sqlalchemy import delete, select

from domain.customers.model import Contact, Customer, CustomerAddress, CustomerPhone
from domain.customers.operations import end_marketing
from domain.customers.phones_model import PhoneCode
from domain.customers.proving import end_sessions_of
from domain.customers.scenes import forget_scenes
from domain.customers.sessions import end_sessions
from domain.kit.unit_of_work import UnitOfWork


def forget_customer(uow: UnitOfWork, customer: Customer) -> list[tuple[str, str]]:
    """Erase it; returns the chats (account, openid) that were the person's. The customer's row must be locked already."""
    numbers = select(CustomerPhone.number_print).filter_by(customer_id=customer.id)
    uow.session.execute(delete(PhoneCode).where(PhoneCode.phone_print.in_(numbers)))
    uow.session.execute(delete(CustomerPhone).where(CustomerPhone.customer_id == customer.id))
    uow.session.execute(delete(CustomerAddress).where(CustomerAddress.customer_id == customer.id))
    end_sessions_of(uow, customer.id)
    found = select(Contact).filter_by(customer_id=customer.id).order_by(Contact.account_id, Contact.openid)
    chats = []
    for contact in uow.session.scalars(found.with_for_update()):
        forget_contact(uow, contact)
        chats.append((contact.account_id, contact.openid))
    customer.name = customer.name_print = None
    customer.level, customer.erased_at = "", uow.now
    uow.session.flush()
    return chats


def forget_contact(uow: UnitOfWork, contact: Contact) -> None:
    """The chat identity is nobody's from now on. It stays as the platform's name for who may write again; what they agreed to
    is over, and no advertising goes there."""
    end_sessions(uow, contact)
    forget_scenes(uow, contact)
    contact.customer_id = contact.unionid = contact.scene = None
    contact.consent_version = contact.consented_at = None
    end_marketing(uow, contact)
