"""What can be done to customers and to the chat identities they speak through."""

from __future__ import annotations

from sqlalchemy import Function, Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.access import trail
from domain.customers.address import AddressLine
from domain.customers.events import ContactMet
from domain.customers.model import Contact, Customer, CustomerAddress, CustomerPhone
from domain.customers.sessions import end_sessions
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Account

PHONE = "8"
"""The platform's number for the phone number among what can be revoked (wechat-protocol §3.3)."""


def contact_heard(uow: UnitOfWork, account_id: str, openid: str) -> Contact:
    """The contact behind a chat identity, made with the first thing heard from it. Two at once make one."""
    new = (
        insert(Contact)
        .values(account_id=account_id, openid=openid, first_heard_at=uow.now)
        .on_conflict_do_nothing(index_elements=["account_id", "openid"])
    )
    if uow.session.execute(new.returning(Contact.openid)).first():
        uow.emit(ContactMet(account_id, openid))
    return uow.session.get_one(Contact, (account_id, openid))


def customer_of(uow: UnitOfWork, contact: Contact, brand_id: str) -> Customer:
    """The customer a contact is, made when something is to be kept in the archive for the first time.

    Contacts of one person, known by the unionid only, are one customer.
    """
    if contact.customer_id is None and contact.unionid is None:
        contact.customer_id = new_customer(uow, brand_id).id
    elif contact.customer_id is None and contact.unionid is not None:
        uow.session.flush()
        uow.session.execute(select(func.pg_advisory_xact_lock(person_lock(brand_id, contact.unionid))))
        same = same_person(contact.unionid, brand_id)
        known = next((one.customer_id for one in uow.session.scalars(same) if one.customer_id), None)
        contact.customer_id = known or new_customer(uow, brand_id).id
        # A contact somebody is writing to now is left out, because waiting for it while ours is held could be for ever:
        # it comes here by itself when it needs a customer.
        free = same.where(Contact.customer_id.is_(None)).with_for_update(of=Contact, skip_locked=True)
        for other in uow.session.scalars(free):
            other.customer_id = contact.customer_id
        uow.session.flush()
    return uow.session.get_one(Customer, contact.customer_id)


def same_person(unionid: str, brand_id: str) -> Select[Contact]:
    """The contacts of one person with one brand."""
    found = select(Contact).join(Account, Account.id == Contact.account_id)
    found = found.where(Contact.unionid == unionid, Account.brand_id == brand_id)
    return found.order_by(Contact.account_id, Contact.openid).execution_options(populate_existing=True)


def person_lock(brand_id: str, unionid: str) -> Function[int]:
    """The number of the lock under which a person's contacts get their customer."""
    return func.hashtextextended(f"unionid {brand_id} {unionid}", 0)


def new_customer(uow: UnitOfWork, brand_id: str) -> Customer:
    """An empty archive."""
    customer = Customer(id=uow.new_id("cu"), brand_id=brand_id, created_at=uow.now)
    uow.session.add(customer)
    uow.session.flush()
    return customer


def customer_by_phone(uow: UnitOfWork, brand_id: str, number: str) -> Customer | None:
    """The customer of the brand who used this number last, one the platform vouched for first; or None."""
    return uow.session.scalars(owners_of_number(uow, brand_id, number)).first()


def owners_of_number(uow: UnitOfWork, brand_id: str, number: str) -> Select[Customer]:
    """Everybody of the brand who gave this number, whoever the platform vouched for first, then the last used."""
    whole, _ = uow.keyring.phone_prints(number)
    found = select(Customer).join(CustomerPhone)
    found = found.where(Customer.brand_id == brand_id, CustomerPhone.number_print == whole)
    return found.order_by(CustomerPhone.verified_at.is_(None), CustomerPhone.used_at.desc()).limit(1)


def learn(
    uow: UnitOfWork, customer: Customer, *, name: str | None = None, phone: str | None = None,
    address: AddressLine | None = None, verified: bool = False,
) -> None:  # fmt: skip
    """Keep what a customer told us, so that it is not asked again. What is known already is only dated anew.

    ``verified`` when the platform, and not the customer, says that the number is theirs.
    """
    if name and name != customer.name:
        customer.name, customer.name_print = name, uow.keyring.name_print(name)
    if phone:
        learn_phone(uow, customer, phone, verified=verified)
    if address:
        learn_address(uow, customer, address)


def learn_phone(uow: UnitOfWork, customer: Customer, number: str, *, verified: bool) -> None:
    whole, last4 = uow.keyring.phone_prints(number)
    seen = {"used_at": uow.now, **({"verified_at": uow.now} if verified else {})}
    values = insert(CustomerPhone).values(
        customer_id=customer.id, number=number, number_print=whole, last4_print=last4, **seen
    )
    uow.session.execute(values.on_conflict_do_update(index_elements=["customer_id", "number_print"], set_=seen))


