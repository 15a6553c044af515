"""Who is calling: a customer by the number, made once however many members of staff type it at the same time."""

from __future__ import annotations

from sqlalchemy import func, select

from domain.customers.model import Customer
from domain.customers.operations import customer_by_phone, learn, new_customer
from domain.kit.unit_of_work import UnitOfWork


def customer_of_caller(uow: UnitOfWork, brand_id: str, number: str) -> Customer:
    """The customer of the brand with this number, new if there is none. Locked by number until the commit."""
    whole, _ = uow.keyring.phone_prints(number)
    uow.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"caller {brand_id} {whole}", 0))))
    customer = customer_by_phone(uow, brand_id, number)
    if customer is None:
        customer = new_customer(uow, brand_id)
        learn(uow, customer, phone=number)
    return customer
