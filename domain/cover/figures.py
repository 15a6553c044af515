"""What was sold, as the staff look at it: a list a page at a time, and figures by month, by seller and by plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, select, tuple_

from domain.cover.lifecycle import CoverStatus, GiftStatus
from domain.cover.model import Cover, CoverPlan, Gift, GiftBatch
from domain.cover.numbers import read_number
from domain.cover.queries import CoverSeen, seen
from domain.kit.money import Money
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork

PAGE = 50
LOOKED_BACK = timedelta(days=365)
"""What the figures are of where no day is named."""


@dataclass(frozen=True)
class Wanted:
    """Which contracts: "" and None are any; days are the days they were ordered, both included."""

    status: str = ""
    kind: str = ""
    brand_id: str = ""
    sold_by: str = ""
    customer_id: str = ""
    number: str = ""
    since: date | None = None
    until: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found = [
            column == value
            for column, value in (
                (Cover.status, self.status), (Cover.kind, self.kind), (Cover.brand_id, self.brand_id),
                (Cover.sold_by, self.sold_by), (Cover.customer_id, self.customer_id),
            )
            if value
        ]  # fmt: skip
        if self.number:
            found.append(Cover.number == (read_number(self.number) or self.number))
        if self.since:
            found.append(Cover.ordered_at >= datetime.combine(self.since, time(), SHANGHAI))
        if self.until:
            found.append(Cover.ordered_at < datetime.combine(self.until + timedelta(days=1), time(), SHANGHAI))
        return found


def covers(
    uow: UnitOfWork, wanted: Wanted, *, after: tuple[datetime, str] | None = None, limit: int = PAGE
) -> tuple[Sequence[CoverSeen], tuple[datetime, str] | None]:
    """A page of them, the newest first, and where the next one begins."""
    found = seen().where(*wanted.conditions())
    if after:
        found = found.where(tuple_(Cover.ordered_at, Cover.id) < after)
    newest = found.order_by(Cover.ordered_at.desc(), Cover.id.desc()).limit(limit + 1)
    rows = [CoverSeen(*row) for row in uow.session.execute(newest)]
    last = rows[limit - 1].cover if len(rows) > limit else None
    return rows[:limit], (last.ordered_at, last.id) if last else None


@dataclass(frozen=True)
class Sold:
    """One line of the figures: how many were paid, for how much, and what of that went back; ``cancelled`` of them."""

    key: str
    count: int
    price: Money
    back: Money
    cancelled: int


def by_month(uow: UnitOfWork, wanted: Wanted) -> list[Sold]:
    """Month by month, as 2026-05."""
    month = func.to_char(func.timezone("Asia/Shanghai", Cover.bought_at), "YYYY-MM")
    return sold(uow, wanted, month, order=month)


def by_seller(uow: UnitOfWork, wanted: Wanted) -> list[Sold]:
    """Whoever sold most first; "" is nobody."""
    return sold(uow, wanted, Cover.sold_by, order=func.count().desc())


def by_plan(uow: UnitOfWork, wanted: Wanted) -> list[Sold]:
    """The title of the plan, what sold best first."""
    return sold(uow, wanted, CoverPlan.title, order=func.count().desc())


def sold(uow: UnitOfWork, wanted: Wanted, key: Any, *, order: Any) -> list[Sold]:
    gone = Cover.status == CoverStatus.CANCELLED
    rows = (
        select(
            key, func.count(), cast(func.sum(Cover.price_fen), BigInteger),
            cast(func.sum(Cover.refunded_fen).filter(gone), BigInteger), func.count().filter(gone),
        )
        .select_from(Cover)
        .join(CoverPlan, CoverPlan.id == Cover.plan_id)
        .where(Cover.bought_at.is_not(None), Cover.via != "gift", *wanted.conditions())
        .group_by(key)
        .order_by(order)
    )  # fmt: skip
    return [Sold(name, count, price, back, cancelled) for name, count, price, back, cancelled in listed(uow, rows)]


def listed(uow: UnitOfWork, rows: Select[Any]) -> list[tuple[str, int, Money, Money, int]]:
    """A sum of nothing is nothing."""
    return [
        (str(key or ""), int(count), Money(price or 0), Money(back or 0), int(cancelled))
        for key, count, price, back, cancelled in uow.session.execute(rows)
    ]


@dataclass(frozen=True)
class BatchSeen:
    """One batch of gifts with what became of its codes."""

    batch: GiftBatch
    plan: CoverPlan
    redeemed: int
    left: int


def batches_seen(uow: UnitOfWork) -> list[BatchSeen]:
    """The newest first."""
    redeemed, left = (func.count().filter(Gift.status == one) for one in (GiftStatus.REDEEMED, GiftStatus.ISSUED))
    codes = select(Gift.batch_id, redeemed.label("redeemed"), left.label("left")).group_by(Gift.batch_id).subquery()
    rows = (
        select(GiftBatch, CoverPlan, codes.c.redeemed, codes.c.left)
        .join(CoverPlan, CoverPlan.id == GiftBatch.plan_id)
        .join(codes, codes.c.batch_id == GiftBatch.id)
        .order_by(GiftBatch.made_at.desc(), GiftBatch.id.desc())
    )  # fmt: skip
    return [BatchSeen(*row) for row in uow.session.execute(rows)]
