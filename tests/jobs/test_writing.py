"""对方正在输入 on the customer's phone: shown while an agent writes, never late, and no trouble when it cannot be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis import Redis

from domain.desk.events import AgentTyping
from domain.desk.operations import ask_for_person, move_task
from domain.kit.actors import Actor, Role, system
from domain.kit.unit_of_work import Runtime
from jobs.channels import NeverAgain, OutcomeUnknown, RetryLater
from jobs.writing import LATE, show_typing
from tests.brand import brand_in
from tests.jobs.doing import Channel, jobs_with, refusing
from tests.runtime import Clock

ANNA = Actor(Role.STAFF, "st_anna")


@pytest.fixture
def task_id(runtime: Runtime) -> str:
    """A chat that anna has."""
    voice = brand_in(runtime).voice
    with runtime.transaction() as uow:
        task, _ = ask_for_person(
            uow, by=system("test"), brand_id=voice.brand_id, account_id=voice.account_id, openid="o-1", words="人工"
        )
        return move_task(uow, task.id, "claim", by=ANNA).id


def test_it_is_shown_to_the_customer(runtime: Runtime, valkey: Redis, clock: Clock, task_id: str) -> None:
    channel = Channel()
    show_typing(jobs_with(runtime, valkey, channel), AgentTyping(task_id, clock().isoformat()))
    assert channel.typed == ["o-1"]


def test_not_late_and_not_when_the_chat_is_over(runtime: Runtime, valkey: Redis, clock: Clock, task_id: str) -> None:
    channel = Channel()
    jobs = jobs_with(runtime, valkey, channel)
    show_typing(jobs, AgentTyping(task_id, (clock() - LATE - timedelta(seconds=1)).isoformat()))
    with runtime.transaction() as uow:
        move_task(uow, task_id, "finish", by=ANNA)
    show_typing(jobs, AgentTyping(task_id, clock().isoformat()))
    show_typing(jobs, AgentTyping("dt_gone", clock().isoformat()))
    assert channel.typed == []


@pytest.mark.parametrize("error", [NeverAgain(45080, "30 秒内没有对话"), RetryLater("忙"), OutcomeUnknown("没有回答")])
def test_a_no_is_the_end_of_it(
    runtime: Runtime, valkey: Redis, clock: Clock, task_id: str, error: RetryLater | NeverAgain | OutcomeUnknown
) -> None:
    channel = Channel(before=refusing(error))
    show_typing(jobs_with(runtime, valkey, channel), AgentTyping(task_id, clock().isoformat()))
    assert channel.typed == []
