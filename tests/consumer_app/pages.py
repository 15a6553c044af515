"""The consumer's pages for tests: a WeChat that says who comes back, files in memory, a browser that fills in forms."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from apiflask import APIFlask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from consumer_app import api, door
from consumer_app.counter import Counter
from consumer_app.web_parts import PAGES, Web
from domain.access.wechat_pages import PageSigner, Visits
from domain.kit.unit_of_work import Runtime
from domain.payments.gateway import Gateway
from tests.consumer_app.mini_program import FakePlatform
from tests.doubles import Counters, Folder, WeChatPages

URL = "https://service.example"
WECHAT = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50"
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3"


@dataclass
class Tickets:
    def ticket(self, account_id: str) -> tuple[str, str]:
        return "wx0123456789abcdef", TICKET


@dataclass
class Pages:
    """The whole door, API included."""

    runtime: Runtime
    app: APIFlask
    wechat: WeChatPages
    shelf: Folder
    limits: Counters
    made: int = 0

    def browser(self, agent: str = WECHAT) -> Browser:
        client = self.app.test_client()
        client.environ_base["HTTP_USER_AGENT"] = agent
        return Browser(self, client)


def pages_of(runtime: Runtime, gateway: Gateway | None = None) -> Pages:
    wechat, shelf, limits = WeChatPages(), Folder(), Counters()
    at = Counter(runtime, limits, files=shelf, gateway=gateway, public_url=URL)
    web = Web(
        at, "secret" * 6, True, Visits("secret" * 6, "consumer", limits), wechat, PageSigner(Tickets(), URL, PAGES)
    )  # fmt: skip
    app = APIFlask("tests")
    app.register_blueprint(door.blueprint(runtime, limits, shelf, URL, web))
    app.register_blueprint(api.blueprint(runtime, FakePlatform(), limits, shelf, gateway))
    return Pages(runtime, app, wechat, shelf, limits)


@dataclass
class Browser:
    """Follows nothing by itself; keeps the token of the last page, as a form in it would."""

    pages: Pages
    client: FlaskClient
    token: str = ""

    def get(self, path: str, **headers: str) -> TestResponse:
        answer = self.client.get(path, base_url=URL, headers=headers)
        text = answer.text if answer.mimetype == "text/html" else ""
        found = re.search(r'name="token" value="([0-9a-f]+)"|data-token="([0-9a-f]+)"', text)
        self.token = (found[1] or found[2]) if found else self.token
        return answer

    def post(self, path: str, form: Mapping[str, Any] | None = None, **headers: str) -> TestResponse:
        data = {"token": self.token, **(form or {})}
        answer = self.client.post(path, base_url=URL, data=data, headers=headers)
        found = re.search(r'name="token" value="([0-9a-f]+)"', answer.text)
        self.token = found[1] if found else self.token
        return answer

    def out(self, to: str = "/c/") -> str:
        """Sent to WeChat; the state it went with."""
        answer = self.client.get("/c/wechat", query_string={"to": to}, base_url=URL)
        assert answer.status_code == 303, answer.text
        return parse_qs(urlsplit(answer.headers["Location"]).query)["state"][0]

    def back(self, state: str, code: str) -> TestResponse:
        return self.client.get("/c/wechat/back", query_string={"state": state, "code": code}, base_url=URL)

    def sign_in(self, openid: str, to: str = "/c/") -> TestResponse:
        self.pages.made += 1
        code = f"code{self.pages.made}"
        self.pages.wechat.people[code] = openid
        answer = self.back(self.out(to), code)
        assert answer.status_code == 303, answer.text
        self.get("/c/me")
        return answer

    @property
    def cookie(self) -> str:
        found = self.client.get_cookie("weixiu_c", path="/c", domain="service.example")
        return found.value if found else ""


def photo(colour: str = "red") -> io.BytesIO:
    """A picture as a phone takes it, with a place in it."""
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (22.0, 48.0, 0.0), 3: "E", 4: (113.0, 15.0, 0.0)}
    Image.new("RGB", (64, 48), colour).save(made, "JPEG", exif=exif)
    made.seek(0)
    return made
