"""The dispatch board in real browsers: dragging, the keyboard, refusals in words, a second window that follows by itself."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from apiflask import APIFlask
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright
from redis import Redis
from sqlalchemy import select
from werkzeug.serving import make_server

from adapters.runtime import now
from console.door import blueprints
from domain.access.operations import add_staff
from domain.dispatch.model import Decision
from domain.kit.unit_of_work import Runtime
from domain.work_orders.model import WorkOrder
from domain.work_orders.visits import standing_visit
from jobs.context import Jobs
from jobs.outbox import relay
from tests.adapters.test_streams import listens
from tests.adapters.watching import until
from tests.brand import brand_in
from tests.conftest import Servers
from tests.console.board_day import BoardDay, put_board_day
from tests.console.conftest import BY, PASSWORD
from tests.console.test_browser import BUILT, CHROMIUM, FLAGS
from tests.console.test_inbox_browser import free_ports
from tests.jobs.doing import jobs_with

PATIENCE = 20_000
"""Milliseconds until something is given up that comes by itself: machines are slow, and no test is timed."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.skipif(not BUILT.exists(), reason="the assets are not built: make assets"),
]
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Site:
    """The console with its streams, and a day of work tomorrow: shifts are the same whatever the hour of the test."""

    url: str
    runtime: Runtime
    jobs: Jobs
    day: BoardDay
    on: date
    browser: Browser
    wrong: list[str] = field(default_factory=list)

    def board(self, user: str, screen: ViewportSize = DESK) -> Page:
        tab = self.browser.new_context(viewport=screen, locale="zh-CN", base_url=self.url).new_page()
        tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        tab.on("console", lambda line: self.wrong.append(line.text) if line.type == "error" else None)
        tab.goto("/console/sign-in")
        tab.get_by_label("用户名").fill(user)
        tab.get_by_label("密码").fill(PASSWORD)
        tab.get_by_role("button", name="登录").click()
        with tab.expect_request("**/console/streams**"):
            tab.goto(f"/console/board?day={self.on.isoformat()}")
        expect(tab.locator(".queue-row")).to_have_count(3)
        return tab

    def told(self) -> None:
        """What the worker does all the time: hand events on."""
        while relay(self.jobs):
            pass


