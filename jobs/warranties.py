"""The warranty answer that is kept with an order: when it is opened, when the engineer is there, when staff have judged the fault;
and the machine itself, which a signed sheet brings to the archive."""

from __future__ import annotations

from domain.cover.standing import keep_for
from domain.kit.actors import system
from domain.kit.unit_of_work import UnitOfWork
from domain.pricing.queries import live_bill
from domain.products.events import TransferDecided
from domain.products.lifecycle import TransferStatus
from domain.products.warranty_operations import find
from domain.service_sheets.archiving import archive_machine, archive_transferred
from domain.service_sheets.events import AppraisalGiven, MachineCorrected, SerialRead, VisitEnded
from domain.work_orders.events import VisitMoved, WorkOrderOpened
from domain.work_orders.model import WorkOrder

BY = system("warranty")
ENDS_CLAIM = {"use": "misuse"}
"""Finding of an appraisal → what it means for the warranty; installation and transport have somebody else to pay, and are asked."""


def answer_opened(uow: UnitOfWork, event: WorkOrderOpened) -> None:
    keep(uow, event.work_order_id, first=True)


def answer_on_site(uow: UnitOfWork, event: VisitMoved) -> None:
    """The serial and the invoice may be known better now."""
    if event.move == "check_in":
        keep(uow, event.work_order_id)


def answer_corrected(uow: UnitOfWork, event: MachineCorrected) -> None:
    """Another machine, other terms; but what was billed was billed by the answer of its day, which stays."""
    if live_bill(uow, event.work_order_id) is None:
        keep(uow, event.work_order_id)


def archive_seen_machine(uow: UnitOfWork, event: VisitEnded | SerialRead | MachineCorrected) -> None:
    """In whatever order end, model and serial came from the phone."""
    archive_machine(uow, event.visit_id)


def archive_transferred_machine(uow: UnitOfWork, event: TransferDecided) -> None:
    if event.how == TransferStatus.ACCEPTED:
        archive_transferred(uow, event.transfer_id)


def answer_appraised(uow: UnitOfWork, event: AppraisalGiven) -> None:
    code = ENDS_CLAIM.get(event.finding)
    if code:
        find(uow, event.work_order_id, code, "质量鉴定结果", by=BY)
        keep(uow, event.work_order_id)


def keep(uow: UnitOfWork, order_id: str, *, first: bool = False) -> None:
    order = uow.session.get(WorkOrder, order_id)
    if order is not None:
        keep_for(uow, order, by=BY, first=first)
