"""Owing, no longer owing, and the one path by which anything becomes paid.

Locks are taken in one order: the payable, its payment, the refund. What calls the platform is `domain.payments.paying`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from domain.access import trail
from domain.kit.actors import Actor, system
from domain.kit.errors import Conflict
from domain.kit.money import Money
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.ledger.operations import Posting, post, reverse
from domain.payments import shares
from domain.payments.events import OverpaidMoney, PayableOpened, PayablePaid, PayableVoided
from domain.payments.gateway import Trade
from domain.payments.lifecycle import LIVE, PAYABLES, PAYMENTS, TAKEN, PayableStatus
from domain.payments.model import Merchant, Payable, Payment
from domain.payments.refunds import (
    Mismatch,
    TooMuchBack,
    approve_refund,
    ask_refund,
    give_back_surplus,
    note_refund,
    pay_out_refund,
    reject_refund,
)
from domain.payments.shares import Share

PROGRAM = system("payments")
TITLE = 127
"""The platform's limit for what its cashier shows (wechat-protocol §7.3)."""


def owe(
    uow: UnitOfWork, *, brand_id: str, kind: str, of_id: str, version: int = 1, customer_id: str, title: str,
    split: Sequence[Share], by: Actor, work_order_id: str | None = None,
) -> Payable:  # fmt: skip
    """From now on a customer owes the sum of ``split`` for one thing; said twice, it is owed once.

    What costs nothing is paid at once. Another amount is another ``version``: void the one before.

    :raises Conflict: it is owed already, with another amount
    """
    shares.check(split)
    stored, due = shares.stored(split), sum(one.fen for one in split)
    known = uow.session.scalars(select(Payable).filter_by(kind=kind, of_id=of_id, version=version)).first()
    if known is not None:
        if known.split != stored or known.customer_id != customer_id:
            raise Conflict("这笔应付已经有了，金额不同")
        return known
    made = Payable(
        id=uow.new_id("ow"), brand_id=brand_id, kind=kind, of_id=of_id, version=version, customer_id=customer_id,
        work_order_id=work_order_id, title=title[:TITLE], due_fen=due, split=stored, status=PAYABLES.start, at=uow.now,
        by=str(by), paid_fen=0, refunded_fen=0,
    )  # fmt: skip
    uow.session.add(made)
    uow.session.flush()
    trail.record(uow, by, "payable.owe", "payable", made.id, of=of_id, version=version, fen=due)
    uow.emit(PayableOpened(made.id, kind, of_id, work_order_id or ""))
    if due:
        write(uow, made, f"owed:{made.id}", "owed", [
            Posting("receivable", one.account, one.fen, made.id, one.party) for one in shares.read(stored)
        ], by=by)  # fmt: skip
    else:
        settle(uow, made, uow.now, "")
    return made


def void(uow: UnitOfWork, payable_id: str, *, by: Actor, why: str) -> Payable:
    """It is owed no more. An attempt to pay it that is still open is closed at the platform by the next look; should money
    come all the same, it goes back by itself. Voiding twice is voiding once.

    :raises MoveRefused: it is paid: that takes a refund
    """
    payable = uow.get(Payable, payable_id, called="这笔应付", lock=True)
    if payable.status is PayableStatus.VOID:
        return payable
    PAYABLES.move(payable, "void", by.role)
    if payable.due_fen:
        reverse(uow, f"written_off:{payable.id}", f"owed:{payable.id}", by=by)
    want_no_more(uow, payable)
    trail.record(uow, by, "payable.void", "payable", payable.id, why=why, of=payable.of_id)
    uow.emit(PayableVoided(payable.id, payable.kind, payable.of_id, payable.work_order_id or ""))
    return payable


def want_no_more(uow: UnitOfWork, payable: Payable) -> None:
    """Whatever attempt is open is to be closed."""
    payment = live_payment(uow, payable.id, lock=True)
    if payment is not None:
        payment.unwanted_at, payment.query_at = uow.now, uow.now
        uow.session.flush()


def live_payment(uow: UnitOfWork, payable_id: str, *, lock: bool = False) -> Payment | None:
    """The attempt that may still be paid."""
    wanted = select(Payment).where(Payment.payable_id == payable_id, Payment.status.in_(LIVE))
    wanted = wanted.with_for_update().execution_options(populate_existing=True) if lock else wanted
    return uow.session.scalars(wanted).first()


