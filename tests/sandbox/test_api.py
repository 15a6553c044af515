"""The platform's API: tokens over HTTP, customer-service messages, templates, media, menu, codes, quotas and their errors."""

import time

import pytest
import requests

from sandbox.app import Platform
from sandbox.library import LIBRARY
from sandbox.people import Person
from sandbox.server import Running
from tests.sandbox.api_client import ApiClient
from tests.sandbox.callback import APP_ID, SECRET, Callback


def send(api: ApiClient, person: Person, msgtype: str, content: object) -> int:
    body = {"touser": person.openid, "msgtype": msgtype, msgtype: content}
    return int(api.post("/cgi-bin/message/custom/send", body)["errcode"])


def test_a_token_expires_with_the_platforms_clock(wechat: Platform, api: ApiClient, talking: Person) -> None:
    assert api.say(talking.openid) == 0
    wechat.clock.advance(hours=2)
    assert api.say(talking.openid) == 42001
    api.stable_token()
    assert api.say(talking.openid) == 0


def test_errors_carry_a_code_words_and_a_request_id(api: ApiClient) -> None:
    answer = api.stable_token(secret="wrong")
    assert answer["errcode"] == 40125
    assert answer["errmsg"].startswith("invalid appsecret rid: ")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"grant_type": "password"}, 40002),
        ({"grant_type": "client_credential"}, 41002),
        ({"grant_type": "client_credential", "appid": APP_ID}, 41004),
        ({"grant_type": "client_credential", "appid": "wxother", "secret": SECRET}, 40013),
    ],
)
def test_a_token_is_not_given_for_wrong_papers(server: Running, args: dict[str, str], code: int) -> None:
    assert requests.get(f"{server.url}/cgi-bin/token", params=args, timeout=5).json()["errcode"] == code


def test_a_message_is_on_the_phone_until_the_window_is_used_up_or_closed(
    wechat: Platform, api: ApiClient, talking: Person
) -> None:
    assert [api.say(talking.openid, f"第{number}条") for number in range(6)] == [0, 0, 0, 0, 0, 45047]
    assert wechat.screen(talking.openid)[-1]["content"] == {"content": "第4条"}
    wechat.clock.advance(hours=48)
    api.stable_token()
    assert api.say(talking.openid) == 45015


def test_tapping_a_menu_line_opens_the_short_window_only(wechat: Platform, api: ApiClient, person: Person) -> None:
    wechat.send(person.openid, "text", content="满意", bizmsgmenuid="s1-5")
    assert [api.say(person.openid) for _ in range(4)] == [0, 0, 0, 45047]


def test_who_cannot_be_written_to(wechat: Platform, api: ApiClient, talking: Person) -> None:
    stranger = wechat.add_person("路人")
    assert api.say("onobody") == 40003
    assert api.say(stranger.openid) == 43004
    talking.refuses_messages = True
    assert api.say(talking.openid) == 48002
    wechat.send(talking.openid, "unfollow")
    assert api.say(talking.openid) == 45015


BAD_MESSAGES: list[tuple[str, object, int]] = [
    ("hologram", {}, 40008),
    ("text", "not an object", 40035),
    ("text", {"content": ""}, 44004),
    ("text", {"content": "修" * 683}, 45002),
    ("image", {"media_id": "nothing"}, 40007),
    ("image", {}, 41006),
    ("news", {"articles": []}, 44003),
    ("news", {"articles": [{"title": "1"}, {"title": "2"}]}, 45008),
    ("msgmenu", {"list": []}, 40035),
    ("msgmenu", {"list": [{"id": "1"}]}, 40035),
    ("miniprogrampage", {"title": "t"}, 40035),
    ("wxcard", {}, 40056),
]


@pytest.mark.parametrize(("msgtype", "content", "code"), BAD_MESSAGES)
def test_a_bad_message_is_refused_and_costs_nothing(
    wechat: Platform, api: ApiClient, talking: Person, msgtype: str, content: object, code: int
) -> None:
    assert send(api, talking, msgtype, content) == code
    assert wechat.quota.left(talking.openid, wechat.clock.now())["message"]["left"] == 5


def test_every_good_kind_of_message_is_shown(wechat: Platform, api: ApiClient, talking: Person) -> None:
    wechat.faults.set({"quota_off": True})
    picture = api.upload()["media_id"]
    thumb = api.upload("thumb", b"jpg", "image/jpeg")["thumb_media_id"]
    video = api.upload("video", b"mp4", "video/mp4")["media_id"]
    good: dict[str, object] = {
        "text": {"content": "您好"},
        "image": {"media_id": picture},
        "video": {"media_id": video, "thumb_media_id": thumb},
        "news": {"articles": [{"title": "清洗", "url": "https://example.com"}]},
        "msgmenu": {"head_content": "满意吗", "list": [{"id": "1", "content": "满意"}]},
        "miniprogrampage": {"title": "t", "appid": "wx1", "pagepath": "p", "thumb_media_id": thumb},
    }
    for msgtype, content in good.items():
        assert send(api, talking, msgtype, content) == 0, msgtype
    shown = [bubble["kind"] for bubble in wechat.screen(talking.openid) if bubble["side"] == "account"]
    assert shown == list(good)


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"", 44002), (b"{", 47001), (b"[]", 47001), (rb'{"touser":"\u4f60"}', 40033), ("你".encode("gbk"), 40033)],
)
def test_bodies_that_are_not_the_json_the_platform_wants(api: ApiClient, body: bytes, code: int) -> None:
    assert api.post("/cgi-bin/message/custom/send", body)["errcode"] == code


