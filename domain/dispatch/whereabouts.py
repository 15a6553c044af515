"""What every engineer is doing now (C6): from their visits, shifts and leave, with the last position and its age."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, or_, select

from domain.capacity.day import Day
from domain.capacity.queries import days_of
from domain.dispatch.lifecycle import OfferStatus
from domain.dispatch.model import Offer
from domain.engineers.whereabouts import LastSeen, last_seen
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit, VisitEngineer


class Doing(StrEnum):
    """Sorted by what says most: who is at a customer's is there, whatever the shift says."""

    AT_CUSTOMER = "at_customer"
    ON_THE_WAY = "on_the_way"
    ON_LEAVE = "on_leave"
    OFF_SHIFT = "off_shift"
    OFFERED = "offered"
    FREE = "free"


TITLES = {
    Doing.AT_CUSTOMER: "在客户处", Doing.ON_THE_WAY: "在路上", Doing.ON_LEAVE: "请假", Doing.OFF_SHIFT: "不在班",
    Doing.OFFERED: "待答复", Doing.FREE: "空闲",
}  # fmt: skip
BEGUN = {VisitStatus.CHECKED_IN: Doing.AT_CUSTOMER, VisitStatus.DEPARTED: Doing.ON_THE_WAY}


@dataclass(frozen=True)
class Whereabouts:
    """``work_order_id`` is of the visit that is being made; ``offers`` wait for an answer."""

    engineer_id: str
    doing: Doing
    work_order_id: str | None
    offers: int
    seen: LastSeen | None
    age: timedelta | None
    """Of ``seen``."""

    @property
    def title(self) -> str:
        return TITLES[self.doing]


def whereabouts(uow: UnitOfWork, engineer_ids: Collection[str]) -> dict[str, Whereabouts]:
    """Of each of these engineers; a constant number of queries, however many they are."""
    ids = list(dict.fromkeys(engineer_ids))
    if not ids:
        return {}
    begun, offers, seen = begun_of(uow, ids), offers_of(uow, ids), last_seen(uow, ids)
    days = days_of(uow, ids, uow.today, uow.today + timedelta(days=1))
    return {
        who: Whereabouts(
            who, doing(uow, days.get((who, uow.today)), begun.get(who), offers.get(who, 0)),
            begun[who].work_order_id if who in begun else None, offers.get(who, 0), seen.get(who),
            uow.now - seen[who].at if who in seen else None,
        )
        for who in ids
    }  # fmt: skip


def doing(uow: UnitOfWork, day: Day | None, begun: Any, offers: int) -> Doing:
    if begun is not None:
        return BEGUN[begun.status]
    if day is not None and any(since <= uow.now < until for since, until in day.leave):
        return Doing.ON_LEAVE
    if day is None or not any(since <= uow.now < until for since, until in day.hours):
        return Doing.OFF_SHIFT
    return Doing.OFFERED if offers else Doing.FREE


def begun_of(uow: UnitOfWork, ids: Sequence[str]) -> dict[str, Any]:
    """The visit each is on the way to, or at: whoever leads it, or helps. Being there says more than being on the way."""
    rows = uow.session.execute(
        select(Visit.status, Visit.work_order_id, Visit.engineer_id, VisitEngineer.engineer_id.label("helper"))
        .outerjoin(VisitEngineer, and_(VisitEngineer.visit_id == Visit.id, VisitEngineer.engineer_id.in_(ids)))
        .where(Visit.status.in_(BEGUN), or_(Visit.engineer_id.in_(ids), VisitEngineer.engineer_id.in_(ids)))
    ).all()
    found: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: row.status is VisitStatus.CHECKED_IN):
        found.update({who: row for who in (row.engineer_id, row.helper) if who in ids})
    return found


def offers_of(uow: UnitOfWork, ids: Sequence[str]) -> dict[str, int]:
    rows = select(Offer.engineer_id).where(
        Offer.engineer_id.in_(ids), Offer.status == OfferStatus.OPEN, Offer.answer_by > uow.now
    )
    found: dict[str, int] = {}
    for who in uow.session.scalars(rows):
        found[who] = found.get(who, 0) + 1
    return found
