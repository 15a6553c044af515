"""When people answer: dated hours, holidays, who is there, and what a customer is told when nobody is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from domain.access.model import TrailEntry
from domain.access.operations import add_staff
from domain.desk import duty
from domain.desk.duty import FEAST, Hours, next_open
from domain.desk.model import Presence
from domain.desk.operations import ask_for_callback, move_task
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Refused
from domain.kit.unit_of_work import SHANGHAI, Runtime
from tests.brand import Brand, brand_in
from tests.runtime import Clock

BY = system("test")
START = date(2026, 1, 1)
OFFICE = [Hours(day, 8 * 60, 20 * 60, START) for day in range(5)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def brand(runtime: Runtime) -> Brand:
    return brand_in(runtime)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-05-12 11:30", "2026-05-12 11:30"),  # a Tuesday
        ("2026-05-12 07:59", "2026-05-12 08:00"),
        ("2026-05-12 20:00", "2026-05-13 08:00"),  # closing time is over
        ("2026-05-15 21:00", "2026-05-18 08:00"),  # over the weekend
        ("2026-05-16 10:00", "2026-05-18 08:00"),
    ],
)
def test_the_next_opening(now: str, opens: str) -> None:
    assert next_open(at(now), OFFICE) == at(opens)


def test_a_break_at_noon_and_the_end_of_the_day() -> None:
    hours = [Hours(1, 8 * 60, 12 * 60, START), Hours(1, 14 * 60, 24 * 60, START)]
    assert next_open(at("2026-05-12 12:00"), hours) == at("2026-05-12 14:00")
    assert next_open(at("2026-05-12 23:59"), hours) == at("2026-05-12 23:59")
    assert next_open(at("2026-05-13 00:00"), hours) == at("2026-05-19 08:00")


def test_holidays_have_hours_of_their_own_or_are_like_any_day() -> None:
    eve = at("2026-10-01 07:00")  # National Day, a Thursday
    assert next_open(eve, OFFICE) == at("2026-10-01 08:00")
    assert next_open(eve, [*OFFICE, Hours(FEAST, 10 * 60, 16 * 60, START)]) == at("2026-10-01 10:00")
    assert next_open(eve, [*OFFICE, Hours(FEAST, 0, 0, START)]) == at("2026-10-08 08:00"), "closed until they are over"


def test_closed_on_holidays_is_no_hours_for_them(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    with runtime.transaction() as uow:
        duty.set_hours(uow, brand.voice.brand_id, range(7), [(480, 1200)], uow.today, by=BY)
        duty.set_hours(uow, brand.voice.brand_id, [FEAST], [], uow.today, by=BY)
        hours = duty.hours_of(uow, brand.voice.brand_id)
    assert next_open(at("2026-10-01 09:00"), hours) == at("2026-10-08 08:00")


def test_hours_hold_from_a_day_until_another() -> None:
    summer = Hours(1, 7 * 60, 22 * 60, date(2026, 6, 1), date(2026, 9, 1))
    winter = Hours(1, 9 * 60, 18 * 60, date(2026, 9, 1))
    assert next_open(at("2026-08-25 06:00"), [summer, winter]) == at("2026-08-25 07:00")
    assert next_open(at("2026-09-01 06:00"), [summer, winter]) == at("2026-09-01 09:00")
    assert next_open(at("2026-05-01 06:00"), [Hours(1, 480, 1200, date(2026, 9, 1))]) is None


def test_new_hours_end_the_old_ones_of_those_weekdays(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    brand_id = brand.voice.brand_id
    with runtime.transaction() as uow:
        duty.set_hours(uow, brand_id, range(7), [(480, 1200)], uow.today, by=BY)
        duty.set_hours(uow, brand_id, [5, 6], [(540, 1020)], date(2026, 6, 1), by=BY)
        rows = duty.rows_of(uow, brand_id)
        assert [(row.weekday, row.opens, row.until) for row in rows if row.weekday >= 4] == [
            (4, 480, None), (5, 480, date(2026, 6, 1)), (5, 540, None), (6, 480, date(2026, 6, 1)), (6, 540, None),
        ]  # fmt: skip
        duty.set_hours(uow, brand_id, [6], [], date(2026, 6, 1), by=BY)
        assert next_open(at("2026-06-06 18:00"), duty.hours_of(uow, brand_id)) == at("2026-06-08 08:00")


@pytest.mark.parametrize("spans", [[(600, 600)], [(1200, 480)], [(0, 1441)], [(-1, 10)]])
def test_hours_that_cannot_be_are_refused(runtime: Runtime, brand: Brand, spans: list[tuple[int, int]]) -> None:
    with runtime.transaction() as uow, pytest.raises(Refused):
        duty.set_hours(uow, brand.voice.brand_id, [0], spans, uow.today, by=BY)


def test_words_say_when_somebody_is_there_again(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    brand_id = brand.voice.brand_id
    with runtime.transaction() as uow:
        assert duty.words(uow, brand_id) == (
            "现在没有客服在线，人工服务时间 8:00–20:00，上班后第一时间联系您；要留回电请回复电话"
        )
        duty.set_hours(uow, brand_id, range(5), [(480, 1200)], uow.today, by=BY)
        assert duty.words(uow, brand_id) == "客服暂时都不在座位上，回来后第一时间联系您；要留回电请回复电话"
    clock.at = at("2026-05-12 22:00").astimezone(UTC)
    with runtime.transaction() as uow:
        assert (duty.words(uow, brand_id) or "").startswith("现在没有客服在线，明天 8:00 上班后")
    clock.at = at("2026-05-15 22:00").astimezone(UTC)
    with runtime.transaction() as uow:
        assert "5月18日 8:00" in (duty.words(uow, brand_id) or "")


def test_somebody_is_there_while_the_switch_is_on_and_a_page_open(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    brand_id = brand.voice.brand_id
    with runtime.transaction() as uow:
        anna = add_staff(uow, by=BY, username="anna", role="agent", password="long enough words", display_name="Anna")
        duty.seen(uow, [anna.id])
        assert duty.words(uow, brand_id) is not None, "a page alone is nobody on duty"
        duty.switch(uow, anna.id, True, by=Actor(Role.STAFF, anna.id))
        assert duty.words(uow, brand_id) is None
    for _ in range(4):
        clock.advance(seconds=60)
        with runtime.transaction() as uow:
            duty.seen(uow, [anna.id])
            assert duty.words(uow, brand_id) is None
    clock.advance(seconds=91)
    with runtime.transaction() as uow:
        assert duty.words(uow, brand_id) is not None, "the last page was closed"
        duty.seen(uow, [anna.id])
        duty.switch(uow, anna.id, False, by=Actor(Role.STAFF, anna.id))
        assert duty.on_duty(uow) == set()
        assert uow.session.get_one(Presence, anna.id).on_duty is False


def test_a_call_back_is_one_task_with_the_newest_number_due_after_opening(
    runtime: Runtime, brand: Brand, clock: Clock
) -> None:
    clock.at = at("2026-05-12 22:00").astimezone(UTC)
    voice = brand.voice
    with runtime.transaction() as uow:
        duty.set_hours(uow, voice.brand_id, range(7), [(480, 1200)], uow.today, by=BY)
        asked = [
            ask_for_callback(
                uow, by=BY, brand_id=voice.brand_id, phone=phone, account_id=voice.account_id, openid="o-1",
                wanted_time=wanted,
            )
            for phone, wanted in (("13800000001", "明早"), ("13800000002", ""))
        ]  # fmt: skip
        assert asked[0] is asked[1]
        assert (asked[1].phone, asked[1].wanted_time) == ("13800000002", "明早")
        uow.session.flush()
        actions = uow.session.scalars(select(TrailEntry.action).filter_by(subject_id=asked[0].id)).all()
        assert set(actions) == {"desk.ask", "desk.ask_again"}
        assert asked[1].due_at == at("2026-05-13 08:30")
        move_task(uow, asked[0].id, "finish", by=BY)
        again = ask_for_callback(
            uow, by=BY, brand_id=voice.brand_id, phone="13800000003", account_id=voice.account_id, openid="o-1"
        )
        assert again is not asked[0]
        assert again.due_at == at("2026-05-13 08:30")
