"""The client against the pretend platform, which checks tokens, counts quotas and loses answers as the real one does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from redis import Redis

from adapters.wechat.client import SEND, TOKEN, WeChat
from adapters.wechat.credentials import Credentials
from jobs.channels import OutcomeUnknown, RetryLater, WindowClosed
from sandbox.app import AccountConfig, Platform
from sandbox.people import Person
from sandbox.server import Running, serve
from tests.runtime import at_once

APP_ID, SECRET = "wx0123456789abcdef", "secret"


@pytest.fixture
def platform() -> Iterator[Running]:
    account = AccountConfig(APP_ID, SECRET, "token", "A" * 43, "http://127.0.0.1:9/nobody")
    with serve(Platform([account], residents=("王小明",))) as running:
        yield running


@pytest.fixture
def person(platform: Running) -> Person:
    [person] = platform.platform.people.values()
    person.following = person.ever_followed = True
    platform.platform.send(person.openid, "text", content="在吗", wait=False)
    return person


@pytest.fixture
def client(platform: Running, valkey: Redis) -> WeChat:
    return WeChat(platform.url, lambda account_id: Credentials(APP_ID, SECRET), valkey, lambda: datetime.now(UTC))


def calls(platform: Running, path: str) -> int:
    return len([row for row in platform.platform.log.rows() if row["what"] == path])


def test_eight_threads_send_with_one_token(platform: Running, client: WeChat, person: Person) -> None:
    platform.platform.faults.set({"quota_off": True})
    assert at_once(8, lambda number: client.send_text("ac", person.openid, f"第{number}条")) == [None] * 8
    assert (calls(platform, TOKEN), calls(platform, SEND)) == (1, 8)


def test_a_spoilt_token_costs_one_more_call(platform: Running, client: WeChat, person: Person) -> None:
    client.send_text("ac", person.openid, "一")
    platform.platform.accounts[APP_ID].tokens.spoil()
    client.send_text("ac", person.openid, "二")
    assert (calls(platform, TOKEN), calls(platform, SEND)) == (2, 3)


def test_the_sixth_message_and_a_stranger_are_refused_for_good(
    platform: Running, client: WeChat, person: Person
) -> None:
    for number in range(5):
        client.send_text("ac", person.openid, str(number))
    with pytest.raises(WindowClosed, match="45047"):
        client.send_text("ac", person.openid, "5")
    stranger = platform.platform.add_person("李四")
    stranger.following = stranger.ever_followed = True
    with pytest.raises(WindowClosed, match="45015"):
        client.send_text("ac", stranger.openid, "您好")


def test_a_busy_platform_and_a_lost_answer_differ(platform: Running, client: WeChat, person: Person) -> None:
    client.send_text("ac", person.openid, "一")
    platform.platform.faults.set({"api_busy": 1})
    with pytest.raises(RetryLater):
        client.send_text("ac", person.openid, "二")
    platform.platform.faults.set({"api_lost": 1})
    with pytest.raises(OutcomeUnknown):
        client.send_text("ac", person.openid, "三")
