"""报修, 安装, 清洗: the same operations as the bot's, from one form; then real windows to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.engine import catalogues
from bot.safety import CALLED, FIRST
from bot.understanding import Understood, find_phone, understand
from consumer_app.counter import BadNumber, Malformed
from consumer_app.person import Person
from consumer_app.subjects import orders, places
from domain.appointments.offering import windows_for
from domain.catalog.categories import TITLES as CATEGORIES
from domain.customers import operations as customers
from domain.customers.address import AddressLine
from domain.customers.model import Customer
from domain.files.sent import give_to_order
from domain.incidents import operations as incidents
from domain.products.model import Product
from domain.work_orders import operations as work_orders
from domain.work_orders.kinds import ServiceType
from domain.work_orders.numbers import spoken

WORDS = {ServiceType.INSTALL: "安装", ServiceType.MAINTENANCE: "清洗保养"}
"""What an order says that has no fault, before the appliance's name."""
MOST_WINDOWS = 8


@dataclass(frozen=True)
class Appliance:
    """What it is about: a product, a model, or only a kind of thing."""

    category: str
    name: str
    product: Product | None = None
    model_id: str | None = None


def report(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """Open an order, or add to the open one for the same thing. Danger comes first, and calls people.

    :raises ConsentNeeded, NotFound, Malformed, BadNumber: see there
    """
    service, about = ServiceType(given["service"]), appliance(person, given)
    words = given["words"].strip()
    if service is ServiceType.REPAIR and len(words) < 2:
        raise Malformed("请说说是什么故障，例如：不制冷、漏水、有异响、显示 E1")
    customer, address, number = person.customer(), places.chosen(person, given), phone(person, given)
    said = understand(words, person.uow.today, catalogues.of(person.uow, person.voice).codes)
    customers.learn(person.uow, customer, name=given.get("name") or None, phone=number, address=address)
    person.uow.session.flush()
    opened = work_orders.open_work_order(
        person.uow, by=person.by, brand_id=person.voice.brand_id, service_type=service, customer_id=customer.id,
        category_code=about.category, words=words or f"{WORDS[service]}{about.name}", phone=number, address=address,
        contact_name=given.get("name") or customer.name, product_id=about.product.id if about.product else None,
        model_id=about.model_id, symptoms=[found.value.label for found in said.symptoms],
        error_code=said.error_code.value if said.error_code else None, account_id=person.account_id,
        openid=person.openid, via=person.via, another=given["another"],
    )  # fmt: skip
    order = opened.order
    give_to_order(person.uow, given["picture_ids"], order.id, order.product_id, by=person.by)
    safety = alarm(person, customer, said, order.id, number, address)
    windows = [] if opened.joined else windows_for(person.uow, order, most=MOST_WINDOWS)
    return {
        "order": orders.line(person, order), "joined": opened.joined, "safety": safety,
        "windows": [orders.window_json(one.since, one.until) for one in windows],
        "message": told(opened.joined, spoken(order.number), bool(windows)),
    }  # fmt: skip


def told(joined: bool, number: str, windows: bool) -> str:
    if joined:
        return f"工单 {number} 正在处理，已把您说的补充进去，不用重复提交。"
    return f"已受理，工单号 {number}。" + ("请选上门时间。" if windows else "工程师会尽快来电约上门时间。")


def appliance(person: Person, given: dict[str, Any]) -> Appliance:
    """:raises NotFound, Malformed: none, or not theirs"""
    if given.get("product_id"):
        product = person.product(given["product_id"])
        model = person.model(product.model_id)
        return Appliance(model.category_code, model.name, product, model.id)
    if given.get("model_id"):
        model = person.model(given["model_id"])
        return Appliance(model.category_code, model.name, None, model.id)
    category = given.get("category") or ""
    if category not in CATEGORIES:
        raise Malformed("请选是哪台家电")
    return Appliance(category, CATEGORIES[category])


def phone(person: Person, given: dict[str, Any]) -> str:
    """:raises NotFound, BadNumber: see there"""
    if given.get("phone_id"):
        return person.phone(given["phone_id"]).number
    found = find_phone(given.get("phone") or "")
    if found is None:
        raise BadNumber("电话不对：手机是 11 位，固话请带区号")
    return found.value


def alarm(
    person: Person, customer: Customer, said: Understood[str], order_id: str, number: str, address: AddressLine
) -> str:
    """What to do at once where a danger is told of, as in chat; "" where none is. People on duty are called."""
    told = [label for label in FIRST if any(found.value.label == label for found in said.symptoms)]
    if not told:
        return ""
    incident, _ = incidents.open_incident(
        person.uow, by=person.by, brand_id=person.voice.brand_id, dangers=told, words=said.text[:1000],
        account_id=person.voice.account_id, openid=person.openid or customer.id, customer_id=customer.id,
        phone=number, address=address.line,
    )  # fmt: skip
    incidents.tell_more(person.uow, incident, work_order_id=order_id)
    return f"{FIRST[told[0]]}\n{CALLED}"
