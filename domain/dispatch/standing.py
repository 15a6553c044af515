"""How an order stands with dispatch: whether somebody must come, whose time is kept, who is being asked. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Text, bindparam, exists, func, select

from domain.capacity.model import Reservation, ReservationState
from domain.dispatch.lifecycle import OfferStatus
from domain.dispatch.model import Decision, Offer
from domain.kit.actors import system
from domain.kit.tables import Instant
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OrderStatus, VisitStatus
from domain.work_orders.model import Visit, VisitEngineer, WorkOrder

BY = system("dispatch")

VISITED = frozenset({ServiceType.INSTALL, ServiceType.REPAIR, ServiceType.EXCHANGE, ServiceType.MAINTENANCE})
"""Complaints and consultations are settled without anybody coming: they are never dispatched."""

WANTING = frozenset({OrderStatus.REPORTED, OrderStatus.SCHEDULED})
"""Somebody has still to come."""

GOING = frozenset({VisitStatus.ACCEPTED, VisitStatus.DEPARTED, VisitStatus.CHECKED_IN})
"""Somebody has the visit."""


def wants_somebody(order: WorkOrder) -> bool:
    """Not while the customer has something to see to first."""
    return order.status in WANTING and order.service_type in VISITED and not order.on_hold


KEPT = (
    select(Reservation)
    .where(
        Reservation.work_order_id == bindparam("order", type_=Text), Reservation.state == ReservationState.BOOKED,
        Reservation.ends_at > bindparam("now", type_=Instant),
        ~exists().where(
            VisitEngineer.visit_id == bindparam("visit", type_=Text), VisitEngineer.lead.is_(False),
            VisitEngineer.engineer_id == Reservation.engineer_id,
        ),
    )
    .order_by(Reservation.promised.desc(), Reservation.at.desc(), Reservation.id.desc())
    .execution_options(populate_existing=True)
)  # fmt: skip


def time_kept(uow: UnitOfWork, order_id: str, visit: Visit | None) -> Reservation | None:
    """The time that is booked for the one who comes, or is asked: what was promised before dispatch's own."""
    asked = {"order": order_id, "visit": visit.id if visit else "", "now": uow.now}
    return uow.session.scalars(KEPT, asked).first()


def times_kept(uow: UnitOfWork, order_id: str) -> Sequence[Reservation]:
    """Everything that is held or booked for an order."""
    return uow.session.scalars(
        select(Reservation)
        .where(Reservation.work_order_id == order_id, Reservation.state != ReservationState.RELEASED)
        .order_by(Reservation.engineer_id, Reservation.day)
    ).all()


def open_offer(uow: UnitOfWork, visit: Visit | None) -> Offer | None:
    """The one question that is still to be answered. Locked; the visit's row must be locked already."""
    if visit is None:
        return None
    found = select(Offer).where(Offer.visit_id == visit.id, Offer.status == OfferStatus.OPEN)
    return uow.session.scalars(found.with_for_update().execution_options(populate_existing=True)).first()


def due_offers(uow: UnitOfWork, limit: int) -> Sequence[str]:
    """Offers whose time is over and that nobody has answered."""
    found = select(Offer.id).where(Offer.status == OfferStatus.OPEN, Offer.answer_by <= uow.now)
    return uow.session.scalars(found.order_by(Offer.answer_by).limit(limit)).all()


def accepted_offer(uow: UnitOfWork, visit: Visit) -> Offer | None:
    """The answer by which the present engineer has the visit."""
    return uow.session.scalars(
        select(Offer)
        .where(
            Offer.visit_id == visit.id, Offer.status == OfferStatus.ACCEPTED, Offer.taken_back == "",
            Offer.engineer_id == visit.engineer_id,
        )
        .order_by(Offer.answered_at.desc())
        .limit(1)
    ).first()  # fmt: skip


def last_decision(uow: UnitOfWork, order_id: str) -> Decision | None:
    found = select(Decision).where(Decision.work_order_id == order_id).order_by(Decision.at.desc(), Decision.id.desc())
    return uow.session.scalars(found.limit(1)).first()


def version_of(uow: UnitOfWork, order_id: str) -> int:
    """What a dispatcher looked at: goes up with every change of the order or of one of its visits."""
    return versions_of(uow, [order_id]).get(order_id, 0)


def versions_of(uow: UnitOfWork, order_ids: Collection[str]) -> dict[str, int]:
    """The same for a list, in one query."""
    visits = select(func.coalesce(func.sum(Visit.version + 1), 0)).where(Visit.work_order_id == WorkOrder.id)
    rows = select(WorkOrder.id, WorkOrder.version + visits.scalar_subquery()).where(WorkOrder.id.in_(order_ids))
    return {id_: int(version) for id_, version in uow.session.execute(rows)}
