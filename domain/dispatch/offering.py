"""The steps every way of dispatching is made of: keep the time, ask, give the visit, take it back. Rows are locked already.

Locks are taken in the order of docs/decisions/0040: work order, visit, days, reservations.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from domain.capacity.model import Reservation, ReservationState
from domain.capacity.operations import move_reservation, release, reserve
from domain.dispatch.choosing import Line, Question
from domain.dispatch.events import OfferEnded, VisitOffered, VisitReassigned
from domain.dispatch.lifecycle import OFFERS, OfferStatus
from domain.dispatch.model import Decision, Offer
from domain.dispatch.standing import BY, accepted_offer, times_kept
from domain.kit.actors import Actor
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit, VisitEngineer, WorkOrder
from domain.work_orders.operations import move_visit, put_responsible
from domain.work_orders.visits import WHOLE, put_engineers, take_engineers


def keep_time(
    uow: UnitOfWork,
    asked: Question,
    line: Line,
    kept: Reservation | None,
    *,
    by: Actor,
    forced: bool = False,
    visit: Visit | None = None,
) -> Reservation:
    """The engineer's time for the window: the one that is kept, moved or new.

    :raises NoRoom: somebody else was first
    """
    assert line.window is not None
    if kept and (kept.promised or line.who.holds):
        return move_reservation(uow, kept.id, line.who.engineer_id, by=by, travel=asked.travel, forced=forced)
    return reserve(
        uow, line.who.engineer_id, asked.order, *line.window, asked.minutes, asked.place, by=by, travel=asked.travel,
        forced=forced, visit_id=visit.id if visit else None,
    )  # fmt: skip


def decide(
    uow: UnitOfWork, order: WorkOrder, lines: Sequence[Line], *, by: Actor, why: str, outcome: str,
    visit: Visit | None = None, engineer_id: str | None = None, override: str = "",
) -> Decision:  # fmt: skip
    """Keep what was considered and what came of it."""
    decision = Decision(
        id=uow.new_id("dd"), work_order_id=order.id, visit_id=visit.id if visit else None, at=uow.now, by=str(by),
        why=why, outcome=outcome, engineer_id=engineer_id, override=override,
        considered=[line.to_json() for line in lines],
    )  # fmt: skip
    uow.session.add(decision)
    uow.session.flush()
    return decision


def ask(
    uow: UnitOfWork, order: WorkOrder, visit: Visit, time: Reservation, line: Line, decision: Decision,
    answer_by: datetime,
) -> Offer:  # fmt: skip
    """Put the question to the engineer whose time is kept."""
    time.visit_id = visit.id
    offer = Offer(
        id=uow.new_id("of"), visit_id=visit.id, work_order_id=order.id, engineer_id=time.engineer_id,
        decision_id=decision.id, status=OFFERS.start, window_since=time.window_since, window_until=time.window_until,
        offered_at=uow.now, answer_by=answer_by,
    )  # fmt: skip
    uow.session.add(offer)
    put_responsible(uow, order, line.who.provider_id, line.who.station_id, by=BY)
    uow.session.flush()
    uow.emit(VisitOffered(offer.id, visit.id, order.id, offer.engineer_id))
    return offer


def end_offer(
    uow: UnitOfWork, offer: Offer, move: str, *, by: Actor, reason_code: str = "", why: str = ""
) -> OfferStatus:
    """Make one move of the offer's life and say so."""
    _, to = OFFERS.move(offer, move, by.role, why=why)
    offer.answered_at, offer.answered_by, offer.reason_code, offer.why = uow.now, str(by), reason_code, why
    uow.session.flush()
    uow.emit(OfferEnded(offer.id, offer.visit_id, offer.work_order_id, offer.engineer_id, to))
    return to


def give(uow: UnitOfWork, visit: Visit, engineer_id: str, *, by: Actor) -> None:
    """The visit is theirs."""
    put_engineers(uow, visit, engineer_id, {engineer_id: WHOLE}, by=by)
    move_visit(uow, visit.id, "accept", by=by)


def take_back(uow: UnitOfWork, visit: Visit, code: str, *, by: Actor, why: str) -> str:
    """Whoever has the visit has it no more; the promise stands. Returns who it was.

    Time that was not promised is free again, and so is that of everybody who was to help.
    """
    was = visit.engineer_id or ""
    if (offer := accepted_offer(uow, visit)) is not None:
        offer.taken_back = code
    move_visit(uow, visit.id, "reassign", by=by if by.role in ("staff", "system") else BY, why=why)
    free_helpers(uow, visit, by=by, why=why)
    take_engineers(uow, visit, by=by, why=why)
    free_own(uow, visit.work_order_id, by=by, why=why)
    uow.emit(VisitReassigned(visit.id, visit.work_order_id, was, code))
    return was


def free_own(uow: UnitOfWork, order_id: str, *, by: Actor, why: str) -> None:
    """Free what dispatch itself has kept for an order; what was promised stays until it is moved."""
    for time in times_kept(uow, order_id):
        if time.state is ReservationState.BOOKED and not time.promised and time.ends_at > uow.now:
            release(uow, time.id, by=by, why=why)


def free_helpers(uow: UnitOfWork, visit: Visit, *, by: Actor, why: str) -> None:
    """Free the time of everybody who was to come along."""
    helpers = set(uow.session.scalars(select(VisitEngineer.engineer_id).filter_by(visit_id=visit.id, lead=False)))
    for time in times_kept(uow, visit.work_order_id):
        if time.engineer_id in helpers:
            release(uow, time.id, by=by, why=why)


def withdraw(uow: UnitOfWork, order: WorkOrder, visit: Visit, *, why: str) -> None:
    """The visit will not take place."""
    if visit.status in (VisitStatus.OFFERED, VisitStatus.ACCEPTED, VisitStatus.DEPARTED):
        move_visit(uow, visit.id, "withdraw", by=BY, why=why)
