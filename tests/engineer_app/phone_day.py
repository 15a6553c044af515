"""A day of 安师傅's for browsers: a repair, an installation, an offer and a job of tomorrow, with bills, terms and history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from domain.capacity.operations import reserve
from domain.catalog.bills import put_bill_line, put_part
from domain.catalog.model import Part, WarrantyTerm
from domain.cover.model import PlanKind, Starts
from domain.cover.plans import Terms, put_plan
from domain.cover.rules import Eligibility
from domain.customers.address import AddressLine
from domain.customers.calling import customer_of_caller
from domain.customers.operations import learn
from domain.dispatch.lifecycle import OFFERS
from domain.dispatch.model import Decision, Offer
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.pricing.fee_table import FeeDraft, put_fee, put_price
from domain.products.operations import register_product
from domain.regions.positions import Position
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.operations import open_work_order
from domain.work_orders.places import place_of
from domain.work_orders.visits import offer_visit
from tests.brand import Brand
from tests.console.board_day import at, put_visit
from tests.console.conftest import BY
from tests.domain.payments.world import put_merchant
from tests.network import BASES, DALIANG, Network, put_network

PHONE = "13800000001"
"""安师傅's."""
BEFORE = date(2020, 1, 1)
PARTS = (
    ("11-0142", "压缩机启动电容", "", False, True),
    ("11-0143", "外风机电容", "", False, False),
    ("20-3310", "变频压缩机", "main_parts", True, True),
    ("31-7755", "外机主板", "main_parts", True, True),
    ("31-7756", "室内机主板", "main_parts", True, True),
    ("42-0087", "管温传感器", "", False, False),
)
"""Code, name, component, whether it has a serial, whether the old one goes back."""


@dataclass(frozen=True)
class PhoneDay:
    """Ids of visits, and where the repair is."""

    brand: Brand
    network: Network
    repair: str
    install: str
    offered: str
    tomorrow: str
    repair_order: str
    repair_at: Position


def put_phone_day(uow: UnitOfWork, brand: Brand) -> PhoneDay:
    """Today of whatever the clock says; windows begin at ten, Shanghai."""
    network = put_network(uow, brand)
    put_catalogue(uow, brand)
    air, heater, washer = brand.models["KFR-35GW/N8A1"], brand.models["JSQ30-16QH3"], brand.models["XQG100-B14"]
    repair = put_order(
        uow, brand, "陈晓琳", "13912340001", "凤山中路 18 号 3 栋 502", air, "KF2308A00417", ServiceType.REPAIR,
        "空调不制冷，外机不转，昨天开始的，之前加过一次氟", symptoms=["not_cooling"],
    )  # fmt: skip
    earlier(uow, brand, repair)
    install = put_order(
        uow, brand, "何婉仪", "13912340002", "清晖路 6 号 2 座 1103", heater, None, ServiceType.INSTALL, "新买的热水器，厨房外阳台安装",
    )  # fmt: skip
    offered = put_order(
        uow, brand, "欧阳丽", "13912340003", "南国东路 77 号 801", washer, None, ServiceType.REPAIR, "洗衣机不排水，显示 E2",
        symptoms=["not_draining"], error_code="E2",
    )  # fmt: skip
    tomorrow = put_order(
        uow, brand, "李国强", "13912340004", "云良路 25 号 1 栋 303", air, None, ServiceType.MAINTENANCE, "空调清洗保养",
    )  # fmt: skip
    day, an = uow.today, network.an
    visits = [
        put_visit(uow, order, an, at(on, hour))
        for order, on, hour in ((repair, day, 10), (install, day, 14), (tomorrow, day + timedelta(days=1), 10))
    ]
    for order, visit in zip((repair, install, tomorrow), visits, strict=True):
        decide(uow, order, visit, an)
    place = place_of(repair)
    assert place
    return PhoneDay(
        brand, network, visits[0].id, visits[1].id, put_offer(uow, offered, an).id, visits[2].id, repair.id, place
    )


def put_order(
    uow: UnitOfWork, brand: Brand, name: str, phone: str, line: str, model_id: str, serial: str | None,
    service: ServiceType, words: str, *, symptoms: list[str] | None = None, error_code: str | None = None,
) -> WorkOrder:  # fmt: skip
    brand_id, address = brand.voice.brand_id, AddressLine(DALIANG, f"广东省佛山市顺德区大良街道{line}")
    customer = customer_of_caller(uow, brand_id, phone)
    learn(uow, customer, name=name, phone=phone, address=address)
    bought = date(2025, 6, 1) if serial else None
    product = register_product(
        uow, by=BY, brand_id=brand_id, customer_id=customer.id, model_id=model_id, serial=serial, purchased_on=bought,
        via="console",
    ).product  # fmt: skip
    category = {code: one for one, code in brand.models.items()}[model_id]
    order = open_work_order(
        uow, by=BY, brand_id=brand_id, service_type=service, customer_id=customer.id,
        category_code=CATEGORIES[category], words=words, phone=phone, contact_name=name, address=address,
        product_id=product.id, symptoms=symptoms or (), error_code=error_code, via="console",
    ).order  # fmt: skip
    base = BASES[DALIANG]
    near = int(phone[-1])
    order.position = Position(base.lat + near / 300, base.lng - near / 400).to_json()
    return order


CATEGORIES = {
    "KFR-35GW/N8A1": "air_conditioner", "JSQ30-16QH3": "water_heater_gas", "XQG100-B14": "washing_machine",
}  # fmt: skip


