"""A mini-program on the platform: its formats, its customer chat, signing in, and one person on two accounts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from wechatpy.crypto import PrpCrypto, WeChatCrypto

from sandbox.accounts import MINI_PROGRAM
from sandbox.app import AccountConfig, Platform
from sandbox.clock import Clock
from sandbox.crypto import sign
from sandbox.errors import Unsendable
from sandbox.people import Person
from sandbox.server import Running, serve
from tests.sandbox.api_client import ApiClient
from tests.sandbox.callback import AES_KEY, APP_ID, SECRET, TOKEN, Callback, Seen, text_reply
from tests.sandbox.conftest import SHORT

OFFICIAL = "wx5eed0000demo0009"
SEND, TYPING = "/cgi-bin/message/custom/send", "/cgi-bin/message/custom/business/typing"
ONE = {"template_id": "t1", "status": "accept", "scene": "0"}
TWO = [ONE, {**ONE, "template_id": "t2"}]


@pytest.fixture
def wechat(callback: Callback) -> Platform:
    program = AccountConfig(APP_ID, SECRET, TOKEN, AES_KEY, callback.url, kind=MINI_PROGRAM, format="json")
    official = AccountConfig(OFFICIAL, SECRET, TOKEN, AES_KEY, callback.url)
    platform = Platform([program, official], residents=("王小明",), clock=Clock(lambda: 1_700_000_000.0))
    platform.faults.set(SHORT)
    return platform


@pytest.fixture
def person(wechat: Platform) -> Person:
    return next(one for one in wechat.people.values() if one.app_id == APP_ID)


@pytest.fixture
def server(wechat: Platform) -> Iterator[Running]:
    with serve(wechat) as running:
        yield running


@pytest.mark.parametrize("format", ["xml", "json"])
@pytest.mark.parametrize("mode", ["plain", "compat", "safe"])
def test_it_pushes_in_both_formats_and_all_modes(
    wechat: Platform, callback: Callback, person: Person, mode: str, format: str
) -> None:
    wechat.configure(APP_ID, mode=mode, format=format)
    wechat.send(person.openid, "text", content="在吗")
    [seen] = callback.seen
    assert (seen.fields["Content"], seen.fields["MsgType"]) == ("在吗", "text")
    assert seen.raw.startswith("{" if format == "json" else "<xml>")
    assert ("在吗" in seen.raw) == (mode != "safe")
    assert ("Encrypt" in seen.raw) == (mode != "plain")


def test_templates_are_one_object_or_an_array_on_top_of_json_and_nested_in_xml(
    wechat: Platform, callback: Callback, person: Person
) -> None:
    wechat.send(person.openid, "subscribe_popup", templates=[ONE])
    wechat.send(person.openid, "subscribe_popup", templates=TWO)
    one, two = callback.seen
    assert one.fields["List"]["TemplateId"] == "t1"
    assert [item["TemplateId"] for item in two.fields["List"]] == ["t1", "t2"]
    wechat.configure(APP_ID, format="xml", mode="plain")
    wechat.send(
        person.openid, "subscribe_sent", templates=[{"template_id": "t", "msg_id": "1", "code": "0", "status": "ok"}]
    )
    assert "<SubscribeMsgSentEvent><List><TemplateId>" in callback.seen[-1].raw


def test_no_passive_reply_reaches_its_chat_but_a_transfer_does(
    wechat: Platform, callback: Callback, person: Person
) -> None:
    wechat.configure(APP_ID, mode="plain")
    callback.respond = lambda seen: (text_reply(seen, "您好"), 200)
    assert wechat.send(person.openid, "text", content="在吗").failed
    callback.respond = lambda seen: (text_reply(seen, "").replace("[text]", "[transfer_customer_service]"), 200)
    assert not wechat.send(person.openid, "text", content="在吗").failed
    assert wechat.screen(person.openid)[-1]["content"]["content"].startswith("已转接人工客服")


def sealed_json(seen: Seen, *, stamp: object = 1_700_000_001) -> tuple[str, int]:
    transfer = text_reply(seen, "").replace("[text]", "[transfer_customer_service]")
    encrypted = PrpCrypto(WeChatCrypto(TOKEN, AES_KEY, APP_ID).key).encrypt(transfer, APP_ID).decode()
    signature = sign(TOKEN, str(stamp), "7", encrypted)
    return json.dumps({"Encrypt": encrypted, "MsgSignature": signature, "TimeStamp": stamp, "Nonce": "7"}), 200


def test_whoever_is_pushed_json_answers_in_a_json_envelope(
    wechat: Platform, callback: Callback, person: Person
) -> None:
    callback.respond = sealed_json
    assert not wechat.send(person.openid, "text", content="人工").failed
    callback.respond = lambda seen: sealed_json(seen, stamp="1700000001")
    assert wechat.send(person.openid, "text", content="人工").failed, "TimeStamp is a number"
    wechat.configure(APP_ID, format="xml")
    callback.respond = sealed_json
    assert wechat.send(person.openid, "text", content="人工").failed, "not where pushes are XML"


def test_entering_allows_two_messages_for_a_minute_and_a_message_five(
    wechat: Platform, api: ApiClient, person: Person
) -> None:
    assert api.say(person.openid) == 45015
    wechat.send(person.openid, "enter", session_from="repair_request")
    assert [api.say(person.openid) for _ in range(3)] == [0, 0, 45047]
    wechat.send(person.openid, "enter")
    wechat.clock.advance(minutes=1)
    assert api.say(person.openid) == 45015
    wechat.send(person.openid, "text", content="在吗")
    assert [api.say(person.openid) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


def test_its_chat_knows_less_than_an_official_accounts(wechat: Platform, api: ApiClient, person: Person) -> None:
    for kind in ("voice", "location", "follow", "click"):
        with pytest.raises(Unsendable, match="has no"):
            wechat.send(person.openid, kind)
    wechat.send(person.openid, "image")
    assert api.post(SEND, {"touser": person.openid, "msgtype": "msgmenu", "msgmenu": {}})["errcode"] == 40008
    link = {"title": "清洗指南", "url": "https://example.com", "description": "", "thumb_url": ""}
    assert api.post(SEND, {"touser": person.openid, "msgtype": "link", "link": link})["errcode"] == 0
    thumb = api.upload("thumb", b"jpg", "image/jpeg")["thumb_media_id"]
    card = {"title": "我的工单", "pagepath": "pages/orders/index", "thumb_media_id": thumb}
    assert (
        api.post(SEND, {"touser": person.openid, "msgtype": "miniprogrampage", "miniprogrampage": card})["errcode"] == 0
    )
    assert wechat.screen(person.openid)[-1]["content"] == card
    assert api.post("/cgi-bin/menu/create", {"button": []})["errcode"] == 48001
    assert api.get("/cgi-bin/user/info", openid=person.openid).json()["errcode"] == 48001


def test_typing_has_a_path_of_its_own(wechat: Platform, api: ApiClient, person: Person) -> None:
    wechat.send(person.openid, "text", content="在吗")
    body = {"touser": person.openid, "command": "Typing"}
    assert api.post(TYPING.replace("/business", ""), body)["errcode"] == 48001
    assert api.post(TYPING, body)["errcode"] == 0


def code_of(server: Running, person: Person, kind: str) -> str:
    url = f"{server.url}/sandbox/api/people/{person.openid}/code"
    return str(requests.post(url, json={"kind": kind}, timeout=5).json()["code"])


def log_in(server: Running, code: str, **changed: str) -> dict[str, Any]:
    args = {"appid": APP_ID, "secret": SECRET, "js_code": code, "grant_type": "authorization_code", **changed}
    answer: dict[str, Any] = requests.get(f"{server.url}/sns/jscode2session", params=args, timeout=5).json()
    return answer


def test_a_login_code_works_once_for_five_minutes(
    wechat: Platform, server: Running, api: ApiClient, person: Person
) -> None:
    code = code_of(server, person, "login")
    assert log_in(server, code, appid=OFFICIAL)["errcode"] == 40013
    assert log_in(server, code)["unionid"] == person.union_id
    assert log_in(server, code)["errcode"] == 40163
    late = code_of(server, person, "login")
    wechat.clock.advance(minutes=6)
    assert log_in(server, late)["errcode"] == 42003
    phone = {"code": code_of(server, person, "phone"), "openid": person.openid}
    info = api.post("/wxa/business/getuserphonenumber", phone)["phone_info"]
    assert info["phoneNumber"] == person.phone
    assert api.post("/wxa/business/getuserphonenumber", phone)["errcode"] == 40163


def test_one_person_has_an_openid_an_account_and_one_unionid(wechat: Platform, person: Person) -> None:
    there = wechat.elsewhere(person.openid, OFFICIAL)
    assert there.openid != person.openid
    assert (there.union_id, there.name) == (person.union_id, "王小明")
    guest = wechat.add_person("李四", app_id=APP_ID)
    first, again = (wechat.elsewhere(guest.openid, OFFICIAL) for _ in range(2))
    assert first is again
    assert first.union_id == guest.union_id != person.union_id


def test_json_is_for_mini_programs_only() -> None:
    with pytest.raises(ValueError, match="json"):
        AccountConfig(OFFICIAL, SECRET, TOKEN, AES_KEY, "http://127.0.0.1:9", format="json")
