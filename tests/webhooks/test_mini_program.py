"""The mini-program's door: both formats, all modes, answers as messages, what its events mean."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
import xmltodict
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import inspect, select
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from werkzeug.test import TestResponse

from bot import engine
from domain.customers.model import Contact, ContactSession
from domain.kit.inbox import Received, ReceivedState
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.notices.model import OutgoingMessage
from domain.notices.queries import window_of
from domain.organizations.model import Account
from domain.organizations.operations import put_account
from tests.brand import APP_ID as OFFICIAL
from tests.brand import brand_in
from tests.runtime import Clock
from tests.webhooks.pushing import SENT_AT, element, signature
from webhooks import mini_program, official_account, wire
from webhooks.inbox import APOLOGY
from webhooks.spool import Spool

APP_ID, TOKEN, AES_KEY = "wxba5fad812f8e6fb9", "AAAAA", "A" * 43
EXAMPLE = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVza",
    "zhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwK",
    "SqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=",
)
"""What the platform's documentation shows as a push in safe mode."""
FORMATS, MODES = ("xml", "json"), ("plain", "compat", "safe")


@dataclass
class Program:
    """One mini-program, seen from the platform."""

    client: FlaskClient
    mode: str = "safe"
    format: str = "json"
    ids: Any = field(default_factory=lambda: itertools.count(24_000_000_000))

    def write(self, fields: dict[str, Any]) -> str:
        if self.format == "json":
            return json.dumps(fields, ensure_ascii=False)
        return "<xml>" + "".join(element(name, value) for name, value in fields.items()) + "</xml>"

    def message(self, words: str = "", kind: str = "text", **more: Any) -> dict[str, Any]:
        told = {"Content": words} if kind == "text" else {}
        return {**self.about(), "MsgType": kind, **told, "MsgId": next(self.ids), **more}

    def event(self, name: str, **more: Any) -> dict[str, Any]:
        return {**self.about(), "MsgType": "event", "Event": name, **more}

    def about(self) -> dict[str, Any]:
        return {"ToUserName": "gh_program", "FromUserName": "oWang", "CreateTime": SENT_AT}

    def push(self, fields: dict[str, Any], **changed: str) -> TestResponse:
        body, timestamp, nonce = self.write(fields), str(SENT_AT), "4711"
        query = {"signature": signature(TOKEN, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        if self.mode != "plain":
            sealed = PrpCrypto(self.crypto.key).encrypt(body, APP_ID).decode()
            query |= {"encrypt_type": "aes", "msg_signature": signature(TOKEN, timestamp, nonce, sealed)}
            body = self.write(
                {**(fields if self.mode == "compat" else {"ToUserName": "gh_program"}), "Encrypt": sealed}
            )
        return self.deliver(body.encode(), {**query, **changed})

    def deliver(self, body: bytes, query: dict[str, str]) -> TestResponse:
        return self.client.post("/webhooks/mini-program", query_string=query, data=body)

    def say(self, words: str) -> None:
        assert self.push(self.message(words)).data == b"success"

    @property
    def crypto(self) -> WeChatCrypto:
        return WeChatCrypto(TOKEN, AES_KEY, APP_ID)


@pytest.fixture
def program(fresh_runtime: Runtime, valkey: Redis) -> Program:
    brand = brand_in(fresh_runtime)
    with fresh_runtime.transaction() as uow:
        put_account(
            uow, brand_id=brand.voice.brand_id, kind="mini_program", app_id=APP_ID, name="岚禾小程序", mode="safe",
            token=TOKEN, aes_key=AES_KEY, secret="secret",
        )  # fmt: skip
    app, spool = Flask("tests"), Spool(valkey, fresh_runtime.keyring)
    app.register_blueprint(mini_program.blueprint(fresh_runtime, spool))
    app.register_blueprint(official_account.blueprint(fresh_runtime, spool))
    return Program(app.test_client())


def in_mode(runtime: Runtime, mode: str, **changed: Any) -> None:
    with runtime.transaction() as uow:
        account = uow.session.scalars(select(Account).filter_by(app_id=APP_ID)).one()
        account.mode = mode
        for name, value in changed.items():
            setattr(account, name, value)


def rows(runtime: Runtime, kind: type[Any]) -> list[Any]:
    with runtime.transaction() as uow:
        return list(uow.session.scalars(select(kind).order_by(*inspect(kind).primary_key)))


def sent(runtime: Runtime) -> list[str]:
    with runtime.transaction() as uow:
        return [row.text for row in uow.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.seq))]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("mode", MODES)
