"""Signing in against the pretend platform, and what its noes become for the customer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from redis import Redis

from adapters.wechat.client import WeChat
from adapters.wechat.credentials import Credentials
from adapters.wechat.mini_program import PHONE, SESSION, WeChatMiniPrograms
from consumer_app.platform import CodeRefused, ForeignNumber, Identity, PersonBlocked, PlatformAway
from sandbox.app import AccountConfig, Platform
from sandbox.people import Person
from sandbox.server import Running, serve
from tests.adapters.wechat.scripted import Scripted, scripted

APP_ID, SECRET = "wx0123456789abcdef", "secret"


@pytest.fixture
def platform() -> Iterator[Running]:
    account = AccountConfig(APP_ID, SECRET, "token", "A" * 43, "http://127.0.0.1:9/nobody", kind="mini_program")
    with serve(Platform([account], residents=("王小明",))) as running:
        yield running


@pytest.fixture
def person(platform: Running) -> Person:
    [person] = platform.platform.people.values()
    return person


def client(url: str, valkey: Redis) -> WeChatMiniPrograms:
    def credentials(account_id: str) -> Credentials:
        return Credentials(APP_ID, SECRET, "mini_program")

    return WeChatMiniPrograms(WeChat(url, credentials, valkey, lambda: datetime.now(UTC), (0.5, 0.3)))


@pytest.fixture
def mini_program(platform: Running, valkey: Redis) -> WeChatMiniPrograms:
    return client(platform.url, valkey)


def code(platform: Running, person: Person, kind: str, value: str = "c1") -> str:
    platform.platform.login_codes[value] = (kind, person.openid, platform.platform.clock.now() + 300)
    return value


def test_a_code_says_who_it_is_without_any_token(
    platform: Running, person: Person, mini_program: WeChatMiniPrograms
) -> None:
    assert mini_program.identity("ac", code(platform, person, "login")) == Identity(person.openid, person.union_id)
    assert [row["what"] for row in platform.platform.log.rows()] == [SESSION]
    assert SECRET not in platform.platform.log.rows()[0]["request"]
    with pytest.raises(CodeRefused):
        mini_program.identity("ac", "c1")


def test_a_phone_is_the_persons_own(platform: Running, person: Person, mini_program: WeChatMiniPrograms) -> None:
    assert mini_program.phone("ac", code(platform, person, "phone"), person.openid) == person.phone
    with pytest.raises(CodeRefused):
        mini_program.phone("ac", code(platform, person, "phone", "c2"), "somebody-else")
    with pytest.raises(CodeRefused):
        mini_program.phone("ac", "never-given", person.openid)


def test_a_spoilt_token_costs_one_more_call(
    platform: Running, person: Person, mini_program: WeChatMiniPrograms
) -> None:
    mini_program.phone("ac", code(platform, person, "phone"), person.openid)
    platform.platform.accounts[APP_ID].tokens.spoil()
    assert mini_program.phone("ac", code(platform, person, "phone", "c2"), person.openid) == person.phone
    assert len([row for row in platform.platform.log.rows() if row["what"] == PHONE]) == 3


@pytest.fixture
def said() -> Iterator[Scripted]:
    with scripted() as platform:
        yield platform


INFO = {"phoneNumber": "+8613812345678", "purePhoneNumber": "13812345678", "countryCode": "86"}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"errcode": 40029, "errmsg": "invalid code rid: 1-2-3"}, CodeRefused),
        ({"errcode": 45011, "errmsg": "too often"}, PlatformAway),
        ({"errcode": -1, "errmsg": "busy"}, PlatformAway),
        ({"errcode": 40013, "errmsg": "appid"}, PlatformAway),
        ({"errcode": 99999, "errmsg": "new"}, PlatformAway),
        ({"errcode": 0, "phone_info": {**INFO, "countryCode": "852"}}, ForeignNumber),
        ({"errcode": 0, "phone_info": {}}, PlatformAway),
        ((502, "bad gateway"), PlatformAway),
        ((200, "not json"), PlatformAway),
        (1.0, PlatformAway),
    ],
)
def test_every_no_is_told_in_words_for_the_customer(
    said: Scripted, valkey: Redis, answer: object, error: type[Exception]
) -> None:
    said.answers.append(answer)
    with pytest.raises(error) as caught:
        client(said.url, valkey).phone("ac", "c1", "oWang")
    assert not any(word in str(caught.value) for word in ("errcode", "rid", "4001", SECRET, "token"))


def test_the_number_without_its_country_is_kept(said: Scripted, valkey: Redis) -> None:
    said.answers.append({"errcode": 0, "phone_info": INFO})
    assert client(said.url, valkey).phone("ac", "c1", "oWang") == "13812345678"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"errcode": 40226, "errmsg": "blocked"}, PersonBlocked),
        ({"errcode": 40163, "errmsg": "used"}, CodeRefused),
        ({"session_key": "k"}, PlatformAway),
    ],
)
def test_who_cannot_sign_in_hears_why(
    said: Scripted, valkey: Redis, answer: dict[str, object], error: type[Exception]
) -> None:
    said.answers.append(answer)
    with pytest.raises(error):
        client(said.url, valkey).identity("ac", "c1")


def test_a_person_without_unionid_is_known_by_the_openid_alone(said: Scripted, valkey: Redis) -> None:
    said.answers.append({"openid": "oWang", "session_key": "k"})
    assert client(said.url, valkey).identity("ac", "c1") == Identity("oWang", None)


def test_nobody_there_is_the_platform_away(valkey: Redis) -> None:
    with pytest.raises(PlatformAway):
        client("http://127.0.0.1:9", valkey).identity("ac", "c1")
