"""What the brand earns of a contract's price as time passes and uses are made, and what its seller is owed: entries in the ledger.

Until it is earned the price is the customer's (``deferred_cover``). What is earned is counted on the contract, so that the
entries of its whole life make its price to the fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Integer, func, literal_column, select

from domain.access import trail
from domain.cover.lifecycle import CoverStatus
from domain.cover.model import Cover, CoverCommission, CoverPlan
from domain.cover.queries import reckoned
from domain.cover.reckoning import commission_back, commission_of, earned_by
from domain.kit.actors import Actor, system
from domain.kit.money import ZERO, Money
from domain.kit.put_off import is_not
from domain.kit.unit_of_work import UnitOfWork
from domain.ledger.operations import Posting, post
from domain.products.warranty import after_months

BY = system("cover")


def earn(uow: UnitOfWork, cover: Cover, target: Money, *, by: Actor, day: date | None = None) -> Money:
    """Post what is missing to ``target`` earned; what is too much goes back. Returns the difference."""
    difference = target - cover.earned_fen
    if difference == ZERO:
        return ZERO
    fen = abs(difference.fen)
    posting = (
        Posting("deferred_cover", "income_cover", fen)
        if difference > ZERO
        else Posting("income_cover", "deferred_cover", fen)
    )
    cover.entries += 1
    post(
        uow, f"cover_earned:{cover.id}:{cover.entries}", "earned", [posting], brand_id=cover.brand_id, by=by,
        of=("cover", cover.id), day=day,
    )  # fmt: skip
    cover.earned_fen = target
    uow.session.flush()
    return difference


def month_end(day: date) -> date:
    """The last day of the month before."""
    return day.replace(day=1) - timedelta(days=1)


def due_to_earn(uow: UnitOfWork, limit: int) -> Sequence[str]:
    """Contracts that hold and whose last month is not posted yet, those that wait the longest first."""
    unposted = func.coalesce(
        Cover.earned_on + literal_column("1", Integer), Cover.since
    )  # the first day of it: ix_covers_earning
    wanted = select(Cover.id).where(
        Cover.status == CoverStatus.ACTIVE, unposted <= month_end(uow.today), is_not(uow, "cover.earn", Cover.id)
    )
    return uow.session.scalars(wanted.order_by(unposted, Cover.id).limit(limit)).all()


def earn_months(uow: UnitOfWork, cover: Cover) -> None:
    """Post every month that is over and was not posted, each for its last day. ``cover`` is locked; said twice, it is posted once."""
    last = month_end(uow.today)
    end = month_end(after_months((cover.earned_on or month_end(cover.since)).replace(day=1), 2))
    while cover.status is CoverStatus.ACTIVE and end <= last:
        earn_by(uow, cover, end)
        cover.earned_on = end
        end = month_end(after_months(end.replace(day=1), 2))
    uow.session.flush()


def write_commission(uow: UnitOfWork, cover: Cover, plan: CoverPlan, *, by: Actor) -> None:
    """Whoever sold it is owed a part of its price from the day it is paid."""
    fen = commission_of(cover.price_fen, plan.commission_permille)
    if not cover.sold_by or fen == ZERO:
        return
    uow.session.add(
        CoverCommission(
            cover_id=cover.id,
            brand_id=cover.brand_id,
            sold_by=cover.sold_by,
            fen=fen,
            reversed_fen=ZERO,
            due_at=uow.now,
        )
    )
    uow.session.flush()
    post(
        uow, f"cover_commission:{cover.id}", "commission",
        [Posting("commission", "commission_due", fen.fen, "", party(cover.sold_by))],
        brand_id=cover.brand_id, by=by, of=("cover", cover.id),
    )  # fmt: skip
    trail.record(uow, by, "cover.commission", "cover", cover.id, fen=fen.fen)


def take_back_commission(uow: UnitOfWork, cover: Cover, *, by: Actor) -> None:
    """The part of it that goes with the refund."""
    owed = uow.session.get(CoverCommission, cover.id, with_for_update=True)
    back = commission_back(owed.fen, cover.price_fen, cover.refunded_fen) if owed else ZERO
    if owed is None or back == ZERO:
        return
    owed.reversed_fen = back
    post(
        uow, f"cover_commission_back:{cover.id}", "commission",
        [Posting("commission_due", "commission", back.fen, party(owed.sold_by), "")],
        brand_id=cover.brand_id, by=by, of=("cover", cover.id),
    )  # fmt: skip
    trail.record(uow, by, "cover.commission", "cover", cover.id, fen=-back.fen)


def party(sold_by: str) -> str:
    """The id in ``engineer:en_1``."""
    return sold_by.partition(":")[2]


def earn_by(uow: UnitOfWork, cover: Cover, day: date) -> Money:
    """All that is earned at the end of ``day``, posted for that day."""
    return earn(uow, cover, earned_by(reckoned(uow, cover), day), by=BY, day=day)
