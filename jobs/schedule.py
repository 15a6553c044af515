"""★ What runs when, by itself. To add something, add a row; it must bear being run twice and being left out.

The scheduler's own loop, not RQ's cron: these must run while Valkey is away, most of them more often than a queue
should be filled with them, and two schedulers must not double them (docs/decisions).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

import structlog
from sqlalchemy import func, select, text

from bot.guiding import ask_how_it_went
from domain.access import sessions as staff_sessions
from domain.customers import proving
from domain.customers import sessions as customer_sessions
from domain.engineers import devices
from domain.engineers.expiry import note_ended_certificates
from domain.kit.partitions import drop_months, make_months
from domain.knowledge import operations as knowledge
from domain.knowledge.queries import due_callbacks
from domain.notices.operations import forget_old_keys
from jobs.appointments import (
    drop_expired_holds,
    lapse_change_requests,
    miss_unkept_appointments,
    remind_of_tomorrow,
)
from jobs.clocks import watch_clocks
from jobs.context import Jobs
from jobs.covers import keep_covers
from jobs.deliver import enqueue_due
from jobs.dispatching import expire_offers, find_forgotten, try_waiting_again
from jobs.failures import place_of
from jobs.feedback import age_figures, ask_surveys, decide_low_ratings, escalate_complaints, stop_needless_clocks
from jobs.ledger import count_entries
from jobs.outbox import sweep
from jobs.paging import call_again
from jobs.payments import fetch_statements, forget_old_bills, look_at_due_money
from jobs.pictures import forget_unused_pictures
from jobs.planning import plan_tomorrow
from jobs.prices import follow_prices
from jobs.spool import replay
from jobs.uploads import sweep_uploads

PAUSE = 0.25
"""Seconds between looks at the table."""

log = structlog.get_logger()


def keep_months(jobs: Jobs) -> None:
    """Make the partitions ahead, drop those past keeping. Gives way at once to whoever uses the tables."""
    with jobs.runtime.transaction() as uow:
        uow.session.execute(text("SET LOCAL lock_timeout = '2s'"))
        make_months(uow.session.connection(), uow.today)
        for name in drop_months(uow.session.connection(), uow.today):
            log.info("month dropped", partition=name)


def call_back(jobs: Jobs) -> int:
    """Ask how self-help went, where the time for it has come: one person a transaction, so that nobody waits for another,
    and whoever cannot be asked holds nobody up."""
    with jobs.runtime.transaction() as uow:
        due = [case.id for case in due_callbacks(uow, limit=20)]
    for case_id in due:
        try:
            with jobs.runtime.transaction() as uow:
                ask_how_it_went(uow, case_id)
        except Exception as error:
            with jobs.runtime.transaction() as uow:
                knowledge.put_off(uow, case_id)
            log.error("not asked how it went", case=case_id, error=place_of(error))
    return len(due)


def forget_sessions(jobs: Jobs) -> None:
    """Delete the sessions and the one-time codes that no longer open anything."""
    with jobs.runtime.transaction() as uow:
        customer_sessions.forget_old_sessions(uow)
        proving.forget_old(uow)
        staff_sessions.forget_old_sessions(uow)
        devices.forget_old_codes(uow)


def certificates_ending(jobs: Jobs) -> int:
    """Whoever's certificate ended today cannot keep what is planned for it."""
    with jobs.runtime.transaction() as uow:
        return note_ended_certificates(uow)


def forget_notice_keys(jobs: Jobs) -> None:
    """Drop the keys of notices of long ago, some thousands a transaction."""
    gone = 1
    while gone:
        with jobs.runtime.transaction() as uow:
            gone = forget_old_keys(uow)


@dataclass(frozen=True)
class Every:
    """One row: ``run`` every ``period``, and after a failure again after ``retry``."""

    period: timedelta
    run: Callable[[Jobs], object]
    retry: timedelta = timedelta(seconds=2)

    @property
    def name(self) -> str:
        return self.run.__name__


SCHEDULE: Sequence[Every] = [
    Every(timedelta(seconds=0.5), enqueue_due),
    Every(timedelta(seconds=1), replay),
    Every(timedelta(seconds=2), expire_offers),
    Every(timedelta(seconds=2), try_waiting_again),
    Every(timedelta(seconds=2), look_at_due_money),
    Every(timedelta(seconds=5), sweep),
    Every(timedelta(seconds=5), watch_clocks),
    Every(timedelta(seconds=10), call_again),
    Every(timedelta(seconds=10), count_entries),
    Every(timedelta(seconds=20), call_back),
    Every(timedelta(seconds=30), drop_expired_holds),
    Every(timedelta(seconds=30), lapse_change_requests),
    Every(timedelta(seconds=30), remind_of_tomorrow),
    Every(timedelta(seconds=30), decide_low_ratings),
    Every(timedelta(minutes=1), escalate_complaints),
    Every(timedelta(seconds=20), follow_prices),
    Every(timedelta(seconds=20), keep_covers),
    Every(timedelta(minutes=1), find_forgotten),
    Every(timedelta(minutes=1), plan_tomorrow),
    Every(timedelta(minutes=2), miss_unkept_appointments),
    Every(timedelta(minutes=5), stop_needless_clocks),
    Every(timedelta(minutes=10), ask_surveys),
    Every(timedelta(minutes=10), fetch_statements),
    Every(timedelta(hours=1), forget_sessions),
    Every(timedelta(hours=1), certificates_ending),
    Every(timedelta(hours=6), forget_unused_pictures),
    Every(timedelta(hours=6), sweep_uploads),
    Every(timedelta(hours=24), forget_notice_keys),
    Every(timedelta(hours=24), age_figures),
    Every(timedelta(hours=24), forget_old_bills),
    Every(timedelta(hours=24), keep_months, retry=timedelta(minutes=5)),
]


def keep(jobs: Jobs, stop: Event, schedule: Sequence[Every] = SCHEDULE) -> None:
    """Run the table until ``stop``. A failure is logged when it begins and when it ends, and stops nothing else."""
    due = {row.name: jobs.runtime.clock() for row in schedule}
    failing: set[str] = set()
    while not stop.is_set():
        for row in schedule:
            if due[row.name] <= jobs.runtime.clock() and not stop.is_set():
                due[row.name] = run_once(jobs, row, failing)
        stop.wait(PAUSE)


def run_once(jobs: Jobs, row: Every, failing: set[str]) -> datetime:
    """Run one row, unless another scheduler is at it, and say when it is due again."""
    try:
        with jobs.runtime.transaction() as uow:
            ours = func.pg_try_advisory_xact_lock(func.hashtextextended(f"schedule {row.name}", 0))
            if uow.session.scalar(select(ours)):
                row.run(jobs)
    except Exception as error:
        if row.name not in failing:
            log.error("scheduled work fails", work=row.name, error=place_of(error))
        failing.add(row.name)
        return jobs.runtime.clock() + row.retry
    if row.name in failing:
        failing.remove(row.name)
        log.info("scheduled work runs again", work=row.name)
    return jobs.runtime.clock() + row.period
