"""The signed link of a question: whoever has it may answer this one question for this one customer, until it is over.

The link holds the question's id and a keyed print of id and customer; nothing of it is kept, nothing of it can be made up.
"""

from __future__ import annotations

import hmac

from domain.appointments.model import ChangeRequest
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.model import WorkOrder

PAGE = "/c/answer/"
KIND = "answer a change"
"""What the print is for: a print made for anything else opens nothing here."""


class BadLink(Refused):
    """No such question, or not this customer's."""

    code = "bad_link"


def path_to_answer(uow: UnitOfWork, change: ChangeRequest, order: WorkOrder) -> str:
    """Where the customer answers."""
    return f"{PAGE}{change.id}.{print_of(uow, change.id, order.customer_id)}"


def print_of(uow: UnitOfWork, change_id: str, customer_id: str) -> str:
    return uow.keyring.fingerprint(KIND, f"{change_id} {customer_id}")


def question_behind(uow: UnitOfWork, token: str) -> tuple[ChangeRequest, WorkOrder]:
    """What a link asks about. A link opens nothing any more once the time asked for has begun.

    :raises BadLink: it is no link of ours, or it is over
    """
    change_id, _, given = token.partition(".")
    change = uow.session.get(ChangeRequest, change_id)
    if change is None:
        raise BadLink("没有找到这个问题，请回到公众号里重新打开。")
    order = uow.get(WorkOrder, change.work_order_id, called="这张工单")
    if not hmac.compare_digest(given.encode(), print_of(uow, change.id, order.customer_id).encode()):
        raise BadLink("没有找到这个问题，请回到公众号里重新打开。")
    if change.window_since <= uow.now:
        raise BadLink("这个链接已经过期了。有事请在公众号里告诉我们。")
    return change, order
