"""The whole program beside a pretend WeChat, for the money side of a visit: chat, pages and cashier in real browsers.

What workers would do is done by a thread here; what the engineer's phone would send is sent by `Engineer`.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from time import sleep
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect
from redis import Redis
from sqlalchemy import select
from werkzeug.serving import make_server

from adapters.application import create
from adapters.demo import faces
from adapters.files import Files
from adapters.runtime import now
from adapters.settings import Settings
from adapters.wechat.client import WeChat
from adapters.wechat.credentials import Credentials
from adapters.wechat.mini_program import TIMEOUTS
from domain.catalog.bills import put_part
from domain.cover.model import PlanKind
from domain.cover.plans import Terms, put_plan
from domain.cover.rules import Eligibility
from domain.kit.actors import Actor, Role, system
from domain.kit.money import Money
from domain.kit.outbox import OutboxRow, OutboxState
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.notices.queries import due_recipients
from domain.payments.merchants import put_merchant
from domain.pricing.fee_table import FeeDraft, put_fee, put_price
from domain.pricing.model import Quote
from domain.pricing.queries import lines_of
from domain.service_sheets.operations import Incoming
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import WorkOrder
from domain.work_orders.visits import move_visit, offer_visit, put_engineers, standing_visit
from jobs.deliver import deliver
from jobs.react import react
from jobs.reaction import named
from jobs.reactions import REACTIONS
from sandbox.app import AccountConfig, Merchant, Platform
from sandbox.server import serve
from tests.brand import AES_KEY, APP_ID, SECRET, TOKEN, Brand, put_brand
from tests.domain.service_sheets.world import World, device
from tests.jobs.doing import jobs_with
from tests.network import Network, put_network

BY = system("tests")
SINCE = date(2025, 1, 1)
AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
    "MicroMessenger/8.0.50 Language/zh_CN"
)
PATIENCE_MS = 20_000
STAFF = Actor(Role.STAFF, "st_1")
PAUSE = 0.1
TRIES = 10
FEES = (
    FeeDraft("labour", "capacitor", "更换电容（人工）", category="air_conditioner", service="repair", fen=8_000),
    FeeDraft("labour", "clean_outdoor", "室外机清洗", category="air_conditioner", service="repair", fen=6_000),
    FeeDraft("inspection", "inspection", "上门检测费", category="air_conditioner", fen=3_000),
    FeeDraft("travel", "travel", "路费（10 公里内）", fen=2_000),
    FeeDraft("night", "night", "夜间上门（20 点以后）", permille=200),
)  # fmt: skip
YEAR = Terms(
    kind=PlanKind.WARRANTY, title="整机延保一年", components=("whole", "labour"), months=12, price=Money(36_500),
    terms="保障期内整机和人工免费维修；人为损坏、自行拆修除外。", eligibility=Eligibility(categories=("air_conditioner",)),
    cooling_days=15, commission_permille=50,
)  # fmt: skip


@dataclass
class Later:
    """An application that is known only once it listens."""

    app: Callable[..., Iterable[bytes]] | None = None

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        assert self.app is not None
        return self.app(environ, start)


@dataclass
class MoneySite:
    """Where the program and the pretend WeChat are, and what is in them."""

    url: str
    wechat_url: str
    runtime: Runtime
    platform: Platform
    browser: Browser
    brand: Brand
    network: Network
    files: Files
    wrong: list[str] = field(default_factory=list)

    def context(self, *, dark: bool = False) -> BrowserContext:
        """WeChat's browser on a phone."""
        context = self.browser.new_context(
            base_url=self.url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 390, "height": 844},
            device_scale_factor=1.25, is_mobile=True, has_touch=True, user_agent=AGENT,
            color_scheme="dark" if dark else "light",
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        return context

    def phone(self, *, dark: bool = False) -> Page:
        page = self.context(dark=dark).new_page()
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        return page

    def signed_in(self, page: Page, name: str, path: str) -> None:
        """Open one of our pages: WeChat asks who the browser's person is, once."""
        page.goto(path)
        page.get_by_role("button", name=name).click()
        page.wait_for_url(f"**{path}")

    def shot(self, page: Page, name: str) -> None:
        """A picture for the docs, where somebody asked for them: ``SHOTS=folder``."""
        if folder := os.environ.get("SHOTS"):
            page.evaluate("window.scrollTo(0, 0)")
            page.screenshot(path=Path(folder) / f"{name}.png")

    def order(self) -> WorkOrder:
        """The newest."""
        with self.runtime.transaction() as uow:
            found = select(WorkOrder).order_by(WorkOrder.opened_at.desc()).limit(1)
            return uow.session.scalars(found).one()


