"""The log of every call in both directions, newest last; what a row holds is `Call`."""

import itertools
import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

KEPT = 3000  # rows; a bench run must not eat the memory


@dataclass(frozen=True)
class Call:
    """One HTTP call: `direction` is push (platform → account) or api (account → platform)."""

    id: int
    at: float
    direction: str
    app_id: str
    what: str
    status: int  # HTTP status, 0 when none came
    ms: float
    ok: bool
    openid: str = ""
    outcome: str = ""  # ok, an errcode, or how an attempt ended
    why: str = ""
    request: str = ""  # decrypted
    response: str = ""  # decrypted
    gist: str = ""  # what was said, in a few words


class CallLog:
    """A ring of calls. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._rows: deque[Call] = deque(maxlen=KEPT)

    def add(self, **columns: Any) -> Call:
        """Write one call down."""
        with self._lock:
            row = Call(id=next(self._ids), **columns)
            self._rows.append(row)
            return row

    def rows(self, *, since: int = 0, limit: int = 500, openid: str = "", direction: str = "") -> list[dict[str, Any]]:
        """Rows with an id above `since`, oldest first, the newest `limit` of them."""
        with self._lock:
            found = [
                row
                for row in self._rows
                if row.id > since and openid in ("", row.openid) and direction in ("", row.direction)
            ]
        return [asdict(row) for row in found[-limit:]]

    def clear(self) -> None:
        """Forget all rows; ids go on."""
        with self._lock:
            self._rows.clear()
