"""The money side of a visit, in a real browser against the pretend WeChat: chat, visit, quote, confirm, pay, sheet, rate, buy cover."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from redis import Redis
from sqlalchemy import select

from domain.cover.lifecycle import CoverStatus
from domain.cover.model import Cover
from domain.feedback.model import Rating
from domain.kit.unit_of_work import Runtime
from domain.ledger.queries import balances
from domain.payments.lifecycle import PayableStatus
from domain.payments.links import path_to_pay
from domain.payments.model import Payable, Payment
from domain.pricing.queries import live_bill
from domain.products.model import Product
from tests.adapters.watching import until
from tests.browser.money_site import PATIENCE_MS, Engineer, MoneySite, engineer_of, money_site, told
from tests.browser.on_the_way import sees_who_comes
from tests.console.test_browser import CHROMIUM

BUILT = Path(__file__).parents[2] / "consumer_app/static/built"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.skipif(not (BUILT / "page.js").exists(), reason="the assets are not built: make assets"),
]
CHEN = "陈女士"
FAULT = "空调不制冷，佛山市顺德区容桂街道卫红路18号3栋502，13800001234 陈女士"


@pytest.fixture
def site(fresh_runtime: Runtime, valkey: Redis, chromium: Browser, tmp_path: Path) -> Iterator[MoneySite]:
    with money_site(fresh_runtime, valkey, chromium, tmp_path) as made:
        yield made
        for context in chromium.contexts:
            context.close()
    assert made.wrong == []


def test_from_the_first_word_to_a_bought_cover(site: MoneySite) -> None:
    chat = reports_in_chat(site)
    page = site.phone()
    registers_the_product(site, page)
    engineer = engineer_of(site, site.order())
    sees_who_comes(site, page, engineer)
    engineer.looks()
    confirms_the_quote(site, page, engineer)
    engineer.ends()
    asks_for_the_bill(site, chat)
    pays(site, page)
    rates(site, page)
    buys_cover(site, page)
    told(chat, "支付的 ¥205.00")
    in_the_dark(site)
    with site.runtime.transaction() as uow:
        paid = sum(one.fen for one in uow.session.scalars(select(Payment)))
        kept = {"wechat": 0, "receivable": 0}
        for one in balances(uow, site.brand.voice.brand_id):
            if one.account in kept:
                kept[one.account] += one.fen
        assert kept == {"wechat": paid, "receivable": 0}
        assert paid == 20_500 + 36_500


def in_the_dark(site: MoneySite) -> None:
    """The same pages for whoever has a dark phone, and what is kept about oneself."""
    page = site.phone(dark=True)
    site.signed_in(page, CHEN, "/c/")
    expect(page.get_by_role("link", name="报修")).to_be_visible()
    site.shot(page, "page-home-dark")
    page.goto("/c/me/data")
    expect(page.get_by_role("heading", name="我的资料和隐私")).to_be_visible()
    site.shot(page, "page-my-data-dark")
    page.goto("/c/report")
    site.shot(page, "page-report-dark")
    page.goto(f"/c/prices/{site.brand.voice.brand_code}")
    site.shot(page, "page-prices-dark")
    page.context.close()


def reports_in_chat(site: MoneySite) -> Page:
    """In the chat of the pretend WeChat, as a person types."""
    page = site.browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(site.wechat_url)
    page.get_by_role("button", name="关注公众号").click()
    expect(page.locator(".line.account")).not_to_have_count(0, timeout=PATIENCE_MS)
    keyboard(page)
    for said, answer in ((FAULT, "请核对"), ("确认", "工单号")):
        page.locator("#say").fill(said)
        page.locator("#say").press("Enter")
        expect(page.locator(".line.account").filter(has_text=answer)).not_to_have_count(0, timeout=PATIENCE_MS)
    return page


def keyboard(page: Page) -> None:
    """The account's menu gives way to the keyboard; it is drawn once the account is known, as its lines are."""
    menu, say = page.locator(".menubar .entry").first, page.locator("#say")
    expect(menu.or_(say)).to_be_visible(timeout=PATIENCE_MS)
    if menu.is_visible():
        page.get_by_role("button", name="键盘", exact=True).click()
    expect(say).to_be_visible(timeout=PATIENCE_MS)


