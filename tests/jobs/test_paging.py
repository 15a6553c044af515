"""A page reaches the pager once, names nobody's data, and falls silent once somebody has taken the incident."""

from __future__ import annotations

from redis import Redis
from sqlalchemy import select

from domain.incidents import operations
from domain.incidents.events import IncidentPaged
from domain.incidents.model import IncidentPage, SafetyIncident
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import Runtime
from jobs.paging import call_again, call_somebody
from tests.brand import brand_in
from tests.jobs.doing import Pager, jobs_with
from tests.runtime import Clock


def incident_in(runtime: Runtime) -> str:
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        incident, _ = operations.open_incident(
            uow, by=Actor(Role.CUSTOMER, "u1"), brand_id=brand.voice.brand_id, dangers=["gas_smell"],
            words="厨房有煤气味，我叫王芳", account_id=brand.voice.account_id, openid="u1", phone="13800000000",
        )  # fmt: skip
        return incident.id


def pages(runtime: Runtime, incident_id: str) -> list[IncidentPaged]:
    with runtime.transaction() as uow:
        found = uow.session.scalars(
            select(IncidentPage.id).filter_by(incident_id=incident_id).order_by(IncidentPage.id)
        )
        return [IncidentPaged(incident_id, page_id) for page_id in found]


def test_a_page_is_sent_once_and_tells_nothing_personal(fresh_runtime: Runtime, valkey: Redis) -> None:
    pager = Pager()
    jobs = jobs_with(fresh_runtime, valkey, pager=pager)
    incident_id = incident_in(fresh_runtime)
    for event in pages(fresh_runtime, incident_id) * 2:
        call_somebody(jobs, event)
    [(name, words)] = pager.calls
    assert name == "所有人"
    assert "漏气" in words
    assert not any(secret in words for secret in ("王芳", "13800000000", "厨房"))


def test_nobody_is_called_any_more_once_it_is_taken(fresh_runtime: Runtime, valkey: Redis, clock: Clock) -> None:
    pager = Pager()
    jobs = jobs_with(fresh_runtime, valkey, pager=pager)
    incident_id = incident_in(fresh_runtime)
    clock.advance(minutes=3)
    assert call_again(jobs) == 1
    with fresh_runtime.transaction() as uow:
        operations.move_incident(uow, incident_id, "acknowledge", by=Actor(Role.STAFF, "st_1"))
        assert uow.session.get_one(SafetyIncident, incident_id).pages == 2
    for event in pages(fresh_runtime, incident_id):
        call_somebody(jobs, event)
    assert pager.calls == []
    clock.advance(minutes=3)
    assert call_again(jobs) == 0
