"""The ledger's sums follow its entries: what was posted since the last look is added up, some at a time."""

from __future__ import annotations

from domain.ledger import counting
from jobs.context import Jobs

MOST = 20
"""Batches a look: the scheduler has other things to do, and the next look comes soon."""


def count_entries(jobs: Jobs) -> int:
    """Count what is uncounted; returns how many entries that was."""
    done = 0
    for _ in range(MOST):
        with jobs.runtime.transaction() as uow:
            counted = counting.count(uow)
        done += counted
        if counted < counting.AT_ONCE:
            break
    return done
