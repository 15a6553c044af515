"""One's own products, orders and data on pages: what can be done, and that nobody else's can be seen or touched."""

from __future__ import annotations

import io
import json
import re

import pytest
from PIL import Image
from sqlalchemy import select

from domain.access.model import TrailEntry
from domain.appointments.model import Appointment
from domain.customers.model import Contact, CustomerAddress, CustomerPhone
from domain.desk.model import DeskTask
from domain.files.model import StoredFile
from domain.incidents.model import SafetyIncident
from domain.kit.unit_of_work import Runtime
from domain.products.model import Product, ProductTransfer
from domain.work_orders.lifecycle import OrderStatus
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.visits import move_visit, offer_visit, put_engineers
from tests.consumer_app.conftest import HOME, Street
from tests.consumer_app.pages import Browser, Pages, photo
from tests.domain.service_sheets.world import STAFF

LINE = "佛山市顺德区容桂街道卫红路18号3栋502"


def test_every_page_opens_and_is_kept_by_nobody(chen: Browser, street: Street) -> None:
    for path in (
        "/c/", "/c/me", "/c/products", "/c/products/new", f"/c/products/{street.chen.product_id}", "/c/orders",
        f"/c/orders/{street.chen.number}", f"/c/orders/{street.chen.number}/time",
        f"/c/orders/{street.chen.number}/cancel", "/c/report", "/c/report?service=install", "/c/shop", "/c/cards",
        "/c/gift", "/c/bills", "/c/me/data", "/c/me/erase", "/c/prices/LH", "/c/prices",
    ):  # fmt: skip
        answer = chen.get(path)
        assert answer.status_code in (200, 303), path
        if not path.startswith("/c/prices"):
            assert answer.headers["Cache-Control"] == "no-store", path
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
        assert "style=" not in answer.text, "the policy allows no styles in pages"
        assert "<script>" not in answer.text, path


def test_anothers_things_are_not_there(chen: Browser, street: Street) -> None:
    wang = street.wang
    chen.get("/c/me")
    for path in (f"/c/products/{wang.product_id}", f"/c/orders/{wang.number}", f"/c/orders/{wang.number}/time",
                 f"/c/orders/{wang.number}/cancel", f"/c/orders/{wang.number}/rate", f"/c/orders/{wang.order_id}/rate?t=x",
                 "/c/quotes/qt_1", "/c/quotes/qt_1.x", "/c/bills/bi_1.x", "/c/pay/ow_1", "/c/pay/ow_1/invoice",
                 "/c/cards/co_1", "/c/pictures/fi_1", "/c/shop/cp_1", "/c/survey/np_1.x", "/c/nothing"):  # fmt: skip
        assert chen.get(path).status_code == 404, path
    for path in (f"/c/orders/{wang.number}/cancel", f"/c/orders/{wang.number}/urge", f"/c/orders/{wang.number}/time",
                 f"/c/orders/{wang.number}/change", f"/c/orders/{wang.number}/go-on", "/c/cards/co_1/cancel",
                 "/c/pay/ow_1/start", "/c/pay/ow_1/invoice", "/c/quotes/qt_1"):  # fmt: skip
        answer = chen.post(
            path, {"why": "x", "back_fen": "1", "answer": "confirm", "hash": "x", "title": "x", "email": "a@b.cc"}
        )
        assert answer.status_code == 404, path


