"""Starting and closing payments: steps between which the platform is called, each with a transaction of its own.

A crash between any two lines leaves a row that says what to ask: `domain.payments.asking` asks it. Nothing here is lost by
being run twice, and no transaction is open while the platform is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.access import trail
from domain.kit.actors import Actor, system
from domain.kit.errors import Conflict, Refused
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.payments.asking import Closing, close, learn, note_unsure
from domain.payments.gateway import AlreadyPaid, Declined, Gateway, MerchantKeys, Order, Prepaid, Unsure
from domain.payments.lifecycle import LIVE, PAYABLES, PAYMENTS, TAKEN, PayableStatus, PaymentStatus
from domain.payments.merchants import keys_of, merchant_for
from domain.payments.model import Merchant, Payable, Payment
from domain.payments.operations import live_payment, void
from domain.payments.times import GRACE, H5_LIFE, MARGIN, PREPAID, next_look

PROGRAM = system("payments")
METHODS = ("jsapi", "native", "h5")
VIAS = ("official_account", "mini_program", "engineer", "console")
TURNS = 3
"""An earlier attempt is closed, then ours begins; another phone may have come in between."""


class PayRefused(Refused):
    """It cannot be paid now; the words say why, and what to do."""

    code = "pay_refused"


class PaidAlready(Conflict):
    """It is paid: there is nothing to do."""

    code = "paid_already"


class NotSure(Refused):
    """The platform gave no certain answer; nobody pays twice for trying again."""

    code = "payment_unsure"


@dataclass(frozen=True)
class Payer:
    """Who wants to pay, how: ``openid`` for ``jsapi``, ``client_ip`` for ``h5``. ``native`` shows a code that anybody may scan."""

    method: str
    app_id: str
    openid: str = ""
    via: str = "official_account"
    client_ip: str = ""


@dataclass(frozen=True)
class Cashier:
    """What a device needs to pay: ``params`` for JSAPI and wx.requestPayment, a ``code_url`` to draw, or an ``h5_url`` to open."""

    payment_id: str
    number: str
    method: str
    fen: int
    title: str
    expires_at: datetime
    params: Mapping[str, str] = field(default_factory=dict)
    code_url: str = ""
    h5_url: str = ""


@dataclass(frozen=True)
class Attempt:
    """An open payment as it was when its transaction ended. ``first``: the platform was never asked before."""

    payment_id: str
    merchant: MerchantKeys
    order: Order
    prepaid: Prepaid | None
    first: bool
    wanted: bool = True
    """False: it is somebody else's, or another way to pay, and is closed first."""


def start(runtime: Runtime, gateway: Gateway, payable_id: str, payer: Payer, *, by: Actor) -> Cashier:
    """Let somebody pay. Asked twice by the same person it is the same payment; anybody else's is closed before.

    :raises PaidAlready: it is paid, perhaps this very moment by another phone
    :raises NotSure: the platform gave no certain answer; ask again in a moment
    :raises PayRefused: it is void, or the platform does not take it
    """
    check_payer(payer)
    for _ in range(TURNS):
        with runtime.transaction() as uow:
            attempt = prepare(uow, payable_id, payer, by=by)
        if not attempt.wanted:
            make_room(runtime, gateway, attempt.payment_id)
            continue
        prepaid = attempt.prepaid or order(runtime, gateway, attempt)
        return cashier(gateway, attempt, prepaid)
    raise Conflict("另一台手机正在付款，请稍后再试")


def check_payer(payer: Payer) -> None:
    """:raises PayRefused: no such way to pay"""
    if payer.method not in METHODS or payer.via not in VIAS or (payer.method == "jsapi") != bool(payer.openid):
        raise PayRefused("这种付款方式用不了，请换一种")
    if payer.method == "h5" and not payer.client_ip:
        raise PayRefused("这种付款方式用不了，请换一种")


