"""Access tokens: both families, their life, hand-over and limits (protocol sheet 6.1)."""

import secrets
import threading
from dataclasses import dataclass

from sandbox.errors import PlatformError

LIFE = 7200.0
HAND_OVER = 300.0  # the last five minutes, when a new token is given out and both work
FORCED_A_DAY = 20
FORCED_APART = 30.0


@dataclass
class Token:
    """One token given out; `broken` is the code it answers with since a fault switch or a forced refresh spoilt it."""

    value: str
    family: str
    expires_at: float
    broken: int = 0


class Tokens:
    """The tokens of one account. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._given: dict[str, Token] = {}
        self._latest: dict[str, Token] = {}
        self._forced: list[float] = []

    def _issue(self, family: str, now: float) -> Token:
        self._given = {value: one for value, one in self._given.items() if one.expires_at > now - LIFE}
        token = Token(f"{len(self._given) + 1}_{secrets.token_urlsafe(96)}", family, now + LIFE)
        self._given[token.value] = self._latest[family] = token
        return token

    def classic(self, now: float) -> tuple[str, int]:
        """`/cgi-bin/token`: always a new one; the one before it works for five minutes more."""
        with self._lock:
            before = self._latest.get("classic")
            if before:
                before.expires_at = min(before.expires_at, now + HAND_OVER)
            return self._issue("classic", now).value, int(LIFE)

    def stable(self, now: float, *, force: bool = False) -> tuple[str, int]:
        """`/cgi-bin/stable_token`: the same one until its last five minutes.

        :raises PlatformError: 45011 or 45009 when forced too often
        """
        with self._lock:
            current = self._latest.get("stable")
            if force:
                self._note_forced(now)
                if current:
                    current.broken = 40001
                current = None
            if current is None or current.broken or current.expires_at - now <= HAND_OVER:
                current = self._issue("stable", now)
            return current.value, int(current.expires_at - now)

    def _note_forced(self, now: float) -> None:
        self._forced = [at for at in self._forced if at > now - 86_400]
        if self._forced and now - self._forced[-1] < FORCED_APART:
            raise PlatformError(45011)
        if len(self._forced) >= FORCED_A_DAY:
            raise PlatformError(45009)
        self._forced.append(now)

    def check(self, value: str, now: float) -> None:
        """:raises PlatformError: 41001 missing, 40014 malformed, 40001 unknown or replaced, 42001 expired"""
        if not value:
            raise PlatformError(41001)
        if len(value) < 32 or len(value) > 512 or not value.replace("_", "").replace("-", "").isalnum():
            raise PlatformError(40014)
        with self._lock:
            token = self._given.get(value)
            if token is None:
                raise PlatformError(40001)
            if token.broken:
                raise PlatformError(token.broken)
            if token.expires_at <= now:
                raise PlatformError(42001)

    def knows(self, value: str) -> bool:
        """Whether this account gave the token out, alive or not."""
        with self._lock:
            return value in self._given

    def spoil(self, code: int = 42001) -> int:
        """Fault switch: every token given out answers `code` from now on; returns how many were alive."""
        with self._lock:
            alive = [one for one in self._given.values() if not one.broken]
            for one in alive:
                one.broken = code
            return len(alive)