def note_paid(uow: UnitOfWork, trade: Trade, *, merchant_id: str, by: Actor) -> Payment:
    """Money came, says the platform: by notice, query or on closing alike. Told twice, it came once.

    What is paid already, or void, is not paid again: the money goes back by itself.

    :raises Mismatch: it is not our order, or not as we ordered it
    """
    payable, payment = ordered(uow, trade.number)
    check_trade(uow, payment, trade, merchant_id)
    if payment.status in TAKEN:
        return payment
    PAYMENTS.move(payment, "pay", PROGRAM.role)
    payment.transaction_id, payment.paid_at = trade.transaction_id, trade.paid_at or uow.now
    payment.query_at = None
    take_in(uow, payable, payment, Posting("wechat", "", payment.fen, merchant_id), by=by)
    return payment


def ordered(uow: UnitOfWork, number: str) -> tuple[Payable, Payment]:
    """The payable and the payment of a number of ours, locked.

    :raises Mismatch: it is none of ours
    """
    seen = uow.session.execute(select(Payment.id, Payment.payable_id).filter_by(out_trade_no=number)).first()
    if seen is None:
        raise Mismatch(f"商户单号 {number} 不是我们的")
    payable = uow.get(Payable, seen.payable_id, called="这笔应付", lock=True)
    return payable, uow.get(Payment, seen.id, called="这笔付款", lock=True)


def check_trade(uow: UnitOfWork, payment: Payment, trade: Trade, merchant_id: str) -> None:
    """What the platform tells of is what we ordered.

    :raises Mismatch: with words for what differs
    """
    merchant = uow.session.get(Merchant, payment.merchant_id) if payment.merchant_id else None
    if merchant is None or merchant.id != merchant_id or merchant.mch_id != trade.mch_id:
        raise Mismatch("这笔付款属于别的商户")
    if trade.app_id != payment.app_id:
        raise Mismatch("这笔付款来自别的应用")
    if trade.currency != "CNY" or trade.fen != payment.fen:
        raise Mismatch(f"金额不符：应付 {Money(payment.fen)}，微信通知为 {Money(trade.fen)} {trade.currency}")
    if not trade.transaction_id or (payment.transaction_id or trade.transaction_id) != trade.transaction_id:
        raise Mismatch("同一个商户单号有两个不同的微信支付单号")
    other = select(Payment.id).filter_by(merchant_id=merchant_id, transaction_id=trade.transaction_id)
    if uow.session.scalar(other.where(Payment.id != payment.id)) is not None:
        raise Mismatch("这个微信支付单号已经记在另一笔付款上")


def take_in(uow: UnitOfWork, payable: Payable, payment: Payment, into: Posting, *, by: Actor) -> None:
    """A payment has become money in ``into``'s account: it pays what is owed, or is too much."""
    at = payment.paid_at or uow.now
    payment.surplus = payable.status is not PayableStatus.OPEN
    account = "overpaid" if payment.surplus else "receivable"
    posting = Posting(into.debit, account, payment.fen, into.debit_party, payable.id)
    write(
        uow, payable, f"paid:{payment.id}", "overpaid" if payment.surplus else "paid", [posting], by=by, day=day_of(at)
    )
    trail.record(
        uow, by, "payment.paid", "payable", payable.id, payment=payment.id, fen=payment.fen, surplus=payment.surplus
    )
    if payment.surplus:
        uow.emit(OverpaidMoney(payment.id, payable.id))
        give_back_surplus(uow, payable, payment)
        return
    payable.paid_fen += payment.fen
    settle(uow, payable, at, payment.id)
    want_no_more(uow, payable)


def settle(uow: UnitOfWork, payable: Payable, at: datetime, payment_id: str) -> None:
    """It is paid."""
    PAYABLES.move(payable, "pay", PROGRAM.role)
    payable.paid_at = at
    uow.session.flush()
    uow.emit(PayablePaid(payable.id, payable.kind, payable.of_id, payable.work_order_id or "", payment_id))


def write(
    uow: UnitOfWork, payable: Payable, key: str, kind: str, postings: Sequence[Posting], *, by: Actor,
    day: date | None = None,
) -> None:  # fmt: skip
    """Post something about a payable."""
    post(
        uow, key, kind, postings, brand_id=payable.brand_id, by=by, of=("payable", payable.id),
        work_order_id=payable.work_order_id, day=day,
    )  # fmt: skip


def day_of(at: datetime) -> date:
    """The day an instant is for the people we serve."""
    return at.astimezone(SHANGHAI).date()


__all__ = [
    "Mismatch",
    "Share",
    "TooMuchBack",
    "approve_refund",
    "ask_refund",
    "live_payment",
    "note_paid",
    "note_refund",
    "owe",
    "pay_out_refund",
    "reject_refund",
    "void",
]
