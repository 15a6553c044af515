"""The page on which WeChat tells a site who somebody is, and the exchange of the code it gives."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from sandbox.app import Platform
from sandbox.people import Person
from sandbox.server import Running
from tests.sandbox.callback import APP_ID, SECRET

BACK = "https://service.example/e/wechat/back"
ASKED = {"appid": APP_ID, "redirect_uri": BACK, "response_type": "code", "scope": "snsapi_base", "state": "ab12"}


def code_for(server: Running, person: Person, **changed: str) -> str:
    asked = {**ASKED, **changed, "openid": person.openid}
    url = f"{server.url}/connect/oauth2/authorize/as"
    answer = requests.get(url, params=asked, timeout=5, allow_redirects=False)
    there = urlsplit(answer.headers["Location"])
    assert f"{there.scheme}://{there.netloc}{there.path}" == BACK
    assert parse_qs(there.query)["state"] == ["ab12"]
    return parse_qs(there.query)["code"][0]


def exchange(server: Running, code: str, **changed: str) -> dict[str, Any]:
    asked = {"appid": APP_ID, "secret": SECRET, "code": code, "grant_type": "authorization_code", **changed}
    answer: dict[str, Any] = requests.get(f"{server.url}/sns/oauth2/access_token", params=asked, timeout=5).json()
    return answer


def test_the_page_asks_who_one_is_and_sends_back_with_a_code_and_the_state(server: Running, person: Person) -> None:
    page = requests.get(f"{server.url}/connect/oauth2/authorize", params=ASKED, timeout=5).text
    assert person.name in page
    assert person.openid in page
    told = exchange(server, code_for(server, person))
    assert (told["openid"], told["scope"]) == (person.openid, "snsapi_base")
    assert "is_snapshotuser" not in told


def test_a_code_works_once_for_five_minutes_and_for_its_account(
    wechat: Platform, server: Running, person: Person
) -> None:
    code = code_for(server, person)
    assert exchange(server, code, secret="wrong")["errcode"] == 40125
    assert "openid" in exchange(server, code)
    assert exchange(server, code)["errcode"] == 40163
    assert exchange(server, "nonsense")["errcode"] == 40029
    late = code_for(server, person)
    wechat.clock.advance(minutes=6)
    assert exchange(server, late)["errcode"] == 42003


def test_on_a_snapshot_page_the_account_is_a_virtual_one(wechat: Platform, server: Running, person: Person) -> None:
    wechat.faults.set({"snapshot_users": True})
    told = exchange(server, code_for(server, person))
    assert told["is_snapshotuser"] == 1
    assert told["openid"] != person.openid


@pytest.mark.parametrize(
    "wrong",
    [{"appid": "wxnone"}, {"scope": "all"}, {"response_type": "token"}, {"redirect_uri": "javascript:1"},
     {"state": "a b"}, {"state": "a" * 129}],
)  # fmt: skip
def test_what_wechat_would_not_take_is_refused(server: Running, wrong: dict[str, str]) -> None:
    answer = requests.get(f"{server.url}/connect/oauth2/authorize", params={**ASKED, **wrong}, timeout=5)
    assert answer.status_code == 400


def test_nobody_can_be_who_is_not_on_the_account(server: Running) -> None:
    url = f"{server.url}/connect/oauth2/authorize/as"
    assert requests.get(url, params={**ASKED, "openid": "oNobody"}, timeout=5).status_code == 400
