"""Everything received is written down once, with what was answered, whatever happens meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import sessionmaker

from adapters import database, embedded
from bot import engine
from domain.desk.model import DeskTask
from domain.kit.events import Event
from domain.kit.inbox import ReceivedState
from domain.kit.outbox import OutboxRow
from domain.kit.spool import STREAM, SpooledMessage
from domain.kit.tables import Table
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.notices.model import OutgoingMessage
from domain.work_orders.model import WorkOrder
from jobs.react import react
from jobs.reaction import name_of
from jobs.reactions import REACTIONS
from jobs.spool import replay
from tests.brand import brand_in
from tests.conftest import Servers
from tests.jobs.doing import jobs_with
from tests.runtime import Clock, at_once, engine_on, run_sql, runtime_on
from tests.webhooks.pushing import Platform, app_on, received
from webhooks import budget
from webhooks.inbox import APOLOGY, Turn, once
from webhooks.spool import Spool, SpoolFailed

T = TypeVar("T", bound=Table)
ORDER = "空调不制冷，佛山市顺德区容桂街道卫红路18号3栋502，13800000000"


@pytest.fixture
def valkey(valkey: Redis) -> Iterator[Redis]:
    """The tests' Valkey, writing its log to disk as the product has it."""
    valkey.config_set("appendfsync", "always")
    yield valkey
    valkey.config_set("appendfsync", "no")


@pytest.fixture
def platform(fresh_runtime: Runtime, valkey: Redis) -> Platform:
    brand_in(fresh_runtime)
    return Platform(app_on(fresh_runtime, valkey).test_client())


def counts(runtime: Runtime) -> dict[str, int]:
    """How many rows each table has: what a repeat must not change."""
    with runtime.transaction() as uow:
        return {
            table.name: uow.session.scalar(select(func.count()).select_from(table)) or 0
            for table in Table.metadata.sorted_tables
        }


def rows(runtime: Runtime, kind: type[T]) -> list[T]:
    with runtime.transaction() as uow:
        return list(uow.session.scalars(select(kind).order_by(*inspect(kind).primary_key)))


# Repeats


def test_a_repeat_gets_the_first_answer_and_changes_nothing(
    platform: Platform, fresh_runtime: Runtime, clock: Clock
) -> None:
    platform.say(ORDER)
    confirm = platform.message("确认")
    first = platform.read(platform.push(confirm))
    assert "报修已受理" in first
    platform.say("进度")
    before = counts(fresh_runtime)
    for _ in range(3):
        clock.advance(hours=1)
        assert platform.read(platform.push(confirm)) == first
    assert counts(fresh_runtime) == before


def test_a_repeat_of_a_silent_event_is_silent(platform: Platform, fresh_runtime: Runtime) -> None:
    push = platform.event("unsubscribe")
    assert [platform.push(push).data for _ in range(2)] == [b"success"] * 2
    assert len(received(fresh_runtime)) == 1


def test_twins_in_parallel_are_one_turn_with_one_answer(platform: Platform, fresh_runtime: Runtime) -> None:
    platform.say(ORDER)
    confirm = platform.message("确认")
    answers = at_once(6, lambda _: platform.read(platform.push(confirm)))
    assert len(set(answers)) == 1
    assert "报修已受理" in answers[0]
    assert len(rows(fresh_runtime, WorkOrder)) == 1


def test_two_first_messages_of_one_person_at_once(platform: Platform, fresh_runtime: Runtime) -> None:
    pushes = [platform.message("报修"), platform.message("你好")]
    answers = at_once(2, lambda index: platform.read(platform.push(pushes[index])))
    assert all(isinstance(answer, str) and answer for answer in answers)
    assert len(received(fresh_runtime)) == 2


# Turns that take too long


def message(clock: Clock, key: str = "1", sender: str = "oWang", account: str = "ac_2") -> SpooledMessage:
    said = {"sender": sender, "kind": "text", "text": "报修"}
    return SpooledMessage(account, key, clock.at.date(), sender, clock.at, "message", {"raw": "", "said": said})


