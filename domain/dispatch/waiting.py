"""The dispatcher's queue: orders that found nobody, why, and when they are tried again.

Every order there is tried again after `AGAIN`, and sooner when something changes that may help it (`wake`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Interval, delete, exists, func, literal, or_, select, update

from domain.access import trail
from domain.dispatch.events import NobodyFits
from domain.dispatch.lifecycle import OfferStatus
from domain.dispatch.model import Offer, WaitingOrder
from domain.dispatch.standing import BY, GOING, VISITED, WANTING
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Coverage
from domain.work_orders.model import Visit, WorkOrder

AGAIN = timedelta(minutes=5)
"""At the latest."""
CALM = timedelta(seconds=20)
"""At the soonest: a day that is planned anew makes room many times a second."""
FORGOTTEN_AFTER = timedelta(minutes=1)
"""By then the outbox has brought every order's reaction, or is behind: looking twice does no harm."""


def put_in_queue(uow: UnitOfWork, order: WorkOrder, provider_id: str | None, reason: str, words: str) -> bool:
    """The order waits for somebody. True when it is new there or the reason is; told to others once."""
    row = uow.session.get(WaitingOrder, order.id, with_for_update=True, populate_existing=True)
    if row is None:
        uow.session.add(
            WaitingOrder(
                work_order_id=order.id, brand_id=order.brand_id, provider_id=provider_id, reason=reason, words=words,
                since=uow.now, tried_at=uow.now, tries=1, again_at=uow.now + AGAIN,
            )
        )  # fmt: skip
        uow.session.flush()
        trail.record(uow, BY, "dispatch.wait", "work_order", order.id, reason=reason)
        uow.emit(NobodyFits(order.id, reason))
        return True
    news = row.reason != reason
    row.provider_id, row.reason, row.words = provider_id, reason, words
    row.tried_at, row.tries, row.again_at = uow.now, row.tries + 1, uow.now + AGAIN
    return news


def leave_queue(uow: UnitOfWork, order_id: str) -> None:
    uow.session.execute(delete(WaitingOrder).where(WaitingOrder.work_order_id == order_id))


def due(uow: UnitOfWork, limit: int = 50) -> Sequence[str]:
    """Orders to be tried now, the longest due first."""
    found = select(WaitingOrder.work_order_id).where(WaitingOrder.again_at <= uow.now)
    return uow.session.scalars(found.order_by(WaitingOrder.again_at).limit(limit)).all()


def put_off(uow: UnitOfWork, order_id: str) -> None:
    """Trying it raised an error: the others go first."""
    uow.session.execute(
        update(WaitingOrder).where(WaitingOrder.work_order_id == order_id).values(again_at=uow.now + AGAIN)
    )


def wake(uow: UnitOfWork, *, brand_id: str = "", provider_id: str = "") -> int:
    """Something changed at a provider, for a brand, or anywhere: try what it may help soon. Returns how many."""
    may_help = select(WaitingOrder.work_order_id).where(WaitingOrder.again_at > uow.now)
    if brand_id:
        may_help = may_help.where(WaitingOrder.brand_id == brand_id)
    if provider_id:
        covers = (
            exists()
            .where(Coverage.provider_id == provider_id, Coverage.brand_id == WorkOrder.brand_id)
            .where(func.starts_with(WorkOrder.division_code, Coverage.division_code))
        )
        may_help = may_help.join(WorkOrder, WorkOrder.id == WaitingOrder.work_order_id)
        may_help = may_help.where(or_(covers, WorkOrder.hard != ""))
    locked = may_help.order_by(WaitingOrder.work_order_id).with_for_update(of=WaitingOrder)
    soon = func.greatest(uow.now, WaitingOrder.tried_at + literal(CALM, Interval()))
    woken = (
        update(WaitingOrder)
        .where(WaitingOrder.work_order_id.in_(locked))
        .values(again_at=func.least(WaitingOrder.again_at, soon))
    )
    return len(uow.session.execute(woken.returning(WaitingOrder.work_order_id)).all())


def forgotten(uow: UnitOfWork, limit: int = 100) -> Sequence[str]:
    """Orders somebody must come for that nobody has, nobody is asked about, and that do not wait in the queue.

    There should be none. Read from the index of orders that want somebody, which holds open orders only.
    """
    has_visit = exists().where(Visit.work_order_id == WorkOrder.id, Visit.status.in_(GOING))
    is_asked = exists().where(Offer.work_order_id == WorkOrder.id, Offer.status == OfferStatus.OPEN)
    waits = exists().where(WaitingOrder.work_order_id == WorkOrder.id)
    found = select(WorkOrder.id).where(
        WorkOrder.status.in_(WANTING), WorkOrder.service_type.in_(VISITED),
        WorkOrder.on_hold == "", WorkOrder.opened_at < uow.now - FORGOTTEN_AFTER, ~has_visit, ~is_asked, ~waits,
    )  # fmt: skip
    return uow.session.scalars(found.order_by(WorkOrder.opened_at).limit(limit)).all()
