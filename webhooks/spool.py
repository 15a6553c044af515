"""Where verified pushes wait while the database is away: a Valkey stream, on disk before anything is answered.

`jobs.spool` replays it into the inbox; while anything waits there, later messages go behind it.
"""

from __future__ import annotations

import time

import structlog
from redis import Redis, RedisError

from domain.kit.personal import Keyring, WrongKey
from domain.kit.spool import FIELD, STREAM, SpooledMessage

log = structlog.get_logger()

ON_DISK_MS = 1000
"""How long the append-only file may take to reach the disk."""
REST = 1.0
"""Seconds the database, or Valkey, is left alone after it was away, so that messages are not held up by knocking."""


class SpoolFailed(Exception):
    """Nothing was written down: the platform must deliver again."""


class Spool:
    """The writing end. One per process; remembers that the database was away."""

    def __init__(self, valkey: Redis, keyring: Keyring) -> None:
        self.valkey, self.keyring = valkey, keyring
        self.quiet_until = self.unreachable_until = 0.0
        self.filling = True  # the process before this one may have been shot while the database was away

    def put(self, message: SpooledMessage) -> None:
        """Write a push down, on disk.

        :raises SpoolFailed: it could not be written, or nobody confirmed that it is on disk
        """
        try:
            self.valkey.xadd(STREAM, {FIELD: message.seal(self.keyring)})
            local, _ = self.valkey.waitaof(1, 0, ON_DISK_MS)
        except RedisError as error:
            raise SpoolFailed("the spool is away too") from error
        if not local:
            raise SpoolFailed("the spool did not reach the disk in time")
        self.filling = True

    def remember(self, name: str, value: bytes) -> None:
        """Keep something, sealed, for a process that starts while the database is away. Best effort: it is a copy."""
        try:
            self.valkey.set(name, self.keyring.seal(value, name))
        except RedisError as error:
            log.warning("not remembered", name=name, error=type(error).__name__)

    def recall(self, name: str) -> bytes | None:
        """What was remembered under this name, or None."""
        try:
            sealed = self.valkey.get(name)
            return self.keyring.open(sealed, name) if isinstance(sealed, bytes) else None
        except (RedisError, WrongKey) as error:
            log.warning("not recalled", name=name, error=type(error).__name__)
            return None

    def rest(self) -> None:
        """The database was found away."""
        self.quiet_until = time.monotonic() + REST

    def is_ahead(self) -> bool:
        """Whether messages must go behind what is spooled: the database rests, or the stream is not empty yet.

        Valkey is asked when the process starts, and after it spooled something itself, until the stream is empty.
        """
        now = time.monotonic()
        if now < self.quiet_until:
            return True
        if not self.filling or now < self.unreachable_until:
            return False
        try:
            self.filling = bool(self.valkey.xlen(STREAM))
        except RedisError:
            self.unreachable_until = now + REST
            return False
        return self.filling
