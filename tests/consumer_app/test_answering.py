"""The page with one question: whoever has the link answers it once; looking changes nothing; nobody else gets anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consumer_app import door
from domain.appointments.changes import ask_change, withdraw_changes
from domain.appointments.lifecycle import ChangeStatus
from domain.appointments.model import Appointment, ChangeRequest
from domain.appointments.queries import booked
from domain.desk.model import DeskTask
from domain.kit.unit_of_work import Runtime
from domain.notices.answers import path_to_answer
from domain.work_orders.operations import move_order
from tests.domain.notices.booking import CUSTOMER, STAFF, TOMORROW, book, put_order
from tests.runtime import Clock

LATER = TOMORROW + timedelta(hours=2)


@dataclass
class Asked:
    """A question and the way to its page."""

    runtime: Runtime
    client: FlaskClient
    path: str
    change_id: str
    order_id: str

    def look(self) -> str:
        return self.client.get(self.path).get_data(as_text=True)

    def say(self, answer: str, **headers: str) -> tuple[int, str]:
        said = self.client.post(self.path, data={"answer": answer}, headers=headers)
        return said.status_code, said.get_data(as_text=True)

    @property
    def status(self) -> str:
        with self.runtime.transaction() as uow:
            return uow.session.get_one(ChangeRequest, self.change_id).status

    @property
    def window(self) -> object:
        with self.runtime.transaction() as uow:
            standing = booked(uow, self.order_id)
            return standing and standing.window_since


class Few:
    """Counters that let through so many."""

    def __init__(self, most: int) -> None:
        self.left = most

    def may(self, what: str, who: str, most: int, seconds: int) -> bool:
        self.left -= 1
        return self.left >= 0


@pytest.fixture
def asked(runtime: Runtime) -> Asked:
    with runtime.transaction() as uow:
        order, _ = put_order(uow)
        book(uow, order, by=CUSTOMER, via="chat")
        change = ask_change(uow, order.id, LATER, LATER + timedelta(hours=2), by=STAFF, reason_code="overrun")
        path = path_to_answer(uow, change)
    app = Flask("test")
    app.register_blueprint(door.blueprint(runtime, Few(5)))
    return Asked(runtime, app.test_client(), path, change.id, order.id)


def test_the_page_shows_both_times_and_who_comes(asked: Asked) -> None:
    text = asked.look()
    assert "5月13日 周三 14:00–16:00" in text
    assert "5月13日 周三 16:00–18:00" in text
    assert "师傅（工号 " in text
    assert [word for word in ("可以", "不行", "请联系我") if word not in text] == []
    assert "13800138000" not in text, "whoever the link is passed on to learns no number and no address"
    assert "文明西路" not in text


def test_looking_changes_nothing(asked: Asked) -> None:
    for _ in range(3):
        asked.look()
        asked.client.head(asked.path)
    assert (asked.status, asked.window) == ("asked", TOMORROW)


def test_yes_moves_the_time_and_once_said_it_is_politely_over(asked: Asked) -> None:
    status, words = asked.say("yes")
    assert (status, "上门时间已改到 5月13日 周三 16:00–18:00" in words) == (200, True)
    assert (asked.status, asked.window) == ("agreed", LATER)
    text = asked.look()
    assert "您已经同意了" in text
    assert "<button" not in text
    assert asked.say("no")[0] == 409
    assert (asked.status, asked.window) == ("agreed", LATER)


def test_no_leaves_the_time(asked: Asked) -> None:
    assert asked.say("no")[0] == 200
    assert (asked.status, asked.window) == ("declined", TOMORROW)
    assert "仍按原来的时间" in asked.look()


def test_call_me_is_one_task_and_leaves_the_question_open(asked: Asked) -> None:
    for _ in range(2):
        assert "打电话联系您" in asked.say("call")[1]
    assert asked.status == "asked"
    with asked.runtime.transaction() as uow:
        [task] = uow.session.scalars(select(DeskTask)).all()
    assert (task.kind, task.phone) == ("callback", "13800138000")


@pytest.mark.parametrize("answer", ["", "maybe", "yes; no"])
def test_other_answers_are_none(asked: Asked, answer: str) -> None:
    assert asked.say(answer)[0] == 409
    assert asked.status == "asked"


def test_a_question_taken_back_is_over(asked: Asked) -> None:
    with asked.runtime.transaction() as uow:
        withdraw_changes(uow, uow.session.scalars(select(Appointment.id)).one(), by=STAFF)
    assert "不用改时间了" in asked.look()
    assert asked.say("yes")[0] == 409
    assert asked.window == TOMORROW


def test_a_cancelled_order_needs_no_answer(asked: Asked) -> None:
    with asked.runtime.transaction() as uow:
        move_order(uow, asked.order_id, "cancel", by=STAFF, why="不修了")
    assert asked.say("yes")[0] == 409
    assert asked.status in (ChangeStatus.ASKED, ChangeStatus.WITHDRAWN)


def test_the_link_ends_when_the_time_asked_for_begins(asked: Asked, clock: Clock) -> None:
    clock.at = LATER
    said = asked.client.get(asked.path)
    assert said.status_code == 404
    assert "已经过期" in said.get_data(as_text=True)
    assert asked.say("yes")[0] == 404


def test_a_link_for_one_question_opens_no_other_and_none_is_guessed(asked: Asked) -> None:
    change, _, mark = asked.path.rpartition("/")[2].partition(".")
    for token in (f"{change}.{'0' * 32}", change, f"{change}.", f"cr_other.{mark}", f".{mark}", "x" * 500):
        for said in (
            asked.client.get(f"/c/answer/{token}"),
            asked.client.post(f"/c/answer/{token}", data={"answer": "yes"}),
        ):
            assert said.status_code in (404, 429)
    assert asked.status == "asked"


def test_the_link_is_the_customer_s_own(asked: Asked) -> None:
    with asked.runtime.transaction() as uow:
        change = uow.session.get_one(ChangeRequest, asked.change_id)
        forged = uow.keyring.fingerprint("answer a change", f"{change.id} cu_2")
    assert asked.client.get(f"/c/answer/{change.id}.{forged}").status_code == 404


def test_another_site_s_form_and_too_many_answers_get_nowhere(asked: Asked) -> None:
    assert asked.say("yes", **{"Sec-Fetch-Site": "cross-site"})[0] == 429
    assert asked.status == "asked"
    assert [asked.say("maybe")[0] for _ in range(7)] == [409] * 5 + [429] * 2


def test_the_page_is_not_kept_and_runs_nothing(asked: Asked) -> None:
    said = asked.client.get(asked.path)
    assert said.headers["Cache-Control"] == "no-store"
    assert said.headers["Referrer-Policy"] == "no-referrer"
    assert "<script" not in said.get_data(as_text=True)
    assert "form-action 'self'" in said.headers["Content-Security-Policy"]
