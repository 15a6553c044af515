"""The money of a visit on the engineer's phone, for `screenshots_phone`: the price, the yes, the bill paid; no price, and a no."""

from __future__ import annotations

from phone_film import Film, go, press
from playwright.sync_api import Page, expect

from domain.pricing.billing import bill_visit
from tests.engineer_app.phone_site import Site


def money(film: Film, site: Site, page: Page) -> None:
    """What it costs, agreed to, billed and paid; and what it looks like when there is no price, nothing to pay, or a no."""
    visit = site.day.repair
    go(page, visit, "fees/add")
    page.get_by_text("加制冷剂").click()
    page.get_by_text("打孔").click()
    page.get_by_role("button", name="多一个").click()
    expect(page.get_by_text("2 个")).to_be_visible()
    film.shot(page, "add")
    press(page, "好了")
    film.shot(page, "fees")
    page.get_by_role("link", name="请客户确认").click()
    film.shot(page, "quote")
    page.get_by_role("button", name="客户同意").click()
    press(page, "我是客户，我同意")
    expect(page.get_by_text("客户已同意这份报价")).to_be_visible()
    page.wait_for_timeout(2500)
    film.shot(page, "agreed")


def other_prices(film: Film, site: Site, page: Page) -> None:
    """On tomorrow's job: no price, and a no."""
    visit = site.day.tomorrow
    go(page, visit, "parts/new")
    page.get_by_label("配件编码").fill("42-0099")
    press(page, "查找")
    page.get_by_role("button", name="就用").click()
    press(page, "保存")
    go(page, visit, "fees")
    film.shot(page, "unpriced")
    go(page, visit, "parts")
    page.get_by_text("42-0099").first.click()
    press(page, "删除")
    go(page, visit, "fees/add")
    page.get_by_text("高空作业").click()
    press(page, "好了")
    page.get_by_role("link", name="请客户确认").click()
    press(page, "不同意")
    page.get_by_role("dialog").get_by_role("button", name="不同意").click()
    expect(page.get_by_text("客户不同意：")).to_be_visible()
    film.shot(page, "refused")


def paid(film: Film, site: Site, page: Page) -> None:
    """The bill of the finished repair, by a code and in cash."""
    visit = site.day.repair
    with site.runtime.transaction() as uow:
        bill_visit(uow, visit)
    page.goto("/e/#/")
    press(page, "刷新")
    go(page, visit)
    expect(page.get_by_text("还没收")).to_be_visible()
    film.shot(page, "owed")
    page.get_by_role("link", name="收款").click()
    film.shot(page, "till")
    press(page, "微信收款码")
    expect(page.get_by_alt_text("微信收款码")).to_be_visible()
    film.shot(page, "code")
    press(page, "返回")
    press(page, "收现金")
    press(page, "已收到")
    expect(page.get_by_text("收据号")).to_be_visible()
    film.shot(page, "cash")
    go(page, visit, "shop")
    expect(page.get_by_text("延保").nth(1)).to_be_visible()
    film.shot(page, "shop")
