"""Each rule of dispatch by itself: pure functions over facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from domain.dispatch.facts import Candidate, Chance, Job, Period, Refusal, Today
from domain.dispatch.reasons import REASSIGN, REFUSE
from domain.dispatch.rules import WEIGHTS, hard, hard_because, must, objections, points, prefer
from domain.engineers.certificates import needed
from domain.engineers.grades import Grade
from domain.kit.rulebook import Rulebook
from domain.work_orders.kinds import ServiceType
from tests.domain.dispatch.asking import local, two_hours

DAY = date(2026, 5, 12)
NOW = local(12, 11, 30)
ALWAYS = (Period(date(2020, 1, 1), None),)
ENDED = (Period(date(2020, 1, 1), DAY),)
ENDS_TOMORROW = (Period(date(2020, 1, 1), DAY + timedelta(days=1)),)
KINDS = needed("water_heater_gas", "repair", DAY)
JOB = Job("wo_1", "br_1", "water_heater_gas", "燃气热水器", ServiceType.REPAIR)
WHO = Candidate(
    "en_1", "E1", "pr_1", "sn_1", employed=ALWAYS, skills=ALWAYS, authorized=ALWAYS, provider_authorized=ALWAYS,
    covered=ALWAYS, certificates=tuple((kind, ALWAYS[0]) for kind in KINDS),
)  # fmt: skip
FREE = Today(DAY, NOW, works=True, taken=3, most=8, no_room="")


def codes(who: Candidate = WHO, on: Today = FREE, job: Job = JOB) -> list[str]:
    return [one.code for one in objections(job, who, on)]


def test_nothing_speaks_against_who_may_and_can() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ("employed", "employed"), ("covered", "covered"), ("provider_authorized", "provider_brand"),
        ("authorized", "engineer_brand"), ("skills", "skill"),
    ],
)  # fmt: skip
def test_what_is_dated_counts_on_the_day_of_the_visit(fact: str, code: str) -> None:
    given: dict[str, Any] = {fact: ()}
    assert codes(replace(WHO, **given)) == [code]
    given = {fact: ENDED}
    assert codes(replace(WHO, **given)) == [code], "the end is exclusive"
    given = {fact: ENDS_TOMORROW}
    assert codes(replace(WHO, **given)) == []
    assert codes(replace(WHO, **given), replace(FREE, day=DAY + timedelta(days=1))) == [code]


def test_a_rectification_is_not_for_whoever_was_there_before() -> None:
    job = replace(JOB, came_before=frozenset({"en_1"}))
    assert codes(job=job) == ["came_before"]
    assert codes(replace(WHO, engineer_id="en_2"), job=job) == []


def test_a_certificate_must_be_valid_on_the_day() -> None:
    none, late = replace(WHO, certificates=()), replace(WHO, certificates=tuple((kind, ENDED[0]) for kind in KINDS))
    [missing] = objections(JOB, none, FREE)
    assert missing.code == "certificate"
    assert missing.words == "没有燃气燃烧器具安装维修人员岗位证书"
    [ended] = objections(JOB, late, FREE)
    assert ended.words.endswith("当天已过期或未生效")
    assert codes(none, job=replace(JOB, category_code="rice_cooker", category="电饭煲")) == [], (
        "no certificate is needed"
    )


def test_a_day_off_a_leave_and_a_full_day() -> None:
    assert [one.words for one in objections(JOB, WHO, replace(FREE, works=False))] == ["当天没有排班"]
    assert [one.words for one in objections(JOB, WHO, replace(FREE, works=False, on_leave=True))] == ["当天请假"]
    assert [one.words for one in objections(JOB, WHO, replace(FREE, taken=8))] == ["当天已排 8 单，上限 8 单"]
    assert codes(replace(WHO, holds=True), replace(FREE, taken=8)) == [], "one of the eight is this very job"


def test_a_day_nobody_looked_at_says_nothing_about_time() -> None:
    assert codes(on=Today(DAY, NOW)) == []


def test_no_room_is_said_in_the_words_of_the_day() -> None:
    assert [(one.code, one.words) for one in objections(JOB, WHO, replace(FREE, no_room="这个时段已有其他上门"))] == [
        ("room", "这个时段已有其他上门")
    ]


def refused(code: str, window: tuple[datetime, datetime], at: datetime = NOW) -> Candidate:
    return replace(WHO, refusals=(Refusal(code, at, *window),))


@pytest.mark.parametrize(
    ("code", "window", "asked", "still"),
    [
        ("too_far", two_hours(12, 14), two_hours(13, 8), True),
        ("time_taken", two_hours(12, 14), two_hours(12, 14), True),
        ("time_taken", two_hours(12, 14), two_hours(12, 16), False),
        ("day_off", two_hours(12, 14), two_hours(12, 18), True),
        ("day_off", two_hours(12, 14), two_hours(13, 14), False),
        ("no such code any more", two_hours(12, 14), two_hours(13, 14), True),
    ],
)
def test_nobody_is_asked_twice_for_the_same_reason(code: str, window: Any, asked: Any, still: bool) -> None:
    day = (asked[0] + timedelta(hours=8)).date()
    on = replace(FREE, day=day, window=asked)
    assert codes(refused(code, window), on) == (["asked_before"] if still else [])


def test_silence_counts_for_half_a_day() -> None:
    who = refused("silence", two_hours(12, 14))
    assert codes(who, replace(FREE, now=NOW + timedelta(hours=11, minutes=59))) == ["asked_before"]
    assert codes(who, replace(FREE, now=NOW + timedelta(hours=12))) == []


CHANCE = Chance(local(12, 14), extra_minutes=12, taken=3, most=8, later_minutes=0)


def worth(code: str, who: Candidate = WHO, chance: Chance = CHANCE, job: Job = JOB) -> float:
    return next((point.points for point in points(job, who, chance, DAY) if point.code == code), 0.0)


@pytest.mark.parametrize(
    ("code", "better", "worse"),
    [
        ("turn", {"turn": 0}, {"turn": 1}),
        ("held", {"holds": True}, {"holds": False}),
        ("fairness", {"recent": 3}, {"recent": 20}),
        ("same_engineer", {"knows": "product"}, {"knows": "customer"}),
        ("same_engineer", {"knows": "customer"}, {"knows": ""}),
        ("rating", {"rating": 490}, {"rating": 400}),
    ],
)
def test_who_is_preferred(code: str, better: dict[str, Any], worse: dict[str, Any]) -> None:
    assert worth(code, replace(WHO, **better)) > worth(code, replace(WHO, **worse))


@pytest.mark.parametrize(
    ("code", "better", "worse"),
    [
        ("distance", {"extra_minutes": 5}, {"extra_minutes": 40}),
        ("load", {"taken": 1}, {"taken": 6}),
        ("soon", {"later_minutes": 0}, {"later_minutes": 300}),
        ("slack", {"starts_at": local(12, 14)}, {"starts_at": local(13, 14)}),
    ],
)
def test_which_chance_is_preferred(code: str, better: dict[str, Any], worse: dict[str, Any]) -> None:
    job = replace(JOB, due_at=local(13, 9))
    assert worth(code, chance=replace(CHANCE, **better), job=job) > worth(
        code, chance=replace(CHANCE, **worse), job=job
    )


def test_hard_cases_are_for_own_technicians_and_seniors() -> None:
    expert = replace(WHO, own=True, grade=Grade.EXPERT)
    assert worth("for_hard_cases", expert) == 0, "it is none"
    again = replace(JOB, re_repair=True)
    assert worth("for_hard_cases", expert, job=again) > worth(
        "for_hard_cases", replace(WHO, grade=Grade.SENIOR), job=again
    )
    assert worth("for_hard_cases", replace(WHO, grade=Grade.SENIOR), job=again) > worth(
        "for_hard_cases", replace(WHO, grade=Grade.JUNIOR), job=again
    )


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, ""), ({"re_repair": True}, "二次维修"), ({"urged": 1}, ""), ({"urged": 2}, "催单 2 次"), ({"refused": 2}, ""),
        ({"refused": 3}, "3 位工程师没有接"), ({"danger": True, "urged": 2}, "催单 2 次、有安全隐患"),
    ],
)  # fmt: skip
def test_what_makes_a_case_hard(facts: dict[str, Any], words: str) -> None:
    assert hard_because(replace(JOB, **facts), DAY) == words


def test_every_preference_has_a_weight_and_every_weight_a_preference() -> None:
    for row in WEIGHTS:
        assert set(row.points) == {rule.code for rule in prefer.on(row.since)}
    for before, after in pairwise(WEIGHTS):
        assert before.until == after.since
    assert WEIGHTS[-1].until is None


@pytest.mark.parametrize("book", [must, prefer, hard], ids=["must", "prefer", "hard"])
def test_every_rule_says_where_it_comes_from(book: Rulebook[Any, Any]) -> None:
    for rule in book.rules:
        assert rule.title
        assert rule.source


def test_reasons_have_words_and_a_length() -> None:
    for reason in (*REFUSE.values(), *REASSIGN.values()):
        assert reason.words
        assert reason.lasts in {"order", "day", "window", "hours"}
        assert (reason.lasts == "hours") == (reason.hours > 0)
