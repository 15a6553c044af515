"""The signed links of a quote and of a bill: whoever has one sees this one thing of this one customer, and may answer it.

Nothing of a link is kept and nothing of it can be made up, as in `domain.notices.answers`.
"""

from __future__ import annotations

import hmac
from typing import NoReturn

from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.pricing.model import Bill, Quote
from domain.work_orders.model import WorkOrder

QUOTE_PAGE, BILL_PAGE = "/c/quotes/", "/c/bills/"
QUOTE_KIND, BILL_KIND = "answer a quote", "see a bill"


class BadLink(Refused):
    """No link of ours."""

    code = "bad_link"


def path_to_quote(uow: UnitOfWork, quote: Quote, order: WorkOrder) -> str:
    """Where the customer sees the price and answers."""
    return f"{QUOTE_PAGE}{quote.id}.{print_of(uow, QUOTE_KIND, quote.id, order.customer_id)}"


def path_to_bill(uow: UnitOfWork, bill: Bill, order: WorkOrder) -> str:
    """Where the customer sees what is owed and pays."""
    return f"{BILL_PAGE}{bill.id}.{print_of(uow, BILL_KIND, bill.id, order.customer_id)}"


def print_of(uow: UnitOfWork, kind: str, id_: str, customer_id: str) -> str:
    return uow.keyring.fingerprint(kind, f"{id_} {customer_id}")


def quote_behind(uow: UnitOfWork, token: str) -> tuple[Quote, WorkOrder]:
    """:raises BadLink: it is no link of ours"""
    id_, _, given = token.partition(".")
    quote = uow.session.get(Quote, id_)
    return (quote, checked(uow, QUOTE_KIND, id_, quote.work_order_id, given)) if quote else no_link()


def bill_behind(uow: UnitOfWork, token: str) -> tuple[Bill, WorkOrder]:
    """:raises BadLink: it is no link of ours"""
    id_, _, given = token.partition(".")
    bill = uow.session.get(Bill, id_)
    return (bill, checked(uow, BILL_KIND, id_, bill.work_order_id, given)) if bill else no_link()


def checked(uow: UnitOfWork, kind: str, id_: str, order_id: str, given: str) -> WorkOrder:
    order = uow.get(WorkOrder, order_id, called="这张工单")
    if not hmac.compare_digest(given.encode(), print_of(uow, kind, id_, order.customer_id).encode()):
        no_link()
    return order


def no_link() -> NoReturn:
    raise BadLink("没有找到，请回到公众号里重新打开。")
