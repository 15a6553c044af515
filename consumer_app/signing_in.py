"""Who is at the mini-program, what they agreed to, and what we know of them: the verbs behind the API.

The platform is called between two transactions, never inside one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import structlog

from bot.understanding import find_phone
from consumer_app.platform import Identity, Limits, MiniPrograms
from domain.access import trail
from domain.customers import operations as customers
from domain.customers import sessions
from domain.customers.model import Contact
from domain.customers.queries import known, phones_of
from domain.desk.identities import Busy, recognise
from domain.kit.errors import Conflict, Refused
from domain.kit.personal import mask_phone
from domain.kit.unit_of_work import Runtime, UnitOfWork
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


class TooMany(Refused):
    """Too often."""

    code = "too_many_requests"


class Unauthorized(Refused):
    """No session, or one that is over."""

    code = "unauthorized"


class ConsentNeeded(Refused):
    """The privacy notice in force was not agreed to."""

    code = "consent_needed"


class BadNumber(Refused):
    """No phone number."""

    code = "bad_number"


@dataclass(frozen=True)
class Counter:
    """What the API runs on."""

    runtime: Runtime
    platform: MiniPrograms
    limits: Limits

    def count(self, what: str, who: str, *rules: tuple[int, int]) -> None:
        """:raises TooMany: see there"""
        for most, seconds in rules:
            if not self.limits.may(what, who, most, seconds):
                raise TooMany("操作太频繁了，请过一会儿再试")


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
        return {"token": token, "ends_at": uow.now + sessions.LASTS, "me": summary(uow, contact)}


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


def log_out(uow: UnitOfWork, token: str) -> None:
    """End this session; others of the same person stay."""
    sessions.close_session(uow, token)


def who_is(uow: UnitOfWork, token: str) -> Contact:
    """:raises Unauthorized: see there"""
    contact = sessions.who_is(uow, token)
    if contact is None:
        raise Unauthorized("登录已失效，请重新打开小程序")
    return contact


def agree(uow: UnitOfWork, contact: Contact, version: str) -> dict[str, Any]:
    """Keep that the person agreed to the notice in force.

    :raises Conflict: another version is in force
    """
    account = voice(uow, account_id=contact.account_id)
    if version != account.privacy_version:
        raise Conflict(f"隐私说明已经更新到 {account.privacy_version} 版，请重新阅读")
    customers.consent(uow, contact, version)
    return summary(uow, contact)


def give_phone(at: Counter, token: str, code: str | None, number: str | None) -> dict[str, Any]:
    """Keep a number: one the platform vouches for, by the button's code, or one that was typed.

    :raises Unauthorized, ConsentNeeded, BadNumber, TooMany, CodeRefused, ForeignNumber, PlatformAway:
    """
    with at.runtime.transaction() as uow:
        account_id, openid = may_give(uow, token)
    at.count("phone of person", f"{account_id} {openid}", *PHONES_OF_PERSON)
    said = at.platform.phone(account_id, code, openid) if code else typed(number or "")
    with at.runtime.transaction() as uow:
        may_give(uow, token)
        contact = who_is(uow, token)
        customer = customers.customer_of(uow, contact, voice(uow, account_id=account_id).brand_id)
        customers.learn(uow, customer, phone=said, verified=bool(code))
        by = customers.by_contact(contact)
        trail.record(uow, by, "customer.phone", "customer", customer.id, verified=bool(code))
        return summary(uow, contact)


def may_give(uow: UnitOfWork, token: str) -> tuple[str, str]:
    """(account, openid) of somebody who agreed to the notice in force.

    :raises Unauthorized, ConsentNeeded: see there
    """
    contact = who_is(uow, token)
    if contact.consent_version != voice(uow, account_id=contact.account_id).privacy_version:
        raise ConsentNeeded("请先阅读并同意隐私说明")
    return contact.account_id, contact.openid


def typed(text: str) -> str:
    """:raises BadNumber: see there"""
    found = find_phone(text)
    if found is None:
        raise BadNumber("电话不对：手机是 11 位，固话请带区号")
    return found.value


def summary(uow: UnitOfWork, contact: Contact) -> dict[str, Any]:
    """What the mini-program shows of the person; numbers are masked, they know them."""
    account = voice(uow, account_id=contact.account_id)
    customer_id = contact.customer_id
    owned = products_of(uow, customer_id)
    return {
        "brand": account.brand,
        "hotline": account.hotline,
        "name": known(uow, customer_id).name,
        "phones": [
            {"number": mask_phone(phone.number), "verified": phone.verified_at is not None}
            for phone in phones_of(uow, customer_id)
        ],
        "products": [{"id": one.product.id, "name": one.model.name, "code": one.model.code} for one in owned],
        "open_orders": [
            {
                "number": spoken(order.number), "service": TITLES[order.service_type],
                "status": ORDERS.titles[order.status], "opened_at": order.opened_at,
            }
            for order in orders_of(uow, customer_id, only_open=True)
        ],
        "privacy": privacy(account, contact),
    }  # fmt: skip


def privacy(account: Voice, contact: Contact) -> dict[str, Any]:
    agreed = contact.consent_version == account.privacy_version
    return {"version": account.privacy_version, "url": account.privacy_url, "agreed": agreed}
