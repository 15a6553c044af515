"""Subscription messages and text messages on the pretend platforms: what a person allows on the phone is counted here, and used
up once; what they refuse, the platform bans or cannot deliver goes another way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import select
from werkzeug.serving import make_server

from adapters.demo.templates import SUBSCRIPTIONS, TEMPLATES, put_templates, subscription_id
from adapters.sms_aliyun import AliyunTexts, Keys
from adapters.wechat.client import WeChat
from adapters.wechat.credentials import Credentials
from domain.appointments.events import AppointmentBooked
from domain.customers.model import Contact
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.notices.channels import Purpose
from domain.notices.events import TemplateFailed
from domain.notices.model import OutgoingMessage
from domain.notices.subscriptions import report_choices
from domain.notices.subscriptions_model import SubscriptionCredit
from domain.organizations.model import MINI_PROGRAM, Account
from domain.organizations.operations import put_account
from jobs.channels import NeverAgain, RetryLater, TextForm
from jobs.context import Jobs
from jobs.deliver import deliver, template_failed
from sandbox.accounts import OFFICIAL_ACCOUNT
from sandbox.app import AccountConfig, Platform
from sandbox.clock import Clock as PlatformClock
from sandbox.library import LIBRARY
from sandbox.server import serve
from sandbox.subscriptions import templates_of
from tests.brand import AES_KEY, APP_ID, SECRET, TOKEN
from tests.domain.notices.booking import CUSTOMER, OPENID, PHONE, STAFF, TOMORROW, book, put_order, react
from tests.jobs.doing import jobs_with
from tests.runtime import Clock
from tests.webhooks.pushing import app_on
from webhooks import mini_program
from webhooks.spool import Spool

PROGRAM, IN_PROGRAM = "wxba5fad812f8e6fb9", "oInProgram"
VISIT = subscription_id(MINI_PROGRAM, "visit")
PROGRESS = subscription_id(MINI_PROGRAM, "progress")
KEYS = Keys("sandbox-sms-key", "sandbox-sms-secret", "岚禾", {"appointment": "SMS_20000", "code": "SMS_100000001"})


@contextmanager
def doors(runtime: Runtime, valkey: Redis) -> Iterator[str]:
    """Our webhooks on loopback."""
    app: Flask = app_on(runtime, valkey)
    app.register_blueprint(mini_program.blueprint(runtime, Spool(valkey, runtime.keyring)))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/webhooks"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class World:
    """Our side, the platforms' side, and one clock for both."""

    runtime: Runtime
    clock: Clock
    wechat: Platform
    jobs: Jobs
    texts: AliyunTexts
    program_id: str
    official_id: str
    order_id: str

    def taps(self, *said: tuple[str, str]) -> None:
        """The person answers the popup in the mini-program."""
        told = [{"template_id": one, "status": status, "scene": "0"} for one, status in said]
        assert self.wechat.send(IN_PROGRAM, "subscribe_popup", templates=told).push.openid == IN_PROGRAM

    def reports(self, key: str, **said: str) -> None:
        """The mini-program tells of the same."""
        names = {"visit": VISIT, "progress": PROGRESS}
        with self.runtime.transaction() as uow:
            report_choices(uow, self.program_id, IN_PROGRAM, {names[n]: s for n, s in said.items()}, key, by=CUSTOMER)

    def left(self, template_id: str = VISIT) -> int:
        with self.runtime.transaction() as uow:
            credit = uow.session.get(SubscriptionCredit, (self.program_id, IN_PROGRAM, template_id))
            return credit.credits if credit else 0

    def is_booked(self) -> None:
        with self.runtime.transaction() as uow:
            react(uow, AppointmentBooked)

    def go(self) -> None:
        deliver(self.jobs, self.official_id, OPENID)

    @property
    def only(self) -> OutgoingMessage:
        with self.runtime.transaction() as uow:
            return uow.session.scalars(select(OutgoingMessage)).one()

    def cards(self, openid: str = IN_PROGRAM) -> list[str]:
        return [str(one["content"]["title"]) for one in self.wechat.screen(openid) if one["kind"] == "template"]


