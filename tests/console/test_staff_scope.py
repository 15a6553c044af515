"""The staff page's form of what somebody sees: chosen, changed, refused in words, and what it ends."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.access.model import Staff, StaffSession
from domain.access.roles import StaffRole
from domain.kit.scope import Scope
from domain.kit.unit_of_work import Runtime
from tests.console.conftest import PASSWORD, Browser
from tests.console.side import Side
from tests.console.sides import put_sides


@pytest.fixture
def mine(runtime: Runtime) -> Side:
    with runtime.transaction() as uow:
        return put_sides(uow)[0]


def scope(runtime: Runtime, username: str) -> Scope | None:
    with runtime.transaction() as uow:
        found = uow.session.scalars(select(Staff).filter_by(username=username)).first()
        return found.scope if found else None


def add(browser: Browser, role: StaffRole, **chosen: str) -> str:
    browser.get("/console/staff")
    form = {"username": "dora", "display_name": "朵拉", "role": role, "password": PASSWORD, **chosen}
    browser.post("/console/staff", form)
    return browser.get("/console/staff").get_data(as_text=True)


def test_a_station_brings_its_provider_and_the_page_says_whose_rows_are_seen(
    administrator: Browser, mine: Side, runtime: Runtime
) -> None:
    page = add(administrator, StaffRole.STATION, station=mine.id("sn"))
    assert scope(runtime, "dora") == Scope(None, mine.id("pr"), mine.id("sn"))
    assert f"{mine.word}街网点" in page


@pytest.mark.parametrize(
    "chosen", [{}, {"brand": "br_a"}, {"provider": "pr_none"}, {"provider": "pr_near", "station": "sn_mine"}]
)
def test_a_providers_person_is_of_a_provider_that_is_there(
    administrator: Browser, mine: Side, runtime: Runtime, chosen: dict[str, str]
) -> None:
    add(administrator, StaffRole.STATION, **chosen)
    assert scope(runtime, "dora") is None


def test_an_administrator_has_no_scope(administrator: Browser, mine: Side, runtime: Runtime) -> None:
    add(administrator, StaffRole.ADMINISTRATOR, brand=mine.brand)
    assert scope(runtime, "dora") is None


def test_another_scope_ends_what_is_open(
    administrator: Browser, agent: Browser, mine: Side, runtime: Runtime, staff: dict[str, str]
) -> None:
    assert agent.get("/console/orders").status_code == 200
    administrator.get("/console/staff")
    administrator.post(f"/console/staff/{staff['anna']}/role", {"role": "agent", "brand": mine.brand})
    assert scope(runtime, "anna") == Scope(brand_id=mine.brand)
    assert agent.get("/console/orders").status_code == 303
    with runtime.transaction() as uow:
        assert not uow.session.scalars(select(StaffSession).filter_by(staff_id=staff["anna"])).all()
