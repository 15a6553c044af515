"""The accounts that pushes come for: read from the database now and then, and still known while it is away."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass

from domain.kit.unit_of_work import Runtime
from domain.organizations.queries import Voice, voice
from webhooks import budget
from webhooks.spool import Spool

REMEMBERED = 10.0
"""Seconds an account's settings are used before they are read again."""


@dataclass
class Remembered:
    voice: Voice
    until: float


class Accounts:
    """One per process and kind of account. What was read last serves while the database is away; a process that starts then finds it,
    sealed, in Valkey: without an account's token no push could be checked, let alone spooled."""

    def __init__(self, runtime: Runtime, spool: Spool, kind: str) -> None:
        self.runtime, self.spool, self.kind = runtime, spool, kind
        self.kept: dict[str | None, Remembered] = {}

    def get(self, app_id: str | None) -> Voice:
        """The account of our kind with this app id, or the first one.

        :raises NotFound: no such account
        """
        kept = self.kept.get(app_id)
        if kept and kept.until > time.monotonic():
            return kept.voice
        try:
            with self.runtime.transaction() as uow:
                found = voice(uow, app_id=app_id, kind=self.kind)
        except Exception as error:
            if not budget.is_away(error):
                raise
            found = kept.voice if kept else self.recalled(app_id, error)
        else:
            self.spool.remember(self.shelf(app_id), json.dumps(asdict(found)).encode())
        self.kept[app_id] = Remembered(found, time.monotonic() + REMEMBERED)
        return found

    def recalled(self, app_id: str | None, error: Exception) -> Voice:
        known = self.spool.recall(self.shelf(app_id))
        if known is None:
            raise error
        return Voice(**json.loads(known))

    def shelf(self, app_id: str | None) -> str:
        return f"weixiu:account:{self.kind}:{app_id or 'first'}"