@dataclass
class Engineer(World):
    """安师傅, whose phone sends what he does: as in `World`, but by the real clock."""

    def operation(
        self, phone: str, kind: str, at: float = 0, *, seq: int | None = None, base: int = 0, **body: Any
    ) -> Incoming:
        made = super().operation(phone, kind, at, seq=seq, base=base, **body)
        return replace(made, at=now())

    def does(self, kind: str, **body: Any) -> None:
        [answer] = self.send(self.phones[0], self.operation(self.phones[0], kind, **body))
        assert answer.outcome == "applied", answer

    def looks(self) -> None:
        """At the door, the checks and the photos."""
        for answer in self.send(self.phones[0], *self.everything(self.phones[0])):
            assert answer.outcome == "applied", answer

    def puts_price(self) -> None:
        """What it will cost, and the question to the customer."""
        self.does("part.put", line="p1", part_code="CAP-35", quantity=1)
        self.does("fee.put", line="f1", code="labour.capacitor", title="更换电容（人工）", fen=8_000, payer="customer")
        self.asks(1, "电容鼓包失效，换一个就好。")

    def puts_more(self) -> None:
        """He finds something else: another version."""
        self.does("fee.put", line="f2", code="labour.clean_outdoor", title="室外机清洗", fen=6_000, payer="customer")
        self.asks(2, "外机很脏，散热不好，建议一起清洗。")

    def asks(self, version: int, note: str) -> None:
        """Until the customer can see it."""
        self.does("quote.ask", quote_id=f"q{version}", note=note)
        for _ in range(200):
            with self.runtime.transaction() as uow:
                found = select(Quote.version).filter_by(work_order_id=self.order_id)
                if version in uow.session.scalars(found).all():
                    return
            sleep(PAUSE)
        raise AssertionError("nobody was asked")

    def ends(self) -> None:
        """The sheet has what was agreed to; the customer signs, and the visit is finished."""
        with self.runtime.transaction() as uow:
            agreed = uow.session.scalars(select(Quote).filter_by(work_order_id=self.order_id, status="confirmed")).one()
            lines = lines_of(agreed)
        for n, one in enumerate(lines, 1):
            if one.kind != "labour":
                self.does("fee.put", line=f"l{n}", code=one.key, title=one.title, fen=one.fen, payer=one.payer)
        strokes = [[[10, 10], [60, 40], [90, 20]]]
        self.does(
            "signature.add", signature_id="sg_1", purpose="sheet", sheet_hash=self.hash(), upload_id="up_sg", strokes=strokes,
            name="陈女士",
        )  # fmt: skip
        self.does("visit.end", outcome="finished")


def engineer_of(site: MoneySite, order: WorkOrder) -> Engineer:
    """He has a photo, and accepts the order."""
    with site.runtime.transaction() as uow:
        faces.put_faces(uow, [site.network.an], site.files)
        visit = standing_visit(uow, order.id) or offer_visit(uow, order.id, by=STAFF)
        an = site.network.an
        if visit.status is VisitStatus.OFFERED:
            put_engineers(uow, visit, an, {an: 100}, by=STAFF)
            move_visit(uow, visit.id, "accept", by=Actor(Role.ENGINEER, an))
        phone = device(uow, str(visit.engineer_id))
        found = uow.get(WorkOrder, order.id, called="")
        return Engineer(site.runtime, site.network, order.id, visit.id, found.product_id or "", (phone, phone), phone)


