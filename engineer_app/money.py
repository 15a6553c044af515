"""Money at the customer's door: a code to pay by, cash against a receipt, cover sold, a card used. All of it needs the network.

The platform is called between transactions, never inside one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.cover.cards import cards_for, cards_that_fit, hold
from domain.cover.contracts import order_cover
from domain.cover.offering import Offer, plans_for
from domain.engineers import devices
from domain.engineers.devices import SignedInEngineer
from domain.kit.actors import Actor, Role
from domain.kit.errors import Conflict, NotFound, Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.queries import voice_of_brand
from domain.payments import cash, paying
from domain.payments.asking import learn
from domain.payments.gateway import Gateway
from domain.payments.lifecycle import LIVE, PAYMENTS
from domain.payments.model import Payable, Payment
from domain.payments.operations import live_payment
from domain.payments.paying import Payer
from engineer_app import own
from engineer_app.signing_in import Desk

STARTS = (30, 600)
LOOK_EVERY = (1, 2)
"""Codes a device may ask for, and looks at the platform for one payment, in how many seconds."""


class PaymentAway(Refused):
    """No payment is set up here."""

    code = "payment_away"


@dataclass(frozen=True)
class Till:
    """``gateway`` is None where no payment is set up."""

    desk: Desk
    gateway: Gateway | None = None

    def must_pay(self) -> Gateway:
        """:raises PaymentAway: see there"""
        if self.gateway is None:
            raise PaymentAway("微信收款还没有开通，请收现金或让客户稍后付")
        return self.gateway


def by_engineer(who: SignedInEngineer) -> Actor:
    return Actor(Role.ENGINEER, who.engineer.id)


def payable_of(uow: UnitOfWork, who: SignedInEngineer, visit_id: str, payable_id: str) -> Payable:
    """A bill of this job's customer and order.

    :raises NotFound: not one's job, or not its bill
    """
    order = own.job(uow, who, visit_id, also_before=True).order
    payable = uow.session.get(Payable, payable_id)
    if payable is None or payable.work_order_id != order.id:
        raise NotFound("没有找到这张账单")
    return payable


def code_to_pay(till: Till, token: str, visit_id: str, payable_id: str) -> dict[str, Any]:
    """A code the customer scans; asked for again, it is the same one.

    :raises NotFound, TooMany, PaymentAway, PaidAlready, NotSure, PayRefused: see there
    """
    gateway = till.must_pay()
    with till.desk.runtime.transaction() as uow:
        who = devices.must_be(uow, token)
        till.desk.count("codes of device", who.device.id, STARTS)
        payable = payable_of(uow, who, visit_id, payable_id)
        payer = Payer("native", voice_of_brand(uow, payable.brand_id).app_id, via="engineer")
    made = paying.start(till.desk.runtime, gateway, payable_id, payer, by=by_engineer(who))
    return {
        "payment_id": made.payment_id, "code_url": made.code_url, "fen": made.fen, "title": made.title,
        "expires_at": made.expires_at,
    }  # fmt: skip


def state(till: Till, token: str, visit_id: str, payment_id: str) -> dict[str, Any]:
    """How a payment stands; one that is open is asked for at the platform, now and then.

    :raises NotFound: it is of no bill of this job
    """

    def find(uow: UnitOfWork) -> Payment:
        who, payment = devices.must_be(uow, token), uow.session.get(Payment, payment_id)
        if payment is None:
            raise NotFound("没有找到这笔付款")
        payable_of(uow, who, visit_id, payment.payable_id)
        return payment

    with till.desk.runtime.transaction() as uow:
        is_open = find(uow).status in LIVE
    if is_open and till.gateway is not None and till.desk.limits.may("payment look", payment_id, *LOOK_EVERY):
        learn(till.desk.runtime, till.gateway, payment_id)
    with till.desk.runtime.transaction() as uow:
        payment = find(uow)
        title, over = PAYMENTS.titles[payment.status], payment.status not in LIVE
        return {"status": str(payment.status), "status_title": title, "done": over}


def take_cash(till: Till, token: str, visit_id: str, payable_id: str, fen: int) -> dict[str, Any]:
    """The customer pays in cash; an attempt to pay that is open, a code or one on the customer's own phone, is closed first, so
    that nobody pays twice.

    :raises NotFound, Conflict, Refused: see there
    """
    runtime = till.desk.runtime
    with runtime.transaction() as uow:
        payable = payable_of(uow, devices.must_be(uow, token), visit_id, payable_id)
        live = live_payment(uow, payable.id)
        standing = live.id if live is not None else None
    if standing and till.gateway is not None:
        paying.make_room(runtime, till.gateway, standing)
    with runtime.transaction() as uow:
        who = devices.must_be(uow, token)
        payable_of(uow, who, visit_id, payable_id)
        receipt = cash.take_cash(uow, payable_id, who.engineer.id, fen, by=by_engineer(who))
        return {"number": receipt.number, "fen": receipt.fen}


def shop(uow: UnitOfWork, who: SignedInEngineer, visit_id: str) -> dict[str, Any]:
    """What may be sold for the product of the job, and the customer's cards that fit it."""
    order = own.job(uow, who, visit_id, also_before=True).order
    offers = plans_for(uow, order.product_id, order.customer_id) if order.product_id else []
    held = {one.cover_id for one in cards_for(uow, order)}
    return {
        "offers": [offer_json(one) for one in offers],
        "cards": [
            {"cover_id": cover.id, "title": plan.title, "left": cover.uses - cover.used, "held": cover.id in held}
            for cover, plan in cards_that_fit(uow, order)
        ],
    }  # fmt: skip


def offer_json(offer: Offer) -> dict[str, Any]:
    plan = offer.plan
    return {
        "plan_id": plan.id, "title": plan.title, "price_fen": offer.price.fen, "since": offer.since, "until": offer.until,
        "terms": plan.terms, "cooling_days": plan.cooling_days, "why_not": offer.why_not,
    }  # fmt: skip


def sell(uow: UnitOfWork, who: SignedInEngineer, visit_id: str, plan_id: str) -> dict[str, Any]:
    """Order a plan for the customer, as this engineer's sale: it holds once it is paid.

    :raises NotFound, NotEligible, AlreadyCovered: see there
    """
    order = own.job(uow, who, visit_id, also_before=True).order
    if order.product_id is None:
        raise Conflict("请先扫机身编号登记产品，再卖延保")
    cover = order_cover(
        uow, plan_id, order.product_id, order.customer_id, by=by_engineer(who), via="engineer",
        sold_by=str(by_engineer(who)), order_id=order.id,
    )  # fmt: skip
    return {"payable_id": cover.payable_id, "number": cover.number}


def use_card(uow: UnitOfWork, who: SignedInEngineer, visit_id: str, cover_id: str) -> dict[str, Any]:
    """Keep one use of the customer's card for this order; it is used when the work is done.

    :raises NotFound, CardRefused, CardTaken: see there
    """
    hold(uow, cover_id, own.job(uow, who, visit_id).order.id, by=by_engineer(who))
    return shop(uow, who, visit_id)
