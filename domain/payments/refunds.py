"""Asking for money back, agreeing to it, and what becomes of it.

The payment's row lock and its CHECK hold that refunds never take more than was paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from domain.access import trail
from domain.engineers.model import Engineer
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Conflict, Forbidden, Refused
from domain.kit.money import Money
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.ledger.operations import Posting, post, reverse
from domain.ledger.queries import balance
from domain.payments import shares
from domain.payments.events import RefundApproved, RefundAsked, RefundFailed, RefundSucceeded
from domain.payments.gateway import RefundNews
from domain.payments.lifecycle import (
    HELD_BACK,
    ON_THE_WAY,
    PAYABLES,
    PAYMENTS,
    REFUNDS,
    TAKEN,
    PaymentStatus,
    RefundStatus,
)
from domain.payments.limits import limit_of
from domain.payments.model import Payable, Payment, Refund
from domain.payments.reasons import REFUND_REASONS
from domain.payments.shares import Share

PROGRAM = system("payments")
SOON = timedelta(0)


class TooMuchBack(Refused):
    """More is asked back than was paid and not given back yet; the words say how much there is."""

    code = "too_much_back"


class Mismatch(Refused):
    """The platform tells of something that does not fit our books; the words say what."""

    code = "payment_mismatch"


def ask_refund(
    uow: UnitOfWork, payable_id: str, fen: int, *, by: Actor, reason_code: str, why: str = "",
    split: Sequence[Share] | None = None, needs_yes: bool = False, left: int | None = None,
) -> Refund:  # fmt: skip
    """Ask for money back of what was paid; agreed to at once where all that was agreed to so, with it, is within the brand's limit.
    ``split`` says what it is taken from; by default from everybody's share by its size. With ``needs_yes`` somebody decides
    about the smallest sum, too. ``left`` is what the asker was shown to be there still: a form sent twice asks once.
    :raises TooMuchBack, Conflict: see there; :raises Refused: nothing was paid, or no such reason
    """
    if reason_code not in REFUND_REASONS:
        raise Refused("请选择退款原因")
    payable = uow.get(Payable, payable_id, called="这笔应付", lock=True)
    if payable.kind == "cover" and split is None:  # it would go on holding, and what is earned would be taken twice
        raise Refused("延保和服务卡请在合同页上退订，可退金额按合同算")
    paid = select(Payment.id).where(
        Payment.payable_id == payable.id, Payment.status.in_(TAKEN), Payment.surplus.is_(False)
    )
    payment_id = uow.session.scalar(paid)
    if payment_id is None:
        raise Refused("这笔款还没有付，不能退款")
    payment = uow.get(Payment, payment_id, called="这笔付款", lock=True)
    if left not in (None, payment.fen - payment.reserved_fen):
        raise Conflict("可退金额变了：刚刚有人申请过退款，请刷新核对后再申请")
    before = live_refunds(uow, payment)
    free = shares.left(payable.split, *(one.split for one in before))
    if not 0 < fen <= payment.fen - payment.reserved_fen:
        raise TooMuchBack(too_much_words(payment, fen))
    wanted = list(split) if split is not None else shares.take(free, fen)
    check_split(wanted, free, fen)
    refund = reserve(uow, payable, payment, fen, wanted, by=by, reason_code=reason_code, why=why)
    unseen = sum(one.fen for one in before if one.decided_by == str(PROGRAM))  # in parts it is not more
    if not needs_yes and unseen + fen <= limit_of(uow, payable.brand_id):
        agree(uow, payable, payment, refund, by=PROGRAM)
    else:
        uow.emit(RefundAsked(refund.id, payable.id))
    return refund


def too_much_words(payment: Payment, fen: int) -> str:
    if fen <= 0:
        return "退款金额要大于 0"
    rest = Money(payment.fen - payment.reserved_fen)
    return f"最多还能退 {rest}（付款 {Money(payment.fen)}，已退或正在退 {Money(payment.reserved_fen)}）"


def check_split(wanted: Sequence[Share], free: Sequence[Share], fen: int) -> None:
    """:raises TooMuchBack: it is not there to be taken"""
    room = {(one.account, one.party): one.fen for one in free}
    sums = {(one.account, one.party): 0 for one in wanted}
    for one in wanted:
        sums[one.account, one.party] += one.fen
    if sum(sums.values()) != fen or any(taken > room.get(key, 0) for key, taken in sums.items()):
        raise TooMuchBack("退款的来源与金额不符")


def reserve(
    uow: UnitOfWork, payable: Payable, payment: Payment, fen: int, split: Sequence[Share], *, by: Actor,
    reason_code: str, why: str = "", surplus: bool = False,
) -> Refund:  # fmt: skip
    """Keep the money of a locked payment for a refund."""
    payment.reserved_fen += fen
    refund = Refund(
        id=uow.new_id("rf"), brand_id=payable.brand_id, payment_id=payment.id, payable_id=payable.id, fen=fen,
        reason_code=reason_code, why=why, split=shares.stored(split), surplus=surplus, status=REFUNDS.start,
        asked_by=str(by), at=uow.now,
    )  # fmt: skip
    uow.session.add(refund)
    uow.session.flush()
    trail.record(uow, by, "refund.ask", "refund", refund.id, payable=payable.id, fen=fen, reason=reason_code)
    return refund


def give_back_surplus(uow: UnitOfWork, payable: Payable, payment: Payment) -> Refund:
    """Money nobody owed goes back whole, and needs nobody's yes."""
    refund = reserve(uow, payable, payment, payment.fen, [], by=PROGRAM, reason_code="overpaid", surplus=True)
    agree(uow, payable, payment, refund, by=PROGRAM)
    return refund


