"""Looking up what is owed and paid: what pages and other subjects need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from domain.kit.unit_of_work import UnitOfWork
from domain.payments.lifecycle import TAKEN, PayableStatus
from domain.payments.model import Payable, Payment, Refund
from domain.payments.operations import live_payment


@dataclass(frozen=True)
class PayableSeen:
    """A payable as a page shows it; amounts are fen. ``live`` is the attempt that may still be paid."""

    id: str
    kind: str
    of_id: str
    work_order_id: str | None
    customer_id: str
    title: str
    due: int
    paid: int
    refunded: int
    status: PayableStatus
    paid_at: datetime | None
    live: Payment | None

    @property
    def open_fen(self) -> int:
        """What is still to pay."""
        return self.due if self.status is PayableStatus.OPEN else 0


def payable_seen(uow: UnitOfWork, payable_id: str) -> PayableSeen:
    """:raises NotFound: there is none"""
    return seen(uow, uow.get(Payable, payable_id, called="这笔应付"))


def seen(uow: UnitOfWork, one: Payable) -> PayableSeen:
    live = live_payment(uow, one.id) if one.status is PayableStatus.OPEN else None
    return PayableSeen(
        one.id, one.kind, one.of_id, one.work_order_id, one.customer_id, one.title, one.due_fen, one.paid_fen,
        one.refunded_fen, one.status, one.paid_at, live,
    )  # fmt: skip


def payables_of(uow: UnitOfWork, work_order_id: str) -> list[PayableSeen]:
    """What an order's customer owes or paid, newest first, void ones left out."""
    wanted = select(Payable).where(Payable.work_order_id == work_order_id, Payable.status != PayableStatus.VOID)
    return [seen(uow, one) for one in uow.session.scalars(wanted.order_by(Payable.at.desc(), Payable.id.desc()))]


def payables_for(uow: UnitOfWork, customer_id: str, *, limit: int = 50) -> list[PayableSeen]:
    """What a customer owes or paid, newest first, void ones left out."""
    wanted = select(Payable).where(Payable.customer_id == customer_id, Payable.status != PayableStatus.VOID)
    newest = wanted.order_by(Payable.at.desc(), Payable.id.desc()).limit(limit)
    return [seen(uow, one) for one in uow.session.scalars(newest)]


def payable_of(uow: UnitOfWork, kind: str, of_id: str) -> Payable | None:
    """What is owed for a thing in its latest version."""
    wanted = select(Payable).filter_by(kind=kind, of_id=of_id).order_by(Payable.version.desc())
    return uow.session.scalars(wanted.limit(1)).first()


def payments_of(uow: UnitOfWork, payable_id: str) -> Sequence[Payment]:
    """Every attempt to pay it, oldest first."""
    return uow.session.scalars(select(Payment).filter_by(payable_id=payable_id).order_by(Payment.at, Payment.id)).all()


def payments_of_order(uow: UnitOfWork, work_order_id: str) -> Sequence[Payment]:
    """Every payment that came for an order, oldest first."""
    wanted = select(Payment).join(Payable, Payable.id == Payment.payable_id)
    came = wanted.where(Payable.work_order_id == work_order_id, Payment.status.in_(TAKEN))
    return uow.session.scalars(came.order_by(Payment.paid_at, Payment.id)).all()


def refunds_of(uow: UnitOfWork, payable_id: str) -> Sequence[Refund]:
    """Every refund of it, oldest first."""
    return uow.session.scalars(select(Refund).filter_by(payable_id=payable_id).order_by(Refund.at, Refund.id)).all()
