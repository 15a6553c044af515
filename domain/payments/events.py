"""What others may learn about money: ids only. ``kind`` and ``of_id`` say what is paid for (``bill`` bi_…, ``cover`` co_…)."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class PayableOpened(Event):
    """Somebody owes something from now on."""

    payable_id: str
    kind: str
    of_id: str
    work_order_id: str


@dataclass(frozen=True)
class PayablePaid(Event):
    """It is paid; ``payment_id`` is "" where nothing was due."""

    payable_id: str
    kind: str
    of_id: str
    work_order_id: str
    payment_id: str


@dataclass(frozen=True)
class PayableVoided(Event):
    """It is owed no more."""

    payable_id: str
    kind: str
    of_id: str
    work_order_id: str


@dataclass(frozen=True)
class PaymentUnsure(Event):
    """The platform gave no certain answer: it is asked until it does."""

    payment_id: str
    payable_id: str


@dataclass(frozen=True)
class OverpaidMoney(Event):
    """Money came for what is paid already, or void: it goes back by itself."""

    payment_id: str
    payable_id: str


@dataclass(frozen=True)
class RefundAsked(Event):
    """Somebody else has to say yes."""

    refund_id: str
    payable_id: str


@dataclass(frozen=True)
class RefundApproved(Event):
    """It is sent to the platform from now on."""

    refund_id: str
    payable_id: str


@dataclass(frozen=True)
class RefundSucceeded(Event):
    """The customer has the money."""

    refund_id: str
    payable_id: str
    kind: str
    of_id: str


@dataclass(frozen=True)
class RefundFailed(Event):
    """``how``: ``abnormal`` (the customer's bank does not take it: pay it out by hand), ``closed`` or ``rejected`` (the money stays)."""

    refund_id: str
    payable_id: str
    kind: str
    of_id: str
    how: str


@dataclass(frozen=True)
class InvoiceAsked(Event):
    """A customer wants an invoice 发票."""

    invoice_id: str
    payable_id: str


@dataclass(frozen=True)
class DifferenceFound(Event):
    """The platform's bill and our books differ: somebody looks at it."""

    difference_id: str


@dataclass(frozen=True)
class LookDue(Event):
    """The platform is to be asked about a ``payment``, a ``refund`` or a ``statement`` (merchant/day), or told of a ``delivery``."""

    what: str
    id: str
