"""What time does to appointments: holds end, questions lapse, evenings remind, promises are missed."""

from __future__ import annotations

from domain.appointments import changes, following
from jobs.context import Jobs


def drop_expired_holds(jobs: Jobs) -> None:
    with jobs.runtime.transaction() as uow:
        following.drop_expired(uow)


def lapse_change_requests(jobs: Jobs) -> None:
    with jobs.runtime.transaction() as uow:
        changes.lapse_changes(uow)


def remind_of_tomorrow(jobs: Jobs) -> None:
    """In the evening only; at other times it looks at the clock and goes."""
    with jobs.runtime.transaction() as uow:
        following.remind(uow)


def miss_unkept_appointments(jobs: Jobs) -> None:
    with jobs.runtime.transaction() as uow:
        following.miss_unkept(uow)
