"""Signing in on a phone, by code and by WeChat, and the phones one is signed in on."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from domain.engineers import signing_in
from domain.engineers.devices_model import EngineerDevice, OneTimeCode
from domain.kit.unit_of_work import Runtime
from engineer_app.platform import SnapshotUser
from jobs.context import Jobs
from jobs.schedule import forget_sessions
from tests.domain.service_sheets.world import World
from tests.doubles import WeChatPages
from tests.engineer_app.phone import Phone, content, phone_of, refusal
from tests.runtime import Clock

NUMBER = "13800000001"
"""安师傅's."""
BACK = "/e/wechat/back"


def letter(runtime: Runtime) -> str:
    """The digits of the newest text message."""
    with runtime.transaction() as uow:
        row = uow.session.query(OneTimeCode).order_by(OneTimeCode.sent_at.desc()).first()
        assert row is not None
        told = signing_in.take_letter(uow, row.id)
        assert told is not None
        return str(re.findall(r"\d{6}", told[1])[0])


def digits_for(phone: Phone, runtime: Runtime) -> str:
    content(phone("POST", "/code", phone=NUMBER))
    return letter(runtime)


@pytest.fixture
def nobody(client: FlaskClient, world: World) -> Phone:
    """A phone that nobody is signed in on."""
    return Phone(client)


def signed_in(phone: Phone, answer: TestResponse) -> dict[str, Any]:
    told = content(answer)
    phone.token = told["token"]
    return told


def test_a_code_opens_a_session_that_shows_ones_jobs_and_certificates(
    nobody: Phone, runtime: Runtime, world: World
) -> None:
    digits = digits_for(nobody, runtime)
    told = signed_in(nobody, nobody("POST", "/sign-in", phone="138 0000 0001", code=digits, device="微信 8"))
    assert (told["me"]["name"], told["me"]["grade"]) == ("安师傅", "中级")
    assert told["me"]["certificates"]
    assert [job["visit_id"] for job in nobody.jobs()] == [world.visit_id]
    assert refusal(Phone(nobody.client)("POST", "/sign-in", phone=NUMBER, code=digits)) == (403, "wrong_code")


def test_nothing_says_who_works_here(nobody: Phone, runtime: Runtime, clock: Clock) -> None:
    known = nobody("POST", "/code", phone=NUMBER)
    unknown = nobody("POST", "/code", phone="13911112222")
    assert (known.status_code, known.get_json()) == (unknown.status_code, unknown.get_json())
    wrong = [refusal(nobody("POST", "/sign-in", phone=one, code="000000")) for one in (NUMBER, "13911112222")]
    assert wrong[0] == wrong[1] == (403, "wrong_code")


def test_wrong_tries_count_although_they_are_refused(nobody: Phone, runtime: Runtime) -> None:
    digits = digits_for(nobody, runtime)
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
    for _ in range(signing_in.TRIES):
        assert refusal(nobody("POST", "/sign-in", phone=NUMBER, code=wrong)) == (403, "wrong_code")
    assert refusal(nobody("POST", "/sign-in", phone=NUMBER, code=digits)) == (403, "wrong_code")


def test_codes_are_limited_by_phone_and_by_address(nobody: Phone) -> None:
    content(nobody("POST", "/code", phone=NUMBER))
    assert refusal(nobody("POST", "/code", phone=NUMBER)) == (429, "too_many_requests")
    answers = [nobody("POST", "/code", phone=f"139{n:08d}").status_code for n in range(60)]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert refusal(nobody("POST", "/code", phone="hello")) == (422, "bad_phone")


def test_codes_are_forgotten_when_they_count_for_nothing(nobody: Phone, runtime: Runtime, clock: Clock) -> None:
    content(nobody("POST", "/code", phone=NUMBER))
    jobs = cast("Jobs", SimpleNamespace(runtime=runtime))
    for days, left in ((1, 1), (2, 0)):
        clock.advance(days=days)
        forget_sessions(jobs)
        with runtime.transaction() as uow:
            assert uow.session.query(OneTimeCode).count() == left


def test_phones_are_listed_and_one_is_ended_from_another(phone: Phone, runtime: Runtime, world: World) -> None:
    lost = phone_of(runtime, phone.client, world.network.an, "丢了的手机")
    listed = content(phone("GET", "/devices"))["devices"]
    assert {one["name"]: one["this"] for one in listed if one["id"] in (lost.device_id, phone.device_id)} == {
        "丢了的手机": False, "微信 8 · Android": True,
    }  # fmt: skip
    assert content(phone("DELETE", f"/devices/{lost.device_id}")) == {}
    assert refusal(lost("GET", "/jobs")) == (401, "revoked")
    assert phone("GET", "/jobs").status_code == 200


