"""Asking the platform what became of a payment, and closing it there: how everything uncertain becomes certain.

Used by whoever starts a payment, by the queue of due rows (`due`, `look`), and by pages that were told "paid" by a phone.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select

from domain.access import trail
from domain.kit.actors import Actor, system
from domain.kit.errors import Refused
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.payments.events import PaymentUnsure
from domain.payments.gateway import AlreadyPaid, Declined, Gateway, MerchantKeys, NotThere, Trade, Unsure
from domain.payments.lifecycle import LIVE, PAYMENTS, TAKEN, PaymentStatus
from domain.payments.merchants import keys_of
from domain.payments.mismatches import keep_mismatch
from domain.payments.model import Merchant, Payment
from domain.payments.operations import Mismatch, note_paid
from domain.payments.times import GRACE, after_unsure, next_look

PROGRAM = system("payments")


class Closing(StrEnum):
    """What came of closing."""

    CLOSED = "closed"
    PAID = "paid"
    TOO_SOON = "too_soon"
    """The platform has no such order yet, but what asked for it may still be on its way."""
    UNSURE = "unsure"


def of_platform(runtime: Runtime, payment_id: str) -> tuple[Payment, MerchantKeys | None]:
    """A payment as it is now, with the keys to ask about it; None where nobody can be asked (cash)."""
    with runtime.transaction() as uow:
        payment = uow.get(Payment, payment_id, called="这笔付款")
        merchant = uow.session.get(Merchant, payment.merchant_id) if payment.merchant_id else None
        return payment, keys_of(merchant) if merchant else None


def learn(runtime: Runtime, gateway: Gateway, payment_id: str) -> PaymentStatus:
    """Ask what became of a payment, whatever we think of it, and write it down. Returns its status then."""
    payment, merchant = of_platform(runtime, payment_id)
    if merchant is None or payment.status in TAKEN:
        return payment.status
    try:
        trade: Trade | None = gateway.query(merchant, payment.out_trade_no)
        error = ""
    except NotThere:
        trade, error = None, ""
    except Declined as declined:
        trade, error = None, declined.code
    except Unsure as unsure:
        trade, error = None, str(unsure) or "unsure"
    try:
        with runtime.transaction() as uow:
            return note_answer(uow, payment_id, merchant.id, trade, error)
    except Mismatch as mismatch:
        with runtime.transaction() as uow:
            keep_mismatch(uow, payment_id, str(mismatch))
            return uow.get(Payment, payment_id, called="这笔付款").status


def note_answer(uow: UnitOfWork, payment_id: str, merchant_id: str, trade: Trade | None, error: str) -> PaymentStatus:
    """What the platform said: a trade, nothing there, or (``error``) nothing certain.

    :raises Mismatch: it is not as we ordered it
    """
    if trade is not None and trade.is_paid:
        return note_paid(uow, trade, merchant_id=merchant_id, by=PROGRAM).status
    payment = uow.get(Payment, payment_id, called="这笔付款", lock=True)
    if payment.status not in LIVE:
        return payment.status
    if error:
        note_unsure(uow, payment, error)
    elif trade is None:
        note_absent(uow, payment)
    elif trade.is_over:
        end(uow, payment, "closed_there")
    else:
        note_open(uow, payment)
    return payment.status


def note_unsure(uow: UnitOfWork, payment: Payment, error: str) -> None:
    """Nothing certain: it stays as it is, or becomes unknown, and is asked again."""
    if payment.status not in LIVE:
        return
    if payment.status is not PaymentStatus.UNKNOWN:
        PAYMENTS.move(payment, "doubt", PROGRAM.role)
        uow.emit(PaymentUnsure(payment.id, payment.payable_id))
    payment.error = error[:60]
    payment.queries += 1
    payment.query_at = uow.now + after_unsure(payment.queries)


def note_absent(uow: UnitOfWork, payment: Payment) -> None:
    """The platform has no such order: it never came, once it cannot come any more."""
    if is_on_its_way(payment, uow):
        payment.query_at = (payment.asked_at or uow.now) + GRACE
    else:
        end(uow, payment, "never_arrived")


def is_on_its_way(payment: Payment, uow: UnitOfWork) -> bool:
    return payment.asked_at is not None and uow.now - payment.asked_at < GRACE


def note_open(uow: UnitOfWork, payment: Payment) -> None:
    """The platform waits for the person."""
    if payment.status is not PaymentStatus.PENDING:
        PAYMENTS.move(payment, "order", PROGRAM.role)
    payment.error, payment.queries = "", 0
    if payment.unwanted_at is None:
        payment.query_at = next_look(payment.asked_at or payment.at, payment.expires_at or uow.now, uow.now)


def end(uow: UnitOfWork, payment: Payment, why: str) -> None:
    """It will not be paid any more, as far as anybody can say."""
    PAYMENTS.move(payment, "close", PROGRAM.role)
    payment.query_at, payment.error = None, why
    trail.record(uow, PROGRAM, "payment.close", "payable", payment.payable_id, payment=payment.id, reason=why)


def close(runtime: Runtime, gateway: Gateway, payment_id: str) -> Closing:
    """Close a payment at the platform, or learn that it is paid. Closing twice is closing once."""
    payment, merchant = of_platform(runtime, payment_id)
    if payment.status in TAKEN or merchant is None:
        return Closing.PAID
    if payment.status is PaymentStatus.CLOSED:
        return Closing.CLOSED
    try:
        gateway.close(merchant, payment.out_trade_no)
    except AlreadyPaid:
        return Closing.PAID if learn(runtime, gateway, payment_id) in TAKEN else Closing.UNSURE
    except NotThere:
        return closed_absent(runtime, payment_id)
    except (Unsure, Declined) as error:
        with runtime.transaction() as uow:
            locked = uow.get(Payment, payment_id, called="这笔付款", lock=True)
            note_unsure(uow, locked, error.code if isinstance(error, Declined) else str(error) or "unsure")
        return Closing.UNSURE
    with runtime.transaction() as uow:
        locked = uow.get(Payment, payment_id, called="这笔付款", lock=True)
        if locked.status in LIVE:
            end(uow, locked, "closed")
        return Closing.PAID if locked.status in TAKEN else Closing.CLOSED


def closed_absent(runtime: Runtime, payment_id: str) -> Closing:
    """There is nothing to close."""
    with runtime.transaction() as uow:
        payment = uow.get(Payment, payment_id, called="这笔付款", lock=True)
        if payment.status in LIVE and is_on_its_way(payment, uow):
            payment.query_at = (payment.asked_at or uow.now) + GRACE
            return Closing.TOO_SOON
        if payment.status in LIVE:
            end(uow, payment, "never_arrived")
        return Closing.PAID if payment.status in TAKEN else Closing.CLOSED


def due(uow: UnitOfWork, *, limit: int) -> list[str]:
    """The payments whose time to be asked about has come, the longest due first; each is ours alone for its pause."""
    wanted = select(Payment).where(Payment.query_at.isnot(None), Payment.query_at <= uow.now)
    found = wanted.order_by(Payment.query_at).limit(limit).with_for_update(skip_locked=True)
    rows = uow.session.scalars(found.execution_options(populate_existing=True)).all()
    for one in rows:
        one.query_at = uow.now + after_unsure(one.queries + 1)
    return [one.id for one in rows]


def ask_soon(uow: UnitOfWork, payment_id: str, *, by: Actor) -> Payment:
    """Have the next look ask about it, whenever it would have been due.

    :raises Refused: nothing is open about it
    """
    payment = uow.get(Payment, payment_id, called="这笔付款", lock=True)
    if payment.status not in LIVE:
        raise Refused("这笔付款已经有结果了")
    payment.query_at = uow.now
    trail.record(uow, by, "payment.ask", "payable", payment.payable_id, payment=payment.id)
    return payment


def look(runtime: Runtime, gateway: Gateway, payment_id: str) -> None:
    """One look at an open payment: ask about it, and close what nobody wants or what is over."""
    payment, _ = of_platform(runtime, payment_id)
    if payment.status not in LIVE:
        return
    with runtime.transaction() as uow:
        over = payment.unwanted_at is not None or (payment.expires_at is not None and payment.expires_at <= uow.now)
    if over:
        close(runtime, gateway, payment_id)
    else:
        learn(runtime, gateway, payment_id)