def turn(hold: Callable[[UnitOfWork], str], sender: str = "oWang", account: str = "ac_2", key: str = "1") -> Turn:
    """A turn as the door builds it, with another middle."""

    def enter(uow: UnitOfWork) -> bool:
        engine.listen(uow, account, sender)
        return not engine.is_behind(uow, account, sender, key)

    return Turn(enter, hold)


def sleeps(uow: UnitOfWork) -> str:
    uow.session.execute(text("SELECT pg_sleep(60)"))
    return "too late"


def dawdles(uow: UnitOfWork) -> str:
    """Slow in Python, quick in the database: noticed at the next statement."""
    uow.session.add(OutboxRow(kind="Half", body={}, at=uow.now))
    uow.session.flush()
    time.sleep(budget.TURN + 0.1)
    uow.session.execute(text("SELECT 1"))
    return "too late"


def hold_later(runtime: Runtime, valkey: Redis) -> None:
    """What the worker does with turns that are still to come, or broke."""
    jobs = jobs_with(runtime, valkey, reactions=REACTIONS)
    for event in rows(runtime, OutboxRow):
        if event.kind in ("MessageDeferred", "TurnFailed"):
            for reaction in REACTIONS[Event.kinds[event.kind]]:
                react(jobs, event.id, event.at, name_of(reaction))


@pytest.fixture
def account(fresh_runtime: Runtime) -> str:
    """The account's id, in tests that go past the door's reading; the time of a turn is kept."""
    budget.watch(fresh_runtime.sessions.kw["bind"])
    return brand_in(fresh_runtime).voice.account_id


@pytest.mark.parametrize("slow", [sleeps, dawdles])
def test_an_overrun_is_written_down_undone_and_answered_by_messages(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock, account: str, slow: Callable[[UnitOfWork], str]
) -> None:
    spool = Spool(valkey, fresh_runtime.keyring)
    began = time.monotonic()
    assert once(fresh_runtime, spool, message(clock, account=account), turn(slow, account=account)) == ""
    assert time.monotonic() - began < 40, "it is cut off, not waited for: the platform waits five seconds"
    [row] = received(fresh_runtime)
    assert (row.state, row.answer) == (ReceivedState.DEFERRED, None)
    assert [event.kind for event in rows(fresh_runtime, OutboxRow)] == ["ContactMet", "MessageDeferred"]

    clock.advance(seconds=1)
    platform = Platform(app_on(fresh_runtime, valkey).test_client())
    assert platform.say("空调") == "", "what comes later queues behind it"
    assert once(fresh_runtime, spool, message(clock, account=account), turn(sleeps, account=account)) == "", (
        "so does a repeat"
    )
    assert platform.say("你好", sender="oLi") != "", "another person does not wait"

    hold_later(fresh_runtime, valkey)
    sent = [one.text for one in rows(fresh_runtime, OutgoingMessage)]
    assert [text.split("？")[0] for text in sent] == [
        "请问是哪台家电出了问题",
        "请说说是什么故障，例如：不制冷、漏水、有异响、显示 E1",
    ]
    assert {row.state for row in received(fresh_runtime)} == {ReceivedState.ANSWERED}
    assert "请发上门地址" in platform.say("不制冷"), "and the talk goes on where it is"


def test_who_waits_for_a_long_turn_of_the_same_person_is_deferred(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock, account: str
) -> None:
    spool = Spool(valkey, fresh_runtime.keyring)
    held, go_on = threading.Event(), threading.Event()

    def elsewhere() -> None:
        with fresh_runtime.transaction() as uow:
            engine.listen(uow, account, "oWang")
            held.set()
            go_on.wait(60)

    with fresh_runtime.transaction() as uow:
        engine.listen(uow, account, "oWang")
    other = threading.Thread(target=elsewhere)
    other.start()
    assert held.wait(20)
    answer = once(fresh_runtime, spool, message(clock, account=account), turn(lambda uow: "never", account=account))
    go_on.set()
    other.join()
    assert answer == ""
    assert [row.state for row in received(fresh_runtime)] == [ReceivedState.DEFERRED]