def registers_the_product(site: MoneySite, page: Page) -> None:
    """By a mistyped code, after WeChat has said who it is."""
    site.signed_in(page, CHEN, "/c/products/new")
    page.get_by_label("型号").fill("kfr35gw/n8al")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("link", name="KFR-35GW/N8A1")).to_be_visible()
    site.shot(page, "page-choice")
    page.get_by_role("link", name="KFR-35GW/N8A1").click()
    page.get_by_label("机身编号").fill("SN20240912345")
    page.get_by_label("购买日期").fill("2025-11-30")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("登记成功")).to_be_visible()
    site.shot(page, "page-product")
    with site.runtime.transaction() as uow:
        assert uow.session.scalars(select(Product)).one().serial_key == "SN20240912345"


def confirms_the_quote(site: MoneySite, page: Page, engineer: Engineer) -> None:
    """Asked on the engineer's phone, changed once; the customer agrees to the one that stands."""
    engineer.puts_price()
    order = site.order()
    page.goto(f"/c/orders/{order.number}")
    expect(page.get_by_text("有一份报价等您确认")).to_be_visible()
    site.shot(page, "page-order")
    page.get_by_role("link", name="看报价").click()
    expect(page.get_by_text("更换电容（人工）")).to_be_visible()
    engineer.puts_more()
    page.get_by_role("button", name="同意，请开工").click()
    expect(page.get_by_role("alert")).to_contain_text("报价")
    expect(page.get_by_text("室外机清洗")).to_be_visible()
    site.shot(page, "page-quote")
    page.get_by_role("button", name="同意，请开工").click()
    expect(page.get_by_text("已同意，师傅可以开工了")).to_be_visible()


def asks_for_the_bill(site: MoneySite, chat: Page) -> None:
    """By its name, in the chat: how it stands at once, and then the link."""
    assert until(lambda: is_billed(site), 20), "the visit is billed by itself"
    chat.locator("#say").fill("账单")
    chat.locator("#say").press("Enter")
    told(chat, "¥205.00，待付款。链接马上发给您")
    link = chat.locator(".line.account").get_by_role("link", name="点这里看明细、付款")
    expect(link).to_have_attribute("href", re.compile("/c/bills/bi_"), timeout=PATIENCE_MS)


def is_billed(site: MoneySite) -> bool:
    with site.runtime.transaction() as uow:
        return live_bill(uow, site.order().id) is not None


def pays(site: MoneySite, page: Page) -> None:
    """In the cashier of the pretend WeChat; that it is paid the platform says to us."""
    order = site.order()
    page.goto(f"/c/orders/{order.number}")
    for _ in range(40):
        if page.get_by_role("link", name="去付款").is_visible():
            break
        page.wait_for_timeout(500)
        page.reload()
    page.get_by_role("link", name="去付款").click()
    site.shot(page, "page-pay")
    through_the_cashier(page)
    page.wait_for_url(re.compile(rf"^{site.url}/c/orders/{order.number}$"))
    with site.runtime.transaction() as uow:
        payable = uow.session.scalars(select(Payable).filter_by(work_order_id=order.id)).one()
        assert payable.status is PayableStatus.PAID
        assert uow.session.scalars(select(Payment).filter_by(payable_id=payable.id)).one().fen == payable.due_fen


def through_the_cashier(page: Page) -> None:
    page.get_by_role("button", name="去付款").click()
    frame = page.frame_locator("#weixin-sandbox")
    frame.get_by_role("button", name="立即支付").click()
    frame.get_by_role("button", name="完成").click()


def rates(site: MoneySite, page: Page) -> None:
    order = site.order()
    page.goto(f"/c/orders/{order.number}")
    page.get_by_role("link", name="看服务单").click()
    expect(page.get_by_text("您应付")).to_be_visible()
    page.goto(f"/c/orders/{order.number}/rate")
    page.get_by_role("radio", name="5 星：非常满意").check()
    page.get_by_label("技术好").check()
    site.shot(page, "page-rate")
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("谢谢您的评价")).to_be_visible()
    with site.runtime.transaction() as uow:
        assert uow.session.scalars(select(Rating)).one().stars == 5


