"""Dispatch: find somebody for an order, take the answers, by hand where a person knows better.

`dispatch` looks at how the order stands and does what is missing: it may be called at any time, any number of times, and by
everything that changes something. By hand is `domain.dispatch.assigning`, what falls away `domain.dispatch.leaving`.
"""

from __future__ import annotations

from domain.access import trail
from domain.capacity.model import Reservation
from domain.capacity.travel import ROADS, Travel
from domain.dispatch.assigning import assign as assign
from domain.dispatch.assigning import reassign as reassign
from domain.dispatch.assigning import share as share
from domain.dispatch.finding import find_somebody
from domain.dispatch.leaving import stand_down as stand_down
from domain.dispatch.lifecycle import OFFERS, OfferStatus
from domain.dispatch.model import Decision, Offer
from domain.dispatch.offering import end_offer, free_own, give, take_back
from domain.dispatch.reasons import REFUSE, SILENCE
from domain.dispatch.standing import BY, GOING, open_offer, time_kept, times_kept, wants_somebody
from domain.dispatch.waiting import leave_queue
from domain.kit.actors import Actor, Role
from domain.kit.errors import Conflict, Forbidden, Refused
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.visits import standing_visit


class OfferOver(Conflict):
    """The offer was answered already, or taken back."""

    code = "offer_over"


class TooLate(Refused):
    """The time to answer is over."""

    code = "too_late"


class NotYours(Forbidden):
    """Somebody else was asked."""

    code = "not_yours"


class NoReason(Refused):
    """Refusing needs one of the reasons."""

    code = "no_reason"


def dispatch(uow: UnitOfWork, order_id: str, why: str, *, travel: Travel = ROADS) -> Decision | None:
    """Bring the order to somebody, if it still wants anybody: None when there was nothing to do.

    The decision's ``outcome`` is ``offered``, or the code of why nobody fits; the order then waits in the queue. While it
    waits and the reason stays the same, no further decision is kept.
    """
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    if not wants_somebody(order):
        leave_queue(uow, order.id)
        return None
    visit = standing_visit(uow, order.id, lock=True)
    time = time_kept(uow, order.id, visit)
    if visit is not None and visit.status in GOING:
        if is_served(uow, visit, time):
            leave_queue(uow, order.id)
            return None
        why = "rebooked"
        take_back(uow, visit, "rebooked", by=BY, why="客户改约到了另一位工程师的时间")
        time = time_kept(uow, order.id, visit)
    offer = open_offer(uow, visit)
    if offer is not None:
        if offers_kept_time(offer, time):
            leave_queue(uow, order.id)
            return None
        end_offer(uow, offer, "withdraw", by=BY, why="时间改了")
    return find_somebody(uow, order, visit, why, travel, time=time)


def is_served(uow: UnitOfWork, visit: Visit, time: Reservation | None) -> bool:
    """Whoever has the visit also has its time, be it in the past: what came of that is not dispatch's to say."""
    if time is not None:
        return time.engineer_id == visit.engineer_id or visit.status != "accepted"
    return visit.status != "accepted" or any(
        one.engineer_id == visit.engineer_id for one in times_kept(uow, visit.work_order_id)
    )


def offers_kept_time(offer: Offer, time: Reservation | None) -> bool:
    return time is not None and (offer.engineer_id, offer.window_since, offer.window_until) == (
        time.engineer_id, time.window_since, time.window_until,
    )  # fmt: skip


def answer_offer(
    uow: UnitOfWork, offer_id: str, answer: str, *, by: Actor, reason_code: str = "", why: str = ""
) -> Offer:
    """``accept`` or ``refuse``. Whoever comes after a refusal is found by the reaction to `OfferEnded`.

    :raises NotYours, OfferOver, TooLate, NoReason: see there; nothing changes then
    """
    offer, order, visit = locked_offer(uow, offer_id)
    if by.role is Role.ENGINEER and by.id != offer.engineer_id:
        raise NotYours("这张派单不是派给您的")
    if offer.status is not OfferStatus.OPEN:
        raise OfferOver(f"这张派单{OFFERS.titles[offer.status]}，不用再答复")
    if uow.now >= offer.answer_by:
        raise TooLate(f"答复时间是到 {offer.answer_by.astimezone(SHANGHAI):%H:%M}，已经过了，这单另作安排")
    if answer == "accept":
        accept(uow, offer, order, visit, by=by)
    elif reason_code in REFUSE and reason_code != SILENCE:
        end_offer(uow, offer, "refuse", by=by, reason_code=reason_code, why=why.strip() or REFUSE[reason_code].words)
        free_own(uow, order.id, by=by, why="工程师没有接单")
    else:
        raise NoReason("拒单请选择原因")
    trail.record(uow, by, f"offer.{answer}", "work_order", order.id, offer=offer.id, reason=reason_code)
    return offer


def accept(uow: UnitOfWork, offer: Offer, order: WorkOrder, visit: Visit, *, by: Actor) -> None:
    """:raises OfferOver: the time it was for is not kept any more"""
    if not offers_kept_time(offer, time_kept(uow, order.id, visit)):
        raise OfferOver("这单的时间刚改了，请等新的派单")
    end_offer(uow, offer, "accept", by=by)
    give(uow, visit, offer.engineer_id, by=by)
    leave_queue(uow, order.id)


def locked_offer(uow: UnitOfWork, offer_id: str) -> tuple[Offer, WorkOrder, Visit]:
    """The offer with its order and visit, locked in their order."""
    seen = uow.get(Offer, offer_id, called="这张派单")
    order = uow.get(WorkOrder, seen.work_order_id, called="这张工单", lock=True)
    visit = uow.get(Visit, seen.visit_id, called="这次上门", lock=True)
    return uow.get(Offer, offer_id, called="这张派单", lock=True), order, visit


def expire_offer(uow: UnitOfWork, offer_id: str) -> bool:
    """Nobody answered in time. False when somebody did after all, or there is time left."""
    offer, order, _ = locked_offer(uow, offer_id)
    if offer.status is not OfferStatus.OPEN or uow.now < offer.answer_by:
        return False
    end_offer(uow, offer, "expire", by=BY, reason_code=SILENCE)
    free_own(uow, order.id, by=BY, why="工程师没有及时答复")
    return True