@contextmanager
def pushes(runtime: Runtime) -> Iterator[Runtime]:
    """The same runtime on connections as the application gives the door: no statement outlasts `budget.TWIN`."""
    url = runtime.sessions.kw["bind"].url.render_as_string(hide_password=False)
    made = database.engine(url, runtime.keyring, size=4, statement_ms=int(budget.TWIN * 1000))
    budget.watch(made)
    yield Runtime(sessionmaker(made, expire_on_commit=False), runtime.clock, runtime.new_id, runtime.keyring)
    made.dispose()


def test_a_twin_that_waits_too_long_is_spooled_and_then_known(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock, account: str
) -> None:
    held, go_on = threading.Event(), threading.Event()

    def stuck(uow: UnitOfWork) -> str:
        held.set()
        go_on.wait(60)
        return "the answer"

    one, answers = message(clock, account=account), []
    with pushes(fresh_runtime) as runtime:
        spools = [Spool(valkey, runtime.keyring) for _ in range(2)]
        first = threading.Thread(
            target=lambda: answers.append(once(runtime, spools[0], one, turn(stuck, account=account)))
        )
        first.start()
        assert held.wait(20)
        assert once(runtime, spools[1], one, turn(breaks, account=account)) == ""
        go_on.set()
        first.join()
    assert answers == ["the answer"]
    assert valkey.xlen(STREAM) == 1
    replay(jobs_with(fresh_runtime, valkey))
    assert [row.state for row in received(fresh_runtime)] == [ReceivedState.ANSWERED], "the replay finds it answered"
    assert valkey.xlen(STREAM) == 0


def test_a_process_that_starts_goes_behind_what_its_predecessor_spooled(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock, account: str
) -> None:
    shot, started = (Spool(valkey, fresh_runtime.keyring) for _ in range(2))
    shot.put(message(clock, account=account))
    later = replace(message(clock, account=account), key="later")
    assert once(fresh_runtime, started, later, turn(breaks, account=account)) == ""
    replay(jobs_with(fresh_runtime, valkey))
    assert [row.state for row in received(fresh_runtime)] == [ReceivedState.DEFERRED] * 2
    assert not started.is_ahead(), "the stream is empty: from here on Valkey is not asked"


# Turns that break


def breaks(uow: UnitOfWork) -> str:
    uow.session.add(OutboxRow(kind="Half", body={}, at=uow.now))
    uow.session.flush()
    raise ZeroDivisionError("somebody's bug")


def breaks_the_transaction(uow: UnitOfWork) -> str:
    uow.session.execute(text("SELECT no_such_column"))
    return "never"


@pytest.mark.parametrize("broken", [breaks, breaks_the_transaction])
def test_a_turn_that_breaks_leaves_an_apology_and_nothing_else(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock, account: str, broken: Callable[[UnitOfWork], str]
) -> None:
    spool = Spool(valkey, fresh_runtime.keyring)
    one = message(clock, account=account)
    assert once(fresh_runtime, spool, one, turn(broken, account=account)) == APOLOGY
    assert once(fresh_runtime, spool, one, turn(broken, account=account)) == APOLOGY, "to a repeat too"
    [row] = received(fresh_runtime)
    assert (row.state, row.answer) == (ReceivedState.FAILED, APOLOGY)
    assert [event.kind for event in rows(fresh_runtime, OutboxRow)] == ["ContactMet", "TurnFailed"]
    hold_later(fresh_runtime, valkey)
    [task] = rows(fresh_runtime, DeskTask)
    assert "报修" in task.words
    platform = Platform(app_on(fresh_runtime, valkey).test_client())
    assert "请问是哪台家电" in platform.say("报修"), "the next message is taken as if nothing had been"


# Servers that are away


@contextmanager
def no_database(runtime: Runtime) -> Iterator[Runtime]:
    """The same runtime, on an address where nobody answers."""
    dead = engine_on("postgresql+psycopg://weixiu@127.0.0.1:1/weixiu")
    yield Runtime(runtime_on(dead, Clock()).sessions, runtime.clock, runtime.new_id, runtime.keyring)
    dead.dispose()


def impatient(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=1.5, retry=Retry(NoBackoff(), 0))


