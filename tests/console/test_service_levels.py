"""The room of service levels: policies with their preview, what runs, an order's clocks, and what is refused in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.kit.unit_of_work import Runtime
from domain.service_levels import operations, queries
from domain.service_levels.keeping import put_defaults
from tests.console.conftest import BY, Api, Browser
from tests.runtime import Clock

ROOM = "/console/service-levels"


@pytest.fixture
def order(runtime: Runtime, open_order: Callable[..., str]) -> str:
    with runtime.transaction() as uow:
        put_defaults(uow)
    order_id = open_order()
    with runtime.transaction() as uow:
        operations.happened(uow, order_id, "opened", uow.now, by=BY)
    return order_id


def test_the_room_shows_what_runs_and_what_was_broken(
    administrator: Browser, runtime: Runtime, order: str, clock: Clock
) -> None:
    page = administrator.get(ROOM).get_data(as_text=True)
    assert "首次联系" in page
    assert "今天跳闸 0" in page
    clock.advance(minutes=31)
    with runtime.transaction() as uow:
        operations.watch(uow)
        assert queries.colours(uow, [order])[order].colour == "red"
    assert "今天跳闸 1" in administrator.get(ROOM).get_data(as_text=True)
    desk = administrator.get("/console/desk").get_data(as_text=True)
    assert "首次联系已跳闸" in desk


def test_an_orders_clocks_are_paused_only_for_a_reason_that_may(
    administrator: Browser, runtime: Runtime, order: str
) -> None:
    piece = administrator.get(f"/console/orders/{order}/clocks").get_data(as_text=True)
    assert "修复" in piece
    with runtime.transaction() as uow:
        repair = next(one.id for one in queries.clocks_of(uow, order) if one.clock == "repair")
    no = administrator.post(
        f"/console/clocks/{repair}", {"move": "pause", "why": "忙", "reason": "no_engineer"}, htmx=True
    )
    assert no.status_code == 409
    administrator.post(f"/console/clocks/{repair}", {"move": "pause", "why": "缺压缩机", "reason": "waiting_part"})
    assert "已暂停" in administrator.get(f"/console/orders/{order}/clocks").get_data(as_text=True)


def test_a_new_policy_ends_the_one_before_and_agents_may_not_write_any(
    administrator: Browser, agent: Browser, runtime: Runtime, order: str
) -> None:
    form = {
        "clock": "respond", "minutes": "120", "warn_minutes": "30", "since": "2026-05-13", "escalate_minutes": "60",
        "opens": "08:00", "closes": "20:00", "escalate_to": "dispatcher",
    }  # fmt: skip
    assert agent.post(f"{ROOM}/policies", form).status_code == 403
    assert administrator.post(f"{ROOM}/policies", {**form, "warn_minutes": "200"}, htmx=True).status_code == 409
    administrator.post(f"{ROOM}/policies", form)
    with runtime.transaction() as uow:
        plain = [one for one in queries.policies(uow) if one.clock == "respond" and not one.customer_level]
        assert [(one.minutes, str(one.until)) for one in plain] == [(1440, "2026-05-13"), (120, "None")]


def test_the_same_over_json(api: Callable[[str], Api], order: str) -> None:
    boss = api("boss")
    told = boss("GET", "/service-levels", clock="repair").get_json()
    assert [row["clock"]["clock"] for row in told["running"]] == ["repair"]
    assert len(boss("GET", f"/orders/{order}/clocks").get_json()) == 3
    assert boss("GET", "/service-levels/policies").get_json()[0]["due_at"]
