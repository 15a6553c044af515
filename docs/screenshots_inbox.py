"""Takes the pictures of the agents' inbox: two consoles and a customer, driven through a real browser on ``weixiu up``.

It starts nothing itself. A new picture is a call of `shot` where the tour has got to.

    python docs/screenshots_inbox.py --phone http://127.0.0.1:8001 --site http://127.0.0.1:8000 \
        --first agent:… --second admin:…
"""

from __future__ import annotations

import argparse

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from screenshots import CHROMIUM, FLAGS, SENTENCE, become, say, shot

SCREEN = {"width": 1280, "height": 800}
ANSWER = "您好，看到您的空调不制冷了。请先看一下遥控器是不是制冷模式，温度调到 24 度以下。"


def console(browser: Browser, site: str, who: str) -> Page:
    """A browser of its own, with somebody signed in and on duty."""
    user, _, password = who.partition(":")
    tab = browser.new_context(viewport=SCREEN, device_scale_factor=1.5, locale="zh-CN").new_page()
    tab.goto(f"{site}/console/sign-in")
    tab.get_by_label("用户名").fill(user)
    tab.get_by_label("密码").fill(password)
    tab.get_by_role("button", name="登录").click()
    if tab.get_by_role("button", name="离岗").count():
        tab.get_by_role("button", name="离岗").click()
    tab.goto(f"{site}/console/inbox")
    expect(tab.get_by_role("heading", name="等候中")).to_be_visible()
    return tab


def waiting(tab: Page) -> Locator:
    return tab.locator(".chat-rows").first.locator(".chat-row")


def put_canned(admin: Page, site: str) -> None:
    """Two answers to pick from, unless they are there."""
    for name, words in (
        ("断电", "请先关机并拔下插头，等五分钟再开机试试。"),
        ("滤网", "请打开面板取下滤网，用清水冲洗晾干后装回。"),
    ):
        admin.goto(f"{site}/console/inbox-settings")
        if admin.get_by_text(f"/{name}").count() == 0:
            form = admin.locator("form", has=admin.get_by_role("heading", name="新增"))
            form.get_by_label("名称").fill(name)
            form.get_by_label("内容").fill(words)
            form.get_by_role("button", name="添加").click()
    shot(admin, "inbox-settings")
    admin.goto(f"{site}/console/inbox")


def tour(browser: Browser, phone: str, site: str, first: str, second: str) -> None:
    """The customer asks for a person, one agent takes her, the other is told, they talk, the bot has her back."""
    agent, colleague = console(browser, site, first), console(browser, site, second)
    put_canned(colleague, site)
    customer = browser.new_context(viewport=SCREEN, device_scale_factor=1.5, locale="zh-CN").new_page()
    become(customer, phone)
    say(customer, SENTENCE)
    say(customer, "确认")
    before = waiting(agent).count()
    say(customer, "人工")
    for tab in (agent, colleague):
        expect(waiting(tab)).to_have_count(before + 1)
    shot(agent, "inbox-queue")
    for tab in (agent, colleague):
        waiting(tab).last.click()
        expect(tab.get_by_role("button", name="接手", exact=True)).to_be_visible()
    agent.get_by_role("button", name="接手", exact=True).click()
    expect(colleague.locator("#chat-head")).to_contain_text("已接手")
    shot(colleague, "inbox-taken")
    agent.get_by_label("回复客户").fill("/")
    expect(agent.locator("#canned")).to_be_visible()
    shot(agent, "inbox-canned")
    agent.get_by_label("回复客户").fill(ANSWER)
    agent.get_by_label("回复客户").press("Control+Enter")
    expect(customer.locator(".line.account").last).to_contain_text("遥控器")
    customer.locator("#say").fill("是制冷，调到 18 度了还是热风")
    customer.locator("#say").press("Enter")
    expect(agent.locator(".bubble.customer").last).to_contain_text("热风")
    expect(agent.locator("#quota")).to_contain_text("还允许发")
    shot(agent, "inbox-chat")
    shot(customer.locator("#phone"), "inbox-phone")
    agent.get_by_role("button", name="交还机器人").click()
    agent.get_by_role("dialog").get_by_role("button", name="交还").click()
    expect(agent.get_by_text("由机器人接待")).to_be_visible()
    expect(customer.locator(".line.account").last).to_contain_text("人工服务已结束")


def main() -> None:
    parser = argparse.ArgumentParser()
    told = (
        ("phone", "the sandbox's address"),
        ("site", "the web's"),
        ("first", "user:password"),
        ("second", "an administrator's"),
    )
    for option, meaning in told:
        parser.add_argument(f"--{option}", required=True, help=meaning)
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        tour(browser, given.phone.rstrip("/"), given.site.rstrip("/"), given.first, given.second)
        browser.close()


if __name__ == "__main__":
    main()