@contextmanager
def money_site(runtime: Runtime, valkey: Redis, browser: Browser, folder: Path) -> Iterator[MoneySite]:
    runtime = replace(runtime, clock=now)
    later = Later()
    server = make_server("127.0.0.1", 0, later, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    merchant = Merchant.make(app_ids=(APP_ID,))
    account = AccountConfig(
        APP_ID, SECRET, TOKEN, AES_KEY, f"{url}/webhooks/official-account/{APP_ID}", name="岚禾服务"
    )
    platform = Platform([account], merchants=[merchant], residents=("陈女士", "王小明"))
    threads = [threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)]
    over = threading.Event()
    with serve(platform) as running:
        brand, network = put_all(runtime, url, merchant)
        settings = Settings.model_validate(
            {
                "public_url": url, "sandbox_port": running.port, "wechat_api_url": running.url,
                "pay_api_url": running.url, "redis_url": redis_url(valkey), "files_url": str(folder),
                "secret_key": "s" * 40, "data_dir": folder,
            }
        )  # fmt: skip
        later.app = create(settings, runtime, runtime)
        credentials = Credentials(APP_ID, SECRET)
        wechat = WeChat(running.url, lambda account_id: credentials, valkey, now, TIMEOUTS)
        jobs = jobs_with(runtime, valkey, wechat, REACTIONS)  # type: ignore[arg-type]
        threads.append(threading.Thread(target=work, args=(runtime, jobs, over), daemon=True))
        for thread in threads:
            thread.start()
        yield MoneySite(url, running.url, runtime, platform, browser, brand, network, Files(str(folder)))
        over.set()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()


def redis_url(valkey: Redis) -> str:
    options = valkey.connection_pool.connection_kwargs
    if "path" in options:
        return f"unix://{options['path']}?db={options.get('db', 0)}"
    return f"redis://{options['host']}:{options['port']}/{options.get('db', 0)}"


def work(runtime: Runtime, jobs: Any, over: threading.Event) -> None:
    """What follows from what happened, and messages whose time has come, until the end; what does not succeed is tried again."""
    table = named(REACTIONS)
    tries: Counter[tuple[int, str]] = Counter()
    while not over.wait(PAUSE):
        with runtime.transaction() as uow:
            found = select(OutboxRow).where(OutboxRow.state != OutboxState.DONE).order_by(OutboxRow.id)
            rows = [(one.id, one.at, one.kind) for one in uow.session.scalars(found)]
            due = due_recipients(uow)
        for account_id, recipient, _ in due:
            deliver(jobs, account_id, recipient)
        for id_, at, kind in rows:
            for name in table.get(kind, {}):
                if tries[id_, name] < TRIES:
                    tries[id_, name] += TRIES if react(jobs, id_, at, name) else 1


def put_all(runtime: Runtime, url: str, merchant: Merchant) -> tuple[Brand, Network]:
    """A brand with engineers, prices, a plan to sell, and a merchant."""
    with runtime.transaction() as uow:
        brand = put_brand(uow)
        network = put_network(uow, brand)
        brand_id = brand.voice.brand_id
        put_merchant(
            uow, brand_id=brand_id, mch_id=merchant.mch_id, cert_serial=merchant.cert_serial,
            private_key=merchant.private_key, api_v3_key=merchant.api_v3_key, public_key=merchant.platform_public_key,
            public_key_id=merchant.public_key_id, app_ids=[APP_ID], by=BY,
        )  # fmt: skip
        for draft in FEES:
            put_fee(uow, brand_id, draft, SINCE, by=BY)
        put_parts(uow, brand_id)
        put_plan(uow, brand_id, "year", YEAR, SINCE, by=BY)
    return brand, network


def put_parts(uow: UnitOfWork, brand_id: str) -> None:
    part = put_part(uow, brand_id, "CAP-35", "压缩机启动电容 35μF", component="main_parts", by=BY)
    put_price(uow, part.id, 4_500, "capacitor", SINCE, by=BY)


def told(page: Page, words: str) -> None:
    """The account has said this in the chat."""
    said = page.locator(".line.account").filter(has_text=words)
    expect(said).not_to_have_count(0, timeout=PATIENCE_MS)