def test_with_the_database_away_a_push_is_spooled_and_replayed_once(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock, account: str
) -> None:
    with no_database(fresh_runtime) as away:
        spool = Spool(valkey, fresh_runtime.keyring)
        one = message(clock, account=account)
        for _ in range(2):
            assert once(away, spool, one, turn(lambda uow: "never", account=account)) == ""
        assert valkey.xlen(STREAM) == 2
        # It is back, but the spool goes first: what comes now queues behind it.
        time.sleep(1.1)
        second = message(clock, key="2", account=account)
        assert once(fresh_runtime, spool, second, turn(lambda uow: "never", account=account)) == ""
        assert received(fresh_runtime) == []
    replay(jobs_with(fresh_runtime, valkey))
    hold_later(fresh_runtime, valkey)
    assert [row.key for row in received(fresh_runtime)] == ["1", "2"]
    assert {row.state for row in received(fresh_runtime)} == {ReceivedState.ANSWERED}
    sent = [one.text for one in rows(fresh_runtime, OutgoingMessage)]
    assert len(sent) == 2, "two turns, not three"
    third = message(clock, key="3", account=account)
    assert once(fresh_runtime, spool, third, turn(lambda uow: "at once", account=account, key="3")) == "at once"


def test_the_door_says_success_only_for_what_is_on_disk(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock, tmp_path: Path, servers: Servers
) -> None:
    """The database dies under a running door; then Valkey too; then only what was spooled counts."""
    brand_in(fresh_runtime)
    with embedded.valkey(tmp_path, fsync=True) as url:
        platform = Platform(app_on(fresh_runtime, impatient(url)).test_client())
        assert platform.say("报修") != ""
        fresh_runtime.sessions.kw["bind"].dispose()
        with renamed(fresh_runtime, servers):
            assert platform.push(platform.message("空调")).data == b"success"
            assert impatient(url).xlen(STREAM) == 1
            appended = b"".join(file.read_bytes() for file in tmp_path.rglob("*.aof"))
            assert STREAM.encode() in appended
            assert "空调".encode() not in appended, "sealed"
            assert platform.say("不制冷") == "", "while it rests, nobody knocks"
    with renamed(fresh_runtime, servers):
        response = platform.push(platform.message("在吗"))
        assert (response.status_code, response.data) == (503, b"")
    assert len(received(fresh_runtime)) == 1


@contextmanager
def renamed(runtime: Runtime, servers: Servers) -> Iterator[None]:
    """The runtime's database is not there under its name."""
    url = runtime.sessions.kw["bind"].url
    runtime.sessions.kw["bind"].dispose()
    run_sql(servers.database, f"ALTER DATABASE {url.database} RENAME TO {url.database}_away")
    try:
        yield
    finally:
        run_sql(servers.database, f"ALTER DATABASE {url.database}_away RENAME TO {url.database}")


def test_without_valkey_the_chat_goes_on(fresh_runtime: Runtime) -> None:
    brand_in(fresh_runtime)
    platform = Platform(app_on(fresh_runtime, impatient("redis://127.0.0.1:1")).test_client())
    assert "请问是哪台家电" in platform.say("报修")


def test_what_nobody_confirms_to_be_on_disk_is_503(fresh_runtime: Runtime, clock: Clock, valkey: Redis) -> None:
    """The spool answers, but cannot say that it wrote: nothing is promised."""
    brand_in(fresh_runtime)
    valkey.config_set("appendfsync", "no")
    platform = Platform(app_on(fresh_runtime, valkey).test_client())
    platform.say("报修")
    with no_database(fresh_runtime) as away, pytest.raises(SpoolFailed):
        once(away, Spool(valkey, away.keyring), message(clock), turn(breaks))


def test_an_answer_that_was_committed_but_never_carried_is_said_once(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock, account: str
) -> None:
    """The connection broke in the commit: nobody knows, so it is spooled, and found answered afterwards."""
    one, spool = message(clock, account=account), Spool(valkey, fresh_runtime.keyring)
    assert once(fresh_runtime, spool, one, turn(lambda uow: "答复", account=account)) == "答复"
    spool.put(replace(one, unsure=True))
    spool.put(one)
    replay(jobs_with(fresh_runtime, valkey))
    assert [text.text for text in rows(fresh_runtime, OutgoingMessage)] == ["答复"]
    assert len(received(fresh_runtime)) == 1
