"""Signing in on a page inside WeChat against the pretend platform, and what its noes become for the engineer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from redis import Redis

from adapters.wechat.client import WeChat
from adapters.wechat.credentials import Credentials
from adapters.wechat.web_authorization import OPEN, WeChatWebAuthorization
from engineer_app.platform import CodeRefused, PlatformAway, SnapshotUser
from sandbox.app import AccountConfig, Platform
from sandbox.people import Person
from sandbox.server import Running, serve

APP_ID, SECRET = "wx0123456789abcdef", "secret"
BACK = "https://service.example/e/wechat/back"


@pytest.fixture
def platform() -> Iterator[Running]:
    account = AccountConfig(APP_ID, SECRET, "token", "A" * 43, "http://127.0.0.1:9/nobody")
    with serve(Platform([account], residents=("王小明",))) as running:
        yield running


@pytest.fixture
def person(platform: Running) -> Person:
    [person] = platform.platform.people.values()
    return person


def on(url: str, valkey: Redis, open_url: str) -> WeChatWebAuthorization:
    def credentials(account_id: str) -> Credentials:
        return Credentials(APP_ID, SECRET)

    return WeChatWebAuthorization(
        WeChat(url, credentials, valkey, lambda: datetime.now(UTC), (0.5, 1.0)), open_url
    )  # fmt: skip


@pytest.fixture
def wechat(platform: Running, valkey: Redis) -> WeChatWebAuthorization:
    return on(platform.url, valkey, platform.url)


def code(wechat: WeChatWebAuthorization, person: Person) -> str:
    """Goes the browser's way: to the page, as this person, back."""
    asked = urlsplit(wechat.address("ac_1", BACK, "ab12"))
    query = {name: values[0] for name, values in parse_qs(asked.query).items()}
    page = requests.get(f"{asked.scheme}://{asked.netloc}{asked.path}", params=query, timeout=5)
    assert person.name in page.text
    answer = requests.get(
        f"{asked.scheme}://{asked.netloc}{asked.path}/as", params={**query, "openid": person.openid}, timeout=5,
        allow_redirects=False,
    )  # fmt: skip
    back = urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == BACK
    return parse_qs(back.query)["code"][0]


def test_the_address_has_what_the_platform_wants_in_its_order(valkey: Redis) -> None:
    assert on("http://127.0.0.1:9", valkey, OPEN).address("ac_1", BACK, "ab12") == (
        f"https://open.weixin.qq.com/connect/oauth2/authorize?appid={APP_ID}"
        "&redirect_uri=https%3A%2F%2Fservice.example%2Fe%2Fwechat%2Fback"
        "&response_type=code&scope=snsapi_base&state=ab12#wechat_redirect"
    )


def test_a_code_says_who_it_is_once(wechat: WeChatWebAuthorization, person: Person) -> None:
    given = code(wechat, person)
    assert wechat.openid("ac_1", given) == person.openid
    with pytest.raises(CodeRefused, match="已用过"):
        wechat.openid("ac_1", given)
    with pytest.raises(CodeRefused):
        wechat.openid("ac_1", "nonsense")


def test_a_snapshot_account_is_nobody(wechat: WeChatWebAuthorization, platform: Running, person: Person) -> None:
    platform.platform.faults.set({"snapshot_users": True})
    with pytest.raises(SnapshotUser, match="快照页"):
        wechat.openid("ac_1", code(wechat, person))


def test_a_platform_that_is_away_is_said_in_words(
    wechat: WeChatWebAuthorization, platform: Running, valkey: Redis
) -> None:
    platform.platform.faults.set({"api_5xx": 1})
    with pytest.raises(PlatformAway, match="手机号"):
        wechat.openid("ac_1", "c1")
    with pytest.raises(PlatformAway):
        on("http://127.0.0.1:9", valkey, OPEN).openid("ac_1", "c1")