def test_a_session_that_is_over_says_so_and_not_that_it_was_revoked(phone: Phone, clock: Clock) -> None:
    clock.advance(days=91)
    assert refusal(phone("GET", "/jobs")) == (401, "unauthorized")


def out(client: FlaskClient, to: str = "/e/jobs/vi_1") -> str:
    """Sent to WeChat; the state it is sent with."""
    answer = client.get("/e/wechat", query_string={"to": to})
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert asked["back"] == [f"https://service.example{BACK}"]
    return asked["state"][0]


def come_back(client: FlaskClient, state: str, code: str = "c1") -> str:
    """Where the browser is sent then."""
    answer = client.get(BACK, query_string={"code": code, "state": state}, base_url="https://localhost")
    return unquote(answer.headers["Location"])


@pytest.fixture
def browser(app: Any) -> FlaskClient:
    """One that speaks https, as the cookie wants."""
    made: FlaskClient = app.test_client()
    plain = made.get

    def get(*args: Any, **options: Any) -> TestResponse:
        return plain(*args, **{"base_url": "https://localhost", **options})

    made.get = get  # type: ignore[method-assign]
    return made


def test_wechat_is_bound_once_by_a_code_and_then_opens_the_same_screen_by_itself(
    browser: FlaskClient, nobody: Phone, platform: WeChatPages, runtime: Runtime
) -> None:
    platform.people = {"c1": "oAn", "c2": "oAn"}
    there, _, ticket = come_back(browser, out(browser)).partition("#wechat=")
    assert there == "/e/jobs/vi_1"
    assert refusal(nobody("POST", "/wechat", ticket=ticket)) == (403, "not_bound")
    digits = digits_for(nobody, runtime)
    signed_in(nobody, nobody("POST", "/sign-in", phone=NUMBER, code=digits, ticket=ticket))
    assert refusal(nobody("POST", "/wechat", ticket=ticket)) == (403, "bad_ticket"), "a ticket is worth one session"
    again = come_back(browser, out(browser), "c2").partition("#wechat=")[2]
    told = signed_in(Phone(nobody.client), nobody("POST", "/wechat", ticket=again, device="微信"))
    assert told["me"]["name"] == "安师傅"
    with runtime.transaction() as uow:
        assert uow.get(EngineerDevice, told["device_id"], called="").how == "wechat"


def test_a_state_is_for_the_browser_it_was_made_in_for_ten_minutes_and_once(
    browser: FlaskClient, client: FlaskClient, platform: WeChatPages, nobody: Phone
) -> None:
    platform.people = {f"c{n}": "oAn" for n in range(9)}
    state = out(browser)
    cookie = browser.get_cookie("weixiu_engineer_visit", path="/e/wechat")
    assert cookie is not None
    assert "#wechat_error=" in come_back(client, state, "c1"), "another browser"
    assert "#wechat_error=" in come_back(browser, "0" * 32, "c2"), "another state"
    browser.set_cookie("weixiu_engineer_visit", cookie.value, path="/e/wechat")
    assert "#wechat=" in come_back(browser, state, "c3")
    browser.set_cookie("weixiu_engineer_visit", cookie.value, path="/e/wechat")
    assert "#wechat_error=" in come_back(browser, state, "c4"), "once"


def test_a_snapshot_account_and_a_used_code_are_refused_in_words(
    browser: FlaskClient, platform: WeChatPages, nobody: Phone
) -> None:
    assert "已用过" in come_back(browser, out(browser), "unknown")
    platform.fails = SnapshotUser("当前是微信快照页")
    assert come_back(browser, out(browser)) == "/e/jobs/vi_1#wechat_error=当前是微信快照页"


@pytest.mark.parametrize(
    "to",
    ["https://evil.example", "//evil.example", "/e//evil.example", "/e/\\evil", "/console/", "/e/../c", "/e/a#b", ""],
)
def test_nobody_is_sent_anywhere_else(browser: FlaskClient, platform: WeChatPages, nobody: Phone, to: str) -> None:
    platform.people = {"c1": "oAn"}
    assert come_back(browser, out(browser, to)).startswith("/e/#wechat=")


def test_a_ticket_somebody_made_up_is_none(nobody: Phone) -> None:
    assert refusal(nobody("POST", "/wechat", ticket="made.up")) == (403, "bad_ticket")
