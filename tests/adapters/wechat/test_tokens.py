"""One token for all, asked for once; and work goes on when Valkey does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from adapters.wechat.credentials import Credentials
from adapters.wechat.tokens import Tokens
from tests.runtime import Clock, at_once

WHO = Credentials("wx1", "secret")


class Platform:
    """Counts; a new token each time, like a platform whose old one was spoilt."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, who: Credentials) -> tuple[str, int]:
        self.asked += 1
        return f"token-{self.asked}", 7200


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def process(platform: Platform, valkey: Redis, clock: Clock) -> Callable[[], Tokens]:
    """Makes another process's view."""
    return lambda: Tokens(valkey, platform, clock)


@pytest.fixture
def away() -> Redis:
    return Redis(unix_socket_path="/nonexistent/valkey.sock", retry=Retry(NoBackoff(), 0))


def test_eight_threads_of_one_process_ask_once(platform: Platform, process: Callable[[], Tokens]) -> None:
    tokens = process()
    assert at_once(8, lambda _: tokens.get(WHO)) == ["token-1"] * 8
    assert platform.asked == 1


def test_eight_processes_ask_once(platform: Platform, process: Callable[[], Tokens]) -> None:
    processes = [process() for _ in range(8)]
    assert at_once(8, lambda number: processes[number].get(WHO)) == ["token-1"] * 8
    assert platform.asked == 1


def test_a_refused_token_is_renewed_once_for_all(platform: Platform, process: Callable[[], Tokens]) -> None:
    processes = [process() for _ in range(8)]
    for one in processes:
        one.get(WHO)
    assert at_once(8, lambda number: processes[number].get(WHO, refused="token-1")) == ["token-2"] * 8
    assert platform.asked == 2


def test_a_token_is_given_up_two_minutes_before_its_end(
    platform: Platform, process: Callable[[], Tokens], clock: Clock
) -> None:
    tokens = process()
    tokens.get(WHO)
    clock.advance(seconds=7200 - 121)
    assert tokens.get(WHO) == "token-1"
    clock.advance(seconds=2)
    assert tokens.get(WHO) == "token-2"


def test_without_valkey_each_process_keeps_its_own(platform: Platform, away: Redis, clock: Clock) -> None:
    tokens = Tokens(away, platform, clock)
    assert at_once(8, lambda _: tokens.get(WHO)) == ["token-1"] * 8
    assert tokens.get(WHO, refused="token-1") == "token-2"
    assert platform.asked == 2


def test_accounts_have_tokens_of_their_own(process: Callable[[], Tokens]) -> None:
    tokens = process()
    assert tokens.get(WHO) != tokens.get(Credentials("wx2", "other"))


def test_a_holder_of_the_lock_that_died_is_waited_out(
    platform: Platform, process: Callable[[], Tokens], valkey: Redis
) -> None:
    valkey.set("weixiu:token-lock:wx1", "gone", px=200)
    assert process().get(WHO) == "token-1"
