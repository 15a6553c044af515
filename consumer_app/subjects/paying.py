"""Paying what is owed: an order at the platform, and its result as the platform tells us, never as the phone says.

The platform is called between transactions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from consumer_app.counter import Counter, NotHere
from consumer_app.person import Person, person_of
from consumer_app.subjects.money import PaymentAway
from domain.kit.actors import Actor
from domain.kit.errors import NotFound
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import MINI_PROGRAM
from domain.organizations.queries import voice_of_brand
from domain.payments import paying
from domain.payments.asking import learn
from domain.payments.gateway import Gateway
from domain.payments.lifecycle import LIVE, PAYMENTS
from domain.payments.model import Payable, Payment
from domain.payments.paying import Payer

STARTS_OF_PERSON = (20, 600)
LOOK_EVERY = (1, 5)
"""The platform is asked about a payment this often at most, however often a page asks us."""


def gateway_of(at: Counter) -> Gateway:
    """:raises PaymentAway: none is set up"""
    if at.gateway is None:
        raise PaymentAway("现在不能在线付款，可以当面付给师傅，或稍后再试")
    return at.gateway


def start(at: Counter, secret: str, payable_id: str, method: str, address: str) -> dict[str, Any]:
    """What the phone needs to pay.

    :raises Unauthorized, NotFound, TooMany, NotHere, PaidAlready, NotSure, PayRefused, PaymentAway: see there
    """
    with at.runtime.transaction() as uow:
        person = person_of(uow, secret)
        at.count("payments of person", person.key, STARTS_OF_PERSON)
        payable, by = person.payable(payable_id).id, person.by
        payer = payer_of(person, method, address)
    gateway = gateway_of(at)
    made = paying.start(at.runtime, gateway, payable, payer, by=by)
    return {"payment_id": made.payment_id, "params": dict(made.params) or None, "h5_url": made.h5_url or None}


def payer_of(person: Person, method: str, address: str) -> Payer:
    """:raises NotHere: only inside WeChat"""
    in_mini_program = person.voice.kind == MINI_PROGRAM
    via = "mini_program" if in_mini_program else "official_account"
    if method == "h5":
        return Payer("h5", person.voice.app_id, "", via, address)
    if person.openid is None:
        raise NotHere("请在微信里打开再付，或改用手机浏览器付款")
    return Payer("jsapi", person.voice.app_id, person.openid, via)


def state(at: Counter, secret: str, payment_id: str) -> dict[str, Any]:
    """How it stands; one that is open is asked for at the platform, now and then.

    :raises Unauthorized, NotFound: see there
    """
    look(at, payment_id, lambda uow: person_of(uow, secret).payment(payment_id))
    with at.runtime.transaction() as uow:
        return payment_json(person_of(uow, secret).payment(payment_id))


def look(at: Counter, payment_id: str, find: Callable[[UnitOfWork], Payment]) -> None:
    """Ask the platform about a payment that is open, not more often than `LOOK_EVERY`."""
    with at.runtime.transaction() as uow:
        payment = find(uow)
        is_open = payment.status in LIVE and payment.merchant_id is not None
    if is_open and at.gateway is not None and at.limits.may("payment look", payment_id, *LOOK_EVERY):
        learn(at.runtime, at.gateway, payment_id)


def payment_json(payment: Payment) -> dict[str, Any]:
    return {
        "id": payment.id, "status": str(payment.status), "status_title": PAYMENTS.titles[payment.status],
        "done": payment.status not in LIVE, "payable_id": payment.payable_id,
    }  # fmt: skip


def start_by_link(
    at: Counter, secret: str, payable_id: str, by: Actor, method: str, address: str
) -> dict[str, Any]:  # fmt: skip
    """The same for whoever has a bill's signed link: anybody may pay for somebody. Inside WeChat the payer is whoever is signed in.

    :raises Unauthorized, NotHere, PaidAlready, NotSure, PayRefused, PaymentAway: see there
    """
    gateway = gateway_of(at)
    with at.runtime.transaction() as uow:
        payable = uow.get(Payable, payable_id, called="这笔款")
        if method == "h5":
            account = voice_of_brand(uow, payable.brand_id)
            payer = Payer("h5", account.app_id, "", "official_account", address)
        else:
            payer = payer_of(person_of(uow, secret), method, address)
    made = paying.start(at.runtime, gateway, payable_id, payer, by=by)
    return {"payment_id": made.payment_id, "params": dict(made.params) or None, "h5_url": made.h5_url or None}


def state_by_link(at: Counter, payable_id: str, payment_id: str) -> dict[str, Any]:
    """How an attempt to pay this very thing stands.

    :raises NotFound: it is an attempt to pay something else
    """
    look(at, payment_id, lambda uow: attempt_at(uow, payable_id, payment_id))
    with at.runtime.transaction() as uow:
        return payment_json(attempt_at(uow, payable_id, payment_id))


def attempt_at(uow: UnitOfWork, payable_id: str, payment_id: str) -> Payment:
    found = uow.session.get(Payment, payment_id)
    if found is None or found.payable_id != payable_id:
        raise NotFound("没有找到这笔付款")
    return found