def buys_cover(site: MoneySite, page: Page) -> None:
    page.goto("/c/shop")
    site.shot(page, "page-shop")
    page.get_by_role("link", name="整机延保一年").click()
    site.shot(page, "page-offer")
    page.get_by_role("button", name="购买").click()
    through_the_cashier(page)
    page.wait_for_url(re.compile(rf"^{site.url}/c/cards/\w+$"))
    expect(page.get_by_text("生效", exact=True)).to_be_visible()
    site.shot(page, "page-certificate")
    paper = page.context.request.get(f"{page.url}/certificate.pdf")
    assert (paper.status, paper.body()[:5]) == (200, b"%PDF-")
    with site.runtime.transaction() as uow:
        assert uow.session.scalars(select(Cover)).one().status is CoverStatus.ACTIVE


def owes_a_cover(site: MoneySite) -> str:
    """A plan ordered by whoever is signed in on a phone; the page to pay it."""
    page = site.phone()
    site.signed_in(page, CHEN, "/c/products/new")
    page.get_by_role("button", name="扫铭牌上的码").click()
    frame = page.frame_locator("#weixin-sandbox")
    frame.locator("[name=content]").fill("weixiu:model:KFR-35GW/N8A1")
    frame.get_by_role("button", name="扫描").click()
    page.get_by_label("购买日期").fill("2025-11-30")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("登记成功")).to_be_visible()
    page.get_by_role("link", name="买延保").click()
    page.get_by_role("link", name="整机延保一年").click()
    page.get_by_role("button", name="购买").click()
    expect(page.get_by_role("button", name="去付款")).to_be_visible()
    page.context.close()
    with site.runtime.transaction() as uow:
        return path_to_pay(uow, uow.session.scalars(select(Payable)).one())


def test_a_scanned_plate_is_registered_and_what_is_owed_is_paid_by_its_link_in_any_browser(site: MoneySite) -> None:
    """Outside WeChat there is a page of the platform's to pay on; it comes back, and the server knows."""
    link = owes_a_cover(site)
    browser = site.browser.new_page(base_url=site.url, viewport={"width": 390, "height": 844})
    browser.set_default_timeout(PATIENCE_MS)
    browser.goto(link)
    browser.get_by_role("button", name="去付款").click()
    browser.wait_for_url(re.compile(rf"^{site.wechat_url}/"))
    browser.get_by_role("button", name="立即支付").click()
    browser.get_by_role("button", name="完成").click()
    browser.wait_for_url(re.compile(rf"^{site.url}/c/pay/"))
    expect(browser.get_by_text("已付款", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    with site.runtime.transaction() as uow:
        assert uow.session.scalars(select(Payment)).one().method == "h5"


def test_a_cashier_that_is_left_and_one_that_lies(site: MoneySite) -> None:
    """Leaving pays nothing; a page that is told of a cancel though money went is put right by the platform's own word."""
    link = owes_a_cover(site)
    page = site.phone()
    page.goto(link)
    page.get_by_role("link", name="去付款").click()
    page.get_by_role("button", name=CHEN).click()
    page.wait_for_url(f"**{link}")
    page.get_by_role("button", name="去付款").click()
    page.frame_locator("#weixin-sandbox").get_by_test_id("cashier-cancel").click()
    expect(page.get_by_text("没有付款。")).to_be_visible()
    with site.runtime.transaction() as uow:
        assert uow.session.scalars(select(Payable)).one().paid_fen == 0
    site.platform.faults.set({"cashier_lies": 1})
    through_the_cashier(page)
    expect(page.get_by_text("没有付款。")).to_be_visible()
    assert until(lambda: is_paid(site), 20), "the platform's word came"
    page.reload()
    expect(page.get_by_text("已付款", exact=True)).to_be_visible(timeout=PATIENCE_MS)


def is_paid(site: MoneySite) -> bool:
    with site.runtime.transaction() as uow:
        return uow.session.scalars(select(Payable)).one().status is PayableStatus.PAID
