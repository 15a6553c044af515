"""隐私: everything kept about oneself, corrected, taken along, erased; advertising; proof of a phone."""

from __future__ import annotations

import json
from typing import Any

from consumer_app.counter import BadNumber, Counter
from consumer_app.person import Person, person_of
from consumer_app.signing_in import summary
from consumer_app.subjects import places
from domain.access import trail
from domain.customers import operations as customers
from domain.customers import proving
from domain.customers.queries import contacts_of
from domain.kit.personal import mask_phone
from domain.kit.unit_of_work import UnitOfWork
from domain.privacy.erasing import erase
from domain.privacy.kept import consents_of, export, kept_of
from domain.privacy.objections import objections

CODES_OF_ADDRESS, TRIES_OF_ADDRESS = (30, 3600), (60, 3600)
EXPORTS_OF_PERSON = (5, 3600)


def page(person: Person) -> dict[str, Any]:
    who = person.customer_id
    about = places.contact(person)
    why_not = objections(person.uow, who, gives_up_cover=True) if who else []
    return {
        **about, "kept": [vars(one) for one in kept_of(person.uow, who)] if who else [],
        "consents": [vars(one) for one in consents_of(person.uow, who)] if who else [],
        "has_chat": person.contact is not None,
        "marketing": bool(person.contact and person.contact.marketing_agreed_at),
        "may_erase": bool(who) and not why_not, "why_not": why_not,
    }  # fmt: skip


def correct(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """:raises ConsentNeeded, NotFound: see there"""
    customer = person.customer()
    if given.get("name"):
        customers.rename(person.uow, customer, given["name"].strip(), by=person.by)
    if given.get("forget_phone_id"):
        kept = person.phone(given["forget_phone_id"])
        customers.forget_phone(person.uow, customer, kept.number_print, by=person.by)
    if given.get("forget_address_id"):
        address = person.address(given["forget_address_id"])
        customers.forget_address(person.uow, customer, address.id, by=person.by)
    person.uow.session.flush()
    return page(person)


def advertise(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """Of all chats of the person that we know: a no counts everywhere, a yes only here."""
    if person.contact and given["wanted"]:
        customers.want_marketing(person.uow, person.contact)
    elif person.contact:
        chats = contacts_of(person.uow, person.customer_id) if person.customer_id else [person.contact]
        for chat in chats:
            customers.stop_marketing(person.uow, chat)
    return page(person)


def take_along(person: Person) -> str:
    """The file, as text; taking it is in the audit trail.

    :raises Unauthorized: nothing is kept of whoever asks
    """
    if person.customer_id is None:
        return json.dumps({}, ensure_ascii=False)
    trail.record(person.uow, person.by, "customer.export", "customer", person.customer_id)
    return json.dumps(export(person.uow, person.customer_id), ensure_ascii=False, indent=1, default=str)


def forget_me(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """:raises StillNeeded: something is open"""
    if person.customer_id is None:
        return {"message": "我们没有留存您的资料。"}
    erase(person.uow, person.customer_id, by=person.by, gives_up_cover=given["give_up_cover"])
    return {"message": "已注销。法律要求保留的交易和发票记录，到期后删除，其中不再有您的称呼、电话和地址。"}


# Proof of a phone


def number_in(typed: str) -> str:
    """:raises BadNumber: no mobile number"""
    number = "".join(sign for sign in typed if sign not in " -").removeprefix("+86")
    if not (number.isascii() and number.isdigit() and len(number) == 11 and number.startswith("1")):
        raise BadNumber("请输入 11 位手机号")
    return number


def ask_code(at: Counter, uow: UnitOfWork, brand: tuple[str, str], typed: str, purpose: str, address: str) -> str:
    """Have a code sent; returns the number, masked.

    :raises BadNumber, TooMany, TooManyCodes: see there
    """
    number = number_in(typed)
    at.count("customer code of address", address, CODES_OF_ADDRESS)
    proving.ask_code(uow, *brand, number, purpose)
    return mask_phone(number)


def ask_own_code(at: Counter, secret: str, given: dict[str, Any], address: str) -> dict[str, Any]:
    """A code to prove a number of one's own.

    :raises Unauthorized, ConsentNeeded, BadNumber, TooMany, TooManyCodes: see there
    """
    with at.runtime.transaction() as uow:
        person = person_of(uow, secret)
        person.must_have_agreed()
        brand = person.voice.brand_id, person.voice.brand
        ask_code(at, uow, brand, given["number"], proving.PROVE, address)
    return code_json()


def code_json() -> dict[str, int]:
    again = min(period.total_seconds() for period, _ in proving.PER_PHONE)
    return {"lasts_seconds": int(proving.CODE_LASTS.total_seconds()), "again_seconds": int(again)}


def prove(at: Counter, secret: str, given: dict[str, Any], address: str) -> dict[str, Any]:
    """:raises Unauthorized, ConsentNeeded, BadNumber, TooMany, WrongCode: see there"""
    at.count("customer code tried of address", address, TRIES_OF_ADDRESS)
    number = number_in(given["number"])
    with at.runtime.transaction() as uow:  # a wrong code is committed: tries are counted
        person = person_of(uow, secret)
        wrong = proving.verify_number(uow, person.customer(), number, given["code"])
        if wrong is None:
            uow.session.flush()
            return summary(person)
    raise wrong


def sign_in(at: Counter, brand_id: str, given: dict[str, Any], address: str) -> str:
    """A session's secret for whoever has the phone.

    :raises BadNumber, TooMany, WrongCode: see there
    """
    at.count("customer code tried of address", address, TRIES_OF_ADDRESS)
    number = number_in(given.get("number", ""))
    with at.runtime.transaction() as uow:  # a wrong code is committed: tries are counted
        made = proving.sign_in(uow, brand_id, number, str(given.get("code", "")).strip())
    if isinstance(made, proving.WrongCode):
        raise made
    return made