def test_a_form_that_is_not_ours_does_nothing(runtime: Runtime, chen: Browser, street: Street, pages: Pages) -> None:
    path, form = f"/c/orders/{street.chen.number}/cancel", {"why": "已经好了"}
    right = chen.token
    chen.token = ""
    assert chen.post(path, form).status_code == 403
    chen.token = "0" * 40
    assert chen.post(path, form).status_code == 403
    other = pages.browser()
    other.sign_in(street.wang.openid)
    chen.token = other.token
    assert chen.post(path, form).status_code == 403, "another session's token"
    chen.token = right
    assert chen.post(path, form, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    with runtime.transaction() as uow:
        assert uow.get(WorkOrder, street.chen.order_id, called="").status is OrderStatus.REPORTED
    assert chen.post(path, form).status_code == 303
    with runtime.transaction() as uow:
        assert uow.get(WorkOrder, street.chen.order_id, called="").status is OrderStatus.CANCELLED


# Products


def test_a_mistyped_code_becomes_a_choice_and_the_choice_a_product(
    runtime: Runtime, chen: Browser, street: Street
) -> None:
    asked = chen.get("/c/products/new?text=bcd216tmpq")
    assert "BCD-216TMPR" in asked.text
    model = street.brand.models["BCD-216TMPR"]
    assert f"model_id={model}" in asked.text
    assert "登记" in chen.get(f"/c/products/new?model_id={model}").text
    answer = chen.post("/c/products", {"model_id": model, "serial": "sn-2025-0808x", "purchased_on": "2026-01-01"})
    assert answer.status_code == 303, answer.text
    shown = chen.get(answer.headers["Location"]).text
    assert "登记成功" in shown
    with runtime.transaction() as uow:
        made = uow.session.scalars(select(Product).filter_by(model_id=model)).one()
        assert (made.customer_id, made.serial_key, str(made.purchased_on)) == (
            street.chen.customer_id, "SN20250808X", "2026-01-01",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"serial": "abc"}, "6 到 24 位"), ({"purchased_on": "2027-01-01"}, "不能晚于今天"),
        ({"purchased_on": "yesterday"}, "购买日期"), ({"model_id": ""}, "请核对"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_and_nothing_is_registered(
    runtime: Runtime, chen: Browser, street: Street, form: dict[str, str], words: str
) -> None:
    answer = chen.post("/c/products", {"model_id": street.brand.models["XQG100-B14"], **form})
    assert (answer.status_code, words in answer.text) == (409, True), answer.text
    with runtime.transaction() as uow:
        assert len(uow.session.scalars(select(Product)).all()) == 2


def test_a_serial_that_is_anothers_is_asked_for_and_tells_nothing_of_them(
    runtime: Runtime, chen: Browser, street: Street
) -> None:
    form = {"model_id": street.brand.models["KFR-35GW/N8A1"], "serial": "SN20250101B"}
    answer = chen.post("/c/products", form)
    assert (answer.status_code, "申请过户" in answer.text) == (409, True)
    assert "王" not in answer.text
    assert "已提交申请" in chen.post("/c/products", {**form, "ask_transfer": "true"}).text
    chen.post("/c/products", {**form, "ask_transfer": "true"})
    with runtime.transaction() as uow:
        [asked] = uow.session.scalars(select(ProductTransfer))
        assert (asked.customer_id, asked.product_id) == (street.chen.customer_id, street.wang.product_id)
        assert len(uow.session.scalars(select(DeskTask).filter_by(kind="transfer")).all()) == 1


def test_an_invoices_photo_waits_for_staff_and_has_lost_its_place(
    runtime: Runtime, chen: Browser, street: Street, pages: Pages
) -> None:
    path = f"/c/products/{street.chen.product_id}"
    chen.get(path)
    answer = chen.post(f"{path}/proof", {"picture": (photo(), "发票.jpg"), "purchased_on": "2026-02-03"})
    assert answer.status_code == 303, answer.text
    assert "发票照片待核对" in chen.get(path).text
    with runtime.transaction() as uow:
        [task] = uow.session.scalars(select(DeskTask).filter_by(kind="proof"))
        [file] = uow.session.scalars(select(StoredFile))
        assert (task.subject_id, file.product_id) == (street.chen.product_id, street.chen.product_id)
        assert str(uow.get(Product, street.chen.product_id, called="").purchased_on) == "2026-02-03"
    seen = chen.get(f"/c/pictures/{file.id}?whole")
    assert seen.mimetype == "image/jpeg"
    assert not Image.open(io.BytesIO(seen.data)).getexif(), "no place, no camera"
    assert photo().getvalue() not in pages.shelf.files.values()
    other = pages.browser()
    other.sign_in(street.wang.openid)
    assert other.get(f"/c/pictures/{file.id}").status_code == 404


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"GIF89a", b"\xff\xd8\xff" + b"0" * 100])
def test_what_is_no_picture_is_refused(runtime: Runtime, chen: Browser, street: Street, data: bytes) -> None:
    path = f"/c/products/{street.chen.product_id}/proof"
    answer = chen.post(path, {"picture": (io.BytesIO(data), "a.jpg")})
    assert (answer.status_code, "照片" in answer.text) == (409, True)
    with runtime.transaction() as uow:
        assert uow.session.scalars(select(StoredFile)).all() == []


# Reporting


def report(chen: Browser, **form: object) -> tuple[int, str]:
    chen.get("/c/report")
    answer = chen.post("/c/report", {"service": "repair", "words": "漏水，显示 E1", **form})
    return answer.status_code, answer.headers.get("Location", answer.text)


