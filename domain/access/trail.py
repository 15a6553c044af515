"""Writing the audit trail: one call beside every change and every look at personal data."""

from __future__ import annotations

from domain.access.model import TrailEntry
from domain.kit.actors import Actor
from domain.kit.unit_of_work import UnitOfWork


def record(
    uow: UnitOfWork, by: Actor, action: str, subject_kind: str, subject_id: str, *, why: str = "", **detail: object
) -> None:
    """Write one line. ``action`` is a verb phrase such as ``order.cancel``; ``detail`` holds plain values, no personal data."""
    uow.session.add(
        TrailEntry(
            at=uow.now, actor=str(by), action=action, subject_kind=subject_kind, subject_id=subject_id, why=why,
            detail=detail,
        )
    )  # fmt: skip
