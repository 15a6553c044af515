"""The control API that the page, tests and bench use."""

import base64
from typing import Any

import requests

from sandbox.app import AccountConfig, Platform
from sandbox.media import grey_picture
from sandbox.people import Person
from sandbox.server import Running, serve
from tests.sandbox.callback import AES_KEY, APP_ID, TOKEN, Callback, echo


def control(server: Running, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    return requests.request(method, f"{server.url}/sandbox/api{path}", json=body, timeout=5).json()


def test_a_person_is_made_follows_writes_and_sees_the_answer(server: Running, callback: Callback) -> None:
    callback.respond = echo
    openid = control(server, "POST", "/people", {"name": "赵六", "follow": True})["openid"]
    done = control(server, "POST", f"/people/{openid}/send", {"kind": "text", "content": "在吗"})
    assert done["reply"] == {"type": "text", "content": "你说：在吗"}
    assert [attempt["outcome"] for attempt in done["attempts"]] == ["reply"]
    bubbles = control(server, "GET", f"/people/{openid}/screen")["bubbles"]
    assert [bubble["content"]["content"] for bubble in bubbles] == ["你说：event", "在吗", "你说：在吗"]
    since = control(server, "GET", f"/people/{openid}/screen?since={bubbles[1]['id']}")["bubbles"]
    assert [bubble["id"] for bubble in since] == [bubbles[2]["id"]]


def test_a_picture_may_come_along_as_data(server: Running, person: Person) -> None:
    data = "data:image/png;base64," + base64.b64encode(grey_picture()).decode()
    fields = control(server, "POST", f"/people/{person.openid}/send", {"kind": "image", "data": data})["fields"]
    assert requests.get(fields["PicUrl"], timeout=5).content == grey_picture()


def test_what_cannot_be_done_is_a_400_with_the_reason(server: Running, person: Person) -> None:
    answer = requests.post(f"{server.url}/sandbox/api/people/{person.openid}/send", json={"kind": "dance"}, timeout=5)
    assert answer.status_code == 400
    assert "no kind 'dance'" in answer.json()["error"]


def test_both_directions_are_in_the_log_decrypted(server: Running, callback: Callback, person: Person) -> None:
    callback.respond = echo
    control(server, "POST", f"/people/{person.openid}/send", {"kind": "text", "content": "不制冷"})
    requests.get(f"{server.url}/cgi-bin/token", timeout=5)
    push, call = control(server, "GET", "/log")
    assert "<![CDATA[不制冷]]>" in push["request"]
    assert "你说：不制冷" in push["response"]
    assert (push["direction"], push["status"], push["ok"]) == ("push", 200, True)
    assert (call["direction"], call["what"], call["outcome"]) == ("api", "/cgi-bin/token", "40002")
    assert control(server, "GET", f"/log?since={push['id']}&direction=api") == [call]


def test_the_clock_can_be_pushed_and_set_back(server: Running, wechat: Platform) -> None:
    before = wechat.clock.now()
    assert control(server, "POST", "/clock", {"hours": 72})["offset"] == 72 * 3600
    assert wechat.clock.now() == before + 72 * 3600
    assert control(server, "POST", "/clock", {"reset": True})["offset"] == 0


def test_the_callbacks_address_is_verified_as_the_console_does(server: Running, wechat: Platform) -> None:
    assert control(server, "POST", f"/accounts/{APP_ID}/verify-url") == {"ok": True, "words": "验证成功"}
    control(server, "PATCH", f"/accounts/{APP_ID}", {"token": "another"})
    assert control(server, "POST", f"/accounts/{APP_ID}/verify-url")["ok"] is False


def test_reset_forgets_people_and_faults_but_not_the_residents(server: Running, wechat: Platform) -> None:
    before = {person.openid for person in wechat.people.values()}
    control(server, "POST", "/people", {"name": "赵六"})
    control(server, "PATCH", "/faults", {"drop": 1})
    control(server, "POST", "/reset")
    assert set(wechat.people) == before
    assert wechat.faults.drop == 0


def test_accounts_keep_apart(callback: Callback) -> None:
    second = AccountConfig("wx5eed0000demo0002", "other", TOKEN, AES_KEY, callback.url, name="第二个号")
    platform = Platform([AccountConfig(APP_ID, "one", TOKEN, AES_KEY, callback.url), second])
    person = platform.add_person("甲", app_id=second.app_id)
    platform.send(person.openid, "follow")
    assert callback.seen == []  # the test's callback holds the first account's key and cannot read the second's
    with serve(platform) as server:
        papers = {"grant_type": "client_credential", "appid": APP_ID, "secret": "one"}
        token = requests.get(f"{server.url}/cgi-bin/token", params=papers, timeout=5).json()["access_token"]
        url, args = f"{server.url}/cgi-bin/user/info", {"access_token": token, "openid": person.openid}
        assert requests.get(url, params=args, timeout=5).json()["errcode"] == 40003


def test_the_page_and_its_parts_are_served_and_allow_no_foreign_script(server: Running) -> None:
    page = requests.get(server.url, timeout=5)
    assert "main.js" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    for path in ("/log", "/static/main.js", "/static/phone.css", "/healthz"):
        assert requests.get(server.url + path, timeout=5).status_code == 200
