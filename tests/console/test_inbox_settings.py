"""Canned answers, the hours in which people answer, and the switch by which one is on duty."""

from __future__ import annotations

from sqlalchemy import select

from domain.access.model import TrailEntry
from domain.desk import duty
from domain.kit.unit_of_work import Runtime
from tests.brand import Brand
from tests.console.conftest import Browser

ROOM = "/console/inbox-settings"


def page_of(browser: Browser) -> str:
    return browser.get(ROOM).get_data(as_text=True)


def test_canned_answers_are_added_changed_and_dropped(administrator: Browser, brand: Brand, runtime: Runtime) -> None:
    page_of(administrator)
    administrator.post(f"{ROOM}/canned", {"name": "/断电", "words": "请先断电"})
    page = page_of(administrator)
    assert "<b>/断电</b> 请先断电" in page
    answer_id = page.split('name="id" value="')[1].split('"')[0]
    administrator.post(f"{ROOM}/canned", {"id": answer_id, "name": "断电", "words": "请拔下插头"})
    assert "请拔下插头" in page_of(administrator)
    administrator.post(f"{ROOM}/canned/{answer_id}/drop")
    assert "断电</b>" not in page_of(administrator)
    with runtime.transaction() as uow:
        actions = set(uow.session.scalars(select(TrailEntry.action)))
    assert {"desk.canned", "desk.canned_drop"} <= actions


def test_a_canned_answer_without_a_name_of_its_own_is_refused_and_shown_again(
    administrator: Browser, brand: Brand
) -> None:
    page_of(administrator)
    administrator.post(f"{ROOM}/canned", {"name": "断电", "words": "请先断电"})
    for form in ({"name": "断电", "words": "别的"}, {"name": "有 空格", "words": "x"}, {"name": "", "words": "x"}):
        again = administrator.post(f"{ROOM}/canned", form)
        assert again.status_code == 409
        assert form["words"] in again.get_data(as_text=True)


def test_hours_are_set_for_weekdays_from_a_day_on(administrator: Browser, runtime: Runtime, brand: Brand) -> None:
    page_of(administrator)
    form = {
        "csrf_token": administrator.token,
        "weekday": ["0", "1", "7"],
        "opens": ["8:00", "13:30"],
        "closes": ["12:00", "18：00"],
    }
    assert administrator.client.post(f"{ROOM}/hours", data=form).status_code == 303
    page = page_of(administrator)
    assert page.count("8:00–12:00") == 3
    assert page.count("13:30–18:00") == 3
    assert "现在是在岗时间" in page  # a Tuesday, 11:30
    for wrong in ({"opens": "8点", "closes": "9:00"}, {"opens": "9:00", "closes": "8:00"}, {"since": "2020-01-01"}):
        refused = administrator.client.post(f"{ROOM}/hours", data={**form, **wrong})
        assert refused.status_code == 409, wrong


def test_the_switch_says_who_is_on_duty(agent: Browser, runtime: Runtime, brand: Brand, staff: dict[str, str]) -> None:
    assert ">离岗</button>" in agent.get("/console/orders").get_data(as_text=True)
    assert agent.post("/console/duty", {"on": "1", "back": "/console/orders"}).location == "/console/orders"
    assert ">在岗</button>" in agent.get("/console/orders").get_data(as_text=True)
    with runtime.transaction() as uow:
        assert duty.on_duty(uow) == {staff["anna"]}
    assert agent.post("/console/duty", {"on": "0", "back": "//evil.example"}).location == "/console/"
    with runtime.transaction() as uow:
        assert duty.on_duty(uow) == set()


def test_signing_out_is_leaving(agent: Browser, runtime: Runtime, brand: Brand, staff: dict[str, str]) -> None:
    agent.post("/console/duty", {"on": "1"})
    agent.post("/console/sign-out")
    with runtime.transaction() as uow:
        assert duty.is_on(uow, staff["anna"]) is False


def test_an_open_page_without_a_stream_keeps_one_on_duty(
    agent: Browser, runtime: Runtime, brand: Brand, staff: dict[str, str], clock
) -> None:
    agent.post("/console/duty", {"on": "1"})
    for _ in range(5):
        clock.advance(seconds=80)
        assert agent.get("/console/pulse").status_code == 200
        with runtime.transaction() as uow:
            assert duty.on_duty(uow) == {staff["anna"]}


def test_what_a_page_asks_for_by_itself_does_not_keep_the_session_alive(agent: Browser, clock) -> None:
    for _ in range(9):
        clock.advance(hours=1)
        answer = agent.client.get("/console/pulse", headers={"X-Unattended": "1", "HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/console/sign-in"
