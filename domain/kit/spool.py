"""What a verified push looks like while the database is away: sealed bytes in a stream, replayed through the inbox.

Written by `webhooks.spool`, read by `jobs.spool`; they agree on this file only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.kit.personal import Keyring

STREAM = "weixiu:spool"
"""The stream's name; each entry has one field, `FIELD`, that holds `SpooledMessage.seal`."""
FIELD = "sealed"
DEAD = "weixiu:spool:dead"
"""The list where entries go that cannot be read."""
PLACE = "spool.message"


@dataclass(frozen=True)
class SpooledMessage:
    """The columns of `domain.kit.inbox.Received` that are known before the turn."""

    account_id: str
    key: str
    sent_on: date
    sender: str
    received_at: datetime
    trigger: str
    content: dict[str, Any]
    unsure: bool = False
    """The database went away while committing: it may be in the inbox already, with an answer that never left."""

    @property
    def row(self) -> dict[str, Any]:
        """The columns of `Received` it fills."""
        return {name: value for name, value in vars(self).items() if name != "unsure"}

    def seal(self, keyring: Keyring) -> bytes:
        fields = {**vars(self), "sent_on": self.sent_on.isoformat(), "received_at": self.received_at.isoformat()}
        return keyring.seal(json.dumps(fields, ensure_ascii=False).encode(), PLACE)

    @classmethod
    def open(cls, keyring: Keyring, sealed: bytes) -> SpooledMessage:
        """:raises WrongKey: it does not open

        :raises ValueError, TypeError, KeyError: it was written by another version
        """
        fields = json.loads(keyring.open(sealed, PLACE))
        fields["sent_on"] = date.fromisoformat(fields["sent_on"])
        fields["received_at"] = datetime.fromisoformat(fields["received_at"])
        return cls(**fields)
