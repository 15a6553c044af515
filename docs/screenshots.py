"""Takes the pictures in the README: its tour, driven through a real browser on a running ``weixiu up``.

It starts nothing itself. A new picture is a call of `shot` where the tour has got to.

    python docs/screenshots.py --phone http://127.0.0.1:8001 --site http://127.0.0.1:8000 --user agent --password …
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

IMAGES = Path(__file__).parent / "images"
CHROMIUM = "/usr/bin/chromium"
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"
LARGEST = 200 * 1024
PERSON = "陈晓琳"
MISTYPED = "登记 kfr35gw/yb8al"
SENTENCE = "空调不制冷了，佛山市顺德区容桂街道卫红路18号3栋502，13800001234 陈女士"


def shot(what: Page | Locator, name: str) -> None:
    """Write ``images/<name>.jpg``, as good as fits."""
    (what.page if isinstance(what, Locator) else what).wait_for_timeout(600)  # bubbles fade in
    for quality in (88, 80, 70, 55):
        picture = what.screenshot(path=IMAGES / f"{name}.jpg", type="jpeg", quality=quality)
        if len(picture) <= LARGEST:
            break
    print(f"{name}.jpg {len(picture) // 1024} KB")


def become(page: Page, phone: str) -> None:
    """Be somebody nobody knows yet."""
    person = page.request.post(f"{phone}/sandbox/api/people", data={"name": PERSON}).json()
    page.goto(phone)
    page.locator(f'[data-openid="{person["openid"]}"]').click()
    page.get_by_role("button", name="关注公众号").click()
    expect(answers(page)).to_have_count(1)


def answers(page: Page) -> Locator:
    return page.locator(".line.account")


def say(page: Page, words: str) -> str:
    """Type something and wait for the answer to it."""
    before = answers(page).count()
    if not page.locator("#say").is_visible():
        page.get_by_role("button", name="键盘").click()
    page.locator("#say").fill(words)
    page.locator("#say").press("Enter")
    expect(answers(page)).to_have_count(before + 1)
    return answers(page).last.inner_text()


def on_the_phone(page: Page, phone: str) -> str:
    """Follow, register with a mistyped code, report a fault in one sentence; returns the order's number."""
    become(page, phone)
    say(page, MISTYPED)
    shot(page.locator("#phone"), "phone-choice")
    for words in ("1", "没有", "2025年双十一", "确认"):
        say(page, words)
    say(page, SENTENCE)
    said = say(page, "确认")
    shot(page.locator("#phone"), "phone-order")
    number = re.search(r"\d{3} \d{3} \d{3}", said)
    assert number, said
    shot(page, "sandbox")
    return number.group()


def in_the_console(page: Page, site: str, user: str, password: str, number: str) -> None:
    """Sign in, find the order by its number, look at it."""
    page.goto(f"{site}/console/")
    page.get_by_label("用户名").fill(user)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="工单")).to_be_attached()
    shot(page, "console-orders")
    page.locator("a", has_text=number).first.click()
    expect(page.get_by_text(number).first).to_be_visible()
    shot(page, "console-order")


def main() -> None:
    parser = argparse.ArgumentParser()
    for option, meaning in (("phone", "the sandbox's address"), ("site", "the web's"), ("user", ""), ("password", "")):
        parser.add_argument(f"--{option}", required=True, help=meaning)
    told = parser.parse_args()
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        tab = browser.new_page(
            viewport={"width": 1280, "height": 860},
            device_scale_factor=1.25,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        number = on_the_phone(tab, told.phone.rstrip("/"))
        in_the_console(tab, told.site.rstrip("/"), told.user, told.password, number)
        browser.close()


if __name__ == "__main__":
    main()
