"""Using a card: held for an order when it is booked, redeemed when the work is done, given back where it is not.

The database guards every use: two phones that take the last one at the same moment, one of them is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.access import trail
from domain.cover.contracts import BY, expire, locked, own
from domain.cover.events import CardUsed
from domain.cover.income import earn_by
from domain.cover.lifecycle import COUNTED, REDEMPTIONS, CoverStatus, RedemptionStatus
from domain.cover.model import Cover, CoverPlan, PlanKind, Redemption
from domain.cover.rules import Eligibility
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.kinds import TITLES as SERVICES
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OPEN, OrderStatus
from domain.work_orders.model import WorkOrder


class CardRefused(Refused):
    """The card cannot be used for this order; the words say why."""

    code = "card_refused"


class CardTaken(Conflict):
    """Somebody was faster: the use, or the order, is taken."""

    code = "card_taken"


@dataclass(frozen=True)
class CardHeld:
    """A card held for an order, or redeemed for it: what it pays for is nobody's to pay."""

    redemption_id: str
    cover_id: str
    number: str
    title: str
    pays: frozenset[str]
    """Kinds of fee lines: ``labour``, ``travel``, ``inspection``, ``material``."""


def cards_for(uow: UnitOfWork, order: WorkOrder) -> list[CardHeld]:
    """The card that pays for an order; none or one."""
    return cards_of_orders(uow, [order.id]).get(order.id, [])


def cards_of_orders(uow: UnitOfWork, order_ids: Collection[str]) -> dict[str, list[CardHeld]]:
    """Order → the card that pays for it; orders without one are left out. One query."""
    wanted = (
        select(Redemption, Cover, CoverPlan)
        .join(Cover, Cover.id == Redemption.cover_id)
        .join(CoverPlan, CoverPlan.id == Cover.plan_id)
        .where(Redemption.work_order_id.in_(order_ids), Redemption.status.in_(COUNTED))
    )
    found: dict[str, list[CardHeld]] = {}
    for use, cover, plan in uow.session.execute(wanted):
        held = CardHeld(use.id, cover.id, cover.number, plan.title, frozenset(plan.pays))
        found.setdefault(use.work_order_id, []).append(held)
    return found


def cards_that_fit(uow: UnitOfWork, order: WorkOrder) -> Sequence[tuple[Cover, CoverPlan]]:
    """The customer's cards that may be used for an order, the one that ends first before the others."""
    mine = (
        select(Cover, CoverPlan)
        .join(CoverPlan, CoverPlan.id == Cover.plan_id)
        .where(Cover.customer_id == order.customer_id, Cover.kind == PlanKind.CARD, Cover.status == CoverStatus.ACTIVE)
        .order_by(Cover.until, Cover.id)
    )
    return [(cover, plan) for cover, plan in uow.session.execute(mine) if not objection(uow, cover, plan, order)]


def objection(uow: UnitOfWork, cover: Cover, plan: CoverPlan, order: WorkOrder) -> str:
    """Why a card cannot be used for an order, "" where it can."""
    allowed = Eligibility.of(plan.eligibility).categories
    if cover.kind is not PlanKind.CARD:
        return "这不是服务卡"
    if cover.customer_id != order.customer_id:
        return "这张服务卡不在这位客户名下"
    if cover.status is not CoverStatus.ACTIVE or not cover.since <= uow.today <= cover.until:
        return "这张服务卡现在不能用（未付款、已退或已过期）"
    if plan.service_type != str(order.service_type):
        return f"这张卡只能用于{SERVICES[ServiceType(plan.service_type)]}"
    if allowed and order.category_code not in allowed:
        return "这张卡不适用于这类产品"
    if order.status not in OPEN:
        return "工单已结束，不能再用卡"
    return "" if cover.used < cover.uses else "这张卡的次数已经用完"


def hold(uow: UnitOfWork, cover_id: str, order_id: str, *, by: Actor) -> Redemption:
    """Keep one use of a card for an order. Held for it already, it stays the same one.

    :raises CardRefused: it does not fit; :raises CardTaken: somebody took the last use, or the order has another card
    """
    order, cover = uow.get(WorkOrder, order_id, called="这张工单", lock=True), locked(uow, cover_id)
    own(cover, by)
    standing = use_of(uow, order_id)
    if standing and standing.cover_id == cover.id:
        return standing
    if standing:
        raise CardTaken("这张工单已经用了另一张卡")
    if words := objection(uow, cover, uow.session.get_one(CoverPlan, cover.plan_id), order):
        raise CardRefused(words)
    return insert_use(uow, cover, order_id, free_number(uow, cover), by=by)


def insert_use(uow: UnitOfWork, cover: Cover, order_id: str, n: int, *, by: Actor) -> Redemption:
    """:raises CardTaken: the database has this use, or the order another card, or there are no more uses"""
    use = Redemption(
        id=uow.new_id("rd"), cover_id=cover.id, n=n, work_order_id=order_id, status=REDEMPTIONS.start, held_at=uow.now,
        held_by=str(by),
    )  # fmt: skip
    try:
        with uow.session.begin_nested():
            cover.used += 1
            uow.session.add(use)
    except IntegrityError as refused:
        raise CardTaken("这张卡刚刚在另一处用掉了") from refused
    said(uow, use, by)
    return use