def test_answers_go_out_as_messages_at_once_and_the_push_gets_success(
    fresh_runtime: Runtime, program: Program, clock: Clock, mode: str, format: str
) -> None:
    in_mode(fresh_runtime, mode)
    program.mode, program.format = mode, format
    program.say("空调不制冷")
    [message] = rows(fresh_runtime, OutgoingMessage)
    assert "空调" in message.text or "型号" in message.text or "地址" in message.text
    assert message.not_before == clock()
    [row] = rows(fresh_runtime, Received)
    assert (row.state, row.answer, row.trigger) == (ReceivedState.ANSWERED, "", "message")


@pytest.mark.parametrize("format", FORMATS)
def test_a_repeat_is_answered_once_and_ids_need_not_be_numbers(
    fresh_runtime: Runtime, program: Program, format: str
) -> None:
    program.format = format
    message = program.message("你好", MsgId="49d72d67b16d115e7935ac386f2f0fa41535298877_1555684067")
    assert [program.push(message).data for _ in range(3)] == [b"success"] * 3
    [row] = rows(fresh_runtime, Received)
    assert row.key == message["MsgId"]
    assert len(sent(fresh_runtime)) == 1


def test_the_platforms_own_example_opens(fresh_runtime: Runtime, program: Program) -> None:
    body = {
        "ToUserName": "gh_97417a04a28d",
        "Encrypt": "".join(EXAMPLE),
    }  # fmt: skip
    query = {
        "timestamp": "1714112445", "nonce": "415670741", "encrypt_type": "aes",
        "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
    }  # fmt: skip
    assert program.deliver(json.dumps(body).encode(), query).data == b"success"
    [row] = rows(fresh_runtime, Received)
    assert "debug_demo" in row.key
    assert rows(fresh_runtime, Contact) == [], "nobody said that"


def test_the_url_check_and_the_doors_are_for_their_own_kind_of_account(program: Program) -> None:
    query = {"timestamp": "1714036504", "nonce": "1514711492", "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696"}
    for path in ("/webhooks/mini-program", f"/webhooks/mini-program/{APP_ID}"):
        assert program.client.get(path, query_string={**query, "echostr": "4375120948345356249"}).data == (
            b"4375120948345356249"
        )
    assert program.client.get(f"/webhooks/mini-program/{OFFICIAL}", query_string=query).status_code == 403
    assert program.client.get(f"/webhooks/official-account/{APP_ID}", query_string=query).status_code == 403


def test_entering_the_chat_greets_once_and_opens_two_messages_for_a_minute(
    fresh_runtime: Runtime, program: Program, clock: Clock
) -> None:
    enter = program.event("user_enter_tempsession", SessionFrom="")
    assert program.push(enter).data == b"success"
    assert "岚禾" in sent(fresh_runtime)[0]
    [contact] = rows(fresh_runtime, Contact)
    with fresh_runtime.transaction() as uow:
        assert window_of(uow, contact.account_id, contact.openid).left == 2
    clock.advance(minutes=1)
    with fresh_runtime.transaction() as uow:
        assert window_of(uow, contact.account_id, contact.openid).left == 0
    program.push({**enter, "CreateTime": SENT_AT + 60})
    assert len(sent(fresh_runtime)) == 1, "not at every look"
    clock.advance(hours=3)
    program.push({**enter, "CreateTime": SENT_AT + 9999})
    assert len(sent(fresh_runtime)) == 2


