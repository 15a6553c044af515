"""Being located between jobs is the engineer's own yes, and a no forgets what the app said."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from domain.access.model import TrailEntry
from domain.capacity.rosters import take_leave
from domain.engineers.whereabouts import CHECK_IN, last_seen
from domain.kit.unit_of_work import Runtime
from tests.domain.service_sheets.world import STAFF, World
from tests.engineer_app.phone import Phone, content, refusal

HERE = {"lat": 22.8366, "lng": 113.2560, "radius_m": 30}


def seen(runtime: Runtime, world: World) -> str:
    """How it is known where he is, "" when it is not."""
    with runtime.transaction() as uow:
        found = last_seen(uow, [world.network.an]).get(world.network.an)
        return found.how if found else ""


def test_no_position_is_taken_before_the_yes_and_none_stays_after_the_no(
    phone: Phone, world: World, runtime: Runtime
) -> None:
    content(phone("POST", "/me/located", agrees=False))
    assert refusal(phone("POST", "/me/position", **HERE))[1] == "not_agreed"
    assert content(phone("POST", "/me/located", agrees=True))["located"] is True
    content(phone("POST", "/me/position", **HERE))
    assert (seen(runtime, world), content(phone("GET", "/me"))["located"]) == ("app", True)
    assert content(phone("POST", "/me/located", agrees=False))["located"] is False
    assert seen(runtime, world) == ""


def test_a_no_leaves_what_belongs_to_the_work(phone: Phone, world: World, runtime: Runtime) -> None:
    content(phone("POST", "/me/located", agrees=True))
    place = {**HERE, "datum": "wgs84"}
    for move in ("depart", "check_in"):
        phone.sync(phone.operation(world.visit_id, "visit.move", move=move, position=place, far_reason="在物业登记"))
    content(phone("POST", "/me/located", agrees=False))
    assert seen(runtime, world) == CHECK_IN


def test_after_work_nothing_is_kept(phone: Phone, world: World, runtime: Runtime) -> None:
    content(phone("POST", "/me/located", agrees=True))
    with runtime.transaction() as uow:
        take_leave(uow, world.network.an, uow.now, uow.now + timedelta(hours=1), "leave", by=STAFF)
    content(phone("POST", "/me/position", **HERE))
    assert seen(runtime, world) == ""


def test_the_yes_is_the_engineers_own_and_on_record_once(
    phone: Phone, other: Phone, world: World, runtime: Runtime
) -> None:
    content(phone("POST", "/me/located", agrees=False))
    for _ in range(2):
        content(phone("POST", "/me/located", agrees=True))
    with runtime.transaction() as uow:
        said = uow.session.scalars(
            select(TrailEntry).filter_by(action="engineer.position_agreed", subject_id=world.network.an)
        ).all()
        assert [(one.actor, one.detail["yes"]) for one in said][-1] == (f"engineer:{world.network.an}", True)
        assert sum(one.detail["yes"] for one in said) == 1
    assert content(other("GET", "/me"))["located"] is False


def test_nonsense_is_refused(phone: Phone) -> None:
    for agrees in ("yes", 2, None):
        assert phone("POST", "/me/located", agrees=agrees).status_code == 422
    assert phone("POST", "/me/position", lat=91, lng=0, radius_m=1).status_code == 422
