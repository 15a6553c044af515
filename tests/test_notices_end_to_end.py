"""Notices on the pretend WeChat: in the chat while its window is open, 72 hours later by template, and by text message to
whoever has left; the template's link opens the page, and the page's yes moves the time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import select

from adapters.wechat.client import WeChat
from adapters.wechat.credentials import Credentials
from consumer_app import door
from domain.appointments.changes import ask_change
from domain.appointments.events import AppointmentBooked, ChangeAsked, ReminderDue
from domain.appointments.queries import booked
from domain.kit.inbox import Received
from domain.kit.unit_of_work import Runtime
from domain.notices.events import TemplateFailed
from domain.notices.model import OutgoingMessage
from domain.notices.undelivered import go_on_after_failure
from domain.work_orders.model import WorkOrder
from jobs.context import Jobs
from jobs.deliver import deliver
from sandbox.app import AccountConfig, Platform
from sandbox.clock import Clock as PlatformClock
from sandbox.library import LIBRARY
from sandbox.people import Person
from sandbox.server import serve
from tests.brand import AES_KEY, APP_ID, SECRET, TOKEN
from tests.domain.notices.booking import CUSTOMER, OPENID, PHONE, STAFF, TOMORROW, book, put_order, put_templates, react
from tests.jobs.doing import Texts, jobs_with
from tests.runtime import Clock

IN_FOUR_DAYS = TOMORROW + timedelta(days=3)
PROGRESS, APPOINTMENT, QUESTION = LIBRARY
FIELDS = {
    "progress": (
        PROGRESS.template_id,
        {"character_string1": "number", "thing2": "service", "phrase3": "state", "thing4": "tip"},
    ),
    "appointment": (
        APPOINTMENT.template_id,
        {"thing1": "service", "time2": "time", "thing3": "engineer", "thing4": "tip"},
    ),
    "question": (
        QUESTION.template_id,
        {"character_string1": "number", "time2": "time", "time3": "new_time", "thing4": "tip"},
    ),
}


@dataclass
class World:
    """Our side, the platform's side, and one clock for both."""

    runtime: Runtime
    clock: Clock
    wechat: Platform
    jobs: Jobs
    texts: Texts
    person: Person
    order_id: str
    account_id: str

    def later(self, **time: float) -> None:
        self.clock.advance(**time)

    def says(self, words: str) -> None:
        """The customer writes: the platform opens its window, and we keep that we heard it."""
        self.wechat.send(self.person.openid, "text", content=words, wait=False)
        with self.runtime.transaction() as uow:
            uow.session.add(
                Received(
                    account_id=self.account_id, key=uow.new_id("m"), sent_on=uow.today, sender=OPENID,
                    received_at=uow.now, trigger="message", content={}, answer="", state="answered",
                )
            )  # fmt: skip

    def ask(self) -> str:
        """An engineer asks for two hours later; the change's id."""
        with self.runtime.transaction() as uow:
            since = IN_FOUR_DAYS + timedelta(hours=2)
            change = ask_change(
                uow, self.order_id, since, since + timedelta(hours=2), by=STAFF, reason_code="overrun"
            )  # fmt: skip
            react(uow, ChangeAsked)
            return change.id

    def deliver(self) -> None:
        deliver(self.jobs, self.account_id, OPENID)

    @property
    def states(self) -> list[tuple[str, str, str]]:
        with self.runtime.transaction() as uow:
            rows = uow.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.seq))
            return [(row.why, row.channel, row.state) for row in rows]

    def cards(self) -> list[dict[str, object]]:
        return [one["content"] for one in self.wechat.screen(OPENID) if one["kind"] == "template"]


