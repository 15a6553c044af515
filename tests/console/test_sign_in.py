"""Signing in: who gets in, who is locked out, and that nothing tells whether a user exists."""

from __future__ import annotations

from sqlalchemy import select

from domain.access import sessions
from domain.access.model import Staff, StaffSession, TrailEntry
from domain.kit.unit_of_work import Runtime
from tests.console.conftest import PASSWORD, Browser
from tests.runtime import Clock


def test_the_right_password_opens_the_console(agent: Browser) -> None:
    page = agent.get("/console/orders")
    assert page.status_code == 200
    assert "Anna" in page.get_data(as_text=True)


def test_the_cookie_is_out_of_reach_of_scripts_and_only_its_hash_is_kept(
    browser: Browser, runtime: Runtime, staff: dict[str, str]
) -> None:
    cookie = next(c for c in browser.sign_in("anna").headers.getlist("Set-Cookie") if "weixiu_session" in c)
    secret = cookie.split("=", 1)[1].split(";")[0]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    with runtime.transaction() as uow:
        kept = uow.session.scalars(select(StaffSession.secret_hash)).all()
    assert kept == [sessions.hash_of(secret)]
    assert secret not in kept


def test_without_signing_in_every_page_leads_to_the_sign_in_page_and_back(browser: Browser, staff: object) -> None:
    answer = browser.get("/console/orders?status=open")
    assert answer.status_code == 303
    assert answer.location == "/console/sign-in?next=/console/orders%3Fstatus%3Dopen"
    browser.get(answer.location)
    back = browser.post(
        "/console/sign-in", {"username": "anna", "password": PASSWORD, "next": "/console/orders?status=open"}
    )
    assert back.location == "/console/orders?status=open"


def test_signing_in_never_leads_to_another_site(browser: Browser, staff: object) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example", "/console//evil.example", "/console/\\evil"):
        browser.client.delete_cookie("weixiu_session", path="/console")
        browser.get("/console/sign-in")
        answer = browser.post("/console/sign-in", {"username": "anna", "password": PASSWORD, "next": elsewhere})
        assert answer.location == "/console/"


def test_an_unknown_user_a_wrong_password_and_a_locked_account_get_the_same_words(
    browser: Browser, staff: object
) -> None:
    wrong = browser.sign_in("anna", "not the password")
    unknown = browser.sign_in("nobody", "not the password")
    for _ in range(5):
        browser.sign_in("boss", "not the password")
    locked = browser.sign_in("boss")
    assert wrong.status_code == unknown.status_code == locked.status_code == 401
    words = [
        answer.get_data(as_text=True).split('role="alert">')[1].split("<")[0] for answer in (wrong, unknown, locked)
    ]
    assert len(set(words)) == 1


def test_five_failures_lock_for_a_quarter_of_an_hour_and_the_next_for_twice_as_long(
    browser: Browser, clock: Clock, staff: object
) -> None:
    for _ in range(5):
        assert browser.sign_in("anna", "not the password").status_code == 401
    assert browser.sign_in("anna").status_code == 401, "the right password does not open a locked account"
    clock.advance(minutes=15)
    assert browser.sign_in("anna", "not the password").status_code == 401
    clock.advance(minutes=29)
    assert browser.sign_in("anna").status_code == 401
    clock.advance(minutes=1)
    assert browser.sign_in("anna").status_code == 303


def test_one_success_forgets_the_failures(browser: Browser, runtime: Runtime, staff: dict[str, str]) -> None:
    for _ in range(4):
        browser.sign_in("anna", "not the password")
    browser.sign_in("anna")
    with runtime.transaction() as uow:
        assert uow.session.get_one(Staff, staff["anna"]).failed_sign_ins == 0


def test_one_address_may_not_try_without_end(browser: Browser, clock: Clock, staff: object) -> None:
    for number in range(sessions.ADDRESS_TRIES):
        assert browser.sign_in(f"nobody{number}", "guess").status_code == 401
    assert browser.sign_in("anna").status_code == 429
    clock.advance(minutes=11)
    assert browser.sign_in("anna").status_code == 303


def test_a_session_ends_after_a_shift_of_silence_and_after_two_weeks_in_any_case(agent: Browser, clock: Clock) -> None:
    clock.advance(hours=7, minutes=59)
    assert agent.get("/console/orders").status_code == 200
    clock.advance(hours=8)
    assert agent.get("/console/orders").status_code == 303
    agent.sign_in("anna")
    for _ in range(14 * 4 - 1):
        clock.advance(hours=6)
        assert agent.get("/console/orders").status_code == 200
    clock.advance(hours=6)
    assert agent.get("/console/orders").status_code == 303


def test_signing_out_ends_the_session_on_the_server(agent: Browser, runtime: Runtime) -> None:
    assert agent.post("/console/sign-out").status_code == 303
    with runtime.transaction() as uow:
        assert uow.session.scalars(select(StaffSession)).all() == []


def test_changing_the_password_ends_all_other_sessions(
    agent: Browser, app: object, browser: Browser, staff: object
) -> None:
    browser.sign_in("anna")
    agent.get("/console/password")
    form = {"old": PASSWORD, "new": "quite another secret", "again": "quite another secret"}
    assert agent.post("/console/password", form).status_code == 303
    assert agent.get("/console/orders").status_code == 200
    assert browser.get("/console/orders").status_code == 303
    assert browser.sign_in("anna").status_code == 401
    assert browser.sign_in("anna", "quite another secret").status_code == 303


def test_a_password_is_changed_only_with_the_old_one_and_to_a_good_one(agent: Browser) -> None:
    for old, new in (("wrong one here", "quite another secret"), (PASSWORD, "short"), (PASSWORD, "1234567890")):
        answer = agent.post("/console/password", {"old": old, "new": new, "again": new})
        assert answer.status_code == 409
        assert 'role="alert"' in answer.get_data(as_text=True)


def test_someone_disabled_is_out_at_once(agent: Browser, administrator: Browser, staff: dict[str, str]) -> None:
    assert administrator.post(f"/console/staff/{staff['anna']}/disable").status_code == 303
    assert agent.get("/console/orders").status_code == 303
    assert agent.sign_in("anna").status_code == 401


def test_the_last_administrator_cannot_lock_everybody_out(administrator: Browser, staff: dict[str, str]) -> None:
    assert administrator.post(f"/console/staff/{staff['boss']}/disable").status_code == 409
    assert administrator.post(f"/console/staff/{staff['boss']}/role", {"role": "agent"}).status_code == 409


def test_sign_ins_are_on_record_without_what_was_typed(
    browser: Browser, runtime: Runtime, staff: dict[str, str]
) -> None:
    browser.sign_in("my-secret-by-mistake", "guess")
    browser.sign_in("anna", "guess again")
    browser.sign_in("anna")
    with runtime.transaction() as uow:
        lines = [
            (e.action, e.subject_id, e.detail) for e in uow.session.scalars(select(TrailEntry).order_by(TrailEntry.id))
        ]
    assert [line[:2] for line in lines if line[0].startswith("staff.sign_in")] == [
        ("staff.sign_in_failed", "unknown"), ("staff.sign_in_failed", staff["anna"]), ("staff.sign_in", staff["anna"]),
    ]  # fmt: skip
    assert "my-secret-by-mistake" not in str(lines)
