"""Asking how likely customers are to recommend the brand: seven days after, by lot, each customer once in 90 days."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select

from domain.access import trail
from domain.customers.model import Customer
from domain.feedback import policies
from domain.feedback.events import SurveyAsked
from domain.feedback.model import Survey
from domain.kit.actors import Actor, Role
from domain.kit.errors import Conflict, NotFound, Refused
from domain.kit.put_off import is_not
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.lifecycle import OrderStatus
from domain.work_orders.model import WorkOrder, WorkOrderMove
from domain.work_orders.operations import DONE

LOOKED_BACK = timedelta(days=2)
"""How long a pause of the schedule may be without anybody being forgotten."""
LONGEST_WORDS = 500
TURN = "survey.ask"


class SurveyOver(Refused):
    """Nobody waits for the answer any more."""

    code = "survey_over"


class BadScore(Refused):
    """Not 0 to 10, or too many words."""

    code = "bad_score"


def due_orders(uow: UnitOfWork, limit: int = 200) -> list[str]:
    """Finished orders of seven days ago that the lot falls on and that were not asked about."""
    until = uow.now - policies.SURVEY_AFTER
    found = (
        select(WorkOrderMove.work_order_id)
        .join(WorkOrder, WorkOrder.id == WorkOrderMove.work_order_id)
        .where(
            WorkOrderMove.to == OrderStatus.FINISHED,
            WorkOrderMove.frm != OrderStatus.FINISHED,
            WorkOrderMove.at.between(until - LOOKED_BACK, until),
            WorkOrder.status.in_(DONE),
            ~exists().where(Survey.work_order_id == WorkOrder.id),
            is_not(uow, TURN, WorkOrderMove.work_order_id),
        )
        .order_by(WorkOrderMove.at)
    )
    drawn = [one for one in uow.session.scalars(found) if policies.share_of("survey", one) < policies.SURVEY_SHARE]
    return list(dict.fromkeys(drawn))[:limit]


def ask(uow: UnitOfWork, order_id: str, *, by: Actor) -> Survey | None:
    """Ask the customer of this order, unless they were asked of late: None then, and no row."""
    order = uow.get(WorkOrder, order_id, called="这张工单")
    uow.get(Customer, order.customer_id, called="客户", lock=True)
    lately = Survey.asked_at > uow.now - policies.SURVEY_ONCE_IN
    asked = exists().where(Survey.customer_id == order.customer_id, lately) | exists().where(
        Survey.work_order_id == order.id
    )
    if uow.session.scalar(select(asked)):
        return None
    survey = Survey(
        id=uow.new_id("np"), work_order_id=order.id, customer_id=order.customer_id, brand_id=order.brand_id,
        provider_id=order.provider_id, asked_at=uow.now,
    )  # fmt: skip
    uow.session.add(survey)
    uow.session.flush()
    trail.record(uow, by, "survey.ask", "work_order", order.id)
    uow.emit(SurveyAsked(survey.id))
    return survey


def answer(uow: UnitOfWork, survey_id: str, score: int, *, by: Actor, via: str, words: str = "") -> Survey:
    """Keep the score; the first stands.

    :raises Conflict: it was answered; :raises SurveyOver: too long ago
    :raises NotFound: it is another customer's; :raises BadScore: not 0 to 10, or too many words
    """
    survey = uow.get(Survey, survey_id, called="这份问卷", lock=True)
    if by.role is Role.CUSTOMER and by.id != survey.customer_id:
        raise NotFound("没有找到这份问卷")
    if survey.score is not None:
        raise Conflict("您已经回答过了，谢谢！")
    if uow.now - survey.asked_at > policies.SURVEY_OPEN_FOR:
        raise SurveyOver("这份问卷已经结束，谢谢！")
    if not 0 <= score <= 10 or len(words) > LONGEST_WORDS:
        raise BadScore(f"请选 0 到 10 分，想说的话最多 {LONGEST_WORDS} 个字")
    survey.score, survey.words, survey.answered_at, survey.via = score, words.strip(), uow.now, via
    trail.record(uow, by, "survey.answer", "work_order", survey.work_order_id, score=score, via=via)
    uow.session.flush()
    return survey


def nps(promoters: int, detractors: int, answered: int) -> int | None:
    """Whole points, −100 to 100, rounded half up; None where nobody answered."""
    if not answered:
        return None
    return (200 * (promoters - detractors) + answered) // (2 * answered)
