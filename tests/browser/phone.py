"""The engineer's app on a server of its own, and phones to hold: signed in, cut off, drawn on. `Phone` has a method for each
thing an engineer does; a further one is a method here."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, expect
from sqlalchemy import select, update
from werkzeug.serving import make_server

from domain.engineers import signing_in
from domain.engineers.devices_model import OneTimeCode
from domain.kit.unit_of_work import Runtime
from domain.regions.datums import wgs_from_gcj
from domain.regions.positions import Position
from domain.service_sheets.model import Register, ServiceSheet, SheetSignature
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.places import place_of
from engineer_app import api, door
from engineer_app.signing_in import Desk
from tests.domain.payments.platform import FakePlatform
from tests.doubles import Folder, Unlimited, WeChatPages

BUILT = Path(__file__).parents[2] / "engineer_app/static/built"
PATIENCE_MS = 20_000
AN, BO = "13800000001", "13800000002"


def photo(words: str) -> FilePayload:
    """A picture as a file input takes it."""
    image = Image.new("RGB", (640, 480), (200, 210, 220))
    ImageDraw.Draw(image).rectangle((60, 60, 400 + len(words) * 10, 300), fill=(40, 80, 160))
    kept = BytesIO()
    image.save(kept, "JPEG")
    return {"name": f"{words}.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}


@dataclass
class Line:
    """Between phones and server: ``deaf`` takes a request in and never answers it, until it is set free."""

    app: Callable[..., Iterable[bytes]]
    deaf: str = ""
    heard: threading.Event = field(default_factory=threading.Event)
    free: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        held = bool(self.deaf) and environ["PATH_INFO"].endswith(self.deaf)
        answer = self.app(environ, start)
        if held:
            self.heard.set()
            self.free.wait(60)
        return answer


@dataclass
class Site:
    """The app, its database, and every trouble a page told its console."""

    url: str
    runtime: Runtime
    line: Line
    shelf: Folder
    browser: Browser
    pay: FakePlatform
    wrong: list[str] = field(default_factory=list)

    def phone(self, number: str = AN, at: Position | None = None, context: BrowserContext | None = None) -> Phone:
        """A phone somebody just signed in on, standing at ``at``."""
        made = Phone(self, context or self.context(at))
        made.sign_in(number)
        return made

    def context(self, at: Position | None) -> BrowserContext:
        lat, lng = wgs_from_gcj(at.lat, at.lng) if at else (22.8366, 113.2560)
        return self.browser.new_context(
            base_url=self.url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 390, "height": 844},
            device_scale_factor=2, is_mobile=True, has_touch=True, permissions=["geolocation"],
            geolocation={"latitude": lat, "longitude": lng, "accuracy": 20},
        )  # fmt: skip

    def code(self) -> str:
        """The digits of the newest text message."""
        with self.runtime.transaction() as uow:
            newest = uow.session.scalars(select(OneTimeCode).order_by(OneTimeCode.sent_at.desc())).first()
            assert newest
            letter = signing_in.take_letter(uow, newest.id)
            assert letter
            return str(re.findall(r"\d{6}", letter[1])[0])

    def place(self, visit_id: str) -> Position:
        """Where the job is, to stand there."""
        with self.runtime.transaction() as uow:
            visit = uow.get(Visit, visit_id, called="")
            found = place_of(uow.get(WorkOrder, visit.work_order_id, called=""))
            assert found
            return found

    def forget_codes(self) -> None:
        """Codes were sent long ago: another one may be asked for at once."""
        with self.runtime.transaction() as uow:
            uow.session.execute(update(OneTimeCode).values(sent_at=uow.now - timedelta(days=2)))

    def visit(self, visit_id: str) -> dict[str, Any]:
        """What the server has of it."""
        with self.runtime.transaction() as uow:
            visit = uow.get(Visit, visit_id, called="")
            sheet = uow.session.get(ServiceSheet, visit_id)
            signed = uow.session.scalars(select(SheetSignature).where(SheetSignature.visit_id == visit_id)).all()
            rows = uow.session.scalars(select(Register).where(Register.visit_id == visit_id)).all()
            return {
                "status": str(visit.status),
                "order": str(uow.get(WorkOrder, visit.work_order_id, called="").status),
                "outcome": sheet.outcome if sheet else "",
                "holds": [one.hash == (sheet and sheet.hash) for one in signed],
                "values": {row.key: row.value for row in rows},
            }


@contextmanager
def served(runtime: Runtime, browser: Browser) -> Iterator[Site]:
    app, shelf, pay = APIFlask("tests.phone"), Folder(), FakePlatform(runtime.clock)
    desk = Desk(runtime, Unlimited(), "secret")
    app.register_blueprint(api.blueprint(desk, shelf, gateway=pay))
    app.register_blueprint(
        door.blueprint(desk, WeChatPages(), public_url="http://127.0.0.1", secure_cookies=False, built=BUILT)
    )
    line = Line(app.wsgi_app)
    server = make_server("127.0.0.1", 0, line, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}", runtime, line, shelf, browser, pay)
    finally:
        line.free.set()
        server.shutdown()
        thread.join()


class Phone:
    """One phone with the app open."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site, self.context = site, context
        self.page = self.opened()

    def opened(self) -> Page:
        """The app in a new page: as after the phone was switched on again."""
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("pageerror", lambda error: self.site.wrong.append(str(error)))
        self.page.goto("/e/")
        expect(self.page.locator("main")).to_be_visible(timeout=PATIENCE_MS)
        return self.page

    def sign_in(self, number: str) -> None:
        """And the app stands by without network from then on."""
        self.sign_in_again(number)
        expect(self.page.get_by_text("更新于")).to_be_visible(timeout=PATIENCE_MS)
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def sign_in_again(self, number: str) -> None:
        self.site.forget_codes()
        self.page.get_by_label("手机号").fill(number)
        self.page.get_by_role("button", name="发验证码").click()
        expect(self.page.get_by_text("验证码已发送")).to_be_visible()
        self.page.get_by_label(re.compile("^验证码")).fill(self.site.code())
        self.page.get_by_role("button", name="登录", exact=True).click()
        expect(self.page.get_by_label("手机号")).to_have_count(0)

    def cut(self) -> None:
        """Once nothing is on its way: what is, may arrive or not."""
        self.page.evaluate("location.hash = '#/'")
        expect(self.page.get_by_role("button", name="刷新", exact=True)).to_be_enabled()
        self.context.set_offline(True)

    def restore(self) -> None:
        self.context.set_offline(False)

    def sent(self) -> None:
        """Waits until the server has everything."""
        self.page.evaluate("location.hash = '#/unsent'")
        for words in ("0 项", "0 张"):
            expect(self.page.get_by_text(words, exact=True)).to_be_visible(timeout=PATIENCE_MS)

    def until_told(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible(timeout=PATIENCE_MS)

    def to(self, visit_id: str, *where: str) -> None:
        self.page.evaluate("hash => { location.hash = hash }", "/".join(("#/job", visit_id, *where)))

    def press(self, name: str) -> None:
        """A button or a link by how what stands on it begins."""
        begins = re.compile(f"^{re.escape(name)}")
        found = self.page.get_by_role("button", name=begins).or_(self.page.get_by_role("link", name=begins))
        found.locator("visible=true").first.click()

    def accept(self, visit_id: str) -> None:
        self.to(visit_id)
        self.press("接单")
        self.until_told("已接单")

    def arrive(self, visit_id: str) -> None:
        self.to(visit_id, "way")
        self.press("现在出发")
        expect(self.page.get_by_text("已出发", exact=True).first).to_be_visible()
        self.press("到了，签到")
        expect(self.page.get_by_role("heading", name="安全提示")).to_be_visible()

    def confirm_prompts(self, visit_id: str) -> None:
        self.to(visit_id, "safety")
        expect(self.page.locator(".prompt").first).to_be_visible()
        while self.page.locator(".prompt:not(.done)").count():
            left = self.page.locator(".prompt:not(.done)").count()
            self.page.locator(".prompt:not(.done)").first.click()
            expect(self.page.locator(".prompt:not(.done)")).to_have_count(left - 1)

    def check_all(self, visit_id: str, readings: dict[str, str] | None = None) -> None:
        """Every check as it should be, but for ``readings``."""
        self.to(visit_id, "checks")
        expect(self.page.locator("section.check").first).to_be_visible()
        for section in self.page.locator("section.check").all():
            code = (section.get_attribute("id") or "").removeprefix("check-")
            self.check(section, (readings or {}).get(code, ""))

    def check(self, section: Locator, reading: str) -> None:
        box, file = section.locator("input:not(.file)"), section.locator("input.file")
        if file.count():
            file.first.set_input_files(photo("check"))
            expect(section.locator(".picture").first).to_be_visible()
        if box.count():
            limits = re.search(r"合格：(?:不[小大]于 )?([\d.]+)", section.inner_text())
            assert limits, section.inner_text()
            box.first.fill(reading or limits.group(1))
            section.get_by_role("button", name="记录").click()
        elif reading:
            section.get_by_role("radio", name=reading).click()
        else:
            section.locator(".option.good").or_(section.get_by_role("radio", name="是", exact=True)).first.click()
        expect(section.locator(".verdict")).to_be_visible()

    def write(self, visit_id: str, **words: str) -> None:
        self.to(visit_id, "notes")
        for label, text in words.items():
            self.page.get_by_label(label).fill(text)
        self.press("保存")
        expect(self.page.get_by_text("从上到下做")).to_be_visible()

    def photograph(self, visit_id: str, *titles: str) -> None:
        self.to(visit_id, "photos")
        for title in titles:
            group = self.page.locator("section.group").filter(has=self.page.get_by_label(title, exact=True))
            before = group.locator(".picture").count()
            group.locator("input.file").set_input_files(photo(title))
            expect(group.locator(".picture")).to_have_count(before + 1)

    def sign(self, visit_id: str) -> None:
        self.to(visit_id, "sign", "sheet")
        self.press("看过了，签名")
        canvas = self.page.locator("canvas")
        expect(self.page.get_by_text("在这里签名")).to_be_visible()
        box = canvas.bounding_box()
        assert box
        mouse, left, top = self.page.mouse, box["x"] + 40, box["y"] + 60
        mouse.move(left, top)
        mouse.down()
        for step in range(12):
            mouse.move(left + step * 14, top + (step % 3) * 40)
        mouse.up()
        self.press("确认签名")
        expect(self.page.locator("canvas")).to_have_count(0)

    def end(self, visit_id: str, outcome: str, confirm: str) -> None:
        self.to(visit_id, "end", outcome)
        self.press(confirm)

    def work(self, visit_id: str) -> None:
        """All there is to do between the door and the signature."""
        self.confirm_prompts(visit_id)
        self.check_all(visit_id)
        self.write(visit_id, 检查结果="启动电容失效", 处理情况="更换电容，试机 30 分钟正常")
        self.photograph(visit_id, "服务前", "机身铭牌", "服务后")
        self.sign(visit_id)
