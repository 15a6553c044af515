"""Plans and whereabouts over JSON."""

from __future__ import annotations

from collections.abc import Callable

from domain.dispatch import plans
from domain.kit.actors import system
from domain.kit.unit_of_work import Runtime
from tests.brand import Brand
from tests.console.conftest import Api
from tests.network import network_in


def test_a_plan_is_asked_for_listed_and_made_automatic(
    api: Callable[[str], Api], runtime: Runtime, brand: Brand
) -> None:
    network, call = network_in(runtime, brand), api("boss")
    asked = {"provider_id": network.near, "day": "2026-05-13"}
    assert call("POST", "/dispatch/plans", asked).status_code == 202
    assert call("POST", "/dispatch/plans", {**asked, "day": "2026-05-11"}).get_json()["error"] == "past_day"
    assert call("POST", "/dispatch/plans", {**asked, "station_id": network.ronggui}).status_code == 404
    with runtime.transaction() as uow:
        plans.propose(uow, network.near, uow.today, by=system("tests"), seconds=0.1)
    assert len(call("GET", "/dispatch/plans", provider_id=network.near).get_json()) == 1
    assert call("GET", "/dispatch/plans", day="2026-05-13").get_json() == []
    assert call("PUT", f"/providers/{network.near}/automatic-plans", {"on": True}).status_code == 200


def test_everybody_has_whereabouts(api: Callable[[str], Api], runtime: Runtime, brand: Brand) -> None:
    network = network_in(runtime, brand)
    rows = api("boss")("GET", "/whereabouts", provider_id=network.near).get_json()
    assert {row["engineer_id"] for row in rows} == {network.an, network.bo}
    assert {(row["title"], row["seen"]) for row in rows} == {("空闲", None)}
