"""A job on the phone from the offer to the signature, with the network and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from domain.kit.unit_of_work import Runtime
from domain.work_orders.kinds import ServiceType
from tests.brand import brand_in
from tests.browser.phone import BUILT, Site
from tests.console.test_browser import CHROMIUM
from tests.engineer_app.phone_day import PhoneDay, put_offer, put_order
from tests.network import put_network

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.skipif(not (BUILT / "sw.js").exists(), reason="the assets are not built: make assets"),
]


def test_a_repair_from_the_offer_to_the_signature(site: Site, day: PhoneDay) -> None:
    phone = site.phone(at=site.place(day.offered))
    phone.accept(day.offered)
    phone.arrive(day.offered)
    phone.work(day.offered)
    phone.end(day.offered, "finished", "确认完工")
    phone.until_told("这次上门已经结束")
    phone.sent()
    seen = site.visit(day.offered)
    assert (seen["status"], seen["order"], seen["outcome"], seen["holds"]) == (
        "finished",
        "finished",
        "finished",
        [True],
    )


def test_an_installation_from_the_offer_to_the_signature(site: Site, morning: Runtime) -> None:
    brand = brand_in(morning)
    with morning.transaction() as uow:
        network = put_network(uow, brand)
        heater = brand.models["JSQ30-16QH3"]
        order = put_order(
            uow, brand, "何婉仪", "13912340002", "清晖路 6 号", heater, None, ServiceType.INSTALL, "新买的热水器"
        )
        visit_id = put_offer(uow, order, network.an).id
    phone = site.phone(at=site.place(visit_id))
    phone.accept(visit_id)
    phone.arrive(visit_id)
    phone.work(visit_id)
    phone.end(visit_id, "finished", "确认完工")
    phone.until_told("这次上门已经结束")
    phone.sent()
    seen = site.visit(visit_id)
    assert (seen["status"], seen["order"], seen["outcome"], seen["holds"]) == (
        "finished",
        "finished",
        "finished",
        [True],
    )


def test_the_network_is_cut_after_the_check_in_and_comes_back_after_the_signature(site: Site, day: PhoneDay) -> None:
    phone = site.phone(at=day.repair_at)
    phone.arrive(day.repair)
    phone.sent()
    phone.cut()
    phone.work(day.repair)
    phone.end(day.repair, "finished", "确认完工")
    phone.until_told("这次上门已经结束")
    assert site.visit(day.repair)["status"] == "checked_in"
    phone.page.close()
    phone.opened()
    phone.to(day.repair)
    phone.until_told("这次上门已经结束")
    expect(phone.page.get_by_text("没有网络")).to_be_visible()
    phone.restore()
    phone.sent()
    seen = site.visit(day.repair)
    assert (seen["status"], seen["outcome"], seen["holds"]) == ("finished", "finished", [True])
    photos = [value["purpose"] for key, value in seen["values"].items() if key.startswith("photo.")]
    assert {"before", "after", "nameplate"} <= set(photos)


def test_a_check_that_blocks_ends_the_visit_with_what_is_to_be_put_right(site: Site, day: PhoneDay) -> None:
    phone = site.phone(at=site.place(day.install))
    phone.arrive(day.install)
    phone.confirm_prompts(day.install)
    phone.check_all(day.install, {"gas_type": "不一致"})
    expect(phone.page.get_by_role("alert")).to_contain_text("不合格，不能开工")
    expect(phone.page.get_by_role("alert")).to_contain_text("告诉客户")
    phone.press("环境不合格，结束上门")
    phone.press("确认环境不合格")
    phone.until_told("这次上门已经结束")
    phone.sent()
    seen = site.visit(day.install)
    assert (seen["status"], seen["outcome"], seen["order"]) == ("failed", "blocked", "reported")


def test_a_serial_that_is_not_the_orders_is_resolved_on_the_spot(site: Site, day: PhoneDay) -> None:
    phone = site.phone(at=day.repair_at)
    phone.arrive(day.repair)
    phone.to(day.repair, "serial")
    phone.page.get_by_label("机身编号").fill("KF2308A00999")
    phone.press("核对")
    phone.until_told("不是工单上的那台")
    phone.press("就是这台，编号登记错了")
    phone.until_told("已记录 KF2308A00999")
    phone.sent()
    assert site.visit(day.repair)["values"]["field.serial"]["value"] == "KF2308A00999"


def test_the_first_serial_of_a_machine_is_no_mismatch_and_a_wrong_model_is_put_right(site: Site, day: PhoneDay) -> None:
    phone = site.phone(at=site.place(day.install))
    phone.arrive(day.install)
    phone.to(day.install, "way")
    expect(phone.page.locator(".cell", has_text="签到")).to_have_text(re.compile(r"^签到今天 \d\d:\d\d已签到$"))
    phone.to(day.install, "serial")
    phone.page.get_by_label("机身编号").fill("JS2408A00001")
    phone.press("核对")
    phone.until_told("已记录 JS2408A00001")
    expect(phone.page.get_by_text("怎么处理")).to_have_count(0)

    other = "KFR-35GW/N8B1"
    phone.to(day.repair, "model")
    phone.page.get_by_label("铭牌上的型号").fill(f" {other.lower()} ")
    phone.press("查找")
    phone.page.get_by_role("button").filter(has_text=other).click()
    phone.until_told(f"型号已记为 {other}")
    phone.sent()
    assert site.visit(day.repair)["values"]["correction.model"]["value"] == day.brand.models[other]


def test_what_the_diagnosis_found_stands_on_the_sheet_the_customer_signs(site: Site, day: PhoneDay) -> None:
    phone = site.phone(at=day.repair_at)
    phone.arrive(day.repair)
    phone.to(day.repair, "diagnosis")
    confirm = phone.page.get_by_role("button", name="就是这个原因")
    while not confirm.count():
        step = phone.page.get_by_role("heading", name=re.compile("第 . 步")).inner_text()
        phone.page.get_by_role("radiogroup").get_by_role("radio").last.click()
        expect(phone.page.get_by_role("heading", name=step)).to_have_count(0)
    cause = phone.page.locator(".box.big").inner_text()
    confirm.click()
    phone.until_told("诊断已记录")
    phone.to(day.repair, "sheet")
    expect(phone.page.locator(".sheet")).to_contain_text(f"检查结果{cause}")
    phone.sent()
    values = site.visit(day.repair)["values"]
    assert values["field.fault_found"]["value"] == cause
    assert values["diagnosis"]["cause"]
