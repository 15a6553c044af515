"""Taking in a notice of the platform: once, in one transaction, whatever order notices come in."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from domain.kit.actors import system
from domain.kit.unit_of_work import UnitOfWork
from domain.payments.gateway import Notice
from domain.payments.mismatches import keep_mismatch
from domain.payments.model import Merchant, Payment
from domain.payments.operations import Mismatch, note_paid, note_refund
from domain.payments.statements_model import PaymentNotice

PROGRAM = system("wechat_pay")
DONE, MISMATCH, IGNORED = "done", "mismatch", "ignored"


def take_notice(uow: UnitOfWork, notice: Notice, *, merchant_id: str) -> tuple[str, str]:
    """What became of a notice: ``(outcome, words)``; words only where it does not fit our books.

    The same notice twice, also at once, is worked on once: the second waits for the first and hears what came of it.
    """
    key = uow.new_id("pn")
    row = insert(PaymentNotice).values(
        id=key, merchant_id=merchant_id, notice_id=notice.id, kind=notice.kind, outcome=DONE, body=dict(notice.body),
        at=uow.now,
    )  # fmt: skip
    made = uow.session.scalar(
        row.on_conflict_do_nothing(index_elements=["merchant_id", "notice_id"]).returning(PaymentNotice.id)
    )
    if made is None:
        known = select(PaymentNotice.outcome).filter_by(merchant_id=merchant_id, notice_id=notice.id)
        outcome = str(uow.session.scalar(known))
        return outcome, "与我们的订单不符" if outcome == MISMATCH else ""
    outcome, words, payment_id, refund_id = DONE, "", None, None
    try:
        outcome, payment_id, refund_id = work(uow, notice, merchant_id)
    except Mismatch as mismatch:  # said before anything was written
        outcome, words = MISMATCH, str(mismatch)
        said = notice.trade.number if notice.trade else notice.refund.number if notice.refund else ""
        payment = uow.session.scalars(select(Payment).filter_by(out_trade_no=said, merchant_id=merchant_id)).first()
        keep_mismatch(uow, payment.id if payment else None, words, merchant_id=merchant_id, number=said)
    uow.session.execute(
        update(PaymentNotice).where(PaymentNotice.id == made).values(
            outcome=outcome, payment_id=payment_id, refund_id=refund_id
        )
    )  # fmt: skip
    return outcome, words


def work(uow: UnitOfWork, notice: Notice, merchant_id: str) -> tuple[str, str | None, str | None]:
    """(outcome, payment, refund). :raises Mismatch: it does not fit our books, and nothing was written"""
    if notice.trade is not None and notice.trade.is_paid:
        return DONE, note_paid(uow, notice.trade, merchant_id=merchant_id, by=PROGRAM).id, None
    if notice.refund is None:
        return IGNORED, None, None
    if notice.refund.mch_id and not is_ours(uow, merchant_id, notice.refund.mch_id):
        raise Mismatch("这笔退款属于别的商户")
    refund = note_refund(uow, notice.refund, merchant_id=merchant_id, by=PROGRAM)
    return DONE, refund.payment_id, refund.id


def is_ours(uow: UnitOfWork, merchant_id: str, mch_id: str) -> bool:
    merchant = uow.session.get(Merchant, merchant_id)
    return merchant is not None and merchant.mch_id == mch_id
