"""Who is at the mini-program, what they agreed to, and what we know of them: the verbs behind the API.

The platform is called between two transactions, never inside one.
"""

from __future__ import annotations

import time
from typing import Any

import structlog

from bot.understanding import find_phone
from consumer_app.counter import BadNumber, Counter
from consumer_app.person import Person, person_of
from consumer_app.platform import Identity
from domain.access import trail
from domain.customers import operations as customers
from domain.customers import sessions
from domain.customers.queries import known, phones_of
from domain.desk.identities import Busy, recognise
from domain.kit.errors import Conflict
from domain.kit.personal import mask_phone
from domain.organizations.model import MINI_PROGRAM
from domain.organizations.queries import Voice, voice
from domain.products.queries import products_of
from domain.work_orders.kinds import TITLES
from domain.work_orders.lifecycle import ORDERS
from domain.work_orders.numbers import spoken
from domain.work_orders.queries import orders_of

log = structlog.get_logger()

TRIES, PAUSE = 5, 0.1
"""How often, and after how many seconds again, two contacts are tried to be joined while somebody signs in."""
LOGINS_OF_ADDRESS, LOGINS_OF_PERSON = (300, 60), (20, 60)
"""At most so many in so many seconds. Whole towns of phones sit behind one address of a carrier's."""
PHONES_OF_PERSON = (5, 60), (20, 24 * 3600)
"""The platform charges for every number it gives (wechat-protocol §6.4)."""


def log_in(at: Counter, address: str, code: str, app_id: str | None) -> dict[str, Any]:
    """Open a session for whoever the login code belongs to.

    :raises NotFound: no such mini-program
    :raises TooMany, CodeRefused, PersonBlocked, PlatformAway:
    """
    at.count("login of address", address, LOGINS_OF_ADDRESS)
    with at.runtime.transaction() as uow:
        account = voice(uow, app_id=app_id, kind=MINI_PROGRAM)
    identity = at.platform.identity(account.account_id, code)
    at.count("login of person", f"{account.account_id} {identity.openid}", LOGINS_OF_PERSON)
    join(at, account, identity)
    with at.runtime.transaction() as uow:
        contact = customers.contact_heard(uow, account.account_id, identity.openid)
        token = sessions.open_session(uow, contact)
        return {"token": token, "ends_at": uow.now + sessions.LASTS, "me": summary(Person(uow, account, contact))}


def join(at: Counter, account: Voice, identity: Identity) -> None:
    """Let the person be one customer on all accounts. Who is busy elsewhere now is joined when signing in next."""
    for _ in range(TRIES):
        try:
            with at.runtime.transaction() as uow:
                contact = customers.contact_heard(uow, account.account_id, identity.openid)
                recognise(uow, contact, account.brand_id, identity.unionid)
        except Busy:
            time.sleep(PAUSE)
        else:
            return
    log.warning("contact not joined", account=account.account_id)


def agree(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """Keep that the person agreed to the notice in force.

    :raises Conflict: another version is in force
    """
    if given["version"] != person.voice.privacy_version:
        raise Conflict(f"隐私说明已经更新到 {person.voice.privacy_version} 版，请重新阅读")
    person.agree()
    return summary(person)


def look(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    return summary(person)


def give_phone(at: Counter, secret: str, code: str | None, number: str | None) -> dict[str, Any]:
    """Keep a number: one the platform vouches for, by the button's code, or one that was typed.

    :raises Unauthorized, ConsentNeeded, BadNumber, TooMany, CodeRefused, ForeignNumber, PlatformAway:
    """
    with at.runtime.transaction() as uow:
        person = person_of(uow, secret)
        person.must_have_agreed()
        key, account_id, openid = person.key, person.account_id, person.openid
    at.count("phone of person", key, *PHONES_OF_PERSON)
    if code and (account_id is None or openid is None):
        raise BadNumber("请直接填写手机号")
    said = at.platform.phone(account_id or "", code, openid or "") if code else typed(number or "")
    with at.runtime.transaction() as uow:
        person = person_of(uow, secret)
        customer = person.customer()
        customers.learn(uow, customer, phone=said, verified=bool(code))
        trail.record(uow, person.by, "customer.phone", "customer", customer.id, verified=bool(code))
        return summary(person)


def typed(text: str) -> str:
    """:raises BadNumber: see there"""
    found = find_phone(text)
    if found is None:
        raise BadNumber("电话不对：手机是 11 位，固话请带区号")
    return found.value


def summary(person: Person) -> dict[str, Any]:
    """What the mini-program shows of the person; numbers are masked, they know them."""
    uow, customer_id = person.uow, person.customer_id
    return {
        "brand": person.voice.brand,
        "hotline": person.voice.hotline,
        "name": known(uow, customer_id).name,
        "phones": [
            {"number": mask_phone(phone.number), "verified": phone.verified_at is not None}
            for phone in phones_of(uow, customer_id)
        ],
        "products": [
            {"id": one.product.id, "name": one.model.name, "code": one.model.code}
            for one in products_of(uow, customer_id)
        ],
        "open_orders": [
            {
                "number": spoken(order.number), "service": TITLES[order.service_type],
                "status": ORDERS.titles[order.status], "opened_at": order.opened_at,
            }
            for order in orders_of(uow, customer_id, only_open=True)
        ],
        "privacy": {
            "version": person.voice.privacy_version, "url": person.voice.privacy_url, "agreed": person.agreed,
        },
    }  # fmt: skip
