"""A brand that sells two warranties and two cards, two customers, and one air conditioner bought on 10 January 2026."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from domain.cover import contracts
from domain.cover.model import Cover, CoverPlan, PlanKind, Starts
from domain.cover.plans import Terms, put_plan
from domain.cover.rules import Eligibility
from domain.customers.address import AddressLine
from domain.customers.operations import new_customer
from domain.kit.actors import Actor, Role
from domain.kit.money import Money
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.ledger.queries import balances
from domain.payments.gateway import RefundNews, Trade
from domain.payments.lifecycle import PAYMENTS
from domain.payments.model import Payable, Payment, Refund
from domain.payments.operations import approve_refund, note_paid, note_refund, reject_refund
from domain.products.operations import ask_transfer, decide_transfer, register_product
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import open_work_order
from tests.brand import APP_ID, Brand, put_brand
from tests.domain.payments.world import BY, LI, MCH_ID, WANG, put_merchant

START = date(2025, 1, 1)
WHOLE = Terms(
    kind=PlanKind.WARRANTY, title="整机延保一年", components=("whole", "labour"), months=12, price=Money(36_500),
    terms="保障整机和人工。", eligibility=Eligibility(categories=("air_conditioner",), age_months_max=36,
    needs_warranty=True, needs_check=True), cooling_days=15, commission_permille=50,
)  # fmt: skip
PARTS = replace(WHOLE, title="主要部件延保三年", components=("main_parts",), months=36, price=Money(29_900))
CARD = Terms(
    kind=PlanKind.CARD, title="空调清洁卡 3 次", components=(), months=12, price=Money(10_000), terms="上门清洗三次。",
    service_type="maintenance", pays=("labour", "travel"), uses=3, starts=Starts.NOW,
    eligibility=Eligibility(categories=("air_conditioner",)), cooling_days=7,
)  # fmt: skip
LABOUR_CARD = replace(CARD, title="维修人工卡", components=("labour",), service_type="repair", pays=("labour",), uses=1)


@dataclass(frozen=True)
class World:
    """Ids; ``wang`` owns the product, ``li`` owns nothing."""

    runtime: Runtime
    brand: Brand
    merchant_id: str
    wang: str
    li: str
    product_id: str
    plans: dict[str, str]

    def by(self, customer_id: str = "") -> Actor:
        return Actor(Role.CUSTOMER, customer_id or self.wang)


def make_world(runtime: Runtime, model: str = "KFR-35GW/N8A1") -> World:
    with runtime.transaction() as uow:
        brand = put_brand(uow)
        merchant = put_merchant(uow, brand.voice.brand_id)
        wang, li = new_customer(uow, brand.voice.brand_id).id, new_customer(uow, brand.voice.brand_id).id
        product = put_product(uow, brand, wang, model)
        plans = {
            code: put_plan(uow, brand.voice.brand_id, code, terms, START, by=BY).id
            for code, terms in {"whole": WHOLE, "parts": PARTS, "card": CARD, "labour": LABOUR_CARD}.items()
        }
        return World(runtime, brand, merchant.id, wang, li, product, plans)


def put_product(
    uow: UnitOfWork, brand: Brand, customer_id: str, model: str = "KFR-35GW/N8A1", bought: date | None = date(2026, 1, 10),
    serial: str | None = None,
) -> str:  # fmt: skip
    return register_product(
        uow, by=BY, brand_id=brand.voice.brand_id, customer_id=customer_id, model_id=brand.models[model], serial=serial,
        purchased_on=bought, via="chat",
    ).product.id  # fmt: skip


def order(world: World, uow: UnitOfWork, plan: str = "whole", **given: str) -> Cover:
    """Ordered in the chat, by the owner unless another is given."""
    customer = given.get("customer", world.wang)
    product = None if plan in ("card", "labour") else given.get("product", world.product_id)
    return contracts.order_cover(
        uow, world.plans[plan], product, customer, by=world.by(customer), via="chat", sold_by=given.get("sold_by", "")
    )


def pay(world: World, uow: UnitOfWork, cover: Cover) -> Payment:
    """The platform says that it was paid; what is due follows."""
    payment = pay_only(world, uow, cover)
    if not payment.surplus:
        contracts.activate(uow, cover.id)
    return payment


def pay_only(world: World, uow: UnitOfWork, cover: Cover) -> Payment:
    """The platform says that it was paid; the reaction has not come yet."""
    payment = Payment(
        id=uow.new_id("pm"), payable_id=cover.payable_id, merchant_id=world.merchant_id, out_trade_no=uow.new_id("WX-PM"),
        app_id=APP_ID, openid="o1", method="jsapi", via="official_account", fen=cover.price_fen.fen,
        status=PAYMENTS.start, at=uow.now, by="t", reserved_fen=0, refunded_fen=0,
    )  # fmt: skip
    uow.session.add(payment)
    uow.session.flush()
    told = Trade(payment.out_trade_no, "SUCCESS", MCH_ID, APP_ID, uow.new_id("4200"), payment.fen, "CNY", "o1")
    return note_paid(uow, told, merchant_id=world.merchant_id, by=BY)


def bought(world: World, uow: UnitOfWork, plan: str = "whole", **given: str) -> Cover:
    cover = order(world, uow, plan, **given)
    pay(world, uow, cover)
    return cover


def settle(world: World, uow: UnitOfWork, cover: Cover, how: str = "SUCCESS") -> None:
    """Staff agree where that is needed, the platform answers, and what is due follows; ``rejected``: staff do not agree."""
    refund = uow.session.get_one(Refund, cover.refund_id)
    if how == "rejected":
        reject_refund(uow, refund.id, by=WANG, why="不符合条款")
        contracts.refund_ended(uow, cover.id, refund.id, "rejected")
        return
    if refund.status == "asked":
        approve_refund(uow, refund.id, by=LI)
    note_refund(uow, RefundNews(refund.id, uow.new_id("50"), how, refund.fen), merchant_id=world.merchant_id, by=BY)
    contracts.refund_ended(uow, cover.id, refund.id, "succeeded" if how == "SUCCESS" else how.lower())


def transfer(world: World, uow: UnitOfWork, to: str) -> str:
    """Staff decide that the product is somebody else's; what is due follows."""
    asked, _ = ask_transfer(uow, world.product_id, to, by=world.by(to))
    decide_transfer(uow, asked.id, "accept", by=LI, why="凭发票核实")
    contracts.go_with_product(uow, world.product_id, asked.id)
    return asked.id


def open_order(world: World, uow: UnitOfWork, kind: ServiceType = ServiceType.MAINTENANCE, **given: str) -> WorkOrder:
    return open_work_order(
        uow, by=BY, brand_id=world.brand.voice.brand_id, service_type=kind, customer_id=given.get("customer", world.wang),
        product_id=given.get("product", world.product_id), category_code="air_conditioner", words="清洗空调",
        symptoms=[], phone="13800001234", contact_name="王先生",
        address=AddressLine("440606004", "广东省佛山市顺德区大良街道一号"), via="chat", another=True,
    ).order  # fmt: skip


def books(uow: UnitOfWork) -> dict[str, int]:
    """What the accounts hold, all parties together."""
    held: dict[str, int] = {}
    for one in balances(uow, None):
        held[one.account] = held.get(one.account, 0) + one.fen
    return {account: fen for account, fen in held.items() if fen}


def payable_of(uow: UnitOfWork, cover: Cover) -> Payable:
    return uow.session.get_one(Payable, cover.payable_id)


def plan(uow: UnitOfWork, world: World, code: str) -> CoverPlan:
    return uow.session.get_one(CoverPlan, world.plans[code])
