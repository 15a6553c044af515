"""What fits into a day: hours, breaks, leave, the maximum, what is fixed, every promise, and the way between neighbours."""

from __future__ import annotations

import time as clock
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.capacity.day import Day, Stop, Wanted, fit, why_not
from domain.capacity.travel import ROADS, RoadTravel
from domain.kit.unit_of_work import SHANGHAI
from domain.regions.positions import Position, Source

MONDAY = date(2026, 11, 23)
BASE = Position(22.80, 113.25)
NEAR = Position(22.81, 113.26)
FAR = Position(23.10, 113.25)
"""Thirty kilometres from the base: 106 minutes by road, half an hour at the very least."""
MIDDLE = Position(23.10, 113.25, Source.CENTROID, 25_000)


def at(hour: float, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(), SHANGHAI) + timedelta(hours=hour)


def wanted(since: float, until: float, minutes: int = 60, place: Position | None = NEAR) -> Wanted:
    return Wanted(at(since), at(until), minutes, place)


def stop(since: float, until: float, starts: float, place: Position = NEAR, **more: object) -> Stop:
    return Stop(f"re_{starts}", "wo", at(since), at(until), 60, place, leaves_at=at(starts - 0.2), starts_at=at(starts),
                **more)  # type: ignore[arg-type]  # fmt: skip


def a_day(*stops: Stop, most: int = 8) -> Day:
    return Day("en", MONDAY, ((at(8), at(12)), (at(13), at(20))), stops, len(stops), most, BASE)


LONG_AGO = at(0) - timedelta(days=1)


def test_an_empty_day_takes_it_as_early_as_it_can() -> None:
    found = fit(a_day(), wanted(8, 10), ROADS, LONG_AGO)
    way = ROADS.minutes(BASE, NEAR)
    assert found
    assert found.starts_at == at(8) + timedelta(minutes=way)
    assert found.placed[0].leaves_at == at(8)
    later = fit(a_day(), wanted(14, 16), ROADS, LONG_AGO)
    assert later
    assert later.starts_at == at(14)
    assert later.placed[0].leaves_at == at(14) - timedelta(minutes=way)


@pytest.mark.parametrize(
    ("day", "asked", "earliest", "code"),
    [
        (a_day(), wanted(8, 10), at(11), "past"),
        (replace(a_day(), hours=()), wanted(8, 10), LONG_AGO, "no_shift"),
        (replace(a_day(), hours=(), leave=((at(0), at(24)),)), wanted(8, 10), LONG_AGO, "leave"),
        (replace(a_day(), hours=((at(8), at(12)),), leave=((at(13), at(20)),)), wanted(14, 16), LONG_AGO, "leave"),
        (a_day(stop(8, 10, 9), most=1), wanted(14, 16), LONG_AGO, "full"),
        (a_day(), wanted(20, 22), LONG_AGO, "outside_hours"),
        (a_day(), wanted(12, 12.5), LONG_AGO, "outside_hours"),
        (a_day(stop(14.25, 14.5, 14.5)), wanted(14.5, 15), LONG_AGO, "busy"),
        (a_day(), wanted(8, 9, place=FAR), LONG_AGO, "tight"),
        (a_day(), wanted(8, 8.25, place=FAR), LONG_AGO, "too_far"),
        (a_day(), wanted(8, 10, place=NEAR), LONG_AGO, ""),
    ],
)
def test_why_it_does_not_fit(day: Day, asked: Wanted, earliest: datetime, code: str) -> None:
    assert (fit(day, asked, ROADS, earliest) is None) == (code != "")
    assert why_not(day, asked, ROADS, earliest)[0] == code


def test_the_middle_of_a_district_decides_no_hard_rule() -> None:
    at_pin, at_middle = wanted(8, 8.25, place=FAR), wanted(8, 8.25, place=MIDDLE)
    assert why_not(a_day(), at_pin, ROADS, LONG_AGO)[0] == "too_far"
    assert why_not(a_day(), at_middle, ROADS, LONG_AGO)[0] == "tight"


def test_work_does_not_go_on_through_the_break() -> None:
    found = fit(a_day(), wanted(11, 14, minutes=90), ROADS, LONG_AGO)
    assert found
    assert found.starts_at >= at(13)


