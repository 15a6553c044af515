"""The table of consequences: complete, with names that tell reactions apart, and each does what its line says."""

from __future__ import annotations

import importlib
from datetime import date
from pathlib import Path

from redis import Redis
from sqlalchemy import select

import domain
from bot.engine import LATE_APOLOGY
from bot.heard import Heard, HeardKind
from domain.desk.model import DeskTask
from domain.kit.events import Event
from domain.kit.inbox import MessageDeferred, Received, TurnFailed
from domain.kit.unit_of_work import Runtime
from jobs.deliver import deliver
from jobs.outbox import relay
from jobs.reaction import name_of
from jobs.reactions import REACTIONS
from tests.brand import brand_in
from tests.jobs.doing import Channel, jobs_with, runs, work_all
from tests.runtime import Clock

SENT_ON = date(2026, 5, 12)


def test_every_event_has_its_line() -> None:
    root = Path(next(iter(domain.__path__))).parent
    for file in sorted(root.glob("domain/**/*.py")):
        importlib.import_module(".".join(file.relative_to(root).with_suffix("").parts))
    known = {kind for kind in Event.kinds.values() if kind.__module__.startswith("domain.")}
    assert known == set(REACTIONS), "add a line to jobs/reactions.py, an empty one if nothing follows"


def test_reactions_to_one_event_have_names_of_their_own() -> None:
    for kind, reactions in REACTIONS.items():
        names = [name_of(reaction) for reaction in reactions]
        assert len(set(names)) == len(names), kind


def received(runtime: Runtime, account_id: str, key: str, text: str, state: str) -> None:
    said = Heard("oPerson", HeardKind.TEXT, text).to_json()
    with runtime.transaction() as uow:
        uow.session.add(
            Received(
                account_id=account_id, key=key, sent_on=SENT_ON, sender="oPerson", received_at=uow.now,
                trigger="message", content={"raw": "", "said": said}, answer=None, state=state,
            )
        )  # fmt: skip


def test_a_deferred_message_has_its_turn_and_its_answer_goes_out(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock
) -> None:
    account_id = brand_in(fresh_runtime).voice.account_id
    received(fresh_runtime, account_id, "1", "你好", "deferred")
    clock.advance(seconds=1)
    received(fresh_runtime, account_id, "2", "我的工单", "deferred")
    with fresh_runtime.transaction() as uow:
        for key in "12":
            uow.emit(MessageDeferred(account_id, key, SENT_ON.isoformat()))
    channel = Channel()
    jobs = jobs_with(fresh_runtime, valkey, channel, REACTIONS)
    for _ in range(2):  # the turn's messages are events of their own
        relay(jobs)
        work_all(jobs)
    clock.advance(seconds=5)
    deliver(jobs, account_id, "oPerson")
    assert [run.error for run in runs(fresh_runtime)] == [None] * len(runs(fresh_runtime))
    assert len(channel.sent) >= 2
    with fresh_runtime.transaction() as uow:
        states = uow.session.scalars(select(Received.state)).all()
    assert states == ["answered", "answered"]


def test_a_deferred_message_that_cannot_be_handled_does_not_hold_up_the_next(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock
) -> None:
    account_id = brand_in(fresh_runtime).voice.account_id
    received(fresh_runtime, account_id, "1", "你好", "deferred")
    clock.advance(seconds=1)
    received(fresh_runtime, account_id, "2", "你好", "deferred")
    with fresh_runtime.transaction() as uow:
        poison = uow.session.get(Received, (account_id, "1", SENT_ON))
        assert poison is not None
        poison.content = {"raw": "", "said": {"sender": "oPerson", "kind": "of no known kind"}}
        uow.emit(MessageDeferred(account_id, "1", SENT_ON.isoformat()))
    channel = Channel()
    jobs = jobs_with(fresh_runtime, valkey, channel, REACTIONS)
    relay(jobs)
    work_all(jobs)
    relay(jobs)
    clock.advance(seconds=5)
    deliver(jobs, account_id, "oPerson")
    assert channel.texts[0] == LATE_APOLOGY
    assert len(channel.texts) > 1
    work_all(jobs)
    with fresh_runtime.transaction() as uow:
        assert uow.session.scalars(select(Received.state).order_by(Received.key)).all() == ["failed", "answered"]
        assert len(uow.session.scalars(select(DeskTask)).all()) == 1


def test_a_failed_turn_comes_to_a_persons_desk_once(fresh_runtime: Runtime, valkey: Redis) -> None:
    account_id = brand_in(fresh_runtime).voice.account_id
    received(fresh_runtime, account_id, "1", "空调坏了", "failed")
    with fresh_runtime.transaction() as uow:
        uow.emit(TurnFailed(account_id, "1", SENT_ON.isoformat()))
    jobs = jobs_with(fresh_runtime, valkey, reactions=REACTIONS)
    relay(jobs)
    work_all(jobs)
    with fresh_runtime.transaction() as uow:
        [task] = uow.session.scalars(select(DeskTask)).all()
    assert "空调坏了" in task.words
    assert task.openid == "oPerson"
