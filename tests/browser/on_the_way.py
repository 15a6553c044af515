"""A customer waits for the engineer, in a real browser: the photo before he departs, the map on the way, a pin on one's own home."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from domain.files.pictures import FACE_SIDE
from domain.regions.positions import Position
from domain.work_orders.model import WorkOrder
from tests.browser.money_site import Engineer, MoneySite

HOME = Position(22.7680, 113.2700)


def sees_who_comes(site: MoneySite, page: Page, engineer: Engineer) -> None:
    """The photo before he departs; on the way the map, which is WeChat's own at a tap; the pin that was set by another tap."""
    order = site.order()
    path = f"/c/orders/{order.number}"
    page.goto(path)
    expect(page.get_by_role("img", name="安师傅的照片")).to_have_js_property("naturalWidth", FACE_SIDE)
    expect(page.locator("#way")).to_have_count(0)
    pins_home(site, page)
    with site.runtime.transaction() as uow:
        uow.get(WorkOrder, order.id, called="").position = HOME.to_json()
    place = {"lat": HOME.lat + 0.021, "lng": HOME.lng - 0.017, "datum": "gcj02", "radius_m": 30}
    engineer.does("visit.move", move="depart", position=place)
    page.goto(path)
    expect(page.get_by_role("img", name="在西北边")).to_be_visible()
    expect(page.get_by_text("离您约 2.9 公里")).to_be_visible()
    site.shot(page, "page-way")
    page.get_by_role("button", name="在微信地图中查看").click()
    frame = page.frame_locator("#weixin-sandbox")
    expect(frame.get_by_text("安师傅的大概位置")).to_be_visible()
    frame.get_by_role("button", name="返回").click()


def pins_home(site: MoneySite, page: Page) -> None:
    """Only by a tap, and taken back by another."""
    page.goto("/c/report")
    page.get_by_role("button", name="我就在家，记下位置").click()
    page.frame_locator("#weixin-sandbox").get_by_role("button", name="允许").click()
    expect(page.get_by_text("已记下您家的位置（误差约 30 米）")).to_be_visible()
    expect(page.locator("[name=datum]")).to_have_value("gcj02")
    expect(page.locator("[name=lat]")).to_have_value(re.compile(r"^\d+\.\d+$"))
    site.shot(page, "page-report-pin")
    page.get_by_role("button", name="不用这个位置").click()
    expect(page.locator("[name=lat]")).to_have_value("")
