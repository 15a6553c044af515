"""Every committed event has all its effects exactly once, whatever is lost, killed or repeated on the way."""

from __future__ import annotations

import time

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy import text

from domain.kit import dead_letters
from domain.kit.errors import NotFound
from domain.kit.outbox import OutboxState, RunState
from domain.kit.retry import MAX_ATTEMPTS
from domain.kit.unit_of_work import Runtime, UnitOfWork
from jobs import tasks
from jobs.context import QUICK
from jobs.outbox import outbox_lag, relay, sweep
from jobs.queueing import queue_depth
from jobs.react import react
from jobs.reaction import Outside
from tests.jobs.doing import Channel, Rang, Tally, count, events, jobs_with, only, ring, runs, work_all
from tests.runtime import Clock, at_once


@pytest.fixture
def tally(fresh_runtime: Runtime) -> Tally:
    made = Tally(fresh_runtime)
    made.make()
    return made


def broken(uow: UnitOfWork, event: Rang) -> None:
    count(uow, event)
    raise ValueError("13800138000 is personal")


def test_an_event_reaches_its_reaction_through_the_queue(fresh_runtime: Runtime, valkey: Redis, tally: Tally) -> None:
    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: [count]})
    ring(fresh_runtime)
    assert relay(jobs) == 1
    work_all(jobs)
    assert len(tally) == 1
    assert [row.state for row in events(fresh_runtime)] == [OutboxState.DONE]


def test_a_rolled_back_change_reports_nothing(fresh_runtime: Runtime, valkey: Redis) -> None:
    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: [count]})

    def fail() -> None:
        with fresh_runtime.transaction() as uow:
            uow.emit(Rang("a"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert relay(jobs) == 0


def test_relaying_twice_and_working_twice_has_one_effect(fresh_runtime: Runtime, valkey: Redis, tally: Tally) -> None:
    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: [count]})
    ring(fresh_runtime)
    relay(jobs)
    assert relay(jobs) == 0
    event_id, at = only(fresh_runtime)
    work_all(jobs)
    tasks.react(event_id, at.isoformat(), "count")
    assert len(tally) == 1


def test_eight_workers_on_the_same_pair_have_one_effect(fresh_runtime: Runtime, valkey: Redis, tally: Tally) -> None:
    def slow(uow: UnitOfWork, event: Rang) -> None:
        count(uow, event)
        time.sleep(0.05)

    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: [slow]})
    ring(fresh_runtime)
    event_id, at = only(fresh_runtime)
    results = at_once(8, lambda _: react(jobs, event_id, at, "slow"))
    assert sorted(results) == [False] * 7 + [True]
    assert len(tally) == 1


def test_the_last_of_several_reactions_ends_the_event(fresh_runtime: Runtime, valkey: Redis, tally: Tally) -> None:
    def first(uow: UnitOfWork, event: Rang) -> None:
        time.sleep(0.05)

    def second(uow: UnitOfWork, event: Rang) -> None:
        time.sleep(0.05)

    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: [first, second]})
    ring(fresh_runtime)
    event_id, at = only(fresh_runtime)
    react(jobs, event_id, at, "first")
    assert events(fresh_runtime)[0].state != OutboxState.DONE
    ring(fresh_runtime, "b")
    later = events(fresh_runtime)[1]
    at_once(2, lambda number: react(jobs, later.id, later.at, ["first", "second"][number]))
    assert [row.state for row in events(fresh_runtime)] == [OutboxState.WAITING, OutboxState.DONE]


def test_an_event_nothing_follows_from_is_done_at_once(fresh_runtime: Runtime, valkey: Redis) -> None:
    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: []})
    ring(fresh_runtime)
    relay(jobs)
    assert events(fresh_runtime)[0].state == OutboxState.DONE
    assert queue_depth(jobs.valkey) == 0


def test_an_event_of_a_newer_version_waits_for_it(
    fresh_runtime: Runtime, valkey: Redis, tally: Tally, clock: Clock
) -> None:
    ring(fresh_runtime)
    relay(jobs_with(fresh_runtime, valkey))
    clock.advance(seconds=20)
    sweep(jobs_with(fresh_runtime, valkey))
    assert events(fresh_runtime)[0].state == OutboxState.RELAYED
    clock.advance(seconds=20)
    newer = jobs_with(fresh_runtime, valkey, reactions={Rang: [count]})
    sweep(newer)
    work_all(newer)
    assert len(tally) == 1


def test_an_emptied_queue_is_filled_again(fresh_runtime: Runtime, valkey: Redis, tally: Tally, clock: Clock) -> None:
    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: [count]})
    for bell in "abc":
        ring(fresh_runtime, bell)
    relay(jobs)
    valkey.flushall()
    assert sweep(jobs) == 0, "too early to call them lost"
    clock.advance(seconds=16)
    assert sweep(jobs) == 3
    work_all(jobs)
    assert len(tally) == 3


def test_what_still_waits_in_the_queue_is_not_queued_again(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> None:
    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: [count]})
    ring(fresh_runtime)
    relay(jobs)
    clock.advance(minutes=5)
    assert sweep(jobs) == 0
    assert queue_depth(jobs.valkey) == 1


def test_a_worker_killed_with_its_job_loses_nothing(
    fresh_runtime: Runtime, valkey: Redis, tally: Tally, clock: Clock
) -> None:
    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: [count]})
    ring(fresh_runtime)
    relay(jobs)
    valkey.delete(jobs.queue(QUICK).key)  # taken from the queue, never finished: the job itself is still there
    clock.advance(seconds=16)
    assert sweep(jobs) == 1
    work_all(jobs)
    assert len(tally) == 1


