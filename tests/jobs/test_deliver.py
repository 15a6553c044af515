"""Messages to people go out in order, one at a time per person, inside the platform's window, and not twice unmarked."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy import select

from domain.customers.model import Contact
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Refused
from domain.kit.inbox import Received
from domain.kit.retry import MAX_ATTEMPTS
from domain.kit.unit_of_work import Runtime
from domain.notices import operations, queries
from domain.notices.events import ReplyQueued
from domain.notices.model import OutgoingMessage
from domain.notices.quota import NEVER_HEARD, USED_UP
from jobs.channels import ChannelError, NeverAgain, OutcomeUnknown, RetryLater, WindowClosed
from jobs.deliver import deliver, enqueue_due
from jobs.outbox import relay
from jobs.reactions import REACTIONS
from tests.brand import put_brand
from tests.jobs.doing import Channel, jobs_with, refusing, work_all
from tests.runtime import Clock, at_once

ACCOUNT, PERSON = "ac_1", "oPerson"
STAFF = Actor(Role.STAFF, "st_1")


def heard(runtime: Runtime, person: str = PERSON, account: str = ACCOUNT) -> None:
    with runtime.transaction() as uow:
        uow.session.add(
            Received(
                account_id=account, key=uow.new_id("m"), sent_on=uow.today, sender=person, received_at=uow.now,
                trigger="message", content={}, answer="", state="answered",
            )
        )  # fmt: skip


def queue(
    runtime: Runtime, *texts: str, person: str = PERSON, account: str = ACCOUNT, after: timedelta = timedelta(0)
) -> None:
    for text in texts:
        with runtime.transaction() as uow:
            operations.queue_message(
                uow, account_id=account, recipient=person, text=text, why="reply", author=system("bot"),
                not_before=uow.now + after,
            )  # fmt: skip


def messages(runtime: Runtime, person: str = PERSON) -> list[OutgoingMessage]:
    with runtime.transaction() as uow:
        found = select(OutgoingMessage).where(OutgoingMessage.recipient == person).order_by(OutgoingMessage.seq)
        return list(uow.session.scalars(found))


def test_a_queued_message_arrives_by_way_of_the_outbox(fresh_runtime: Runtime, valkey: Redis) -> None:
    channel = Channel()
    jobs = jobs_with(fresh_runtime, valkey, channel, {ReplyQueued: REACTIONS[ReplyQueued]})
    heard(fresh_runtime)
    queue(fresh_runtime, "您好")
    relay(jobs)
    work_all(jobs)
    assert channel.sent == [(PERSON, "您好")]
    assert [message.state for message in messages(fresh_runtime)] == ["sent"]


def test_senders_at_once_keep_each_persons_order(fresh_runtime: Runtime, valkey: Redis) -> None:
    busy: set[str] = set()

    def slow(recipient: str, text: str) -> None:
        assert recipient not in busy, "two senders at one person"
        busy.add(recipient)
        time.sleep(0.01)
        busy.remove(recipient)

    channel = Channel(before=slow)
    jobs = jobs_with(fresh_runtime, valkey, channel)
    people = [f"o{number}" for number in range(3)]
    for person in people:
        heard(fresh_runtime, person)
        queue(fresh_runtime, *"12345", person=person)
    for _ in range(3):
        results = at_once(9, lambda number: deliver(jobs, ACCOUNT, people[number % 3]))
        assert not [result for result in results if isinstance(result, BaseException)]
    for person in people:
        assert [text for recipient, text in channel.sent if recipient == person] == list("12345")


def test_writers_at_once_are_numbered_as_they_commit(fresh_runtime: Runtime, valkey: Redis) -> None:
    committed: list[str] = []

    def write(number: int) -> None:
        with fresh_runtime.transaction() as uow:
            operations.queue_message(
                uow, account_id=ACCOUNT, recipient=PERSON, text=str(number), why="reply", author=STAFF
            )
            time.sleep(0.01)
            committed.append(str(number))  # nobody else writes to this person until the commit

    at_once(8, write)
    assert [message.text for message in messages(fresh_runtime)] == committed


def test_a_long_text_becomes_several_messages(fresh_runtime: Runtime, valkey: Redis) -> None:
    channel = Channel()
    heard(fresh_runtime)
    queue(fresh_runtime, "一" * 1000)
    deliver(jobs_with(fresh_runtime, valkey, channel), ACCOUNT, PERSON)
    assert [len(text) for text in channel.texts] == [682, 318]


def test_an_empty_text_is_refused(fresh_runtime: Runtime) -> None:
    with pytest.raises(Refused):
        queue(fresh_runtime, " \n")


def test_a_message_waits_for_its_time_and_holds_up_those_behind_it(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock
) -> None:
    channel = Channel()
    jobs = jobs_with(fresh_runtime, valkey, channel)
    heard(fresh_runtime)
    queue(fresh_runtime, "later", after=timedelta(seconds=1))
    queue(fresh_runtime, "behind it")
    deliver(jobs, ACCOUNT, PERSON)
    assert (channel.sent, enqueue_due(jobs)) == ([], 0)
    clock.advance(seconds=1)
    assert enqueue_due(jobs) == 1
    work_all(jobs)
    assert channel.texts == ["later", "behind it"]


def test_a_lost_delivery_is_found_again(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> None:
    channel = Channel()
    jobs = jobs_with(fresh_runtime, valkey, channel)
    heard(fresh_runtime)
    queue(fresh_runtime, "a")
    assert enqueue_due(jobs) == 0, "the reaction comes first"
    clock.advance(seconds=3)
    assert enqueue_due(jobs) == 1
    assert enqueue_due(jobs) == 0, "it waits in the queue already"
    work_all(jobs)
    assert channel.texts == ["a"]


def test_after_a_crash_a_message_is_sent_again_once_and_marked(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock
) -> None:
    arrived: list[str] = []

    def die(recipient: str, text: str) -> None:
        arrived.append(text)
        raise SystemExit  # after the platform took it, before it was written down

    dying, channel = jobs_with(fresh_runtime, valkey, Channel(before=die)), Channel()
    jobs = jobs_with(fresh_runtime, valkey, channel)
    heard(fresh_runtime)
    queue(fresh_runtime, "a", "b")
    with pytest.raises(SystemExit):
        deliver(dying, ACCOUNT, PERSON)
    clock.advance(seconds=59)
    deliver(jobs, ACCOUNT, PERSON)
    assert (channel.sent, enqueue_due(jobs)) == ([], 0), "somebody may still be sending it"
    clock.advance(seconds=2)
    assert enqueue_due(jobs) == 1
    work_all(jobs)
    assert arrived + channel.texts == ["a", "a", "b"]
    assert [(one.state, one.resent) for one in messages(fresh_runtime)] == [("sent", True), ("sent", False)]


def test_a_message_lost_twice_is_dead_and_lets_the_next_pass(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock
) -> None:
    channel = Channel(before=refusing(OutcomeUnknown("timeout"), OutcomeUnknown("timeout")))
    jobs = jobs_with(fresh_runtime, valkey, channel)
    heard(fresh_runtime)
    queue(fresh_runtime, "a", "b")
    deliver(jobs, ACCOUNT, PERSON)
    assert channel.sent == []
    clock.advance(seconds=30)
    deliver(jobs, ACCOUNT, PERSON)
    assert channel.texts == ["b"]
    assert [(one.state, one.resent) for one in messages(fresh_runtime)] == [("dead", True), ("sent", False)]


def test_a_slow_sender_does_not_overwrite_who_took_over(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> None:
    quick = jobs_with(fresh_runtime, valkey, Channel())

    def hang(recipient: str, text: str) -> None:
        clock.advance(seconds=61)
        deliver(quick, ACCOUNT, PERSON)
        raise NeverAgain(40003, "invalid openid")

    heard(fresh_runtime)
    queue(fresh_runtime, "a")
    deliver(jobs_with(fresh_runtime, valkey, Channel(before=hang)), ACCOUNT, PERSON)
    [message] = messages(fresh_runtime)
    assert (message.state, message.resent) == ("sent", True)


def test_no_transaction_is_open_during_the_call(fresh_runtime: Runtime, valkey: Redis) -> None:
    states: list[str] = []

    def look(recipient: str, text: str) -> None:
        states.extend(message.state for message in messages(fresh_runtime))
        with fresh_runtime.transaction() as uow:  # would wait for ever if the sender held the row
            uow.session.scalars(select(OutgoingMessage).with_for_update(nowait=True)).all()

    heard(fresh_runtime)
    queue(fresh_runtime, "a")
    assert deliver(jobs_with(fresh_runtime, valkey, Channel(before=look)), ACCOUNT, PERSON) == 1
    assert states == ["sending"]


def test_busy_platforms_are_tried_again_and_dead_letters_put_back(
    fresh_runtime: Runtime, valkey: Redis, clock: Clock
) -> None:
    channel = Channel(before=refusing(*[RetryLater("-1 平台繁忙")] * MAX_ATTEMPTS))
    jobs = jobs_with(fresh_runtime, valkey, channel)
    heard(fresh_runtime)
    queue(fresh_runtime, "a", "b")
    pauses = []
    while (message := messages(fresh_runtime)[0]).state == "waiting":
        pauses.append((message.not_before - clock.at).total_seconds())
        clock.at = message.not_before
        deliver(jobs, ACCOUNT, PERSON)
    assert pauses == [0, 2, 6, 18, 54, 162, 486, 1458]
    assert (message.state, message.error, channel.texts) == ("dead", "-1 平台繁忙", ["b"])
    with fresh_runtime.transaction() as uow:
        [dead] = queries.dead_letters(uow)
        operations.retry(uow, dead.seq, dead.at, by=STAFF)
    deliver(jobs, ACCOUNT, PERSON)
    assert channel.texts == ["b", "a"]


def test_the_platform_may_say_how_long_to_wait(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> None:
    channel = Channel(before=refusing(RetryLater("45009", timedelta(hours=5))))
    heard(fresh_runtime)
    queue(fresh_runtime, "a")
    deliver(jobs_with(fresh_runtime, valkey, channel), ACCOUNT, PERSON)
    assert messages(fresh_runtime)[0].not_before == clock.at + timedelta(hours=5)


@pytest.mark.parametrize(
    ("error", "state"),
    [(WindowClosed(45015, "超过可以回复的时间"), "unreachable"), (NeverAgain(40003, "openid 不正确"), "dead")],
)
def test_a_final_no_is_written_down_and_lets_the_next_pass(
    fresh_runtime: Runtime, valkey: Redis, error: ChannelError, state: str
) -> None:
    channel = Channel(before=refusing(error))
    heard(fresh_runtime)
    queue(fresh_runtime, "a", "b")
    deliver(jobs_with(fresh_runtime, valkey, channel), ACCOUNT, PERSON)
    first, second = messages(fresh_runtime)
    assert (first.state, first.error, second.state) == (state, str(error), "sent")


def test_outside_the_window_nothing_is_called(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> None:
    channel = Channel()
    jobs = jobs_with(fresh_runtime, valkey, channel)
    queue(fresh_runtime, "never heard of")
    heard(fresh_runtime, "oOther")
    deliver(jobs, ACCOUNT, PERSON)
    heard(fresh_runtime)
    queue(fresh_runtime, *"1234567")
    clock.advance(seconds=1)
    deliver(jobs, ACCOUNT, PERSON)
    assert channel.texts == list("12345")
    found = messages(fresh_runtime)
    assert [(one.state, one.error) for one in (found[0], found[6], found[7])] == [
        ("unreachable", NEVER_HEARD), ("unreachable", USED_UP), ("unreachable", USED_UP),
    ]  # fmt: skip


def test_whoever_unfollowed_is_left_alone(fresh_runtime: Runtime, valkey: Redis) -> None:
    channel = Channel()
    with fresh_runtime.transaction() as uow:
        account = put_brand(uow).voice.account_id
        uow.session.add(
            Contact(
                account_id=account, openid=PERSON, first_heard_at=uow.now, followed_at=uow.now,
                unfollowed_at=uow.now + timedelta(seconds=1),
            )
        )  # fmt: skip
    heard(fresh_runtime, account=account)
    queue(fresh_runtime, "a", account=account)
    deliver(jobs_with(fresh_runtime, valkey, channel), account, PERSON)
    [message] = messages(fresh_runtime)
    assert (message.state, message.error, channel.sent) == ("unreachable", queries.UNFOLLOWED, [])