def test_a_promise_is_never_moved_out_of_its_window() -> None:
    promised = stop(14, 14.25, 14.25)
    assert fit(a_day(promised), wanted(13, 14, minutes=75), ROADS, LONG_AGO) is None
    found = fit(a_day(promised), wanted(14, 18), ROADS, LONG_AGO)
    assert found
    assert [one.stop for one in found.placed] == [promised, None]


def test_one_that_is_there_already_is_not_moved_a_minute() -> None:
    there = stop(14, 16, 15, fixed=True)
    found = fit(a_day(there), wanted(14, 18), ROADS, at(14.9))
    assert found
    kept = next(one for one in found.placed if one.stop is there)
    assert (kept.leaves_at, kept.starts_at) == (there.leaves_at, there.starts_at)
    assert found.starts_at >= at(16)


def test_a_day_that_runs_late_still_takes_the_evening() -> None:
    late = stop(8, 9, 8.5)
    found = fit(a_day(late), wanted(18, 20), ROADS, at(11))
    assert found
    assert found.starts_at == at(18)
    assert next(one for one in found.placed if one.stop is late).starts_at == at(8.5)


def test_the_cheapest_place_is_between_neighbours() -> None:
    day = a_day(stop(8, 20, 9, Position(22.80, 113.30)), stop(8, 20, 13.5, Position(22.80, 113.40)))
    found = fit(day, wanted(8, 20, place=Position(22.80, 113.35)), ROADS, LONG_AGO)
    assert found
    assert found.at == 1


@given(
    st.lists(st.tuples(st.integers(0, 5), st.floats(22.7, 22.9), st.floats(113.2, 113.4)), max_size=6),
    st.integers(0, 5),
    st.integers(15, 150),
)
def test_whatever_is_put_in_keeps_every_promise_and_is_never_in_two_places(
    already: list[tuple[int, float, float]], window: int, minutes: int
) -> None:
    day = a_day()
    for number, (slot, lat, lng) in enumerate(already):
        asked = wanted(8 + 2 * slot, 10 + 2 * slot, 45, Position(lat, lng))
        found = fit(day, asked, ROADS, LONG_AGO)
        if found:
            day = put(day, asked, found, number)
    asked = wanted(8 + 2 * window, 10 + 2 * window, minutes)
    found = fit(day, asked, ROADS, LONG_AGO)
    if found:
        day = put(day, asked, found, 99)
    where, free = BASE, at(8)
    for one in sorted(day.stops, key=lambda stop: stop.starts_at or at(0)):
        assert one.starts_at
        assert one.leaves_at
        assert one.place
        assert one.window_since <= one.starts_at <= one.window_until
        assert one.leaves_at >= free
        assert one.starts_at - one.leaves_at >= timedelta(minutes=ROADS.minutes(where, one.place))
        ends = one.starts_at + timedelta(minutes=one.minutes)
        assert any(since <= one.leaves_at and ends <= until for since, until in day.hours)
        where, free = one.place, ends


def put(day: Day, asked: Wanted, found: object, number: int) -> Day:
    stops = tuple(
        replace(
            one.stop or Stop(f"re_{number}", "wo", asked.window_since, asked.window_until, asked.minutes, asked.place),
            leaves_at=one.leaves_at,
            starts_at=one.starts_at,
        )
        for one in found.placed  # type: ignore[attr-defined]
    )
    assert all(a.ends_at <= b.leaves_at for a, b in pairwise(found.placed))  # type: ignore[attr-defined]
    return replace(day, stops=stops, taken=len(stops), routes={}, kept=[])


def test_a_turn_of_talk_can_look_at_fifty_engineers_for_a_week() -> None:
    places = [Position(22.7 + 0.01 * n, 113.2 + 0.007 * n) for n in range(20)]
    days = [
        replace(
            a_day(*(stop(hour, hour + 2, hour + 1, places[(n + hour) % 20]) for hour in (8, 10, 14))),
            base=places[n % 20],
        )
        for n in range(350)
    ]
    asked = [wanted(hour, hour + 2) for hour in range(8, 20, 2)]
    begun = clock.process_time()
    found = sum(fit(day, one, ROADS, LONG_AGO) is not None for day in days for one in asked)
    assert found > 1000
    assert clock.process_time() - begun < 0.2  # 0.02–0.03 s when nothing else runs


def test_unknown_places_are_neither_near_nor_a_reason() -> None:
    assert ROADS.minutes(None, NEAR) > 0
    assert ROADS.least_minutes(None, NEAR) == 0
    assert RoadTravel().matrix([BASE, NEAR, None])[0][0] == 0
