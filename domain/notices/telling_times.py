"""Telling customers of times: booked, changed, reminded of, asked to change. From an event to a notice of `notices`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from domain.appointments.events import AppointmentBooked, ChangeAnswered, ChangeAsked, ReminderDue
from domain.appointments.lifecycle import AppointmentStatus, ChangeStatus
from domain.appointments.model import Appointment, ChangeRequest
from domain.kit.actors import Role
from domain.kit.unit_of_work import UnitOfWork
from domain.notices import of_orders, of_times
from domain.notices.answers import path_to_answer
from domain.notices.facts import Facts, engineer_of, facts_of
from domain.notices.model import NoticeKey
from domain.notices.saying import Circumstances, customer_of, is_new, say
from domain.work_orders.model import WorkOrder
from domain.work_orders.visits import standing_visit


def tell_of_booking(uow: UnitOfWork, event: AppointmentBooked) -> None:
    """When and who. Whoever booked in the chat was answered there; who booked on a page is told at once, at any hour."""
    made = uow.get(Appointment, event.appointment_id, called="这个预约")
    own_act = made.by.startswith(f"{Role.CUSTOMER}:")
    if made.status is not AppointmentStatus.BOOKED:
        return
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    if own_act and made.via == "chat":
        keep_who(uow, about(uow, order, made))
        return
    before = uow.session.get(Appointment, event.supersedes_id) if event.supersedes_id else None
    moved = before is not None and before.window_since != made.window_since
    notice = of_times.REBOOKED if moved else of_times.BOOKED
    facts = about(uow, order, made)
    how = Circumstances(own_act=own_act, stale_at=made.window_since, subject_id=order.id)
    visit = standing_visit(uow, order.id)
    if not say(uow, notice, customer_of(uow, order), facts, how):
        return
    keep_who(uow, facts)
    if visit:
        # Who comes has been said with it: the engineer's acceptance is no news any more.
        is_new(uow, of_orders.VISIT_MOVES["accept"].key.format(visit=visit.id, engineer_id=facts.keys["engineer_id"]))


def keep_who(uow: UnitOfWork, facts: Facts) -> None:
    """The customer was told now that this engineer comes; nothing is kept where nobody was named."""
    if not facts.keys["engineer_id"]:
        return
    for key in who_keys(facts):
        put = insert(NoticeKey).values(key=key, at=uow.now)
        uow.session.execute(put.on_conflict_do_update(index_elements=["key"], set_={"at": uow.now}))


def was_told_of_another(uow: UnitOfWork, facts: Facts) -> bool:
    """Whether the engineer the customer was told of last is not this one."""
    of_order, of_engineer = who_keys(facts)
    found = select(NoticeKey.key, NoticeKey.at).where(NoticeKey.key.in_([of_order, of_engineer]))
    at: dict[str, datetime] = {row.key: row.at for row in uow.session.execute(found)}
    return of_order in at and (of_engineer not in at or at[of_engineer] < at[of_order])


def who_keys(facts: Facts) -> tuple[str, str]:
    """When somebody was named to the customer, and when this engineer was: kept among what was said."""
    order = f"named:{facts.keys['order']}"
    return order, f"{order}:{facts.keys['engineer_id']}"


def about(uow: UnitOfWork, order: WorkOrder, made: Appointment, **keys: str) -> Facts:
    """The facts of an order with this appointment's time and engineer."""
    facts = facts_of(uow, order, appointment=made.id, **keys)
    facts.add_window(made.window_since, made.window_until)
    facts.add_engineer(engineer_of(uow, made.reservation_id))
    return facts


def remind(uow: UnitOfWork, event: ReminderDue) -> None:
    """The evening before, unless nothing is promised any more."""
    made = uow.get(Appointment, event.appointment_id, called="这个预约")
    if made.status is not AppointmentStatus.BOOKED:
        return
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    how = Circumstances(stale_at=made.window_since, subject_id=order.id)
    facts = about(uow, order, made)
    if say(uow, of_times.REMINDER, customer_of(uow, order), facts, how):
        keep_who(uow, facts)


def ask_about_change(uow: UnitOfWork, event: ChangeAsked) -> None:
    """The question, answered in the chat or on the page the link leads to."""
    change = uow.get(ChangeRequest, event.change_id, called="这个改约申请")
    if change.status is not ChangeStatus.ASKED:
        return
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    made = uow.get(Appointment, change.appointment_id, called="这个预约")
    facts = about(uow, order, made, change=change.id)
    facts.add_wanted(change.window_since, change.window_until)
    how = Circumstances(
        stale_at=min(change.answer_by, change.window_since), path=path_to_answer(uow, change),
        answers_id=change.id, subject_id=order.id,
    )  # fmt: skip
    say(uow, of_times.QUESTION, customer_of(uow, order), facts, how)


def tell_of_answer(uow: UnitOfWork, event: ChangeAnswered) -> None:
    """That the time stays as it was, where the customer did not say so; a yes is told as the new appointment."""
    notice = {"unconfirmed": of_times.UNCONFIRMED, "withdrawn": of_times.WITHDRAWN}.get(event.how)
    change = uow.get(ChangeRequest, event.change_id, called="这个改约申请")
    made = uow.get(Appointment, change.appointment_id, called="这个预约")
    if notice is None or made.status is not AppointmentStatus.BOOKED:
        return
    order = uow.get(WorkOrder, event.work_order_id, called="这张工单")
    how = Circumstances(stale_at=made.window_until, subject_id=order.id)
    say(uow, notice, customer_of(uow, order), about(uow, order, made, change=change.id), how)
