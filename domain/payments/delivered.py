"""Telling the mini-program's platform that what was paid for was delivered: until then it keeps the money (wechat-protocol §6.5).

A bill is issued when the work is done, a cover begins when it is paid: what is paid is delivered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.kit.unit_of_work import UnitOfWork
from domain.payments.events import PayablePaid
from domain.payments.model import Merchant, Payable, Payment
from domain.payments.papers_model import ShippingReport
from domain.payments.times import SHIPPING, after_unsure, step

ITEM = 120
"""The platform's limit for the description."""


@dataclass(frozen=True)
class Delivery:
    """What the platform is told: which payment in which app, by whom, and what it was for."""

    app_id: str
    mch_id: str
    number: str
    openid: str
    item: str
    at: datetime


def note_delivered(uow: UnitOfWork, event: PayablePaid) -> None:
    """Remember that a payment of the mini-program's has to be reported."""
    payment = uow.session.get(Payment, event.payment_id) if event.payment_id else None
    if payment is None or payment.via != "mini_program" or uow.session.get(ShippingReport, payment.id) is not None:
        return
    payable = uow.get(Payable, payment.payable_id, called="这笔账单")
    uow.session.add(
        ShippingReport(
            payment_id=payment.id, item=payable.title[:ITEM], delivered_at=uow.now, query_at=uow.now, tries=0
        )
    )


def due(uow: UnitOfWork, *, limit: int) -> list[str]:
    """The payments whose delivery is to be reported now."""
    wanted = select(ShippingReport).where(ShippingReport.query_at.isnot(None), ShippingReport.query_at <= uow.now)
    found = wanted.order_by(ShippingReport.query_at).limit(limit).with_for_update(skip_locked=True)
    rows = uow.session.scalars(found).all()
    for one in rows:
        one.query_at = uow.now + after_unsure(one.tries + 2)
    return [one.payment_id for one in rows]


def to_report(uow: UnitOfWork, payment_id: str) -> Delivery | None:
    """What to tell; None when it was told."""
    report = uow.session.get(ShippingReport, payment_id)
    if report is None or report.query_at is None:
        return None
    payment = uow.get(Payment, payment_id, called="这笔付款")
    merchant = uow.get(Merchant, payment.merchant_id, called="这个商户号")
    return Delivery(
        payment.app_id, merchant.mch_id, payment.out_trade_no, payment.openid, report.item, report.delivered_at
    )


def note_reported(uow: UnitOfWork, payment_id: str, error: str = "", *, again: bool = False) -> None:
    """What came of telling: nothing (""), or the platform's code, and whether it is worth trying again."""
    report = uow.get(ShippingReport, payment_id, called="这笔付款", lock=True)
    report.error, report.tries = error, report.tries + 1
    report.query_at = uow.now + step(SHIPPING, report.tries - 1) if again else None
    if not error:
        report.sent_at = uow.now