def prepare(uow: UnitOfWork, payable_id: str, payer: Payer, *, by: Actor) -> Attempt:
    """The open attempt, or a new one; what is asked of the platform is written down before it is asked."""
    payable = uow.get(Payable, payable_id, called="这笔账单", lock=True)
    check_open(payable)
    live = live_payment(uow, payable.id, lock=True)
    if live is None:
        live = begin(uow, payable, payer, by=by)
        return attempt_of(uow, payable, live, payer, first=True)
    if not is_same(live, payer, uow.now):
        return attempt_of(uow, payable, live, payer, wanted=False)
    if ready(live, uow.now) is None:
        live.asked_at = uow.now
        live.query_at = next_look(uow.now, live.expires_at or uow.now, uow.now)
    return attempt_of(uow, payable, live, payer)


def check_open(payable: Payable) -> None:
    """:raises PaidAlready, PayRefused: it is not to be paid"""
    if payable.status in (PayableStatus.PAID, PayableStatus.REFUNDED):
        raise PaidAlready("已经付过了，不用再付")
    if payable.status is not PayableStatus.OPEN:
        raise PayRefused(f"这张账单{PAYABLES.titles[payable.status]}，请看最新的账单")


def begin(uow: UnitOfWork, payable: Payable, payer: Payer, *, by: Actor) -> Payment:
    """A new attempt, in the database before the platform hears of it."""
    merchant = merchant_for(uow, payable.brand_id, payer.app_id)
    id_, expires_at = uow.new_id("pm"), uow.now + PREPAID
    made = Payment(
        id=id_, payable_id=payable.id, merchant_id=merchant.id, out_trade_no=number_of(id_), app_id=payer.app_id,
        openid=payer.openid, method=payer.method, via=payer.via, fen=payable.due_fen, status=PAYMENTS.start, at=uow.now,
        by=str(by), asked_at=uow.now, expires_at=expires_at, query_at=next_look(uow.now, expires_at, uow.now),
        refunded_fen=0, reserved_fen=0,
    )  # fmt: skip
    uow.session.add(made)
    uow.session.flush()
    trail.record(uow, by, "payment.start", "payable", payable.id, payment=made.id, method=payer.method, via=payer.via)
    return made


def number_of(payment_id: str) -> str:
    """Our number at the platform: 6 to 32 of ``[0-9A-Za-z_-]`` (§7.3)."""
    return f"WX-{payment_id.upper()}"


def is_same(live: Payment, payer: Payer, now: datetime) -> bool:
    """Whether the open attempt can serve this person: the same number may only ever come with the same contents."""
    who = (live.method, live.app_id, live.openid) == (payer.method, payer.app_id, payer.openid)
    if not who or live.unwanted_at is not None or live.expires_at is None or live.expires_at - now < MARGIN:
        return False
    return live.method != "h5" or ready(live, now) is not None  # its contents have the person's address


def ready(live: Payment, now: datetime) -> Prepaid | None:
    """What was handed out already, if it can still be used."""
    if live.method == "h5" and (live.ordered_at is None or now - live.ordered_at > H5_LIFE):
        return None
    found = Prepaid(live.prepay_id or "", live.code_url or "", live.h5_url or "")
    return found if any((found.prepay_id, found.code_url, found.h5_url)) else None


def attempt_of(
    uow: UnitOfWork, payable: Payable, payment: Payment, payer: Payer, *, first: bool = False, wanted: bool = True
) -> Attempt:
    merchant = uow.get(Merchant, payment.merchant_id, called="这个商户号")
    wanted_order = Order(
        payment.out_trade_no, payment.app_id, payment.method, payment.openid, payment.fen, payable.title,
        payment.expires_at or uow.now, payer.client_ip,
    )  # fmt: skip
    prepaid = ready(payment, uow.now) if wanted else None
    return Attempt(payment.id, keys_of(merchant), wanted_order, prepaid, first, wanted)


def order(runtime: Runtime, gateway: Gateway, attempt: Attempt) -> Prepaid:
    """Ask the platform to take the order, and write down what it said."""
    try:
        prepaid = gateway.order(attempt.merchant, attempt.order)
    except AlreadyPaid:
        learn(runtime, gateway, attempt.payment_id)
        raise PaidAlready("已经付过了，不用再付") from None
    except Unsure as error:
        doubt(runtime, attempt.payment_id, str(error))
        raise NotSure("微信支付没有及时回应，请稍等一分钟再试，不会重复扣款") from error
    except Declined as error:
        turned_down(runtime, attempt, error)
        raise PayRefused(f"微信支付没有受理：{error.words}") from error
    with runtime.transaction() as uow:
        note_ordered(uow, attempt.payment_id, prepaid)
    return prepaid


