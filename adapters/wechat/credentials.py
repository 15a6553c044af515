"""Which app id and secret an account calls with: read from the database, remembered for a minute."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from domain.kit.unit_of_work import Runtime
from domain.organizations.model import OFFICIAL_ACCOUNT, Account

REMEMBERED = 60.0
"""Seconds until a changed secret is noticed."""


@dataclass(frozen=True)
class Credentials:
    app_id: str
    secret: str
    kind: str = OFFICIAL_ACCOUNT

    def __repr__(self) -> str:
        return f"Credentials({self.app_id})"


def credentials_from(runtime: Runtime) -> Callable[[str], Credentials]:
    """A reader of accounts by their id, raising NotFound for one that does not exist."""
    known: dict[str, tuple[float, Credentials]] = {}

    def credentials(account_id: str) -> Credentials:
        at, found = known.get(account_id, (0.0, None))
        if found is None or time.monotonic() - at > REMEMBERED:
            with runtime.transaction() as uow:
                account = uow.get(Account, account_id, called="账号")
                found = Credentials(account.app_id, account.secret, account.kind)
            known[account_id] = (time.monotonic(), found)
        return found

    return credentials
