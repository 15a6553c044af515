"""Customers' numbers on phones, for cellars: only of one's own jobs of today that were taken and are not over, each on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from domain.access.model import TrailEntry
from domain.capacity.operations import reserve
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import Runtime
from domain.work_orders.model import WorkOrder
from domain.work_orders.visits import move_visit
from engineer_app.numbers import CARRIED
from tests.domain.service_sheets.world import STAFF, World
from tests.engineer_app.phone import Phone, phone_of
from tests.engineer_app.test_jobs import another, offered

NUMBER = "13800138000"


def numbers(phone: Phone) -> dict[str, str | None]:
    return {job["visit_id"]: job["customer"]["number"] for job in phone.jobs()}


def on_record(runtime: Runtime) -> list[tuple[str, str, dict[str, Any]]]:
    with runtime.transaction() as uow:
        rows = uow.session.scalars(select(TrailEntry).filter_by(action=CARRIED).order_by(TrailEntry.id)).all()
        return [(row.actor, row.subject_id, row.detail) for row in rows]


def test_todays_job_has_its_number_masked_for_the_eye_and_whole_for_the_call(phone: Phone, world: World) -> None:
    [job] = phone.jobs()
    assert (job["customer"]["phone"], job["customer"]["number"]) == ("138******00", NUMBER)


def test_an_offer_a_coming_job_and_one_that_is_over_have_none(phone: Phone, world: World, runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        asked = offered(uow, world).visit_id
        coming = another(uow, world, 1)
        order, since = uow.get(WorkOrder, coming.work_order_id, called=""), uow.now + timedelta(days=1)
        reserve(uow, world.network.an, order, since, since + timedelta(hours=2), 60, None, by=STAFF, visit_id=coming.id)
    assert numbers(phone) == {asked: None, world.visit_id: NUMBER, coming.id: None}
    phone.sync(phone.operation(world.visit_id, "field.set", name="remark", value="x"))
    with runtime.transaction() as uow:
        for move in ("depart", "check_in", "finish"):
            move_visit(uow, world.visit_id, move, by=Actor(Role.ENGINEER, world.network.an))
    assert numbers(phone)[world.visit_id] is None


def test_nobody_elses_phone_has_it(phone: Phone, other: Phone, world: World, runtime: Runtime) -> None:
    assert numbers(other) == {}
    assert on_record(runtime) == []
    assert NUMBER not in other("GET", "/jobs").get_data(as_text=True)


def test_each_phone_that_has_it_is_on_record_once(
    phone: Phone, client: FlaskClient, world: World, runtime: Runtime
) -> None:
    phone.jobs()
    phone.jobs()
    phone.sync(phone.operation(world.visit_id, "field.set", name="remark", value="x"))
    second = phone_of(runtime, client, world.network.an)
    second.jobs()
    engineer = f"engineer:{world.network.an}"
    assert on_record(runtime) == [
        (engineer, world.order_id, {"visit": world.visit_id, "device": one.device_id}) for one in (phone, second)
    ]


def test_what_a_batch_brings_back_is_on_record_as_well(phone: Phone, world: World, runtime: Runtime) -> None:
    answer = phone.sync(phone.operation(world.visit_id, "field.set", name="remark", value="x")).get_json()
    assert answer["jobs"][0]["customer"]["number"] == NUMBER
    assert len(on_record(runtime)) == 1