@pytest.fixture
def site(
    fresh_database: str, fresh_runtime: Runtime, servers: Servers, valkey: Redis, tmp_path: Path
) -> Iterator[Site]:
    runtime = replace(fresh_runtime, clock=now)
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        for name in ("dora", "erik"):
            add_staff(uow, by=BY, username=name, role="dispatcher", password=PASSWORD, display_name=name.title())
        on = uow.today + timedelta(days=1)
        day = put_board_day(uow, brand, on=on)
        uow.session.get_one(WorkOrder, day.waiting[2]).category_code = "water_heater_gas"
    web, port = free_ports(2)
    environment = {
        **os.environ, "WEIXIU_DATA_DIR": str(tmp_path), "WEIXIU_DATABASE_URL": fresh_database,
        "WEIXIU_REDIS_URL": servers.valkey, "WEIXIU_PUBLIC_URL": f"http://127.0.0.1:{web}", "STREAMS_PORT": str(port),
        "WEIXIU_DATA_KEY": "k1:" + base64.b64encode(b"\x01" * 32).decode(), "WEIXIU_INDEX_KEY": "index" * 8,
    }  # fmt: skip
    app = APIFlask("tests.board")
    for blueprint in blueprints(runtime, secret_key="k" * 32, secure_cookies=False, streams=f"http://127.0.0.1:{port}"):
        app.register_blueprint(blueprint)
    server = make_server("127.0.0.1", web, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    streams = subprocess.Popen(
        [sys.executable, "-m", "adapters.cli", "streams"], cwd=Path(__file__).parents[2], env=environment
    )
    try:
        assert until(lambda: listens(port), 20)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            made = Site(f"http://127.0.0.1:{web}", runtime, jobs_with(runtime, valkey), day, on, browser)
            yield made
            browser.close()
        assert made.wrong == []
    finally:
        streams.send_signal(signal.SIGTERM)
        streams.wait(10)
        server.shutdown()
        thread.join()


def waiting(page: Page, order_id: str) -> Locator:
    return page.locator(f'#board-queue [data-order="{order_id}"]')


def track(page: Page, engineer_id: str) -> Locator:
    return page.locator(f'.track[data-engineer="{engineer_id}"]')


def drag(page: Page, order_id: str, engineer_id: str, hour: float) -> None:
    """From the queue onto an hour of an engineer; the board shows seven to nine in the evening."""
    expect(track(page, engineer_id)).to_be_visible()
    boxes = (track(page, engineer_id).bounding_box() for _ in range(100))  # none while it is drawn anew
    box = next(box for box in boxes if box)
    spot = {"x": box["width"] * (hour - 7) / 14, "y": box["height"] / 2}
    waiting(page, order_id).drag_to(track(page, engineer_id), target_position=spot)  # type: ignore[arg-type]


def test_assigning_by_drag_by_keyboard_and_against_a_rule_with_a_second_window_watching(site: Site) -> None:
    mine, other = site.board("dora"), site.board("erik")
    dragged, typed, gas = site.day.waiting
    network = site.day.network

    drag(mine, dragged, network.bo, 17)
    dialog = mine.locator("#board-ask")
    expect(dialog).to_contain_text("规则都满足")
    expect(dialog.get_by_label("时段")).to_contain_text("16:00–18:00")
    dialog.get_by_role("button", name="派单").click()
    expect(waiting(mine, dragged)).to_have_count(0)
    expect(track(mine, network.bo).locator(f'[data-order="{dragged}"]')).to_be_visible()
    site.told()
    expect(waiting(other, dragged)).to_have_count(0, timeout=PATIENCE)
    expect(track(other, network.bo).locator(f'[data-order="{dragged}"]')).to_be_visible()

    mine.keyboard.press("Escape")
    waiting(mine, typed).click()
    expect(mine.locator(f'[data-of="{typed}"] [data-candidate]').first).to_be_visible()
    mine.keyboard.press("a")
    mine.get_by_label("工程师姓名或工号").fill("曹")
    mine.keyboard.press("Enter")
    expect(dialog).to_contain_text("派给 曹师傅")
    expect(dialog).to_contain_text("规则都满足")
    expect(dialog.get_by_role("button", name="派单")).to_be_focused()
    mine.keyboard.press("Enter")
    expect(waiting(mine, typed)).to_have_count(0)

    drag(mine, gas, network.ding, 17)
    expect(dialog.get_by_role("alert")).to_contain_text("规则不允许")
    expect(dialog.get_by_role("alert")).to_contain_text("证")
    dialog.get_by_role("button", name="违反规则派单").click()
    expect(dialog).to_be_visible()
    dialog.get_by_label("仍要派，写明原因").fill("只换电池，不动燃气")
    dialog.get_by_role("button", name="违反规则派单").click()
    expect(waiting(mine, gas)).to_have_count(0)
    site.told()
    expect(other.get_by_text("没有待派的工单")).to_be_visible(timeout=PATIENCE)

    with site.runtime.transaction() as uow:
        visits = [standing_visit(uow, order) for order in (dragged, typed, gas)]
        assert [visit and visit.engineer_id for visit in visits] == [network.bo, network.cao, network.ding]
        decision = uow.session.scalars(select(Decision).filter_by(work_order_id=gas)).one()
        assert decision.override == "只换电池，不动燃气"


def test_keys_move_through_the_queue_the_days_and_the_views(site: Site) -> None:
    page = site.board("dora")
    page.keyboard.press("j")
    expect(page.locator(".queue-row.selected")).to_have_count(1)
    selected = page.locator(".queue-row.selected")
    first = selected.get_attribute("data-order") or ""
    page.keyboard.press("j")
    expect(selected).not_to_have_attribute("data-order", first)
    page.keyboard.press("k")
    expect(selected).to_have_attribute("data-order", first)
    page.keyboard.press("Enter")
    expect(page.locator("#board-detail")).to_contain_text("现在可以派给")
    page.keyboard.press("m")
    expect(page.locator("#board-map canvas")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("日期")).to_have_value((site.on + timedelta(days=1)).isoformat())
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="调度台快捷键")).to_be_visible()


def test_on_a_phone_an_order_is_assigned_from_its_candidates(site: Site) -> None:
    page = site.board("dora", PHONE)
    order = site.day.waiting[0]
    expect(page.locator("#board-timeline")).to_be_hidden()
    waiting(page, order).click()
    page.locator(f'[data-of="{order}"]').get_by_role("button", name="派给").first.click()
    page.locator("#board-ask").get_by_role("button", name="派单").click()
    expect(page.locator("#board-detail")).to_contain_text("已接单")
    page.get_by_role("button", name="关闭详情").click()
    expect(waiting(page, order)).to_have_count(0)


