"""Looking safety incidents up."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from domain.incidents.lifecycle import OPEN
from domain.incidents.model import IncidentPage, OnCall, SafetyIncident
from domain.kit.unit_of_work import UnitOfWork


def incidents(uow: UnitOfWork, *, limit: int = 100) -> Sequence[SafetyIncident]:
    """Open ones first, then the newest."""
    newest = select(SafetyIncident).order_by((SafetyIncident.status == OPEN).desc(), SafetyIncident.opened_at.desc())
    return uow.session.scalars(newest.limit(limit)).all()


def count_open(uow: UnitOfWork) -> int:
    """How many wait for somebody: the console shows it on every page."""
    return uow.session.scalar(select(func.count()).where(SafetyIncident.status == OPEN)) or 0


def pages_of(uow: UnitOfWork, incident_id: str) -> Sequence[IncidentPage]:
    """Who was called when, oldest first."""
    return uow.session.scalars(select(IncidentPage).filter_by(incident_id=incident_id).order_by(IncidentPage.id)).all()


def on_call(uow: UnitOfWork, brand_id: str) -> Sequence[str]:
    """The ids of who is called, in order."""
    return uow.session.scalars(select(OnCall.staff_id).filter_by(brand_id=brand_id).order_by(OnCall.position)).all()