def test_the_page_one_comes_from_begins_what_it_is_about_and_coming_back_leads_on(
    fresh_runtime: Runtime, program: Program, clock: Clock
) -> None:
    program.push(program.event("user_enter_tempsession", SessionFrom="repair_request"))
    assert "哪台家电" in sent(fresh_runtime)[-1]
    clock.advance(seconds=30)
    program.push(program.event("user_enter_tempsession", SessionFrom="", CreateTime=SENT_AT + 30))
    assert len(sent(fresh_runtime)) == 1
    clock.advance(hours=2)
    program.push(program.event("user_enter_tempsession", SessionFrom="", CreateTime=SENT_AT + 7230))
    assert "我们接着刚才的报修" in sent(fresh_runtime)[-1]
    assert "哪台家电" in sent(fresh_runtime)[-1]


def test_entering_does_not_take_the_talk_from_a_person(fresh_runtime: Runtime, program: Program) -> None:
    program.say("人工")
    before = len(sent(fresh_runtime))
    program.push(program.event("user_enter_tempsession", SessionFrom="repair_request"))
    assert len(sent(fresh_runtime)) == before


@pytest.mark.parametrize("format", FORMATS)
def test_handing_over_to_the_platforms_customer_service_is_sealed_in_the_accounts_format(
    fresh_runtime: Runtime, program: Program, format: str
) -> None:
    in_mode(fresh_runtime, "safe", hands_over=True)
    program.format = format
    asked = program.message("人工")
    answers = [program.push(asked) for _ in range(2)]
    assert "人工" in sent(fresh_runtime)[0]
    assert len(sent(fresh_runtime)) == 1
    for answer in answers:
        body: dict[str, Any] = json.loads(answer.data) if format == "json" else xmltodict.parse(answer.data)["xml"]
        if format == "json":
            assert isinstance(body["TimeStamp"], int)
        given = body["MsgSignature"], str(body["TimeStamp"]), body["Nonce"]
        plain = program.crypto.decrypt_message({"Encrypt": body["Encrypt"]}, *given)
        reply = xmltodict.parse(plain)["xml"]
        assert (reply["MsgType"], reply["ToUserName"]) == ("transfer_customer_service", "oWang")
        assert (reply["FromUserName"], "Content" in reply) == ("gh_program", False)
    assert program.push(program.event("user_enter_tempsession")).data == b"success", "events are never handed over"
    in_mode(fresh_runtime, "safe", hands_over=False)


def test_without_that_setting_a_person_of_ours_takes_over(fresh_runtime: Runtime, program: Program) -> None:
    program.say("人工")
    program.say("在吗")


def test_a_turn_that_breaks_apologises_by_message(fresh_runtime: Runtime, program: Program) -> None:
    read = engine.catalogues.of

    def breaks(*given: Any) -> Any:
        raise RuntimeError("broken")

    engine.catalogues.of = breaks  # type: ignore[method-assign, assignment]
    try:
        program.say("空调不制冷")
    finally:
        engine.catalogues.of = read  # type: ignore[method-assign]
    assert sent(fresh_runtime) == [APOLOGY]
    assert [row.kind for row in rows(fresh_runtime, OutboxRow)].count("TurnFailed") == 1
    assert rows(fresh_runtime, Received)[0].state == ReceivedState.FAILED


def test_pictures_and_cards_are_heard(fresh_runtime: Runtime, program: Program) -> None:
    program.push(program.message(kind="image", PicUrl="https://example.com/p", MediaId="m1"))
    page = {
        "Title": "我的空调",
        "AppId": APP_ID,
        "PagePath": "pages/product?id=1",
        "ThumbUrl": "",
        "ThumbMediaId": "m2",
    }
    program.push(program.message(kind="miniprogrampage", **page))
    heard = [row.content["said"] for row in rows(fresh_runtime, Received)]
    assert [(said["kind"], said.get("media_id") or said.get("key")) for said in heard] == [
        ("image", "m1"), ("card", "pages/product?id=1"),
    ]  # fmt: skip


ONE, TWO = (
    {"TemplateId": "t1", "SubscribeStatusString": "accept"},
    {"TemplateId": "t2", "SubscribeStatusString": "reject"},
)


