"""The engineer's app in a real browser: an installation finished in a cellar, with the page killed on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

from domain.kit.unit_of_work import Runtime
from domain.service_sheets.model import ServiceSheet, SheetSignature
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit
from tests.console.test_browser import CHROMIUM, FLAGS
from tests.drawn import photo
from tests.engineer_app.phone_site import Site, kept, serving

BUILT = Path(__file__).parents[2] / "engineer_app/static/built/index.html"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.skipif(not BUILT.exists(), reason="the assets are not built: make assets"),
]


@pytest.fixture
def site(fresh_runtime: Runtime) -> Iterator[Site]:
    with serving(fresh_runtime) as made:
        yield made


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


def go(page: Page, visit: str, screen: str) -> None:
    page.goto(f"/e/#/job/{visit}/{screen}")
    expect(page.locator("header.top")).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def check_in_without_a_position(page: Page, visit: str) -> None:
    go(page, visit, "way")
    press(page, "到了，签到")
    expect(page.get_by_text("没有定位", exact=True)).to_be_visible()
    page.get_by_role("radio").first.click()
    press(page, "签到")


def make_sure_it_is_safe(page: Page, visit: str) -> None:
    expect(page.get_by_role("heading", name="安全提示")).to_be_visible()
    expect(page.locator("button.prompt").first).to_be_visible()
    for prompt in page.locator("button.prompt").all():
        prompt.click()
        expect(prompt).to_have_attribute("aria-pressed", "true")
    go(page, visit, "checks")
    expect(page.locator("section.check").first).to_be_visible()
    for check in page.locator("section.check").all():
        number, yes = check.locator("input[inputmode=decimal]"), check.get_by_role("radio", name="是", exact=True)
        if number.count():
            limit = re.search(r"合格：(?:不[小大]于 )?([\d.]+)", check.locator(".limits").inner_text())
            assert limit
            number.fill(limit[1])
            check.get_by_role("button", name="记录").click()
        else:
            (yes if yes.count() else check.get_by_role("radio").first).click()
        expect(check.locator(".verdict.fine")).to_be_visible()


def sign(page: Page, visit: str) -> None:
    """Begun upright, the page closed, finished in another: what was drawn is still there."""
    go(page, visit, "sign/sheet")
    press(page, "看过了，签名")
    pad = page.locator("canvas")
    expect(page.get_by_text("在这里签名")).to_be_visible()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 240, box["y"] + 420, steps=20)
    page.mouse.up()
    kept(page, '"points"')
    page.reload()
    press(page, "看过了，签名")
    expect(page.get_by_text("在这里签名")).to_be_hidden()
    press(page, "确认签名")
    expect(page.get_by_role("link", name="再签一次")).to_be_visible()


def test_an_installation_is_finished_without_network_though_the_page_was_killed(site: Site, browser: Browser) -> None:
    visit = site.day.install
    page = site.phone(browser)
    page.context.clear_permissions()
    page.goto(f"/e/#/job/{visit}/way")
    page.get_by_label("手机号").fill("13800000001")
    press(page, "发验证码")
    expect(page.get_by_text("验证码已发送")).to_be_visible()
    page.get_by_label("验证码", exact=True).fill(site.code())
    press(page, "登录")
    expect(page.get_by_role("heading", name="出发与签到")).to_be_visible()  # the same screen as before
    page.evaluate("navigator.serviceWorker.ready")
    check_in_without_a_position(page, visit)
    page.context.set_offline(True)
    make_sure_it_is_safe(page, visit)
    go(page, visit, "notes")
    page.get_by_label("处理情况").fill("装好，试火正常")
    kept(page, "装好，试火正常")
    again = page.context.new_page()
    page.close()
    go(again, visit, "notes")
    expect(again.get_by_label("处理情况")).to_have_value("装好，试火正常")
    press(again, "保存")
    expect(again.get_by_text("从上到下做")).to_be_visible()
    go(again, visit, "photos")
    file: list[FilePayload] = [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
    for words in ("服务前", "机身铭牌", "服务后"):
        again.get_by_label(words, exact=True).set_input_files(file)
        expect(again.get_by_label(f"照片：{words}").or_(again.get_by_alt_text(f"照片：{words}")).first).to_be_visible()
    sign(again, visit)
    go(again, visit, "end/finished")
    press(again, "确认完工")
    expect(again.get_by_text("这次上门已经结束")).to_be_visible()
    expect(again.get_by_text("没有网络")).to_be_visible()
    again.context.set_offline(False)
    again.goto("/e/#/unsent")
    for words in ("0 项", "0 张"):
        expect(again.get_by_text(words, exact=True)).to_be_visible()
    with site.runtime.transaction() as uow:
        assert uow.get(Visit, visit, called="").status is VisitStatus.FINISHED
        assert uow.session.get_one(ServiceSheet, visit).outcome == "finished"
        assert uow.session.query(SheetSignature).filter_by(visit_id=visit).count() == 1
