"""What contracts and cards follow from: money that came or went back, orders, transfers of products, and time."""

from __future__ import annotations

from functools import partial

from domain.cover import contracts
from domain.cover.cards import follow_order, hold_by_itself
from domain.cover.keeping import STEPS
from domain.kit.unit_of_work import UnitOfWork
from domain.payments.events import PayablePaid, RefundFailed, RefundSucceeded
from domain.products.events import TransferDecided
from domain.work_orders.events import WorkOrderMoved, WorkOrderOpened
from jobs.context import Jobs
from jobs.turns import take_turns

AT_ONCE = 200


def activate_paid(uow: UnitOfWork, event: PayablePaid) -> None:
    if event.kind == "cover":
        contracts.activate(uow, event.of_id)


def cover_refunded(uow: UnitOfWork, event: RefundSucceeded) -> None:
    if event.kind == "cover":
        contracts.refund_ended(uow, event.of_id, event.refund_id, "succeeded")


def cover_not_refunded(uow: UnitOfWork, event: RefundFailed) -> None:
    if event.kind == "cover":
        contracts.refund_ended(uow, event.of_id, event.refund_id, event.how)


def covers_go_with_product(uow: UnitOfWork, event: TransferDecided) -> None:
    if event.how == "accepted":
        contracts.go_with_product(uow, event.product_id, event.transfer_id)


def use_card_for_opened(uow: UnitOfWork, event: WorkOrderOpened) -> None:
    hold_by_itself(uow, event.work_order_id)


def card_follows_order(uow: UnitOfWork, event: WorkOrderMoved) -> None:
    follow_order(uow, event.work_order_id)


def keep_covers(jobs: Jobs) -> int:
    """Let unpaid contracts lapse, earn what is over, remind, and end."""
    return sum(take_turns(jobs, name, partial(due, limit=AT_ONCE), step) for name, due, step in STEPS)