@pytest.fixture
def world(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> Iterator[World]:
    with doors(fresh_runtime, valkey) as hooks:
        official = AccountConfig(APP_ID, SECRET, TOKEN, AES_KEY, f"{hooks}/official-account/{APP_ID}")
        program = AccountConfig(
            PROGRAM, SECRET, TOKEN, AES_KEY, f"{hooks}/mini-program/{PROGRAM}", kind=MINI_PROGRAM, format="json"
        )
        platform = Platform([official, program], clock=PlatformClock(lambda: clock.at.timestamp()))
        platform.faults.set({"retry_delay": 0.01, "deliveries": 1})
        platform.add_person("王小明", app_id=APP_ID, openid=OPENID)
        platform.people[OPENID].following = platform.people[OPENID].ever_followed = True
        platform.add_person("王小明", app_id=PROGRAM, openid=IN_PROGRAM)
        with fresh_runtime.transaction() as uow:
            order, _ = put_order(uow)
            official_id = str(order.account_id)
            program_id = put_account(
                uow, brand_id=order.brand_id, kind=MINI_PROGRAM, app_id=PROGRAM, name="岚禾服务", mode="safe", token=TOKEN,
                aes_key=AES_KEY, secret=SECRET,
            ).id  # fmt: skip
            uow.session.add(
                Contact(account_id=program_id, openid=IN_PROGRAM, customer_id=CUSTOMER.id, first_heard_at=uow.now)
            )
            put_templates(uow, order.brand_id, by=STAFF)
            book(uow, order, TOMORROW, by=STAFF)
            order_id = order.id
            assert uow.session.get_one(Account, official_id).kind == OFFICIAL_ACCOUNT
        who = {official_id: Credentials(APP_ID, SECRET), program_id: Credentials(PROGRAM, SECRET, MINI_PROGRAM)}
        with serve(platform) as running:
            wechat = WeChat(running.url, who.__getitem__, valkey, clock)
            texts = AliyunTexts(f"{running.url}/aliyun-sms", KEYS, clock)
            jobs = jobs_with(fresh_runtime, valkey, wechat, texts=texts)  # type: ignore[arg-type]
            yield World(fresh_runtime, clock, platform, jobs, texts, program_id, official_id, order_id)


def test_one_tap_told_of_twice_is_one_message_in_the_mini_program(world: World) -> None:
    world.taps((VISIT, "accept"), (PROGRESS, "reject"))
    world.reports("tap-1", visit="accept", progress="reject")
    assert (world.left(), world.left(PROGRESS)) == (1, 0)
    world.is_booked()
    world.go()
    assert (world.only.channel, world.only.state, world.only.to_openid) == ("subscription", "sent", IN_PROGRAM)
    assert world.cards() == ["上门服务提醒"]
    assert (world.left(), world.wechat.people[IN_PROGRAM].credits[VISIT]) == (0, 0), "both sides count alike"


def test_the_platform_s_repeat_is_the_same_tap_and_a_later_one_another(world: World) -> None:
    world.taps((VISIT, "accept"))
    world.taps((VISIT, "accept"))
    assert world.left() == 1, "the same second, the same answer"
    world.clock.advance(seconds=9)
    world.taps((VISIT, "accept"))
    assert world.left() == 2


def test_what_the_platform_has_not_we_have_not_either_and_it_goes_by_template(world: World) -> None:
    world.reports("tap-1", visit="accept")  # a client that says so without the person's having been asked
    world.is_booked()
    world.go()
    assert (world.only.channel, world.only.state, world.left()) == ("template", "sent", 0)
    assert "43101" not in str(world.only.error)
    assert world.cards(OPENID) == ["上门服务预约提醒"]


def test_switched_off_in_the_settings_is_none(world: World) -> None:
    world.taps((VISIT, "accept"))
    world.wechat.send(IN_PROGRAM, "subscribe_change", templates=[{"template_id": VISIT, "status": "reject"}])
    assert world.left() == 0


def test_what_could_not_be_delivered_after_all_goes_on(world: World) -> None:
    world.taps((VISIT, "accept"))
    world.is_booked()
    world.go()
    assert world.only.channel == "subscription"
    told = {"template_id": VISIT, "msg_id": str(world.only.platform_id), "code": "43999", "status": "system failed"}
    world.wechat.send(IN_PROGRAM, "subscribe_sent", templates=[told])
    with world.runtime.transaction() as uow:
        row = uow.session.scalars(select(OutboxRow).filter_by(kind="TemplateFailed")).one()
        template_failed(uow, TemplateFailed(**row.body))
    world.go()
    assert (world.only.channel, world.only.state) == ("template", "sent")


@pytest.mark.parametrize(
    ("fault", "channel", "state"),
    [("subscribe_banned", "template", "sent"), ("subscribe_concurrent", "subscription", "waiting")],
)
def test_a_ban_goes_on_at_once_and_two_at_once_wait(world: World, fault: str, channel: str, state: str) -> None:
    world.taps((VISIT, "accept"))
    world.wechat.faults.set({fault: 1})
    world.is_booked()
    world.go()
    assert (world.only.channel, world.only.state, world.left()) == (channel, state, 1)


def has_left(world: World) -> None:
    """The person follows nothing of ours any more."""
    world.wechat.people[OPENID].following = False
    with world.runtime.transaction() as uow:
        for contact in uow.session.scalars(select(Contact)):
            contact.unfollowed_at, contact.followed_at = uow.now, None


def test_whoever_has_no_wechat_with_us_gets_aliyun_s_text_message(world: World) -> None:
    has_left(world)
    world.is_booked()
    world.go()
    assert (world.only.channel, world.only.state) == ("sms", "sent")
    [text] = world.wechat.texts.all(PHONE)
    assert text["content"].startswith("【岚禾】SMS_20000 ")
    assert "service=空调维修" in text["content"]


@pytest.mark.parametrize(("fault", "arrived"), [("sms_5xx", 0), ("sms_lost", 1)])
def test_an_error_that_may_have_sent_it_is_looked_after_before_it_is_sent_again(
    world: World, fault: str, arrived: int
) -> None:
    has_left(world)
    world.wechat.faults.set({fault: 1})
    world.is_booked()
    world.go()
    assert (world.only.state, len(world.wechat.texts.all(PHONE))) == ("waiting", arrived)
    world.clock.advance(seconds=31)
    world.go()
    assert (world.only.state, len(world.wechat.texts.all(PHONE))) == ("sent", 1)


def test_a_code_is_the_gateway_s_own_words_and_a_limit_is_waited_for(world: World) -> None:
    world.texts.send(PHONE, "登录验证码 123456", TextForm("code", {"code": "123456"}, "oc_1"))
    assert "您的验证码为：123456" in world.wechat.texts.all(PHONE)[0]["content"]
    with pytest.raises(RetryLater):
        world.texts.send(PHONE, "", TextForm("code", {"code": "654321"}, "oc_2"))
    with pytest.raises(NeverAgain):
        world.texts.send("12345", "", TextForm("code", {"code": "654321"}, "oc_3"))
    world.wechat.faults.set({"sms_5xx": 1})
    with pytest.raises(RetryLater):
        world.texts.send(PHONE, "", TextForm("appointment", {}, "1"))


def test_a_message_that_arrived_though_its_answer_was_lost_is_not_sent_again(world: World) -> None:
    form = TextForm("appointment", {"service": "空调维修"}, "7-20260512")
    world.texts.send(PHONE, "", form)
    world.texts.send(PHONE, "", replace(form, again=True))
    assert len(world.wechat.texts.all(PHONE)) == 1
    world.texts.send(PHONE, "", replace(form, key="8-20260512", again=True))
    assert len(world.wechat.texts.all(PHONE)) == 2, "one that never came is sent"


@pytest.mark.parametrize("kind", [OFFICIAL_ACCOUNT, MINI_PROGRAM])
def test_the_demo_s_templates_are_the_sandbox_s(kind: str) -> None:
    chosen = templates_of(kind)
    for name, fields, _ in SUBSCRIPTIONS.values():
        assert set(fields) == set(chosen[subscription_id(kind, name)].fields)
    assert {Purpose(one) for one in (*SUBSCRIPTIONS, *TEMPLATES)} <= set(Purpose)
    assert [template_id for template_id, _ in TEMPLATES.values()] == [one.template_id for one in LIBRARY]
