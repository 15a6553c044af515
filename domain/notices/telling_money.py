"""Telling of money: prices to agree to, bills, payments and refunds. From an event to a row of `domain.notices.of_money`."""

from __future__ import annotations

from collections.abc import Sequence

from domain.customers.queries import contacts_of, phones_of
from domain.engineers.model import Engineer
from domain.kit.actors import Role
from domain.kit.money import Money
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.notices import of_money
from domain.notices.facts import Facts, facts_of
from domain.notices.markup import line as menu_line
from domain.notices.rows import Notice
from domain.notices.saying import (
    NO_CHAT,
    Addressee,
    Circumstances,
    customer_of,
    engineer,
    has_left,
    is_official,
    reached_by,
    say,
)
from domain.notices.telling_feedback import with_menu
from domain.organizations.model import Brand
from domain.payments.events import PayablePaid, RefundApproved, RefundAsked, RefundFailed, RefundSucceeded
from domain.payments.lifecycle import RefundStatus
from domain.payments.links import PAGE
from domain.payments.model import Payable, Refund
from domain.payments.reasons import REFUND_REASONS
from domain.pricing.events import (
    BillCancelled,
    BillIssued,
    BillReminderDue,
    QuoteAsked,
    QuoteClosed,
    QuoteConfirmed,
    QuoteRejected,
    QuoteReminderDue,
)
from domain.pricing.fee_facts import CUSTOMER, PAYERS, Line
from domain.pricing.lifecycle import BillStatus, QuoteStatus
from domain.pricing.links import path_to_bill, path_to_quote
from domain.pricing.model import Bill, Quote
from domain.pricing.queries import lines_of
from domain.work_orders.model import WorkOrder
from domain.work_orders.visits import standing_visit

HOLDS = (QuoteStatus.ASKED, QuoteStatus.CONFIRMED)
"""Of what holds no more is told however old it is."""
MOST = 12
"""Lines of a message people read; the page has all of them."""


def ask_about_quote(uow: UnitOfWork, event: QuoteAsked) -> None:
    """The customer is asked, with every line, what each pays, and what a no costs."""
    quote = uow.get(Quote, event.quote_id, called="这份报价")
    if quote.status is not QuoteStatus.ASKED:
        return
    changed = quote.version > 1
    tell_quote(uow, quote, *((of_money.CHANGED, of_money.CHANGED_PLAIN) if changed else (of_money.ASKED, of_money.ASKED_PLAIN)))  # fmt: skip


