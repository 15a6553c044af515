"""What may be bought for a product, or as a card: each plan with price, first and last day, or with what objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from domain.catalog.model import Model
from domain.cover.lifecycle import LIVE, CoverStatus
from domain.cover.model import Cover, CoverPlan, PlanKind, Starts
from domain.cover.rules import CHECK_HOLDS, Eligibility, Wish, objections_to
from domain.cover.standing import covered_until, judge
from domain.customers.model import Customer, CustomerAddress
from domain.inspections.checks import Verdict
from domain.kit.money import ZERO, Money
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.products.model import Product
from domain.products.warranty import after_months, begin
from domain.products.warranty_facts import Facts
from domain.service_sheets.facts import todo_for, verdicts
from domain.service_sheets.model import ServiceSheet
from domain.service_sheets.registers import registers_of, values_of
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OPEN
from domain.work_orders.model import Visit, WorkOrder


@dataclass(frozen=True)
class Offer:
    """One plan for one product. ``since`` and ``until`` hold if it is paid today."""

    plan: CoverPlan
    price: Money
    since: date
    until: date
    objections: Sequence[tuple[str, str]]
    """(code, words) of what stands in the way."""

    @property
    def eligible(self) -> bool:
        return not self.objections

    @property
    def why_not(self) -> str:
        return "；".join(words for _, words in self.objections)


@dataclass(frozen=True)
class Asked:
    """One product as offers see it, gathered once for all plans."""

    product: Product
    model: Model
    facts: Facts
    division: str | None
    checked_on: date | None
    standing: Sequence[Cover]
    fault_open: bool


def plans_on_sale(uow: UnitOfWork, brand_id: str, day: date) -> Sequence[CoverPlan]:
    """Of one brand on one day: warranties, then cards, the cheaper first. What costs nothing is given, not sold."""
    held = select(CoverPlan).where(
        CoverPlan.brand_id == brand_id, CoverPlan.since <= day, CoverPlan.price_fen > ZERO,
        func.coalesce(CoverPlan.until, date.max) > day,
    )  # fmt: skip
    order = (CoverPlan.kind.desc(), CoverPlan.price_fen, CoverPlan.code)
    return uow.session.scalars(held.order_by(*order)).all()


def plans_for(uow: UnitOfWork, product_id: str | None, customer_id: str) -> list[Offer]:
    """Every plan on sale for a product, those nobody objects to first; without a product the cards only.

    What is not for this category or model is left out; what only the circumstances forbid is there with the reason.
    """
    customer = uow.get(Customer, customer_id, called="客户")
    asked = ask(uow, uow.get(Product, product_id, called="这台产品")) if product_id else None
    offers = [
        offer(plan, asked, customer, uow.today)
        for plan in plans_on_sale(uow, customer.brand_id, uow.today)
        if asked or plan.kind is PlanKind.CARD
    ]
    fitting = [one for one in offers if not {code for code, _ in one.objections} & {"category", "model"}]
    return sorted(fitting, key=lambda one: not one.eligible)


def offer_of(uow: UnitOfWork, plan: CoverPlan, product: Product | None, customer: Customer) -> Offer:
    """One plan for one product as it is today."""
    return offer(plan, ask(uow, product) if product else None, customer, uow.today)


def offer(plan: CoverPlan, asked: Asked | None, customer: Customer, day: date) -> Offer:
    since, until = days_of(plan, asked, day)
    return Offer(plan, plan.price_fen, since, until, objections_to(wish_of(plan, asked, customer, day)))


def days_of(plan: CoverPlan, asked: Asked | None, day: date) -> tuple[date, date]:
    """First and last day if it is paid on ``day``: a card at once; a warranty after the present one, at the earliest tomorrow,
    so that a fault of today is nobody's bargain."""
    if plan.kind is PlanKind.CARD or asked is None:
        return day, after_months(day, plan.months)
    after = day
    if plan.starts is Starts.AFTER_PRESENT:
        after = max(day, covered_until(asked.facts, component_of(plan), day) or day)
    same = (one for one in asked.standing if one.component == component_of(plan))
    after = max([after, *(one.until for one in same if one.status is not CoverStatus.ORDERED)])
    return after + timedelta(days=1), after_months(after, plan.months)