def known(runtime: Runtime, street: Street) -> dict[str, str]:
    with runtime.transaction() as uow:
        address = uow.session.scalars(select(CustomerAddress).filter_by(customer_id=street.chen.customer_id)).one()
        phone = uow.session.scalars(select(CustomerPhone).filter_by(customer_id=street.chen.customer_id)).one()
        return {"address_id": address.id, "phone_id": phone.number_print}


def test_a_report_opens_an_order_as_the_chat_does_and_a_real_window_is_picked(
    runtime: Runtime, chen: Browser, street: Street
) -> None:
    status, there = report(chen, category="refrigerator", picture=(photo(), "a.jpg"), **known(runtime, street))
    assert (status, "/time" in there) == (303, True), there
    page = chen.get(there).text
    window = re.findall(r'name="window" value="([^"]+)"', page)[0]
    number = there.split("/")[3]
    assert chen.post(f"/c/orders/{number}/time", {"window": window}).status_code == 303
    with runtime.transaction() as uow:
        order = uow.session.scalars(select(WorkOrder).filter_by(number=number)).one()
        assert (order.words, order.error_code, order.status, order.contact_name) == (
            "漏水，显示 E1", "E1", OrderStatus.SCHEDULED, "陈女士",
        )  # fmt: skip
        assert "leak" in " ".join(order.symptoms)
        assert (order.account_id, order.openid, order.opened_via) == (
            street.brand.voice.account_id, "oChen", "page",
        )  # fmt: skip
        assert len(uow.session.scalars(select(Appointment).filter_by(work_order_id=order.id)).all()) == 1
        [file] = uow.session.scalars(select(StoredFile))
        assert file.work_order_id == order.id
    assert f"/c/pictures/{file.id}" in chen.get(f"/c/orders/{number}").text


def test_the_same_fault_joins_the_open_order(runtime: Runtime, chen: Browser, street: Street) -> None:
    status, there = report(chen, product_id=street.chen.product_id, **known(runtime, street))
    assert (status, street.chen.number in there) == (303, True)


def test_a_new_address_is_read_back_before_anybody_comes(runtime: Runtime, chen: Browser, street: Street) -> None:
    form = {"category": "refrigerator", "phone": "13812345678", "address": LINE.replace("18号", "20号"), "phone_id": ""}
    status, text = report(chen, **form)
    assert (status, "请核对地址" in text) == (200, True)
    read = re.findall(r'name="address_read" value="([^"]+)"', text)[0]
    assert read.startswith("广东省佛山市")
    status, there = report(chen, **{**form, "address": read, "address_read": read})
    assert status == 303, there
    for typed, words in (("卫红路", "没认出"), ("佛山市顺德区容桂街道", "门牌"), ("北京市朝阳区建国路1号", "不在")):
        status, text = report(chen, **{**form, "address": typed})
        assert status == 200 or words in text


def test_danger_comes_before_everything_and_calls_people(runtime: Runtime, chen: Browser, street: Street) -> None:
    status, text = report(chen, category="water_heater_gas", words="有很大的煤气味", **known(runtime, street))
    assert (status, "关闭燃气总阀" in text) == (200, True)
    with runtime.transaction() as uow:
        [incident] = uow.session.scalars(select(SafetyIncident))
        assert (incident.customer_id, incident.dangers) == (street.chen.customer_id, ["gas_smell"])
        assert incident.work_order_id is not None


@pytest.mark.parametrize(
    "form", [{"category": ""}, {"words": "x"}, {"phone_id": "x"}, {"address_id": "ad_9"}, {"product_id": "pr_9"}]
)
def test_a_report_that_lacks_something_opens_nothing(
    runtime: Runtime, chen: Browser, street: Street, form: dict[str, str]
) -> None:
    status, _ = report(chen, **{"category": "refrigerator", **known(runtime, street), **form})
    assert status in (404, 409)
    with runtime.transaction() as uow:
        assert len(uow.session.scalars(select(WorkOrder)).all()) == 2


def test_nothing_personal_is_kept_before_the_notice_was_agreed_to(
    runtime: Runtime, pages: Pages, street: Street
) -> None:
    stranger = pages.browser()
    stranger.sign_in("oNew")
    form = {"category": "refrigerator", "phone": "13812345678", "address": HOME, "address_read": HOME}
    assert report(stranger, **form)[0] == 409
    with runtime.transaction() as uow:
        assert uow.session.get_one(Contact, (street.brand.voice.account_id, "oNew")).customer_id is None
    assert report(stranger, **form, agree="1")[0] == 303
    with runtime.transaction() as uow:
        contact = uow.session.get_one(Contact, (street.brand.voice.account_id, "oNew"))
        assert contact.consent_version == street.brand.voice.privacy_version
        assert uow.session.scalars(select(TrailEntry).filter_by(action="privacy.consent", subject_id="oNew")).one()


