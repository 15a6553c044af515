"""Dispatch by hand: giving a visit to somebody, taking it back with a reason, several engineers on one visit.

The same rules hold as for dispatch by itself. An objection refuses in words; whoever may override says why, and that is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from domain.access import trail
from domain.access.model import Staff
from domain.capacity.model import Reservation
from domain.capacity.operations import release, reserve
from domain.capacity.rosters import raise_maximum
from domain.capacity.travel import ROADS, Travel
from domain.dispatch.choosing import Line, Question, Window, compare, question
from domain.dispatch.facts import Objection
from domain.dispatch.finding import find_somebody
from domain.dispatch.lifecycle import OFFERS
from domain.dispatch.model import Decision, Offer
from domain.dispatch.offering import decide, end_offer, free_own, give, keep_time, take_back
from domain.dispatch.reasons import CHOSEN_BY_HAND, REASSIGN
from domain.dispatch.rules import hard_because, must
from domain.dispatch.standing import (
    BY,
    GOING,
    last_decision,
    open_offer,
    time_kept,
    times_kept,
    version_of,
    wants_somebody,
)
from domain.dispatch.waiting import leave_queue
from domain.engineers.model import Engineer
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, Refused
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.work_orders import holds
from domain.work_orders.lifecycle import ORDERS, VISITS, VisitStatus
from domain.work_orders.model import Visit, VisitEngineer, WorkOrder
from domain.work_orders.operations import put_responsible
from domain.work_orders.visits import coming_visit, put_engineers, standing_visit

MAY_CHANGE = frozenset({VisitStatus.OFFERED, VisitStatus.ACCEPTED, VisitStatus.DEPARTED})


class Objected(Refused):
    """A rule speaks against it; ``objections`` are all of them."""

    code = "objected"

    def __init__(self, words: str, objections: tuple[Objection, ...]) -> None:
        super().__init__(words)
        self.objections = objections


class FirstWas(Conflict):
    """Somebody else dispatched the order since it was looked at."""

    code = "first_was"


class CannotAssign(Refused):
    """The order or the visit is past dispatching, or the words that are needed are missing."""

    code = "cannot_assign"


def assign(
    uow: UnitOfWork, order_id: str, engineer_id: str, *, by: Actor, version: int, override: str = "",
    window: Window | None = None, travel: Travel = ROADS,
) -> Decision:  # fmt: skip
    """Give the order's visit to this engineer: they need not accept it. ``version`` is `standing.version_of` as it was seen.

    Without ``window`` the promise counts, or the nearest time the engineer has. ``override`` is the reason for going against
    the rules; two places at once and a broken promise are refused even then.

    :raises FirstWas: somebody was first; the words say who
    :raises Objected: a rule speaks against it; :raises NoRoom: two places at once
    :raises CannotAssign: see there
    """
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    check_seen(uow, order, version)
    if order.on_hold:
        raise CannotAssign(f"这张工单在{holds.TITLES[order.on_hold]}，请先点“可以上门了”，或替客户约好时间")
    if not wants_somebody(order):
        raise CannotAssign(f"工单{ORDERS.titles[order.status]}，不能派单")
    visit = standing_visit(uow, order.id, lock=True)
    if visit is not None and visit.engineer_id == engineer_id:
        raise CannotAssign("这单已经是这位工程师的")
    return put(uow, order, visit, engineer_id, by=by, override=override, window=window, travel=travel)


def put(
    uow: UnitOfWork, order: WorkOrder, visit: Visit | None, engineer_id: str, *, by: Actor, override: str,
    window: Window | None, travel: Travel, code: str = CHOSEN_BY_HAND, why: str = "",
) -> Decision:  # fmt: skip
    """Everything an assignment by hand does, on locked rows; a refusal leaves all as it was."""
    with uow.session.begin_nested():
        return put_down(
            uow, order, visit, engineer_id, by=by, override=override, window=window, travel=travel, code=code, why=why
        )


def put_down(
    uow: UnitOfWork, order: WorkOrder, visit: Visit | None, engineer_id: str, *, by: Actor, override: str,
    window: Window | None, travel: Travel, code: str, why: str,
) -> Decision:  # fmt: skip
    """The steps of it: free what there is, judge, keep the time, give the visit."""
    if visit is not None and visit.status not in MAY_CHANGE:
        raise CannotAssign(f"这次上门{VISITS.titles[visit.status]}，不能改派")
    clear(uow, order, visit, code, by=by, why=why or override or REASSIGN[code].words)
    time = time_kept(uow, order.id, visit)
    asked = named(uow, order, engineer_id, time, window, travel)
    line, lines = line_of(uow, asked, engineer_id)
    if line.objections and not override.strip():
        raise Objected(refusal(uow, line), line.objections)
    if line.window is None:
        make_way(uow, asked, line, by=by, why=override)
    kept = keep_time(uow, asked, line, time, by=by, forced=bool(line.objections))
    visit = coming_visit(uow, order, by=by)
    kept.visit_id = visit.id
    decision = decide(
        uow, order, [line, *(one for one in lines if one is not line)], by=by,
        why="manual" if code == CHOSEN_BY_HAND else f"reassigned:{code}", outcome="assigned", visit=visit,
        engineer_id=engineer_id, override=override.strip(),
    )  # fmt: skip
    accepted_at_once(uow, order, visit, kept, decision, by=by)
    give(uow, visit, engineer_id, by=by)
    put_responsible(uow, order, line.who.provider_id, line.who.station_id, by=by)
    leave_queue(uow, order.id)
    trail.record(
        uow, by, "dispatch.assign", "work_order", order.id, why=override, engineer=engineer_id, visit=visit.id,
        overridden=[one.code for one in line.objections],
    )  # fmt: skip
    return decision


def check_seen(uow: UnitOfWork, order: WorkOrder, version: int) -> None:
    """:raises FirstWas: the order has changed since"""
    if version_of(uow, order.id) == version:
        return
    last = last_decision(uow, order.id)
    if last is None or last.engineer_id is None:
        raise FirstWas("这张工单刚有变化，请刷新后再派")
    role, _, id_ = last.by.partition(":")
    staff = uow.session.get(Staff, id_) if role == "staff" else None
    who = staff.display_name if staff else "系统"
    at, name = last.at.astimezone(SHANGHAI), name_of(uow, last.engineer_id)
    raise FirstWas(f"{who} {at:%H:%M} 已把这单派给{name}，请刷新后再看")


def named(
    uow: UnitOfWork, order: WorkOrder, engineer_id: str, time: Reservation | None, window: Window | None, travel: Travel
) -> Question:
    """The question a dispatcher asks: the promise, the window he names, or the nearest time.

    :raises CannotAssign: he names another window than the customer was promised, or one that is over
    """
    if time is not None and time.promised:
        promised = time.window_since, time.window_until
        if window and window != promised:
            raise CannotAssign("已和客户约好时间，改时间请用“改约”")
        return question(uow, order, travel, uow.now, window=promised, holder=time.engineer_id, also=engineer_id)
    if window and window[1] <= uow.now:
        raise CannotAssign("这个时段已经过了")
    return question(uow, order, travel, uow.now, window=window, also=engineer_id)


def line_of(uow: UnitOfWork, asked: Question, engineer_id: str) -> tuple[Line, list[Line]]:
    """:raises CannotAssign: there is no such engineer"""
    asked.order.hard = hard_because(asked.job, uow.today)
    lines = compare(uow, asked)
    line = next((line for line in lines if line.who.engineer_id == engineer_id), None)
    if line is None:
        raise CannotAssign("没有这位工程师，或已经离职")
    return line, lines


def make_way(uow: UnitOfWork, asked: Question, line: Line, *, by: Actor, why: str) -> None:
    """A dispatcher insists: the window he named is taken, and a full day is made one longer.

    :raises CannotAssign: no window was named
    """
    if asked.window is None:
        raise CannotAssign("这位工程师没有空的时间，请先选定时段再强制派单")
    line.window = asked.window
    if any(one.code == "capacity" for one in line.objections):
        raise_maximum(uow, line.who.engineer_id, asked.window[0].astimezone(SHANGHAI).date(), by=by, why=why)


def clear(uow: UnitOfWork, order: WorkOrder, visit: Visit | None, code: str, *, by: Actor, why: str) -> None:
    """Whoever has the visit or is asked about it, is not any more; time that was not promised is free."""
    if visit is not None and visit.status in GOING:
        take_back(uow, visit, code, by=by, why=why)
    if (offer := open_offer(uow, visit)) is not None:
        end_offer(uow, offer, "withdraw", by=by if by.role == "staff" else BY, why=why)
    free_own(uow, order.id, by=by, why=why)


def accepted_at_once(
    uow: UnitOfWork, order: WorkOrder, visit: Visit, kept: Reservation, decision: Decision, *, by: Actor
) -> None:
    """An offer a dispatcher has answered in the engineer's place, so that who had which visit is in one table."""
    offer = Offer(
        id=uow.new_id("of"), visit_id=visit.id, work_order_id=order.id, engineer_id=kept.engineer_id,
        decision_id=decision.id, status=OFFERS.start, window_since=kept.window_since, window_until=kept.window_until,
        offered_at=uow.now, answer_by=uow.now + timedelta(minutes=1),
    )  # fmt: skip
    uow.session.add(offer)
    uow.session.flush()
    end_offer(uow, offer, "accept", by=by)


