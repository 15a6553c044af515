"""What follows for quotes and bills: from what phones wrote, from visits that end, from money that came, and from time."""

from __future__ import annotations

from collections.abc import Sequence

from domain.cover.events import CardUsed
from domain.cover.lifecycle import RedemptionStatus
from domain.desk import operations as desk
from domain.kit.actors import system
from domain.kit.unit_of_work import UnitOfWork
from domain.payments.events import PayablePaid
from domain.pricing import billing, ending, falling, on_site, quoting
from domain.pricing.events import BillOff, QuoteAsked, QuoteClosed, QuoteConfirmed, QuoteNotTaken, QuoteRejected
from domain.pricing.lifecycle import QuoteStatus
from domain.pricing.queries import standing_quote
from domain.service_levels.operations import happened
from domain.service_sheets.events import QuoteAskedOnSheet, VisitEnded
from domain.work_orders.events import WorkOrderMoved
from domain.work_orders.model import WorkOrder
from jobs.context import Jobs
from jobs.reaction import urgent
from jobs.turns import Due, Step, take_turns

BY = system("prices")
OFF = "price_off"
"""Kind of the desk's task."""
SILENT = "quote_silent"


@urgent
def take_in_from_phone(uow: UnitOfWork, event: QuoteAskedOnSheet) -> None:
    """The engineer stands at the customer's and waits for the answer."""
    on_site.take_in(uow, event.visit_id)


@urgent
def bill_ended_visit(uow: UnitOfWork, event: VisitEnded) -> None:
    billing.bill_visit(uow, event.visit_id)


def note_bill_paid(uow: UnitOfWork, event: PayablePaid) -> None:
    if event.kind == "bill":
        billing.note_paid(uow, event.of_id)


def end_quotes(uow: UnitOfWork, event: WorkOrderMoved) -> None:
    if event.move in ("cancel", "guide"):
        ending.end_quotes(uow, event.work_order_id)


@urgent
def let_quotes_fall(uow: UnitOfWork, event: CardUsed) -> None:
    """The engineer may be writing down what a card was to pay that is not there any more."""
    if event.status == RedemptionStatus.RETURNED:
        falling.card_given_back(uow, event.work_order_id)


def end_bills(uow: UnitOfWork, event: WorkOrderMoved) -> None:
    """Sent back, to be visited again, and cancelled: what was billed before is not owed, or goes back."""
    if event.move == "cancel":
        ending.end_bills(uow, event.work_order_id)


def put_on_desk(uow: UnitOfWork, event: QuoteNotTaken | BillOff) -> None:
    """Somebody looks: what was done on site and what was agreed do not fit."""
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    words = {**on_site.OFF, **billing.OFF}[event.why]
    if not desk.is_asked(uow, OFF, order.id):
        desk.put_task(
            uow, by=BY, brand_id=order.brand_id, kind=OFF, words=f"工单 {order.number}：{words}", subject_id=order.id
        )


def stop_clocks(uow: UnitOfWork, event: QuoteAsked) -> None:
    """While the customer thinks about the price nobody can go on."""
    happened(uow, event.work_order_id, "quote.asked", uow.now, by=BY)


def let_clocks_go_on(uow: UnitOfWork, event: QuoteConfirmed | QuoteRejected | QuoteClosed) -> None:
    """Unless a newer version is asked meanwhile."""
    standing = standing_quote(uow, event.work_order_id)
    if standing is None or standing.status is not QuoteStatus.ASKED:
        happened(uow, event.work_order_id, "quote.answered", uow.now, by=BY)


def put_silence_on_desk(uow: UnitOfWork, event: QuoteClosed) -> None:
    """Nobody answered for a day: somebody calls."""
    if event.how != "expired":
        return
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    if not desk.is_asked(uow, SILENT, order.id):
        desk.put_task(
            uow, by=BY, brand_id=order.brand_id, kind=SILENT, words=f"工单 {order.number}：报价 24 小时没有答复，已失效，请联系客户",
            subject_id=order.id,
        )  # fmt: skip


def follow_prices(jobs: Jobs) -> int:
    """Remind of what nobody answered or paid, and end what is over."""
    return sum(take_turns(jobs, name, due, step) for name, due, step in STEPS)


STEPS: Sequence[tuple[str, Due, Step]] = (
    ("quote.expire", quoting.due_to_expire, quoting.expire),
    ("quote.remind", quoting.due_reminders, quoting.remind),
    ("bill.remind", billing.due_reminders, billing.remind),
)
"""What is due, and what is done with one of them."""
