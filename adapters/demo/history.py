"""A month of customers, products and work orders for the demo, made by the same operations the real ones go through.

What people report is in `reports.toml`, who they are in `customers.csv`; what becomes of an order is a row of `FATES`.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from adapters.demo import sheets
from adapters.demo.catalogue import table
from adapters.demo.network import Network, Technician
from domain.appointments.operations import book_window
from domain.capacity.operations import NoRoom
from domain.catalog.model import Model
from domain.customers.address import AddressLine
from domain.customers.model import Customer
from domain.customers.operations import learn, new_customer
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.products.model import Product
from domain.products.operations import register_product
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OrderStatus, VisitStatus
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.operations import move_order, open_work_order, put_responsible
from domain.work_orders.visits import move_visit, offer_visit, put_engineers

DAYS = 30
ORDERS = 64
COMING = 18
"""Orders of the last two days, each with a promised window today or on the next days."""

Step = tuple[str, float, str]
"""(move, hours after the opening, why)."""
VISITED: list[Step] = [("schedule", 1.5, ""), ("start", 25, ""), ("finish", 26.5, "")]
FATES: dict[str, list[Step]] = {
    "reported": [],
    "in_service": [("schedule", 1, ""), ("start", 20, "")],
    "waiting_part": [("schedule", 2, ""), ("start", 22, ""), ("wait_part", 23, "")],
    "finished": VISITED,
    "audited": [*VISITED, ("audit", 40, "")],
    "settled": [*VISITED, ("audit", 40, ""), ("settle", 200, "")],
    "sent_back": [*VISITED, ("send_back", 30, "缺少机身铭牌照片，请补拍")],
    "cancelled": [("schedule", 2, ""), ("cancel", 9, "客户说已经好了，不用上门")],
    "guided": [("guide", 0.5, "电话指导清洗滤网、重新通电后恢复正常")],
}
ON_SHEET = {"start", "finish", "wait_part"}
"""Moves that follow from what the engineer writes down on the phone."""
PAPER_BEFORE, PHONES = 10, 4
"""Longer ago than so many days only every so many-th engineer wrote on the phone: a sheet takes a fourth of a second to load."""
ON_PAPER = "纸质服务单，坐席代录"
OLD = ["settled", "audited", "settled", "guided", "settled", "cancelled", "audited"]
RECENT = ["finished", "waiting_part", "audited", "sent_back", "cancelled", "finished", "audited"]
FRESH = ["reported", "in_service", "reported"]


@dataclass(frozen=True)
class Home:
    """One customer with what is known of him and the appliances at home."""

    customer: Customer
    phone: str
    address: AddressLine
    products: Sequence[Product]


def load(uow: UnitOfWork, brand_id: str, models: Sequence[Model], agent: Actor, network: Network) -> None:
    """A month of history up to now, always the same but for its dates, and what is promised for the next days."""
    chance = random.Random(20_240_601)
    homes, phones = list(people(uow, brand_id, models, agent, chance)), sheets.Phones()
    owned = [(home, product) for place in range(2) for home in homes for product in home.products[place : place + 1]]
    kinds = {model.id: model.category_code for model in models}
    reports = table("reports.toml")["report"]
    for count in range(ORDERS):
        home, product = owned[count % len(owned)]
        fitting = [report for report in reports if report["category"] == kinds[product.model_id]]
        then = replace(uow, now=moment(uow, count, chance))
        report = chance.choice(fitting)
        order = open_order(then, home, product, report, agent)
        if order.opened_at == then.now:
            on_paper = then.now < uow.now - timedelta(days=PAPER_BEFORE) and count % PHONES > 0
            steps = fate(uow, count)
            what_became(then, uow.now, order, steps, agent, network, chance, None if on_paper else phones)
    for count in range(COMING):
        home, product = owned[-1 - count % len(owned)]
        fitting = [report for report in reports if report["category"] == kinds[product.model_id]]
        then = replace(uow, now=uow.now - timedelta(hours=1 + count * 2.5))
        order = open_order(then, home, product, chance.choice(fitting), agent)
        promise(replace(uow, now=uow.now - timedelta(minutes=2 * COMING - count)), order, count, agent)


def people(
    uow: UnitOfWork, brand_id: str, models: Sequence[Model], agent: Actor, chance: random.Random
) -> Iterator[Home]:
    """The customers, each with one or two appliances that something can be reported of."""
    repairable = {report["category"] for report in table("reports.toml")["report"]}
    before = replace(uow, now=uow.now - timedelta(days=DAYS + 10))
    wanted = [m for m in models if m.category_code in repairable and m.sold_since and m.sold_since <= before.today]
    for place, row in enumerate(csv.DictReader(files(__package__).joinpath("customers.csv").open(encoding="utf-8"))):
        customer = new_customer(before, brand_id)
        address = AddressLine(row["division_code"], row["address"])
        learn(before, customer, name=row["name"], phone=row["phone"], address=address)
        bought = chance.sample(wanted, 2 if place % 2 else 1)
        days = [bought_on(model, before.today, chance) for model in bought]
        products = [
            register_product(
                before, by=agent, brand_id=brand_id, customer_id=customer.id, model_id=model.id,
                serial=serial(chance, day) if chance.random() < 0.75 else None, purchased_on=day, via="console",
            ).product
            for model, day in zip(bought, days, strict=True)
        ]  # fmt: skip
        yield Home(customer, row["phone"], address, products)


def serial(chance: random.Random, bought: date) -> str:
    """As on a nameplate: the works, the week it was made (some weeks before it was bought), and a running number."""
    made, number = (bought - timedelta(weeks=chance.randint(3, 30))).isocalendar(), chance.randint(1, 999_999)
    return f"YF{made.year % 100:02d}{made.week:02d}{chance.choice('ABCD')}{number:06d}"


def bought_on(model: Model, latest: date, chance: random.Random) -> date:
    """A day on which the model was sold."""
    since = model.sold_since or date(2020, 1, 1)
    until = min(latest, model.sold_until or latest)
    return since + timedelta(days=chance.randint(0, max(0, (until - since).days)))


def moment(uow: UnitOfWork, count: int, chance: random.Random) -> datetime:
    """When the order with that count was opened: two a day, in the hours people are awake, the last ones just now."""
    day = uow.today - timedelta(days=DAYS - count * DAYS // (ORDERS - 2))
    clock = time(9 + count % 2 * 6 + chance.randint(0, 4), chance.randint(0, 59))
    latest = uow.now - timedelta(minutes=9 * (ORDERS - count))
    return min(datetime.combine(day, clock, SHANGHAI), latest)


def fate(uow: UnitOfWork, count: int) -> list[Step]:
    """The older an order, the more has become of it."""
    age = DAYS - count * DAYS / (ORDERS - 2)
    names = OLD if age > 10 else RECENT if age > 2 else FRESH
    return FATES[names[count % len(names)]]


def open_order(uow: UnitOfWork, home: Home, product: Product, report: dict[str, Any], agent: Actor) -> WorkOrder:
    return open_work_order(
        uow, by=agent, brand_id=product.brand_id, service_type=ServiceType(report["service"]),
        customer_id=home.customer.id, category_code=report["category"], words=report["words"], phone=home.phone,
        address=home.address, contact_name=home.customer.name, product_id=product.id,
        symptoms=report.get("symptoms", ()), error_code=report.get("error_code"), via="console",
    ).order  # fmt: skip


def what_became(
    uow: UnitOfWork, now: datetime, order: WorkOrder, steps: list[Step], agent: Actor, network: Network,
    chance: random.Random, phones: sheets.Phones | None,
) -> None:  # fmt: skip
    """Let become of an order what has become of it by now, with somebody of the network who can do it."""
    able = network.able(order.brand_id, order.category_code, order.service_type, order.division_code)
    who = chance.choice(able[:3])
    visit: Visit | None = None
    for name, hours, why in steps:
        then = replace(uow, now=uow.now + timedelta(hours=hours))
        if then.now >= now:
            break
        visit = visit_with(then, order, name, visit, agent, who, phones)
        if phones is None or name not in ON_SHEET:
            move_order(then, order.id, name, by=agent, why=why or (ON_PAPER if name == "finish" else ""))
    if phones and visit and visit.status is VisitStatus.CHECKED_IN:
        sheets.ask_now(replace(uow, now=now - timedelta(minutes=3)), phones, order, visit)


def visit_with(
    uow: UnitOfWork, order: WorkOrder, move: str, visit: Visit | None, agent: Actor, who: Technician,
    phones: sheets.Phones | None,
) -> Visit | None:  # fmt: skip
    """The visit that goes with a move of its order: written down on the phone, or on paper and told afterwards."""
    engineer = Actor(Role.ENGINEER, who.id)
    if move == "schedule":
        visit = offer_visit(uow, order.id, by=agent)
        put_responsible(uow, order, who.provider_id, who.station_id, by=agent)
        put_engineers(uow, visit, who.id, {who.id: 100}, by=agent)
        return move_visit(uow, visit.id, "accept", by=engineer)
    if visit and move == "cancel":
        move_visit(uow, visit.id, "withdraw", by=agent, why="工单取消")
    elif visit and phones and move in ON_SHEET:
        WRITTEN[move](uow, phones, order, visit)
    elif visit and move in ON_SHEET:
        move_visit(uow, visit.id, "check_in" if move == "start" else "finish", by=engineer)
    return visit


WRITTEN = {"start": sheets.arrive, "finish": sheets.work, "wait_part": sheets.wait_for_part}
"""What an engineer writes on the phone, by the move of the order that follows."""


def promise(uow: UnitOfWork, order: WorkOrder, count: int, agent: Actor) -> None:
    """Promise one of the next days' windows, as the chat would have; where nobody has time the order waits."""
    if order.status is not OrderStatus.REPORTED:
        return
    hour = (8, 10, 14, 16)[count % 4]
    day = uow.today + timedelta(days=count % 3 + (uow.now.astimezone(SHANGHAI).hour >= hour))
    since = datetime.combine(day, time(hour), SHANGHAI)
    with suppress(NoRoom):
        book_window(uow, order.id, since, since + timedelta(hours=2), by=agent, via="console")