def test_templates_read_alike_from_both_formats_one_or_several() -> None:
    for items in ([ONE], [ONE, TWO]):
        inside = "".join(element("List", item) for item in items)
        nested = f"<xml><Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent>{inside}</SubscribeMsgPopupEvent></xml>"
        for given in (items, items[0]) if len(items) == 1 else (items,):
            on_top = json.dumps({"Event": "subscribe_msg_popup_event", "List": given}).encode()
            assert wire.subscriptions(wire.fields_of_any(on_top)) == items
        assert wire.subscriptions(wire.fields_of_any(nested.encode())) == items


@pytest.mark.parametrize("format", FORMATS)
def test_events_of_one_second_that_differ_are_two_and_nobody_is_told_anything(
    fresh_runtime: Runtime, program: Program, format: str
) -> None:
    program.format = format

    def about(*items: dict[str, str]) -> dict[str, Any]:
        listed = list(items) if len(items) > 1 else items[0]
        return {"List": listed} if format == "json" else {"SubscribeMsgSentEvent": {"List": items[0]}}

    events = [
        program.event("subscribe_msg_sent_event", **about({"TemplateId": "t", "MsgID": "1", "ErrorCode": "0"})),
        program.event("subscribe_msg_sent_event", **about({"TemplateId": "t", "MsgID": "2", "ErrorCode": "0"})),
        program.event("wxa_media_check", appid=APP_ID, trace_id="a", version=2),
        program.event("wxa_media_check", appid=APP_ID, trace_id="b", version=2),
    ]
    for event in [*events, *events]:
        assert program.push(event).data == b"success"
    assert len({row.key for row in rows(fresh_runtime, Received)}) == 4
    assert {row.trigger for row in rows(fresh_runtime, Received)} == {"nothing"}
    assert (sent(fresh_runtime), rows(fresh_runtime, Contact)) == ([], [])


def test_taking_back_the_phone_ends_consent_and_sessions(fresh_runtime: Runtime, program: Program) -> None:
    program.say("你好")
    program.push(
        program.event(
            "user_authorization_revoke", FromUserName="oPlatform", OpenID="oWang", AppID=APP_ID, RevokeInfo="8"
        )
    )
    [contact] = rows(fresh_runtime, Contact)
    assert (contact.openid, contact.revoked_at is not None, contact.consent_version) == ("oWang", True, None)
    assert rows(fresh_runtime, ContactSession) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1]", b"hello", b'{"a":' * 5000, b"\xef\xbb\xbf{}x", b'<!DOCTYPE a [<!ENTITY b "c">]><xml/>'],
)
def test_what_is_no_push_is_400(fresh_runtime: Runtime, program: Program, body: bytes) -> None:
    in_mode(fresh_runtime, "plain")
    query = {"signature": signature(TOKEN, "1", "2"), "timestamp": "1", "nonce": "2"}
    answer = program.deliver(body, query)
    assert (answer.status_code, answer.data) == (400, b"")


def test_wrong_signatures_and_plain_pushes_in_safe_mode_are_403(fresh_runtime: Runtime, program: Program) -> None:
    assert program.push(program.message("你好"), msg_signature="0" * 40).status_code == 403
    program.mode = "plain"
    assert program.push(program.message("你好")).status_code == 403
    assert rows(fresh_runtime, Received) == []


def test_sealed_but_unreadable_or_odd_json_is_written_down_and_answered(
    fresh_runtime: Runtime, program: Program
) -> None:
    odd = program.message("半个\ud83d字\x00", MsgId=True, CreateTime="soon")
    assert program.push({}).data == b"success"
    body = json.dumps(odd)
    sealed = PrpCrypto(program.crypto.key).encrypt(body, APP_ID).decode()
    query = {
        "timestamp": "1", "nonce": "2", "encrypt_type": "aes", "msg_signature": signature(TOKEN, "1", "2", sealed)
    }  # fmt: skip
    assert program.deliver(json.dumps({"Encrypt": sealed}).encode(), query).data == b"success"
    assert {row.content["said"].get("text") for row in rows(fresh_runtime, Received)} == {None, "半个字"}
