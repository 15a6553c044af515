"""The signed links by which a customer rates one order or answers one survey without signing in."""

from __future__ import annotations

from domain.feedback.model import Survey
from domain.kit.links import SignedLink
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.model import WorkOrder

RATE = SignedLink("rate an order", "/c/orders/", WorkOrder, lambda _, order: (order.id, order.customer_id), "这张工单")
SURVEY = SignedLink(
    "answer a survey", "/c/survey/", Survey, lambda _, survey: (survey.id, survey.customer_id), "这份问卷"
)


def path_to_rate(uow: UnitOfWork, order: WorkOrder) -> str:
    """``/c/orders/<id>/rate?t=<print>``, below the order's own page: whoever has it may rate this order, and see nothing else of it."""
    return f"{RATE.page}{order.id}/rate?t={RATE.print_of(uow, order)}"


def may_rate(uow: UnitOfWork, order_id: str, given: str) -> WorkOrder:
    """The order a link is about.

    :raises BadLink: it is no link of ours
    """
    return RATE.opened(uow, order_id, given)


def path_to_survey(uow: UnitOfWork, survey: Survey) -> str:
    """Where the customer answers."""
    return SURVEY.path_to(uow, survey)


def survey_behind(uow: UnitOfWork, token: str) -> Survey:
    """:raises BadLink: it is no link of ours"""
    return SURVEY.behind(uow, token)
