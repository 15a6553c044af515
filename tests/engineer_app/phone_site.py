"""The engineer's app served to real browsers, on a day of `phone_day`: what tests drive and the pictures of the docs are of."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete, select
from werkzeug.serving import make_server

from adapters.open_api import DescribedApp
from adapters.runtime import now
from domain.engineers.devices_model import OneTimeCode
from domain.kit.unit_of_work import SHANGHAI, Runtime
from domain.regions.datums import wgs_from_gcj
from engineer_app import api, door
from engineer_app.signing_in import Desk
from tests.brand import brand_in
from tests.domain.payments.platform import FakePlatform
from tests.doubles import Counters, Folder, WeChatPages
from tests.engineer_app.phone_day import PHONE, PhoneDay, put_phone_day, put_prices

WIDTH, HEIGHT = 390, 844
METRES_A_DEGREE = 111_000


@dataclass
class Site:
    """``shift`` is what the server's clock is ahead of the real one: its day begins at nine, Shanghai."""

    url: str
    runtime: Runtime
    day: PhoneDay
    shift: timedelta
    pay: FakePlatform

    def phone(self, browser: Browser, *, width: int = WIDTH, height: int = HEIGHT, dark: bool = False) -> Page:
        """A phone that shows the server's time, with the position of the repair's address, nobody signed in."""
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=self.url,
            has_touch=True, is_mobile=True, device_scale_factor=1.25, color_scheme="dark" if dark else "light",
            permissions=["geolocation"],
        )  # fmt: skip
        page = context.new_page()
        page.clock.install(time=now() + self.shift)
        self.put(page, 0)
        return page

    def put(self, page: Page, metres: float) -> None:
        """Where the phone is: so far north of the repair's address."""
        lat, lng = wgs_from_gcj(self.day.repair_at.lat, self.day.repair_at.lng)
        spot = {"latitude": lat + metres / METRES_A_DEGREE, "longitude": lng, "accuracy": 18}
        page.context.set_geolocation(spot)  # type: ignore[arg-type]

    def sign_in(self, page: Page, phone: str = PHONE) -> None:
        """As 安师傅, or somebody else: the code is read where the text message would take it from. Codes asked for before are
        forgotten, so that several phones may sign in within the minute that is between two codes."""
        with self.runtime.transaction() as uow:
            uow.session.execute(delete(OneTimeCode))
        page.get_by_label("手机号").fill(phone)
        page.get_by_role("button", name="发验证码").click()
        expect(page.get_by_role("status").filter(has_text="已发送")).to_be_visible()
        page.get_by_label("验证码").fill(self.code())
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("button", name="刷新")).to_be_visible()

    def code(self) -> str:
        """The last one that was asked for."""
        with self.runtime.transaction() as uow:
            letter = uow.session.scalars(select(OneTimeCode.letter).order_by(OneTimeCode.sent_at.desc())).first()
        found = re.search(r"\d{6}", letter or "")
        assert found
        return found.group()


HALF_DONE = """() => new Promise(done => {
  indexedDB.databases().then(all => {
    const opening = indexedDB.open(all.map(one => one.name).find(one => one.startsWith("weixiu-work")));
    opening.onsuccess = () => {
      const asked = opening.result.transaction("drafts").objectStore("drafts").getAll();
      asked.onsuccess = () => { opening.result.close(); done(asked.result); };
    };
  });
})"""


def kept(page: Page, words: str) -> None:
    """Waits until something half done that has ``words`` in it would survive the death of the phone."""
    for _ in range(400):  # wait_for_function takes a promise for a yes
        if any(words in one for one in page.evaluate(HALF_DONE)):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{words} is not kept")


@contextmanager
def serving(runtime: Runtime, *, priced: bool = False) -> Iterator[Site]:
    """The app and its API on a free port, nine in the morning; ``runtime`` is of a migrated, empty database."""
    nine = now().astimezone(SHANGHAI).replace(hour=9, minute=5, second=0, microsecond=0)
    shift = nine - now()
    runtime = replace(runtime, clock=lambda: now() + shift)
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        day = put_phone_day(uow, brand)
        if priced:
            put_prices(uow, brand)
    pay = FakePlatform(runtime.clock)
    app = DescribedApp("tests.phone", docs_path="/docs", spec_path="/openapi.json")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    desk = Desk(runtime, Counters(), "secret" * 8)
    app.register_blueprint(api.blueprint(desk, Folder(), gateway=pay))
    app.register_blueprint(door.blueprint(desk, WeChatPages(), public_url=url, secure_cookies=False))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Site(url, runtime, day, shift, pay)
    finally:
        server.shutdown()
        thread.join()
