"""The room of service levels: policies with their preview, what runs, an order's clocks, and what is refused in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.access.operations import add_staff
from domain.access.roles import StaffRole
from domain.kit.scope import Scope
from domain.kit.unit_of_work import Runtime
from domain.service_levels import operations, queries
from domain.service_levels.keeping import put_defaults
from tests.brand import Brand
from tests.console.conftest import BY, PASSWORD, Api, Browser
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
    assert len(boss("GET", f"/work-orders/{order}/clocks").get_json()) == 3
    assert boss("GET", "/service-levels/policies").get_json()[0]["due_at"]


FORM = {
    "clock": "respond", "minutes": "90", "warn_minutes": "30", "since": "2026-05-13", "escalate_minutes": "60",
    "opens": "08:00", "closes": "20:00",
}  # fmt: skip


def test_the_form_says_what_it_would_mean_while_it_is_filled_in_and_keeps_nothing(
    administrator: Browser, agent: Browser, runtime: Runtime, order: str
) -> None:
    with runtime.transaction() as uow:
        before = len(queries.policies(uow, ended=True))

    def preview(**changed: str) -> str:
        return administrator.get(f"{ROOM}/preview", query_string={**FORM, **changed}).get_data(as_text=True)

    assert "1 小时 30 分钟到点：<b>05-12 13:00</b> 前，05-12 12:30 预警" in preview()
    assert "<b>05-13 08:30</b>" in preview(working="on", minutes="540"), "nine hours from 11:30 go on the next morning"
    assert "预警应早于时限" in preview(warn_minutes="90")
    assert "时限要填数字" in preview(minutes="半天")
    assert "填好时限和预警" in preview(minutes="")
    assert agent.get(f"{ROOM}/preview", query_string=FORM).status_code == 403
    with runtime.transaction() as uow:
        assert len(queries.policies(uow, ended=True)) == before


def statuses(runtime: Runtime, order: str) -> dict[str, str]:
    with runtime.transaction() as uow:
        return {one.clock: str(one.status) for one in queries.clocks_of(uow, order)}


def test_who_has_spoken_with_the_customer_writes_it_down_on_the_orders_page(
    agent: Browser, runtime: Runtime, order: str
) -> None:
    assert "已联系客户" in agent.get(f"/console/orders/{order}").get_data(as_text=True)
    agent.post(f"/console/orders/{order}/contacted", {"why": " "})
    assert statuses(runtime, order)["first_contact"] == "running", "nothing was said, so nothing was written"
    agent.post(f"/console/orders/{order}/contacted", {"why": "说好明天下午上门"})
    assert statuses(runtime, order) == {"first_contact": "met", "respond": "running", "repair": "running"}


def test_the_same_contact_over_json(api: Callable[[str], Api], order: str) -> None:
    anna = api("anna")
    assert anna("POST", f"/work-orders/{order}/contacted", {}).status_code == 422
    told = anna("POST", f"/work-orders/{order}/contacted", {"why": "说好明天下午上门"}).get_json()
    assert {row["clock"]["clock"]: row["clock"]["status"] for row in told}["first_contact"] == "met"


def test_who_keeps_one_brand_puts_and_ends_policies_of_that_brand_only(
    api: Callable[[str], Api], runtime: Runtime, brand: Brand, order: str
) -> None:
    own, body = brand.voice.brand_id, {key: value for key, value in FORM.items() if key not in ("opens", "closes")}
    with runtime.transaction() as uow:
        scope = Scope(brand_id=own)
        add_staff(
            uow, by=BY, username="mei", role=StaffRole.MANAGER, password=PASSWORD, display_name="Mei", scope=scope
        )
        shared = next(one.id for one in queries.policies(uow) if one.customer_level)
    mei = api("mei")
    assert mei("POST", "/service-levels/policies", body).status_code == 409
    put = mei("POST", "/service-levels/policies", {**body, "brand_id": own})
    assert (put.status_code, put.get_json()["brand_id"]) == (201, own)
    ended = mei("POST", f"/service-levels/policies/{put.get_json()['id']}/end", {"until": "2026-06-01"})
    assert ended.get_json()["until"] == "2026-06-01"
    assert mei("POST", f"/service-levels/policies/{shared}/end", {"until": "2026-06-01"}).status_code in (404, 409)
    assert api("boss")("POST", f"/service-levels/policies/{shared}/end", {"until": "2026-06-01"}).status_code == 200
