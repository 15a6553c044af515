"""Access tokens and JS-SDK tickets: one for all processes, fetched by one of them, kept in Valkey, and in the process when Valkey is away.

``stable_token`` gives the same token to whoever asks until its last five minutes, in which both work
(wechat-protocol §6.1): processes that cannot see each other therefore do not take each other's token away.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog
from redis import Redis
from redis.exceptions import LockError, RedisError

from adapters.wechat.credentials import Credentials

MARGIN = 120
"""Seconds before its end when a token is no longer used: inside the five minutes when its successor is given out."""

LOCK_SECONDS = 30
"""Longer than any token call, shorter than people's patience should the holder die."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Token:
    value: str
    usable_until: float

    def __repr__(self) -> str:
        return "Token(…)"


class Tokens:
    """``fetch`` asks the platform: credentials → (token, seconds it lives); ``kind`` tells one sort of them from another."""

    def __init__(
        self,
        valkey: Redis,
        fetch: Callable[[Credentials], tuple[str, int]],
        clock: Callable[[], datetime],
        kind: str = "token",
    ) -> None:
        self.valkey, self.fetch, self.clock, self.kind = valkey, fetch, clock, kind
        self.known: dict[str, Token] = {}
        self.lock = threading.Lock()

    def get(self, who: Credentials, *, refused: str = "") -> str:
        """A token believed good; never the one that was just ``refused``, unless the platform insists on it."""
        if good := self.usable(self.known.get(who.app_id), refused):
            return good.value
        with self.lock:
            if good := self.usable(self.known.get(who.app_id), refused) or self.shared(who.app_id, refused):
                self.known[who.app_id] = good
                return good.value
            with self.across_processes(who.app_id):
                new = self.shared(who.app_id, refused) or self.fetch_and_share(who)
            self.known[who.app_id] = new
            return new.value

    def usable(self, token: Token | None, refused: str) -> Token | None:
        good = token and token.value != refused and self.clock().timestamp() < token.usable_until
        return token if good else None

    def shared(self, app_id: str, refused: str) -> Token | None:
        try:
            kept = self.valkey.get(f"weixiu:{self.kind}:{app_id}")
        except RedisError:
            return None
        return self.usable(Token(**json.loads(kept)), refused) if isinstance(kept, bytes) else None

    def fetch_and_share(self, who: Credentials) -> Token:
        value, seconds = self.fetch(who)
        lasts = max(seconds - MARGIN, 1)
        token = Token(value, self.clock().timestamp() + lasts)
        try:
            self.valkey.set(f"weixiu:{self.kind}:{who.app_id}", json.dumps(vars(token)), ex=lasts)
        except RedisError:
            log.warning(f"{self.kind} kept in this process only", app_id=who.app_id)
        return token

    @contextmanager
    def across_processes(self, app_id: str) -> Iterator[None]:
        """One process at a time; without Valkey each for itself, which stable_token forgives."""
        name = f"weixiu:{self.kind}-lock:{app_id}"
        lock = self.valkey.lock(name, timeout=LOCK_SECONDS, blocking_timeout=LOCK_SECONDS)
        try:
            held = lock.acquire()
        except RedisError:
            held = False
        try:
            yield
        finally:
            if held:
                try:
                    lock.release()
                except (LockError, RedisError):
                    log.warning(f"{self.kind} lock was lost", app_id=app_id)
