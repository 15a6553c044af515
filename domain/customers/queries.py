"""Looking customers up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from domain.customers.address import AddressLine
from domain.customers.model import Contact, Customer, CustomerAddress, CustomerPhone
from domain.kit.unit_of_work import UnitOfWork
from domain.regions.positions import Position


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
    addresses = select(CustomerAddress).filter_by(customer_id=customer.id).order_by(CustomerAddress.used_at.desc())
    return Known(
        customer.name,
        tuple(phone.number for phone in phones_of(uow, customer.id)),
        tuple(uow.session.scalars(addresses)),
    )


def position_of(uow: UnitOfWork, customer_id: str, address: AddressLine) -> Position | None:
    """Where an address of a customer is: the pin that came with it, or what was found out about it before."""
    if address.position:
        return address.position
    print_ = uow.keyring.fingerprint("address", address.line)
    found = select(CustomerAddress.position).filter_by(customer_id=customer_id, line_print=print_)
    kept = uow.session.scalars(found.where(CustomerAddress.position.is_not(None)).limit(1)).first()
    return Position.from_json(kept) if kept else None


def phones_of(uow: UnitOfWork, customer_id: str | None) -> Sequence[CustomerPhone]:
    """A customer's numbers, the newest used first."""
    if customer_id is None:
        return ()
    found = select(CustomerPhone).filter_by(customer_id=customer_id).order_by(CustomerPhone.used_at.desc())
    return uow.session.scalars(found.execution_options(populate_existing=True)).all()


def contacts_of(uow: UnitOfWork, customer_id: str) -> list[Contact]:
    """The chat identities a customer speaks through."""
    return list(uow.session.scalars(select(Contact).filter_by(customer_id=customer_id)))
