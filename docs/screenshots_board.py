"""Takes the pictures of the dispatch board, driven through a real browser on a console that runs already.

It starts nothing itself, and changes nothing. A new picture is a call of `shot` where the tour has got to.

    python docs/screenshots_board.py --site http://127.0.0.1:8000 --user dispatcher:… [--day 2026-05-12]
"""

from __future__ import annotations

import argparse

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from screenshots import CHROMIUM, FLAGS, shot

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


def board(browser: Browser, site: str, who: str, day: str, screen: ViewportSize) -> Page:
    user, _, password = who.partition(":")
    tab = browser.new_context(viewport=screen, device_scale_factor=1.25, locale="zh-CN").new_page()
    tab.goto(f"{site}/console/sign-in")
    tab.get_by_label("用户名").fill(user)
    tab.get_by_label("密码").fill(password)
    tab.get_by_role("button", name="登录").click()
    tab.goto(f"{site}/console/board" + (f"?day={day}" if day else ""))
    expect(tab.locator(".queue-row").first).to_be_visible()
    return tab


def tour(browser: Browser, site: str, who: str, day: str) -> None:
    """The day with an order open, the map, the rules' answer; then the phone."""
    desk = board(browser, site, who, day, DESK)
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.locator("#board-detail h2")).to_be_visible()
    shot(desk, "board-day")
    desk.keyboard.press("m")
    shot(desk, "board-map")
    desk.keyboard.press("m")
    desk.keyboard.press("a")
    desk.locator("#board-pick li").last.click()
    expect(desk.locator("#board-ask .buttons")).to_be_visible()
    shot(desk, "board-ask")
    phone = board(browser, site, who, day, PHONE)
    shot(phone, "board-phone-queue")
    phone.locator(".queue-row").first.click()
    expect(phone.locator("#board-detail h2")).to_be_visible()
    shot(phone, "board-phone-order")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--site", required=True, help="the web's address")
    parser.add_argument("--user", required=True, help="a dispatcher's user:password")
    parser.add_argument("--day", default="", help="the day to show; today")
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        tour(browser, given.site.rstrip("/"), given.user, given.day)
        browser.close()


if __name__ == "__main__":
    main()
