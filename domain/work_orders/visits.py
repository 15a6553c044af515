"""Everything that can be done to a visit: opening it, saying who comes, moving it through its life."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.events import VisitMoved
from domain.work_orders.lifecycle import COMING, VISITS
from domain.work_orders.model import Visit, VisitEngineer, VisitMove, WorkOrder

WHOLE = 100
"""Percent: what the shares of a visit's engineers make together."""


class WrongShares(Refused):
    """The shares do not make 100, or nobody leads."""

    code = "wrong_shares"


def offer_visit(uow: UnitOfWork, order_id: str, *, by: Actor) -> Visit:
    """Open the next visit of an order."""
    return open_visit(uow, uow.get(WorkOrder, order_id, called="这张工单", lock=True), by=by)


def open_visit(uow: UnitOfWork, order: WorkOrder, *, by: Actor) -> Visit:
    """The same. The order's row must be locked already."""
    seq = select(func.count() + 1).select_from(Visit).where(Visit.work_order_id == order.id).scalar_subquery()
    visit = Visit(
        id=uow.new_id("vi"), work_order_id=order.id, seq=seq, status=VISITS.start, opened_at=uow.now, version=1
    )
    uow.session.add(visit)
    uow.session.flush()
    uow.session.add(
        VisitMove(visit_id=visit.id, move="offer", frm=visit.status, to=visit.status, by=str(by), at=uow.now, why="")
    )
    trail.record(uow, by, "visit.offer", "work_order", order.id, visit=visit.id)
    return visit


def standing_visit(uow: UnitOfWork, order_id: str, *, lock: bool = False) -> Visit | None:
    """The visit that is still to be made, or being made; an order has at most one."""
    found = select(Visit).where(Visit.work_order_id == order_id, Visit.status.in_(COMING))
    if lock:
        found = found.with_for_update().execution_options(populate_existing=True)
    return uow.session.scalars(found).first()


def coming_visit(uow: UnitOfWork, order: WorkOrder, *, by: Actor) -> Visit:
    """The standing visit, locked, or a new one. The order's row must be locked already."""
    return standing_visit(uow, order.id, lock=True) or open_visit(uow, order, by=by)


def move_visit(
    uow: UnitOfWork, visit_id: str, name: str, *, by: Actor, why: str = "", at: datetime | None = None
) -> Visit:
    """Make one move of a visit; ``at`` is when it was really so, where we hear of it later.

    :raises MoveRefused: the lifecycle does not allow it
    """
    visit = uow.get(Visit, visit_id, called="这次上门", lock=True)
    frm, to = VISITS.move(visit, name, by.role, why=why)
    visit.version += 1
    uow.session.add(VisitMove(visit_id=visit.id, move=name, frm=frm, to=to, by=str(by), at=at or uow.now, why=why))
    trail.record(uow, by, f"visit.{name}", "work_order", visit.work_order_id, why=why, visit=visit.id)
    uow.emit(VisitMoved(visit.id, visit.work_order_id, name, to))
    return visit


def put_engineers(uow: UnitOfWork, visit: Visit, lead_id: str, shares: Mapping[str, int], *, by: Actor) -> None:
    """Say who comes: ``shares`` in percent by engineer, the lead among them (C5). Replaces whoever was to come.

    :raises WrongShares: they do not make 100, one is not positive, or the lead has none
    """
    if sum(shares.values()) != WHOLE or min(shares.values(), default=0) <= 0:
        raise WrongShares(f"各工程师的份额相加必须是 {WHOLE}%，且每人大于 0")
    if lead_id not in shares:
        raise WrongShares("负责人必须也有份额")
    uow.session.execute(delete(VisitEngineer).where(VisitEngineer.visit_id == visit.id))
    for engineer_id, share in shares.items():
        uow.session.add(
            VisitEngineer(visit_id=visit.id, engineer_id=engineer_id, share=share, lead=engineer_id == lead_id)
        )
    visit.engineer_id = lead_id
    visit.version += 1
    trail.record(uow, by, "visit.engineers", "work_order", visit.work_order_id, visit=visit.id, shares=dict(shares))
    uow.session.flush()


def take_engineers(uow: UnitOfWork, visit: Visit, *, by: Actor, why: str) -> None:
    """Nobody comes as yet: the visit is free for somebody else."""
    uow.session.execute(delete(VisitEngineer).where(VisitEngineer.visit_id == visit.id))
    visit.engineer_id = None
    visit.version += 1
    trail.record(uow, by, "visit.engineers", "work_order", visit.work_order_id, visit=visit.id, why=why, shares={})
    uow.session.flush()