def reassign(
    uow: UnitOfWork, visit_id: str, *, by: Actor, code: str, why: str = "", to: str | None = None,
    override: str = "", travel: Travel = ROADS,
) -> Decision | None:  # fmt: skip
    """Take the visit from whoever has it, with a reason; the promised window stands. ``to`` names who gets it, by the same
    rules as `assign`; else whoever is best is asked.

    :raises CannotAssign: no such reason, or nobody has the visit; :raises Objected, NoRoom: see `assign`
    """
    if code not in REASSIGN:
        raise CannotAssign("改派请选择原因")
    seen = uow.get(Visit, visit_id, called="这次上门")
    order = uow.get(WorkOrder, seen.work_order_id, called="这张工单", lock=True)
    visit = uow.get(Visit, visit_id, called="这次上门", lock=True)
    if visit.status not in (VisitStatus.ACCEPTED, VisitStatus.DEPARTED):
        raise CannotAssign(f"这次上门{VISITS.titles[visit.status]}，不能改派")
    words = why.strip() or REASSIGN[code].words
    if to:
        if to == visit.engineer_id:
            raise CannotAssign("这单已经是这位工程师的")
        return put(uow, order, visit, to, by=by, override=override, window=None, travel=travel, code=code, why=words)
    was = take_back(uow, visit, code, by=by, why=words)
    time = time_kept(uow, order.id, visit)
    return find_somebody(uow, order, visit, f"reassigned:{code}", travel, without=was, time=time)


