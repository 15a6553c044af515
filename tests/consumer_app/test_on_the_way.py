"""Where the engineer is: only on the way, on a coarse grid, with its age, learnt since this departure; and who sees the photo."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumer_app import way_map
from consumer_app.person import Person
from consumer_app.subjects.coming import SHOWN, bearing, on_grid
from consumer_app.subjects.orders import page
from consumer_app.way_map import HEIGHT, MARGIN, WIDTH
from domain.customers.model import Contact
from domain.engineers.whereabouts import APP, CHECK_IN, DEPARTURE, agree_to_positions, note_position
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.queries import voice_of_brand
from domain.regions.positions import Position, Source, metres
from domain.work_orders.model import WorkOrder
from domain.work_orders.visits import move_visit, offer_visit, put_engineers
from tests.consumer_app.conftest import Street
from tests.domain.service_sheets.world import STAFF
from tests.runtime import Clock

HOME = Position(22.7680, 113.2700)
NORTH = Position(22.7980, 113.2700)


def seen(runtime: Runtime, street: Street) -> dict[str, Any] | None:
    with runtime.transaction() as uow:
        contact = uow.session.get_one(Contact, (street.brand.voice.account_id, street.chen.openid))
        person = Person(uow, voice_of_brand(uow, street.brand.voice.brand_id), contact)
        shown = page(person, street.chen.number)
        found: dict[str, Any] | None = shown["position"]
        return found


@pytest.fixture
def go(runtime: Runtime, street: Street) -> Callable[[str], None]:
    """Moves of the visit, the engineer at `NORTH` when he departs."""
    engineer = Actor(Role.ENGINEER, street.network.an)
    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, street.chen.order_id, called="")
        order.position = HOME.to_json()
        visit = offer_visit(uow, order.id, by=STAFF)
        put_engineers(uow, visit, street.network.an, {street.network.an: 100}, by=STAFF)

    def move(name: str) -> None:
        with runtime.transaction() as uow:
            if name == "leave without a place":
                move_visit(uow, visit.id, "depart", by=engineer)
                return
            if name == "depart":
                note_position(uow, street.network.an, NORTH, DEPARTURE, by=engineer)
            move_visit(uow, visit.id, name, by=engineer)

    move("accept")
    return move


def test_only_between_departure_and_arrival(
    runtime: Runtime, street: Street, go: Callable[[str], None], clock: Clock
) -> None:
    assert seen(runtime, street) is None
    go("depart")
    clock.advance(minutes=7)
    assert seen(runtime, street) == {
        "metres": 3300, "minutes_old": 7, "bearing": 0, "at": {"lat": 22.8, "lng": 113.27, "radius_m": 500},
        "home": {"lat": HOME.lat, "lng": HOME.lng, "radius_m": 50},
    }  # fmt: skip
    go("check_in")
    assert seen(runtime, street) is None


def test_what_the_app_said_counts_only_while_the_engineer_agrees(
    runtime: Runtime, street: Street, go: Callable[[str], None]
) -> None:
    go("depart")

    def say(uow: UnitOfWork, yes: bool) -> None:
        by = Actor(Role.ENGINEER, street.network.an)
        agree_to_positions(uow, street.network.an, yes, by=by)
        if yes:
            note_position(uow, street.network.an, Position(22.7780, 113.2700), APP, by=by)

    with runtime.transaction() as uow:
        say(uow, True)
    shown = seen(runtime, street) or {}
    assert (shown["metres"], shown["at"]) == (1100, {"lat": 22.778, "lng": 113.27, "radius_m": 100})
    with runtime.transaction() as uow:
        say(uow, False)
    assert seen(runtime, street) is None


def test_of_a_home_known_by_its_town_alone_no_distance_is_told(
    runtime: Runtime, street: Street, go: Callable[[str], None]
) -> None:
    with runtime.transaction() as uow:
        vague = Position(HOME.lat, HOME.lng, Source.CENTROID, 6000)
        uow.get(WorkOrder, street.chen.order_id, called="").position = vague.to_json()
    go("depart")
    shown = seen(runtime, street) or {}
    assert (shown["metres"], shown["bearing"], shown["home"]) == (None, None, None)
    assert shown["at"]["radius_m"] == 500


def test_where_he_was_before_he_departed_is_the_customer_before_and_is_not_told(
    runtime: Runtime, street: Street, go: Callable[[str], None], clock: Clock
) -> None:
    """The phone gave no place when he left: what is known is the door of somebody else."""
    by = Actor(Role.ENGINEER, street.network.an)
    with runtime.transaction() as uow:
        agree_to_positions(uow, street.network.an, True, by=by)
        note_position(uow, street.network.an, NORTH, APP, by=by)
    clock.advance(minutes=5)
    go("leave without a place")
    assert seen(runtime, street) is None
    with runtime.transaction() as uow:
        note_position(uow, street.network.an, NORTH, CHECK_IN, by=by)
    assert seen(runtime, street) is None, "where somebody checked in is a customer's home"
    with runtime.transaction() as uow:
        note_position(uow, street.network.an, NORTH, APP, by=by)
    assert (seen(runtime, street) or {})["metres"] == 3300


@settings(max_examples=200)
@given(st.floats(22.0, 24.0), st.floats(112.0, 114.5), st.sampled_from(sorted(SHOWN)))
def test_what_is_shown_is_on_the_grid_and_as_far_off_as_it_says(lat: float, lng: float, how: str) -> None:
    grid, off = SHOWN[how]
    shown = Position(on_grid(lat, grid), on_grid(lng, grid))
    assert metres(shown, Position(lat, lng)) <= off
    assert abs(shown.lat / grid - round(shown.lat / grid)) < 0.01


@given(st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))
def test_both_are_on_the_map_in_their_direction_and_to_scale(lat: float, lng: float) -> None:
    home = {"lat": HOME.lat, "lng": HOME.lng, "radius_m": 50}
    at = {"lat": HOME.lat + lat, "lng": HOME.lng + lng, "radius_m": 100}
    drawn = way_map.draw({"home": home, "at": at})
    assert drawn is not None
    for spot in (drawn.home, drawn.engineer):
        assert MARGIN - 1 <= spot.x <= WIDTH - MARGIN + 1
        assert MARGIN - 1 <= spot.y <= HEIGHT - MARGIN + 1
    east, south = drawn.engineer.x - drawn.home.x, drawn.engineer.y - drawn.home.y
    assert east * lng >= -1
    assert south * lat <= 1
    number, unit = drawn.ruler_words.split()
    metres_a_pixel = float(number) * (1000 if unit == "公里" else 1) / drawn.ruler
    told = math.hypot(east, south) * metres_a_pixel
    true = metres(HOME, Position(HOME.lat + lat, HOME.lng + lng))
    assert told == pytest.approx(true, rel=0.03, abs=3 * metres_a_pixel)
    assert drawn.ruler <= WIDTH / 2
    assert all(0 <= line <= WIDTH for line in drawn.columns)
    assert all(0 <= line <= HEIGHT for line in drawn.rows)


def test_without_a_home_there_is_no_map() -> None:
    assert way_map.draw(None) is None
    assert way_map.draw({"home": None, "at": {"lat": 22.8, "lng": 113.2, "radius_m": 100}}) is None


@pytest.mark.parametrize(
    ("lat", "lng", "degrees"),
    [(1, 0, 0), (1, 1, 45), (0, 1, 90), (-1, 1, 135), (-1, 0, 180), (0, -1, 270), (1, -0.05, 0), (1, -1, 315)],
)
def test_directions_are_eighths_of_the_circle(lat: float, lng: float, degrees: int) -> None:
    there = Position(HOME.lat + lat / 100, HOME.lng + lng / 100 / 0.922)
    assert bearing(HOME, there) == degrees
