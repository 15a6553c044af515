"""The signed link of a question: whoever has it may answer this one question for this one customer, until it is over."""

from __future__ import annotations

from domain.appointments.model import ChangeRequest
from domain.kit.links import BadLink, SignedLink
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.model import WorkOrder


def order_of(uow: UnitOfWork, change: ChangeRequest) -> WorkOrder:
    return uow.get(WorkOrder, change.work_order_id, called="这张工单")


ANSWER = SignedLink(
    "answer a change", "/c/answer/", ChangeRequest,
    lambda uow, change: (change.id, order_of(uow, change).customer_id), "这个问题",
)  # fmt: skip


def path_to_answer(uow: UnitOfWork, change: ChangeRequest) -> str:
    """Where the customer answers."""
    return ANSWER.path_to(uow, change)


def question_behind(uow: UnitOfWork, token: str) -> tuple[ChangeRequest, WorkOrder]:
    """What a link asks about. A link opens nothing any more once the time asked for has begun.

    :raises BadLink: it is no link of ours, or it is over
    """
    change = ANSWER.behind(uow, token)
    if change.window_since <= uow.now:
        raise BadLink("这个链接已经过期了。有事请在公众号里告诉我们。")
    return change, order_of(uow, change)
