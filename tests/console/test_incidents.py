"""The room of safety incidents: seen on every page, masked, taken once, closed with a finding; who is called in which order."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.access.model import TrailEntry
from domain.incidents import queries
from domain.incidents.model import SafetyIncident
from domain.incidents.operations import open_incident
from domain.kit.unit_of_work import Runtime
from tests.brand import Brand
from tests.console.conftest import ADDRESS, BY, PHONE, Browser

BAR = "起安全事件等人接手"


@pytest.fixture
def incident(runtime: Runtime, brand: Brand) -> str:
    with runtime.transaction() as uow:
        return open_incident(
            uow, by=BY, brand_id=brand.voice.brand_id, dangers=["gas_smell"], words=f"有煤气味，电话 {PHONE}",
            account_id=brand.voice.account_id, openid="o-1", phone=PHONE, address=ADDRESS.line,
            category_code="water_heater_gas",
        )[0].id  # fmt: skip


def test_every_page_says_so_until_somebody_has_taken_it(agent: Browser, administrator: Browser, incident: str) -> None:
    for path in ("/console/orders", "/console/customers", "/console/inbox", "/console/pulse"):
        assert f"有 1 {BAR}" in agent.get(path).get_data(as_text=True), path
    agent.post(f"/console/incidents/{incident}/moves", {"move": "acknowledge"})
    assert BAR not in administrator.get("/console/orders").get_data(as_text=True)
    assert "处置中" in administrator.get("/console/incidents").get_data(as_text=True)


def test_words_phone_and_address_are_masked_until_revealed_on_record(
    agent: Browser, runtime: Runtime, incident: str
) -> None:
    page = agent.get(f"/console/incidents/{incident}").get_data(as_text=True)
    assert "燃气热水器" in page
    assert "138******78" in page
    assert PHONE not in page
    assert "18号" not in page
    for field, plain in (("phone", PHONE), ("address", ADDRESS.line), ("words", f"有煤气味，电话 {PHONE}")):
        told = agent.post("/console/reveal", {"subject": "incident", "id": incident, "field": field}, htmx=True)
        assert plain in told.get_data(as_text=True)
    with runtime.transaction() as uow:
        revealed = select(TrailEntry).filter_by(subject_kind="incident", action="personal.reveal")
        seen = uow.session.scalars(revealed.order_by(TrailEntry.id))
        assert [line.detail["field"] for line in seen] == ["phone", "address", "words"]


def test_the_second_to_take_it_is_refused_and_closing_wants_a_finding(
    agent: Browser, administrator: Browser, runtime: Runtime, incident: str
) -> None:
    url = f"/console/incidents/{incident}/moves"
    agent.post(url, {"move": "acknowledge"})
    assert administrator.post(url, {"move": "acknowledge"}, htmx=True).status_code == 409
    assert agent.post(url, {"move": "close", "why": " "}, htmx=True).status_code == 409
    agent.post(url, {"move": "close", "why": "阀门已关，燃气公司已到场"})
    page = agent.get(f"/console/incidents/{incident}").get_data(as_text=True)
    assert "燃气公司已到场" in page
    assert "已关闭" in page
    with runtime.transaction() as uow:
        assert uow.session.get_one(SafetyIncident, incident).closed_at


def test_administrators_say_who_is_called_in_which_order(
    administrator: Browser, runtime: Runtime, brand: Brand, staff: dict[str, str]
) -> None:
    page = administrator.get("/console/incidents/on-call").get_data(as_text=True)
    assert "Anna" in page
    form = {"brand": brand.voice.brand_id, f"place.{staff['anna']}": "2", f"place.{staff['boss']}": "1"}
    administrator.post("/console/incidents/on-call", form)
    with runtime.transaction() as uow:
        assert list(queries.on_call(uow, brand.voice.brand_id)) == [staff["boss"], staff["anna"]]
    assert (
        administrator.post("/console/incidents/on-call", {**form, "place.st_none": "3"}, htmx=True).status_code == 409
    )
