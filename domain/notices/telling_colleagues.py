"""Telling engineers what is asked of them and what is taken from them, and the staff what needs a person."""

from __future__ import annotations

from sqlalchemy import select

from domain.appointments.events import ChangeAnswered
from domain.appointments.model import Appointment, ChangeRequest
from domain.appointments.windows import window_words
from domain.capacity.model import Reservation, ReservationState
from domain.desk import operations as desk
from domain.dispatch.events import NobodyFits, VisitOffered, VisitReassigned
from domain.dispatch.lifecycle import OfferStatus
from domain.dispatch.model import Offer, WaitingOrder
from domain.dispatch.reasons import WAITING
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.notices import of_colleagues
from domain.notices.events import NoticeUndelivered
from domain.notices.facts import Facts, engineer_of, facts_of
from domain.notices.notices import NOTICES
from domain.notices.rows import Notice
from domain.notices.saying import BY, PAGER, Addressee, Circumstances, engineer, say
from domain.organizations.model import Station
from domain.regions.divisions import divisions
from domain.service_levels.events import ClockEscalated
from domain.service_levels.policies import CLOCKS
from domain.work_orders.model import VisitMove, WorkOrder

NO_TIME = "时间待约"


def offer_to_engineer(uow: UnitOfWork, event: VisitOffered) -> None:
    """Where, what, when, and until when to answer; never the address or the customer, which come with accepting."""
    offer = uow.get(Offer, event.offer_id, called="这次派单")
    if offer.status is not OfferStatus.OPEN:
        return
    order, asked = (
        uow.get(WorkOrder, event.work_order_id, called="这张工单"),
        uow.get(Engineer, offer.engineer_id, called="工程师"),
    )
    facts = facts_of(uow, order, offer=offer.id)
    kept = time_kept(uow, offer)
    facts.words |= {
        "service": facts.values["service"], "place": place(order), "window": kept or NO_TIME,
        "until": offer.answer_by.astimezone(SHANGHAI).strftime("%-m月%-d日%H:%M"), "station": station_phone(uow, asked) or facts.words["hotline"],
    }  # fmt: skip
    say(
        uow,
        of_colleagues.OFFERED,
        engineer(asked),
        facts,
        Circumstances(stale_at=offer.answer_by, subject_id=order.id, answers_id=offer.id),
    )


def time_kept(uow: UnitOfWork, offer: Offer) -> str:
    """The window for which this engineer's time is kept, "" when none is."""
    found = select(Reservation).where(
        Reservation.visit_id == offer.visit_id,
        Reservation.engineer_id == offer.engineer_id,
        Reservation.state != ReservationState.RELEASED,
    )
    kept = uow.session.scalars(found.order_by(Reservation.promised.desc()).limit(1)).first()
    return window_words(kept.window_since, kept.window_until) if kept else ""


def place(order: WorkOrder) -> str:
    """District and street."""
    return "".join(divisions().path(order.division_code)[-2:])


def station_phone(uow: UnitOfWork, who: Engineer) -> str:
    """The number to answer on, "" where none is known."""
    return uow.get(Station, who.station_id, called="网点").phone


def tell_of_reassignment(uow: UnitOfWork, event: VisitReassigned) -> None:
    """Whoever was to come need not any more."""
    was = uow.session.get(Engineer, event.was_engineer_id)
    if was is None:
        return
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    newest = select(VisitMove.id).filter_by(visit_id=event.visit_id, move="reassign").order_by(VisitMove.id.desc())
    facts = facts_of(uow, order, visit=event.visit_id, line=str(uow.session.scalar(newest.limit(1)) or 0))
    facts.add_engineer(was)
    facts.words.setdefault("window", NO_TIME)
    say(uow, of_colleagues.TAKEN_AWAY, engineer(was), facts, Circumstances(subject_id=order.id))


def tell_engineer_of_answer(uow: UnitOfWork, event: ChangeAnswered) -> None:
    """Whether the customer agreed to another time; nobody answering is the dispatchers' matter as well."""
    notice = of_colleagues.ANSWERED.get(event.how)
    if notice is None:
        return
    change = uow.get(ChangeRequest, event.change_id, called="这个改约申请")
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    made = uow.get(Appointment, change.appointment_id, called="这个预约")
    facts = facts_of(uow, order, change=change.id, how=event.how)
    facts.add_window(made.window_since, made.window_until)
    facts.add_wanted(change.window_since, change.window_until)
    comes = engineer_of(uow, made.reservation_id)
    if comes:
        say(uow, notice, engineer(comes), facts, Circumstances(stale_at=made.window_until, subject_id=order.id))
    if event.how == "unconfirmed":
        tell_role(uow, of_colleagues.UNANSWERED, facts, order.id)


def tell_of_nobody(uow: UnitOfWork, event: NobodyFits) -> None:
    """The dispatchers hear of an order for which nobody was found, unless somebody was found since."""
    waiting = uow.session.get(WaitingOrder, event.work_order_id)
    if waiting is None:
        return
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    facts = facts_of(uow, order, since=waiting.since.isoformat())
    facts.words["reason"] = WAITING.get(event.reason, waiting.words)
    tell_role(uow, of_colleagues.NOBODY, facts, order.id)


def tell_of_escalation(uow: UnitOfWork, event: ClockEscalated) -> None:
    """The role whose turn it is hears of a promise that was broken."""
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    facts = facts_of(uow, order, clock=event.clock_id, role=event.role)
    facts.words["clock"] = CLOCKS[event.clock].title if event.clock in CLOCKS else event.clock
    tell_role(uow, of_colleagues.ESCALATED, facts, order.id, role=event.role)


def tell_role(uow: UnitOfWork, notice: Notice, facts: Facts, order_id: str, *, role: str = "") -> None:
    """Call a role: the one the notice is for, unless the policy names another."""
    say(uow, notice, Addressee(PAGER, role or str(notice.role)), facts, Circumstances(subject_id=order_id))


def call_who_was_not_told(uow: UnitOfWork, event: NoticeUndelivered) -> None:
    """A customer who must be told and whom nothing reached is called by a person."""
    notice = NOTICES.get(event.why)
    order = uow.session.get(WorkOrder, event.subject_id)
    if notice is None or not notice.must or order is None:
        return
    words = f"通知没有送达，请打电话告诉客户：{notice.title}（工单 {order.number}）"
    desk.put_task(
        uow, by=BY, brand_id=order.brand_id, kind="callback", words=words, subject_id=order.id, phone=order.phone,
    )  # fmt: skip
