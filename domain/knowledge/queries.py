"""Looking guided cases up: what is open with a person, whom to ask again, which articles help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from domain.kit.unit_of_work import UnitOfWork
from domain.knowledge.lifecycle import OPEN, SOLVED, UNSOLVED, WATCHING, GuideStatus
from domain.knowledge.model import GuidedCase


@dataclass(frozen=True)
class GuideFigures:
    """What came of one article in a period. ``solved`` are the closings as guided (电话/在线指导)."""

    article_id: str
    offered: int
    solved: int
    unsolved: int
    became_orders: int

    @property
    def open(self) -> int:
        """Offered or watched, and never answered."""
        return self.offered - self.solved - self.unsolved


def open_guide(uow: UnitOfWork, account_id: str, openid: str) -> GuidedCase | None:
    """The case this person was given last, if it still waits for an answer."""
    found = select(GuidedCase).filter_by(account_id=account_id, openid=openid).where(GuidedCase.status.in_(OPEN))
    return uow.session.scalars(found.order_by(GuidedCase.offered_at.desc(), GuidedCase.id.desc()).limit(1)).first()


def due_callbacks(uow: UnitOfWork, limit: int = 100) -> Sequence[GuidedCase]:
    """Watched cases whose time has come and who have not been asked, longest due first.

    They are locked; what another process has locked is left to it.
    """
    found = select(GuidedCase).where(
        GuidedCase.status == WATCHING, GuidedCase.called_back_at.is_(None), GuidedCase.callback_at <= uow.now
    )
    due = found.order_by(GuidedCase.callback_at, GuidedCase.id).limit(limit).with_for_update(skip_locked=True)
    return uow.session.scalars(due).all()


def is_due(case: GuidedCase, now: datetime) -> bool:
    """The same of one case."""
    return case.status is WATCHING and not case.called_back_at and bool(case.callback_at and case.callback_at <= now)


def figures(uow: UnitOfWork, brand_id: str, since: datetime, until: datetime) -> Sequence[GuideFigures]:
    """Of the cases offered in ``[since, until)``, what came of each article, most offered first."""

    def count_of(status: GuideStatus) -> ColumnElement[int]:
        return func.count().filter(GuidedCase.status == status)

    counted = (
        select(
            GuidedCase.article_id, func.count(), count_of(SOLVED), count_of(UNSOLVED), func.count(GuidedCase.order_id)
        )
        .where(GuidedCase.brand_id == brand_id, GuidedCase.offered_at >= since, GuidedCase.offered_at < until)
        .group_by(GuidedCase.article_id)
        .order_by(func.count().desc(), GuidedCase.article_id)
    )
    return [GuideFigures(*row) for row in uow.session.execute(counted)]
