"""What a dispatcher does on the board and on an order's page, and the rules' answer beforehand; the same for pages and API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from console.asked import BadFilter, moment_asked
from console.board_order import considered_seen, engineers_named
from console.board_rows import local
from console.board_seen import CandidateSeen, Said
from domain.access.roles import Permission, may
from domain.access.sessions import SignedIn
from domain.appointments import operations as appointments
from domain.appointments.changes import answer_change, ask_change
from domain.appointments.model import Appointment, ChangeRequest
from domain.appointments.reasons import CUSTOMER, ENGINEER
from domain.appointments.windows import WINDOWS, window_words
from domain.capacity.travel import ROADS
from domain.dispatch import operations as dispatch
from domain.dispatch.assigning import CannotAssign, check_seen, named
from domain.dispatch.choosing import Line, Window, compare
from domain.dispatch.finding import questions
from domain.dispatch.model import Decision, Offer
from domain.dispatch.standing import time_kept, version_of, wants_somebody
from domain.engineers.model import Engineer
from domain.kit.errors import Forbidden
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.visits import standing_visit

BEST = 8
"""Candidates that are shown with what speaks for them."""
TAKEN = (VisitStatus.ACCEPTED, VisitStatus.DEPARTED)
WINDOW = timedelta(hours=2)


@dataclass(frozen=True)
class RulesAnswer:
    """What the rules say to giving an order to one engineer. ``how`` is ``assign``, or ``reassign`` where somebody has it."""

    order_id: str
    version: int
    how: str
    visit_id: str
    engineer_id: str
    engineer: str
    code: str
    promised: bool
    """The window stands: the customer was told."""
    since: datetime | None
    window: str
    objections: Sequence[Said]
    points: Sequence[Said]
    impossible: str
    """Why nothing can be done now, or ""."""

    @property
    def fits(self) -> bool:
        return not self.objections and not self.impossible


def window_asked(at: str) -> Window | None:
    """The two hours that begin then; None for no wish.

    :raises BadFilter: it is no moment
    """
    if not at:
        return None
    since = moment_asked(at)
    if since.minute or since.astimezone(SHANGHAI).hour not in {first for first, _ in WINDOWS}:
        raise BadFilter("时段要从整点的两小时里选")
    return since, since + WINDOW


def ask_rules(uow: UnitOfWork, order_id: str, engineer_id: str, at: str) -> RulesAnswer:
    """The rules' answer; nothing is changed.

    :raises NotFound: no such order or engineer
    """
    order = uow.get(WorkOrder, order_id, called="这张工单")
    engineer = uow.get(Engineer, engineer_id, called="这位工程师")
    visit = standing_visit(uow, order.id)
    reassigns = visit is not None and visit.status in TAKEN
    time = time_kept(uow, order.id, visit)
    promised = time is not None and time.promised
    asked = None if promised or reassigns else window_asked(at)
    line, impossible = None, "" if wants_somebody(order) else "这张工单不用派人"
    if visit is not None and visit.engineer_id == engineer_id:
        impossible = "这单已经是这位工程师的"
    if not impossible:
        line, impossible = line_for(uow, order, engineer_id, asked)
    window = (line and line.window) or asked or (promised and time and (time.window_since, time.window_until)) or None
    return RulesAnswer(
        order_id=order.id,
        version=version_of(uow, order.id),
        how="reassign" if reassigns else "assign",
        visit_id=visit.id if visit else "",
        engineer_id=engineer.id,
        engineer=engineer.name,
        code=engineer.code,
        promised=promised,
        since=local(window[0]) if window else None,
        window=window_words(*window) if window else "",
        objections=[Said(one.code, one.words) for one in line.objections] if line else [],
        points=[Said(one.code, one.words, one.points) for one in line.points] if line else [],
        impossible=impossible,
    )


def line_for(uow: UnitOfWork, order: WorkOrder, engineer_id: str, asked: Window | None) -> tuple[Line | None, str]:
    """How one engineer compares, or why that cannot be asked."""
    time = time_kept(uow, order.id, standing_visit(uow, order.id))
    try:
        question = named(uow, order, engineer_id, time, asked, ROADS)
    except CannotAssign as refused:
        return None, str(refused)
    lines = compare(uow, question)
    line = next((line for line in lines if line.who.engineer_id == engineer_id), None)
    return line, "" if line else "没有这位工程师，或已经离职"


@dataclass(frozen=True)
class Candidates:
    """Everybody who could be asked now: those who can, the best first, and the others with what speaks against them."""

    best: Sequence[CandidateSeen]
    ruled_out: Sequence[CandidateSeen]


def candidates_now(uow: UnitOfWork, order_id: str) -> Candidates:
    order = uow.get(WorkOrder, order_id, called="这张工单")
    if not wants_somebody(order):
        return Candidates((), ())
    visit = standing_visit(uow, order.id)
    time = time_kept(uow, order.id, visit)
    *_, question = questions(uow, order, time, ROADS)
    lines = [line for line in compare(uow, question) if not visit or line.who.engineer_id != visit.engineer_id]
    people = engineers_named(uow, [line.who.engineer_id for line in lines])
    seen = considered_seen([line.to_json() for line in lines], people)
    return Candidates([one for one in seen if not one.objections][:BEST], [one for one in seen if one.objections])


def assign(
    uow: UnitOfWork, order_id: str, engineer_id: str, who: SignedIn, *, version: int, at: str = "", override: str = ""
) -> Decision:
    """:raises Forbidden: against a rule, by somebody who may not; else see `domain.dispatch.assigning.assign`"""
    may_override(who, override)
    return dispatch.assign(
        uow, order_id, engineer_id, by=who.actor, version=version, override=override, window=window_asked(at)
    )


def reassign(
    uow: UnitOfWork, visit_id: str, who: SignedIn, *, version: int, code: str, why: str = "", to: str = "",
    override: str = "",
) -> Decision | None:  # fmt: skip
    """``to`` is "" for whoever is best.

    :raises FirstWas: somebody was first; else see `assign`
    """
    may_override(who, override)
    seen = uow.get(Visit, visit_id, called="这次上门")
    order = uow.get(WorkOrder, seen.work_order_id, called="这张工单", lock=True)
    check_seen(uow, order, version)
    return dispatch.reassign(uow, visit_id, by=who.actor, code=code, why=why, to=to or None, override=override)


def may_override(who: SignedIn, override: str) -> None:
    if override and not may(who.staff.role, Permission.DISPATCH_OVERRIDE):
        raise Forbidden("您没有权限违反规则派单")


def answer_offer(
    uow: UnitOfWork, offer_id: str, answer: str, who: SignedIn, *, reason_code: str = "", why: str = ""
) -> Offer:
    """What the engineer said on the phone."""
    return dispatch.answer_offer(uow, offer_id, answer, by=who.actor, reason_code=reason_code, why=why)


def book(
    uow: UnitOfWork, order_id: str, since: datetime, who: SignedIn, *, reason_code: str = "", why: str = ""
) -> Appointment:
    """Promise a window, or another one: the customer said so."""
    return appointments.book_window(
        uow, order_id, since, since + WINDOW, by=who.actor, via="console", reason_code=reason_code, why=why
    )


def ask_customer(
    uow: UnitOfWork, order_id: str, since: datetime, who: SignedIn, *, reason_code: str, why: str = ""
) -> ChangeRequest:
    """We want another time: the customer is asked, and nothing moves before the yes."""
    return ask_change(uow, order_id, since, since + WINDOW, by=who.actor, reason_code=reason_code, why=why)


def hear_customer(uow: UnitOfWork, change_id: str, yes: bool, who: SignedIn) -> ChangeRequest:
    """What the customer said on the phone."""
    return answer_change(uow, change_id, yes, by=who.actor, via="console")


def share(uow: UnitOfWork, visit_id: str, shares: Mapping[str, int], who: SignedIn) -> Visit:
    return dispatch.share(uow, visit_id, shares, by=who.actor)


def colleagues(uow: UnitOfWork, visit_id: str) -> list[tuple[str, str]]:
    """Whoever may come along: the engineers of the provider who has the visit, as id and name."""
    visit = uow.get(Visit, visit_id, called="这次上门")
    lead = uow.session.get(Engineer, visit.engineer_id) if visit.engineer_id else None
    if lead is None:
        raise CannotAssign("先有人接单，再加人")
    found = select(Engineer).where(
        Engineer.provider_id == lead.provider_id, Engineer.since <= uow.today,
        (Engineer.until.is_(None)) | (Engineer.until > uow.today), Engineer.id != lead.id,
    )  # fmt: skip
    rows = uow.session.scalars(found.order_by(Engineer.station_id != lead.station_id, Engineer.code)).all()
    return [(lead.id, lead.name), *((one.id, one.name) for one in rows)]


WHY_CHANGED = {"customer": CUSTOMER, "engineer": ENGINEER}
"""Whose wish another window is, with the reasons each may have."""