def test_an_escaped_backslash_before_u_is_no_escape(api: ApiClient, talking: Person) -> None:
    assert api.say(talking.openid, r"C:\u1234") == 0


def test_typing_needs_a_conversation_and_ends_with_a_message(wechat: Platform, api: ApiClient, talking: Person) -> None:
    path, body = "/cgi-bin/message/custom/typing", {"touser": talking.openid, "command": "Typing"}
    assert api.post(path, body)["errcode"] == 0
    assert api.post(path, body)["errcode"] == 45081
    api.say(talking.openid)
    assert talking.typing_until == 0
    assert api.post(path, {**body, "command": "Dance"})["errcode"] == 45072
    wechat.clock.advance(seconds=31)
    assert api.post(path, body)["errcode"] == 45080


PROGRESS: dict[str, object] = {
    "character_string1": {"value": "100000019"},
    "thing2": {"value": "空调维修"},
    "phrase3": {"value": "已预约"},
    "thing4": {"value": "请保持电话畅通"},
}


def template(person: Person, data: dict[str, object], **more: str) -> dict[str, object]:
    return {"touser": person.openid, "template_id": LIBRARY[0].template_id, "data": data, **more}


def send_template(api: ApiClient, person: Person, data: dict[str, object], **more: str) -> int:
    return int(api.post("/cgi-bin/message/template/send", template(person, data, **more))["errcode"])


def test_a_template_message_is_shown_once_per_client_id_and_reported(
    wechat: Platform, api: ApiClient, callback: Callback, talking: Person
) -> None:
    body = template(talking, {**PROGRESS, "thing4": {"value": "长" * 30}}, client_msg_id="7", url="http://127.0.0.1/c")
    first, second = (api.post("/cgi-bin/message/template/send", body) for _ in range(2))
    assert first == second
    [card] = [bubble["content"] for bubble in wechat.screen(talking.openid) if bubble["kind"] == "template"]
    assert (card["title"], card["url"]) == ("服务工单进度提醒", "http://127.0.0.1/c")
    assert card["lines"][0] == {"name": "工单编号", "value": "100000019"}
    assert card["lines"][-1]["value"] == "长" * 20, "longer values are cut"
    assert wait_for_event(callback, "TEMPLATESENDJOBFINISH")["MsgID"] == str(first["msgid"])


@pytest.mark.parametrize("refuses", [False, True])
def test_a_template_message_can_be_taken_and_then_fail(
    wechat: Platform, api: ApiClient, callback: Callback, talking: Person, refuses: bool
) -> None:
    wechat.faults.set({"template_fails": 1})
    talking.refuses_messages = refuses
    assert send_template(api, talking, PROGRESS) == 0
    event = wait_for_event(callback, "TEMPLATESENDJOBFINISH")
    assert event["Status"] == ("failed:user block" if refuses else "failed: system failed")
    assert not [bubble for bubble in wechat.screen(talking.openid) if bubble["kind"] == "template"]
    assert wechat.faults.template_fails == (1 if refuses else 0), "one that fails anyway uses up nothing"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("character_string1", "工单"),
        ("phrase3", "已经预约好了呢"),
        ("phrase3", "OK"),
        ("thing2", ""),
        ("thing4", "两\n行"),
    ],
)
def test_a_template_value_its_field_does_not_take(api: ApiClient, talking: Person, name: str, value: str) -> None:
    answer = api.post("/cgi-bin/message/template/send", template(talking, {**PROGRESS, name: {"value": value}}))
    assert answer["errcode"] == 47003
    assert name in answer["errmsg"]


def test_a_template_reaches_followers_whose_window_is_closed_and_nobody_else(
    wechat: Platform, api: ApiClient, talking: Person
) -> None:
    wechat.clock.advance(hours=72)
    api.stable_token()
    assert api.say(talking.openid) == 45015
    assert send_template(api, talking, PROGRESS) == 0
    body = template(talking, PROGRESS) | {"template_id": "nobodys"}
    assert api.post("/cgi-bin/message/template/send", body)["errcode"] == 40037
    stranger = wechat.add_person("路人")
    assert send_template(api, stranger, PROGRESS) == 43004
    wechat.send(talking.openid, "unfollow")
    assert send_template(api, talking, PROGRESS) == 43004


def test_templates_have_a_quota_of_the_day(wechat: Platform, api: ApiClient, talking: Person) -> None:
    wechat.account().api_use.limits["/cgi-bin/message/template/send"] = 1
    assert [send_template(api, talking, PROGRESS) for _ in range(2)] == [0, 45009]


def test_the_library_is_told(api: ApiClient) -> None:
    listed = api.get("/cgi-bin/template/get_all_private_template").json()["template_list"]
    assert [one["title"] for one in listed] == [one.title for one in LIBRARY]
    assert "工单编号:{{character_string1.DATA}}" in listed[0]["content"]


def wait_for_event(callback: Callback, event: str) -> dict[str, str]:
    for _ in range(200):
        for seen in list(callback.seen):
            if seen.fields.get("Event") == event:
                return seen.fields
        time.sleep(0.01)
    raise AssertionError(f"no {event}")
