"""Which customers' whole numbers a phone carries, so that they can be called where there is no network; each is on record.

Only of jobs the engineer has taken, for today, and not yet over. It cannot be sealed on the phone; what a phone has is in the trail
once for each job and phone, as shown, whether it was dialled or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from domain.access import trail
from domain.access.model import TrailEntry
from domain.engineers.devices import SignedInEngineer
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import UnitOfWork
from engineer_app.loading import UNDER_WAY, Found

CARRIED = "order.phone_carried"


def may_carry(found: Found, section: str) -> bool:
    """Whether this phone may have the number of this job."""
    return found.offer is None and section == "today" and found.visit.status in UNDER_WAY


def note(uow: UnitOfWork, who: SignedInEngineer, jobs: Iterable[dict[str, Any]]) -> None:
    """Put on record which numbers this phone is given for the first time; one look, however many jobs."""
    carried = {job["visit_id"]: job["order_id"] for job in jobs if job["customer"]["number"]}
    by = Actor(Role.ENGINEER, who.engineer.id)
    known = select(TrailEntry.detail).where(
        TrailEntry.subject_kind == "work_order", TrailEntry.subject_id.in_(set(carried.values())),
        TrailEntry.action == CARRIED, TrailEntry.actor == str(by),
    )  # fmt: skip
    had = {detail["visit"] for detail in uow.session.scalars(known) if detail["device"] == who.device.id}
    for visit_id, order_id in carried.items():
        if visit_id not in had:
            trail.record(uow, by, CARRIED, "work_order", order_id, visit=visit_id, device=who.device.id)
