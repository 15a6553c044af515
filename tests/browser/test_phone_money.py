"""The price on the engineer's phone: reckoned from the list, agreed to by the customer without network, billed and paid."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from domain.catalog.model import Part
from domain.cover.plans import put_plan
from domain.kit.unit_of_work import Runtime
from domain.payments.model import Payable
from domain.pricing import on_site
from domain.pricing.billing import bill_visit
from domain.pricing.fee_table import FeeDraft, put_fee, put_price
from domain.pricing.model import Quote
from domain.work_orders.model import WorkOrder
from tests.browser.phone import BUILT, Phone, Site
from tests.console.conftest import BY
from tests.console.test_browser import CHROMIUM
from tests.domain.cover.world import CARD, START
from tests.domain.payments.world import put_merchant
from tests.engineer_app.phone_day import PhoneDay
from tests.engineer_app.phone_site import kept

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.skipif(not (BUILT / "sw.js").exists(), reason="the assets are not built: make assets"),
]
FEES = (
    FeeDraft("labour", "refill", "加制冷剂", category="air_conditioner", service="repair", fen=15_000, source="测试"),
    FeeDraft("extra", "height", "高空作业", fen=10_000, source="测试"),
    FeeDraft("inspection", "inspection", "上门检测费", fen=5_000, source="测试"),
)


@pytest.fixture
def priced(morning: Runtime, day: PhoneDay) -> PhoneDay:
    """The day, with a price list, a merchant and a card to sell."""
    brand_id = day.brand.voice.brand_id
    with morning.transaction() as uow:
        for fee in FEES:
            put_fee(uow, brand_id, fee, date(2024, 1, 1), by=BY)
        put_merchant(uow, brand_id)
        put_plan(uow, brand_id, "card", CARD, START, by=BY)
    return day


def refill(phone: Phone, visit_id: str) -> None:
    """Adds the refill, and the customer agrees on this phone."""
    phone.to(visit_id, "fees", "add")
    phone.page.get_by_text("加制冷剂").click()
    phone.until_told("✓ 已加")
    phone.press("好了")
    phone.until_told("加制冷剂")
    phone.press("请客户确认")
    phone.press("客户同意 ¥150.00")
    phone.press("我是客户，我同意")
    phone.until_told("客户已同意这份报价")


def work_and_finish(site: Site, phone: Phone, visit_id: str) -> None:
    """The rest of the job; afterwards what reactions would do."""
    phone.work(visit_id)
    phone.end(visit_id, "finished", "确认完工")
    phone.until_told("这次上门已经结束")
    phone.sent()
    with site.runtime.transaction() as uow:
        on_site.take_in(uow, visit_id)
        bill_visit(uow, visit_id)
    phone.page.evaluate("location.hash = '#/'")
    phone.press("刷新")
    phone.to(visit_id)
    phone.until_told("有 ¥150.00 还没收")


def test_a_price_agreed_to_without_network_is_billed_and_paid_by_a_code(site: Site, priced: PhoneDay) -> None:
    visit_id = priced.repair
    phone = site.phone(at=priced.repair_at)
    phone.arrive(visit_id)
    phone.sent()
    phone.cut()
    refill(phone, visit_id)
    phone.restore()
    phone.sent()
    work_and_finish(site, phone, visit_id)
    with site.runtime.transaction() as uow:
        quote = uow.session.scalars(select(Quote)).one()
        assert (quote.status, quote.customer_fen, quote.answered_via) == ("confirmed", 15_000, "engineer")

    phone.press("收款")
    phone.press("微信收款码")
    code = phone.page.get_by_alt_text("微信收款码")
    expect(code).to_be_visible(timeout=20_000)
    number = str(code.get_attribute("data-code")).removeprefix("weixin://")
    assert site.pay.pay(number) is not None
    phone.until_told("已收到付款")
    with site.runtime.transaction() as uow:
        assert uow.session.scalars(select(Payable)).one().paid_fen == 15_000


def test_cash_closes_the_code_first_and_gives_a_receipt(site: Site, priced: PhoneDay) -> None:
    visit_id = priced.repair
    phone = site.phone(at=priced.repair_at)
    phone.arrive(visit_id)
    refill(phone, visit_id)
    work_and_finish(site, phone, visit_id)
    phone.press("收款")
    phone.press("微信收款码")
    code = phone.page.get_by_alt_text("微信收款码")
    expect(code).to_be_visible(timeout=20_000)
    number = str(code.get_attribute("data-code")).removeprefix("weixin://")
    phone.press("返回")
    phone.press("收现金")
    phone.press("已收到")
    phone.until_told("现金已收，收据号 XJ")
    assert site.pay.pay(number) is None


def test_a_no_without_network_leaves_the_inspection_and_the_visit_ends_with_it(site: Site, priced: PhoneDay) -> None:
    visit_id = priced.repair
    phone = site.phone(at=priced.repair_at)
    phone.arrive(visit_id)
    phone.sent()
    phone.cut()
    phone.to(visit_id, "fees", "add")
    phone.page.get_by_text("加制冷剂").click()
    phone.until_told("✓ 已加")
    phone.press("好了")
    phone.press("请客户确认")
    phone.press("不同意")
    phone.page.get_by_role("dialog").get_by_role("button", name="不同意").click()
    phone.until_told("只收 ¥50.00")
    phone.work(visit_id)
    phone.end(visit_id, "finished", "确认完工")
    phone.restore()
    phone.sent()
    with site.runtime.transaction() as uow:
        quote = uow.session.scalars(select(Quote)).one()
        assert (quote.status, uow.get(WorkOrder, priced.repair_order, called="").agreed_fen) == ("rejected", 5_000)
        bill = bill_visit(uow, visit_id)
        assert bill
        assert (bill.kind, bill.due_fen) == ("declined", 5_000)
    assert site.visit(visit_id)["status"] == "finished"


def test_a_finished_job_leads_to_the_till_then_offers_cover_once(site: Site, priced: PhoneDay) -> None:
    visit_id = priced.repair
    phone = site.phone(at=priced.repair_at)
    phone.arrive(visit_id)
    refill(phone, visit_id)
    work_and_finish(site, phone, visit_id)
    main = phone.page.locator("footer.action .button:not(.plain)")
    expect(main).to_have_text("收款")
    expect(phone.page.get_by_text("可以给这台机器办延保")).to_have_count(0)
    main.click()
    phone.press("收现金")
    phone.press("已收到")
    phone.press("好了")
    phone.until_told("可以给这台机器办延保")
    phone.press("不用了")
    expect(phone.page.get_by_text("可以给这台机器办延保")).to_have_count(0)
    kept(phone.page, "seen")
    phone.page.reload()
    phone.to(visit_id)
    phone.until_told("这次上门已经结束")
    expect(phone.page.get_by_text("可以给这台机器办延保")).to_have_count(0)


def test_what_a_warranty_pays_needs_no_yes(site: Site, priced: PhoneDay) -> None:
    visit_id = priced.repair
    with site.runtime.transaction() as uow:
        part = uow.session.scalars(select(Part).where(Part.code == "31-7755")).one()
        put_price(uow, part.id, 46_000, "", date(2024, 1, 1), by=BY)
    phone = site.phone(at=priced.repair_at)
    phone.arrive(visit_id)
    phone.to(visit_id, "parts", "new")
    phone.press("外机主板")
    phone.page.get_by_label("新件序列号").fill("NY2026110012")
    phone.page.get_by_label("旧件序列号").fill("NY2025060877")
    phone.press("保存")
    phone.to(visit_id, "fees")
    phone.until_told("这次客户不用付钱")
    phone.press("记到服务单")
    phone.sent()
    with site.runtime.transaction() as uow:
        quote = uow.session.scalars(select(Quote)).one()
        assert (quote.status, quote.customer_fen, quote.answered_via) == ("confirmed", 0, "itself")
    phone.to(visit_id, "fees")
    phone.until_told("已记到服务单")


def test_more_work_after_the_yes_wants_another_yes(site: Site, priced: PhoneDay) -> None:
    visit_id = priced.repair
    phone = site.phone(at=priced.repair_at)
    phone.arrive(visit_id)
    refill(phone, visit_id)
    phone.to(visit_id, "fees", "add")
    phone.page.get_by_text("高空作业").click()
    phone.press("好了")
    phone.until_told("和客户同意过的不一样了")
    phone.to(visit_id, "work")
    phone.until_told("让客户确认报价")


def test_a_card_is_sold_and_waits_for_payment(site: Site, priced: PhoneDay) -> None:
    phone = site.phone(at=priced.repair_at)
    phone.arrive(priced.repair)
    phone.sent()
    phone.to(priced.repair, "shop")
    phone.press("客户要买")
    phone.press("客户同意购买")
    phone.until_told("¥100.00")
    expect(phone.page.get_by_role("button", name="微信收款码")).to_be_visible()
