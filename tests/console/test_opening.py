"""Opening an order for a caller: known people are offered, near codes are asked about, addresses are read back."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from domain.customers.model import Contact, Customer, CustomerAddress
from domain.customers.operations import contact_heard, customer_of, follow, learn
from domain.kit.unit_of_work import Runtime
from domain.products.model import Product
from domain.products.operations import register_product
from domain.work_orders.model import WorkOrder
from tests.brand import Brand
from tests.console.conftest import ADDRESS, BY, NAME, PHONE, Api, Browser

Opener = Callable[..., str]

FILLED = {
    "phone": "138 1234 5678", "contact_name": NAME, "code": "kfr35gw n8a1", "service_type": "repair",
    "words": "不制冷，外机不转", "address": "佛山市顺德区容桂街道卫红路18号", "address_confirmed": "1",
    "wanted_time": "周六上午",
}  # fmt: skip


def only_order(runtime: Runtime) -> WorkOrder:
    with runtime.transaction() as uow:
        return uow.session.scalars(select(WorkOrder)).one()


def opened(browser: Browser, **changes: str) -> str:
    browser.get("/console/orders/new")
    return browser.post("/console/orders/new", FILLED | changes).get_data(as_text=True)


def test_a_filled_in_form_opens_an_order(agent: Browser, runtime: Runtime, brand: Brand, staff: dict[str, str]) -> None:
    assert opened(agent) == ""
    order = only_order(runtime)
    assert (order.phone, order.contact_name, order.address) == (PHONE, NAME, "广东省佛山市顺德区容桂街道卫红路18号")
    assert order.division_code.startswith("440606")
    assert order.model_id == brand.models["KFR-35GW/N8A1"]
    assert (order.opened_by, order.opened_via) == (f"staff:{staff['anna']}", "console")
    assert "no_cooling" in str(order.symptoms) or order.symptoms


def test_a_code_that_only_comes_close_is_asked_about(agent: Browser, runtime: Runtime, brand: Brand) -> None:
    asked = agent.post("/console/orders/new/model", {"code": "KFR-35GW/N8C1"}, htmx=True).get_data(as_text=True)
    assert "KFR-35GW/N8A1" in asked
    assert "KFR-35GW/N8B1" in asked
    page = opened(agent, code="KFR-35GW/N8C1")
    assert "目录里没有这个型号" in page
    assert FILLED["words"] in page, "what was filled in is still there"
    assert opened(agent, code="KFR-35GW/N8C1", model_id=brand.models["KFR-35GW/N8B1"]) == ""
    assert only_order(runtime).model_id == brand.models["KFR-35GW/N8B1"]


def test_each_wrong_field_says_what_is_wrong_with_it(agent: Browser, runtime: Runtime, brand: Brand) -> None:
    for field, value, words in (
        ("phone", "1381234567", "手机是 11 位"),
        ("words", "", "请写明故障或需求"),
        ("address", "佛山市顺德区容桂街道卫红路", "门牌号"),
        ("address", "哈尔滨市南岗区红旗大街18号", "不在服务范围"),
        ("address_confirmed", "", "核对地址"),
        ("code", "", "请选择产品"),
    ):
        page = opened(agent, **{field: value})
        assert words in page, field
    with runtime.transaction() as uow:
        assert uow.session.scalar(select(func.count()).select_from(WorkOrder)) == 0
        assert uow.session.scalar(select(func.count()).select_from(Customer)) == 0


def test_a_known_caller_is_offered_products_addresses_and_open_orders(
    agent: Browser, runtime: Runtime, brand: Brand, open_order: Opener
) -> None:
    mine = open_order()
    customer = only_order(runtime).customer_id
    with runtime.transaction() as uow:
        product = register_product(
            uow, by=BY, brand_id=brand.voice.brand_id, customer_id=customer, model_id=brand.models["BCD-216TMPR"],
            serial="LH123456789", purchased_on=None, via="console",
        ).product  # fmt: skip
    card = agent.post("/console/orders/new/caller", {"phone": PHONE}, htmx=True).get_data(as_text=True)
    for shown in ("老客户", mine, product.id, "LH123456789", "容桂街道"):
        assert shown in card
    assert "新客户" in agent.post("/console/orders/new/caller", {"phone": "13900000001"}, htmx=True).get_data(
        as_text=True
    )


def test_a_product_of_somebody_else_cannot_be_chosen(
    agent: Browser, runtime: Runtime, brand: Brand, open_order: Opener
) -> None:
    open_order()
    with runtime.transaction() as uow:
        product = register_product(
            uow, by=BY, brand_id=brand.voice.brand_id, customer_id=only_order(runtime).customer_id,
            model_id=brand.models["BCD-216TMPR"], serial="LH123456789", purchased_on=None, via="console",
        ).product  # fmt: skip
    assert "不在客户名下" in opened(agent, phone="13900000001", product_id=product.id)
    assert "别人名下" in opened(agent, phone="13900000001", code="BCD-216TMPR", serial="LH-1234 56789")


def test_a_serial_told_on_the_phone_is_registered(agent: Browser, runtime: Runtime, brand: Brand) -> None:
    opened(agent, serial="lh 2206-905")
    order = only_order(runtime)
    with runtime.transaction() as uow:
        product = uow.session.scalars(select(Product)).one()
    assert (order.product_id, order.serial_key) == (product.id, "LH2206905")
    assert product.customer_id == order.customer_id


def test_the_same_fault_again_joins_the_open_order_and_says_so(agent: Browser, runtime: Runtime, brand: Brand) -> None:
    opened(agent)
    order = only_order(runtime)
    opened(agent, words="还是不制冷")
    page = agent.get(f"/console/orders/{order.id}").get_data(as_text=True)
    assert "已并入" in page
    assert "还是不制冷" in page
    assert only_order(runtime).id == order.id


def test_news_of_the_order_go_to_the_callers_chat(
    agent: Browser, runtime: Runtime, brand: Brand, open_order: Opener
) -> None:
    open_order(category="refrigerator")
    with runtime.transaction() as uow:
        contact = contact_heard(uow, brand.voice.account_id, "o-1")
        follow(uow, contact, None)
        contact.customer_id = uow.session.scalars(select(Customer.id)).one()
        address = uow.session.scalars(select(CustomerAddress.id)).one()
    opened(agent, address_id=address)
    with runtime.transaction() as uow:
        order = uow.session.scalars(select(WorkOrder).where(WorkOrder.openid.isnot(None))).one()
        assert (order.account_id, order.openid) == (brand.voice.account_id, "o-1")
        uow.session.get_one(Contact, (brand.voice.account_id, "o-1")).unfollowed_at = uow.now


def test_who_typed_the_callers_number_in_a_chat_hears_nothing_of_the_caller(
    agent: Browser, runtime: Runtime, brand: Brand
) -> None:
    with runtime.transaction() as uow:
        contact = contact_heard(uow, brand.voice.account_id, "o-nosy")
        follow(uow, contact, None)
        learn(uow, customer_of(uow, contact, brand.voice.brand_id), phone=PHONE)
        nosy = contact.customer_id
    opened(agent)
    order = only_order(runtime)
    assert order.customer_id != nosy
    assert order.openid is None
    opened(agent, words="还是不制冷")
    assert only_order(runtime).id == order.id, "the caller is known again"
    with runtime.transaction() as uow:
        learn(uow, uow.session.get_one(Customer, nosy), phone=PHONE, verified=True)
    opened(agent, words="漏水", category_code="refrigerator", code="")
    with runtime.transaction() as uow:
        theirs = uow.session.scalars(select(WorkOrder.openid).where(WorkOrder.customer_id == nosy)).all()
        assert theirs == ["o-nosy"], "once the platform says that the number is theirs, it is"


def test_an_address_is_read_back(agent: Browser, brand: Brand) -> None:
    def read(text: str) -> str:
        return agent.post("/console/orders/new/address", {"address": text}, htmx=True).get_data(as_text=True)

    assert "广东省佛山市顺德区容桂街道卫红路18号" in read("佛山顺德容桂街道卫红路18号")
    assert "请读给客户核对" in read("佛山顺德容桂街道卫红路18号")
    assert "没有认出地址" in read("我家")
    assert read("") is not None


def test_the_api_opens_orders_and_names_wrong_fields(api: Callable[[str], Api], runtime: Runtime, brand: Brand) -> None:
    call = api("anna")
    body: dict[str, object] = {
        "phone": PHONE, "service_type": "repair", "words": "不制冷", "category_code": "air_conditioner",
        "address": "佛山市顺德区容桂街道卫红路18号", "address_confirmed": True,
    }  # fmt: skip
    wrong = call("POST", "/work-orders", body | {"phone": "12", "address_confirmed": False})
    assert (wrong.status_code, wrong.get_json()["error"]) == (422, "invalid")
    assert set(wrong.get_json()["fields"]) == {"phone", "address_confirmed"}
    malformed = call("POST", "/work-orders", {"phone": PHONE, "service_type": "sing"})
    assert malformed.status_code == 422
    assert {"service_type", "words"} <= set(malformed.get_json()["fields"])
    made = call("POST", "/work-orders", body)
    assert made.status_code == 201
    assert made.get_json() == {"id": only_order(runtime).id, "number": only_order(runtime).number, "joined": False}
    assert only_order(runtime).opened_via == "api"
    assert only_order(runtime).address != ADDRESS.line
