"""An answer to somebody, a person's or the bot's, waits behind no reminder and no survey, however many there are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis import Redis

from domain.kit.actors import Actor, Role, system
from domain.kit.unit_of_work import Runtime
from domain.notices import operations
from domain.notices.events import MessageQueued, ReplyQueued
from domain.notices.model import MessageState, OutgoingMessage
from jobs.context import QUICK, REPLIES, URGENT, Jobs
from jobs.deliver import enqueue_due
from jobs.outbox import LOST_AFTER, relay, sweep
from jobs.reaction import Reactions
from jobs.reactions import REACTIONS
from jobs.worker import work
from tests.jobs.doing import Channel, events, jobs_with
from tests.jobs.test_deliver import ACCOUNT, PERSON, heard
from tests.runtime import Clock

AGENT, BOT = Actor(Role.STAFF, "st_1"), system("bot")
SENDING: Reactions = {kind: REACTIONS[kind] for kind in (MessageQueued, ReplyQueued)}
MANY = [f"oBulk{number}" for number in range(12)]


def remind_many(runtime: Runtime) -> None:
    """As `domain.notices.saying` writes a notice down, without the order it is about."""
    for person in MANY:
        heard(runtime, person)
    with runtime.transaction() as uow:
        for person in MANY:
            uow.session.add(
                OutgoingMessage(
                    at=uow.now, account_id=ACCOUNT, recipient=person, why="rating.asked", author="system:notices",
                    text="请评价", state=MessageState.WAITING, not_before=uow.now, attempts=0, resent=False,
                )
            )  # fmt: skip
            uow.emit(MessageQueued(ACCOUNT, person))


def answer(runtime: Runtime, why: str, author: Actor) -> None:
    heard(runtime)
    with runtime.transaction() as uow:
        operations.queue_message(uow, account_id=ACCOUNT, recipient=PERSON, text="您好", why=why, author=author)


def waiting(jobs: Jobs, name: str) -> int:
    return len(jobs.queue(name).get_job_ids())


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def jobs(fresh_runtime: Runtime, valkey: Redis, channel: Channel) -> Jobs:
    return jobs_with(fresh_runtime, valkey, channel, SENDING)


@pytest.mark.parametrize(("why", "author"), [("agent", AGENT), ("reply", BOT)])
def test_an_answer_goes_out_before_what_was_queued_long_before(
    jobs: Jobs, channel: Channel, valkey: Redis, why: str, author: Actor
) -> None:
    remind_many(jobs.runtime)
    relay(jobs)
    answer(jobs.runtime, why, author)
    relay(jobs)
    assert (waiting(jobs, REPLIES), waiting(jobs, QUICK), waiting(jobs, URGENT)) == (1, len(MANY), 0)
    work(jobs, valkey, burst=True)
    assert channel.sent[0] == (PERSON, "您好")
    assert len(channel.sent) == 1 + len(MANY)


def test_an_answer_that_was_lost_or_is_sent_again_overtakes_them_too(
    jobs: Jobs, channel: Channel, valkey: Redis, clock: Clock
) -> None:
    remind_many(jobs.runtime)
    answer(jobs.runtime, "agent", AGENT)
    clock.advance(seconds=5)
    assert enqueue_due(jobs) == 1 + len(MANY), "found by looking"
    assert (waiting(jobs, REPLIES), waiting(jobs, QUICK)) == (1, len(MANY))
    valkey.flushall()
    relay(jobs)
    valkey.flushall()
    clock.advance(seconds=(LOST_AFTER + timedelta(seconds=1)).total_seconds())
    sweep(jobs)
    assert (waiting(jobs, REPLIES), waiting(jobs, QUICK)) == (1, len(MANY)), "lost on the way"
    work(jobs, valkey, burst=True)
    assert channel.sent[0][0] == PERSON


def test_a_failed_try_is_tried_again_in_front(jobs: Jobs, valkey: Redis, clock: Clock) -> None:
    def unreachable(recipient: str, text: str) -> None:
        raise ConnectionError

    answer(jobs.runtime, "agent", AGENT)
    jobs.channel.before = unreachable  # type: ignore[attr-defined]
    relay(jobs)
    work(jobs, valkey, burst=True)
    clock.advance(seconds=5)
    assert sweep(jobs) == 1
    assert waiting(jobs, REPLIES) == 1


def test_a_dead_answer_put_back_is_an_answer(jobs: Jobs) -> None:
    answer(jobs.runtime, "agent", AGENT)
    with jobs.runtime.transaction() as uow:
        message = uow.session.query(OutgoingMessage).one()
        message.state = MessageState.DEAD
        operations.retry(uow, message.seq, message.at, by=AGENT)
    assert [one.kind for one in events(jobs.runtime)] == ["ReplyQueued", "ReplyQueued"]