AT_ONCE = """act => {
  const body = document.getElementById("board-ask-body");
  new MutationObserver((_, watch) => {
    const found = body.querySelector(act === "submit" ? "button.primary" : "select[name=at]");
    if (!found) return;
    watch.disconnect();
    if (act === "submit") return found.click();
    found.value = window.chosen = found.options[found.options.length - 1].value;
    found.dispatchEvent(new Event("change", { bubbles: true }));
  }).observe(body, { childList: true, subtree: true });
}"""
"""Somebody quicker than anybody: uses what the dialog offers in the moment in which it appears."""


def test_a_dialog_may_be_answered_in_the_moment_in_which_it_appears(site: Site) -> None:
    page = site.board("dora")
    gone: list[str] = []
    page.on("framenavigated", lambda frame: gone.append(frame.url))
    order = site.day.waiting[0]
    page.evaluate(AT_ONCE, "submit")
    drag(page, order, site.day.network.bo, 17)
    expect(waiting(page, order)).to_have_count(0)
    with site.runtime.transaction() as uow:
        assert standing_visit(uow, order)
    assert [url for url in gone if "how=" in url] == []


def test_a_time_may_be_chosen_in_the_moment_in_which_it_is_offered(site: Site) -> None:
    page = site.board("dora")
    page.evaluate(AT_ONCE, "choose")
    drag(page, site.day.waiting[0], site.day.network.bo, 11)
    drawn_anew = page.locator("#board-ask").get_by_label("时段").locator("option[selected]")
    expect(drawn_anew).to_have_count(1)
    expect(drawn_anew).to_have_attribute("value", page.evaluate("window.chosen"))


def test_a_form_htmx_was_never_told_of_is_sent_by_htmx_all_the_same(site: Site) -> None:
    page = site.board("dora")
    with page.expect_request("**/console/board/orders/none/ask**") as asked:
        page.evaluate(
            """() => {
              const form = document.createElement("form");
              form.setAttribute("hx-get", "/console/board/orders/none/ask");
              document.getElementById("board-ask-body").append(form);
              form.requestSubmit();
            }"""
        )
    assert asked.value.headers["hx-request"] == "true"
    expect(page.locator("#notices")).not_to_be_empty()
    site.wrong[:] = [line for line in site.wrong if "404" not in line]


def test_a_drag_that_is_refused_does_not_stop_the_board(site: Site) -> None:
    """Marked words can be dragged too, and are no order."""
    page = site.board("dora")
    head = page.locator("#board-queue h2").first
    head.evaluate("head => { window.head = head; getSelection().selectAllChildren(head) }")
    head.hover()
    page.mouse.down()
    page.mouse.move(600, 400, steps=5)
    page.mouse.up()
    page.evaluate("document.body.dispatchEvent(new Event('news-board'))")
    page.wait_for_function("() => !window.head.isConnected")


def test_what_is_pressed_stays_until_it_is_let_go_though_there_is_news(site: Site) -> None:
    page = site.board("dora")
    order = site.day.waiting[0]
    row = waiting(page, order)
    row.hover()
    row.evaluate("row => { window.pressed = row }")
    page.mouse.down()
    with page.expect_response("**/console/board/day**") as drawn:
        page.evaluate("document.body.dispatchEvent(new Event('news-board'))")
    drawn.value.finished()
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("window.pressed.isConnected")
    page.mouse.up()
    expect(page.locator(f'[data-of="{order}"]')).to_be_visible()
    assert not page.evaluate("window.pressed.isConnected"), "what was missed is drawn as soon as it may be"


def test_planning_a_day_asks_for_the_provider_where_several_are_shown_and_no_dialog_is_without_a_way_out(
    site: Site,
) -> None:
    page = site.board("dora")
    dialog = page.locator("#board-ask")
    page.get_by_role("button", name="排程").click()
    dialog.get_by_label("服务商").select_option(index=1)
    dialog.get_by_role("button", name="开始排程").click()
    expect(dialog).to_be_hidden()

    page.route(
        "**/console/board/plans/new**", lambda route: route.fulfill(status=404, content_type="text/html", body="不在了")
    )
    page.get_by_role("button", name="排程").click()
    expect(dialog.get_by_text("不在了")).to_be_visible()
    expect(dialog.get_by_text("请稍候")).to_have_count(0)
    dialog.get_by_role("button", name="关闭").click()
    expect(dialog).to_be_hidden()

    page.unroute("**/console/board/plans/new**")
    page.get_by_role("button", name="排程").click()
    expect(dialog.get_by_text("不在了")).to_have_count(0)
    expect(dialog.get_by_role("button", name="开始排程")).to_be_visible()
    site.wrong[:] = [line for line in site.wrong if "404" not in line]
