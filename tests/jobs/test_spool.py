"""What was received while the database was away gets into the inbox once, in order, and has its turn."""

from __future__ import annotations

from typing import Any

import pytest
from redis import Redis
from sqlalchemy import select

from domain.kit.inbox import Received, ReceivedState
from domain.kit.personal import WrongKey
from domain.kit.spool import DEAD, FIELD, STREAM, SpooledMessage
from domain.kit.unit_of_work import Runtime
from jobs.figures import figures
from jobs.spool import replay
from tests.jobs.doing import events, jobs_with
from tests.runtime import Clock


def message(clock: Clock, key: str, **changed: Any) -> SpooledMessage:
    fields: dict[str, Any] = {
        "account_id": "ac_1", "key": key, "sent_on": clock.at.date(), "sender": "oPerson", "received_at": clock.at,
        "trigger": "message", "content": {"raw": "<xml/>", "said": {"text": "空调不制冷 13800138000"}},
    }  # fmt: skip
    return SpooledMessage(**{**fields, **changed})


def spool(runtime: Runtime, valkey: Redis, *messages: SpooledMessage) -> None:
    for one in messages:
        valkey.xadd(STREAM, {FIELD: one.seal(runtime.keyring)})


def received(runtime: Runtime) -> list[Received]:
    with runtime.transaction() as uow:
        return list(uow.session.scalars(select(Received).order_by(Received.received_at, Received.key)))


def test_an_entry_is_sealed_and_comes_back_whole(fresh_runtime: Runtime, clock: Clock) -> None:
    one = message(clock, "1")
    sealed = one.seal(fresh_runtime.keyring)
    assert b"13800138000" not in sealed
    assert SpooledMessage.open(fresh_runtime.keyring, sealed) == one
    with pytest.raises(WrongKey):
        SpooledMessage.open(fresh_runtime.keyring, sealed[:-1] + b"x")


def test_entries_are_taken_in_and_their_turns_asked_for(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> None:
    spool(fresh_runtime, valkey, message(clock, "1"), message(clock, "2"))
    clock.advance(minutes=2)
    assert replay(jobs_with(fresh_runtime, valkey)) == 2
    found = received(fresh_runtime)
    assert [(one.key, one.state, one.answer) for one in found] == [
        ("1", ReceivedState.DEFERRED, None), ("2", ReceivedState.DEFERRED, None),
    ]  # fmt: skip
    assert found[0].content["said"]["text"] == "空调不制冷 13800138000"
    assert found[0].received_at < clock.at, "it counts from when it came"
    sent_on = found[0].sent_on.isoformat()
    assert [(one.kind, one.body) for one in events(fresh_runtime)] == [
        ("MessageDeferred", {"account_id": "ac_1", "key": key, "sent_on": sent_on}) for key in "12"
    ]
    assert valkey.xlen(STREAM) == 0


def test_what_came_by_another_way_meanwhile_is_left_as_it_is(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock
) -> None:
    jobs = jobs_with(fresh_runtime, valkey)
    spool(fresh_runtime, valkey, message(clock, "1"), message(clock, "1"))
    replay(jobs)
    spool(fresh_runtime, valkey, message(clock, "1"))
    replay(jobs)
    assert len(received(fresh_runtime)) == len(events(fresh_runtime)) == 1
    assert valkey.xlen(STREAM) == 0


def test_an_unreadable_entry_is_put_aside_and_holds_nothing_up(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock
) -> None:
    valkey.xadd(STREAM, {FIELD: b"nonsense"})
    valkey.xadd(STREAM, {"other": b"field"})
    spool(fresh_runtime, valkey, message(clock, "1"))
    replay(jobs_with(fresh_runtime, valkey))
    assert [one.key for one in received(fresh_runtime)] == ["1"]
    assert figures(fresh_runtime, valkey)["weixiu_dead_pushes"][1] == 2, "whoever watches sees it"
    assert valkey.lrange(DEAD, 0, -1) == [b"nonsense", b""]
    assert valkey.xlen(STREAM) == 0


def test_while_the_database_is_away_everything_stays_in_order(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock
) -> None:
    spool(fresh_runtime, valkey, message(clock, "1"), message(clock, "2"))
    with fresh_runtime.transaction() as uow:
        uow.session.connection().exec_driver_sql("ALTER TABLE received RENAME TO away")
    with pytest.raises(Exception, match="received"):
        replay(jobs_with(fresh_runtime, valkey))
    assert valkey.xlen(STREAM) == 2
    with fresh_runtime.transaction() as uow:
        uow.session.connection().exec_driver_sql("ALTER TABLE away RENAME TO received")
    assert replay(jobs_with(fresh_runtime, valkey)) == 2
