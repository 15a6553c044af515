"""Who is calling: a customer by the number, made once however many members of staff type it at the same time."""

from __future__ import annotations

from sqlalchemy import exists, func, or_, select

from domain.customers.model import Contact, Customer, CustomerPhone
from domain.customers.operations import learn, new_customer, owners_of_number
from domain.kit.unit_of_work import UnitOfWork


def customer_of_caller(
    uow: UnitOfWork, brand_id: str, number: str, *, recognised: str | None = None
) -> Customer:  # fmt: skip
    """The customer of the brand with this number, new if there is none. Locked by number until the commit.

    A number that somebody only typed in a chat is not taken for that person's: whoever typed another's number would
    read in the chat where the caller lives. It is when the platform vouched for it, when the customer has no chat, or
    when the caller was ``recognised`` as this customer by a product or an address of theirs.
    """
    whole, _ = uow.keyring.phone_prints(number)
    uow.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"caller {brand_id} {whole}", 0))))
    has_no_chat = ~exists().where(Contact.customer_id == Customer.id)
    sure = or_(CustomerPhone.verified_at.isnot(None), has_no_chat, Customer.id == recognised)
    customer = uow.session.scalars(owners_of_number(uow, brand_id, number).where(sure)).first()
    if customer is None:
        customer = new_customer(uow, brand_id)
        learn(uow, customer, phone=number)
    return customer
