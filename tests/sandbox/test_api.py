"""The platform's API: tokens over HTTP, customer-service messages, templates, media, menu, codes, quotas and their errors."""

import time

import pytest
import requests

from sandbox.app import Platform
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


def test_a_template_message_is_shown_once_per_client_id_and_reported(
    wechat: Platform, api: ApiClient, callback: Callback, talking: Person
) -> None:
    body = {
        "touser": talking.openid,
        "template_id": "工单进度",
        "client_msg_id": "7",
        "data": {"thing1": {"value": "长" * 30}},
    }
    first, second = (api.post("/cgi-bin/message/template/send", body) for _ in range(2))
    assert first == second
    cards = [bubble["content"] for bubble in wechat.screen(talking.openid) if bubble["kind"] == "template"]
    assert [card["lines"][0]["value"] for card in cards] == ["长" * 20]
    assert wait_for_event(callback, "TEMPLATESENDJOBFINISH")["MsgID"] == str(first["msgid"])


def wait_for_event(callback: Callback, event: str) -> dict[str, str]:
    for _ in range(200):
        for seen in list(callback.seen):
            if seen.fields.get("Event") == event:
                return seen.fields
        time.sleep(0.01)
    raise AssertionError(f"no {event}")
