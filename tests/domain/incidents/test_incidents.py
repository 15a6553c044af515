"""Safety incidents: opened at once, one a chat, people called in turn until somebody has taken it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.access.operations import add_staff
from domain.access.roles import StaffRole
from domain.incidents import operations, queries
from domain.incidents.model import IncidentPage, SafetyIncident
from domain.kit.actors import Actor, Role, system
from domain.kit.lifecycle import MoveRefused
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime, UnitOfWork
from tests.brand import Brand, brand_in
from tests.runtime import Clock

CUSTOMER, AGENT = Actor(Role.CUSTOMER, "u1"), Actor(Role.STAFF, "st_a")


def told(uow: UnitOfWork, brand: Brand, words: str = "有煤气味", **more: str) -> tuple[SafetyIncident, bool]:
    return operations.open_incident(
        uow, by=CUSTOMER, brand_id=brand.voice.brand_id, dangers=["gas_smell"], words=words,
        account_id=brand.voice.account_id, openid="u1", **more,
    )  # fmt: skip


def people(uow: UnitOfWork, brand: Brand, *names: str) -> list[str]:
    staff = [
        add_staff(
            uow, username=name, display_name=name, role=StaffRole.AGENT, password="a-long-password", by=system("t")
        )
        for name in names
    ]
    ids = [person.id for person in staff]
    operations.set_on_call(uow, brand.voice.brand_id, ids, by=AGENT)
    return ids


def test_an_incident_calls_somebody_in_the_same_commit(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        first, _ = people(uow, brand, "zhao", "qian")
        incident, is_new = told(uow, brand)
        assert is_new
        assert [page.staff_id for page in queries.pages_of(uow, incident.id)] == [first]
        uow.session.flush()
        assert "IncidentPaged" in uow.session.scalars(select(OutboxRow.kind)).all()


def test_what_is_told_later_joins_the_incident_of_the_chat(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        first, _ = told(uow, brand)
        again, is_new = told(uow, brand, "头有点晕", phone="13800000000")
        assert (again.id, is_new) == (first.id, False)
        assert again.words.splitlines() == ["有煤气味", "头有点晕"]
        assert again.phone == "13800000000"
        assert len(queries.pages_of(uow, first.id)) == 1


def test_people_are_called_in_turn_until_one_has_taken_it(runtime: Runtime, clock: Clock) -> None:
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        zhao, qian = people(uow, brand, "zhao", "qian")
        incident, _ = told(uow, brand)
    for _ in range(2):
        clock.advance(minutes=2)
        with runtime.transaction() as uow:
            assert operations.page_due(uow) == 1
            assert operations.page_due(uow) == 0
    with runtime.transaction() as uow:
        assert [page.staff_id for page in queries.pages_of(uow, incident.id)] == [zhao, qian, zhao]
        operations.move_incident(uow, incident.id, "acknowledge", by=Actor(Role.STAFF, qian))
    clock.advance(minutes=10)
    with runtime.transaction() as uow:
        assert operations.page_due(uow) == 0
        assert uow.session.get_one(SafetyIncident, incident.id).taken_by == qian


def test_with_nobody_on_call_everybody_is(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        incident, _ = told(uow, brand)
        assert uow.session.scalars(select(IncidentPage.staff_id).filter_by(incident_id=incident.id)).all() == [None]


def test_only_one_takes_it_and_closing_needs_a_finding(runtime: Runtime) -> None:
    brand = brand_in(runtime)
    with runtime.transaction() as uow:
        incident, _ = told(uow, brand)
        operations.move_incident(uow, incident.id, "acknowledge", by=AGENT)
        with pytest.raises(MoveRefused, match="处置中"):
            operations.move_incident(uow, incident.id, "acknowledge", by=AGENT)
        with pytest.raises(MoveRefused, match="原因"):
            operations.move_incident(uow, incident.id, "close", by=AGENT)
        operations.move_incident(uow, incident.id, "close", by=AGENT, why="阀门松动，已关闭，燃气公司已处理")
        fresh, is_new = told(uow, brand)
        assert is_new
        assert fresh.id != incident.id
