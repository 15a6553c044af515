"""A template message the platform took and could not deliver goes on to the text message: once, whatever comes when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy import select

from domain.kit.actors import Actor, Role
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.notices.events import NoticeUndelivered, TemplateFailed
from domain.notices.model import OutgoingMessage
from domain.notices.notices import NOTICES
from domain.notices.of_times import BOOKED
from domain.notices.operations import retry
from domain.notices.saying import REPLACED
from jobs.channels import NeverAgain, OutcomeUnknown, RetryLater
from jobs.deliver import template_failed
from tests.jobs.doing import refusing
from tests.jobs.test_channels_in_turn import PERSON, Desk
from tests.jobs.test_deliver import heard
from tests.runtime import NOW, Clock, at_once

CANCELLED = NOTICES["order.unschedule"]
BLOCKED, SYSTEM = "failed:user block", "failed: system failed"
REFUSED = "客户拒收公众号的消息"


@pytest.fixture
def desk(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> Desk:
    return Desk(fresh_runtime, valkey, clock)


def failed(desk: Desk, status: str = SYSTEM, *, platform_id: str = "700", **other: str) -> None:
    """The reaction to the platform's event."""
    event = TemplateFailed(
        other.get("account_id", desk.account), other.get("openid", PERSON), platform_id, status,
        other.get("at", desk.clock.at.isoformat()),
    )  # fmt: skip
    with desk.runtime.transaction() as uow:
        template_failed(uow, event)


def kinds(desk: Desk) -> list[str]:
    with desk.runtime.transaction() as uow:
        return list(uow.session.scalars(select(OutboxRow.kind).order_by(OutboxRow.id)))


@pytest.mark.parametrize(("status", "words"), [(BLOCKED, REFUSED), (SYSTEM, "系统原因"), ("failed:new", "没有送达")])
def test_it_goes_on_to_the_text_message(desk: Desk, status: str, words: str) -> None:
    desk.tell()
    desk.go()
    assert (desk.only.state, desk.only.channel, desk.only.platform_id) == ("sent", "template", "700")
    before = kinds(desk).count("MessageQueued")
    failed(desk, status)
    assert (desk.only.state, desk.only.channel, desk.only.sent_at) == ("waiting", "sms", None)
    assert words in desk.only.tried[-1]["error"]
    assert kinds(desk).count("MessageQueued") == before + 1, "whoever sends is told"
    desk.go()
    assert (desk.only.state, desk.arrived) == ("sent", ["template", "sms"])


def test_told_again_and_again_it_goes_on_once(desk: Desk) -> None:
    desk.tell()
    desk.go()
    at_once(6, lambda _: failed(desk))
    desk.go()
    failed(desk)
    desk.clock.advance(hours=1)
    failed(desk)
    desk.go()
    assert desk.arrived == ["template", "sms"]
    assert [one["channel"] for one in desk.only.tried] == ["chat", "template"]


def test_a_failure_that_comes_before_the_answer_to_the_call_waits_for_it(desk: Desk) -> None:
    desk.tell()

    def told_first(recipient: str, words: str) -> None:
        if words.startswith("t-"):
            with pytest.raises(RetryLater):
                failed(desk)

    desk.channel.before = told_first
    desk.go()
    assert desk.only.state == "sent"
    failed(desk)
    assert (desk.only.state, desk.only.channel) == ("waiting", "sms")


def test_a_call_that_crashed_is_repeated_gets_the_same_id_and_then_goes_on(desk: Desk) -> None:
    desk.tell()
    taken: list[str] = []

    def lost(recipient: str, words: str) -> None:
        if not taken:
            taken.append(words)
            desk.channel.keys[f"{desk.only.seq}-{NOW:%Y%m%d}"] = "700"
            raise OutcomeUnknown("没有回答")

    desk.channel.before = lost
    desk.go()
    at = desk.clock.at.isoformat()
    with pytest.raises(RetryLater):
        failed(desk, at=at)
    desk.clock.advance(seconds=61)
    desk.go()
    assert (desk.only.state, desk.only.platform_id, desk.channel.templates) == ("sent", "700", [])
    failed(desk, at=at)
    assert (desk.only.state, desk.only.channel) == ("waiting", "sms")


def test_what_is_nobodys_is_looked_for_a_while_and_left(desk: Desk) -> None:
    desk.tell()
    desk.go()
    at = desk.clock.at.isoformat()
    strangers = ({"platform_id": "999"}, {"openid": "oOther"}, {"account_id": "ac_other"})
    for other in strangers:
        with pytest.raises(RetryLater):
            failed(desk, at=at, **other)
    desk.clock.advance(minutes=16)
    for other in strangers:
        failed(desk, at=at, **other)
    assert (desk.only.state, desk.only.channel) == ("sent", "template")


def test_what_went_by_the_chat_or_was_refused_is_left_alone(desk: Desk) -> None:
    heard(desk.runtime, account=desk.account)
    desk.tell()
    desk.go()
    with desk.runtime.transaction() as uow:
        uow.get(OutgoingMessage, (desk.only.seq, desk.only.at), called="").platform_id = "700"
    failed(desk)
    assert (desk.only.state, desk.only.channel) == ("sent", "chat")


def test_too_late_or_replaced_it_is_not_told_any_more(desk: Desk) -> None:
    desk.tell(stale_at=desk.clock.at + timedelta(minutes=30))
    desk.go()
    desk.clock.advance(minutes=31)
    failed(desk)
    assert (desk.only.state, desk.only.error) == ("stale", "已过时，未发送")
    desk.go()
    assert desk.arrived == ["template"]


def test_newer_words_about_the_order_take_the_place_of_what_failed(desk: Desk) -> None:
    assert any(BOOKED.name.startswith(name) for name in CANCELLED.instead), "else this shows nothing"
    desk.tell(BOOKED)
    desk.go()
    desk.tell(CANCELLED)
    desk.go()
    failed(desk)
    old, new = desk.rows()
    assert (old.state, old.error, new.state) == ("stale", REPLACED, "sent")


@pytest.mark.parametrize(("status", "state"), [(BLOCKED, "unreachable"), (SYSTEM, "dead")])
def test_with_no_channel_left_it_is_over_and_told_of(desk: Desk, status: str, state: str) -> None:
    desk.tell(NOTICES["order.schedule"])
    desk.go()
    failed(desk, status)
    assert (desk.only.state, desk.only.chain) == (state, [])
    assert kinds(desk).count(NoticeUndelivered.__name__) == 1


def test_put_back_by_staff_it_is_a_new_message_to_the_platform(desk: Desk) -> None:
    desk.texts.before = refusing(NeverAgain(0, "空号"))
    desk.tell()
    desk.go()
    failed(desk)
    desk.go()
    assert desk.only.state == "dead"
    with desk.runtime.transaction() as uow:
        retry(uow, desk.only.seq, desk.only.at, by=Actor(Role.STAFF, "st_1"))
    desk.go()
    assert len(desk.channel.templates) == 2, "the platform drops a key it has had"
    assert (desk.only.state, desk.only.platform_id) == ("sent", "701")
