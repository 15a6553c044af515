"""What falls away: an order that is over, an engineer who cannot come after all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from domain.access import trail
from domain.capacity.model import Leave, Reservation, ReservationState
from domain.capacity.operations import release
from domain.capacity.travel import ROADS, Travel
from domain.dispatch.choosing import compare, question
from domain.dispatch.facts import Objection
from domain.dispatch.finding import find_somebody
from domain.dispatch.model import Decision
from domain.dispatch.offering import end_offer, free_own, take_back, withdraw
from domain.dispatch.reasons import REASSIGN
from domain.dispatch.standing import BY, open_offer, time_kept, times_kept, wants_somebody
from domain.dispatch.waiting import leave_queue
from domain.kit.actors import Actor
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import WorkOrder
from domain.work_orders.visits import standing_visit


def stand_down(uow: UnitOfWork, order_id: str, *, by: Actor, why: str) -> None:
    """Nobody comes: the order is cancelled, or solved without. Everything that was kept or asked for it ends.

    Once somebody is at the customer's, nothing is taken back.
    """
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    visit = standing_visit(uow, order.id, lock=True)
    leave_queue(uow, order.id)
    if visit is not None and visit.status is VisitStatus.CHECKED_IN:
        return
    if (offer := open_offer(uow, visit)) is not None:
        end_offer(uow, offer, "withdraw", by=BY, why=why)
    if visit is not None:
        withdraw(uow, order, visit, why=why)
    for time in times_kept(uow, order.id):
        if time.ends_at > uow.now:
            release(uow, time.id, by=by, why=why)
    trail.record(uow, by, "dispatch.stand_down", "work_order", order.id, why=why)


def touched(uow: UnitOfWork, engineer_id: str, since: datetime | date, until: datetime | None = None) -> Sequence[str]:
    """Orders for which this engineer's time is kept from then on: those to be looked at again."""
    found = select(Reservation.work_order_id).where(
        Reservation.engineer_id == engineer_id, Reservation.state == ReservationState.BOOKED,
        Reservation.ends_at > uow.now,
    )  # fmt: skip
    later = Reservation.ends_at > since if isinstance(since, datetime) else Reservation.day >= since
    found = found.where(later)
    if until is not None:
        found = found.where(Reservation.leaves_at < until)
    return sorted(set(uow.session.scalars(found)))


def touched_by_leave(uow: UnitOfWork, leave_id: str) -> Sequence[str]:
    """The same for a leave; none when it was taken back meanwhile."""
    leave = uow.session.get(Leave, leave_id)
    if leave is None or leave.ended_at is not None:
        return ()
    return touched(uow, leave.engineer_id, leave.since, leave.until)


def look_again(uow: UnitOfWork, order_id: str, code: str, travel: Travel = ROADS) -> Decision | None:
    """Whoever has the visit, or is asked about it, is judged by the rules as they are now; who may not do it any more is
    replaced, and the customer told by what follows from `VisitReassigned`. None when all is well."""
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    visit = standing_visit(uow, order.id, lock=True)
    if visit is None or not wants_somebody(order) or visit.status not in (VisitStatus.OFFERED, VisitStatus.ACCEPTED):
        return None
    time = time_kept(uow, order.id, visit)
    if time is None:
        return None
    against = objections_now(uow, order, time, travel)
    if not against:
        return None
    words = f"{REASSIGN[code].words}：{'；'.join(one.words for one in against)}"
    if visit.status is VisitStatus.ACCEPTED:
        take_back(uow, visit, code, by=BY, why=words)
    elif (offer := open_offer(uow, visit)) is not None:
        end_offer(uow, offer, "withdraw", by=BY, why=words)
        free_own(uow, order.id, by=BY, why=words)
    without, time = time.engineer_id, time_kept(uow, order.id, visit)
    return find_somebody(uow, order, visit, f"reassigned:{code}", travel, without=without, time=time)


def objections_now(uow: UnitOfWork, order: WorkOrder, time: Reservation, travel: Travel) -> tuple[Objection, ...]:
    """What the rules say against whoever's time is kept. That a dispatcher went against a rule once is no news, so only
    what dispatch itself would have seen counts: an overridden assignment is looked at like any other."""
    asked = question(
        uow, order, travel, uow.now, window=(time.window_since, time.window_until), holder=time.engineer_id,
        also=time.engineer_id,
    )  # fmt: skip
    line = next((line for line in compare(uow, asked) if line.who.engineer_id == time.engineer_id), None)
    if line is None:
        return (Objection("employed", "不在职"),)
    return line.objections
