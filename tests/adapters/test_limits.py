"""Counters in Valkey, and in the process while Valkey is away."""

from __future__ import annotations

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from adapters.limits import KEPT, Limits
from tests.runtime import KEYRING, Clock

NOWHERE = Redis(host="127.0.0.1", port=9, socket_connect_timeout=0.2, retry=Retry(NoBackoff(), 0))


@pytest.mark.parametrize("away", [False, True])
def test_so_many_in_a_window_then_no_more_until_the_next(valkey: Redis, clock: Clock, away: bool) -> None:
    limits = Limits(NOWHERE if away else valkey, KEYRING, clock)
    assert [limits.may("login", "1.2.3.4", 3, 60) for _ in range(5)] == [True] * 3 + [False] * 2
    assert limits.may("login", "1.2.3.5", 3, 60)
    assert limits.may("phone", "1.2.3.4", 3, 60)
    assert limits.may("login", "1.2.3.4", 9, 3600), "another window is counted by itself"
    clock.advance(seconds=60)
    assert limits.may("login", "1.2.3.4", 3, 60)


def test_processes_count_together_and_nobodys_address_is_kept(valkey: Redis, clock: Clock) -> None:
    one, other = Limits(valkey, KEYRING, clock), Limits(valkey, KEYRING, clock)
    assert (one.may("login", "1.2.3.4", 1, 60), other.may("login", "1.2.3.4", 1, 60)) == (True, False)
    [key] = valkey.keys("weixiu:limit:*")
    assert b"1.2.3.4" not in key
    assert 0 < valkey.ttl(key) <= 60


def test_a_process_by_itself_keeps_only_so_many(clock: Clock) -> None:
    limits = Limits(NOWHERE, KEYRING, clock)
    for number in range(KEPT + 1):
        limits.count(str(number))
    assert len(limits.own) == 1