def learn_address(uow: UnitOfWork, customer: Customer, address: AddressLine) -> None:
    print_ = uow.keyring.fingerprint("address", address.line)
    known = uow.session.scalars(select(CustomerAddress).filter_by(customer_id=customer.id, line_print=print_)).first()
    pin = address.position.to_json() if address.position else None
    if known:
        known.used_at, known.position = uow.now, pin or known.position
        return
    uow.session.add(
        CustomerAddress(
            id=uow.new_id("ad"), customer_id=customer.id, division_code=address.division_code, line=address.line,
            line_print=print_, position=pin, used_at=uow.now,
        )
    )  # fmt: skip


def consent(uow: UnitOfWork, contact: Contact, version: str) -> None:
    """The person saw the privacy line of this version and went on."""
    contact.consent_version, contact.consented_at = version, uow.now
    trail.record(uow, by_contact(contact), "privacy.consent", "contact", contact.openid, version=version)


def follow(uow: UnitOfWork, contact: Contact, scene: str | None) -> None:
    """The person follows the account, maybe by a QR code whose scene is the channel."""
    contact.followed_at, contact.unfollowed_at = uow.now, None
    contact.scene = contact.scene or scene


def unfollow(uow: UnitOfWork, contact: Contact) -> None:
    """Ends marketing and deletes the chat profile; orders and the archive they stand on stay (architecture.md)."""
    contact.unfollowed_at = uow.now
    end_marketing(uow, contact)
    contact.followed_at = contact.scene = None
    trail.record(uow, by_contact(contact), "contact.unfollow", "contact", contact.openid)


def stop_marketing(uow: UnitOfWork, contact: Contact) -> None:
    """The person wants no marketing at this chat."""
    end_marketing(uow, contact)
    trail.record(uow, by_contact(contact), "contact.stop_marketing", "contact", contact.openid)


def end_marketing(uow: UnitOfWork, contact: Contact) -> None:
    """No advertising goes there from now on; the first time it was said is kept."""
    contact.marketing_agreed_at, contact.marketing_stopped_at = None, contact.marketing_stopped_at or uow.now


def want_marketing(uow: UnitOfWork, contact: Contact) -> None:
    """The person agrees to hear of offers; said by themselves on a page, never by us."""
    contact.marketing_agreed_at, contact.marketing_stopped_at = uow.now, None
    trail.record(uow, by_contact(contact), "contact.want_marketing", "contact", contact.openid)


def forget_phone(uow: UnitOfWork, customer: Customer, print_: str, *, by: Actor) -> None:
    """A number is not the customer's any more; orders that have it keep it."""
    mine = delete(CustomerPhone).where(CustomerPhone.customer_id == customer.id, CustomerPhone.number_print == print_)
    uow.session.execute(mine)
    trail.record(uow, by, "customer.correct", "customer", customer.id, what="phone")


def forget_address(uow: UnitOfWork, customer: Customer, address_id: str, *, by: Actor) -> None:
    """Nobody comes there any more; orders that have it keep it."""
    mine = delete(CustomerAddress).where(CustomerAddress.customer_id == customer.id, CustomerAddress.id == address_id)
    uow.session.execute(mine)
    trail.record(uow, by, "customer.correct", "customer", customer.id, what="address")


def rename(uow: UnitOfWork, customer: Customer, name: str, *, by: Actor) -> None:
    """How the person wants to be addressed."""
    customer.name, customer.name_print = name, uow.keyring.name_print(name)
    trail.record(uow, by, "customer.correct", "customer", customer.id, what="name")


def revoke(uow: UnitOfWork, contact: Contact, what: str) -> None:
    """The person took an authorization back: the consent goes, and is asked anew before anything personal is kept.

    Numbers that came from the platform go when it was theirs; those of orders stay with the orders.
    """
    contact.revoked_at = uow.now
    contact.consent_version = contact.consented_at = contact.scene = None
    end_marketing(uow, contact)
    end_sessions(uow, contact)
    if PHONE in what.replace(",", " ").split() and contact.customer_id:
        given = delete(CustomerPhone).where(CustomerPhone.customer_id == contact.customer_id)
        uow.session.execute(given.where(CustomerPhone.verified_at.isnot(None)))
    trail.record(uow, by_contact(contact), "contact.revoke", "contact", contact.openid, what=what)


def by_contact(contact: Contact) -> Actor:
    """The actor a contact is: the customer once known, the chat identity before."""
    return Actor(Role.CUSTOMER, contact.customer_id or contact.openid)
