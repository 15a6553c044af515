"""Opening an order for somebody who called (requirements A5): who it is, what it is, where it is, all read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.talk import Catalogue
from bot.understanding import find_phone, find_symptoms, parse_address
from console.chat_refs import Chat
from console.customers import CustomerSeen, look_at_customer
from console.shelves import Shelves
from domain.access.sessions import SignedIn
from domain.catalog.categories import TITLES as CATEGORIES
from domain.catalog.codes import code_key
from domain.catalog.queries import ModelLine
from domain.customers.address import AddressLine
from domain.customers.calling import customer_of_caller
from domain.customers.model import Contact, Customer, CustomerAddress
from domain.customers.operations import customer_by_phone, customer_of, learn
from domain.customers.queries import contacts_of
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.queries import is_served
from domain.products.model import Product
from domain.products.operations import SerialTaken, register_product
from domain.regions import divisions
from domain.work_orders.kinds import ServiceType
from domain.work_orders.operations import Opened, open_work_order

LONGEST_WORDS = 2000
MOST_MODELS = 20
MISSING = {"district": "区（县）", "street_or_road": "街道或路名", "house_number": "门牌号"}


class Malformed(Refused):
    """What was filled in cannot be used; ``fields`` says what is wrong with which field."""

    code = "invalid"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("；".join(fields.values()))
        self.fields = fields


@dataclass(frozen=True)
class OrderAsked:
    """What was filled in. Either an address in words, or one the customer has used before."""

    brand_id: str
    service_type: str
    phone: str
    words: str
    contact_name: str = ""
    product_id: str = ""
    model_id: str = ""
    serial: str = ""
    purchased_on: date | None = None
    category_code: str = ""
    error_code: str = ""
    address: str = ""
    address_id: str = ""
    address_confirmed: bool = False
    wanted_time: str = ""
    via: str = "console"
    chat: Chat | None = None
    """The chat it is opened out of: the order and its news belong to that person, whatever phone is given."""


@dataclass(frozen=True)
class AddressRead:
    """What was understood of an address. ``line`` is to be read back; ``problem`` says why it cannot be used."""

    line: str
    code: str
    parts: Sequence[str] = ()
    candidates: Sequence[str] = ()
    problem: str = ""

    @property
    def usable(self) -> bool:
        return not self.problem


@dataclass(frozen=True)
class ModelsMeant:
    """The model of that very code, or those it may have been."""

    exact: ModelLine | None
    near: Sequence[ModelLine] = field(default_factory=tuple)


def who_calls(uow: UnitOfWork, brand_id: str, phone: str, who: SignedIn) -> CustomerSeen | None:
    """The caller's archive, if the number is known.

    :raises Malformed: it is no phone number
    """
    customer = customer_by_phone(uow, brand_id, read_phone(phone))
    return look_at_customer(uow, customer.id, who) if customer else None


def read_phone(text: str) -> str:
    """:raises Malformed: it is no phone number"""
    found = find_phone(text)
    if found is None:
        raise Malformed({"phone": "电话不对：手机是 11 位，固话请带区号"})
    return found.value


def models_meant(uow: UnitOfWork, shelves: Shelves, brand_id: str, code: str) -> ModelsMeant:
    """Never a silent correction: a near match is offered, not taken."""
    shelf = shelves.of(uow, brand_id)
    hit = shelf.codes.exact(code)
    if hit:
        return ModelsMeant(shelf.models[hit.id])
    near = [shelf.models[one.id] for one in shelf.codes.near(code, limit=6)]
    return ModelsMeant(None, near or beginning(shelf, code))


def beginning(shelf: Catalogue, code: str) -> list[ModelLine]:
    """The models whose code begins so: somebody typed the part that was legible."""
    key = code_key(code)
    return [one for one in shelf.models.values() if len(key) >= 3 and code_key(one.code).startswith(key)][:MOST_MODELS]


def read_address(uow: UnitOfWork, brand_id: str, text: str) -> AddressRead:
    """The address as understood, with what is still wrong with it."""
    found = parse_address(text) if text.strip() else None
    if found is None:
        return AddressRead("", "", problem="没有认出地址，请从城市写起，写到门牌号")
    parts = [d.name for d in (found.province, found.city, found.district, found.street) if d]
    if found.candidates:
        return AddressRead(
            found.line,
            "",
            parts,
            ["".join(divisions().path(one.code)) for one in found.candidates],
            "同名的地方有好几个，请写明是哪个市、哪个区",
        )
    missing = [MISSING.get(one, one) for one in found.missing]
    if not found.code or missing:
        return AddressRead(found.line, found.code or "", parts, problem=f"地址还缺：{'、'.join(missing) or '区（县）'}")
    if not is_served(uow, brand_id, found.code):
        return AddressRead(found.line, found.code, parts, problem="这个地址不在服务范围内")
    return AddressRead(found.line, found.code, parts)


def open_order(uow: UnitOfWork, shelves: Shelves, asked: OrderAsked, who: SignedIn) -> Opened:
    """Open the order, or join the customer's open one for the same thing; the customer's archive learns from it.

    :raises Malformed: something filled in cannot be used
    """
    problems = plain_problems(asked)
    try:
        phone = read_phone(asked.phone)
    except Malformed as error:
        raise Malformed(problems | error.fields) from None
    if problems:
        raise Malformed(problems)
    contact = uow.get(Contact, (asked.chat.account_id, asked.chat.openid), called="这个会话") if asked.chat else None
    customer = customer_of(uow, contact, asked.brand_id) if contact else caller(uow, asked, phone)
    address = address_meant(uow, asked, customer)
    product_id, model_id, category = thing_meant(uow, shelves, asked, customer, who)
    learn(uow, customer, name=asked.contact_name or None, phone=phone, address=address)
    contact = contact or reachable(uow, customer)
    symptoms = [found.value.label for found in find_symptoms(asked.words, category) if not found.value.denied]
    return open_work_order(
        uow, by=who.actor, brand_id=asked.brand_id, service_type=ServiceType(asked.service_type),
        customer_id=customer.id, category_code=category, words=asked.words.strip(), phone=phone,
        contact_name=asked.contact_name or customer.name, address=address, product_id=product_id, model_id=model_id,
        symptoms=symptoms, error_code=asked.error_code.upper() or None, wanted_time=asked.wanted_time or None,
        account_id=contact.account_id if contact else None, openid=contact.openid if contact else None, via=asked.via,
    )  # fmt: skip


def caller(uow: UnitOfWork, asked: OrderAsked, phone: str) -> Customer:
    """Who calls; somebody for whom a product or an address of the archive was picked was recognised by it."""
    product = uow.session.get(Product, asked.product_id) if asked.product_id else None
    address = uow.session.get(CustomerAddress, asked.address_id) if asked.address_id else None
    picked = product or address
    return customer_of_caller(uow, asked.brand_id, phone, recognised=picked.customer_id if picked else None)


def plain_problems(asked: OrderAsked) -> dict[str, str]:
    """What can be said without looking anything up."""
    problems = {}
    if asked.service_type not in set(ServiceType):
        problems["service_type"] = "请选择服务类型"
    if not 2 <= len(asked.words.strip()) <= LONGEST_WORDS:
        problems["words"] = f"请写明故障或需求（2 到 {LONGEST_WORDS} 个字）"
    if not (asked.product_id or asked.model_id or asked.category_code):
        problems["category_code"] = "请选择产品、型号或品类"
    if not asked.address_confirmed:
        problems["address_confirmed"] = "请与客户核对地址后勾选"
    if len(asked.contact_name) > 40 or len(asked.wanted_time) > 60:
        problems["contact_name"] = "联系人或期望时间太长"
    return problems


def address_meant(uow: UnitOfWork, asked: OrderAsked, customer: Customer) -> AddressLine:
    """:raises Malformed: it cannot be used"""
    if asked.address_id:
        kept = uow.session.get(CustomerAddress, asked.address_id)
        if kept is None or kept.customer_id != customer.id:
            raise Malformed({"address": "没有找到这个用过的地址"})
        return AddressLine(kept.division_code, kept.line)
    found = read_address(uow, asked.brand_id, asked.address)
    if not found.usable:
        raise Malformed({"address": found.problem})
    return AddressLine(found.code, found.line)


def thing_meant(
    uow: UnitOfWork, shelves: Shelves, asked: OrderAsked, customer: Customer, who: SignedIn
) -> tuple[str | None, str | None, str]:
    """(product, model, category); a model told with a serial is registered to the customer.

    :raises Malformed: it is not the customer's, not in the catalogue, or the serial is somebody else's
    """
    models = shelves.of(uow, asked.brand_id).models
    if asked.product_id:
        product = uow.session.get(Product, asked.product_id)
        if product is None or product.customer_id != customer.id:
            raise Malformed({"product_id": "这台产品不在客户名下"})
        return product.id, product.model_id, models[product.model_id].category_code
    if not asked.model_id:
        if asked.category_code not in CATEGORIES:
            raise Malformed({"category_code": "没有这个品类"})
        return None, None, asked.category_code
    if asked.model_id not in models:
        raise Malformed({"model_id": "目录里没有这个型号"})
    category = models[asked.model_id].category_code
    if not asked.serial:
        return None, asked.model_id, category
    try:
        registered = register_product(
            uow, by=who.actor, brand_id=asked.brand_id, customer_id=customer.id, model_id=asked.model_id,
            serial=asked.serial, purchased_on=asked.purchased_on, via=asked.via,
        )  # fmt: skip
    except SerialTaken:
        raise Malformed({"serial": "这个机身编号已登记在别人名下，请核对，或先办过户"}) from None
    return registered.product.id, registered.product.model_id, category


def reachable(uow: UnitOfWork, customer: Customer) -> Contact | None:
    """The chat the order's news can go to, if the customer follows us."""
    return next((one for one in contacts_of(uow, customer.id) if one.followed_at and not one.unfollowed_at), None)
