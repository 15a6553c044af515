"""The ticket for WeChat's JS-SDK against the pretend platform: fetched once for all, kept until shortly before its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from adapters.wechat.client import TICKET, TOKEN, WeChat
from adapters.wechat.credentials import Credentials
from adapters.wechat.page_tickets import WeChatPageTickets
from engineer_app.platform import PlatformAway
from sandbox.app import AccountConfig, Platform
from sandbox.clock import Clock as PlatformClock
from sandbox.server import Running, serve
from tests.runtime import Clock, at_once

APP_ID, SECRET = "wx0123456789abcdef", "secret"


@pytest.fixture
def platform(clock: Clock) -> Iterator[Running]:
    account = AccountConfig(APP_ID, SECRET, "token", "A" * 43, "http://127.0.0.1:9/nobody")
    with serve(Platform([account], clock=PlatformClock(lambda: clock.at.timestamp()))) as running:
        yield running


def process(url: str, valkey: Redis, clock: Clock, secret: str = SECRET) -> WeChatPageTickets:
    return WeChatPageTickets(WeChat(url, lambda account_id: Credentials(APP_ID, secret), valkey, clock, (0.5, 2.0)))


def calls(platform: Running, path: str) -> int:
    return len([row for row in platform.platform.log.rows() if row["what"] == path])


def test_many_processes_ask_once_and_share(platform: Running, valkey: Redis, clock: Clock) -> None:
    processes = [process(platform.url, valkey, clock) for _ in range(6)]
    told = at_once(6, lambda number: processes[number].ticket("ac_1"))
    assert len(set(told)) == 1
    assert told[0][0] == APP_ID
    assert (calls(platform, TICKET), calls(platform, TOKEN)) == (1, 1)


def test_a_ticket_is_fetched_anew_before_it_ends(platform: Running, valkey: Redis, clock: Clock) -> None:
    one = process(platform.url, valkey, clock)
    first = one.ticket("ac_1")
    clock.advance(hours=2, minutes=1)
    assert one.ticket("ac_1") != first
    assert calls(platform, TICKET) == 2


def test_a_token_that_was_spoilt_is_renewed_on_the_way(platform: Running, valkey: Redis, clock: Clock) -> None:
    one = process(platform.url, valkey, clock)
    one.wechat.tokens.get(Credentials(APP_ID, SECRET))
    platform.platform.accounts[APP_ID].tokens.spoil()
    assert one.ticket("ac_1")[0] == APP_ID


def test_the_ticket_and_the_token_are_not_mixed_up(platform: Running, valkey: Redis, clock: Clock) -> None:
    one = process(platform.url, valkey, clock)
    _, ticket = one.ticket("ac_1")
    assert ticket != one.wechat.tokens.get(Credentials(APP_ID, SECRET))
    assert valkey.exists(f"weixiu:token:{APP_ID}", f"weixiu:jsapi-ticket:{APP_ID}") == 2


def test_a_platform_that_is_away_or_says_no_is_said_in_words(platform: Running, valkey: Redis, clock: Clock) -> None:
    with pytest.raises(PlatformAway, match="相机"):
        process(platform.url, valkey, clock, secret="wrong").ticket("ac_1")
    platform.platform.faults.set({"api_5xx": 1})
    with pytest.raises(PlatformAway, match="手工输入"):
        process(platform.url, valkey, clock).ticket("ac_1")
    with pytest.raises(PlatformAway):
        process("http://127.0.0.1:9", valkey, clock).ticket("ac_1")
    assert process(platform.url, valkey, clock).ticket("ac_1"), "nothing of a failure is kept"