def put_catalogue(uow: UnitOfWork, brand: Brand) -> None:
    """The air conditioner's bill of materials, and what its warranty covers."""
    model, brand_id = brand.models["KFR-35GW/N8A1"], brand.voice.brand_id
    for code, name, component, serial, returned in PARTS:
        part = put_part(
            uow, brand_id, code, name, by=BY, component=component, serial_kept=serial, old_returned=returned
        )
        put_bill_line(uow, model, part.id, BEFORE, by=BY)
    for component, months in (("whole", 12), ("main_parts", 72)):
        uow.session.add(
            WarrantyTerm(
                id=uow.new_id("wt"), brand_id=brand_id, category_code="air_conditioner", model_id=None,
                component=component, months=months, source="岚禾 2025 版保修卡", since=BEFORE, until=None,
            )
        )  # fmt: skip


FEES = (
    FeeDraft(
        "labour", "refill", "加制冷剂（R32，定量加注）", "air_conditioner", "repair", fen=18_000, owner="provider"
    ),
    FeeDraft("labour", "electric", "更换电器件人工", "air_conditioner", "repair", fen=8_000, owner="provider"),
    FeeDraft("labour", "compressor", "更换压缩机人工", "air_conditioner", "repair", fen=32_000, owner="provider"),
    FeeDraft("labour", "clean", "内机拆洗", "air_conditioner", fen=12_000, owner="provider"),
    FeeDraft("labour", "leak", "查漏保压", "air_conditioner", "repair", fen=10_000, owner="provider"),
    FeeDraft("extra", "height", "高空作业", fen=20_000, owner="provider"),
    FeeDraft("extra", "hole", "打孔（加厚墙）", fen=6_000, unit="个", owner="provider"),
    FeeDraft("extra", "dismount", "拆装护栏", fen=5_000, owner="provider"),
    FeeDraft("material", "copper_pipe_6_10", "铜管 6×10", "air_conditioner", fen=12_000, unit="米"),
    FeeDraft("travel", "travel", "路费", owner="provider"),
    FeeDraft("travel", "travel", "路费（5 公里外）", km_from=5, fen=200, unit="公里", owner="provider"),
    FeeDraft("night", "night", "夜间加收", permille=300, owner="provider"),
    FeeDraft("inspection", "inspection", "上门检测费", fen=5_000, owner="provider"),
)
PRICES = {"11-0142": 3_800, "11-0143": 3_200, "20-3310": 98_000, "31-7755": 46_000, "31-7756": 38_000}
"""Of the parts; the sensor has none."""
CLEANING = Terms(
    kind=PlanKind.CARD, title="空调清洗卡（3 次）", components=(), months=12, price=Money(19_900),
    terms="一年内三次上门清洗，人工和路费都在内。", service_type="maintenance", pays=("labour", "travel"), uses=3,
    starts=Starts.NOW, eligibility=Eligibility(categories=("air_conditioner",)), cooling_days=7,
)  # fmt: skip
LONGER = Terms(
    kind=PlanKind.WARRANTY, title="主要部件延保三年", components=("main_parts",), months=36, price=Money(29_900),
    terms="压缩机、主板等主要部件坏了免费换，人工另算。", cooling_days=15,
    eligibility=Eligibility(categories=("air_conditioner",), age_months_max=84, needs_warranty=True),
)  # fmt: skip


def put_prices(uow: UnitOfWork, brand: Brand) -> None:
    """A price list, a merchant, a card and an extension to sell."""
    brand_id = brand.voice.brand_id
    for fee in FEES:
        put_fee(uow, brand_id, fee, BEFORE, by=BY)
    for part in uow.session.scalars(select(Part).where(Part.brand_id == brand_id, Part.code.in_(PRICES))):
        put_price(uow, part.id, PRICES[part.code], "electric", BEFORE, by=BY)
    put_merchant(uow, brand_id)
    for code, terms in (("cleaning", CLEANING), ("longer", LONGER)):
        put_plan(uow, brand_id, code, terms, BEFORE, by=BY)


def earlier(uow: UnitOfWork, brand: Brand, order: WorkOrder) -> None:
    """The same machine was serviced a year before."""
    before = WorkOrder(
        **{
            column.key: getattr(order, column.key)
            for column in WorkOrder.__table__.columns
            if column.key not in ("id", "number", "words", "status", "opened_at")
        },
        id=uow.new_id("wo"), number="2511000000017", words="移机后加氟", status="settled",
        opened_at=uow.now - timedelta(days=380),
    )  # fmt: skip
    uow.session.add(before)
    uow.session.flush()


def put_offer(uow: UnitOfWork, order: WorkOrder, engineer_id: str) -> Visit:
    """安师傅 is asked, and has a quarter of an hour."""
    visit = offer_visit(uow, order.id, by=BY)
    since = at(uow.today, 16)
    kept = reserve(
        uow, engineer_id, order, since, since + timedelta(hours=2), 60, place_of(order), by=BY, visit_id=visit.id
    )
    decision = decide(uow, order, visit, engineer_id)
    uow.session.add(
        Offer(
            id=uow.new_id("of"), visit_id=visit.id, work_order_id=order.id, engineer_id=engineer_id,
            decision_id=decision.id, status=OFFERS.start, window_since=kept.window_since, window_until=kept.window_until,
            offered_at=uow.now, answer_by=uow.now + timedelta(minutes=15),
        )
    )  # fmt: skip
    uow.session.flush()
    return visit


def decide(uow: UnitOfWork, order: WorkOrder, visit: Visit, engineer_id: str) -> Decision:
    """That this engineer was chosen, as dispatch would have written it."""
    decision = Decision(
        id=uow.new_id("dd"), work_order_id=order.id, visit_id=visit.id, at=uow.now, by=str(BY), why="opened",
        outcome="offered", engineer_id=engineer_id, override="", considered=[],
    )  # fmt: skip
    uow.session.add(decision)
    uow.session.flush()
    return decision
