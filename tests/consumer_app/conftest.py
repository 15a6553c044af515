"""Two customers with chats, products and orders, in a brand with engineers; the pages; a browser of each."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from domain.customers import operations as customers
from domain.customers.address import AddressLine
from domain.kit.unit_of_work import Runtime
from domain.products.operations import register_product
from domain.work_orders.kinds import ServiceType
from domain.work_orders.operations import open_work_order
from tests.brand import Brand, put_brand
from tests.consumer_app.pages import Browser, Pages, pages_of
from tests.network import Network, put_network

HOME = "广东省佛山市顺德区容桂街道卫红路18号3栋502"


@dataclass(frozen=True)
class Own:
    """Ids of what is one person's."""

    openid: str
    customer_id: str
    product_id: str
    order_id: str
    number: str


@dataclass(frozen=True)
class Street:
    """陈女士 and a neighbour: ``wang`` owns what ``chen`` must not see."""

    brand: Brand
    network: Network
    chen: Own
    wang: Own


@pytest.fixture
def street(runtime: Runtime) -> Street:
    with runtime.transaction() as uow:
        brand = put_brand(uow)
        network = put_network(uow, brand)

        def put(openid: str, name: str, phone: str, serial: str) -> Own:
            contact = customers.contact_heard(uow, brand.voice.account_id, openid)
            customers.consent(uow, contact, brand.voice.privacy_version)
            customer = customers.customer_of(uow, contact, brand.voice.brand_id)
            address = AddressLine("440606001", HOME)
            customers.learn(uow, customer, name=name, phone=phone, address=address)
            by, model = customers.by_contact(contact), brand.models["KFR-35GW/N8A1"]
            product = register_product(
                uow, by=by, brand_id=brand.voice.brand_id, customer_id=customer.id, model_id=model, serial=serial,
                purchased_on=None, via="chat",
            ).product  # fmt: skip
            order = open_work_order(
                uow, by=by, brand_id=brand.voice.brand_id, service_type=ServiceType.REPAIR, customer_id=customer.id,
                category_code="air_conditioner", words="不制冷", phone=phone, address=address, contact_name=name,
                product_id=product.id, account_id=brand.voice.account_id, openid=openid, via="chat",
            ).order  # fmt: skip
            return Own(openid, customer.id, product.id, order.id, order.number)

        chen = put("oChen", "陈女士", "13800001234", "SN20250101A")
        return Street(brand, network, chen, put("oWang", "王先生", "13900005678", "SN20250101B"))


@pytest.fixture
def pages(runtime: Runtime, street: Street) -> Pages:
    return pages_of(runtime)


@pytest.fixture
def chen(pages: Pages, street: Street) -> Browser:
    browser = pages.browser()
    browser.sign_in(street.chen.openid)
    return browser