@pytest.fixture
def world(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> Iterator[World]:
    config = AccountConfig(APP_ID, SECRET, TOKEN, AES_KEY, "http://127.0.0.1:9/nobody")
    platform = Platform([config], clock=PlatformClock(lambda: clock.at.timestamp()))
    platform.faults.set({"callback_timeout": 0.05, "retry_delay": 0.01, "deliveries": 1})
    person = platform.add_person("王小明", openid=OPENID)
    person.following = person.ever_followed = True
    with fresh_runtime.transaction() as uow:
        order, _ = put_order(uow)
        put_templates(uow, str(order.account_id), FIELDS)
        book(uow, order, IN_FOUR_DAYS, by=CUSTOMER, via="chat")
        order_id, account_id = order.id, str(order.account_id)
    texts = Texts()
    with serve(platform) as running:
        wechat = WeChat(running.url, lambda account_id: Credentials(APP_ID, SECRET), valkey, clock)
        jobs = jobs_with(fresh_runtime, valkey, wechat, texts=texts)  # type: ignore[arg-type]
        yield World(fresh_runtime, clock, platform, jobs, texts, person, order_id, account_id)


def test_while_the_window_is_open_the_question_is_asked_in_the_chat(world: World) -> None:
    world.says("在吗")
    world.ask()
    world.deliver()
    assert world.states == [("change.asked", "chat", "sent")]
    [words] = [one["content"]["content"] for one in world.wechat.screen(OPENID) if one["side"] == "account"]
    assert "请回复“可以”或“不行”" in words
    assert "https://service.example.com/c/answer/" in words


def test_a_template_the_platform_took_and_did_not_deliver_becomes_a_text_message(world: World) -> None:
    world.person.refuses_messages = True
    world.ask()
    world.deliver()
    assert world.states == [("change.asked", "template", "sent")]
    [(_, msg_id)] = world.wechat.account().sent_templates.values()
    with world.runtime.transaction() as uow:
        said = TemplateFailed(world.account_id, OPENID, str(msg_id), "failed:user block", uow.now.isoformat())
        assert go_on_after_failure(uow, said), "we know the message by the platform's id"
    world.deliver()
    assert world.states == [("change.asked", "sms", "sent")]
    assert [phone for phone, _ in world.texts.sent] == [PHONE]


def test_72_hours_later_the_reminder_is_a_template_on_the_phone(world: World) -> None:
    world.says("在吗")
    world.later(hours=72)
    with world.runtime.transaction() as uow:
        standing = booked(uow, world.order_id)
        assert standing is not None
        react_to = ReminderDue(standing.id, world.order_id)
        uow.emit(react_to)
    with world.runtime.transaction() as uow:
        react(uow, ReminderDue)
    world.deliver()
    assert world.states == [("appointment.reminder", "template", "sent")]
    [card] = world.cards()
    assert card["title"] == "上门服务预约提醒"
    assert {"name": "上门时间", "value": "2026年5月16日 14:00~16:00"} in card["lines"]  # type: ignore[operator]


def test_72_hours_later_a_question_s_link_opens_the_page_and_yes_moves_the_time(world: World) -> None:
    world.says("在吗")
    world.later(hours=72)
    world.ask()
    world.deliver()
    [card] = world.cards()
    app = Flask("test")
    app.register_blueprint(door.blueprint(world.runtime))
    path = urlsplit(str(card["url"])).path
    assert "想改到" in app.test_client().get(path).get_data(as_text=True)
    assert app.test_client().post(path, data={"answer": "yes"}).status_code == 200
    with world.runtime.transaction() as uow:
        standing = booked(uow, world.order_id)
        assert standing is not None
        assert standing.window_since == IN_FOUR_DAYS + timedelta(hours=2)
        react(uow, AppointmentBooked)
    world.deliver()
    assert world.states[-1] == ("appointment.changed", "template", "sent")


def test_whoever_has_left_without_our_knowing_gets_a_text_message(world: World) -> None:
    world.says("在吗")
    world.later(hours=72)
    world.wechat.send(OPENID, "unfollow", wait=False)
    change_id = world.ask()
    world.deliver()
    assert world.states == [("change.asked", "sms", "sent")]
    assert world.cards() == []
    [(phone, words)] = world.texts.sent
    assert phone == PHONE
    assert f"/c/answer/{change_id}." in words


def test_a_template_the_account_does_not_have_is_a_text_message_too(world: World) -> None:
    world.wechat.account().templates.clear()
    world.ask()
    world.deliver()
    assert world.states == [("change.asked", "sms", "sent")]
    with world.runtime.transaction() as uow:
        row = uow.session.scalars(select(OutgoingMessage)).one()
        assert "40037" in row.tried[1]["error"]
        assert uow.session.get_one(WorkOrder, world.order_id).id == row.subject_id


def test_an_answer_that_was_lost_is_asked_for_again_and_the_phone_shows_one_card(world: World) -> None:
    world.jobs.channel.unionid_of(world.account_id, OPENID)  # the token is fetched before answers get lost
    world.wechat.faults.set({"api_lost": 1})
    world.ask()
    world.deliver()
    assert world.states == [("change.asked", "template", "waiting")]
    world.later(seconds=31)
    world.deliver()
    assert world.states == [("change.asked", "template", "sent")]
    assert len(world.cards()) == 1, "the platform dropped the repeat by its key"
