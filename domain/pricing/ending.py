"""What becomes of quotes and bills of an order that is over; it may be cancelled after all: sent back, to be visited again, not wanted.

Nobody owes what is not paid. What is paid goes back when somebody has said yes: whether work was done and kept no program
knows, so it waits among the refunds to be approved, however small it is. Another way of ending is a step of `end_bills`.
"""

from __future__ import annotations

from domain.kit.unit_of_work import UnitOfWork
from domain.payments import operations as payments
from domain.pricing.billing import PROGRAM, kept_of, learn_if_paid, void
from domain.pricing.events import BillCancelled
from domain.pricing.lifecycle import BillStatus
from domain.pricing.model import Bill
from domain.pricing.queries import bills_of_order
from domain.pricing.quoting import close_asked
from domain.work_orders.lifecycle import OPEN, OrderStatus
from domain.work_orders.model import WorkOrder

CANCELLED = "工单已取消"


def end_quotes(uow: UnitOfWork, order_id: str) -> None:
    """Of an order that was cancelled nothing is asked any more."""
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    if order.status not in OPEN:
        close_asked(uow, order, "withdraw", by=PROGRAM, why="工单已结束")


def end_bills(uow: UnitOfWork, order_id: str) -> None:
    """Of a cancelled order. Said twice, it is done once; a payment of this very moment is either in before, or goes back by itself."""
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    if order.status is not OrderStatus.CANCELLED:
        return
    learn_if_paid(uow, order.id)
    for bill in bills_of_order(uow, order.id):
        if bill.status in (BillStatus.ISSUED, BillStatus.NOTHING):
            end_unpaid(uow, bill)
        elif bill.status is BillStatus.PAID:
            ask_back(uow, bill)


def end_unpaid(uow: UnitOfWork, bill: Bill) -> None:
    """An order still open at the platform is closed there by the next look (`domain.payments.operations.void`)."""
    owed = bill.status is BillStatus.ISSUED
    void(uow, bill, CANCELLED)
    if owed:
        uow.emit(BillCancelled(bill.id, bill.work_order_id))


def ask_back(uow: UnitOfWork, bill: Bill) -> None:
    """All that is not on its way back already."""
    kept = kept_of(uow, bill.payable_id) if bill.payable_id else 0
    if kept:
        payments.ask_refund(
            uow, bill.payable_id, kept, by=PROGRAM, reason_code="cancelled", why="工单取消，账单已付：请核对后退还", needs_yes=True,
        )  # fmt: skip
