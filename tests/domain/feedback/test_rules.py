"""The tables of feedback by themselves: what follows from what was said, who is called, how a figure is made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.feedback import policies
from domain.feedback.hours import in_hours, later
from domain.feedback.rules import Said, consequence
from domain.feedback.surveys import nps
from domain.feedback.tags import TAGS, tags_on, title_of
from domain.work_orders.kinds import ServiceType

DAY = date(2026, 5, 12)
TUESDAY = datetime(2026, 5, 12, 3, 30, tzinfo=UTC)
"""11:30 in Shanghai."""


@pytest.mark.parametrize(
    ("said", "follows"),
    [
        (Said(5, None, (), True, False), "none"),
        (Said(3, None, (), True, False), "none"),
        (Said(2, None, (), True, False), "rectify"),
        (Said(1, None, ("late",), True, False), "task"),
        (Said(1, None, ("late", "not_fixed"), True, False), "rectify"),
        (Said(1, False, ("rude",), True, False), "rectify"),
        (Said(4, False, (), True, False), "rectify"),
        (Said(1, None, (), False, False), "task"),
        (Said(1, False, (), True, True), "complaint"),
        (Said(5, True, (), True, True), "none"),
    ],
)  # fmt: skip
def test_what_follows_from_a_rating(said: Said, follows: str) -> None:
    assert consequence(said, DAY) == follows


def test_tags_that_ended_are_shown_and_not_offered() -> None:
    assert {one.code for one in tags_on(DAY)} == {one.code for one in TAGS}
    assert [one.code for one in tags_on(date(2019, 1, 1))] == []
    assert title_of("late") == "来得晚"
    assert title_of("gone") == "gone"


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 100)), max_size=40))
def test_a_figure_lies_between_what_was_said_and_what_is_presumed(weighed: list[tuple[int, int]]) -> None:
    found = policies.figure(weighed)
    every = [policies.PRIOR, *(100 * stars for stars, _ in weighed)]
    assert min(every) <= found <= max(every)
    assert policies.figure(list(reversed(weighed))) == found


def test_one_bad_rating_moves_a_figure_little_and_many_move_it_far() -> None:
    assert policies.figure([]) == 450
    assert policies.figure([(1, 100)]) == 411
    assert policies.figure([(1, 50)]) > policies.figure([(1, 100)]), "who did half of it is blamed for half"
    assert policies.figure([(1, 100)] * 200) < 120


def test_lots_fall_on_the_share_that_is_said_and_always_the_same() -> None:
    drawn = [policies.call_for(f"wo_{n}", ServiceType.REPAIR, rectifies=False) for n in range(3000)]
    assert 500 < sum(map(bool, drawn)) < 700
    assert drawn == [policies.call_for(f"wo_{n}", ServiceType.REPAIR, rectifies=False) for n in range(3000)]
    assert policies.call_for("wo_1", ServiceType.INSTALL, rectifies=False) == "installed"
    assert policies.call_for("wo_1", ServiceType.REPAIR, rectifies=True) == "rectified"
    assert policies.call_for("wo_1", ServiceType.CONSULTATION, rectifies=False) == ""


def test_calls_and_deadlines_keep_to_working_hours() -> None:
    assert in_hours(TUESDAY) == TUESDAY
    night = TUESDAY + timedelta(hours=11)
    assert in_hours(night) == datetime(2026, 5, 13, 0, 0, tzinfo=UTC), "the next morning at eight"
    assert later(TUESDAY, policies.ANSWER_WITHIN) == TUESDAY + timedelta(days=1), "one working day"
    friday = TUESDAY + timedelta(days=3)
    assert later(friday, policies.ANSWER_WITHIN) == friday + timedelta(days=3), "over the weekend"


@pytest.mark.parametrize(
    ("words", "kind"),
    [("师傅态度很差", "manner"), ("等了三天没人来", "late"), ("收了钱不开发票", "price"), ("刚买的就没修好", "quality"), ("嗯", "other")],
)  # fmt: skip
def test_what_a_complaint_is_about(words: str, kind: str) -> None:
    assert policies.kind_of(words) == kind


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_the_nps_is_between_minus_100_and_100_and_turns_around_with_its_sides(up: int, down: int, between: int) -> None:
    answered = up + down + between
    found = nps(up, down, answered)
    if not answered:
        assert found is None
    else:
        assert found is not None
        assert -100 <= found <= 100
        assert abs(found - 100 * (up - down) / answered) <= 0.5
