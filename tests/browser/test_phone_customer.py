"""What an engineer needs of the customer and of himself without network: the number, the prices, his own yes to being located."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from domain.engineers.whereabouts import APP, last_seen
from domain.files.pictures import FACE_SIDE
from domain.kit.actors import system
from domain.pricing.fee_table import FeeDraft, put_fee
from tests.browser.phone import BUILT, Site
from tests.console.test_browser import CHROMIUM
from tests.drawn import photo
from tests.engineer_app.phone_day import PhoneDay

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.skipif(not (BUILT / "sw.js").exists(), reason="the assets are not built: make assets"),
]


def test_in_a_cellar_the_customer_can_be_called_and_the_prices_shown(site: Site, day: PhoneDay) -> None:
    with site.runtime.transaction() as uow:
        draft = FeeDraft("labour", "refill", "加制冷剂", "air_conditioner", fen=15_000)
        put_fee(uow, day.brand.voice.brand_id, draft, uow.today, by=system("tests"))
    phone = site.phone(at=day.repair_at)
    phone.cut()
    phone.opened()
    phone.to(day.repair, "about")
    call = phone.page.get_by_role("link", name="打电话")
    expect(call).to_have_attribute("href", "tel:13912340001")
    expect(phone.page.get_by_text("13912340001")).to_have_count(0)
    phone.to(day.tomorrow, "about")
    expect(phone.page.get_by_role("button", name="打电话")).to_be_visible()
    expect(call).to_have_count(0)
    phone.to(day.repair, "fees")
    phone.page.get_by_text("给客户看公示价目").click()
    expect(phone.page.get_by_text("加制冷剂 ¥150.00/次")).to_be_visible()


def test_where_one_is_is_told_after_a_yes_and_forgotten_after_a_no(site: Site, day: PhoneDay) -> None:
    phone = site.phone(at=day.repair_at)
    phone.page.evaluate("location.hash = '#/me'")
    switch = phone.page.get_by_role("switch", name="上班时上报位置")
    expect(switch).to_have_attribute("aria-checked", "false")
    with phone.page.expect_response("**/api/engineer/me/position") as told:
        switch.click()
    assert told.value.ok
    expect(switch).to_have_attribute("aria-checked", "true")
    assert how_seen(site, day) == APP
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    assert how_seen(site, day) == ""
    shows_himself(phone.page)


def shows_himself(page: Page) -> None:
    """The photo customers see is cut on the phone, and taken away again."""
    page.get_by_label("选一张照片").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(1200, 1600)}
    )
    own = page.get_by_role("img", name="我的照片")
    expect(own).to_have_js_property("naturalWidth", FACE_SIDE)
    page.get_by_role("button", name="删除").click()
    expect(page.get_by_text("照片已删除")).to_be_visible()
    expect(own).to_have_count(0)


def how_seen(site: Site, day: PhoneDay) -> str:
    with site.runtime.transaction() as uow:
        found = last_seen(uow, [day.network.an]).get(day.network.an)
        return found.how if found else ""
