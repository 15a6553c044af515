"""What happens to money by itself: due payments and refunds are asked about, deliveries reported, yesterday's bills compared.

The scheduler only says that something is due; the calls are made by the slow worker, because the platform may take its time.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

import structlog

from domain.desk import operations as desk
from domain.kit.actors import system
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.payments import asking, delivered, keeping_bills, merchant_tests, reconciling, refunding
from domain.payments.delivered import Delivery
from domain.payments.events import LookDue, RefundSucceeded
from domain.payments.invoices import live_invoice
from domain.payments.lifecycle import InvoiceStatus
from domain.payments.model import Refund
from jobs.context import Jobs

BY, RED = system("payments"), "red_invoice"
"""Kind of the desk's task."""
AT_ONCE = 50
"""Rows a look at the queue takes: the next one is two seconds later."""

log = structlog.get_logger()


class Deliveries(Protocol):
    """Whom the mini-program tells what was delivered."""

    def report(self, delivery: Delivery) -> None:
        """:raises DeliveryRefused: it does not take it"""


class DeliveryRefused(Exception):
    """The platform did not take it; ``again``: it may do so later."""

    def __init__(self, code: str, *, again: bool) -> None:
        super().__init__(code)
        self.code, self.again = code, again


def look_at_due_money(jobs: Jobs) -> int:
    """Hand out what is due: each row is ours for its pause, whatever becomes of the job."""
    if jobs.gateway is None:
        return 0
    with jobs.runtime.transaction() as uow:
        found = [("payment", one) for one in asking.due(uow, limit=AT_ONCE)]
        found += [("refund", one) for one in refunding.due(uow, limit=AT_ONCE)]
        found += [("delivery", one) for one in delivered.due(uow, limit=AT_ONCE)] if jobs.deliveries else []
        for what, id_ in found:
            uow.emit(LookDue(what, id_))
    return len(found)


def fetch_statements(jobs: Jobs) -> int:
    """Hand out the days whose bills are to be fetched: yesterday's after ten, and those that were late."""
    if jobs.gateway is None:
        return 0
    with jobs.runtime.transaction() as uow:
        days = reconciling.due_days(uow)
        for merchant_id, day in days:
            uow.emit(LookDue("statement", f"{merchant_id}/{day}"))
    return len(days)


def forget_old_bills(jobs: Jobs) -> int:
    """Bills whose time is over go, keys first; returns how many."""
    with jobs.runtime.transaction() as uow:
        places = keeping_bills.forget_over(uow)
    for place in places:
        jobs.files.delete(place)
    return len(places)


def look_at_invoice(uow: UnitOfWork, event: RefundSucceeded) -> None:
    """An invoice was issued for what has gone back: somebody has to take it back in the tax office's system 红冲."""
    invoice = live_invoice(uow, event.payable_id)
    if invoice is None or invoice.status is not InvoiceStatus.ISSUED or desk.is_asked(uow, RED, event.refund_id):
        return
    refund = uow.get(Refund, event.refund_id, called="这笔退款")
    desk.put_task(
        uow, by=BY, brand_id=invoice.brand_id, kind=RED, subject_id=refund.id,
        words=f"发票 {invoice.number} 开了 {Money(invoice.fen)}，之后退款 {Money(refund.fen)}：请红冲，需要时按余额重开",
    )  # fmt: skip


def look(jobs: Jobs, event: LookDue) -> None:
    """Ask the platform about one payment or refund, or report one delivery."""
    if jobs.gateway is None:
        return
    if event.what == "payment":
        asking.look(jobs.runtime, jobs.gateway, event.id)
    elif event.what == "refund":
        refunding.look(jobs.runtime, jobs.gateway, event.id)
    elif event.what == "statement":
        merchant_id, _, day = event.id.partition("/")
        reconciling.reconcile(jobs.runtime, jobs.gateway, jobs.files, merchant_id, date.fromisoformat(day))
    elif event.what == "merchant":
        merchant_tests.look(jobs.runtime, jobs.gateway, event.id)
    elif event.what == "delivery":
        report_delivery(jobs, event.id)


def report_delivery(jobs: Jobs, payment_id: str) -> None:
    """Tell the mini-program's platform what was delivered."""
    with jobs.runtime.transaction() as uow:
        delivery = delivered.to_report(uow, payment_id)
    if delivery is None or jobs.deliveries is None:
        return
    error, again = "", False
    try:
        jobs.deliveries.report(delivery)
    except DeliveryRefused as refused:
        error, again = refused.code, refused.again
        log.warning("delivery not reported", payment=payment_id, code=error)
    with jobs.runtime.transaction() as uow:
        delivered.note_reported(uow, payment_id, error, again=again)
