"""账单、付款、发票: how what the customer owes stands, with a link to the page where it is seen, paid, or an invoice asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from bot.flow import Answers, Flow
from bot.talk import Talk
from domain.kit.actors import system
from domain.kit.money import Money
from domain.notices.operations import Why, queue_message
from domain.organizations.model import OFFICIAL_ACCOUNT
from domain.payments.invoices import kept_of, live_invoice
from domain.payments.lifecycle import INVOICES, PAYABLES, PayableStatus
from domain.payments.links import PAY, path_to_pay
from domain.payments.model import Payable
from domain.payments.queries import PayableSeen, payables_for
from domain.pricing.lifecycle import BillStatus
from domain.pricing.links import path_to_bill
from domain.pricing.queries import bill_title, live_bill
from domain.work_orders.numbers import spoken
from domain.work_orders.queries import orders_of

BOT, AFTER_REPLY = system("bot"), timedelta(seconds=1)
AIMS = (("invoice", re.compile(r"票")), ("pay", re.compile(r"付|缴")))
"""What is said → what is wanted; anything else is the bill."""
NO_BILL = "您名下还没有账单。师傅做完才有，会发到这里；没经您同意的费用不用付。"
NOTHING_OPEN = "您现在没有要付的款。"
NOT_PAID_YET = "付款以后才能开发票。"
NOTHING_PAID = "您名下没有付过款的单子，开不了发票。买产品的发票请找购买的商家。"


def tell(talk: Talk, answers: Answers) -> str:
    seen = payables_for(talk.uow, talk.contact.customer_id) if talk.contact.customer_id else []
    wanted = next((name for name, words in AIMS if words.search(talk.said)), "bill")
    return TELL[wanted](talk, seen)


def tell_bill(talk: Talk, seen: Sequence[PayableSeen]) -> str:
    """Of the newest order that has one; else of the newest thing that was bought."""
    for order in orders_of(talk.uow, talk.contact.customer_id, limit=5):
        if bill := live_bill(talk.uow, order.id):
            words = f"工单 {spoken(order.number)} 的账单 {Money(bill.due_fen)}，{bill_title(bill)}。"
            tip = "点这里看明细、付款" if bill.status is BillStatus.ISSUED else "点这里看明细"
            return linked(talk, words, tip, path_to_bill(talk.uow, bill))
    if not seen:
        return NO_BILL
    return linked(talk, standing(seen[0]), "点这里看账单", path_to_pay(talk.uow, payable(talk, seen[0])))


def tell_pay(talk: Talk, seen: Sequence[PayableSeen]) -> str:
    """The newest that is still to pay."""
    one = next((one for one in seen if one.open_fen), None)
    if one is None:
        return NOTHING_OPEN + (f"最近一笔：{standing(seen[0])}" if seen else "")
    return linked(talk, standing(one), "点这里付款", path_to_pay(talk.uow, payable(talk, one)))


def tell_invoice(talk: Talk, seen: Sequence[PayableSeen]) -> str:
    """Of the newest that was paid: how the request for it stands, or where to ask."""
    one = next(
        (one for one in seen if one.status is PayableStatus.PAID and kept_of(talk.uow, payable(talk, one))), None
    )
    if one is None:
        owed = any(one.open_fen for one in seen)
        return f"{NOT_PAID_YET}{tell_pay(talk, seen)}" if owed else NOTHING_PAID
    if asked := live_invoice(talk.uow, one.id):
        return f"{one.title}（{Money(one.paid)}）的发票：{INVOICES.titles[asked.status]}，会发到您填的邮箱。"
    words = f"{one.title}已付 {Money(one.paid)}，可以开电子发票。"
    if (
        talk.voice.kind != OFFICIAL_ACCOUNT
    ):  # the page is for whoever is signed in, and signs in the official account's people
        return f"{words}请在小程序“我的 → 账单”里申请。"
    return linked(talk, words, "点这里填抬头和邮箱", f"{PAY.page}{one.id}/invoice")


TELL: Mapping[str, Callable[[Talk, Sequence[PayableSeen]], str]] = {
    "bill": tell_bill, "pay": tell_pay, "invoice": tell_invoice,
}  # fmt: skip


def standing(one: PayableSeen) -> str:
    return f"{one.title} {Money(one.due)}，{PAYABLES.titles[one.status]}。"


def payable(talk: Talk, one: PayableSeen) -> Payable:
    return talk.uow.get(Payable, one.id, called="这笔款")


def linked(talk: Talk, words: str, tip: str, path: str) -> str:
    """The link follows as a message: whoever sends it knows where people reach this server."""
    queue_message(
        talk.uow, account_id=talk.contact.account_id, recipient=talk.contact.openid, why=Why.REPLY, author=BOT,
        text=f"{tip}：{{link}}", path=path, not_before=talk.uow.now + AFTER_REPLY,
    )  # fmt: skip
    return f"{words}链接马上发给您。"


flow = Flow(
    name="bill",
    rank=74,
    title="我的账单",
    said=["账单", "付款", "发票", "开票", "缴费", "查账单", "我的账单", "怎么付款", "去付款", "开发票", "我的发票"],
    aside=True,
    questions=[],
    submit=tell,
    confirms=lambda talk, answers: False,
)
