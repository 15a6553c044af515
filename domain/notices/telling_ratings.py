"""Asking how it was: after the news of the end with its sheet, and after the bill. So the question is written down and held back.

What it waits for is said by events; if none comes, it goes after `FOR_THE_END`, or `FOR_THE_MONEY` where something is owed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from domain.engineers.model import Engineer
from domain.feedback.events import RatingGiven
from domain.feedback.links import path_to_rate
from domain.feedback.ratings import finished_at, last_visit, open_for_rating
from domain.feedback.tags import STARS
from domain.kit.unit_of_work import UnitOfWork
from domain.notices import of_feedback
from domain.notices.facts import facts_of
from domain.notices.markup import line
from domain.notices.model import MessageState, NoticeKey, OutgoingMessage
from domain.notices.operations import stand_in_line
from domain.notices.quiet import after_quiet_hours
from domain.notices.saying import REPLACED, Circumstances, customer_of, say
from domain.notices.telling_feedback import with_menu
from domain.pricing.events import BillCancelled, BillIssued, BillPaid
from domain.pricing.lifecycle import BillStatus
from domain.pricing.queries import live_bill
from domain.work_orders.events import WorkOrderMoved
from domain.work_orders.lifecycle import FINISHED
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import DONE

FRESH = timedelta(days=1)
"""News of an end that come later than this ask nobody."""
FOR_THE_END = timedelta(minutes=2)
"""By then the notice of the end has gone, and the bill is known."""
FOR_THE_MONEY = timedelta(hours=3)
AFTER_THE_MONEY = timedelta(seconds=20)
"""The thanks for it go first."""


def ask_for_rating(uow: UnitOfWork, event: WorkOrderMoved) -> None:
    """Once an order, when somebody was there and has finished, while that is fresh."""
    if event.move != "finish":
        return
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    visit, ended = last_visit(uow, order.id), finished_at(uow, order.id)
    if visit is None or ended is None or uow.now - ended > FRESH or not open_for_rating(uow, order):
        return
    whom, facts = customer_of(uow, order), facts_of(uow, order)
    facts.add_engineer(uow.session.get(Engineer, visit.engineer_id) if visit.engineer_id else None)
    facts.words["menu"] = rating_menu(order.id)
    notice = with_menu(uow, whom, of_feedback.RATE, of_feedback.RATE_PLAIN)
    stand_in_line(
        uow, whom.account_id, whom.recipient
    )  # a bill that is issued meanwhile finds the question, or is seen here
    wait = FOR_THE_MONEY if is_owed(uow, order.id) else FOR_THE_END
    how = Circumstances(path=path_to_rate(uow, order), subject_id=order.id, waits_until=uow.now + wait)
    say(uow, notice, whom, facts, how)


def rating_menu(order_id: str) -> str:
    """The lines to tap; each says what it does and is bound to the order, because they never expire on the phone."""
    lines = [(f"{n}星", f"{'★' * n} {STARS[n - 1]}", n) for n in range(5, 0, -1)] + [("没修好", "没修好", 0)]
    return "\n".join(line(said, shown, f"r{order_id}-{n}") for said, shown, n in lines)


def is_owed(uow: UnitOfWork, order_id: str) -> bool:
    bill = live_bill(uow, order_id)
    return bill is not None and bill.status is BillStatus.ISSUED


def rate_after_money(uow: UnitOfWork, event: BillIssued | BillPaid | BillCancelled) -> None:
    """The bill comes first; paid, or owed no more, nothing is waited for."""
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    whom = customer_of(uow, order)
    stand_in_line(uow, whom.account_id, whom.recipient)
    owed = is_owed(uow, order.id)
    if owed or not isinstance(event, BillIssued):
        for question in waiting(uow, order.id):
            hold(question, uow.now + (FOR_THE_MONEY if owed else AFTER_THE_MONEY))


def hold(question: OutgoingMessage, until: datetime) -> None:
    question.held_until = question.not_before = after_quiet_hours(until) or until


def do_not_ask(uow: UnitOfWork, event: WorkOrderMoved | RatingGiven) -> None:
    """Rated without being asked; or it is not done after all, and is asked about when it is."""
    if isinstance(event, WorkOrderMoved) and (event.frm != FINISHED or event.to in DONE):
        return
    for question in waiting(uow, event.work_order_id):
        question.state, question.error = MessageState.STALE, REPLACED
        if isinstance(event, WorkOrderMoved):
            key = of_feedback.RATE.key.format(order=event.work_order_id)
            uow.session.execute(delete(NoticeKey).where(NoticeKey.key == key))


def waiting(uow: UnitOfWork, order_id: str) -> list[OutgoingMessage]:
    """The question that nobody has tried to send yet."""
    found = select(OutgoingMessage).filter_by(
        subject_id=order_id, why=of_feedback.RATE.name, state=MessageState.WAITING, attempts=0
    )
    rows = uow.session.scalars(
        found.order_by(OutgoingMessage.seq).with_for_update().execution_options(populate_existing=True)
    )
    return [one for one in rows if not one.tried]
