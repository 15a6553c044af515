"""The way of an agent through the console in a real browser: sign in, search, open, reveal, cancel with a reason."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from console.door import blueprints
from domain.access.model import TrailEntry
from domain.access.operations import add_staff
from domain.customers.calling import customer_of_caller
from domain.kit.unit_of_work import Runtime
from domain.work_orders.kinds import ServiceType
from domain.work_orders.operations import open_work_order
from tests.brand import brand_in
from tests.console.conftest import ADDRESS, BY, NAME, PASSWORD, PHONE

CHROMIUM = shutil.which("chromium")
BUILT = Path(__file__).parents[2] / "console/static/built/console.js"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.skipif(not BUILT.exists(), reason="the assets are not built: make assets"),
]


@pytest.fixture
def site(fresh_runtime: Runtime) -> Iterator[str]:
    """The console over HTTP, with one agent and one order."""
    brand = brand_in(fresh_runtime)
    with fresh_runtime.transaction() as uow:
        add_staff(uow, by=BY, username="anna", role="agent", password=PASSWORD, display_name="Anna")
        for number, phone in enumerate((PHONE, "13900000001", "13900000002")):
            customer = customer_of_caller(uow, brand.voice.brand_id, phone)
            open_work_order(
                uow, by=BY, brand_id=brand.voice.brand_id, service_type=ServiceType.REPAIR, customer_id=customer.id,
                category_code="air_conditioner", words="不制冷", phone=phone, contact_name=NAME if not number else "李雷",
                address=ADDRESS, via="console",
            )  # fmt: skip
    app = APIFlask("tests.browser")
    for blueprint in blueprints(fresh_runtime, secret_key="k" * 32, secure_cookies=False):
        app.register_blueprint(blueprint)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(site: str) -> Iterator[Page]:
    """A tab in which nothing may go wrong unseen: an error on its console fails the test."""
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        tab = browser.new_page(base_url=site, locale="zh-CN")
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        tab.goto("/console/")
        tab.get_by_label("用户名").fill("anna")
        tab.get_by_label("密码").fill(PASSWORD)
        tab.get_by_role("button", name="登录").click()
        expect(tab.get_by_role("heading", name="工单")).to_be_attached()
        ready(tab)
        yield tab
        browser.close()
    assert wrong == []


def ready(page: Page) -> None:
    """The page that was just gone to has run its script: it hears keys, and changes of fields."""
    page.wait_for_load_state("load")


def test_from_signing_in_to_a_cancelled_order(page: Page, fresh_runtime: Runtime) -> None:
    page.keyboard.press("/")
    page.keyboard.type("138 1234 5678")
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-href]")).to_have_count(1)
    assert "138" not in page.url, "a phone number never shows in an address"
    page.locator("#search").press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已受理").first).to_be_visible()
    ready(page)
    assert PHONE not in page.content()

    page.locator("dd", has_text="138******78").get_by_role("button", name="显示").click()
    expect(page.get_by_text(PHONE)).to_be_visible()

    page.get_by_role("button", name="取消工单").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="取消工单").click()
    expect(dialog).to_be_visible()  # the browser wants the reason first
    dialog.get_by_label("原因").fill("客户不修了")
    dialog.get_by_role("button", name="取消工单").click()
    expect(page.get_by_text("已取消").first).to_be_visible()
    expect(page.get_by_text("客户不修了")).to_be_visible()
    with fresh_runtime.transaction() as uow:
        actions = list(uow.session.scalars(select(TrailEntry.action).order_by(TrailEntry.id)))
    for action in ("staff.sign_in", "order.view", "personal.reveal", "order.cancel"):
        assert action in actions


def test_back_from_an_order_shows_the_search_again(page: Page) -> None:
    page.locator("#search").fill("李雷")
    page.locator("#search").press("Enter")
    expect(page.locator("tr[data-href]")).to_have_count(2)
    page.locator("tr[data-href] a").first.click()
    expect(page.get_by_role("heading", name="记录")).to_be_visible()
    page.go_back()
    expect(page.locator("#search")).to_have_value("李雷")
    expect(page.locator("tr[data-href]")).to_have_count(2)


def test_an_order_is_opened_by_keyboard_with_everything_read_back(page: Page) -> None:
    page.keyboard.press("n")
    expect(page.get_by_label("电话")).to_be_visible()
    ready(page)
    page.get_by_label("电话").fill(PHONE)
    page.keyboard.press("Tab")
    expect(page.get_by_text("老客户")).to_be_visible()
    page.get_by_label("型号", exact=True).fill("BCD-216TMP")
    page.keyboard.press("Tab")
    page.get_by_label("BCD-216TMPR").check()
    page.get_by_label("故障或需求").fill("冷藏室不凉")
    page.get_by_label("地址", exact=True).fill("佛山顺德容桂街道卫红路20号")
    page.keyboard.press("Tab")
    expect(page.get_by_text("广东省佛山市顺德区容桂街道卫红路20号")).to_be_visible()
    page.get_by_label("已把地址读给客户核对").check()
    page.get_by_role("button", name="开单").click()
    expect(page.get_by_text("已开单，工单号")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    first = page.locator("tr[data-href]").first.get_attribute("data-href")
    rooms = ("/orders", "/orders/new", "/desk", "/customers", "/inbox", "/inbox?show=recent", "/incidents")
    for path in (first or "", *(f"/console{room}" for room in rooms)):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_photos_of_a_service_sheet_are_small(page: Page) -> None:
    """Forty of them from one visit leave room for what is written."""
    height = page.evaluate(
        """async () => {
          const card = document.createElement("section");
          card.className = "card service-sheet";
          card.innerHTML = '<p class="pictures"><a><img></a> <a><img></a></p>';
          const drawn = Object.assign(document.createElement("canvas"), { width: 640, height: 480 }).toDataURL();
          for (const image of card.querySelectorAll("img")) image.src = drawn;
          document.querySelector("main").append(card);
          await Promise.all([...card.querySelectorAll("img")].map(image => image.decode()));
          return card.getBoundingClientRect().height;
        }"""
    )
    assert height < 200
