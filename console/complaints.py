"""投诉 as the staff see them: the board by state with the colour of the deadline, one case with its history, and what is done there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from console.asked import BadFilter
from console.showing import actor, mask_words
from domain.access import queries as access
from domain.access import trail
from domain.access.model import Staff
from domain.access.roles import Permission, may
from domain.access.sessions import SignedIn
from domain.feedback import complaints, policies, queries
from domain.feedback.complaints import Reported
from domain.feedback.lifecycle import COMPLAINTS, TO_ANSWER, ComplaintStatus
from domain.feedback.model import Complaint
from domain.kit.actors import Role
from domain.kit.personal import mask_phone
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand
from domain.work_orders.lifecycle import OrderStatus
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import read_number
from domain.work_orders.queries import by_number

NEAR = timedelta(hours=3)
"""So long before the deadline a case turns amber."""
EVENTS: Mapping[str, str] = {"open": "立案", "note": "内部备注", "more": "客户补充", "escalate": "超时升级"}


@dataclass(frozen=True)
class ComplaintRow:
    """One case on the board; ``colour`` is green, amber, red, or grey where nobody waits."""

    id: str
    number: str
    kind: str
    status: ComplaintStatus
    status_title: str
    words: str
    source: str
    order_id: str
    order_number: str
    owner: str
    mine: bool
    opened_at: datetime
    due_at: datetime
    colour: str
    level: int
    outcome: str


@dataclass(frozen=True)
class StepSeen:
    at: datetime
    title: str
    who: str
    words: str


@dataclass(frozen=True)
class ComplaintSeen:
    """One case on its page; the phone is masked."""

    row: ComplaintRow
    words: str
    phone: str
    kind: str
    order_status: OrderStatus | None
    answer: str
    steps: Sequence[StepSeen]
    moves: Sequence[str]
    colleagues: Sequence[tuple[str, str]]


def board(uow: UnitOfWork, who: SignedIn, *, mine: bool = False, closed: bool = False) -> list[ComplaintRow]:
    """Open cases, the first promised first; one's own only with ``mine``; or those closed of late."""
    found = queries.complaints(uow, owner_id=who.staff.id if mine else "", closed=closed)
    return complaint_rows(uow, who, found)


def complaint_rows(uow: UnitOfWork, who: SignedIn, found: Sequence[Complaint]) -> list[ComplaintRow]:
    wanted = select(WorkOrder.id, WorkOrder.number).where(
        WorkOrder.id.in_([one.work_order_id for one in found if one.work_order_id])
    )
    numbers = dict(uow.session.execute(wanted).all())
    names = access.names_of(uow, [f"staff:{one.owner_id}" for one in found if one.owner_id])
    return [
        ComplaintRow(
            one.id, one.number, policies.KINDS.get(one.kind, one.kind), one.status, COMPLAINTS.titles[one.status],
            mask_words(one.words), policies.SOURCES.get(one.source, one.source), one.work_order_id or "",
            numbers.get(one.work_order_id or "", ""), names.get(f"staff:{one.owner_id}", "") if one.owner_id else "",
            one.owner_id == who.staff.id, one.opened_at, one.due_at, colour(uow, one), one.level,
            policies.ENDS.get(one.outcome, ""),
        )
        for one in found
    ]  # fmt: skip


def colour(uow: UnitOfWork, one: Complaint) -> str:
    if one.status not in TO_ANSWER:
        return "grey"
    if one.due_at <= uow.now:
        return "red"
    return "amber" if one.due_at - uow.now < NEAR else "green"


def look(uow: UnitOfWork, complaint_id: str, who: SignedIn) -> ComplaintSeen:
    """One case, and the look itself on record.

    :raises NotFound: there is no such case
    """
    one = uow.get(Complaint, complaint_id, called="这件投诉")
    trail.record(uow, who.actor, "complaint.view", "complaint", one.id)
    steps = queries.steps_of(uow, one.id)
    names = access.names_of(uow, [step.by for step in steps])
    order = uow.session.get(WorkOrder, one.work_order_id) if one.work_order_id else None
    moves = [move.name for move in COMPLAINTS.allowed(one.status, Role.STAFF)]
    if one.owner_id not in (None, who.staff.id):
        moves = [name for name in moves if name not in ("answer", "close")]
    return ComplaintSeen(
        complaint_rows(uow, who, [one])[0], mask_words(one.words), mask_phone(one.phone or ""), one.kind,
        order.status if order else None, one.answer,
        [StepSeen(step.at, step_title(step.move), actor(step.by, names), mask_words(step.words)) for step in steps],
        moves, colleagues(uow, one) if "hand" in moves else (),
    )  # fmt: skip


def step_title(move: str) -> str:
    return EVENTS.get(move) or COMPLAINTS.moves[move].title


def colleagues(uow: UnitOfWork, one: Complaint) -> list[tuple[str, str]]:
    """Who may take it: everybody in service who works on complaints, but whoever has it."""
    found = uow.session.scalars(select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.display_name))
    return [
        (staff.id, staff.display_name)
        for staff in found
        if may(staff.role, Permission.COMPLAINTS_WORK) and staff.id != one.owner_id
    ]


def act(
    uow: UnitOfWork, complaint_id: str, move: str, who: SignedIn, *, words: str = "", outcome: str = "", to: str = "",
    kind: str = "",
) -> Complaint:  # fmt: skip
    """Make a move, write a note or say what it is about.

    :raises Refused: the words say why
    """
    by = who.actor
    match move:
        case "own":
            return complaints.own(uow, complaint_id, by=by)
        case "hand":
            return complaints.hand_over(uow, complaint_id, to, by=by, why=words)
        case "answer":
            return complaints.answer(uow, complaint_id, words, by=by)
        case "close":
            return complaints.close(uow, complaint_id, outcome, words, by=by)
        case "reopen":
            return complaints.reopen(uow, complaint_id, words, by=by)
        case "note":
            return complaints.note(uow, complaint_id, words, by=by)
        case "kind":
            return complaints.set_kind(uow, complaint_id, kind, by=by)
    raise BadFilter("没有这个操作")


def register(uow: UnitOfWork, who: SignedIn, *, number: str, words: str, kind: str, phone: str) -> Complaint:
    """Somebody complains on the phone. Without an order it is the brand's of whoever writes it down.

    :raises BadFilter: no such order, or it cannot be told whose it is
    """
    order = None
    if number.strip():
        read = read_number(number)
        order = by_number(uow, read) if read else None
        if order is None:
            raise BadFilter("没有找到这张工单，请核对工单号")
    brand_id = order.brand_id if order else who.staff.brand_id or the_brand(uow)
    reported = Reported(brand_id, words, "console", kind, order.id if order else None, phone=phone.strip() or None)
    return complaints.open_complaint(uow, by=who.actor, reported=reported)


def the_brand(uow: UnitOfWork) -> str:
    """The only brand there is to see.

    :raises BadFilter: there are several
    """
    ids = uow.session.scalars(select(Brand.id).limit(2)).all()
    if len(ids) != 1:
        raise BadFilter("请填写工单号，才知道是哪个品牌的投诉")
    return ids[0]
