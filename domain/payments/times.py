"""★ When the platform is asked again: about payments, refunds and what was delivered. Numbers are from wechat-protocol §7."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

PREPAID = timedelta(hours=2)
"""What the platform hands out to pay with lives that long, whatever the order says (§7.3)."""
MARGIN = timedelta(minutes=5)
"""What ends sooner is not offered any more: somebody may be typing a password."""
H5_LIFE = timedelta(minutes=4)
"""A page of H5 opens for five minutes."""
GRACE = timedelta(seconds=30)
"""A request that was sent may still arrive at the platform: before that, not being there proves nothing."""

LOOKS = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""After the order, then at its end: most people pay within a minute, and notices are mostly faster still."""
REFUND_LOOKS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""A refund takes seconds to the balance, up to three days to a card."""
UNSURE, LONGEST = timedelta(seconds=15), timedelta(minutes=10)
"""The pause after no certain answer, doubled each time, and its bound."""
SHIPPING = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


def after_unsure(times: int) -> timedelta:
    """The pause after the ``times``-th uncertain answer in a row."""
    doubled: int = 2 ** min(max(times - 1, 0), 10)
    return min(UNSURE * doubled, LONGEST)


def next_look(asked_at: datetime, expires_at: datetime, now: datetime) -> datetime:
    """When an open payment is asked about next: it is closed at its end."""
    for pause in LOOKS:
        if asked_at + pause > now and asked_at + pause < expires_at:
            return asked_at + pause
    return max(expires_at, now + UNSURE)


def step(pauses: Sequence[timedelta], times: int) -> timedelta:
    """The ``times``-th pause (from 0) of a growing list, its last one for ever."""
    return pauses[min(times, len(pauses) - 1)]
