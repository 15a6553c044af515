"""Whether a merchant's keys are right, asked of the platform with something harmless: an order that does not exist, and one that does.

What the platform says to the first shows that it takes our signatures; an answer to the second is signed, and shows that we can verify
its own. Another outcome is a row of `OUTCOMES`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.payments.events import LookDue
from domain.payments.gateway import AlreadyPaid, Declined, Gateway, MerchantKeys, NotSetUp, NotThere, Unsure
from domain.payments.merchants import keys_of
from domain.payments.model import Merchant, Payment

NOBODYS = "WX-TEST-NO-SUCH-ORDER"
"""A number that no payment has: ours end in an id."""


@dataclass(frozen=True)
class Outcome:
    """What a test showed. ``colour`` as everywhere in the console."""

    words: str
    colour: str


OUTCOMES = {
    "right": Outcome("密钥正确：微信接受我们的签名，我们也验过了微信的应答", "green"),
    "accepted": Outcome("微信接受我们的签名：商户号、证书序列号和私钥是对的。微信的公钥要等第一笔收款后才能验", "green"),
    "refused": Outcome("微信不接受我们的请求：请核对商户号、证书序列号和私钥，以及商户平台上是否开通了权限", "red"),
    "unverified": Outcome("微信接受我们的签名，但它的应答验不过，或没有答完：请核对微信支付公钥和公钥 ID，稍后再测一次", "red"),
    "away": Outcome("没有连上微信支付，或它没有给出可信的应答：不说明密钥对错，请稍后再测", "amber"),
}  # fmt: skip


def ask_test(uow: UnitOfWork, merchant_id: str, *, by: Actor) -> Merchant:
    """Have the slow worker test this merchant: the platform may take its time."""
    merchant = uow.get(Merchant, merchant_id, called="这个商户号", lock=True)
    merchant.tested, merchant.tested_at = "", uow.now
    uow.emit(LookDue("merchant", merchant.id))
    trail.record(uow, by, "merchant.test", "merchant", merchant.id)
    return merchant


def look(runtime: Runtime, gateway: Gateway, merchant_id: str) -> str:
    """Test a merchant and write down what came of it; returns the outcome."""
    with runtime.transaction() as uow:
        merchant = uow.get(Merchant, merchant_id, called="这个商户号")
        keys = keys_of(merchant)
        paid = select(Payment.out_trade_no).where(Payment.merchant_id == merchant.id, Payment.paid_at.isnot(None))
        known = uow.session.scalar(paid.order_by(Payment.paid_at.desc()).limit(1))
    outcome = asked(gateway, keys, known)
    with runtime.transaction() as uow:
        merchant = uow.get(Merchant, merchant_id, called="这个商户号", lock=True)
        merchant.tested, merchant.tested_at = outcome, uow.now
    return outcome


def asked(gateway: Gateway, keys: MerchantKeys, known: str | None) -> str:
    """A key of `OUTCOMES`. ``known`` is an order the platform has, where there is one: its answer is signed."""
    for number, unsure in ((NOBODYS, "away"), (known, "unverified")):
        if number is None:
            return "accepted"
        try:
            gateway.query(keys, number)
        except NotThere:
            outcome = "accepted"
        except (NotSetUp, Declined):
            return "refused"
        except (Unsure, AlreadyPaid):
            return unsure
        else:
            outcome = "right"
    return outcome
