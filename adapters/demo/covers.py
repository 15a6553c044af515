"""The demo's extended warranties and cards: what the three brands sell, and some that were sold, used and given up.

A further plan is a row of `WARRANTIES` or `CARDS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from adapters.demo.network import Technician
from domain.catalog.categories import TITLES
from domain.cover import contracts, gifts
from domain.cover.cards import hold_by_itself
from domain.cover.model import Cover, CoverPlan, PlanKind, Starts
from domain.cover.offering import plans_for
from domain.cover.plans import Terms, put_plan
from domain.cover.rules import Eligibility
from domain.kit.actors import Actor, Role
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.payments.cash import take_cash
from domain.products.model import Product
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OPEN
from domain.work_orders.model import WorkOrder

SINCE = date(2024, 1, 1)
FACTORS = {"YF": 1000, "ZH": 950, "ZY": 1080}
"""Thousandths of the price, by the brand's code; rounded to a yuan."""
WARRANTIES: Mapping[str, tuple[int, int]] = {
    "air_conditioner": (199, 159), "refrigerator": (229, 169), "washing_machine": (169, 129),
    "water_heater_gas": (139, 99), "water_heater_electric": (149, 109),
}  # fmt: skip
"""Category → yuan of one year of the whole machine, and of one year of its main parts."""
YEARS = (("1", 12, 1000), ("2", 24, 1800), ("3", 36, 2500))
"""Years as the code says them, months, thousandths of the first year's price."""
CARDS = (("clean1", "上门清洁卡 1 次", 1, 12, 129), ("clean3", "上门清洁卡 3 次", 3, 24, 299))
CLEANED = ("air_conditioner", "washing_machine", "range_hood", "water_heater_electric", "refrigerator")
NUMBERS = {"1": "一年", "2": "两年", "3": "三年"}
WHOLE_TERMS = (
    "一、保障期内，正常家庭使用中出现的性能故障，免人工费、上门费和配件费。\n"
    "二、接在现有保修之后；现有保修已过的，上门检测合格后购买，付款次日起。\n"
    "三、人为损坏、进水、自行拆修、不可抗力和经营使用不在保障范围。\n"
    "四、付款后 15 天内可全额退；之后按剩余天数退。随产品过户，不另收费。"
)
PARTS_TERMS = (
    "一、保障期内，主要部件（压缩机、电机、电脑板等）出现性能故障，免费更换；人工费和上门费按价目收取。\n"
    + WHOLE_TERMS[WHOLE_TERMS.index("二、") :]
)
CARD_TERMS = (
    "一、每次可为名下一台家电做一次标准清洁，免人工费、上门费和辅材费；拆机深度清洗按价目补差。\n"
    "二、不限产品，留在购买人名下，不随产品过户。\n三、预约后取消不扣次数；到期未用的次数作废。\n"
    "四、没用过全额退，用过按剩余次数退。"
)
MOST = 16
"""Contracts that were sold."""


def put_plans(uow: UnitOfWork, brands: Mapping[str, str], *, by: Actor) -> int:
    """Every plan of every brand; how many."""
    count = 0
    for code, brand_id in brands.items():
        for name, terms in plans(FACTORS.get(code, 1000)):
            put_plan(uow, brand_id, name, terms, SINCE, by=by)
            count += 1
    return count


