"""Whether a product is still under warranty with everything bought beside: the one way chat, phone, console and orders ask
`domain.products.warranty.decide`, so that all of them count contracts and cards alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from domain.catalog.model import Model
from domain.cover.lifecycle import COUNTED, CoverStatus
from domain.cover.model import Cover, CoverPlan, PlanKind, Redemption
from domain.cover.numbers import spoken
from domain.kit.actors import Actor
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.products.model import Product
from domain.products.warranty import decide
from domain.products.warranty_facts import MAIN_PARTS, Answer, Decision, Extra, Facts, Result
from domain.products.warranty_model import WarrantyAnswer
from domain.products.warranty_operations import keep_answer
from domain.products.warranty_queries import Gathered, gather
from domain.work_orders.model import WorkOrder

HOLDS = (CoverStatus.ACTIVE, CoverStatus.EXPIRED)
"""An ended contract is said too: until when it held is part of the answer."""


@dataclass(frozen=True)
class Extras:
    """What was bought beside, for many products and orders at once."""

    by_product: Mapping[str, Sequence[Extra]] = field(default_factory=dict)
    by_order: Mapping[str, Sequence[Extra]] = field(default_factory=dict)

    def of(self, product_id: str | None, order_id: str = "") -> tuple[Extra, ...]:
        return (*self.by_product.get(product_id or "", ()), *self.by_order.get(order_id, ()))


def extras_for(uow: UnitOfWork, products: Collection[str], orders: Collection[str] = ()) -> Extras:
    """Contracts of these products, and cards held for these orders; two queries whatever their number."""
    of_product: defaultdict[str, list[Extra]] = defaultdict(list)
    bought = (
        select(Cover, CoverPlan)
        .join(CoverPlan, CoverPlan.id == Cover.plan_id)
        .where(Cover.product_id.in_(products), Cover.kind == PlanKind.WARRANTY, Cover.status.in_(HOLDS))
        .order_by(Cover.since, Cover.id)
    )
    for cover, plan in uow.session.execute(bought):
        of_product[cover.product_id or ""].extend(extras_of(cover, plan))
    of_order: defaultdict[str, list[Extra]] = defaultdict(list)
    held = (
        select(Redemption, Cover, CoverPlan)
        .join(Cover, Cover.id == Redemption.cover_id)
        .join(CoverPlan, CoverPlan.id == Cover.plan_id)
        .where(Redemption.work_order_id.in_(orders), Redemption.status.in_(COUNTED))
    )
    for use, cover, plan in uow.session.execute(held):
        of_order[use.work_order_id].extend(extras_of(cover, plan))
    return Extras(of_product, of_order)


def extras_of(cover: Cover, plan: CoverPlan) -> list[Extra]:
    """One for each component: ``cover`` or ``card``, with the number of its certificate."""
    kind, called = ("card", "服务卡") if plan.kind is PlanKind.CARD else ("cover", "延保合同")
    source = f"{plan.title}，{called} {spoken(cover.number)}"
    return [Extra(kind, cover.id, component, cover.since, cover.until, source) for component in plan.components]


@dataclass(frozen=True)
class Judged:
    """What was gathered for many products; `facts` is one of them with everything bought beside, `decide` its answer."""

    gathered: Gathered
    extras: Extras

    def facts(self, model: Model, product: Product | None, order_id: str = "") -> Facts:
        bought = self.extras.of(product.id if product else None, order_id)
        return self.gathered.facts(model, product, order_id, extras=bought)

    def decide(self, model: Model, product: Product | None, day: date, order_id: str = "") -> Decision:
        return decide(self.facts(model, product, order_id), day)


def judge(
    uow: UnitOfWork, models: Sequence[Model], products: Collection[Product], orders: Collection[str] = ()
) -> Judged:
    """Everything for many products, in as many queries as for one."""
    return Judged(gather(uow, models, products, orders), extras_for(uow, [one.id for one in products], orders))


def warranty_of(
    uow: UnitOfWork, model: Model, product: Product | None, order_id: str = "", *, day: date | None = None
) -> Decision:
    """What holds today, or on another day; nothing is written."""
    judged = judge(uow, [model], [product] if product else [], [order_id] if order_id else [])
    return judged.decide(model, product, day or uow.today, order_id)


def keep_for(uow: UnitOfWork, order: WorkOrder, *, by: Actor, first: bool = False) -> Sequence[WarrantyAnswer]:
    """Decide for an order, of the day it was opened, and keep the answer as its next round; ``first`` only where there is none."""
    extras = extras_for(uow, [order.product_id] if order.product_id else [], [order.id]).of(order.product_id, order.id)
    day = order.opened_at.astimezone(SHANGHAI).date()
    return keep_answer(uow, order.id, order.product_id, order.model_id, day, by=by, first=first, extras=extras)


def covered_until(facts: Facts, component: str, day: date) -> date | None:
    """The last day of what covers the component without a break from ``day`` on; None where nothing covers it then."""
    last, asked = None, day
    while (answer := answer_of(decide(facts, asked), component)) and answer.result is Result.COVERED and answer.until:
        last, asked = answer.until, answer.until + timedelta(days=1)
    return last


def answer_of(decision: Decision, component: str) -> Answer | None:
    """A part nobody named is one of the main parts."""
    return decision.of(component) or decision.of(MAIN_PARTS)
