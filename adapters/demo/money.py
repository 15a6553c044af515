"""What became of the demo's bills: paid in WeChat and in cash, some not yet, some given back, invoices, cash handed in.

The platform's side is told as its notices tell it, and taken in by the same functions; nobody is called while the demo loads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlalchemy import select

from domain.access.model import Staff
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations.model import Account
from domain.payments import paying
from domain.payments.cash import hand_in, receipts_held, take_cash
from domain.payments.gateway import Notice, Prepaid, RefundNews, Trade
from domain.payments.invoices import issue_invoice, request_invoice
from domain.payments.lifecycle import PaymentStatus
from domain.payments.model import Merchant, Payment, Refund
from domain.payments.noticing import take_notice
from domain.payments.operations import approve_refund, ask_refund, pay_out_refund
from domain.pricing import billing
from domain.pricing.lifecycle import BillStatus
from domain.pricing.model import Bill
from domain.work_orders.model import Visit, WorkOrder

UNPAID, OVERDUE = 2, timedelta(days=4)
"""So many of the last bills are not paid yet, and one that is older than this."""
CASH = 3
"""Every so many-th bill is paid in cash."""
LATE = 2
"""So many of those who pay in WeChat did so yesterday evening: yesterday's bills are not empty."""
AT_THE_DOOR, KEPT_FOR = timedelta(minutes=8), timedelta(days=5)
"""When most people pay, and how long engineers keep cash."""
COMPANY = ("佛山市顺德区云端装饰有限公司", "91440606MA5DEMO01X", "caiwu@example.com")
PERSON = ("个人", "", "kehu@example.com")
NUMBER = "26442000000012345678"


class NotDone(Exception):
    """The demo's platform told of something that does not fit our books."""


@dataclass(frozen=True)
class Till:
    """Who takes WeChat's money for the brand: its merchant, and the app people pay in."""

    merchant: Merchant
    app_id: str


def load(uow: UnitOfWork, brand_id: str, agent: Actor) -> None:
    """Everything that was paid, asked for and given back up to now."""
    found = select(Bill).join(WorkOrder, WorkOrder.id == Bill.work_order_id).where(
        WorkOrder.brand_id == brand_id, Bill.status == BillStatus.ISSUED
    )  # fmt: skip
    bills = uow.session.scalars(found.order_by(Bill.issued_at, Bill.id)).all()
    clerk = Actor(Role.STAFF, uow.session.scalars(select(Staff.id).filter_by(username="settlement")).one())
    old = [one for one in bills[:-UNPAID] if one.issued_at < uow.now - OVERDUE]
    unpaid = {*(one.id for one in bills[-UNPAID:]), *(one.id for one in old[-1:])}
    till = till_of(uow, brand_id)
    online = [one for place, one in enumerate(bills) if till and place % CASH and one.id not in unpaid]
    late = {one.id for one in online[-LATE:]}
    for place, bill in enumerate(bills):
        if bill.id in unpaid:
            remind(uow, bill)
        elif till is None or bill not in online or bill.issued_at >= midnight(uow):
            pay_in_cash(uow, bill)
        else:
            evening = midnight(uow) - timedelta(hours=4, minutes=11 * place)
            pay_in_wechat(uow, bill, till, place, evening if bill.id in late else bill.issued_at)
    paid = [one for one in bills if one.status is BillStatus.PAID]
    give_back(uow, [one for one in paid if one.issued_at > uow.now - 4 * OVERDUE], till, agent, clerk)
    invoice(uow, paid[:2], clerk)
    hand_cash_in(uow, clerk)


def till_of(uow: UnitOfWork, brand_id: str) -> Till | None:
    """None where no merchant is set up: then everybody pays in cash."""
    merchant = uow.session.scalars(select(Merchant).filter_by(brand_id=brand_id)).first()
    apps = select(Account.app_id).filter_by(brand_id=brand_id, kind="official_account")
    app_id = uow.session.scalars(apps).first()
    return Till(merchant, app_id) if merchant and app_id in merchant.app_ids else None


def later(uow: UnitOfWork, at: datetime) -> UnitOfWork:
    """At that moment, but not later than a minute ago."""
    return replace(uow, now=min(at, uow.now - timedelta(minutes=1)))


def midnight(uow: UnitOfWork) -> datetime:
    """When today began. Nobody has paid in WeChat since: the platform's bill of today has nothing of the demo."""
    return datetime.combine(uow.today, time(0), SHANGHAI)


def remind(uow: UnitOfWork, bill: Bill) -> None:
    """As often as it was due by now."""
    while bill.remind_at is not None and bill.remind_at <= uow.now:
        billing.remind(replace(uow, now=bill.remind_at), bill.id)


def pay_in_cash(uow: UnitOfWork, bill: Bill) -> None:
    """To the engineer, at the door."""
    then = later(uow, bill.issued_at + AT_THE_DOOR)
    engineer_id = uow.get(Visit, bill.visit_id, called="这次上门").engineer_id or ""
    take_cash(then, bill.payable_id, engineer_id, bill.due_fen, by=Actor(Role.ENGINEER, engineer_id))
    billing.note_paid(then, bill.id)


