"""The phone in a real browser: what a person does by hand arrives, and no message can become markup."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from sandbox.app import Platform
from sandbox.server import Running
from tests.sandbox.callback import Callback, Seen, text_reply

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium: apt-get install chromium"),
]
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"
NASTY = '<img src=x onerror="document.title=1"><a href="javascript:alert(1)">点我</a><script>document.title=2</script>'


@pytest.fixture
def page(server: Running, wechat: Platform) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.goto(server.url)
        yield page
        browser.close()


def test_follow_menu_text_and_a_tapped_line(page: Page, wechat: Platform, callback: Callback) -> None:
    def answer(seen: Seen) -> tuple[str, int]:
        line = '<a href="weixin://bizmsgmenu?msgmenucontent=好的&msgmenuid=m1">好的</a>'
        said = seen.fields.get("Content") or seen.fields.get("EventKey") or "欢迎"
        return text_reply(seen, f"{said}！{line}"), 200

    callback.respond = answer
    page.get_by_role("button", name="关注公众号").click()
    expect(page.locator(".line.account")).to_contain_text("欢迎！")
    page.get_by_role("button", name="报修", exact=True).click()
    page.get_by_role("button", name="我要报修").click()
    expect(page.locator(".line.account").last).to_contain_text("repair_request！")
    page.get_by_role("button", name="键盘").click()
    page.locator("#say").fill("空调不制冷")
    page.locator("#say").press("Enter")
    expect(page.locator(".line.account").last).to_contain_text("空调不制冷！")
    page.locator(".line.account .inline-link").last.click()
    expect(page.locator(".line.me").last).to_have_text("明好的")
    expect(page.locator(".line.account")).to_have_count(4)
    assert callback.seen[-1].fields["bizmsgmenuid"] == "m1"


def test_markup_in_messages_stays_text(page: Page, callback: Callback) -> None:
    callback.respond = lambda seen: (text_reply(seen, NASTY), 200)
    title = page.title()
    page.get_by_role("button", name="关注公众号").click()
    bubble = page.locator(".line.account .bubble")
    expect(bubble).to_contain_text("<img src=x")
    assert bubble.locator("img, script, a").count() == 0
    assert page.title() == title


def test_it_fits_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 780})
    page.get_by_role("button", name="关注公众号").click()
    expect(page.get_by_role("button", name="我的工单")).to_be_visible()
    page.get_by_role("button", name="故障与日志").click()
    expect(page.get_by_role("tab", name="故障开关")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
