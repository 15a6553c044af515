"""Sending refunds to the platform and asking what became of them: steps between transactions, the same number for ever."""

from __future__ import annotations

from sqlalchemy import select

from domain.access import trail
from domain.kit.actors import Actor, system
from domain.kit.errors import Conflict
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.payments.events import RefundFailed
from domain.payments.gateway import Declined, Gateway, MerchantKeys, NotThere, RefundNews, RefundOrder, Unsure
from domain.payments.lifecycle import ON_THE_WAY, REFUNDS, RefundStatus
from domain.payments.merchants import keys_of
from domain.payments.mismatches import keep_mismatch
from domain.payments.model import Merchant, Payment, Refund
from domain.payments.reasons import REFUND_REASONS
from domain.payments.refunds import Mismatch, end_unpaid, locked, note_refund
from domain.payments.times import REFUND_LOOKS, after_unsure, step

PROGRAM = system("payments")
NO_MONEY = frozenset({"NOT_ENOUGH", "NOTENOUGH"})
"""The merchant's balance does not suffice: it is sent again until somebody has topped it up."""


def due(uow: UnitOfWork, *, limit: int) -> list[str]:
    """The refunds whose time to be sent or asked about has come, the longest due first."""
    wanted = select(Refund).where(Refund.query_at.isnot(None), Refund.query_at <= uow.now)
    found = wanted.order_by(Refund.query_at).limit(limit).with_for_update(skip_locked=True)
    rows = uow.session.scalars(found.execution_options(populate_existing=True)).all()
    for one in rows:
        one.query_at = uow.now + after_unsure(one.queries + 1)
    return [one.id for one in rows]


def look(runtime: Runtime, gateway: Gateway, refund_id: str) -> RefundStatus:
    """Send an approved refund, or ask about one that was sent. Returns its status then."""
    with runtime.transaction() as uow:
        refund = uow.get(Refund, refund_id, called="这笔退款", lock=True)
        payment = uow.get(Payment, refund.payment_id, called="这笔付款")
        if refund.status not in ON_THE_WAY or payment.merchant_id is None:
            return refund.status
        merchant = keys_of(uow.get(Merchant, payment.merchant_id, called="这个商户号"))
        refund.sent_at = (
            refund.sent_at or uow.now
        )  # its answer may be lost, and a notice does not say when it was taken
        asked = RefundOrder(
            refund.id, payment.out_trade_no, refund.fen, payment.fen, REFUND_REASONS.get(refund.reason_code, "退款")
        )
    try:
        news = (
            gateway.query_refund(merchant, refund.id)
            if refund.status is RefundStatus.SENT
            else gateway.refund(merchant, asked)
        )
    except (Unsure, NotThere) as error:
        return note_unsure(runtime, refund_id, str(error) or type(error).__name__)
    except Declined as error:
        return declined(runtime, gateway, merchant, refund, error)
    return note(runtime, merchant, news)


def note(runtime: Runtime, merchant: MerchantKeys, news: RefundNews) -> RefundStatus:
    """Write down what the platform said of a refund."""
    try:
        with runtime.transaction() as uow:
            refund = note_refund(uow, news, merchant_id=merchant.id, by=PROGRAM)
            if refund.status in ON_THE_WAY:
                refund.query_at = uow.now + step(REFUND_LOOKS, refund.queries)
                refund.queries, refund.error = refund.queries + 1, ""
            return refund.status
    except Mismatch as mismatch:
        with runtime.transaction() as uow:
            refund = uow.get(Refund, news.number, called="这笔退款", lock=True)
            refund.query_at = None
            keep_mismatch(uow, None, str(mismatch), merchant_id=merchant.id, number=news.number)
            return refund.status


def note_unsure(runtime: Runtime, refund_id: str, error: str) -> RefundStatus:
    """Nothing certain: asked again, with the same number."""
    with runtime.transaction() as uow:
        _, _, refund = locked(uow, refund_id)
        if refund.status not in ON_THE_WAY:
            return refund.status
        if refund.status is RefundStatus.APPROVED:
            REFUNDS.move(refund, "doubt", PROGRAM.role)
        refund.queries += 1
        refund.query_at, refund.error = uow.now + after_unsure(refund.queries), error[:60]
        return refund.status


def declined(
    runtime: Runtime, gateway: Gateway, merchant: MerchantKeys, refund: Refund, error: Declined
) -> RefundStatus:
    """The platform refused. An earlier try may have been taken all the same, one nobody lived to write down too: that is asked first."""
    try:
        return note(runtime, merchant, gateway.query_refund(merchant, refund.id))
    except NotThere:
        pass  # it refused what it never had: so nothing happened
    except (Unsure, Declined) as unsure:
        return note_unsure(runtime, refund.id, str(unsure))
    if error.code in NO_MONEY:
        return wait_for_money(runtime, refund.id, error.code)
    with runtime.transaction() as uow:
        payable, _, found = locked(uow, refund.id)
        if found.status in ON_THE_WAY:
            REFUNDS.move(found, "fail", PROGRAM.role)
            found.query_at, found.error = None, error.code[:60]
            uow.emit(RefundFailed(found.id, payable.id, payable.kind, payable.of_id, "abnormal"))
        return found.status


def wait_for_money(runtime: Runtime, refund_id: str, code: str) -> RefundStatus:
    """It was not taken, and is sent again."""
    with runtime.transaction() as uow:
        _, _, refund = locked(uow, refund_id)
        refund.sent_at = None
        refund.queries += 1
        refund.query_at, refund.error = uow.now + step(REFUND_LOOKS, refund.queries), code
        return refund.status


def give_up(uow: UnitOfWork, refund_id: str, *, by: Actor, why: str) -> Refund:
    """An abnormal refund is not paid after all: the money stays, and may be asked for anew.

    :raises MoveRefused: it is not abnormal, or no reason was given
    :raises Conflict: nobody owed that money, so it cannot stay
    """
    payable, payment, refund = locked(uow, refund_id)
    if refund.is_owed:
        raise Conflict("这是客户多付的钱，不能留下；请另行退还")
    REFUNDS.move(refund, "give_up", by.role, why=why)
    refund.decided_why = why
    trail.record(uow, by, "refund.give_up", "refund", refund.id, payable=payable.id, fen=refund.fen)
    end_unpaid(uow, payable, payment, refund, by=by)
    return refund