def remind_of_quote(uow: UnitOfWork, event: QuoteReminderDue) -> None:
    quote = uow.get(Quote, event.quote_id, called="这份报价")
    if quote.status is QuoteStatus.ASKED:
        minutes = str(int((uow.now - quote.asked_at).total_seconds() // 60))
        tell_quote(uow, quote, of_money.REMIND, of_money.REMIND, n=minutes)


def tell_of_answer(uow: UnitOfWork, event: QuoteConfirmed) -> None:
    """The engineer hears of a yes that was said elsewhere; the customer that nothing is to be paid, or what was agreed to on the
    engineer's phone."""
    quote = uow.get(Quote, event.quote_id, called="这份报价")
    if event.by_itself:
        if quote.lines:
            tell_quote(uow, quote, of_money.FREE, of_money.FREE)
        return
    if quote.answered_via == "engineer":
        tell_quote(uow, quote, of_money.AGREED_THERE, of_money.AGREED_THERE)
    tell_engineer(uow, quote, of_money.AGREED)


def tell_of_no(uow: UnitOfWork, event: QuoteRejected) -> None:
    tell_engineer(uow, uow.get(Quote, event.quote_id, called="这份报价"), of_money.REFUSED)


def tell_of_expiry(uow: UnitOfWork, event: QuoteClosed) -> None:
    quote = uow.get(Quote, event.quote_id, called="这份报价")
    if event.how == "expired":
        tell_quote(uow, quote, of_money.EXPIRED, of_money.EXPIRED)


def tell_of_fall(uow: UnitOfWork, event: QuoteClosed) -> None:
    """A card was given back: customer and engineer hear that the price does not hold any more."""
    if event.how == "fallen":
        quote = uow.get(Quote, event.quote_id, called="这份报价")
        tell_quote(uow, quote, of_money.FALLEN, of_money.FALLEN)
        tell_engineer(uow, quote, of_money.ASK_ANEW, always=True)


def tell_quote(uow: UnitOfWork, quote: Quote, menu: Notice, plain: Notice, **keys: str) -> None:
    order = uow.get(WorkOrder, quote.work_order_id, called="这张工单")
    whom, facts = customer_of(uow, order), facts_of(uow, order, quote=quote.id, **keys)
    facts.add_amount(Money(quote.customer_fen))
    facts.words |= {
        "lines": "\n".join(shown(lines_of(quote))), "version": str(quote.version), "menu": answer_menu(quote.id),
        "declined": declined_words(quote.declined_fen),
    }  # fmt: skip
    how = Circumstances(
        path=path_to_quote(uow, quote), subject_id=order.id,
        stale_at=max(quote.expires_at, uow.now) if quote.status in HOLDS else None,
    )  # fmt: skip
    say(uow, with_menu(uow, whom, menu, plain), whom, facts, how)


def tell_engineer(uow: UnitOfWork, quote: Quote, notice: Notice, *, always: bool = False) -> None:
    """Whoever is there or will be; not of an answer that was given on his own phone, unless ``always``."""
    visit = standing_visit(uow, quote.work_order_id)
    comes = uow.session.get(Engineer, visit.engineer_id) if visit and visit.engineer_id else None
    if comes is None or (quote.answered_via == "engineer" and not always):
        return
    order = uow.get(WorkOrder, quote.work_order_id, called="这张工单")
    facts = facts_of(uow, order, quote=quote.id)
    facts.add_amount(Money(quote.customer_fen))
    say(uow, notice, engineer(comes), facts, Circumstances(subject_id=order.id))


def shown(lines: Sequence[Line]) -> list[str]:
    """Each line in words: 更换压缩机 ¥280.00（客户付）. What a share leaves to the brand is a line of its own."""
    told = [f"· {one.title} {Money(one.fen)}{payer_words(one)}" for one in lines]
    return told if len(told) <= MOST else [*told[: MOST - 1], f"· 还有 {len(told) - MOST + 1} 项，请点开看"]


def payer_words(line: Line) -> str:
    if line.payer == CUSTOMER:
        return "" if line.fen else "（免费）"
    return f"（{PAYERS[line.payer]}，您不用付）"


def declined_words(fen: int) -> str:
    return f"不修的话，只收上门检测费 {Money(fen)}。" if fen else "不修也不收费。"


def answer_menu(quote_id: str) -> str:
    return f"{menu_line('同意', '同意，开始做', f'q{quote_id}-1')}\n{menu_line('不同意', '不同意', f'q{quote_id}-0')}"


def tell_of_bill(uow: UnitOfWork, event: BillIssued) -> None:
    """What is owed and where to pay, or that nothing is."""
    bill = uow.get(Bill, event.bill_id, called="这张账单")
    if bill.status in (BillStatus.ISSUED, BillStatus.NOTHING):
        tell_bill(uow, bill, of_money.BILL if bill.status is BillStatus.ISSUED else of_money.NOTHING)


def remind_of_bill(uow: UnitOfWork, event: BillReminderDue) -> None:
    bill = uow.get(Bill, event.bill_id, called="这张账单")
    if bill.status is BillStatus.ISSUED:
        tell_bill(uow, bill, of_money.UNPAID[event.days])


def tell_of_cancelled_bill(uow: UnitOfWork, event: BillCancelled) -> None:
    tell_bill(uow, uow.get(Bill, event.bill_id, called="这张账单"), of_money.CANCELLED)


def tell_bill(uow: UnitOfWork, bill: Bill, notice: Notice) -> None:
    order = uow.get(WorkOrder, bill.work_order_id, called="这张工单")
    facts = facts_of(uow, order, bill=bill.id)
    facts.add_amount(Money(bill.due_fen))
    before = [f"· 之前已付 {Money(bill.before_fen)}"] if bill.before_fen else []
    facts.words["lines"] = "\n".join([*shown(lines_of(bill)), *before])
    say(
        uow, notice, customer_of(uow, order), facts,
        Circumstances(path=path_to_bill(uow, bill), subject_id=order.id),
    )  # fmt: skip


def tell_of_payment(uow: UnitOfWork, event: PayablePaid) -> None:
    """The money is here; of what cost nothing there is nothing to say."""
    if event.payment_id:
        tell_of_money(uow, event.payable_id, of_money.PAID, None)


def tell_of_refund(uow: UnitOfWork, event: RefundApproved | RefundSucceeded | RefundFailed) -> None:
    """On its way, there, or not taken by the bank. A no to what staff asked for is told by whoever said it; a no to what the
    customer was told of is told."""
    refund = uow.get(Refund, event.refund_id, called="这笔退款")
    if isinstance(event, RefundFailed):
        no = of_money.REFUND_NOT if event.how == "rejected" and is_a_no(refund) else None
        notice = of_money.REFUND_STUCK if event.how == "abnormal" else no
    else:
        notice = of_money.REFUND_SENT if isinstance(event, RefundApproved) else of_money.REFUNDED
    if notice:
        tell_of_money(uow, event.payable_id, notice, refund)


def tell_of_asked_refund(uow: UnitOfWork, event: RefundAsked) -> None:
    """Money we ask back for the customer ourselves, which waits for somebody's yes."""
    refund = uow.get(Refund, event.refund_id, called="这笔退款")
    if refund.status is RefundStatus.ASKED and refund.by_itself:
        tell_of_money(uow, event.payable_id, of_money.REFUND_ASKED, refund)


def is_a_no(refund: Refund) -> bool:
    """Somebody decided against what nobody of the staff had asked for; what a program takes back it asks for anew."""
    return refund.by_itself and not refund.decided_by.startswith(f"{Role.SYSTEM}:")


def tell_of_money(uow: UnitOfWork, payable_id: str, notice: Notice, refund: Refund | None) -> None:
    payable = uow.get(Payable, payable_id, called="这笔应付")
    order = uow.session.get(WorkOrder, payable.work_order_id) if payable.work_order_id else None
    facts = facts_of(uow, order) if order else facts_without_order(uow, payable)
    facts.keys |= {"payable": payable.id, "refund": refund.id if refund else ""}
    facts.add_amount(Money(refund.fen if refund else payable.due_fen))
    facts.words |= {"item": payable.title, "why": REFUND_REASONS.get(refund.reason_code, "") if refund else ""}
    facts.values |= {"item": payable.title[:20], "paper": payable.id.upper()}
    subject = order.id if order else payable.of_id
    how = Circumstances(path=f"{PAGE}{payable.id}", subject_id=subject)
    if order:
        say(uow, notice, customer_of(uow, order), facts, how)
        return
    chats = [one for one in contacts_of(uow, payable.customer_id) if not has_left(one)]
    chats.sort(key=lambda one: (not is_official(uow, one.account_id), one.first_heard_at))
    phone = next((one.number for one in phones_of(uow, payable.customer_id) if one.verified_at), "")
    every = [(one.account_id, one.openid) for one in chats]
    by_phone = Addressee(NO_CHAT, payable.customer_id, phone=phone)
    say(uow, notice, reached_by(uow, every[0], every, phone) if every else by_phone, facts, how)


def facts_without_order(uow: UnitOfWork, payable: Payable) -> Facts:
    """What was bought by itself: a contract, a card."""
    brand = uow.session.get_one(Brand, payable.brand_id)
    now = uow.now.astimezone(SHANGHAI).strftime("%Y年%-m月%-d日 %H:%M")
    words = {"brand": brand.name, "hotline": brand.hotline, "number": "-", "service": payable.title}
    values = {
        "brand": brand.name,
        "hotline": brand.hotline,
        "number": payable.id.upper(),
        "service": payable.title[:20],
    }
    return Facts(words, values | {"time": now, "when": now, "window": "-", "engineer": "-"}, {"order": ""})