def approve_refund(uow: UnitOfWork, refund_id: str, *, by: Actor) -> Refund:
    """Agree to a refund somebody else asked for.

    :raises Forbidden: whoever asked may not agree; :raises MoveRefused: it was decided already
    """
    payable, payment, refund = locked(uow, refund_id)
    if refund.asked_by == str(by):
        raise Forbidden("超过限额的退款要由另一个人审批")
    agree(uow, payable, payment, refund, by=by)
    return refund


def agree(uow: UnitOfWork, payable: Payable, payment: Payment, refund: Refund, *, by: Actor) -> None:
    """From now on the money is owed back; it is sent by the next look, or paid out by hand where cash was taken."""
    REFUNDS.move(refund, "approve", by.role)
    refund.decided_by, refund.decided_at = str(by), uow.now
    if payment.status is PaymentStatus.PAID:
        PAYMENTS.move(payment, "refund", PROGRAM.role)
    if payment.method != "cash":
        refund.query_at = uow.now + SOON
    due = "refund_due"
    postings = (
        [Posting("overpaid", due, refund.fen, payable.id, payable.id)]
        if refund.surplus
        else [Posting(one.account, due, one.fen, one.party, payable.id) for one in shares.read(refund.split)]
    )
    post(
        uow, f"refund_approved:{refund.id}", "refund_approved", postings, brand_id=payable.brand_id, by=by,
        of=("payable", payable.id), work_order_id=payable.work_order_id,
    )  # fmt: skip
    trail.record(uow, by, "refund.approve", "refund", refund.id, payable=payable.id, fen=refund.fen)
    uow.emit(RefundApproved(refund.id, payable.id))
    uow.session.flush()


def reject_refund(uow: UnitOfWork, refund_id: str, *, by: Actor, why: str) -> Refund:
    """Do not agree; the money stays.

    :raises MoveRefused: it was decided already, or no reason was given
    :raises Conflict: no bill asks for that money; a wrong bill is put right by its sheet, and that takes the refund back
    """
    payable, payment, refund = locked(uow, refund_id)
    if refund.is_owed and by.role is not Role.SYSTEM:
        raise Conflict(
            "账单已经改小，这笔是多收的钱，不能不退；账单不对的请先更正服务单，重新出账单时会自动撤回这笔退款"
        )
    REFUNDS.move(refund, "reject", by.role, why=why)
    refund.decided_by, refund.decided_at, refund.decided_why = str(by), uow.now, why
    payment.reserved_fen -= refund.fen
    uow.session.flush()
    trail.record(uow, by, "refund.reject", "refund", refund.id, payable=payable.id, fen=refund.fen)
    uow.emit(RefundFailed(refund.id, payable.id, payable.kind, payable.of_id, "rejected"))
    return refund


def note_refund(uow: UnitOfWork, news: RefundNews, *, merchant_id: str, by: Actor) -> Refund:
    """What the platform says of a refund, by answer, query or notice: the one path to its end. Told twice it changes nothing.

    :raises Mismatch: it does not fit our books
    """
    if uow.session.get(Refund, news.number) is None:
        raise Mismatch(f"退款单号 {news.number} 不是我们的")
    payable, payment, refund = locked(uow, news.number)
    if payment.merchant_id != merchant_id or (news.order_number and news.order_number != payment.out_trade_no):
        raise Mismatch("这笔退款属于别的商户或别的付款")
    if news.fen != refund.fen:
        raise Mismatch(f"退款金额不符：应为 {Money(refund.fen)}，通知为 {Money(news.fen)}")
    if refund.status not in (*ON_THE_WAY, RefundStatus.ABNORMAL):
        if news.state == "SUCCESS" and (refund.status is not RefundStatus.SUCCEEDED or refund.paid_out_from):
            raise Mismatch(f"退款当前是“{REFUNDS.titles[refund.status]}”，微信却通知已退款")
        return refund
    refund.refund_id = news.refund_id or refund.refund_id
    refund.sent_at = news.asked_at or refund.sent_at or uow.now
    if news.state == "SUCCESS":
        succeed(uow, payable, payment, refund, "wechat", merchant_id, news=news, by=by)
    elif news.state == "CLOSED" and not refund.is_owed:
        end_unpaid(uow, payable, payment, refund, by=by)
    elif news.state in ("ABNORMAL", "CLOSED") and refund.status is not RefundStatus.ABNORMAL:
        REFUNDS.move(refund, "fail", PROGRAM.role)
        refund.query_at = None
        uow.emit(RefundFailed(refund.id, payable.id, payable.kind, payable.of_id, "abnormal"))
    elif news.state == "PROCESSING" and refund.status in (RefundStatus.APPROVED, RefundStatus.UNKNOWN):
        REFUNDS.move(refund, "send", PROGRAM.role)
    uow.session.flush()
    return refund