def plans(factor: int) -> Iterator[tuple[str, Terms]]:
    for category, prices in WARRANTIES.items():
        for (year, months, times), (part, price) in (
            (years, one) for years in YEARS for one in zip(("whole", "parts"), prices, strict=True)
        ):
            whole = part == "whole"
            yield f"{category}-{part}{year}", Terms(
                kind=PlanKind.WARRANTY, title=f"{TITLES[category]}{'整机' if whole else '主要部件'}延保{NUMBERS[year]}",
                components=("whole", "labour") if whole else ("main_parts",), months=months,
                price=Money(price * 100 * factor * times // 1_000_000 // 100 * 100), commission_permille=50,
                terms=WHOLE_TERMS if whole else PARTS_TERMS,
                eligibility=Eligibility(
                    categories=(category,), age_months_max=72, needs_warranty=True, needs_check=True
                ),
            )  # fmt: skip
    for name, title, uses, months, price in CARDS:
        yield name, Terms(
            kind=PlanKind.CARD, title=title, components=(), months=months, price=Money(price * 100 * factor // 1000 // 100 * 100),
            terms=CARD_TERMS, service_type=ServiceType.MAINTENANCE, pays=("labour", "travel", "material"), uses=uses,
            eligibility=Eligibility(categories=CLEANED), starts=Starts.NOW, cooling_days=7, commission_permille=80,
        )  # fmt: skip


def sell(uow: UnitOfWork, brand_id: str, technicians: list[Technician], agent: Actor) -> int:
    """Some that engineers and the desk sold over five weeks: one given up, one not paid, a card used, gifts made."""
    products = uow.session.scalars(select(Product).filter_by(brand_id=brand_id).order_by(Product.id)).all()
    sold: list[Cover] = []
    for place, product in enumerate(products):
        if len(sold) == MOST:
            break
        then = replace(uow, now=uow.now - timedelta(days=36 - 2 * len(sold), hours=place % 9))
        kind = PlanKind.CARD if place % 4 == 3 else PlanKind.WARRANTY
        offers = [
            one for one in plans_for(then, product.id, product.customer_id) if one.eligible and one.plan.kind is kind
        ]
        if offers:
            seller = technicians[place % len(technicians)].id
            plan = offers[place % len(offers)].plan
            sold.append(bought(then, plan, product, seller, agent if place % 5 == 0 else None))
    if len(sold) == MOST:
        early = next(one for one in sold if one.kind is PlanKind.WARRANTY)
        contracts.cancel(replace(uow, now=uow.now - timedelta(days=9)), early.id, by=agent, why="客户换了新机器")
    wait_for_payment(uow, products[-1])
    use_a_card(uow, brand_id)
    make_gifts(uow, brand_id, agent)
    return len(sold)


def bought(uow: UnitOfWork, plan: CoverPlan, product: Product, engineer_id: str, agent: Actor | None) -> Cover:
    """Ordered and paid in cash to an engineer; sold by the engineer, or by the desk."""
    engineer = Actor(Role.ENGINEER, engineer_id)
    seller = agent or engineer
    cover = contracts.order_cover(
        uow,
        plan.id,
        product.id,
        product.customer_id,
        by=seller,
        via="console" if agent else "engineer",
        sold_by=str(seller),
    )
    take_cash(uow, cover.payable_id or "", engineer_id, cover.price_fen.fen, by=engineer)
    return contracts.activate(uow, cover.id)


def wait_for_payment(uow: UnitOfWork, product: Product) -> None:
    for one in plans_for(uow, product.id, product.customer_id):
        if one.eligible:
            by = Actor(Role.CUSTOMER, product.customer_id)
            contracts.order_cover(uow, one.plan.id, product.id, product.customer_id, by=by, via="page")
            return


def use_a_card(uow: UnitOfWork, brand_id: str) -> None:
    """Whoever has a card and asked for a cleaning uses it."""
    cleanings = select(WorkOrder.id).where(
        WorkOrder.brand_id == brand_id, WorkOrder.service_type == ServiceType.MAINTENANCE, WorkOrder.status.in_(OPEN)
    )
    for order_id in uow.session.scalars(cleanings.order_by(WorkOrder.id)).all():
        hold_by_itself(uow, order_id)


def make_gifts(uow: UnitOfWork, brand_id: str, agent: Actor) -> None:
    plan = uow.session.scalars(select(CoverPlan.id).filter_by(brand_id=brand_id, code="clean1")).first()
    if plan:
        gifts.make_batch(
            uow, plan, title="装机礼：清洁一次", count=20, valid_until=uow.today + timedelta(days=365), by=agent
        )
