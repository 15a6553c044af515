"""What time does to contracts: unpaid ones lapse, months are earned, the last day comes near and passes.

Each is a list of what is due and a step for one of them; one that fails is put off, and holds up nobody (`jobs.turns`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from sqlalchemy import exists, select

from domain.access import trail
from domain.cover import contracts
from domain.cover.contracts import BY, locked
from domain.cover.events import CoverEnding
from domain.cover.income import due_to_earn, earn_months
from domain.cover.lifecycle import HELD, CoverStatus
from domain.cover.model import Cover, PlanKind, Redemption
from domain.kit.put_off import is_not
from domain.kit.unit_of_work import UnitOfWork

NEAR = timedelta(days=30)
"""So long before its last day the customer hears of it."""


def lapsed(uow: UnitOfWork, limit: int) -> Sequence[str]:
    """Ordered, and not paid in time."""
    wanted = select(Cover.id).where(
        Cover.status == CoverStatus.ORDERED, Cover.lapses_at <= uow.now, is_not(uow, "cover.lapse", Cover.id)
    )
    return uow.session.scalars(wanted.order_by(Cover.lapses_at).limit(limit)).all()


def lapse(uow: UnitOfWork, cover_id: str) -> None:
    cover = locked(uow, cover_id)
    if cover.status is CoverStatus.ORDERED and cover.lapses_at <= uow.now:
        contracts.lapse(uow, cover.id, by=BY, why="24 小时内未付款")


def over(uow: UnitOfWork, limit: int) -> Sequence[str]:
    """Past the last day, and no use of it is still held."""
    held = exists().where(Redemption.cover_id == Cover.id, Redemption.status == HELD)
    wanted = select(Cover.id).where(
        Cover.status == CoverStatus.ACTIVE, Cover.until < uow.today, ~held, is_not(uow, "cover.end", Cover.id)
    )
    return uow.session.scalars(wanted.order_by(Cover.until).limit(limit)).all()


def end(uow: UnitOfWork, cover_id: str) -> None:
    contracts.expire(uow, cover_id)


def ending(uow: UnitOfWork, limit: int) -> Sequence[str]:
    """The last day is near, and nobody was told."""
    wanted = select(Cover.id).where(
        Cover.status == CoverStatus.ACTIVE, Cover.reminded_at.is_(None), Cover.until >= uow.today,
        Cover.until <= uow.today + NEAR, is_not(uow, "cover.remind", Cover.id),
    )  # fmt: skip
    return uow.session.scalars(wanted.order_by(Cover.until).limit(limit)).all()


def remind(uow: UnitOfWork, cover_id: str) -> None:
    """Say once that it ends; a warranty that another one follows, and a card that is used up, need no word."""
    cover = locked(uow, cover_id)
    if cover.status is not CoverStatus.ACTIVE or cover.reminded_at or cover.until > uow.today + NEAR:
        return
    cover.reminded_at = uow.now
    follows = select(Cover.id).where(
        Cover.product_id == cover.product_id, Cover.component == cover.component, Cover.status == CoverStatus.ACTIVE,
        Cover.since > cover.until,
    )  # fmt: skip
    done = cover.used == cover.uses if cover.kind is PlanKind.CARD else uow.session.scalar(follows) is not None
    uow.session.flush()
    if not done:
        trail.record(uow, BY, "cover.remind", "cover", cover.id)
        uow.emit(CoverEnding(cover.id))


def earn(uow: UnitOfWork, cover_id: str) -> None:
    earn_months(uow, locked(uow, cover_id))


class Due(Protocol):
    """The first ``limit`` of what is due."""

    def __call__(self, uow: UnitOfWork, limit: int) -> Sequence[str]: ...


Step = Callable[[UnitOfWork, str], None]
STEPS: Sequence[tuple[str, Due, Step]] = (
    ("cover.lapse", lapsed, lapse),
    ("cover.earn", due_to_earn, earn),
    ("cover.remind", ending, remind),
    ("cover.end", over, end),
)
"""In this order: the last months are earned before a contract ends. By the names that failures are kept under."""
