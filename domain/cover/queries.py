"""Looking contracts, cards and their uses up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from domain.catalog.model import Model
from domain.cover.lifecycle import HELD, LIVE, REDEEMED, CoverStatus, RedemptionStatus
from domain.cover.model import Cover, CoverPlan, Redemption
from domain.cover.reckoning import Contract
from domain.kit.errors import NotFound
from domain.kit.unit_of_work import UnitOfWork
from domain.products.model import Product
from domain.products.warranty_facts import Result
from domain.products.warranty_model import WarrantyAnswer
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OrderStatus
from domain.work_orders.model import WorkOrder


@dataclass(frozen=True)
class CoverSeen:
    """One contract or card as a page or a chat shows it."""

    cover: Cover
    plan: CoverPlan
    product: Product | None
    model: Model | None

    @property
    def left(self) -> int:
        """Uses of a card that are still there."""
        return self.cover.uses - self.cover.used


def seen() -> Select[Cover, CoverPlan, Product, Model]:
    return (
        select(Cover, CoverPlan, Product, Model)
        .join(CoverPlan, CoverPlan.id == Cover.plan_id)
        .outerjoin(Product, Product.id == Cover.product_id)
        .outerjoin(Model, Model.id == Product.model_id)
    )


def covers_of(uow: UnitOfWork, customer_id: str | None, *, only_live: bool = False) -> list[CoverSeen]:
    """A customer's contracts and cards, newest first; those nobody paid for in time are left out."""
    if customer_id is None:
        return []
    wanted = seen().where(Cover.customer_id == customer_id, Cover.status != CoverStatus.VOID)
    if only_live:
        wanted = wanted.where(Cover.status.in_(LIVE))
    return [CoverSeen(*row) for row in uow.session.execute(wanted.order_by(Cover.ordered_at.desc(), Cover.id.desc()))]


def covers_for(uow: UnitOfWork, product_id: str) -> list[CoverSeen]:
    """A product's contracts, newest first, those that came to nothing left out."""
    wanted = seen().where(Cover.product_id == product_id, Cover.status != CoverStatus.VOID)
    return [CoverSeen(*row) for row in uow.session.execute(wanted.order_by(Cover.ordered_at.desc(), Cover.id.desc()))]


def cover_seen(uow: UnitOfWork, cover_id: str) -> CoverSeen:
    """:raises NotFound: there is none"""
    row = uow.session.execute(seen().where(Cover.id == cover_id)).first()
    if row is None:
        raise NotFound("没有找到这份延保或服务卡")
    return CoverSeen(*row)


def uses_of(uow: UnitOfWork, cover_id: str) -> Sequence[Redemption]:
    """Every use of a card, oldest first, those given back too."""
    wanted = select(Redemption).filter_by(cover_id=cover_id).order_by(Redemption.held_at, Redemption.id)
    return uow.session.scalars(wanted).all()


def held_uses(uow: UnitOfWork, cover_id: str) -> int:
    return count_of(uow, cover_id, HELD)


def count_of(uow: UnitOfWork, cover_id: str, status: RedemptionStatus) -> int:
    wanted = select(func.count()).select_from(Redemption).filter_by(cover_id=cover_id, status=status)
    return uow.session.scalar(wanted) or 0


def repairs_on(uow: UnitOfWork, cover: Cover) -> Sequence[WorkOrder]:
    """The repairs that count on a warranty: the last answer kept with each says that it covers something. Cancelled ones do not."""
    if cover.product_id is None:
        return []
    later = aliased(WarrantyAnswer)
    last = select(func.max(later.round)).where(later.work_order_id == WarrantyAnswer.work_order_id).scalar_subquery()
    counted = select(WarrantyAnswer.work_order_id).where(
        WarrantyAnswer.product_id == cover.product_id, WarrantyAnswer.version == cover.id,
        WarrantyAnswer.result == Result.COVERED, WarrantyAnswer.round == last,
    )  # fmt: skip
    wanted = select(WorkOrder).where(
        WorkOrder.id.in_(counted), WorkOrder.service_type == ServiceType.REPAIR,
        WorkOrder.status != OrderStatus.CANCELLED,
    )  # fmt: skip
    return uow.session.scalars(wanted.order_by(WorkOrder.opened_at, WorkOrder.id)).all()


def reckoned(uow: UnitOfWork, cover: Cover) -> Contract:
    """What `domain.cover.reckoning` reckons with: of a card's uses only those redeemed, of a warranty whether it has served."""
    redeemed = count_of(uow, cover.id, REDEEMED) if cover.uses else 0
    served = bool(repairs_on(uow, cover))
    return Contract(cover.price_fen, cover.since, cover.until, cover.uses, redeemed, cover.cooling_until, served)
