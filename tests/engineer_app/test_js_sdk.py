"""Signing a page for WeChat's JS-SDK: the official vector, our pages only, and nothing that gives the ticket away."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import pytest
from apiflask import APIFlask
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.unit_of_work import Runtime
from engineer_app import api
from engineer_app.js_sdk import OF_DEVICE, PAGES, BadPage, PageSigner, signature
from engineer_app.platform import NoPageTickets, PageTickets, PlatformAway
from engineer_app.signing_in import Desk
from tests.domain.service_sheets.world import World
from tests.doubles import Counters
from tests.engineer_app.phone import Phone, content, phone_of, refusal
from tests.runtime import NOW

OURS = "https://service.example"
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"


@dataclass
class Tickets:
    asked: list[str] = field(default_factory=list)
    away: bool = False

    def ticket(self, account_id: str) -> tuple[str, str]:
        self.asked.append(account_id)
        if self.away:
            raise PlatformAway("微信扫一扫暂时用不了")
        return "wx1", TICKET


@pytest.fixture
def tickets() -> Tickets:
    return Tickets()


def signed_in(runtime: Runtime, world: World, tickets: PageTickets) -> Phone:
    app = APIFlask("test")
    app.register_blueprint(api.blueprint(Desk(runtime, Counters(), "secret"), None, PageSigner(tickets, OURS, PAGES)))
    return phone_of(runtime, app.test_client(), world.network.an)


@pytest.fixture
def phone(runtime: Runtime, world: World, tickets: Tickets) -> Phone:
    return signed_in(runtime, world, tickets)


def test_the_platforms_own_example_is_signed_as_it_says() -> None:
    made = signature(TICKET, "Wm3WZYTPz0wzccnW", 1414587457, "http://mp.weixin.qq.com?params=value")
    assert made == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


@pytest.mark.parametrize("path", ["/e/", "/e/jobs/vi_1?from=list&x=%E4%BF%AE", "/e"])
def test_a_page_of_the_app_is_signed_as_the_browser_has_it(phone: Phone, path: str) -> None:
    told = content(phone("GET", "/js-sdk", url=OURS + path))
    assert (told["app_id"], told["timestamp"], set(told)) == (
        "wx1", int(NOW.timestamp()), {"app_id", "timestamp", "nonce", "signature"},
    )  # fmt: skip
    plain = f"jsapi_ticket={TICKET}&noncestr={told['nonce']}&timestamp={told['timestamp']}&url={OURS}{path}"
    assert told["signature"] == hashlib.sha1(plain.encode()).hexdigest()
    assert content(phone("GET", "/js-sdk", url=OURS + path))["nonce"] != told["nonce"]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/e/", "https://service.example.evil/e/", "https://service.example@evil.example/e/",
        "http://service.example/e/", "https://service.example:444/e/", "https://service.example/console/",
        "https://service.example/", "https://service.example/engineer", f"{OURS}/e/#wechat=1", f"{OURS}/e/\\x", " ",
        f"{OURS}/e/修", f"{OURS}/e/a\nb", f"x{OURS}/e/", "/e/", "javascript:0",
    ],
)  # fmt: skip
def test_no_other_address_is_signed(phone: Phone, tickets: Tickets, url: str) -> None:
    assert refusal(phone("GET", "/js-sdk", url=url))[0] == 422
    assert tickets.asked == [], "the platform is not asked for it"


@given(st.text(max_size=60))
def test_whatever_is_asked_only_our_pages_without_fragment_pass(url: str) -> None:
    try:
        PageSigner(NoPageTickets(), OURS, PAGES).must_be_ours(url)
    except BadPage:
        return
    assert url.startswith(f"{OURS}/e")
    assert "#" not in url


def test_nobody_who_is_not_signed_in_gets_one(phone: Phone, tickets: Tickets) -> None:
    nobody = Phone(phone.client)
    for url in (f"{OURS}/e/", "https://evil.example/"):
        assert refusal(nobody("GET", "/js-sdk", url=url)) == (401, "unauthorized")
    assert refusal(phone("GET", "/js-sdk"))[0] == 422
    assert tickets.asked == []


def test_a_phone_asks_only_so_often(phone: Phone) -> None:
    answers = [phone("GET", "/js-sdk", url=f"{OURS}/e/").status_code for _ in range(OF_DEVICE[0] + 1)]
    assert answers == [200] * OF_DEVICE[0] + [429]


def test_without_wechat_the_answer_says_how_else(
    runtime: Runtime, world: World, phone: Phone, tickets: Tickets
) -> None:
    tickets.away = True
    assert refusal(phone("GET", "/js-sdk", url=f"{OURS}/e/")) == (503, "platform_away")
    alone = signed_in(runtime, world, NoPageTickets())
    assert refusal(alone("GET", "/js-sdk", url=f"{OURS}/e/")) == (503, "platform_away")
