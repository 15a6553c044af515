"""The desk as the staff look at it: what waits, who has taken what."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from domain.desk.lifecycle import DONE, WAITING
from domain.desk.model import DeskTask
from domain.kit.unit_of_work import UnitOfWork


def open_tasks(uow: UnitOfWork, *, kind: str = "", limit: int = 200) -> Sequence[DeskTask]:
    """What is not done, longest waiting first."""
    found = select(DeskTask).where(DeskTask.status != DONE)
    if kind:
        found = found.where(DeskTask.kind == kind)
    return uow.session.scalars(found.order_by(DeskTask.asked_at, DeskTask.id).limit(limit)).all()


def done_tasks(uow: UnitOfWork, limit: int = 50) -> Sequence[DeskTask]:
    """What was done of late, newest first."""
    found = select(DeskTask).where(DeskTask.status == DONE, DeskTask.done_at.isnot(None))
    return uow.session.scalars(found.order_by(DeskTask.done_at.desc()).limit(limit)).all()


def count_waiting(uow: UnitOfWork) -> int:
    """Tasks nobody has taken: the number beside the room's name on every page."""
    return uow.session.scalar(select(func.count()).select_from(DeskTask).where(DeskTask.status == WAITING)) or 0
