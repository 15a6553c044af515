"""The processes behind jobs: woken at once, outliving their servers, ending when told, and not doubling each other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine, text

from adapters import embedded
from adapters.runtime import now
from domain.kit.unit_of_work import Runtime
from jobs.context import Jobs
from jobs.listen import keep_relaying
from jobs.outbox import relay, sweep
from jobs.queueing import queue_depth
from jobs.schedule import SCHEDULE, Every, keep, keep_months, run_once
from tests.jobs.doing import Rang, count, events, jobs_with, ring
from tests.runtime import Clock, at_once


@contextmanager
def running(work: Callable[[threading.Event], None]) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=30)
        assert not thread.is_alive()


def soon(true: Callable[[], object], within: float = 20.0) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.01)
    return False


def cut_connections(runtime: Runtime) -> None:
    """End every other session of the test's database, as a restart of the server does."""
    cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    with runtime.transaction() as uow:
        uow.session.execute(text(cut + "WHERE datname = current_database() AND pid <> pg_backend_pid()"))


@pytest.fixture
def jobs(fresh_runtime: Runtime, valkey: Redis) -> Jobs:
    return jobs_with(fresh_runtime, valkey, reactions={Rang: [count]})


def test_a_commit_wakes_the_relay_before_its_poll(jobs: Jobs) -> None:
    """Here the poll would come in an hour."""
    stop, looked = threading.Event(), threading.Event()

    def look(jobs: Jobs) -> int:
        moved = relay(jobs)
        looked.set()
        return moved

    thread = threading.Thread(target=keep_relaying, args=(jobs, stop, look, 3_600), daemon=True)
    thread.start()
    assert looked.wait(20), "it listens and has found nothing"
    ring(jobs.runtime)
    assert soon(lambda: queue_depth(jobs.valkey) == 1)
    stop.set()
    ring(jobs.runtime, "the end")
    thread.join(timeout=30)
    assert not thread.is_alive()


def test_the_relay_outlives_trouble_of_queue_and_database(jobs: Jobs) -> None:
    trouble: list[Exception] = [RedisError(), KeyError()]

    def unlucky(jobs: Jobs) -> int:
        if trouble:
            raise trouble.pop()
        return relay(jobs)

    bind = jobs.runtime.sessions.kw["bind"]
    assert isinstance(bind, Engine)
    with running(lambda stop: keep_relaying(jobs, stop, unlucky)):
        assert soon(lambda: not trouble)
        cut_connections(jobs.runtime)
        bind.dispose()
        ring(jobs.runtime)
        assert soon(lambda: queue_depth(jobs.valkey) == 1)


def test_one_rows_failure_stops_no_other_and_is_tried_again(jobs: Jobs, clock: Clock) -> None:
    """Time moves only while the last row runs: by then the rows before it know when they are due again."""
    ran: list[str] = []
    steps = iter([timedelta(0), timedelta(seconds=3), timedelta(0), timedelta(hours=1)])

    def fails(jobs: Jobs) -> None:
        ran.append("fails")
        raise RedisError

    def works(jobs: Jobs) -> None:
        ran.append("works")

    def moves(jobs: Jobs) -> None:
        clock.advance(seconds=next(steps, timedelta(0)).total_seconds())

    hour = timedelta(hours=1)
    with running(lambda stop: keep(jobs, stop, [Every(hour, fails), Every(hour, works), Every(timedelta(0), moves)])):
        assert soon(lambda: ran == ["fails", "works", "fails", "fails", "works"])


def test_two_schedulers_do_not_run_the_same_thing_at_once(jobs: Jobs) -> None:
    ran: list[float] = []

    def slow(jobs: Jobs) -> None:
        ran.append(time.monotonic())
        time.sleep(0.3)

    row = Every(timedelta(hours=1), slow)
    at_once(3, lambda _: run_once(jobs, row, set()))
    assert len(ran) == 1