def component_of(plan: CoverPlan) -> str:
    return plan.components[0] if plan.components else ""


def wish_of(plan: CoverPlan, asked: Asked | None, customer: Customer, day: date) -> Wish:
    """The frozen facts that rules look at."""
    on_sale = plan.price_fen > ZERO and plan.since <= day and (plan.until is None or day < plan.until)
    wish = Wish(
        kind=str(plan.kind), component=component_of(plan), eligibility=Eligibility.of(plan.eligibility), day=day,
        on_sale=on_sale, own=plan.brand_id == customer.brand_id and (asked is not None or plan.kind is PlanKind.CARD),
    )  # fmt: skip
    if asked is None:
        return wish
    begun = begin(asked.facts, day)
    same = [one for one in asked.standing if one.component == component_of(plan)]
    return Wish(
        kind=wish.kind, component=wish.component, eligibility=wish.eligibility, day=day, on_sale=on_sale,
        own=wish.own and asked.product.customer_id == customer.id, category=asked.model.category_code,
        model_id=asked.model.id, bought_on=begun.on if begun else None,
        age_months=months_between(begun.on, day) if begun else None,
        present_until=covered_until(asked.facts, wish.component, day) if plan.kind is PlanKind.WARRANTY else None,
        checked_on=asked.checked_on, division=asked.division,
        standing_until=max((one.until for one in same), default=None),
        waiting=any(one.status is CoverStatus.ORDERED for one in same), fault_open=asked.fault_open,
    )  # fmt: skip


def months_between(since: date, day: date) -> int:
    """Whole months that have begun: 13 on the first day after a year."""
    months = (day.year - since.year) * 12 + day.month - since.month
    return months + (day > after_months(since, months))


def ask(uow: UnitOfWork, product: Product) -> Asked:
    """Gather what all plans for one product are judged by."""
    model = uow.session.get_one(Model, product.model_id)
    standing = select(Cover).where(
        Cover.product_id == product.id, Cover.status.in_(LIVE), Cover.until >= uow.today
    )  # fmt: skip
    repairs = select(WorkOrder.id).where(
        WorkOrder.product_id == product.id, WorkOrder.service_type == ServiceType.REPAIR, WorkOrder.status.in_(OPEN)
    )
    return Asked(
        product, model, judge(uow, [model], [product]).facts(model, product), division_of(uow, product),
        checked_on(uow, product), uow.session.scalars(standing).all(),
        uow.session.scalar(repairs.limit(1)) is not None,
    )  # fmt: skip


def division_of(uow: UnitOfWork, product: Product) -> str | None:
    """Where it stands: where it was last served, else where its owner lives, as far as anybody knows."""
    served = select(WorkOrder.division_code).where(
        WorkOrder.product_id == product.id, WorkOrder.customer_id == product.customer_id
    )
    found = uow.session.scalar(served.order_by(WorkOrder.opened_at.desc()).limit(1))
    lives = select(CustomerAddress.division_code).where(CustomerAddress.customer_id == product.customer_id)
    return found or uow.session.scalar(lives.order_by(CustomerAddress.used_at.desc()).limit(1))


def checked_on(uow: UnitOfWork, product: Product) -> date | None:
    """The day of the latest visit that was finished with checks of which none said no; None where there was none of late."""
    recent = (
        select(ServiceSheet, Visit, WorkOrder)
        .join(Visit, Visit.id == ServiceSheet.visit_id)
        .join(WorkOrder, WorkOrder.id == ServiceSheet.work_order_id)
        .where(
            WorkOrder.product_id == product.id,
            ServiceSheet.outcome == "finished",
            ServiceSheet.changed_at > uow.now - CHECK_HOLDS - timedelta(days=1),
        )
        .order_by(ServiceSheet.changed_at.desc())
    )
    for sheet, visit, order in uow.session.execute(recent):
        found = verdicts(todo_for(order, visit), values_of(registers_of(uow, visit.id)))
        if found and Verdict.BLOCKS not in found.values():
            return sheet.changed_at.astimezone(SHANGHAI).date()
    return None
