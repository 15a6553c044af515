"""The engine around the talk: who is locked for a turn, what fits into a reply, what is kept of a talk."""

from __future__ import annotations

import threading
import time
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot import engine
from bot.conversation import Answer, Choices, Option, State
from bot.heard import Heard, HeardKind
from domain.catalog.codes import code_key
from domain.catalog.model import Model
from domain.customers import operations as customers
from domain.incidents.model import SafetyIncident
from domain.incidents.operations import move_incident
from domain.kit.actors import Actor, Role
from domain.kit.inbox import Received, ReceivedState
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.notices.model import OutgoingMessage
from domain.organizations.model import Brand as BrandRow
from domain.organizations.queries import voice
from tests.brand import Brand, brand_in
from tests.runtime import Clock


def say(runtime: Runtime, brand: Brand, words: str, person: str = "oWang") -> str:
    with runtime.transaction() as uow:
        account = voice(uow, account_id=brand.voice.account_id)
        talk = engine.listen(uow, account.account_id, person)
        return engine.take_turn(uow, account, *talk, Heard(person, HeardKind.TEXT, text=words)).first


def test_who_waited_for_a_turn_sees_what_it_left(fresh_runtime: Runtime) -> None:
    """The contact too: or a second archive is made for the same person."""
    account = brand_in(fresh_runtime).voice.account_id
    with fresh_runtime.transaction() as uow:
        engine.listen(uow, account, "oWang")
    seen: dict[str, Any] = {}

    def wait() -> None:
        with fresh_runtime.transaction() as uow:
            conversation, contact = engine.listen(uow, account, "oWang")
            seen.update(state=conversation.state, consent=contact.consent_version)

    with fresh_runtime.transaction() as uow:
        conversation, contact = engine.listen(uow, account, "oWang")
        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.3)
        assert not seen, "it waits"
        conversation.state = {"flow": "repair_request"}
        customers.consent(uow, contact, "2026-01")
    waiting.join(30)
    assert seen == {"state": {"flow": "repair_request"}, "consent": "2026-01"}


def test_two_people_do_not_wait_for_each_other(fresh_runtime: Runtime) -> None:
    account = brand_in(fresh_runtime).voice.account_id
    with fresh_runtime.transaction() as uow, fresh_runtime.transaction() as another:
        engine.listen(uow, account, "oWang")
        engine.listen(another, account, "oLi")


