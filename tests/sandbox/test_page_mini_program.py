"""The mini-program's customer chat on the phone, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from sandbox.accounts import MINI_PROGRAM
from sandbox.app import AccountConfig, Platform
from sandbox.server import serve
from tests.adapters.watching import until
from tests.sandbox.callback import AES_KEY, APP_ID, SECRET, TOKEN, Callback
from tests.sandbox.test_page import CHROMIUM, FLAGS

PROGRAM = "wx5eed0000demo0002"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium: apt-get install chromium"),
]


@pytest.fixture
def wechat(callback: Callback) -> Platform:
    official = AccountConfig(APP_ID, SECRET, TOKEN, AES_KEY, callback.url)
    program = AccountConfig(
        PROGRAM, SECRET, TOKEN, AES_KEY, callback.url, name="云帆小程序", kind=MINI_PROGRAM, format="json", mode="plain"
    )
    return Platform([official, program], residents=("王小明", "李娟"))


@pytest.fixture
def page(wechat: Platform) -> Iterator[Page]:
    with serve(wechat) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.goto(running.url)
        yield page
        browser.close()


def test_the_same_person_goes_to_the_mini_program_enters_its_chat_and_writes(
    page: Page, wechat: Platform, callback: Callback
) -> None:
    expect(page.locator("#phone-enter")).to_be_hidden()
    page.get_by_role("button", name="云帆小程序（客服会话）").click()
    expect(page.locator("#phone-title")).to_have_text("云帆小程序")
    expect(page.locator("#people .person")).to_have_count(2)
    page.get_by_role("button", name="从报修页进入").click()
    page.locator("#say").fill("空调不制冷")
    page.locator("#say").press("Enter")
    expect(page.locator(".line.me")).to_contain_text("空调不制冷")
    assert until(lambda: len(callback.seen) == 2, 20)
    expect(page.locator(".spinner:visible")).to_have_count(0)
    assert [seen.fields.get("Event", "") or seen.fields["Content"] for seen in callback.seen] == [
        "user_enter_tempsession", "空调不制冷",
    ]  # fmt: skip
    assert callback.seen[0].fields["SessionFrom"] == "repair_request"
    assert wechat.people[callback.seen[0].fields["FromUserName"]].name == "王小明"
    expect(page.get_by_role("button", name="语音")).to_have_count(0)


def test_a_login_code_can_be_had(page: Page, wechat: Platform) -> None:
    page.get_by_role("button", name="云帆小程序（客服会话）").click()
    page.locator("#phone-more").click()
    page.get_by_role("button", name="取登录 code").click()
    expect(page.locator("[data-code=login]")).to_be_visible()
    code = page.locator("[data-code=login]").inner_text().rpartition("：")[2]
    assert wechat.people[wechat.login_codes[code][1]].app_id == PROGRAM