def test_a_pair_queued_again_while_it_runs_is_not_lost_with_the_first_job(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock, tally: Tally
) -> None:
    def unlucky(uow: UnitOfWork, event: Rang) -> None:
        if fresh_runtime.clock() == started:
            clock.advance(minutes=1)
            assert sweep(jobs) == 1  # believes the running job lost
            raise ValueError
        count(uow, event)

    jobs, started = jobs_with(fresh_runtime, valkey, reactions={Rang: [unlucky]}), clock.at
    ring(fresh_runtime)
    relay(jobs)
    work_all(jobs)
    assert len(tally) == 1


def test_events_wait_while_the_queue_is_away(fresh_runtime: Runtime, valkey: Redis, tally: Tally, clock: Clock) -> None:
    away = Redis(unix_socket_path="/nonexistent/valkey.sock", retry=Retry(NoBackoff(), 0))
    ring(fresh_runtime)
    with pytest.raises(RedisError):
        relay(jobs_with(fresh_runtime, away, reactions={Rang: [count]}))
    clock.advance(seconds=7)
    with fresh_runtime.transaction() as uow:
        assert outbox_lag(uow) == 7
    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: [count]})
    assert relay(jobs) == 1
    work_all(jobs)
    assert len(tally) == 1
    with fresh_runtime.transaction() as uow:
        assert outbox_lag(uow) == 0


def test_two_relays_share_the_events(fresh_runtime: Runtime, valkey: Redis) -> None:
    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: [count]})
    for number in range(40):
        ring(fresh_runtime, str(number))
    assert sum(at_once(4, lambda _: relay(jobs, batch=10))) == 40
    assert queue_depth(jobs.valkey) == 40


def test_a_failure_leaves_nothing_behind_but_its_record(fresh_runtime: Runtime, valkey: Redis, tally: Tally) -> None:
    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: [broken]})
    ring(fresh_runtime)
    relay(jobs)
    work_all(jobs)
    assert len(tally) == 0
    [run] = runs(fresh_runtime)
    assert (run.state, run.attempts) == (RunState.FAILED, 1)
    assert run.error is not None
    assert "ValueError at test_outbox.py" in run.error
    assert "138" not in run.error, "an exception's words may be personal"


def test_failures_are_tried_again_later_and_later_then_wait_for_a_person(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock, tally: Tally
) -> None:
    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: [broken, count]})
    ring(fresh_runtime)
    relay(jobs)
    work_all(jobs)
    pauses = []
    while (run := runs(fresh_runtime)[0]).state == RunState.FAILED:
        assert run.next_try_at is not None
        pauses.append((run.next_try_at - clock.at).total_seconds())
        clock.at = run.next_try_at
        sweep(jobs)
        work_all(jobs)
    assert pauses == [2, 6, 18, 54, 162, 486, 1458]
    assert (run.state, run.attempts) == (RunState.DEAD, MAX_ATTEMPTS)
    clock.advance(days=1)
    assert sweep(jobs) == 0, "the dead are left to a person"
    assert len(tally) == 1, "the other reaction was not held up"


def test_a_person_puts_a_dead_reaction_back(fresh_runtime: Runtime, valkey: Redis, clock: Clock, tally: Tally) -> None:
    trouble = [ValueError()]

    def mended(uow: UnitOfWork, event: Rang) -> None:
        if trouble:
            raise trouble[0]
        count(uow, event)

    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: [mended]})
    ring(fresh_runtime, "door")
    event_id, at = only(fresh_runtime)
    for _ in range(MAX_ATTEMPTS):
        react(jobs, event_id, at, "mended")
    with fresh_runtime.transaction() as uow:
        [dead] = dead_letters.dead_letters(uow)
        assert (dead.event, dead.body, dead.reaction) == ("Rang", {"bell": "door"}, "mended")
    trouble.clear()
    assert react(jobs, event_id, at, "mended") is False, "dead means dead"
    with fresh_runtime.transaction() as uow:
        dead_letters.retry(uow, dead.event_id, dead.event_at, dead.reaction)
    clock.advance(seconds=1)
    sweep(jobs)
    work_all(jobs)
    assert len(tally) == 1
    assert events(fresh_runtime)[0].state == OutboxState.DONE
    with fresh_runtime.transaction() as uow:
        assert dead_letters.dead_letters(uow) == []
        with pytest.raises(NotFound):
            dead_letters.retry(uow, dead.event_id + 1, dead.event_at, dead.reaction)


def test_an_outside_reaction_holds_no_transaction_and_comes_back_after_a_crash(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock
) -> None:
    seen: list[str] = []

    def call(jobs: object, event: Rang) -> None:
        with fresh_runtime.transaction() as uow:
            idle = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
            seen.append(f"{event.bell} {uow.session.scalar(text(idle))}")
        if len(seen) == 1:
            raise SystemExit  # the process ends in the middle of the call

    jobs = jobs_with(fresh_runtime, valkey, Channel(), {Rang: [Outside(call)]})
    ring(fresh_runtime)
    relay(jobs)
    event_id, at = only(fresh_runtime)
    with pytest.raises(SystemExit):
        react(jobs, event_id, at, "call")
    assert runs(fresh_runtime) == []
    valkey.flushall()
    clock.advance(seconds=16)
    sweep(jobs)
    work_all(jobs)
    assert seen == ["a 0", "a 0"]
    assert runs(fresh_runtime)[0].state == RunState.DONE


def test_the_queue_carries_ids_only(fresh_runtime: Runtime, valkey: Redis) -> None:
    jobs = jobs_with(fresh_runtime, valkey, reactions={Rang: [count]})
    ring(fresh_runtime, "secret words")
    relay(jobs)
    [job_id] = jobs.queue(QUICK).get_job_ids()
    assert "secret" not in str(valkey.hgetall(f"rq:job:{job_id}"))
