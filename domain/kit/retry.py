"""How long to wait before trying again, for everything that is tried again: reactions and messages to people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

MAX_ATTEMPTS = 8
"""After this many failures a thing is dead: it waits for a person in the console."""

FIRST, FACTOR, LONGEST = 2.0, 3.0, 3600.0
"""Seconds, and growth: 2, 6, 18 … so that eight attempts span more than half an hour."""


def wait_after(failures: int, chance: Callable[[], float]) -> timedelta:
    """The pause after the ``failures``-th failure, ± a half so that what failed together does not come back together.

    ``chance`` gives numbers in [0, 1).
    """
    plain = min(FIRST * FACTOR ** (failures - 1), LONGEST)
    return timedelta(seconds=plain * (0.5 + chance()))
