"""延保与服务卡 in the console: figures, a contract with its reckoning before it is given up, plans with a preview, gift codes."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pytest
from apiflask import APIFlask
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from domain.access.operations import add_staff
from domain.access.roles import StaffRole
from domain.cover.gifts import redeem_gift
from domain.cover.lifecycle import CoverStatus
from domain.cover.model import Cover, CoverPlan, Gift
from domain.cover.queries import uses_of
from domain.kit.money import Money
from domain.kit.unit_of_work import Runtime
from domain.work_orders.kinds import ServiceType
from tests.console.conftest import BY, PASSWORD, Browser
from tests.domain.cover.world import World, bought, make_world, open_order, order

PLAN = {
    "code": "whole", "kind": "warranty", "title": "整机延保一年", "price": "399.00", "months": "12", "components": "整机、人工",
    "starts": "after_present", "categories": "air_conditioner", "age_months_max": "36", "needs_warranty": "on",
    "needs_check": "on", "divisions": "", "cooling_days": "15", "permille": "50", "since": "2026-05-12",
    "terms": "保障整机和人工。",
}  # fmt: skip


@dataclass
class Room:
    world: World
    agent: Browser
    marketer: Browser
    cover_id: str
    card_id: str

    @property
    def runtime(self) -> Runtime:
        return self.world.runtime


@pytest.fixture
def room(app: APIFlask, runtime: Runtime) -> Room:
    world = make_world(runtime)
    with runtime.transaction() as uow:
        cover, card = bought(world, uow, sold_by="engineer:en_7"), bought(world, uow, "card")
        for name, role in (("agent2", StaffRole.AGENT), ("seller", StaffRole.MARKETER)):
            add_staff(uow, by=BY, username=name, role=role, password=PASSWORD, display_name=name.title())
    browsers = []
    for name in ("agent2", "seller"):
        browsers.append(Browser(app.test_client()))
        assert browsers[-1].sign_in(name).status_code == 303
    return Room(world, browsers[0], browsers[1], cover.id, card.id)


def text(browser: Browser, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200, response.get_data(as_text=True)[:500]
    return response.get_data(as_text=True)


def file(browser: Browser, path: str, form: dict[str, str]) -> TestResponse:
    """What a form answers with a file to."""
    return browser.client.post(path, data={"csrf_token": browser.token, **form})


def test_what_was_sold_is_listed_found_and_counted(room: Room) -> None:
    page = text(room.agent, "/console/covers")
    assert "2026-05" in page
    assert page.count(f"/console/covers/{room.cover_id}") >= 1
    with room.runtime.transaction() as uow:
        number = uow.session.get_one(Cover, room.cover_id).number
    one = text(room.agent, f"/console/covers?number={number}")
    assert room.cover_id in one
    assert room.card_id not in one
    assert room.cover_id not in text(room.agent, "/console/covers?kind=card")
    assert room.agent.get("/console/covers?status=dance").status_code == 422


def test_the_reckoning_is_shown_before_it_is_given_up_and_only_that_amount_is(room: Room) -> None:
    page = text(room.agent, f"/console/covers/{room.cover_id}")
    assert "犹豫期内（到 2026-05-27）全额退：¥365.00" in page
    assert "延保生效" in page
    path = f"/console/covers/{room.cover_id}/cancel"
    assert room.agent.post(path, {"shown": "100", "why": "客户不要了"}).status_code == 303
    with room.runtime.transaction() as uow:
        assert str(uow.session.get_one(Cover, room.cover_id).status) == "active", "another amount than is due: nothing"
    text(room.agent, f"/console/covers/{room.cover_id}")
    assert room.agent.post(path, {"shown": "36500", "why": "客户不要了"}).status_code == 303
    with room.runtime.transaction() as uow:
        assert uow.session.get_one(Cover, room.cover_id).status is CoverStatus.REFUNDING
    assert "客户不要了" in text(room.agent, f"/console/covers/{room.cover_id}")


def test_a_card_is_used_for_an_order_by_its_number_and_given_back(room: Room) -> None:
    with room.runtime.transaction() as uow:
        cleaning = open_order(room.world, uow)
        repair = open_order(room.world, uow, ServiceType.REPAIR)
    text(room.agent, f"/console/covers/{room.card_id}")
    room.agent.post(f"/console/covers/{room.card_id}/hold", {"number": repair.number})
    room.agent.post(f"/console/covers/{room.card_id}/hold", {"number": cleaning.number})
    with room.runtime.transaction() as uow:
        assert [use.work_order_id for use in uses_of(uow, room.card_id)] == [cleaning.id]
    assert "已预留" in text(room.agent, f"/console/covers/{room.card_id}")
    room.agent.post(f"/console/orders/{cleaning.id}/card-return")
    with room.runtime.transaction() as uow:
        assert uow.session.get_one(Cover, room.card_id).used == 0


def test_what_is_not_paid_can_be_taken_back_with_a_reason(room: Room) -> None:
    with room.runtime.transaction() as uow:
        waiting = order(room.world, uow, "parts").id
    text(room.agent, f"/console/covers/{waiting}")
    room.agent.post(f"/console/covers/{waiting}/void", {"why": " "})
    room.agent.post(f"/console/covers/{waiting}/void", {"why": "点错了"})
    with room.runtime.transaction() as uow:
        assert uow.session.get_one(Cover, waiting).status is CoverStatus.VOID


def test_the_certificate_is_a_pdf_with_the_number(room: Room) -> None:
    response = room.agent.client.get(f"/console/covers/{room.cover_id}/certificate")
    assert response.mimetype == "application/pdf"
    assert response.get_data()[:5] == b"%PDF-"


def test_a_plan_is_changed_from_a_day_on_after_a_preview(room: Room) -> None:
    brand = room.world.brand.voice.brand_id
    page = text(room.marketer, f"/console/cover-plans?from={room.world.plans['whole']}")
    assert "改方案：整机延保一年" in page
    preview = room.marketer.client.get("/console/cover-plans/preview", query_string={**PLAN, "brand_id": brand})
    told = preview.get_data(as_text=True)
    assert "¥365.00" in told
    assert "¥399.00" in told
    assert "已卖出的 1 份不变" in told
    assert "条款" not in told, "what stays is not said"
    wrong = room.marketer.client.get(
        "/console/cover-plans/preview", query_string={**PLAN, "brand_id": brand, "months": "0"}
    )
    assert "1–120" in wrong.get_data(as_text=True)
    assert room.marketer.post("/console/cover-plans", {**PLAN, "brand_id": brand}).status_code == 303
    with room.runtime.transaction() as uow:
        rows = uow.session.scalars(select(CoverPlan).filter_by(code="whole").order_by(CoverPlan.version)).all()
        assert [one.price_fen for one in rows] == [Money(36_500), Money(39_900)]
        assert uow.session.get_one(Cover, room.cover_id).plan_id == rows[0].id
    assert "第 2 版" in text(room.marketer, "/console/cover-plans")
    room.marketer.post(f"/console/cover-plans/{rows[1].id}/end", {"until": "2026-06-01"})
    with room.runtime.transaction() as uow:
        assert str(uow.session.get_one(CoverPlan, rows[1].id).until) == "2026-06-01"


def test_gift_codes_are_in_one_spreadsheet_once(room: Room) -> None:
    text(room.marketer, "/console/gifts")
    form = {"cover_plan_id": room.world.plans["card"], "title": "周年", "count": "3", "valid_until": "2026-12-31"}
    response = file(room.marketer, "/console/gifts", form)
    sheet = CalamineWorkbook.from_filelike(BytesIO(response.get_data())).get_sheet_by_index(0).to_python()
    codes = [str(row[0]) for row in sheet[1:]]
    assert len(set(codes)) == 3
    page = text(room.marketer, "/console/gifts")
    assert "周年" in page
    assert not [code for code in codes if code in page]
    with room.runtime.transaction() as uow:
        assert redeem_gift(uow, codes[0], None, room.world.wang, by=room.world.by()).cover
        batch = uow.session.scalars(select(Gift.batch_id)).first()
    room.marketer.post(f"/console/gifts/{batch}/withdraw")
    with room.runtime.transaction() as uow:
        assert "失效" in redeem_gift(uow, codes[1], None, room.world.wang, by=room.world.by()).words


def test_the_list_goes_out_as_a_spreadsheet(room: Room) -> None:
    text(room.marketer, "/console/covers")
    response = file(room.marketer, "/console/covers/export", {"kind": "card"})
    rows = CalamineWorkbook.from_filelike(BytesIO(response.get_data())).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert "空调清洁卡 3 次" in rows[1]


def test_who_only_looks_changes_nothing_and_who_keeps_plans_gives_nothing_back(room: Room) -> None:
    assert room.agent.post("/console/cover-plans", PLAN).status_code == 403
    assert room.agent.post("/console/gifts", {}).status_code == 403
    assert (
        room.marketer.post(f"/console/covers/{room.cover_id}/cancel", {"shown": "36500", "why": "x"}).status_code == 403
    )
    assert "退订</button>" not in text(room.marketer, f"/console/covers/{room.cover_id}")