# Orders


def test_the_engineers_number_is_there_from_departure_until_the_visit_is_over(
    runtime: Runtime, chen: Browser, street: Street
) -> None:
    from domain.kit.actors import Actor, Role

    engineer = Actor(Role.ENGINEER, street.network.an)
    path = f"/c/orders/{street.chen.number}"
    with runtime.transaction() as uow:
        visit = offer_visit(uow, street.chen.order_id, by=STAFF)
        put_engineers(uow, visit, street.network.an, {street.network.an: 100}, by=STAFF)
        move_visit(uow, visit.id, "accept", by=engineer)
    page = chen.get(path).text
    assert ("安师傅" in page, "13800000001" in page) == (True, False)
    with runtime.transaction() as uow:
        move_visit(uow, visit.id, "depart", by=engineer)
    page = chen.get(path).text
    assert "tel:13800000001" in page
    assert "不能在这里取消" in chen.get(f"{path}/cancel").text
    assert chen.post(f"{path}/cancel", {"why": "不想修了"}).status_code == 409
    with runtime.transaction() as uow:
        move_visit(uow, visit.id, "fail", by=engineer, why="客户不在家")
        assert uow.get(Visit, visit.id, called="").engineer_id == street.network.an
    assert "13800000001" not in chen.get(path).text


def test_urging_counts_once_in_a_while(chen: Browser, street: Street) -> None:
    path = f"/c/orders/{street.chen.number}"
    chen.get(path)
    assert "已为您催促" in chen.post(f"{path}/urge").text
    assert chen.post(f"{path}/urge").status_code == 409


@pytest.mark.parametrize(
    "window", ["", "x/y", "2026-05-13T00:00:00+00:00/", "2020-05-13T00:00:00+00:00/2020-05-13T02:00:00+00:00"]
)
def test_a_window_that_is_none_is_not_booked(runtime: Runtime, chen: Browser, street: Street, window: str) -> None:
    path = f"/c/orders/{street.chen.number}/time"
    chen.get(path)
    assert chen.post(path, {"window": window}).status_code == 409
    with runtime.transaction() as uow:
        assert uow.session.scalars(select(Appointment)).all() == []


# One's own data


def test_what_is_kept_is_shown_corrected_and_taken_along(runtime: Runtime, chen: Browser, street: Street) -> None:
    page = chen.get("/c/me/data").text
    assert ("陈女士" in page, "138******34" in page, "13800001234" in page, HOME in page) == (True, True, False, True)
    kept = known(runtime, street)
    chen.post("/c/me/data", {"name": "陈小姐"})
    chen.post("/c/me/data", {"forget_phone_id": kept["phone_id"]})
    page = chen.get("/c/me/data").text
    assert ("陈小姐" in page, "138******34" in page) == (True, False)
    file = json.loads(chen.get("/c/me/export").text)
    assert file["customer"]["name"] == "陈小姐"
    assert [one["number"] for one in file["orders"]] == [street.chen.number]
    assert street.wang.number not in json.dumps(file)
    with runtime.transaction() as uow:
        assert uow.session.scalars(select(TrailEntry).filter_by(action="customer.export")).one()


def test_advertising_waits_for_a_yes_of_the_person(runtime: Runtime, chen: Browser) -> None:
    page = chen.get("/c/me/data").text
    assert ("不会给您发活动" in page, "同意接收" in page) == (True, True), (
        "nobody is asked to stop what they never agreed to"
    )
    assert exported_marketing(chen) is False
    for wanted, agreed in (("true", True), ("false", False)):
        assert chen.post("/c/me/marketing", {"wanted": wanted}).status_code == 303
        assert ("您同意接收" in chen.get("/c/me/data").text) is agreed
        assert exported_marketing(chen) is agreed
        with runtime.transaction() as uow:
            contact = uow.session.scalars(select(Contact).filter_by(openid="oChen")).one()
            assert (contact.marketing_agreed_at is not None, contact.marketing_stopped_at is None) == (agreed, agreed)


def exported_marketing(person: Browser) -> bool:
    """What the file one takes along says of the chat one is in."""
    chats = json.loads(person.get("/c/me/export").text)["chats"]
    assert len(chats) == 1
    return bool(chats[0]["marketing"])
