"""Looking customers up."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from domain.customers.model import Contact, Customer, CustomerAddress, CustomerPhone
from domain.kit.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Known:
    """What a customer told us before, newest first; plain values, to be masked where they are shown."""

    name: str | None
    phones: tuple[str, ...]
    addresses: tuple[CustomerAddress, ...]


def known(uow: UnitOfWork, customer_id: str | None) -> Known:
    """What need not be asked again."""
    customer = uow.session.get(Customer, customer_id) if customer_id else None
    if customer is None:
        return Known(None, (), ())
    phones = select(CustomerPhone).filter_by(customer_id=customer.id).order_by(CustomerPhone.used_at.desc())
    addresses = select(CustomerAddress).filter_by(customer_id=customer.id).order_by(CustomerAddress.used_at.desc())
    return Known(
        customer.name,
        tuple(phone.number for phone in uow.session.scalars(phones)),
        tuple(uow.session.scalars(addresses)),
    )


def contacts_of(uow: UnitOfWork, customer_id: str) -> list[Contact]:
    """The chat identities a customer speaks through."""
    return list(uow.session.scalars(select(Contact).filter_by(customer_id=customer_id)))