def test_a_model_that_is_new_in_the_catalogue_is_known_at_once(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    assert "没有查到型号 XQB80-Z1269" in say(runtime, brand, "登记 XQB80-Z1269")
    with runtime.transaction() as uow:
        uow.session.add(
            Model(
                id="mo_new", brand_id=brand.voice.brand_id, category_code="washing_machine", code="XQB80-Z1269",
                code_key=code_key("XQB80-Z1269"), name="8公斤波轮洗衣机",
            )
        )  # fmt: skip
        uow.session.get_one(BrandRow, brand.voice.brand_id).catalogue_version += 1
    assert "请发机身编号" in say(runtime, brand, "XQB80-Z1269")


@given(st.lists(st.text(alphabet="空调不制冷\n a😂", max_size=900), max_size=4))
def test_what_does_not_fit_into_the_reply_follows_and_nothing_is_lost(parts: list[str]) -> None:
    spoken = engine.rendered(parts)
    said = [spoken.first, *spoken.later]
    assert all(len(part.encode()) <= engine.PASSIVE_BYTES for part in said)
    assert "".join("".join(said).split()) == "".join("".join(parts).split())
    assert spoken.first or not "".join(parts).strip()


answers = st.builds(Answer, st.none() | st.booleans() | st.text(max_size=9), st.text(max_size=9), st.booleans())
names = st.sampled_from(["product", "fault", "address"])
offers = st.builds(
    lambda ask, shown: Choices(ask, tuple(Option(*one) for one in shown)),
    st.text(max_size=9), st.lists(st.tuples(st.text(max_size=9), st.none() | answers), max_size=4),
)  # fmt: skip
states = st.builds(
    State, flow=st.none() | names, answers=st.dictionaries(names, answers), offered=st.dictionaries(names, offers),
    seed=st.text(max_size=9), asked=st.just("") | names, misses=st.integers(0, 3), privacy_shown=st.booleans(),
    with_person=st.none() | st.just("dt_1"), hinted=st.booleans(),
)  # fmt: skip


@given(states)
def test_a_talk_survives_being_put_away(state: State) -> None:
    assert State.from_json(state.to_json()) == state


@given(states)
def test_a_talk_survives_a_deploy(state: State) -> None:
    """What another version knew and this one does not is left out."""
    assert State.from_json({**state.to_json(), "of_another_version": 1}) == state


def test_deferred_messages_are_taken_in_the_order_they_came(runtime: Runtime, clock: Clock) -> None:
    brand = brand_in(runtime)
    account = brand.voice.account_id
    for key, words in (("9", "报修"), ("1", "冰箱"), ("5", "不制冷")):
        clock.advance(seconds=1)
        with runtime.transaction() as uow:
            uow.session.add(
                Received(
                    account_id=account, key=key, sent_on=date(2026, 5, 12), sender="oWang", received_at=uow.now,
                    trigger="message", state=ReceivedState.DEFERRED,
                    content={"raw": "", "said": Heard("oWang", HeardKind.TEXT, text=words).to_json()},
                )
            )  # fmt: skip
    with runtime.transaction() as uow:
        assert engine.is_behind(uow, account, "oWang", "10")
        assert not engine.is_behind(uow, account, "oLi", "10")
        assert engine.hold_deferred(uow, account, "oWang")
    with runtime.transaction() as uow:
        assert not engine.hold_deferred(uow, account, "oWang"), "once"
        sent = uow.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.seq)).all()
        assert [one.text[:6] for one in sent] == ["请问是哪台家", "请说说是什么", "您的电话和地"]
        assert {row.state for row in uow.session.scalars(select(Received))} == {ReceivedState.ANSWERED}


def test_a_template_that_failed_while_the_database_was_away_is_noted_and_no_talk(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    heard = Heard("oWang", HeardKind.UNDELIVERED, key="7001", text="failed:user block")
    with runtime.transaction() as uow:
        account = voice(uow, account_id=brand.voice.account_id)
        spoken = engine.take_turn(uow, account, *engine.listen(uow, account.account_id, "oWang"), heard)
        assert (spoken.first, list(spoken.later)) == ("", [])
    with runtime.transaction() as uow:
        kinds = uow.session.scalars(select(OutboxRow.kind)).all()
        assert kinds.count("TemplateFailed") == 1


def test_an_old_order_is_found_by_its_number_but_not_by_others(runtime: Runtime, clock: Clock) -> None:
    brand = brand_in(runtime)
    say(runtime, brand, "空调不制冷，佛山市顺德区容桂街道卫红路18号3栋502，13800000000")
    opened = say(runtime, brand, "确认")
    number = opened.partition("工单号：")[2].splitlines()[0]
    for _ in range(5):
        clock.advance(minutes=2)
        for words in ("冰箱不制冷", "确认", "取消工单", "冰箱", "已经好了", "确认"):
            say(runtime, brand, words)
    assert number not in say(runtime, brand, "进度")
    assert f"{number} 空调维修" in say(runtime, brand, number)
    assert "空调" not in say(runtime, brand, number, person="oLi")


def test_a_flood_is_slowed_again_once_the_danger_is_over(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    say(runtime, brand, "厨房有股煤气味")
    for _ in range(25):
        assert say(runtime, brand, "帮助") != "", "while somebody is in danger nothing is slowed"
    with runtime.transaction() as uow:
        incident = uow.session.scalars(select(SafetyIncident)).one()
        for move in ("acknowledge", "close"):
            move_incident(uow, incident.id, move, by=Actor(Role.STAFF, "st_1"), why="阀门已关")
    assert say(runtime, brand, "帮助") == ""
