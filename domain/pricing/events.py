"""What other subjects may learn about quotes and bills: ids only."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class QuoteAsked(Event):
    """The customer has to answer; ``version`` above 1 means that the price changed."""

    quote_id: str
    work_order_id: str
    version: int


@dataclass(frozen=True)
class QuoteConfirmed(Event):
    """``by_itself``: there was nothing for the customer to pay, so nobody was asked."""

    quote_id: str
    work_order_id: str
    by_itself: bool


@dataclass(frozen=True)
class QuoteRejected(Event):
    quote_id: str
    work_order_id: str


@dataclass(frozen=True)
class QuoteClosed(Event):
    """It can be answered no more, or no longer holds: ``how`` is ``superseded``, ``withdrawn``, ``expired`` or ``fallen``."""

    quote_id: str
    work_order_id: str
    how: str


@dataclass(frozen=True)
class QuoteNotTaken(Event):
    """What was asked for or answered on an engineer's phone could not be taken in, or only at less than asked: ``why`` is a code of
    `domain.pricing.on_site.OFF`."""

    visit_id: str
    work_order_id: str
    why: str
    quote_id: str


@dataclass(frozen=True)
class QuoteReminderDue(Event):
    """Nobody has answered yet."""

    quote_id: str
    work_order_id: str


@dataclass(frozen=True)
class BillIssued(Event):
    """``payable_id`` is "" where nothing is due."""

    bill_id: str
    work_order_id: str
    payable_id: str


@dataclass(frozen=True)
class BillCancelled(Event):
    """The order was cancelled before anybody paid: it is owed no more."""

    bill_id: str
    work_order_id: str


@dataclass(frozen=True)
class BillPaid(Event):
    bill_id: str
    work_order_id: str


@dataclass(frozen=True)
class BillReminderDue(Event):
    """Still unpaid; ``days`` after it was issued."""

    bill_id: str
    work_order_id: str
    days: int


@dataclass(frozen=True)
class BillOff(Event):
    """The sheet says more than the bill may, or there is no quote to bill by: somebody looks. ``why`` is a code of
    `domain.pricing.billing.OFF`."""

    work_order_id: str
    visit_id: str
    why: str
