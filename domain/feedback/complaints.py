"""Complaints as cases: opened by anybody, owned by one person, answered by a time, closed with an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from domain.access import queries as access
from domain.access import trail
from domain.access.model import Staff
from domain.feedback import policies
from domain.feedback.events import ComplaintEscalated, ComplaintMoved
from domain.feedback.hours import later
from domain.feedback.lifecycle import ANSWERED, CLOSED, COMPLAINTS, OPEN, OPENED, REOPENED, TO_ANSWER
from domain.feedback.model import Complaint, ComplaintStep
from domain.kit.actors import Actor, Role
from domain.kit.errors import Conflict, NotFound, Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.model import WorkOrder

LONGEST = 2000


class BadComplaint(Refused):
    """Words, a kind or an outcome that cannot be."""

    code = "bad_complaint"


@dataclass(frozen=True)
class Reported:
    """What somebody complains of, how it came, and about which order."""

    brand_id: str
    words: str
    source: str
    kind: str = ""
    work_order_id: str | None = None
    customer_id: str | None = None
    account_id: str | None = None
    openid: str | None = None
    phone: str | None = None


def open_complaint(uow: UnitOfWork, *, by: Actor, reported: Reported) -> Complaint:
    """Open a case. One that is open about the same order, or of the same chat where no order is named, takes the words up
    instead: saying it twice is one case. One the customer was answered, or that was closed of late, is reopened by them.

    :raises BadComplaint: no words, too many, or a kind there is not
    :raises NotFound: the order is not there, or not the customer's who complains
    """
    words = reported.words.strip()
    if not words or len(words) > LONGEST:
        raise BadComplaint(f"请写明投诉内容，最多 {LONGEST} 个字")
    if reported.kind not in ("", *policies.KINDS) or reported.source not in policies.SOURCES:
        raise BadComplaint("没有这种投诉")
    order = uow.get(WorkOrder, reported.work_order_id, called="这张工单", lock=True) if reported.work_order_id else None
    if order is not None and by.role is Role.CUSTOMER and by.id != order.customer_id:
        raise NotFound("没有找到这张工单")
    same = standing(uow, order, reported)
    if same is not None and same.status in (ANSWERED, CLOSED) and by.role is Role.CUSTOMER:
        return reopen(uow, same.id, words, by=by)
    if same is not None and same.status is not CLOSED:
        write_step(uow, same, "more", same.status, by=by, words=words)
        trail.record(uow, by, "complaint.more", "complaint", same.id)
        return same
    complaint = Complaint(
        id=uow.new_id("ts"), brand_id=reported.brand_id, work_order_id=reported.work_order_id,
        customer_id=reported.customer_id or (order.customer_id if order else None),
        account_id=reported.account_id or (order.account_id if order else None),
        openid=reported.openid or (order.openid if order else None), phone=reported.phone or (order.phone if order else None),
        kind=reported.kind or policies.kind_of(words), words=words, source=reported.source, status=COMPLAINTS.start,
        opened_by=str(by), opened_at=uow.now, due_at=deadline(uow.now), level=0, next_at=deadline(uow.now),
    )  # fmt: skip
    uow.session.add(complaint)
    uow.session.flush()
    step = write_step(uow, complaint, "open", complaint.status, by=by)
    trail.record(uow, by, "complaint.open", "complaint", complaint.id, source=reported.source)
    uow.emit(ComplaintMoved(complaint.id, "open", step.id))
    return complaint


def standing(uow: UnitOfWork, order: WorkOrder | None, reported: Reported) -> Complaint | None:
    """The case of the same matter that is open, or was closed of late, locked."""
    lately = Complaint.closed_at > uow.now - policies.REOPEN_WITHIN
    found = (
        select(Complaint).where(or_(Complaint.status.in_(OPEN), lately)).order_by(Complaint.opened_at.desc()).limit(1)
    )
    if order is not None:
        found = found.where(Complaint.work_order_id == order.id)
    elif reported.openid:
        found = found.filter_by(account_id=reported.account_id, openid=reported.openid, work_order_id=None)
    else:
        return None
    return uow.session.scalars(found.with_for_update()).first()


def deadline(since: datetime) -> datetime:
    """By when a complaint is answered: one working day later."""
    return later(since, policies.ANSWER_WITHIN)


def own(uow: UnitOfWork, complaint_id: str, *, by: Actor) -> Complaint:
    """Take a complaint.

    :raises Conflict: somebody was first; the words say who
    """
    complaint = uow.get(Complaint, complaint_id, called="这件投诉", lock=True)
    if complaint.owner_id not in (None, by.id) and complaint.status not in (OPENED, REOPENED):
        raise Conflict(f"{name_of(uow, complaint.owner_id)}已先受理")
    move(uow, complaint, "own", by=by)
    complaint.owner_id = by.id
    return complaint


def hand_over(uow: UnitOfWork, complaint_id: str, to: str, *, by: Actor, why: str) -> Complaint:
    """Give it to a colleague.

    :raises Refused: there is no such colleague, or no reason was given
    """
    complaint = uow.get(Complaint, complaint_id, called="这件投诉", lock=True)
    colleague = uow.session.get(Staff, to)
    if colleague is None or colleague.disabled_at or to == complaint.owner_id:
        raise Refused("请选择一位在职的同事")
    move(uow, complaint, "hand", by=by, words=why)
    complaint.owner_id = to
    return complaint


def answer(uow: UnitOfWork, complaint_id: str, words: str, *, by: Actor) -> Complaint:
    """Say to the customer what is done about it: the deadline is met with that.

    :raises Conflict: it is a colleague's; :raises MoveRefused: it is not owned, or nothing was written
    """
    complaint = owned_by(uow, complaint_id, by)
    complaint.answer = checked(words)
    move(uow, complaint, "answer", by=by, words=words.strip())
    complaint.answered_at, complaint.next_at = uow.now, None
    return complaint


def close(uow: UnitOfWork, complaint_id: str, outcome: str, words: str, *, by: Actor) -> Complaint:
    """End the case: what came of it, and the words the customer is told.

    :raises BadComplaint: there is no such outcome
    :raises Conflict: it is a colleague's; :raises MoveRefused: it is not owned, or nothing was written
    """
    if outcome not in policies.ENDS:
        raise BadComplaint("请选择处理结果")
    complaint = owned_by(uow, complaint_id, by)
    complaint.outcome, complaint.answer = outcome, checked(words)
    move(uow, complaint, "close", by=by, words=words.strip())
    complaint.answered_at, complaint.closed_at, complaint.next_at = complaint.answered_at or uow.now, uow.now, None
    return complaint


def reopen(uow: UnitOfWork, complaint_id: str, words: str, *, by: Actor) -> Complaint:
    """The customer is not content: a new deadline, and somebody else may take it.

    :raises Refused: it is too long ago, or nothing was written
    """
    complaint = uow.get(Complaint, complaint_id, called="这件投诉", lock=True)
    if by.role is Role.CUSTOMER and complaint.customer_id not in (None, by.id):
        raise NotFound("没有找到这件投诉")
    if complaint.closed_at and uow.now - complaint.closed_at > policies.REOPEN_WITHIN:
        raise Refused("结案已久，请重新提交投诉")
    move(uow, complaint, "reopen", by=by, words=words)
    complaint.outcome, complaint.closed_at, complaint.answered_at = "", None, None
    complaint.owner_id, complaint.reopened = None, complaint.reopened + 1
    complaint.due_at = complaint.next_at = deadline(uow.now)
    complaint.level = 0
    uow.session.flush()
    return complaint


def set_kind(uow: UnitOfWork, complaint_id: str, kind: str, *, by: Actor) -> Complaint:
    """:raises BadComplaint: there is no such kind"""
    if kind not in policies.KINDS:
        raise BadComplaint("没有这种投诉")
    complaint = uow.get(Complaint, complaint_id, called="这件投诉", lock=True)
    complaint.kind = kind
    trail.record(uow, by, "complaint.kind", "complaint", complaint.id, kind=kind)
    return complaint


def note(uow: UnitOfWork, complaint_id: str, words: str, *, by: Actor) -> Complaint:
    """Write something down for colleagues; the customer never sees it.

    :raises BadComplaint: nothing, or too much
    """
    complaint = uow.get(Complaint, complaint_id, called="这件投诉", lock=True)
    write_step(uow, complaint, "note", complaint.status, by=by, words=checked(words))
    trail.record(uow, by, "complaint.note", "complaint", complaint.id)
    return complaint


def move(uow: UnitOfWork, complaint: Complaint, name: str, *, by: Actor, words: str = "") -> None:
    """One move of the lifecycle, with its line, its record and its event. The row is locked already."""
    frm, _ = COMPLAINTS.move(complaint, name, by.role, why=words)
    step = write_step(uow, complaint, name, frm, by=by, words=words)
    trail.record(uow, by, f"complaint.{name}", "complaint", complaint.id)
    uow.emit(ComplaintMoved(complaint.id, name, step.id))


def owned_by(uow: UnitOfWork, complaint_id: str, by: Actor) -> Complaint:
    """:raises Conflict: it is a colleague's"""
    complaint = uow.get(Complaint, complaint_id, called="这件投诉", lock=True)
    if complaint.owner_id not in (None, by.id):
        raise Conflict(f"这件投诉由{name_of(uow, complaint.owner_id)}处理，先转交再操作")
    return complaint


