"""退款审批, 现金交款 and 发票 as the staff work them off: what waits, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from console.asked import BadFilter, place_asked, place_written
from console.payments import COLOURS, Row, rows_seen
from domain.access.queries import names_of
from domain.engineers.model import Engineer
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.payments import cash, limits, search
from domain.payments.lifecycle import INVOICES, REFUNDS, RefundStatus
from domain.payments.model import Payable, Refund, RefundLimit
from domain.payments.papers_model import CashHandIn, CashReceipt, InvoiceRequest
from domain.payments.reasons import REFUND_REASONS

WAITING = (RefundStatus.ASKED,)
SHELVES: Mapping[str, tuple[str, Sequence[RefundStatus]]] = {
    "asked": ("待审批", WAITING),
    "moving": ("退款中", (RefundStatus.APPROVED, RefundStatus.UNKNOWN, RefundStatus.SENT)),
    "abnormal": ("要人工处理", (RefundStatus.ABNORMAL,)),
    "done": ("已了结", (RefundStatus.SUCCEEDED, RefundStatus.REJECTED, RefundStatus.CLOSED)),
}
"""What the page of refunds is divided into."""


@dataclass(frozen=True)
class RefundSeen:
    """One refund with what it is of."""

    refund: Refund
    row: Row
    reason: str
    mine: bool
    by_hand: bool
    """The platform does not pay it: somebody does."""

    @property
    def status(self) -> str:
        return REFUNDS.titles[self.refund.status]

    @property
    def colour(self) -> str:
        return COLOURS[self.refund.status]


@dataclass(frozen=True)
class RefundRoom:
    seen: Sequence[RefundSeen]
    after: str
    names: Mapping[str, str]
    counts: Mapping[str, int]


def refund_room(uow: UnitOfWork, shelf: str, me: str, after: str = "") -> RefundRoom:
    """:raises BadFilter: there is no such shelf"""
    if shelf not in SHELVES:
        raise BadFilter("没有这个筛选条件")
    found, place = search.refunds(uow, SHELVES[shelf][1], after=place_asked(after))
    payables = {one.payable_id for one in found}
    rows = uow.session.scalars(select(Payable).where(Payable.id.in_(payables))).all()
    by_id = {row.payable.id: row for row in rows_seen(uow, rows)}
    seen = [refund_seen(one, by_id[one.payable_id], me) for one in found]
    names = names_of(uow, {name for one in found for name in (one.asked_by, one.decided_by)})
    return RefundRoom(seen, place_written(place), names, counts(uow))


def refund_seen(one: Refund, row: Row, me: str) -> RefundSeen:
    cash_paid = row.payment is not None and row.payment.method == "cash" and one.payment_id == row.payment.id
    by_hand = one.status is RefundStatus.ABNORMAL or (one.status is RefundStatus.APPROVED and cash_paid)
    return RefundSeen(one, row, REFUND_REASONS.get(one.reason_code, one.reason_code), one.asked_by == me, by_hand)


def counts(uow: UnitOfWork) -> dict[str, int]:
    """How many wait on the shelves somebody has to look at."""
    found = uow.session.scalars(
        select(Refund.status).where(Refund.status.in_([RefundStatus.ASKED, RefundStatus.ABNORMAL])).limit(1000)
    ).all()
    return {"asked": found.count(RefundStatus.ASKED), "abnormal": found.count(RefundStatus.ABNORMAL)}


@dataclass(frozen=True)
class Limit:
    """A brand's limit of today, and those that were and will be."""

    brand_id: str
    now: Money
    rows: Sequence[RefundLimit]


def limits_seen(uow: UnitOfWork, brand_ids: Sequence[str]) -> list[Limit]:
    return [Limit(one, Money(limits.limit_of(uow, one)), limits.limits_of(uow, one)) for one in brand_ids]


@dataclass(frozen=True)
class Holder:
    """An engineer who has cash to hand in."""

    engineer_id: str
    name: str
    fen: int
    receipts: Sequence[CashReceipt]


def holders(uow: UnitOfWork) -> list[Holder]:
    """Engineers with cash, the most first."""
    held = cash.cash_held(uow)
    names, receipts = engineer_names(uow, [one for one, _, _ in held]), cash.receipts_held(uow)
    return [Holder(engineer_id, names.get(engineer_id, ""), fen, receipts[engineer_id]) for engineer_id, _, fen in held]


def engineer_names(uow: UnitOfWork, ids: Sequence[str]) -> dict[str, str]:
    rows = uow.session.execute(select(Engineer.id, Engineer.name).where(Engineer.id.in_(ids)))
    return {one.id: one.name for one in rows}


def hand_ins(uow: UnitOfWork, *, limit: int = 50) -> tuple[Sequence[CashHandIn], dict[str, str]]:
    """What was handed in last, and the names of those who did and those who took it."""
    found = uow.session.scalars(select(CashHandIn).order_by(CashHandIn.at.desc()).limit(limit)).all()
    return found, engineer_names(uow, [one.engineer_id for one in found]) | names_of(uow, {one.by for one in found})


@dataclass(frozen=True)
class InvoiceSeen:
    """One request with what it is for."""

    invoice: InvoiceRequest
    row: Row

    @property
    def status(self) -> str:
        return INVOICES.titles[self.invoice.status]


def invoices(uow: UnitOfWork, status: str) -> list[InvoiceSeen]:
    """:raises BadFilter: there is no such state"""
    if status not in set(INVOICES.titles):
        raise BadFilter("没有这个筛选条件")
    found = search.invoices(uow, status)
    rows = uow.session.scalars(select(Payable).where(Payable.id.in_([one.payable_id for one in found]))).all()
    by_id = {row.payable.id: row for row in rows_seen(uow, rows)}
    return [InvoiceSeen(one, by_id[one.payable_id]) for one in found]
