"""Subscription messages: what a person allowed, what the fields take, and the events around them."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.accounts import MINI_PROGRAM
from sandbox.app import AccountConfig, Platform
from sandbox.clock import Clock
from sandbox.people import Person
from sandbox.server import Running, serve
from tests.sandbox.api_client import ApiClient
from tests.sandbox.callback import AES_KEY, APP_ID, SECRET, TOKEN, Callback, running_callback
from tests.sandbox.conftest import SHORT
from tests.sandbox.test_api import wait_for_event

SEND, BIZSEND = "/cgi-bin/message/subscribe/send", "/cgi-bin/message/subscribe/bizsend"
VISIT: dict[str, Any] = {
    "thing1": {"value": "空调维修"},
    "time2": {"value": "2023年11月15日 9:00~12:00"},
    "name3": {"value": "张师傅"},
    "phone_number4": {"value": "400-000-0918"},
    "thing5": {"value": "请保持电话畅通"},
}


@pytest.fixture
def callback() -> Iterator[Callback]:
    with running_callback() as running:
        yield running


@pytest.fixture
def wechat(callback: Callback) -> Platform:
    program = AccountConfig(APP_ID, SECRET, TOKEN, AES_KEY, callback.url, kind=MINI_PROGRAM, format="json")
    platform = Platform([program], residents=("王小明",), clock=Clock(lambda: 1_700_000_000.0))
    platform.faults.set(SHORT)
    return platform


@pytest.fixture
def person(wechat: Platform) -> Person:
    return next(iter(wechat.people.values()))


@pytest.fixture
def server(wechat: Platform) -> Iterator[Running]:
    with serve(wechat) as running:
        yield running


@pytest.fixture
def visit(wechat: Platform) -> str:
    """The template's id."""
    return next(one.template_id for one in wechat.account().subscriptions.values() if one.title == "上门服务提醒")


def allow(wechat: Platform, person: Person, template_id: str, status: str = "accept") -> None:
    wechat.send(
        person.openid, "subscribe_popup", templates=[{"template_id": template_id, "status": status, "scene": "0"}]
    )


def send(api: ApiClient, person: Person, template_id: str, path: str = SEND, **more: Any) -> int:
    body = {"touser": person.openid, "template_id": template_id, "data": VISIT, "page": "pages/order?id=1", **more}
    return int(api.post(path, body)["errcode"])


def test_one_accept_is_one_message(
    wechat: Platform, api: ApiClient, callback: Callback, person: Person, visit: str
) -> None:
    assert send(api, person, visit) == 43101
    allow(wechat, person, visit)
    allow(wechat, person, visit, "reject")
    allow(wechat, person, visit)
    assert [send(api, person, visit) for _ in range(3)] == [0, 0, 43101]
    [first, _] = [bubble["content"] for bubble in wechat.screen(person.openid) if bubble["kind"] == "template"]
    assert (first["title"], first["page"], first["lines"][2]["value"]) == ("上门服务提醒", "pages/order?id=1", "张师傅")
    sent: Any = wait_for_event(callback, "subscribe_msg_sent_event")["List"]
    assert (sent["TemplateId"], sent["ErrorCode"], sent["ErrorStatus"]) == (visit, "0", "success")


def test_refusing_in_the_settings_takes_all_away(wechat: Platform, api: ApiClient, person: Person, visit: str) -> None:
    allow(wechat, person, visit)
    wechat.send(person.openid, "subscribe_change", templates=[{"template_id": visit, "status": "reject"}])
    assert send(api, person, visit) == 43101


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("thing1", ""),
        ("thing1", "长" * 21),
        ("thing1", "两\n行"),
        ("time2", "明天上午"),
        ("time2", "25日"),
        ("name3", "名字超过了十个汉字的师傅"),
        ("phone_number4", "4" * 18),
        ("phone_number4", "电话"),
    ],
)
def test_a_value_its_field_does_not_take_is_refused_by_name_and_costs_nothing(
    wechat: Platform, api: ApiClient, person: Person, visit: str, field: str, value: str
) -> None:
    allow(wechat, person, visit)
    body = {"touser": person.openid, "template_id": visit, "data": {**VISIT, field: {"value": value}}}
    answer = api.post(SEND, body)
    assert answer["errcode"] == 47003
    assert field in answer["errmsg"]
    assert person.credits == {visit: 1}


def test_who_where_and_which_must_be_right(wechat: Platform, api: ApiClient, person: Person, visit: str) -> None:
    allow(wechat, person, visit)
    assert send(api, person, "no-template") == 40037
    assert api.post(SEND, {"touser": "oNobody", "template_id": visit, "data": VISIT})["errcode"] == 40003
    assert send(api, person, visit, page="https://example.com") == 41030
    assert send(api, person, visit, miniprogram_state="beta") == 40035
    assert send(api, person, visit, path=BIZSEND) == 48001


def test_its_switches(wechat: Platform, api: ApiClient, callback: Callback, person: Person, visit: str) -> None:
    for name, code in (("subscribe_banned", 43107), ("subscribe_concurrent", 43108)):
        wechat.faults.set({name: 1})
        assert send(api, person, visit) == code
    allow(wechat, person, visit)
    wechat.faults.set({"subscribe_fails": 1})
    assert send(api, person, visit) == 0
    sent: Any = wait_for_event(callback, "subscribe_msg_sent_event")["List"]
    assert sent["ErrorStatus"] == "system failed"
    assert not [bubble for bubble in wechat.screen(person.openid) if bubble["kind"] == "template"]


def test_two_at_the_same_time_to_one_person_are_too_many(
    wechat: Platform, api: ApiClient, person: Person, visit: str
) -> None:
    allow(wechat, person, visit)
    with wechat.one_send(person.openid) as alone:
        assert alone
        assert send(api, person, visit) == 43108
    assert send(api, person, visit) == 0


def test_the_accounts_templates_are_listed(api: ApiClient, visit: str) -> None:
    listed = api.get("/wxaapi/newtmpl/gettemplate").json()["data"]
    [one] = [row for row in listed if row["priTmplId"] == visit]
    assert one["content"].startswith("服务项目:{{thing1.DATA}}\n上门时间:{{time2.DATA}}")
    assert api.get("/wxaapi/newtmpl/getpubtemplatekeywords", tid="1").json()["data"][2]["rule"] == "name"