def pay_in_wechat(uow: UnitOfWork, bill: Bill, till: Till, place: int, at: datetime) -> None:
    """On the bill's page, soon after ``at``: ordered at the platform, and its notice taken in.

    :raises NotDone: the notice does not fit
    """
    started = later(uow, max(at, bill.issued_at) + AT_THE_DOOR)
    order = uow.get(WorkOrder, bill.work_order_id, called="这张工单")
    payer = paying.Payer("jsapi", till.app_id, f"o-demo-{order.customer_id}")
    attempt = paying.prepare(started, bill.payable_id, payer, by=Actor(Role.CUSTOMER, order.customer_id))
    paying.note_ordered(started, attempt.payment_id, Prepaid(prepay_id=f"wx{attempt.order.number}"))
    paid_at = (started.now + timedelta(seconds=20 + place)).replace(microsecond=0)
    trade = Trade(
        attempt.order.number, "SUCCESS", till.merchant.mch_id, till.app_id, f"4200002{paid_at:%Y%m%d}{place:013d}",
        bill.due_fen, "CNY", payer.openid, paid_at,
    )  # fmt: skip
    then = replace(uow, now=paid_at + timedelta(seconds=1))
    tell(then, till, Notice(f"demo-paid-{bill.id}", "TRANSACTION.SUCCESS", {}, trade=trade))
    billing.note_paid(then, bill.id)


def tell(uow: UnitOfWork, till: Till, notice: Notice) -> None:
    """:raises NotDone: it does not fit our books"""
    outcome, words = take_notice(uow, notice, merchant_id=till.merchant.id)
    if outcome != "done":
        raise NotDone(f"{notice.id}: {outcome} {words}")


# Money back


def give_back(uow: UnitOfWork, paid: Sequence[Bill], till: Till | None, agent: Actor, clerk: Actor) -> None:
    """A refund that somebody has to agree to, and one that the customer has."""
    by_method = {method: [one for one in paid if payment_of(uow, one).method == method] for method in ("cash", "jsapi")}
    waiting = next(iter(by_method["cash"]), None)
    if waiting is not None:
        ask_refund(
            replace(uow, now=uow.now - timedelta(hours=3)), waiting.payable_id, waiting.due_fen // 2, by=agent,
            reason_code="quality", why="修后第三天又出现同样的问题，客户要求退一半人工费", needs_yes=True,
        )  # fmt: skip
    done = next((one for one in by_method["jsapi" if till else "cash"] if one is not waiting), None)
    if done is None:
        return
    then = later(uow, paid_at(uow, done) + timedelta(hours=20))
    refund = ask_refund(
        then, done.payable_id, min(done.due_fen, 2_000), by=agent, reason_code="goodwill", why="师傅晚到一小时，协商退 20 元",
        needs_yes=True,
    )  # fmt: skip
    then = later(uow, then.now + timedelta(hours=2))
    approve_refund(then, refund.id, by=clerk)
    if till:
        sent_back(then, refund, payment_of(uow, done), till)
    else:
        pay_out_refund(then, refund.id, by=clerk, out_of="bank", why="转账至客户本人银行卡")


def sent_back(uow: UnitOfWork, refund: Refund, payment: Payment, till: Till) -> None:
    """The platform took it, and told when the customer had the money."""
    news = RefundNews(
        refund.id, f"5030000{uow.now:%Y%m%d}0001", "SUCCESS", refund.fen, payment.out_trade_no, till.merchant.mch_id,
        uow.now, (uow.now + timedelta(seconds=40)).replace(microsecond=0),
    )  # fmt: skip
    then = replace(uow, now=uow.now + timedelta(seconds=45))
    tell(then, till, Notice(f"demo-refund-{refund.id}", "REFUND.SUCCESS", {}, refund=news))


def paid_at(uow: UnitOfWork, bill: Bill) -> datetime:
    return payment_of(uow, bill).paid_at or bill.issued_at


def payment_of(uow: UnitOfWork, bill: Bill) -> Payment:
    taken = (PaymentStatus.PAID, PaymentStatus.REFUNDING, PaymentStatus.REFUNDED)
    found = select(Payment).where(Payment.payable_id == bill.payable_id, Payment.status.in_(taken))
    return uow.session.scalars(found).one()


# Papers


def invoice(uow: UnitOfWork, paid: Sequence[Bill], clerk: Actor) -> None:
    """One issued the next day, one asked for this morning."""
    for place, bill in enumerate(paid):
        first = later(uow, paid_at(uow, bill) + timedelta(hours=4) if place == 0 else uow.now - timedelta(hours=2))
        order = uow.get(WorkOrder, bill.work_order_id, called="这张工单")
        title, tax_number, email = (COMPANY, PERSON)[place]
        made = request_invoice(
            first, bill.payable_id, title=title, tax_number=tax_number, email=email,
            by=Actor(Role.CUSTOMER, order.customer_id),
        )  # fmt: skip
        if place == 0:
            issue_invoice(later(uow, first.now + timedelta(hours=20)), made.id, number=NUMBER, by=clerk)


def hand_cash_in(uow: UnitOfWork, clerk: Actor) -> None:
    """What engineers took longer ago than they keep it; the rest is still in their hands."""
    for engineer_id, receipts in sorted(receipts_held(uow).items()):
        old = [one for one in receipts if one.taken_at < uow.now - KEPT_FOR]
        if old:
            then = later(uow, old[-1].taken_at + KEPT_FOR)
            hand_in(then, engineer_id, [one.number for one in old], sum(one.fen for one in old), by=clerk)