def share(uow: UnitOfWork, visit_id: str, shares: Mapping[str, int], *, by: Actor, travel: Travel = ROADS) -> Visit:
    """Several engineers do the visit together, with shares in percent that make 100 (C5); each one's time is kept as well.

    The one who has the visit stays the lead. Saying only the lead, with 100, sends the others home.

    :raises WrongShares: they do not make 100, or the lead has none
    :raises Objected: a rule speaks against somebody; :raises NoRoom: somebody has no time
    :raises CannotAssign: nobody has the visit
    """
    seen = uow.get(Visit, visit_id, called="这次上门")
    order = uow.get(WorkOrder, seen.work_order_id, called="这张工单", lock=True)
    visit = uow.get(Visit, visit_id, called="这次上门", lock=True)
    time = time_kept(uow, order.id, visit)
    if visit.status not in (VisitStatus.ACCEPTED, VisitStatus.DEPARTED) or visit.engineer_id is None or time is None:
        raise CannotAssign("先有人接单，再加人")
    with uow.session.begin_nested():
        put_shares(uow, order, visit, time, shares, by=by, travel=travel)
    return visit


def put_shares(
    uow: UnitOfWork, order: WorkOrder, visit: Visit, time: Reservation, shares: Mapping[str, int], *, by: Actor,
    travel: Travel,
) -> None:  # fmt: skip
    here = {
        row.engineer_id for row in uow.session.scalars(select(VisitEngineer).filter_by(visit_id=visit.id, lead=False))
    }
    put_engineers(uow, visit, time.engineer_id, shares, by=by)
    for kept in times_kept(uow, order.id):
        if kept.engineer_id in here - set(shares):
            release(uow, kept.id, by=by, why="不再参加这次上门")
    window = time.window_since, time.window_until
    for engineer_id in sorted(set(shares) - here - {visit.engineer_id}):
        asked = question(uow, order, travel, uow.now, window=window, also=engineer_id)
        line, _ = line_of(uow, asked, engineer_id)
        if line.objections:
            raise Objected(refusal(uow, line), line.objections)
        reserve(
            uow, engineer_id, order, *window, asked.minutes, asked.place, by=by, promised=time.promised,
            visit_id=visit.id, travel=travel,
        )  # fmt: skip


def refusal(uow: UnitOfWork, line: Line) -> str:
    """不能派给李强：没有燃气具安装维修证书（规则 certificate，证书当天有效）."""
    titles = {rule.code: rule.title for rule in must.rules}
    words = "；".join(f"{one.words}（规则 {one.code}：{titles.get(one.code, '')}）" for one in line.objections)
    return f"不能派给{name_of(uow, line.who.engineer_id)}：{words}"


def name_of(uow: UnitOfWork, engineer_id: str) -> str:
    engineer = uow.session.get(Engineer, engineer_id)
    return engineer.name if engineer else "这位工程师"