def pay_out_refund(
    uow: UnitOfWork, refund_id: str, *, by: Actor, out_of: str, why: str, engineer_id: str = ""
) -> Refund:
    """The money was given back by hand: where cash was taken, or the customer's bank does not take it.

    ``out_of`` is ``bank``, or ``cash`` of an engineer; ``why`` says where it went (a bank's reference).

    :raises MoveRefused: it is not to be paid by hand, or no reason was given
    """
    payable, payment, refund = locked(uow, refund_id)
    if refund.status is RefundStatus.APPROVED and payment.method != "cash":
        raise Conflict("这笔退款由微信支付原路退回，不用另外退")
    if out_of not in ("bank", "cash") or (out_of == "cash") != bool(engineer_id):
        raise Refused("请选择从银行账户还是从哪位工程师手中的现金退")
    if engineer_id:
        uow.get(Engineer, engineer_id, called="这位工程师", lock=True)  # nobody hands it in meanwhile
        if balance(uow, "cash", engineer_id, brand_id=payable.brand_id) < refund.fen:
            raise Refused("这位工程师手中没有这么多现金，请从银行账户退")
    REFUNDS.move(refund, "pay_out", by.role, why=why)
    refund.paid_out_from, refund.decided_why = out_of, why
    succeed(uow, payable, payment, refund, out_of, engineer_id, news=None, by=by)
    trail.record(uow, by, "refund.pay_out", "refund", refund.id, payable=payable.id, fen=refund.fen, out_of=out_of)
    return refund


def succeed(
    uow: UnitOfWork, payable: Payable, payment: Payment, refund: Refund, account: str, party: str, *,
    news: RefundNews | None, by: Actor,
) -> None:  # fmt: skip
    """The customer has the money."""
    if news is not None:
        REFUNDS.move(refund, "succeed", PROGRAM.role)
    refund.done_at = (news.done_at if news else None) or uow.now
    refund.query_at = None
    payment.refunded_fen += refund.fen
    post(
        uow, f"refunded:{refund.id}", "refunded", [Posting("refund_due", account, refund.fen, payable.id, party)],
        brand_id=payable.brand_id, by=by, of=("payable", payable.id), work_order_id=payable.work_order_id,
        day=refund.done_at.astimezone(SHANGHAI).date(),
    )  # fmt: skip
    if not refund.surplus:
        payable.refunded_fen += refund.fen
        if payable.refunded_fen == payable.paid_fen:
            PAYABLES.move(payable, "give_back", PROGRAM.role)
    end_on_payment(uow, payment, refund)
    uow.emit(RefundSucceeded(refund.id, payable.id, payable.kind, payable.of_id))


def end_unpaid(uow: UnitOfWork, payable: Payable, payment: Payment, refund: Refund, *, by: Actor) -> None:
    """The platform will not pay it: the money stays where it was."""
    if refund.status is not RefundStatus.CLOSED:
        REFUNDS.move(refund, "close", PROGRAM.role)
    refund.query_at, refund.done_at = None, uow.now
    payment.reserved_fen -= refund.fen
    reverse(uow, f"refund_ended:{refund.id}", f"refund_approved:{refund.id}", by=by)
    end_on_payment(uow, payment, refund)
    uow.emit(RefundFailed(refund.id, payable.id, payable.kind, payable.of_id, "closed"))


def end_on_payment(uow: UnitOfWork, payment: Payment, refund: Refund) -> None:
    """A payment is being refunded while a refund of it is on its way."""
    uow.session.flush()
    others = [one for one in live_refunds(uow, payment) if one.status in (*ON_THE_WAY, RefundStatus.ABNORMAL)]
    if payment.status is PaymentStatus.REFUNDING and not others:
        PAYMENTS.move(payment, "empty" if payment.refunded_fen == payment.fen else "keep", PROGRAM.role)
    uow.session.flush()


def live_refunds(uow: UnitOfWork, payment: Payment) -> Sequence[Refund]:
    """The refunds of a payment whose money nobody else may have."""
    wanted = select(Refund).where(Refund.payment_id == payment.id, Refund.status.in_(HELD_BACK))
    return uow.session.scalars(wanted.order_by(Refund.at, Refund.id)).all()


def locked(uow: UnitOfWork, refund_id: str) -> tuple[Payable, Payment, Refund]:
    """A refund with its payment and payable, locked in the order all keep to."""
    seen = uow.get(Refund, refund_id, called="这笔退款")
    payable = uow.get(Payable, seen.payable_id, called="这笔应付", lock=True)
    payment = uow.get(Payment, seen.payment_id, called="这笔付款", lock=True)
    return payable, payment, uow.get(Refund, refund_id, called="这笔退款", lock=True)
