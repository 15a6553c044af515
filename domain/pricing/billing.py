"""The bill of a finished visit: the customer's lines of the confirmed quote that the signed sheet still has, and never more.

A sheet that is finished again is billed again: the bill before it is void, or, where it was paid, the difference is asked for or
given back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import func, select

from domain.access import trail
from domain.catalog.categories import TITLES as CATEGORIES
from domain.catalog.codes import code_key
from domain.cover.cards import cards_for
from domain.kit.actors import Actor, system
from domain.kit.put_off import is_not
from domain.kit.unit_of_work import UnitOfWork
from domain.payments import operations as payments
from domain.payments.lifecycle import TAKEN, PayableStatus, RefundStatus
from domain.payments.model import Payable
from domain.payments.queries import payments_of, refunds_of
from domain.payments.shares import Share, take
from domain.pricing import on_site
from domain.pricing.events import BillIssued, BillOff, BillPaid, BillReminderDue
from domain.pricing.fee_facts import CARD, PART, Facts, Line, total
from domain.pricing.fees import price_declined
from domain.pricing.lifecycle import BILLS, BillStatus, QuoteStatus
from domain.pricing.model import Bill, Quote
from domain.pricing.queries import bills_of_order, lines_of, quotes_of_order
from domain.pricing.rules import billed, split_by_account
from domain.service_sheets.facts import Values, to_pay
from domain.service_sheets.model import ServiceSheet
from domain.service_sheets.registers import below, registers_of, values_of
from domain.work_orders.kinds import TITLES
from domain.work_orders.lifecycle import OrderStatus
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken

PROGRAM = system("pricing")
REMIND_AFTER_DAYS = (1, 3, 7)
WORK, DECLINED = "work", "declined"
OFF: Mapping[str, str] = {
    "no_quote": "完工的服务单上有收费，但客户没有确认过报价：没有出账单",
    "sheet_above": "服务单上的收费比客户确认的报价多：只按确认的报价出账单",
    "card_back": "服务单上有项目记着由服务卡付，这张卡已经退回：这些项目没有人付，请与客户核对",
}
"""Code → what staff are told."""


def bill_visit(uow: UnitOfWork, visit_id: str) -> Bill | None:
    """Bill a visit that ended as finished; again changes nothing. None where there is nothing to bill by, or nobody who owes:
    the order was cancelled before this was heard (`domain.pricing.ending`).

    Of a visit that is no longer finished, the bill nobody has paid is void.
    """
    sheet = uow.session.get(ServiceSheet, visit_id)
    if sheet is None:
        return None
    order = uow.get(WorkOrder, sheet.work_order_id, called="这张工单", lock=True)
    on_site.take_in(uow, visit_id)
    if order.status is OrderStatus.CANCELLED:
        return None
    sheet = uow.get(ServiceSheet, visit_id, called="这张服务单")
    if sheet.outcome != "finished":
        take_back(uow, order, visit_id, "服务单重新打开")
        return None
    values = values_of(registers_of(uow, visit_id))
    if not cards_for(uow, order) and any(fee["payer"] == CARD for fee in below(values, "fee").values()):
        uow.emit(BillOff(order.id, visit_id, "card_back"))
    quote, kind = quote_to_bill(uow, order.id)
    if quote is None:
        if to_pay(values):
            uow.emit(BillOff(order.id, visit_id, "no_quote"))
        return None
    lines = lines_to_bill(quote, kind, [*sheets_before(uow, quote, visit_id), values])
    if total(lines) < to_pay(values):
        uow.emit(BillOff(order.id, visit_id, "sheet_above"))
    return issue(uow, order, visit_id, quote, kind, lines)


def quote_to_bill(uow: UnitOfWork, order_id: str) -> tuple[Quote | None, str]:
    """What was confirmed; else the last that was said no to."""
    every = quotes_of_order(uow, order_id)
    confirmed = next((one for one in every if one.status is QuoteStatus.CONFIRMED), None)
    if confirmed is not None:
        return confirmed, WORK
    return next((one for one in every if one.status is QuoteStatus.REJECTED), None), DECLINED


def sheets_before(uow: UnitOfWork, quote: Quote, visit_id: str) -> list[Values]:
    """The sheets of earlier visits that were finished and billed by the same yes: whoever comes again to put something right
    does not write down anew what was done then, and it is paid for once."""
    wanted = (
        select(ServiceSheet.visit_id)
        .join(Bill, Bill.visit_id == ServiceSheet.visit_id)
        .where(Bill.quote_id == quote.id, Bill.visit_id != visit_id, ServiceSheet.outcome == "finished")
    )
    return [values_of(registers_of(uow, one)) for one in uow.session.scalars(wanted.distinct())]


def lines_to_bill(quote: Quote, kind: str, sheets: Sequence[Values]) -> tuple[Line, ...]:
    """Of the sheets that were signed; of a no, what coming and looking costs, as the quote said it."""
    if kind == DECLINED:
        return tuple(one for one in price_declined(Facts.from_json(quote.facts)).lines if one.payer == "customer")
    return billed(lines_of(quote), fees_on_sheets(lines_of(quote), sheets), parts_on_sheets(lines_of(quote), sheets))


def fees_on_sheets(lines: Sequence[Line], sheets: Sequence[Values]) -> dict[str, int]:
    """Key of a quote's line → what the sheets say the customer pays for it. A sheet may name a line by its row's code alone."""
    by_code = {one.code: one.key for one in lines if one.payer == "customer"}
    found: dict[str, int] = {}
    for fee in (one for values in sheets for one in below(values, "fee").values()):
        if fee["payer"] == "customer":
            code = str(fee["code"])
            key = by_code.get(code, code)
            found[key] = found.get(key, 0) + int(fee["fen"])
    return found


def parts_on_sheets(lines: Sequence[Line], sheets: Sequence[Values]) -> dict[str, int]:
    own = {code_key(one.code): one.code for one in lines if one.kind == PART}
    found: dict[str, int] = {}
    for part in (one for values in sheets for one in below(values, "part").values()):
        code = own.get(code_key(str(part["part_code"])), "")
        found[code] = found.get(code, 0) + 1000 * int(part["quantity"])
    return found


def issue(uow: UnitOfWork, order: WorkOrder, visit_id: str, quote: Quote, kind: str, lines: Sequence[Line]) -> Bill:
    """Issue the bill, unless the one that counts says the same. What was paid before is taken off, or given back."""
    sums = total(lines)
    last = newest_bill(uow, order.id)
    if last is not None and last.status is not BillStatus.VOID and same(last, quote, kind, lines):
        return last
    paid_before = void_or_keep(uow, order, visit_id, quote, sums)
    number = uow.session.scalar(select(func.max(Bill.version)).filter_by(work_order_id=order.id)) or 0
    made = Bill(
        id=uow.new_id("bi"), work_order_id=order.id, visit_id=visit_id, version=number + 1, kind=kind, quote_id=quote.id,
        confirmed_fen=quote.customer_fen, declined_fen=quote.declined_fen, status=BILLS.start,
        lines=[one.to_json() for one in lines], total_fen=sums, before_fen=paid_before,
        due_fen=max(sums - paid_before, 0), payable_id="", issued_at=uow.now,
        remind_at=uow.now + timedelta(days=REMIND_AFTER_DAYS[0]), reminded=0,
    )  # fmt: skip
    uow.session.add(made)
    uow.session.flush()
    trail.record(
        uow, PROGRAM, "bill.issue", "work_order", order.id, bill=made.id, fen=made.due_fen, version=made.version
    )
    if made.due_fen == 0:
        BILLS.move(made, "free", PROGRAM.role)
        made.remind_at = None
    else:
        made.payable_id = payments.owe(
            uow, brand_id=order.brand_id, kind="bill", of_id=made.id, version=made.version, customer_id=order.customer_id,
            title=title_of(order), split=shares_of(order, lines, made.due_fen), by=PROGRAM, work_order_id=order.id,
        ).id  # fmt: skip
    uow.session.flush()
    uow.emit(BillIssued(made.id, order.id, made.payable_id))
    return made


def shares_of(order: WorkOrder, lines: Sequence[Line], due: int) -> list[Share]:
    """Whose money it becomes; of a bill that is partly paid already, each by its size."""
    every = [
        Share(str(one["account"]), int(one["fen"]), str(one["party"]))
        for one in split_by_account(lines, order.provider_id or "")
    ]
    return every if due == total(lines) else take(every, due)


def title_of(order: WorkOrder) -> str:
    """What the cashier shows: nothing personal."""
    return f"{CATEGORIES.get(order.category_code, '')}{TITLES[order.service_type]}费用（工单 {spoken(order.number)}）"


def same(bill: Bill, quote: Quote, kind: str, lines: Sequence[Line]) -> bool:
    return (bill.quote_id, bill.kind, bill.lines) == (quote.id, kind, [one.to_json() for one in lines])


def newest_bill(uow: UnitOfWork, order_id: str) -> Bill | None:
    return next(iter(bills_of_order(uow, order_id)), None)


def void_or_keep(uow: UnitOfWork, order: WorkOrder, visit_id: str, quote: Quote, sums: int) -> int:
    """What is not paid is void. Returns what was paid and stays; what was paid beyond ``sums`` is given back.

    Work of another visit that was agreed to by another yes is work of its own: its bill stands.
    """
    kept = 0
    learn_if_paid(uow, order.id)
    for bill in bills_of_order(uow, order.id):
        if bill.kind == WORK and bill.visit_id != visit_id and bill.quote_id != quote.id:
            continue
        if bill.status in (BillStatus.ISSUED, BillStatus.NOTHING):
            void(uow, bill, "服务单或报价变了，另出账单")
        elif bill.status is BillStatus.PAID:
            kept += give_back(uow, bill, max(0, sums - kept))
    return kept


def give_back(uow: UnitOfWork, bill: Bill, wanted: int) -> int:
    """Of a paid bill ``wanted`` stays; the rest is asked back for the customer. Returns what stays.

    What was asked back for the bill before this one, and nobody has decided about, is reckoned anew.
    """
    if not bill.payable_id:
        return 0
    uow.get(Payable, bill.payable_id, called="这笔应付", lock=True)  # nobody decides meanwhile
    for refund in refunds_of(uow, bill.payable_id):
        if refund.status is RefundStatus.ASKED and refund.asked_by == str(PROGRAM):
            payments.reject_refund(uow, refund.id, by=PROGRAM, why="账单又有调整，重新计算")
    paid = kept_of(uow, bill.payable_id)
    if paid > wanted:
        payments.ask_refund(
            uow, bill.payable_id, paid - wanted, by=PROGRAM, reason_code="bill_changed", why="账单有调整，多付的退还"
        )
    return min(paid, wanted)


def kept_of(uow: UnitOfWork, payable_id: str) -> int:
    """What was paid and is not on its way back."""
    taken = [one for one in payments_of(uow, payable_id) if one.status in TAKEN and not one.surplus]
    return sum(one.fen - one.reserved_fen for one in taken)


def learn_if_paid(uow: UnitOfWork, order_id: str) -> None:
    """A payment may have come whose news has not."""
    for bill in bills_of_order(uow, order_id):
        if bill.status is BillStatus.ISSUED and bill.payable_id:
            payable = uow.get(Payable, bill.payable_id, called="这笔应付", lock=True)
            if payable.status in (PayableStatus.PAID, PayableStatus.REFUNDED):
                note_paid(uow, bill.id)


def void(uow: UnitOfWork, bill: Bill, why: str) -> None:
    """Owed no more. Money that comes all the same goes back by itself (`domain.payments`)."""
    BILLS.move(bill, "void", PROGRAM.role, why=why)
    bill.remind_at = None
    uow.session.flush()
    if bill.payable_id:
        payments.void(uow, bill.payable_id, by=PROGRAM, why=why)
    trail.record(uow, PROGRAM, "bill.void", "work_order", bill.work_order_id, bill=bill.id, why=why)


def take_back(uow: UnitOfWork, order: WorkOrder, visit_id: str, why: str) -> None:
    """The visit is open again: what is unpaid is not owed; what is paid stays until there is another bill."""
    learn_if_paid(uow, order.id)
    for bill in bills_of_order(uow, order.id):
        if bill.visit_id == visit_id and bill.status in (BillStatus.ISSUED, BillStatus.NOTHING):
            void(uow, bill, why)


def note_paid(uow: UnitOfWork, bill_id: str, *, by: Actor = PROGRAM) -> None:
    """The payable is paid: the bill is. Told twice, once."""
    seen = uow.get(Bill, bill_id, called="这张账单")
    uow.get(WorkOrder, seen.work_order_id, called="这张工单", lock=True)
    bill = uow.get(Bill, bill_id, called="这张账单", lock=True)
    if bill.status is not BillStatus.ISSUED:
        return
    BILLS.move(bill, "pay", PROGRAM.role)
    bill.remind_at = None
    uow.session.flush()
    trail.record(uow, by, "bill.pay", "work_order", bill.work_order_id, bill=bill.id, fen=bill.due_fen)
    uow.emit(BillPaid(bill.id, bill.work_order_id))


# What time does


def due_reminders(uow: UnitOfWork, limit: int = 50) -> Sequence[str]:
    """Bills that are unpaid for a day, three, or seven."""
    due = select(Bill.id).where(
        Bill.status == BillStatus.ISSUED, Bill.remind_at <= uow.now, is_not(uow, "bill.remind", Bill.id)
    )
    return uow.session.scalars(due.order_by(Bill.remind_at).limit(limit)).all()


def remind(uow: UnitOfWork, bill_id: str) -> None:
    bill = uow.get(Bill, bill_id, called="这张账单", lock=True)
    if bill.status is not BillStatus.ISSUED or bill.remind_at is None or bill.remind_at > uow.now:
        return
    days = [after for after in REMIND_AFTER_DAYS if bill.issued_at + timedelta(days=after) <= uow.now]
    later = [after for after in REMIND_AFTER_DAYS if after not in days]
    bill.reminded += 1
    bill.remind_at = bill.issued_at + timedelta(days=later[0]) if later else None
    uow.emit(BillReminderDue(bill.id, bill.work_order_id, days[-1]))
