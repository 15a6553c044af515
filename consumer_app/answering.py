"""The page on which a customer says whether another time suits: what it shows, and what the three buttons do.

Looking changes nothing. Whoever has the link may answer its one question, which is all the page can do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.access import trail
from domain.appointments.changes import answer_change
from domain.appointments.lifecycle import AppointmentStatus, ChangeStatus
from domain.appointments.model import Appointment, ChangeRequest
from domain.appointments.queries import called
from domain.appointments.windows import window_words
from domain.desk import operations as desk
from domain.kit.actors import Actor, Role
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.answers import question_behind
from domain.notices.facts import engineer_of
from domain.organizations.model import Brand
from domain.work_orders.kinds import TITLES
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken

YES, NO, CALL = "yes", "no", "call"
OVER: Mapping[ChangeStatus, str] = {
    ChangeStatus.AGREED: "您已经同意了，上门时间就按新的来。",
    ChangeStatus.DECLINED: "您已经回答不行，师傅仍按原来的时间上门。",
    ChangeStatus.WITHDRAWN: "不用改时间了，师傅仍按原来的时间上门。",
}
"""What is said instead of the buttons, once the question is settled."""
GONE = "原来的预约已经变了，这个问题不用再回答。想知道现在的安排，请在公众号里问我们。"
DONE: Mapping[str, str] = {
    YES: "好的，上门时间已改到 {wanted}。请留人在家，保持电话畅通。",
    NO: "好的，不改。师傅仍按原来的时间上门。",
    CALL: "好的，我们会打电话联系您。在那之前，仍按原来的时间。",
}


class Malformed(Refused):
    """No answer we know."""

    code = "malformed"


@dataclass(frozen=True)
class Question:
    """What the page shows; ``over`` is said instead of the buttons, "" while there is something to answer."""

    brand: str
    hotline: str
    number: str
    service: str
    before: str
    wanted: str
    engineer: str
    over: str


def look(uow: UnitOfWork, token: str) -> Question:
    """:raises BadLink: it is no link of ours, or it is over"""
    change, order = question_behind(uow, token)
    made = uow.get(Appointment, change.appointment_id, called="这个预约")
    brand = uow.get(Brand, order.brand_id, called="品牌")
    comes = engineer_of(uow, made.reservation_id)
    return Question(
        brand=brand.name, hotline=brand.hotline, number=spoken(order.number), service=TITLES[order.service_type],
        before=window_words(made.window_since, made.window_until),
        wanted=window_words(change.window_since, change.window_until),
        engineer=called(comes.name, comes.code) if comes else "师傅", over=settled(change, made),
    )  # fmt: skip


def settled(change: ChangeRequest, made: Appointment) -> str:
    if change.status in OVER:
        return OVER[change.status]
    return "" if made.status is AppointmentStatus.BOOKED else GONE


def answer(uow: UnitOfWork, token: str, said: str) -> str:
    """Do what the customer chose; the words to show.

    :raises BadLink, Malformed: there is nothing to answer
    :raises Refused: the time asked for is taken meanwhile, or the question was settled
    """
    change, order = question_behind(uow, token)
    customer = Actor(Role.CUSTOMER, order.customer_id)
    if said == CALL:
        ask_to_call(uow, change, order, customer)
    elif said in (YES, NO):
        answer_change(uow, change.id, said == YES, by=customer, via="page")
    else:
        raise Malformed("请选择一个回答")
    return DONE[said].format(wanted=window_words(change.window_since, change.window_until))


def ask_to_call(uow: UnitOfWork, change: ChangeRequest, order: WorkOrder, customer: Actor) -> None:
    """A desk task, however often it is tapped; the question stays open."""
    words = f"改约（工单 {spoken(order.number)}）：客户要先跟我们说话，请回电"
    if order.account_id and order.openid:
        desk.ask_for_callback(
            uow, by=customer, brand_id=order.brand_id, phone=order.phone, account_id=order.account_id,
            openid=order.openid, words=words,
        )  # fmt: skip
    elif not desk.is_asked(uow, "callback", change.id):
        desk.put_task(
            uow, by=customer, brand_id=order.brand_id, kind="callback", words=words, subject_id=change.id,
            phone=order.phone,
        )  # fmt: skip
    trail.record(uow, customer, "change.call", "work_order", order.id, change=change.id)
