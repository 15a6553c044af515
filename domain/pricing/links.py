"""The signed links of a quote and of a bill: whoever has one sees this one thing of this one customer, and may answer it."""

from __future__ import annotations

from domain.kit.links import SignedLink
from domain.kit.unit_of_work import UnitOfWork
from domain.pricing.model import Bill, Quote
from domain.work_orders.model import WorkOrder


def order_of(uow: UnitOfWork, one: Quote | Bill) -> WorkOrder:
    return uow.get(WorkOrder, one.work_order_id, called="这张工单")


def signed(uow: UnitOfWork, one: Quote | Bill) -> tuple[str, ...]:
    return one.id, order_of(uow, one).customer_id


QUOTE = SignedLink("answer a quote", "/c/quotes/", Quote, signed, "这份报价")
BILL = SignedLink("see a bill", "/c/bills/", Bill, signed, "这份账单")


def path_to_quote(uow: UnitOfWork, quote: Quote) -> str:
    """Where the customer sees the price and answers."""
    return QUOTE.path_to(uow, quote)


def path_to_bill(uow: UnitOfWork, bill: Bill) -> str:
    """Where the customer sees what is owed and pays."""
    return BILL.path_to(uow, bill)


def quote_behind(uow: UnitOfWork, token: str) -> tuple[Quote, WorkOrder]:
    """:raises BadLink: it is no link of ours"""
    quote = QUOTE.behind(uow, token)
    return quote, order_of(uow, quote)


def bill_behind(uow: UnitOfWork, token: str) -> tuple[Bill, WorkOrder]:
    """:raises BadLink: it is no link of ours"""
    bill = BILL.behind(uow, token)
    return bill, order_of(uow, bill)
