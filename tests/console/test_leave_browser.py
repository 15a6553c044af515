"""A leave that is refused stays in its dialog, as it was typed, with the words; then it is put right and taken."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from apiflask import APIFlask
from playwright.sync_api import Locator, Page, expect, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from console.door import blueprints
from domain.access.operations import add_staff
from domain.access.roles import StaffRole
from domain.capacity.model import Leave
from domain.kit.unit_of_work import Runtime
from tests.brand import brand_in
from tests.console.conftest import BY, PASSWORD
from tests.console.test_browser import BUILT, CHROMIUM, FLAGS
from tests.network import Network, put_network

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.skipif(not BUILT.exists(), reason="the assets are not built: make assets"),
]


@pytest.fixture
def network(fresh_runtime: Runtime) -> Network:
    brand = brand_in(fresh_runtime)
    with fresh_runtime.transaction() as uow:
        add_staff(uow, by=BY, username="mana", role=StaffRole.MANAGER, password=PASSWORD, display_name="Mana")
        return put_network(uow, brand)


@pytest.fixture
def page(fresh_runtime: Runtime, network: Network) -> Iterator[Page]:
    """A manager's tab."""
    app = APIFlask("tests.leaves")
    for blueprint in blueprints(fresh_runtime, secret_key="k" * 32, secure_cookies=False):
        app.register_blueprint(blueprint)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        tab = browser.new_page(base_url=f"http://127.0.0.1:{server.server_port}", locale="zh-CN")
        tab.goto("/console/")
        tab.get_by_label("用户名").fill("mana")
        tab.get_by_label("密码").fill(PASSWORD)
        tab.get_by_role("button", name="登录").click()
        expect(tab.get_by_role("heading", name="工单")).to_be_attached()
        yield tab
        browser.close()
    server.shutdown()
    thread.join()


def fill_in_wrongly(dialog: Locator) -> None:
    dialog.get_by_label("从").fill("2026-05-20")
    dialog.get_by_label("到", exact=True).fill("2026-05-19")
    dialog.get_by_label("原因").fill("回老家")
    dialog.get_by_role("button", name="登记").click()
    expect(dialog.locator(".notice")).not_to_be_empty()
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("从")).to_have_value("2026-05-20")
    expect(dialog.get_by_label("原因")).to_have_value("回老家")


def put_right(dialog: Locator) -> None:
    dialog.get_by_label("到", exact=True).fill("2026-05-21")
    dialog.get_by_role("button", name="登记").click()


def leaves(runtime: Runtime) -> list[str]:
    with runtime.transaction() as uow:
        return list(uow.session.scalars(select(Leave.engineer_id)))


def test_on_the_engineers_page(page: Page, fresh_runtime: Runtime, network: Network) -> None:
    page.goto(f"/console/engineers/{network.an}")
    page.get_by_role("button", name="请假", exact=True).click()
    fill_in_wrongly(page.locator("#leave"))
    assert not leaves(fresh_runtime)
    put_right(page.locator("#leave"))
    expect(page.get_by_text("请假已登记")).to_be_visible()
    assert leaves(fresh_runtime) == [network.an]


def test_in_the_calendar_for_one_and_then_for_another(page: Page, fresh_runtime: Runtime, network: Network) -> None:
    page.goto(f"/console/calendar?station={network.daliang}&from=2026-05-18")
    rows, dialog = page.locator("td[data-day='2026-05-20']"), page.locator("#leave")
    rows.nth(0).click()
    fill_in_wrongly(dialog)
    dialog.get_by_role("button", name="不了").click()
    second = rows.nth(1).get_attribute("data-engineer")
    rows.nth(1).click()
    expect(dialog.locator(".notice")).to_have_count(0)
    expect(dialog.get_by_label("原因")).to_have_value("")
    fill_in_wrongly(dialog)
    put_right(dialog)
    expect(page.get_by_text("请假已登记")).to_be_visible()
    assert leaves(fresh_runtime) == [second]
    assert "from=2026-05-18" in page.url
