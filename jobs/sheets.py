"""What follows from a visit's end on the engineer's phone, besides what people are told: the day, and the clocks."""

from __future__ import annotations

from domain.kit.actors import system
from domain.kit.unit_of_work import UnitOfWork
from domain.service_levels.operations import happened
from domain.service_sheets.consequences import ended_at, make_day_true
from domain.service_sheets.events import VisitEnded
from domain.service_sheets.model import ServiceSheet
from domain.work_orders.events import WorkOrderChanged

BY = system("clocks")


def true_up_day(uow: UnitOfWork, event: VisitEnded) -> None:
    """The engineer is free from when the visit really ended."""
    make_day_true(uow, event.visit_id)


def tell_clocks_of_end(uow: UnitOfWork, event: VisitEnded) -> None:
    """Clocks rest while the customer has something to see to."""
    sheet = uow.session.get(ServiceSheet, event.visit_id)
    if sheet is not None and sheet.outcome == event.outcome and event.outcome:
        happened(uow, event.work_order_id, f"sheet.{event.outcome}", ended_at(uow, sheet), by=BY)


def tell_clocks_to_go_on(uow: UnitOfWork, event: WorkOrderChanged) -> None:
    """The customer has seen to it."""
    if "on_hold" in event.fields:
        happened(uow, event.work_order_id, "customer.ready", uow.now, by=BY)