def checked(words: str) -> str:
    if not words.strip() or len(words) > LONGEST:
        raise BadComplaint(f"请写 1 到 {LONGEST} 个字")
    return words.strip()


def name_of(uow: UnitOfWork, staff_id: str) -> str:
    who = f"staff:{staff_id}"
    return access.names_of(uow, [who]).get(who, "同事")


def write_step(
    uow: UnitOfWork, complaint: Complaint, move: str, frm: str, *, by: Actor, words: str = ""
) -> ComplaintStep:
    step = ComplaintStep(
        complaint_id=complaint.id, move=move, frm=frm, to=complaint.status, by=str(by), at=uow.now, words=words
    )
    uow.session.add(step)
    uow.session.flush()
    return step


def escalate_due(uow: UnitOfWork, *, by: Actor, limit: int = 50) -> int:
    """Complaints nobody answered in time go up a level; those that another watcher has are left to it."""
    due = select(Complaint).where(Complaint.next_at <= uow.now).order_by(Complaint.next_at).limit(limit)
    found: Sequence[Complaint] = uow.session.scalars(due.with_for_update(skip_locked=True)).all()
    for complaint in found:
        if complaint.status not in TO_ANSWER or complaint.level >= len(policies.ESCALATE_TO):
            complaint.next_at = None
            continue
        role = policies.ESCALATE_TO[complaint.level]
        complaint.level += 1
        more = complaint.level < len(policies.ESCALATE_TO)
        complaint.next_at = later(uow.now, policies.ESCALATE_EVERY) if more else None
        write_step(uow, complaint, "escalate", complaint.status, by=by)
        trail.record(uow, by, "complaint.escalate", "complaint", complaint.id, role=str(role))
        uow.emit(ComplaintEscalated(complaint.id, complaint.level, str(role)))
    uow.session.flush()
    return len(found)
