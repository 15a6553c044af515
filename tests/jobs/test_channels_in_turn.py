"""A notice walks from the chat to the template to the text message, in one row: told once, or marked, or dead with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis
from sqlalchemy import delete, select

from domain.customers.model import Contact
from domain.kit.inbox import Received
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import SHANGHAI, Runtime
from domain.notices.events import NoticeUndelivered
from domain.notices.facts import Facts
from domain.notices.forms import NO_TEMPLATE
from domain.notices.model import MessageTemplate, NoticeKey, OutgoingMessage
from domain.notices.of_colleagues import NOBODY
from domain.notices.of_orders import CHANGED
from domain.notices.of_times import BOOKED, QUESTION
from domain.notices.rows import Notice
from domain.notices.saying import PAGER, Addressee, Circumstances, say
from jobs.channels import ChannelError, NeverAgain, OutcomeUnknown, RetryLater, WindowClosed
from jobs.deliver import deliver, enqueue_due
from tests.brand import put_brand
from tests.jobs.doing import Channel, Pager, Texts, jobs_with, refusing, work_all
from tests.jobs.test_deliver import heard, queue
from tests.runtime import NOW, Clock, at_once

PERSON, PHONE = "oPerson", "13800138000"
TEMPLATE = {"thing1": "service", "time2": "time", "thing3": "tip"}


class Desk:
    """One person, a platform, a text service, and what came of it all."""

    def __init__(self, runtime: Runtime, valkey: Redis, clock: Clock) -> None:
        self.runtime, self.clock = runtime, clock
        self.channel, self.texts, self.pager = Channel(), Texts(), Pager()
        self.jobs = jobs_with(runtime, valkey, self.channel, texts=self.texts, pager=self.pager)
        with runtime.transaction() as uow:
            self.account = put_brand(uow).voice.account_id
            uow.session.add(
                Contact(account_id=self.account, openid=PERSON, first_heard_at=uow.now, followed_at=uow.now)
            )
            uow.session.flush()
            for purpose in ("progress", "appointment", "question"):
                uow.session.add(
                    MessageTemplate(
                        account_id=self.account, purpose=purpose, template_id=f"t-{purpose}", fields=TEMPLATE,
                        changed_by="staff:st_1", changed_at=uow.now,
                    )
                )  # fmt: skip

    @property
    def whom(self) -> Addressee:
        return Addressee(self.account, PERSON, chat=True, follower=(self.account, PERSON), phone=PHONE)

    def tell(self, notice: Notice = BOOKED, key: str = "1", **how: Any) -> OutgoingMessage | None:
        words = dict.fromkeys(("service", "number", "window", "wanted", "engineer", "hotline", "fields"), "某")
        words |= {"brand": "岚禾"}
        values = {"service": "空调维修", "time": "2026年5月13日 14:00~16:00", "window": "某", "number": "100000019"}
        with self.runtime.transaction() as uow:
            return say(
                uow, notice, self.whom, Facts(words, values, {"appointment": key, "line": key, "change": key}),
                Circumstances(subject_id=f"wo_{key}", **how),
            )  # fmt: skip

    def go(self) -> None:
        deliver(self.jobs, self.account, PERSON)

    def rows(self) -> list[OutgoingMessage]:
        with self.runtime.transaction() as uow:
            return list(uow.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.seq)))

    @property
    def only(self) -> OutgoingMessage:
        [row] = self.rows()
        return row

    @property
    def arrived(self) -> list[str]:
        """On which channels something arrived, a word a message."""
        chats = ["chat"] * len(self.channel.sent) + ["template"] * len(self.channel.templates)
        return chats + ["sms"] * len(self.texts.sent)


@pytest.fixture
def desk(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> Desk:
    return Desk(fresh_runtime, valkey, clock)


def test_in_an_open_window_it_is_a_chat_message_and_nothing_else(desk: Desk) -> None:
    heard(desk.runtime, account=desk.account)
    desk.tell()
    desk.go()
    assert (desk.only.state, desk.only.channel, desk.arrived) == ("sent", "chat", ["chat"])


def test_after_the_window_it_is_a_template_with_its_link(desk: Desk) -> None:
    heard(desk.runtime, account=desk.account)
    desk.clock.advance(hours=72)
    desk.tell(QUESTION, path="/c/answer/x")
    desk.go()
    [(openid, template_id, values, link)] = desk.channel.templates
    assert (openid, template_id, link) == (PERSON, "t-question", "https://service.example.com/c/answer/x")
    assert values == {"thing1": "空调维修", "time2": "2026年5月13日 14:00~16:00", "thing3": QUESTION.tip}
    assert (desk.only.state, desk.only.channel, desk.arrived) == ("sent", "template", ["template"])
    assert [one["channel"] for one in desk.only.tried] == ["chat"]


@pytest.mark.parametrize(
    "error", [WindowClosed(43004, "没有关注"), NeverAgain(40037, "没有模板"), NeverAgain(47003, "字段")]
)
def test_where_the_template_is_refused_it_is_a_text_message_with_the_link(desk: Desk, error: ChannelError) -> None:
    desk.channel.before = refusing(error)
    desk.tell(QUESTION, path="/c/answer/x")
    desk.go()
    [(phone, words)] = desk.texts.sent
    assert phone == PHONE
    assert words.startswith("【岚禾】")
    assert "https://service.example.com/c/answer/x" in words
    assert [one["channel"] for one in desk.only.tried] == ["chat", "template"]
    assert desk.only.tried[1]["error"] == str(error)


def test_without_a_template_of_the_account_s_the_text_message_is_next(desk: Desk) -> None:
    with desk.runtime.transaction() as uow:
        uow.session.execute(delete(MessageTemplate))
    desk.tell()
    desk.go()
    assert desk.arrived == ["sms"]
    assert desk.only.tried[1]["error"] == NO_TEMPLATE


def test_who_is_reached_by_nothing_is_told_of(desk: Desk) -> None:
    desk.channel.before = refusing(WindowClosed(43004, "没有关注"))
    desk.texts.before = refusing(NeverAgain(0, "空号"))
    desk.tell()
    desk.go()
    assert (desk.only.state, desk.only.error) == ("dead", "0 空号")
    with desk.runtime.transaction() as uow:
        kinds = uow.session.scalars(select(OutboxRow.kind)).all()
    assert kinds.count(NoticeUndelivered.__name__) == 1


def test_a_short_pause_is_waited_for_a_long_one_is_not(desk: Desk) -> None:
    heard(desk.runtime, account=desk.account)
    desk.channel.before = refusing(RetryLater("45011", timedelta(minutes=1)), RetryLater("45009", timedelta(hours=5)))
    desk.tell()
    desk.go()
    assert (desk.only.channel, desk.only.state, desk.arrived) == ("chat", "waiting", [])
    desk.clock.advance(minutes=1)
    desk.go()
    assert (desk.only.channel, desk.arrived) == ("template", ["template"])


def test_a_number_s_limit_that_outlasts_the_notice_is_told_of_at_once(desk: Desk) -> None:
    desk.channel.before = refusing(WindowClosed(43004, "没有关注"))
    desk.texts.before = refusing(RetryLater("对这个号码的短信已达上限", timedelta(hours=9)))
    desk.tell(stale_at=desk.clock.at + timedelta(hours=3))
    desk.go()
    assert (desk.only.state, desk.only.error) == ("dead", "对这个号码的短信已达上限")
    with desk.runtime.transaction() as uow:
        assert uow.session.scalars(select(OutboxRow).filter_by(kind=NoticeUndelivered.__name__)).one()


def test_a_notice_that_waits_for_the_morning_holds_up_nobody(desk: Desk) -> None:
    desk.clock.at = datetime(2026, 5, 12, 23, tzinfo=SHANGHAI).astimezone(UTC)
    heard(desk.runtime, account=desk.account)
    desk.tell(CHANGED)
    queue(desk.runtime, "在的", account=desk.account)
    desk.go()
    assert desk.channel.texts == ["在的"]
    assert enqueue_due(desk.jobs) == 0
    desk.clock.at = datetime(2026, 5, 13, 8, tzinfo=SHANGHAI).astimezone(UTC)
    assert enqueue_due(desk.jobs) == 1
    work_all(desk.jobs)
    assert len(desk.channel.texts) == 2


def test_a_text_service_that_is_away_holds_up_no_chat(desk: Desk) -> None:
    desk.channel.before = refusing(WindowClosed(43004, ""))
    desk.texts.before = refusing(RetryLater("away"))
    desk.tell()
    desk.go()
    heard(desk.runtime, account=desk.account)
    queue(desk.runtime, "在的", account=desk.account)
    desk.go()
    assert (desk.rows()[0].state, desk.channel.texts) == ("waiting", ["在的"])


def test_what_is_over_is_not_sent(desk: Desk) -> None:
    heard(desk.runtime, account=desk.account)
    desk.channel.before = refusing(RetryLater("busy", timedelta(minutes=3)))
    desk.tell(stale_at=desk.clock.at + timedelta(minutes=2))
    desk.go()
    desk.clock.advance(minutes=3)
    desk.go()
    assert (desk.only.state, desk.arrived) == ("stale", [])


def test_the_same_key_is_written_once_by_however_many(desk: Desk) -> None:
    made = at_once(8, lambda number: desk.tell())
    assert len([one for one in made if one is not None]) == 1
    assert len(desk.rows()) == 1


def test_after_a_crash_a_refusal_still_leads_to_the_next_channel(desk: Desk) -> None:
    heard(desk.runtime, account=desk.account)
    desk.channel.before = refusing(OutcomeUnknown("没有回答"), WindowClosed(45015, "已关闭"))
    desk.tell()
    desk.go()
    desk.clock.advance(seconds=31)
    desk.go()
    assert (desk.only.state, desk.only.channel, desk.only.resent) == ("sent", "template", True)


def test_a_role_is_paged_and_a_pager_that_is_away_is_tried_again(desk: Desk) -> None:
    calls: list[str] = []

    class Away:
        def page(self, name: str, words: str) -> None:
            calls.append(name)
            if len(calls) == 1:
                raise ConnectionError

    jobs = jobs_with(desk.runtime, desk.jobs.valkey, pager=Away())  # type: ignore[arg-type]
    with desk.runtime.transaction() as uow:
        facts = Facts({"number": "1", "reason": "没有人", "brand": "岚禾"}, {}, {"order": "wo_1", "since": "x"})
        say(uow, NOBODY, Addressee(PAGER, "dispatcher"), facts, Circumstances(subject_id="wo_1"))
    deliver(jobs, PAGER, "dispatcher")
    desk.clock.advance(seconds=3)
    deliver(jobs, PAGER, "dispatcher")
    assert calls == ["调度", "调度"]
    assert desk.only.state == "sent"


class Died(BaseException):
    """The process was shot."""


OUTCOMES = ["ok", "ok", "closed", "never", "later", "much later", "unknown", "die before", "die after"]


@contextmanager
def rolled_back(desk: Desk) -> Iterator[None]:
    with desk.runtime.transaction() as uow:
        for table in (OutgoingMessage, NoticeKey, OutboxRow, Received):
            uow.session.execute(delete(table))
    desk.channel, desk.texts = Channel(), Texts()
    yield


def scripted(outcomes: Iterator[str], arrived: list[str], name: str, crashes: list[str]) -> Callable[[str, str], None]:
    """A call that does what is next in the script; ``arrived`` is what the person really has."""

    def before(recipient: str, words: str) -> None:
        what = next(outcomes, "ok")
        if what in ("unknown", "die before", "die after"):
            crashes.append(what)
        if what == "die before":
            raise Died
        if what in ("closed", "never", "later", "much later"):
            raise {
                "closed": WindowClosed(45015, "窗口已关闭"), "never": NeverAgain(47003, "字段不对"),
                "later": RetryLater("忙"), "much later": RetryLater("今天用完", timedelta(hours=9)),
            }[what]  # fmt: skip
        arrived.append(name)
        if what == "unknown":
            raise OutcomeUnknown("没有回答")
        if what == "die after":
            raise Died

    return before


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(OUTCOMES), max_size=12), st.booleans(), st.integers(1, 3))
def test_whatever_fails_a_notice_is_told_once_or_marked_or_dead_with_a_reason(
    desk: Desk, script: list[str], window_open: bool, notices: int
) -> None:
    with rolled_back(desk):
        desk.clock.at = NOW
        outcomes, arrived, crashes = iter(script), list[str](), list[str]()
        desk.channel.before = lambda recipient, words: scripted(
            outcomes, arrived, "template" if words.startswith("t-") else "chat", crashes
        )(recipient, words)
        desk.texts.before = lambda phone, words: scripted(outcomes, arrived, "sms", crashes)(phone, words)
        jobs = jobs_with(desk.runtime, desk.jobs.valkey, desk.channel, texts=desk.texts)
        if window_open:
            heard(desk.runtime, account=desk.account)
        for number in range(notices):
            desk.tell(key=str(number))
        while open_ := [row for row in desk.rows() if row.state in ("waiting", "sending")]:
            desk.clock.at = max(desk.clock.at + timedelta(seconds=61), min(row.not_before for row in open_))
            with suppress(Died):
                deliver(jobs, desk.account, PERSON)
        rows = desk.rows()
        assert len(rows) == notices
        assert all(row.state in ("sent", "dead", "unreachable", "stale") for row in rows), [row.state for row in rows]
        assert all(row.error for row in rows if row.state != "sent")
        marked = [row for row in rows if row.resent]
        assert len(arrived) <= len(rows) + len(marked), "twice only where a crash is on record"
        assert len(arrived) >= len([row for row in rows if row.state == "sent"])
        if not crashes:
            assert not marked
            assert len(arrived) == len([row for row in rows if row.state == "sent"])
        assert len(marked) <= len(crashes)
