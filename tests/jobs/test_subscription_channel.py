"""A notice goes by subscription while a consent is left: one consent a try, one message at a time, and never one too many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from redis import Redis
from sqlalchemy import delete, select

from domain.customers.model import Contact
from domain.kit.inbox import Received
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.notices import subscriptions
from domain.notices.channels import Channel as By
from domain.notices.channels import Purpose
from domain.notices.events import TemplateFailed
from domain.notices.facts import Facts
from domain.notices.forms import NOT_AGREED
from domain.notices.model import MessageTemplate, NoticeKey, OutgoingMessage
from domain.notices.of_times import BOOKED
from domain.notices.platform_events import heard_of_subscriptions
from domain.notices.queries import window_of
from domain.notices.saying import Circumstances, reached_by, say
from domain.notices.subscriptions_model import Move, SubscriptionCredit, SubscriptionMove
from domain.notices.templates import put_subscription_template
from domain.organizations.model import MINI_PROGRAM
from domain.organizations.operations import put_account
from jobs.channels import ChannelError, NeverAgain, OutcomeUnknown, RetryLater, WindowClosed
from jobs.deliver import deliver, template_failed
from tests.brand import put_brand
from tests.domain.notices.booking import STAFF
from tests.jobs.doing import Channel, Texts, jobs_with, refusing
from tests.jobs.test_deliver import heard
from tests.runtime import NOW, Clock

PERSON, IN_PROGRAM, PHONE = "oPerson", "oInProgram", "13800138000"
FIELDS = {"thing1": "service", "time2": "time", "thing3": "tip"}
T = "t-appointment"


class Died(BaseException):
    """The process was shot."""


class Desk:
    """A follower who uses the mini-program as well; both accounts have a subscription template, the official one a plain one."""

    def __init__(self, runtime: Runtime, valkey: Redis, clock: Clock) -> None:
        self.runtime, self.clock = runtime, clock
        self.channel, self.texts = Channel(), Texts()
        self.jobs = jobs_with(runtime, valkey, self.channel, texts=self.texts)
        with runtime.transaction() as uow:
            voice = put_brand(uow).voice
            self.official, brand_id = voice.account_id, voice.brand_id
            self.program = put_account(
                uow, brand_id=brand_id, kind=MINI_PROGRAM, app_id="wxba5fad812f8e6fb9", name="岚禾服务", mode="safe",
                token="t", aes_key="A" * 43, secret="s",
            ).id  # fmt: skip
            for account_id, openid in ((self.official, PERSON), (self.program, IN_PROGRAM)):
                uow.session.add(
                    Contact(account_id=account_id, openid=openid, first_heard_at=uow.now, followed_at=uow.now)
                )
                put_subscription_template(uow, account_id, Purpose.APPOINTMENT, T, FIELDS, "", by=STAFF)
            uow.session.add(
                MessageTemplate(
                    account_id=self.official, purpose="appointment", template_id="plain", fields=FIELDS,
                    changed_by="staff:st_1", changed_at=uow.now,
                )
            )  # fmt: skip

    def agree(self, times: int = 1, *, where: str = "", key: str = "a") -> None:
        account_id, openid = (self.program, IN_PROGRAM) if where == "program" else (self.official, PERSON)
        with self.runtime.transaction() as uow:
            for number in range(times):
                subscriptions.note_choices(
                    uow, account_id, openid, [(T, Move.ACCEPT)], source="popup", key=f"{key}{number}", at=uow.now
                )  # fmt: skip

    def tell(self, key: str = "1", words: str = "某", time: str = "2026年5月13日 14:00~16:00") -> None:
        facts = Facts(
            dict.fromkeys(("service", "number", "window", "engineer", "hotline"), words) | {"brand": "岚禾"},
            {"service": "空调维修", "time": time}, {"appointment": key},
        )  # fmt: skip
        with self.runtime.transaction() as uow:
            whom = reached_by(
                uow, (self.official, PERSON), [(self.official, PERSON), (self.program, IN_PROGRAM)], PHONE
            )
            say(uow, BOOKED, whom, facts, Circumstances(subject_id=f"wo_{key}"))

    def go(self) -> None:
        deliver(self.jobs, self.official, PERSON)

    def left(self, where: str = "") -> int:
        account_id, openid = (self.program, IN_PROGRAM) if where == "program" else (self.official, PERSON)
        with self.runtime.transaction() as uow:
            credit = uow.session.get(SubscriptionCredit, (account_id, openid, T))
            return credit.credits if credit else 0

    def rows(self) -> list[OutgoingMessage]:
        with self.runtime.transaction() as uow:
            return list(uow.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.seq)))

    @property
    def only(self) -> OutgoingMessage:
        [row] = self.rows()
        return row


@pytest.fixture
def desk(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> Desk:
    return Desk(fresh_runtime, valkey, clock)


def test_while_the_window_is_open_no_consent_is_used(desk: Desk) -> None:
    desk.agree()
    heard(desk.runtime, PERSON, desk.official)
    desk.tell()
    desk.go()
    assert (desk.only.channel, desk.left()) == ("chat", 1)


def test_after_it_a_consent_comes_before_the_template(desk: Desk) -> None:
    desk.agree(2)
    desk.tell()
    desk.go()
    assert (desk.only.channel, desk.only.state, desk.only.platform_id, desk.left()) == (
        "subscription",
        "sent",
        "801",
        1,
    )
    [(account_id, openid, template_id, values)] = desk.channel.subscriptions
    assert (account_id, openid, template_id) == (desk.official, PERSON, T)
    assert values == {"thing1": "空调维修", "time2": "2026年5月13日 14:00~16:00", "thing3": BOOKED.tip}


def test_a_consent_given_in_the_mini_program_is_used_there(desk: Desk) -> None:
    desk.agree(where="program")
    desk.tell()
    desk.go()
    assert desk.channel.subscriptions[0][:2] == (desk.program, IN_PROGRAM)
    assert (desk.only.to_account_id, desk.only.to_openid) == (desk.program, IN_PROGRAM)
    assert desk.left("program") == 0


def test_without_one_it_is_the_template(desk: Desk) -> None:
    desk.tell()
    desk.go()
    assert (desk.only.channel, desk.only.to_openid) == ("template", None)
    assert [(one["channel"], one["error"]) for one in desk.only.tried][1] == ("subscription", NOT_AGREED)


def test_43101_ends_all_consents_and_is_not_asked_again(desk: Desk) -> None:
    desk.agree(3)
    desk.channel.before = refusing(WindowClosed(43101, "没有订阅"))
    desk.tell()
    desk.go()
    assert (desk.only.channel, desk.only.state, desk.left()) == ("template", "sent", 0)
    desk.tell("2")
    desk.go()
    assert (desk.rows()[1].channel, desk.channel.subscriptions) == ("template", [])


@pytest.mark.parametrize(
    ("error", "channel", "state"),
    [
        (RetryLater("43108"), "subscription", "waiting"),
        (RetryLater("43107 被封禁", timedelta(minutes=10)), "template", "sent"),
        (RetryLater("45009 今天用完", timedelta(hours=9)), "template", "sent"),
        (NeverAgain(47003, "字段"), "template", "sent"),
        (NeverAgain(40037, "没有模板"), "template", "sent"),
        (WindowClosed(43004, "没有关注"), "template", "sent"),
    ],
)
def test_what_was_surely_not_sent_leaves_the_consent(desk: Desk, error: ChannelError, channel: str, state: str) -> None:
    desk.agree()
    desk.channel.before = refusing(error)
    desk.tell()
    desk.go()
    assert (desk.only.channel, desk.only.state, desk.left()) == (channel, state, 1)


def test_what_nobody_knows_has_used_its_consent_and_the_repeat_needs_its_own(desk: Desk) -> None:
    desk.agree()
    desk.channel.before = refusing(OutcomeUnknown("没有回答"))
    desk.tell()
    desk.go()
    assert (desk.only.state, desk.left()) == ("waiting", 0)
    desk.clock.advance(seconds=31)
    desk.go()
    assert (desk.only.channel, desk.only.state, desk.only.resent) == ("template", "sent", True)


def test_a_value_the_platform_would_refuse_is_not_sent_and_uses_nothing(desk: Desk) -> None:
    desk.agree()
    desk.tell(time="待定")
    desk.go()
    assert (desk.only.channel, desk.left()) == ("template", 1)
    assert "time2" in desk.only.tried[1]["error"]


def test_one_at_a_time_is_sent_to_a_person_whoever_tells(desk: Desk) -> None:
    """Two people of one family have orders of their own, and one mini-program."""
    desk.agree(6, where="program")
    others, seen = ["oFirst", "oSecond"], list[int]()
    with desk.runtime.transaction() as uow:
        for number, other in enumerate(others):
            facts = Facts(
                dict.fromkeys(("service", "number", "window", "engineer", "hotline", "brand"), "某"),
                {"service": "空调维修", "time": "2026年5月13日 14:00~16:00"}, {"appointment": str(number)},
            )  # fmt: skip
            whom = reached_by(uow, (desk.official, other), [(desk.program, IN_PROGRAM)])
            say(uow, BOOKED, whom, facts, Circumstances(subject_id=f"wo_{number}"))

    def meanwhile(recipient: str, words: str) -> None:
        if words == T and not seen:
            seen.append(0)
            seen.append(deliver(desk.jobs, desk.official, others[1]))

    desk.channel.before = meanwhile
    assert deliver(desk.jobs, desk.official, others[0]) == 1
    assert seen == [0, 0], "while the first is on its way the second waits"
    assert [(row.channel, row.state) for row in desk.rows()] == [("subscription", "sent"), ("subscription", "waiting")]
    desk.clock.advance(seconds=3)
    assert deliver(desk.jobs, desk.official, others[1]) == 1
    assert desk.left("program") == 4


def test_who_crashed_holds_up_the_next_no_longer_than_a_minute(desk: Desk) -> None:
    desk.agree(2)
    desk.channel.before = refusing(Died())  # type: ignore[arg-type]
    desk.tell()
    with suppress(Died):
        desk.go()
    desk.clock.advance(seconds=61)
    desk.go()
    assert (desk.only.state, desk.only.resent, desk.left()) == ("sent", True, 0)


def sent_event(desk: Desk, msg_id: str, code: str) -> None:
    item = {"TemplateId": T, "MsgID": msg_id, "ErrorCode": code, "ErrorStatus": "system failed"}
    told = f'{{"at": "", "items": [{str(item).replace(chr(39), chr(34))}]}}'
    with desk.runtime.transaction() as uow:
        heard_of_subscriptions(uow, desk.official, PERSON, "subscribe_msg_sent_event", told)


@pytest.mark.parametrize("known", [True, False])
def test_what_the_platform_could_not_deliver_goes_on_once_with_or_without_an_id(desk: Desk, known: bool) -> None:
    desk.agree()
    desk.tell()
    desk.go()
    if not known:
        with desk.runtime.transaction() as uow:
            uow.session.get_one(OutgoingMessage, (desk.only.seq, desk.only.at)).platform_id = None
    sent_event(desk, "801", "0")
    sent_event(desk, "801", "43999")
    with desk.runtime.transaction() as uow:
        [row] = [row for row in uow.session.scalars(select(OutboxRow)) if row.kind == "TemplateFailed"]
        template_failed(uow, TemplateFailed(**row.body))
        template_failed(uow, TemplateFailed(**row.body))
    desk.go()
    assert (desk.only.channel, desk.only.state, desk.left()) == ("template", "sent", 0)


def test_whoever_wrote_last_in_the_mini_program_is_answered_there(desk: Desk) -> None:
    heard(desk.runtime, PERSON, desk.official)
    desk.clock.advance(minutes=5)
    heard(desk.runtime, IN_PROGRAM, desk.program)
    desk.tell()
    desk.go()
    assert (desk.only.channel, desk.channel.sent[0][0]) == ("program", IN_PROGRAM)
    with desk.runtime.transaction() as uow:
        assert window_of(uow, desk.program, IN_PROGRAM).left == 4, "it counts against that chat's window"
        assert window_of(uow, desk.official, PERSON).left == 5


def test_the_mini_program_s_chat_is_closed_after_its_two_days(desk: Desk) -> None:
    heard(desk.runtime, IN_PROGRAM, desk.program)
    desk.clock.advance(hours=49)
    desk.tell()
    desk.go()
    assert (desk.only.channel, desk.channel.sent) == ("template", [])


def test_it_comes_after_what_the_official_account_can_do(desk: Desk) -> None:
    heard(desk.runtime, IN_PROGRAM, desk.program)
    desk.clock.advance(minutes=5)
    heard(desk.runtime, PERSON, desk.official)
    desk.tell()
    assert [desk.only.channel, *desk.only.chain] == [By.CHAT, By.SUBSCRIPTION, By.TEMPLATE, By.PROGRAM, By.SMS]


STEPS = ["ok", "ok", "43101", "never", "later", "much later", "unknown", "lost", "die before", "die after"]
MEANWHILE = ["", "", "agree", "agree", "refuse", "agree in the program"]


@contextmanager
def emptied(desk: Desk) -> Iterator[None]:
    with desk.runtime.transaction() as uow:
        for table in (OutgoingMessage, NoticeKey, OutboxRow, Received, SubscriptionMove, SubscriptionCredit):
            uow.session.execute(delete(table))
    desk.channel, desk.texts, desk.clock.at = Channel(), Texts(), NOW
    desk.jobs = jobs_with(desk.runtime, desk.jobs.valkey, desk.channel, texts=desk.texts)
    yield


def answer(what: str, arrived: list[str], recipient: str) -> None:
    """What the platform does with one subscription message; ``arrived`` is what the person has."""
    if what == "die before":
        raise Died
    refusals: dict[str, ChannelError] = {
        "43101": WindowClosed(43101, "没有订阅"), "never": NeverAgain(47003, "字段"), "later": RetryLater("忙"),
        "much later": RetryLater("今天用完", timedelta(hours=9)), "lost": OutcomeUnknown("没有回答"),
    }  # fmt: skip
    if what in refusals:
        raise refusals[what]
    arrived.append(recipient)
    if what == "unknown":
        raise OutcomeUnknown("没有回答")
    if what == "die after":
        raise Died


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(STEPS), min_size=2, max_size=12),
    st.lists(st.sampled_from(MEANWHILE), min_size=2, max_size=12),
    st.integers(1, 3),
)
@example(["unknown", "ok"], ["agree"], 1)
@example(["die after", "ok"], ["agree"], 1)
@example(["43101", "ok"], ["agree", "agree"], 3)
def test_whatever_fails_no_more_arrives_than_was_agreed_to(
    desk: Desk, script: list[str], meanwhile: list[str], notices: int
) -> None:
    with emptied(desk):
        steps, others, arrived, taps = iter(script), iter(meanwhile), list[str](), [0]

        def before(recipient: str, words: str) -> None:
            if words == T:
                answer(next(steps, "ok"), arrived, recipient)

        desk.channel.before = before
        for number in range(notices):
            desk.tell(str(number))
        turn = 0
        while open_ := [row for row in desk.rows() if row.state in ("waiting", "sending")]:
            turn += 1
            other = next(others, "")
            if "agree" in other:
                taps[0] += 1
                desk.agree(where="program" if "program" in other else "", key=f"turn{turn}-")
            elif other == "refuse":
                with desk.runtime.transaction() as uow:
                    subscriptions.note_switched_off(uow, desk.official, PERSON, T, str(turn))
            desk.clock.at = max(desk.clock.at + timedelta(seconds=61), min(row.not_before for row in open_))
            with suppress(Died):
                desk.go()
            assert len(arrived) <= taps[0], "never more sends than consents"
            assert min(desk.left(), desk.left("program")) >= 0
        assert all(row.state in ("sent", "dead", "unreachable", "stale") for row in desk.rows())
        assert all(row.error for row in desk.rows() if row.state != "sent")
