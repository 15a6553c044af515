"""Doing what is due row by row: one transaction each, so that nobody waits for another, and what fails is put off, not lost.

To add something, name it, say what is due (leaving out `domain.kit.put_off`) and what is done with one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from domain.kit.put_off import put_off, went_well
from domain.kit.unit_of_work import UnitOfWork
from jobs.context import Jobs
from jobs.failures import place_of

Due = Callable[[UnitOfWork], Sequence[str]]
Step = Callable[[UnitOfWork, str], object]

log = structlog.get_logger()


def take_turns(jobs: Jobs, what: str, due: Due, step: Step) -> int:
    """Returns how many were done."""
    with jobs.runtime.transaction() as uow:
        found = due(uow)
    return sum(take_turn(jobs, what, id_, step) for id_ in found)


def take_turn(jobs: Jobs, what: str, id_: str, step: Step) -> bool:
    try:
        with jobs.runtime.transaction() as uow:
            step(uow, id_)
            went_well(uow, what, id_)
    except Exception as error:
        log.error("turn failed", work=what, row=id_, error=place_of(error))
        with jobs.runtime.transaction() as uow:
            put_off(uow, what, id_, jobs.chance)
        return False
    return True
