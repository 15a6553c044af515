"""What goes wrong around a phone: it dies in the middle, there are two of it, its job is given away, its session is ended."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from domain.dispatch.operations import reassign
from domain.engineers.devices_model import EngineerDevice
from domain.kit.actors import Actor, Role
from domain.service_sheets.model import SheetOperation
from tests.adapters.watching import until
from tests.browser.phone import AN, BO, BUILT, Site
from tests.console.test_browser import CHROMIUM
from tests.engineer_app.phone_day import PhoneDay
from tests.engineer_app.phone_site import kept

STAFF = Actor(Role.STAFF, "st_1")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.skipif(not (BUILT / "sw.js").exists(), reason="the assets are not built: make assets"),
]


def test_a_page_killed_in_the_middle_of_sending_goes_on_where_it_was(site: Site, day: PhoneDay) -> None:
    phone = site.phone(at=day.repair_at)
    phone.arrive(day.repair)
    phone.sent()
    site.line.deaf = "/sync"
    phone.write(day.repair, 检查结果="电容失效")
    assert site.line.heard.wait(20), "the server never got the batch"
    phone.page.close()
    site.line.deaf = ""
    site.line.free.set()
    phone.opened()
    phone.sent()
    assert site.visit(day.repair)["values"]["field.fault_found"]["value"] == "电容失效"
    phone.to(day.repair, "notes")
    expect(phone.page.get_by_label("检查结果")).to_have_value("电容失效")


def test_words_half_typed_are_there_after_the_phone_died(site: Site, day: PhoneDay) -> None:
    phone = site.phone(at=day.repair_at)
    phone.arrive(day.repair)
    phone.cut()
    phone.to(day.repair, "notes")
    phone.page.get_by_label("检查结果").press_sequentially("压缩机不启动")
    kept(phone.page, "压缩机不启动")
    phone.page.close(run_before_unload=False)
    phone.opened()
    phone.to(day.repair, "notes")
    expect(phone.page.get_by_label("检查结果")).to_have_value("压缩机不启动")


def test_whoever_went_elsewhere_while_something_was_saved_is_not_brought_back(site: Site, day: PhoneDay) -> None:
    phone = site.phone(at=day.repair_at)
    phone.arrive(day.repair)
    phone.to(day.repair, "notes")
    phone.page.get_by_label("检查结果").fill("电容失效")
    save = phone.page.get_by_role("button", name="保存", exact=True)
    save.evaluate("button => { button.click(); location.hash = '#/me'; }")
    assert until(lambda: "field.fault_found" in site.visit(day.repair)["values"], 20)
    assert phone.page.evaluate("location.hash") == "#/me"


def test_two_phones_of_one_engineer_are_told_both_values_and_end_the_same(site: Site, day: PhoneDay) -> None:
    one = site.phone(at=day.repair_at)
    one.arrive(day.repair)
    one.sent()
    two = site.phone(at=day.repair_at)
    two.cut()
    two.write(day.repair, 检查结果="二号手机写的")
    one.write(day.repair, 检查结果="一号手机写的")
    one.sent()
    two.restore()
    two.until_told("1 件事需要您看")
    two.page.evaluate("location.hash = '#/news'")
    for words in ("二号手机写的", "一号手机写的", "现在有效"):
        two.until_told(words)
    stands = site.visit(day.repair)["values"]["field.fault_found"]["value"]
    assert stands == "一号手机写的", "the later writing stands, whichever came first"
    two.press("知道了")
    two.until_told("都看过了")
    two.to(day.repair, "notes")
    expect(two.page.get_by_label("检查结果")).to_have_value(stands)


def test_a_job_given_to_somebody_else_meanwhile_is_shown_so_and_the_work_is_kept(site: Site, day: PhoneDay) -> None:
    visit_id = day.offered
    phone = site.phone(at=site.place(visit_id))
    phone.accept(visit_id)
    phone.sent()
    phone.cut()
    phone.arrive(visit_id)
    phone.confirm_prompts(visit_id)
    with site.runtime.transaction() as uow:
        reassign(uow, visit_id, by=STAFF, code="other", why="客户加急", to=day.network.bo)
    phone.restore()
    phone.sent()
    phone.to(visit_id)
    phone.until_told("任务已改派给别人，您的记录已留给调度")
    assert not site.visit(visit_id)["values"]
    with site.runtime.transaction() as uow:
        kept = uow.session.scalars(select(SheetOperation).where(SheetOperation.outcome == "kept")).all()
        assert {one.kind for one in kept} == {"visit.move", "prompt.confirm"}


def test_an_ended_session_asks_to_sign_in_and_loses_nothing(site: Site, day: PhoneDay) -> None:
    phone = site.phone(at=day.repair_at)
    phone.arrive(day.repair)
    phone.sent()
    phone.cut()
    with site.runtime.transaction() as uow:
        for device in uow.session.query(EngineerDevice):
            device.revoked_at = uow.now
    phone.write(day.repair, 检查结果="电容失效")
    phone.restore()
    phone.until_told("登录已过期")
    phone.sign_in_again(AN)
    phone.sent()
    assert site.visit(day.repair)["values"]["field.fault_found"]["value"] == "电容失效"


def test_another_engineer_on_the_same_phone_sees_and_sends_nothing_of_the_first_ones(site: Site, day: PhoneDay) -> None:
    phone = site.phone(at=day.repair_at)
    phone.arrive(day.repair)
    phone.sent()
    phone.cut()
    with site.runtime.transaction() as uow:
        for device in uow.session.query(EngineerDevice):
            device.revoked_at = uow.now
    phone.write(day.repair, 检查结果="安师傅写的")
    phone.restore()
    phone.until_told("登录已过期")
    phone.sign_in_again(BO)
    phone.page.evaluate("location.hash = '#/'")
    phone.until_told("今天没有安排")
    assert "field.fault_found" not in site.visit(day.repair)["values"]