def free_number(uow: UnitOfWork, cover: Cover) -> int:
    """The first of the card's uses nobody has."""
    taken = select(Redemption.n).where(Redemption.cover_id == cover.id, Redemption.status.in_(COUNTED))
    numbers = set(uow.session.scalars(taken))
    return next(n for n in range(1, cover.uses + 2) if n not in numbers)


def use_of(uow: UnitOfWork, order_id: str) -> Redemption | None:
    """The use that is held or redeemed for an order."""
    wanted = select(Redemption).where(Redemption.work_order_id == order_id, Redemption.status.in_(COUNTED))
    return uow.session.scalars(wanted).first()


def redeem(uow: UnitOfWork, order_id: str, *, by: Actor = BY) -> Redemption | None:
    """The work of an order is done: the use that was held is made, and earned. Nothing where no card was held."""
    use = locked_use(uow, order_id)
    if use and use.status is RedemptionStatus.HELD:
        end(uow, use, "redeem", by)
        after_end(uow, use.cover_id)
    return use


def take_back(uow: UnitOfWork, order_id: str, *, by: Actor = BY) -> Redemption | None:
    """The order is not finished after all: its use is only held again."""
    use = locked_use(uow, order_id)
    if use and use.status is RedemptionStatus.REDEEMED:
        end(uow, use, "take_back", by)
        after_end(uow, use.cover_id)
    return use


def give_back(uow: UnitOfWork, order_id: str, *, by: Actor = BY) -> Redemption | None:
    """The order is cancelled, or shall be paid otherwise: the use is the customer's again. What was quoted with it falls
    (`domain.pricing.falling`).

    :raises MoveRefused: it is redeemed; :raises CardRefused: the work is done, and the use is about to be
    """
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    use = locked_use(uow, order_id)
    if use and use.status is RedemptionStatus.HELD and order.status in FINISHED:
        raise CardRefused("工单已完工，这次用卡已经算用掉了，不能退回")
    if use:
        cover = uow.session.get_one(Cover, use.cover_id)
        own(cover, by)
        end(uow, use, "return", by)
        cover.used -= 1
        uow.session.flush()
        after_end(uow, use.cover_id)
    return use


def locked_use(uow: UnitOfWork, order_id: str) -> Redemption | None:
    """The use of an order with its card, held until the commit."""
    found = use_of(uow, order_id)
    if found is None:
        return None
    locked(uow, found.cover_id)
    use = uow.get(Redemption, found.id, called="这次用卡", lock=True)
    return use if use.status in COUNTED else None


def end(uow: UnitOfWork, use: Redemption, name: str, by: Actor) -> None:
    REDEMPTIONS.move(use, name, by.role)
    use.ended_at = None if use.status is RedemptionStatus.HELD else uow.now
    uow.session.flush()
    said(uow, use, by)


def after_end(uow: UnitOfWork, cover_id: str) -> None:
    """What was used is earned; a card that was over and only waited for this use ends."""
    cover = uow.session.get_one(Cover, cover_id)
    if cover.status is CoverStatus.ACTIVE:
        earn_by(uow, cover, uow.today)
        expire(uow, cover_id)


def said(uow: UnitOfWork, use: Redemption, by: Actor) -> None:
    uow.session.flush()
    trail.record(uow, by, f"card.{use.status}", "cover", use.cover_id, order=use.work_order_id, use=use.n)
    uow.emit(CardUsed(use.id, use.cover_id, use.work_order_id, str(use.status)))


def hold_by_itself(uow: UnitOfWork, order_id: str, *, by: Actor = BY) -> Redemption | None:
    """A cleaning that is asked for takes the customer's cleaning card, where there is one: that is what it was bought for."""
    order = uow.get(WorkOrder, order_id, called="这张工单")
    if order.service_type is not ServiceType.MAINTENANCE or use_of(uow, order.id):
        return None
    fitting = cards_that_fit(uow, order)
    return hold(uow, fitting[0][0].id, order.id, by=by) if fitting else None


FINISHED = frozenset({OrderStatus.FINISHED, OrderStatus.AUDITED, OrderStatus.SETTLED})


def follow_order(uow: UnitOfWork, order_id: str) -> None:
    """A card goes the way its order went: whatever came first, the order as it is now decides."""
    order = uow.session.get(WorkOrder, order_id)
    if order is None:
        return
    if order.status is OrderStatus.CANCELLED:
        take_back(uow, order.id)  # finished, sent back and cancelled, and this is the first anybody hears of it
        give_back(uow, order.id)
    elif order.status in FINISHED:
        redeem(uow, order.id)
    else:
        take_back(uow, order.id)