def test_months_are_made_ahead_and_dropped_when_over(jobs: Jobs, clock: Clock) -> None:
    def partitions() -> set[str]:
        with jobs.runtime.transaction() as uow:
            return set(uow.session.scalars(text("SELECT relname FROM pg_class WHERE relname LIKE 'outbox_2%'")))

    keep_months(jobs)
    assert "outbox_2026_05" in partitions()
    clock.at = datetime(2026, 9, 2, tzinfo=UTC)
    keep_months(jobs)
    assert {"outbox_2026_09", "outbox_2026_12"} <= partitions()
    assert "outbox_2026_05" not in partitions()


def test_rows_that_came_before_their_month_move_into_it(jobs: Jobs, clock: Clock) -> None:
    clock.at = datetime(2027, 3, 5, tzinfo=UTC)
    ring(jobs.runtime, "early")
    keep_months(jobs)
    with jobs.runtime.transaction() as uow:
        assert uow.session.scalars(text("SELECT kind FROM outbox_2027_03")).all() == ["Rang"]
        assert uow.session.scalars(text("SELECT kind FROM outbox_default")).all() == []
    ring(jobs.runtime, "later")
    assert [row.id for row in events(jobs.runtime)] == [1, 2]
    assert relay(jobs) == 2


def test_the_timetable_keeps_its_promises() -> None:
    periods = {row.name: row.period for row in SCHEDULE}
    assert periods["sweep"] <= timedelta(seconds=10)
    assert periods["replay"] <= timedelta(seconds=1)
    assert periods["enqueue_due"] <= timedelta(seconds=1), "a turn's second message follows a second later"
    assert len(periods) == len(SCHEDULE)


WORKER = """
import sys
from redis import Redis
from tests.jobs.doing import Channel, Rang, count, jobs_with
from tests.runtime import KEYRING, Ids
from adapters import database
from adapters.runtime import now
from domain.kit.unit_of_work import Runtime
from jobs.worker import work
from sqlalchemy.orm import sessionmaker
engine = database.engine(sys.argv[1], KEYRING, size=3)
runtime = Runtime(sessionmaker(engine, expire_on_commit=False), now, Ids(), KEYRING)
valkey = Redis.from_url(sys.argv[2], socket_timeout=2)
work(jobs_with(runtime, valkey, Channel(), {Rang: [count]}), Redis.from_url(sys.argv[2]))
"""


@pytest.fixture
def worker(fresh_runtime: Runtime) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    bind = fresh_runtime.sessions.kw["bind"]
    assert isinstance(bind, Engine)

    def start(valkey_url: str) -> subprocess.Popen[bytes]:
        url = bind.url.render_as_string(hide_password=False)
        root = Path(__file__).parents[2]
        environment = {**os.environ, "PYTHONPATH": str(root)}
        started.append(subprocess.Popen([sys.executable, "-c", WORKER, url, valkey_url], cwd=root, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def tallied(runtime: Runtime) -> int:
    with runtime.transaction() as uow:
        return int(uow.session.connection().exec_driver_sql("SELECT count(*) FROM tally").scalar_one())


def test_a_worker_outlives_its_queue_and_its_database_and_ends_when_told(
    fresh_runtime: Runtime, tmp_path: Path, worker: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    runtime = replace(fresh_runtime, clock=now)  # the worker's own clock runs too
    with runtime.transaction() as uow:
        uow.session.connection().exec_driver_sql("CREATE TABLE tally (bell text, at timestamptz)")
    server = embedded.Valkey(tmp_path, fsync=False)
    with embedded.running(server) as url:
        process = worker(url)
        jobs = jobs_with(runtime, Redis.from_url(url), reactions={Rang: [count]})
        ring(runtime)
        relay(jobs)
        assert soon(lambda: tallied(runtime) == 1)
    time.sleep(1.5)
    assert process.poll() is None, "the queue's end is not the worker's"
    with embedded.running(server) as url:
        cut_connections(runtime)
        ring(runtime)
        relay(jobs)
        # The job may have met the broken connection: then the sweep brings it back, here a minute early.
        sweeping = jobs_with(
            replace(runtime, clock=lambda: now() + timedelta(minutes=1)), jobs.valkey, None, {Rang: [count]}
        )
        assert soon(lambda: sweep(sweeping) == 0 and tallied(runtime) == 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    assert [row.state for row in events(runtime)] == ["done", "done"]
