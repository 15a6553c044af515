"""Telling around feedback: the rectification that follows, what becomes of a complaint, the survey.

The question how it was is `telling_ratings`.
"""

from __future__ import annotations

from domain.catalog.model import Category
from domain.customers.model import Contact
from domain.customers.queries import contacts_of
from domain.feedback.events import ComplaintEscalated, ComplaintMoved, RectificationOpened, SurveyAsked
from domain.feedback.links import path_to_survey
from domain.feedback.model import Complaint, ComplaintStep, Survey
from domain.kit.actors import Role
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.notices import of_feedback
from domain.notices.facts import Facts, facts_of
from domain.notices.markup import line
from domain.notices.rows import Notice
from domain.notices.saying import (
    NO_CHAT,
    PAGER,
    Addressee,
    Circumstances,
    customer_of,
    has_left,
    is_official,
    reached_by,
    say,
)
from domain.notices.telling import newest_line
from domain.organizations.model import Brand
from domain.work_orders.model import WorkOrder


def with_menu(uow: UnitOfWork, whom: Addressee, menu: Notice, plain: Notice) -> Notice:
    """The row for this chat: only in an official account's are there lines to tap."""
    return menu if whom.chat and is_official(uow, whom.account_id) else plain


def survey_menu(survey_id: str) -> str:
    return "  ".join(line(f"{n}分", str(n), f"n{survey_id}-{n}") for n in range(11))


def tell_of_rectification(uow: UnitOfWork, event: RectificationOpened) -> None:
    """Unless it was the customer's own doing: then the turn has said it."""
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    opened = newest_line(uow, order.id, "rectify")
    if opened is None or opened.by.startswith(f"{Role.CUSTOMER}:"):
        return
    say(uow, of_feedback.RECTIFIED, customer_of(uow, order), facts_of(uow, order), Circumstances(subject_id=order.id))


def tell_of_complaint(uow: UnitOfWork, event: ComplaintMoved) -> None:
    """The customer hears what is done, but not of what they did themselves; the manager of one that was reopened."""
    complaint = uow.get(Complaint, event.complaint_id, called="这件投诉")
    step = uow.session.get_one(ComplaintStep, event.step_id)
    facts = facts_of_complaint(uow, complaint, step=str(step.id))
    if event.move == "reopen":
        tell_staff(uow, of_feedback.REOPENED, facts, complaint)
    notice = of_feedback.COMPLAINTS.get(event.move)
    if notice is None or step.by.startswith(f"{Role.CUSTOMER}:"):
        return
    facts.words["answer"] = step.words
    how = Circumstances(own_act=False, subject_id=complaint.work_order_id)
    say(uow, notice, complainant(uow, complaint), facts, how)


def tell_of_escalation(uow: UnitOfWork, event: ComplaintEscalated) -> None:
    complaint = uow.get(Complaint, event.complaint_id, called="这件投诉")
    facts = facts_of_complaint(uow, complaint, level=str(event.level), until=complaint.due_at.isoformat())
    tell_staff(uow, of_feedback.ESCALATED, facts, complaint, role=event.role)


def tell_staff(uow: UnitOfWork, notice: Notice, facts: Facts, complaint: Complaint, *, role: str = "") -> None:
    say(
        uow, notice, Addressee(PAGER, role or str(notice.role)), facts, Circumstances(subject_id=complaint.work_order_id)
    )  # fmt: skip


def complainant(uow: UnitOfWork, complaint: Complaint) -> Addressee:
    """The chat it came by, else any of the customer's, else the phone."""
    known = contacts_of(uow, complaint.customer_id) if complaint.customer_id else []
    contacts = [one for one in known if not has_left(one)]
    own = uow.session.get(Contact, (complaint.account_id, complaint.openid)) if complaint.openid else None
    chats = [(one.account_id, one.openid) for one in ([own] if own and not has_left(own) else []) + contacts]
    if chats:
        return reached_by(uow, chats[0], list(dict.fromkeys(chats)), complaint.phone or "")
    return Addressee(NO_CHAT, complaint.customer_id or complaint.id, phone=complaint.phone or "")


def facts_of_complaint(uow: UnitOfWork, complaint: Complaint, **keys: str) -> Facts:
    """Of the order where one is named; else as much as templates need."""
    order = uow.session.get(WorkOrder, complaint.work_order_id) if complaint.work_order_id else None
    if order is not None:
        facts = facts_of(uow, order, complaint=complaint.id, **keys)
    else:
        brand = uow.get(Brand, complaint.brand_id, called="品牌")
        now = uow.now.astimezone(SHANGHAI).strftime("%Y年%-m月%-d日 %H:%M")
        values = {"number": complaint.number, "service": "投诉", "brand": brand.name, "hotline": brand.hotline}
        values |= {"window": "-", "time": now, "new_time": now, "engineer": "-", "master": "-"}
        words = {"brand": brand.name, "hotline": brand.hotline}
        facts = Facts(words, values, {"complaint": complaint.id, **keys})
    until = complaint.due_at.astimezone(SHANGHAI).strftime("%-m月%-d日 %H:%M")
    facts.words |= {"paper": complaint.number, "until": until}
    facts.values["paper"] = complaint.number
    return facts


def ask_survey(uow: UnitOfWork, event: SurveyAsked) -> None:
    survey = uow.get(Survey, event.survey_id, called="这份问卷")
    order = uow.get(WorkOrder, survey.work_order_id, called="这张工单")
    whom, facts = customer_of(uow, order), facts_of(uow, order, survey=survey.id)
    facts.words["menu"] = survey_menu(survey.id)
    facts.values["item"] = f"{uow.session.get_one(Category, order.category_code).title}服务"
    notice = with_menu(uow, whom, of_feedback.SURVEY, of_feedback.SURVEY_PLAIN)
    say(uow, notice, whom, facts, Circumstances(path=path_to_survey(uow, survey), subject_id=order.id))
