"""`phone_app`: how much the engineer's app loads, and how soon it can be used over a bad line on a slow phone.

The real application under granian, Debian's Chromium as a phone with a fourth of this processor, 400 kbit/s and 400 ms a request. A
run is one engineer with eight jobs who opens the app, comes back, signs in, comes back; and once more without service worker, as
in WeChat's browser. What a service worker fetches goes past Chromium's throttling: first visits count only what the page waits for.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright
from sqlalchemy import select

from adapters import runtime
from bench.place import Served, database, served
from bench.sync import APP, CATEGORY, accepted, environ
from domain.catalog.model import Model
from domain.customers.operations import new_customer
from domain.engineers import signing_in
from domain.engineers.devices_model import OneTimeCode
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import Runtime
from domain.organizations.model import Brand
from domain.work_orders.model import Visit

JOBS = 8
RUNS, QUICK_RUNS = 5, 1
BYTES_PER_S, ROUND_TRIP_MS, SLOWER = 400_000 // 8, 400, 4
MOST_SCRIPT_KB = 150
"""Issue 5: the shell's script, compressed."""
PATIENCE_MS = 60_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
FIELD = "document.querySelector('input[inputmode=tel]') !== null"
DRAWN = f"document.querySelectorAll('a.job').length === {JOBS}"
PHONE: dict[str, Any] = {
    "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2, "is_mobile": True, "has_touch": True, "bypass_csp": True,
}  # fmt: skip
"""Our policy forbids the looks at every frame by which it is seen when something is drawn."""


@dataclass
class Loaded:
    """Bytes as they came over the line, of one page."""

    kept: list[tuple[str, int]] = field(default_factory=list)

    def note(self, request: Request) -> None:
        self.kept.append((request.resource_type, request.sizes()["responseBodySize"]))

    def kilobytes(self, *kinds: str) -> float:
        return round(sum(size for kind, size in self.kept if not kinds or kind in kinds) / 1024, 1)


def figures(quick: bool) -> Iterator[dict[str, Any]]:
    runs = QUICK_RUNS if quick else RUNS
    with database() as told:
        built = runtime.build(told, connections=2)
        phones = engineers_with_jobs(built, runs)
        with served(Served("weixiu", APP, "/", environ(told)), told) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            url = f"http://127.0.0.1:{port}"
            loaded = first_screen(browser, url)
            times = [one_engineer(browser, url, built, phone) for phone in phones]
            browser.close()
    script = loaded.kilobytes("script")
    yield {
        "figure": "phone_app", "runs": runs, "jobs": JOBS, "kbit_per_s": BYTES_PER_S * 8 // 1000,
        "round_trip_ms": ROUND_TRIP_MS, "processor": f"1/{SLOWER}", "shell_kb": loaded.kilobytes(), "script_kb": script,
        **{name: round(median(one[name] for one in times)) for name in times[0]}, "ok": script <= MOST_SCRIPT_KB,
    }  # fmt: skip


def first_screen(browser: Browser, url: str) -> Loaded:
    """What somebody's very first look loads; it also warms the server."""
    context, loaded = browser.new_context(base_url=url, service_workers="block", **PHONE), Loaded()
    page = context.new_page()
    page.on("requestfinished", loaded.note)
    page.goto("/e/", wait_until="networkidle")
    expect(page.get_by_label("手机号")).to_be_visible(timeout=PATIENCE_MS)
    context.close()
    return loaded


def one_engineer(browser: Browser, url: str, built: Runtime, phone: str) -> dict[str, float]:
    """Milliseconds by what was waited for."""
    context = browser.new_context(base_url=url, **PHONE)
    times: dict[str, float] = {}
    page, times["sign_in_first_ms"] = until_field(context, phone)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.close()
    page, times["sign_in_again_ms"] = until_field(context, phone)
    times["list_after_sign_in_ms"] = sign_in(page, built)
    page.close()
    page, times["list_again_ms"] = until_drawn(context)
    state = context.storage_state(indexed_db=True)
    context.close()
    context = browser.new_context(base_url=url, service_workers="block", storage_state=state, **PHONE)
    page, times["list_no_cache_ms"] = until_drawn(context)
    page.close()
    page, times["list_again_no_worker_ms"] = until_drawn(context)
    context.close()
    return times


def slow_page(context: BrowserContext) -> Page:
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    conditions = {"latency": ROUND_TRIP_MS, "downloadThroughput": BYTES_PER_S, "uploadThroughput": BYTES_PER_S}
    line.send("Network.emulateNetworkConditions", {"offline": False, **conditions})
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.set_default_timeout(PATIENCE_MS)
    return page


def until_field(context: BrowserContext, phone: str) -> tuple[Page, float]:
    """Until the number can be typed, and is."""
    page, began = slow_page(context), time.perf_counter()
    page.goto("/e/", wait_until="commit", timeout=PATIENCE_MS)
    page.wait_for_function(FIELD)
    page.get_by_label("手机号").fill(phone)
    return page, since(began)


def until_drawn(context: BrowserContext) -> tuple[Page, float]:
    page, began = slow_page(context), time.perf_counter()
    page.goto("/e/", wait_until="commit", timeout=PATIENCE_MS)
    page.wait_for_function(DRAWN)
    return page, since(began)


def sign_in(page: Page, built: Runtime) -> float:
    """From pressing the button until today's jobs are drawn: the session, the jobs and all content are fetched."""
    page.get_by_role("button", name="发验证码").click()
    expect(page.get_by_text("验证码已发送")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_label(re.compile("^验证码")).fill(newest_code(built))
    began = time.perf_counter()
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_function(DRAWN)
    taken = since(began)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return taken


def since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def newest_code(built: Runtime) -> str:
    with built.transaction() as uow:
        newest = uow.session.scalars(select(OneTimeCode.id).order_by(OneTimeCode.sent_at.desc())).first()
        letter = signing_in.take_letter(uow, newest or "")
        if letter is None:
            raise RuntimeError("no code was sent")
        return re.findall(r"\d{6}", letter[1])[0]


def engineers_with_jobs(built: Runtime, number: int) -> list[str]:
    """Numbers of engineers of the demo's who had nothing to do, with eight accepted jobs each."""
    with built.transaction() as uow:
        brand_id = uow.session.scalars(select(Brand.id)).first() or ""
        model_id = uow.session.scalars(select(Model.id).filter_by(category_code=CATEGORY)).first()
        busy = select(Visit.engineer_id).where(Visit.engineer_id.is_not(None))
        free = select(Engineer).where(Engineer.until.is_(None), Engineer.id.not_in(busy)).order_by(Engineer.id)
        engineers = uow.session.scalars(free.limit(number)).all()
        customer = new_customer(uow, brand_id)
        for engineer in engineers:
            for _ in range(JOBS):
                accepted(uow, brand_id, model_id, customer.id, engineer)
        return [str(engineer.phone) for engineer in engineers]
