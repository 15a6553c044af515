"""Two agents' consoles and a customer on the sandbox's phone, in real browsers, everything running as ``weixiu up`` runs it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

from adapters import demo, settings
from tests.adapters.watching import until
from tests.console.test_browser import BUILT, CHROMIUM, FLAGS, ready

PATIENCE = 60_000
"""Milliseconds until something is given up that comes by itself: all of `weixiu up` has just started, and no test is timed."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.skipif(not BUILT.exists(), reason="the assets are not built: make assets"),
]
SCREEN: ViewportSize = {"width": 1280, "height": 800}


@dataclass
class Running:
    """A whole Weixiu of the test's own."""

    site: str
    phone: str
    passwords: dict[str, str]
    browser: Browser
    wrong: list[str] = field(default_factory=list)

    def tab(self) -> Page:
        """A browser of its own, in which nothing may go wrong unseen."""
        tab = self.browser.new_context(viewport=SCREEN, locale="zh-CN").new_page()
        tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        tab.on("console", lambda line: self.wrong.append(line.text) if line.type == "error" else None)
        return tab

    def console(self, user: str) -> Page:
        tab = self.tab()
        tab.goto(f"{self.site}/console/sign-in?next=/console/inbox")
        tab.get_by_label("用户名").fill(user)
        tab.get_by_label("密码").fill(self.passwords[user])
        tab.get_by_role("button", name="登录").click()
        expect(tab.get_by_role("heading", name="等候中")).to_be_visible()
        ready(tab)
        return tab


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    web, phone, streams = free_ports(3)
    tmp_path = tmp_path_factory.mktemp("weixiu")
    data = tmp_path / "var"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WEIXIU_")}
    environ = {"PORT": str(web), "SANDBOX_PORT": str(phone), "STREAMS_PORT": str(streams), "WEIXIU_DATA_DIR": str(data)}
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "adapters.cli", "up"], cwd=Path(__file__).parents[2], env={**clean, **environ},
            stdout=out, stderr=out,
        )  # fmt: skip
    try:
        assert until(lambda: "is running" in log.read_text() or process.poll() is not None, 300)
        assert process.poll() is None, log.read_text()[-2000:]
        told = settings.load(None, data_dir=data, port=web, sandbox_port=phone, streams_port=streams)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            all_of_it = Running(told.public_url, told.sandbox_url, demo.sign_ins(told), browser)
            yield all_of_it
            browser.close()
        assert all_of_it.wrong == []
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        shutil.rmtree(data, ignore_errors=True)


class Customer:
    """Somebody with the sandbox's phone."""

    def __init__(self, running: Running) -> None:
        self.page = running.tab()
        person = self.page.request.post(f"{running.phone}/sandbox/api/people", data={"name": "陈晓琳"}).json()
        self.page.goto(running.phone)
        self.page.locator(f'[data-openid="{person["openid"]}"]').click()
        self.page.get_by_role("button", name="关注公众号").click()
        expect(self.heard).to_have_count(1)
        self.page.get_by_role("button", name="键盘").click()

    @property
    def heard(self) -> Locator:
        return self.page.locator(".line.account")

    def says(self, words: str) -> None:
        self.page.locator("#say").fill(words)
        self.page.locator("#say").press("Enter")
        expect(self.page.locator(".line.me").last).to_contain_text(words)


def test_claim_chat_and_give_back_with_two_agents_watching(running: Running) -> None:
    agent, other = running.console("agent"), running.console("admin")
    agent.get_by_role("button", name="离岗").click()
    expect(agent.get_by_role("button", name="在岗")).to_be_visible()
    ready(agent)
    customer = Customer(running)
    customer.says("空调不制冷了")
    customer.says("人工")

    for console in (agent, other):  # both see it live, on the page that was open already
        expect(console.locator(".chat-row", has_text="已等")).to_have_count(1, timeout=PATIENCE)
        expect(console.locator("#count-inbox")).to_have_text("1")
    for console in (agent, other):
        console.keyboard.press("j")
        console.keyboard.press("Enter")
        expect(console.get_by_role("button", name="接手", exact=True)).to_be_visible()

    agent.get_by_role("button", name="接手", exact=True).click()
    expect(other.locator("#chat-head")).to_contain_text("演示坐席", timeout=PATIENCE)
    expect(other.get_by_role("button", name="接手", exact=True)).to_have_count(0)

    expect(agent.get_by_label("回复客户")).to_be_visible()
    ready(agent)
    agent.get_by_label("回复客户").fill("您好，请问是哪个型号？")
    agent.get_by_label("回复客户").press("Control+Enter")
    expect(agent.get_by_label("回复客户")).to_have_value("")
    expect(customer.heard.last).to_contain_text("哪个型号", timeout=PATIENCE)
    customer.says("KFR-35GW")
    for console in (agent, other):
        expect(console.locator(".bubble.customer").last).to_contain_text("KFR-35GW", timeout=PATIENCE)
    expect(agent.locator("#quota")).to_contain_text("还允许发")

    agent.get_by_role("button", name="交还机器人").click()
    agent.get_by_role("dialog").get_by_role("button", name="交还").click()
    expect(agent.locator("#chat-head")).to_contain_text("由机器人接待")
    expect(customer.heard.last).to_contain_text("人工服务已结束", timeout=PATIENCE)
    ready(agent)
    heard = customer.heard.count()
    customer.says("报修")
    expect(customer.heard).to_have_count(heard + 1)
    agent.keyboard.press("Escape")
    expect(agent.get_by_text("从左边选一个会话")).to_be_visible()


def test_without_the_stream_pages_ask_again_by_themselves(running: Running) -> None:
    agent = running.tab()
    agent.route("**/console/streams**", lambda route: route.abort())
    agent.goto(f"{running.site}/console/sign-in?next=/console/inbox")
    agent.get_by_label("用户名").fill("agent")
    agent.get_by_label("密码").fill(running.passwords["agent"])
    agent.get_by_role("button", name="登录").click()
    Customer(running).says("人工")
    expect(agent.locator(".chat-row", has_text="已等")).to_have_count(1, timeout=PATIENCE)
    running.wrong[:] = [line for line in running.wrong if "ERR_FAILED" not in line]
