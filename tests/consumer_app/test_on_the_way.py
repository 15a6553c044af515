"""How far the engineer is: only on the way, rounded, with its age, and never where exactly; nothing where the home is not known."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from consumer_app.person import Person
from consumer_app.subjects.orders import bearing, page
from domain.customers.model import Contact
from domain.engineers.whereabouts import APP, DEPARTURE, agree_to_positions, note_position
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.queries import voice_of_brand
from domain.regions.positions import Position, Source
from domain.work_orders.model import WorkOrder
from domain.work_orders.visits import move_visit, offer_visit, put_engineers
from tests.consumer_app.conftest import Street
from tests.domain.service_sheets.world import STAFF
from tests.runtime import Clock

HOME = Position(22.7680, 113.2700)
NORTH = Position(22.7980, 113.2700)


def seen(runtime: Runtime, street: Street) -> dict[str, int] | None:
    with runtime.transaction() as uow:
        contact = uow.session.get_one(Contact, (street.brand.voice.account_id, street.chen.openid))
        person = Person(uow, voice_of_brand(uow, street.brand.voice.brand_id), contact)
        shown = page(person, street.chen.number)
        assert NORTH.lat not in shown.values()
        found: dict[str, int] | None = shown["position"]
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
    assert seen(runtime, street) == {"metres": 3300, "minutes_old": 7, "bearing": 0}
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
    assert (seen(runtime, street) or {})["metres"] == 1100
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
    assert seen(runtime, street) == {"metres": None, "minutes_old": 0, "bearing": None}


@pytest.mark.parametrize(
    ("lat", "lng", "degrees"),
    [(1, 0, 0), (1, 1, 45), (0, 1, 90), (-1, 1, 135), (-1, 0, 180), (0, -1, 270), (1, -0.05, 0), (1, -1, 315)],
)
def test_directions_are_eighths_of_the_circle(lat: float, lng: float, degrees: int) -> None:
    there = Position(HOME.lat + lat / 100, HOME.lng + lng / 100 / 0.922)
    assert bearing(HOME, there) == degrees
