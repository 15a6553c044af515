"""Counters of how often somebody does something: in Valkey for all processes, in the process while Valkey is away."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime

import structlog
from redis import Redis, RedisError

from domain.kit.personal import Keyring

log = structlog.get_logger()

KEPT = 10_000
"""Counters a process keeps by itself: beyond them it begins anew."""


class Limits:
    """Fixed windows: each begins at a multiple of its length. Who it was is kept as a keyed hash only."""

    def __init__(self, valkey: Redis, keyring: Keyring, clock: Callable[[], datetime]) -> None:
        self.valkey, self.keyring, self.clock = valkey, keyring, clock
        self.own: Counter[str] = Counter()
        self.lock = threading.Lock()

    def may(self, what: str, who: str, most: int, seconds: int) -> bool:
        """Count one more; False when it is more than ``most`` in ``seconds``."""
        window = int(self.clock().timestamp()) // seconds
        key = f"weixiu:limit:{what}:{seconds}:{self.keyring.fingerprint(what, who)}:{window}"
        try:
            with self.valkey.pipeline() as pipe:
                pipe.incr(key)
                pipe.expire(key, seconds)
                counted = pipe.execute()[0]
        except RedisError as error:
            log.warning("counted in this process only", what=what, error=type(error).__name__)
            counted = self.count(key)
        return int(counted) <= most

    def count(self, key: str) -> int:
        with self.lock:
            if len(self.own) >= KEPT:
                self.own.clear()
            self.own[key] += 1
            return self.own[key]