def note_ordered(uow: UnitOfWork, payment_id: str, prepaid: Prepaid) -> None:
    """The platform took the order.

    :raises PaidAlready: money has come meanwhile; :raises Conflict: it was closed meanwhile
    """
    payment = uow.get(Payment, payment_id, called="这笔付款", lock=True)
    if payment.status in TAKEN:
        raise PaidAlready("已经付过了，不用再付")
    if payment.status not in LIVE:
        raise Conflict("这笔付款已经关闭，请重新付款")
    if payment.status is not PaymentStatus.PENDING:
        PAYMENTS.move(payment, "order", PROGRAM.role)
    payment.prepay_id, payment.code_url = prepaid.prepay_id or None, prepaid.code_url or None
    payment.h5_url, payment.ordered_at, payment.error = prepaid.h5_url or None, uow.now, ""
    if payment.unwanted_at is None:
        payment.query_at = next_look(payment.asked_at or uow.now, payment.expires_at or uow.now, uow.now)


def doubt(runtime: Runtime, payment_id: str, error: str) -> None:
    """No certain answer: it is asked for until there is one."""
    with runtime.transaction() as uow:
        note_unsure(uow, uow.get(Payment, payment_id, called="这笔付款", lock=True), error)


def turned_down(runtime: Runtime, attempt: Attempt, error: Declined) -> None:
    """The platform does not take it. Only the first try proves that there is nothing there."""
    if not attempt.first:
        doubt(runtime, attempt.payment_id, error.code)
        return
    with runtime.transaction() as uow:
        payment = uow.get(Payment, attempt.payment_id, called="这笔付款", lock=True)
        if payment.status is PaymentStatus.CREATED:
            PAYMENTS.move(payment, "close", PROGRAM.role)
            payment.query_at, payment.error = None, error.code


def make_room(runtime: Runtime, gateway: Gateway, payment_id: str) -> None:
    """Close somebody else's attempt, so that two can never be paid.

    :raises PaidAlready: it was paid meanwhile; :raises NotSure, Conflict: it cannot be said yet
    """
    said = close(runtime, gateway, payment_id)
    if said is Closing.PAID:
        raise PaidAlready("已经付过了，不用再付")
    if said is Closing.TOO_SOON:
        raise Conflict(f"另一台手机刚刚发起付款，请过 {int(GRACE.total_seconds())} 秒再试")
    if said is Closing.UNSURE:
        raise NotSure("上一笔付款还没有结果，请稍等一分钟再试，不会重复扣款")


def cashier(gateway: Gateway, attempt: Attempt, prepaid: Prepaid) -> Cashier:
    """What the device is given; signing makes no call."""
    asked = attempt.order
    params = gateway.client_params(attempt.merchant, asked.app_id, prepaid.prepay_id) if asked.method == "jsapi" else {}
    return Cashier(
        attempt.payment_id, asked.number, asked.method, asked.fen, asked.title, asked.expires_at, params,
        prepaid.code_url, prepaid.h5_url,
    )  # fmt: skip


def close_open(runtime: Runtime, gateway: Gateway, payable_id: str) -> None:
    """Close whatever attempt is open, so that it can be paid another way: in cash.

    :raises PaidAlready, NotSure, Conflict: as `make_room`
    """
    with runtime.transaction() as uow:
        live = live_payment(uow, payable_id)
    if live is not None:
        make_room(runtime, gateway, live.id)


def withdraw(runtime: Runtime, gateway: Gateway, payable_id: str, *, by: Actor, why: str) -> bool:
    """Void a payable, its open payment closed at the platform before; False when it turns out to be paid, and then it stands.

    What cannot be said for certain is closed by the next look; money that comes all the same goes back by itself.
    """
    with runtime.transaction() as uow:
        live = live_payment(uow, payable_id)
    if live is not None and close(runtime, gateway, live.id) is Closing.PAID:
        return False
    with runtime.transaction() as uow:
        payable = uow.get(Payable, payable_id, called="这笔账单", lock=True)
        if payable.status in (PayableStatus.PAID, PayableStatus.REFUNDED):
            return False
        void(uow, payable_id, by=by, why=why)
    return True
