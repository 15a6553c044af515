"""报价 and 价目 in the console: a quote made, replaced and answered by phone; prices changed by day, and in and out as a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from adapters.demo.parts import put_parts
from adapters.demo.prices import put_prices
from adapters.price_files import PriceFiles
from adapters.spreadsheets import write_sheets
from console.door import blueprints
from domain.catalog.model import Model, Part
from domain.kit.unit_of_work import Runtime
from domain.pricing.model import FeeRow, PartPrice, Quote
from domain.work_orders.model import WorkOrder
from tests.brand import Brand
from tests.console.conftest import BY, Api, Browser


@pytest.fixture
def app(runtime: Runtime) -> APIFlask:
    app = APIFlask("tests.console")
    for blueprint in blueprints(runtime, secret_key="k" * 32, secure_cookies=False, price_files=PriceFiles()):
        app.register_blueprint(blueprint)
    return app


@pytest.fixture
def order_id(runtime: Runtime, brand: Brand, open_order: Callable[..., str]) -> str:
    made = open_order()
    with runtime.transaction() as uow:
        put_parts(uow, brand.voice.brand_id, list(uow.session.scalars(select(Model))), by=BY)
        put_prices(uow, {"YF": brand.voice.brand_id}, by=BY)
        order = uow.session.get_one(WorkOrder, made)
        order.model_id = brand.models["KFR-35GW/N8A1"]
        return order.id


def part_code(runtime: Runtime, name: str) -> str:
    with runtime.transaction() as uow:
        return uow.session.scalars(select(Part.code).where(Part.name == name, Part.code.contains("-AC-"))).one()


def quotes(runtime: Runtime) -> list[Quote]:
    with runtime.transaction() as uow:
        return list(uow.session.scalars(select(Quote).order_by(Quote.version)))


def test_a_quote_is_made_replaced_and_answered_by_phone(
    administrator: Browser, runtime: Runtime, order_id: str
) -> None:
    room = f"/console/orders/{order_id}/quote"
    form = administrator.get(room).get_data(as_text=True)
    assert "压缩机" in form
    assert "高空作业" in form
    field = f"part:{part_code(runtime, '压缩机')}"
    seen = administrator.get(f"{room}/preview", query_string={field: "1"}).get_data(as_text=True)
    assert "客户付 ¥1260.00" in seen
    assert "数量填数字" in administrator.get(f"{room}/preview", query_string={field: "1.5"}).get_data(as_text=True)
    assert "写明原因" in administrator.post(room, {field: "1", "goodwill": "50"}, htmx=True).get_data(as_text=True)
    administrator.post(room, {field: "1"})
    administrator.post(room, {field: "1", "goodwill": "50", "goodwill_why": "老客户", "note": "见面细说"})
    first, second = quotes(runtime)
    assert [first.status, first.customer_fen, second.status, second.customer_fen] == [
        "superseded",
        126_000,
        "asked",
        63_000,
    ]
    page = administrator.get(f"/console/quotes/{second.id}").get_data(as_text=True)
    for words in ("品牌承担：老客户", "¥630.00", "见面细说", "只收上门检测费"):
        assert words in page
    answer = f"/console/quotes/{second.id}/answer"
    assert administrator.post(answer, {"answer": "yes", "hash": second.hash}, htmx=True).status_code == 422
    administrator.post(answer, {"answer": "yes", "hash": second.hash, "why": "10:20 电话确认"})
    assert [one.status for one in quotes(runtime)] == ["superseded", "confirmed"]
    card = administrator.get(f"/console/orders/{order_id}/money").get_data(as_text=True)
    assert "客户已同意" in card
    listed = administrator.get("/console/quotes?status=confirmed").get_data(as_text=True)
    assert "第 2 版" in listed
    assert "第 1 版" not in listed


def test_a_price_is_changed_from_a_day_on_and_says_what_that_means(
    administrator: Browser, runtime: Runtime, brand: Brand, order_id: str
) -> None:
    administrator.get(f"/console/orders/{order_id}/quote")
    administrator.post(f"/console/orders/{order_id}/quote", {f"part:{part_code(runtime, '压缩机')}": "1"})
    page = administrator.get(f"/console/prices?brand_id={brand.voice.brand_id}&category=air_conditioner")
    assert "空调大修人工" in page.get_data(as_text=True)
    form = {
        "brand_id": brand.voice.brand_id, "kind": "labour", "code": "large", "title": "空调大修人工", "category": "air_conditioner",
        "price": "300", "unit": "次", "owner": "provider", "since": "2026-05-12",
    }  # fmt: skip
    seen = administrator.get("/console/prices/preview", query_string=form).get_data(as_text=True)
    for words in ("¥280.00/次", "¥300.00/次", "¥1260.00", "¥1280.00"):
        assert words in seen
    assert "已经过去" in administrator.post("/console/prices", {**form, "since": "2026-05-11"}, htmx=True).get_data(
        as_text=True
    )
    administrator.post("/console/prices", form)
    with runtime.transaction() as uow:
        rows = uow.session.scalars(
            select(FeeRow).filter_by(code="large", category_code="air_conditioner").order_by(FeeRow.since)
        ).all()
        assert [(one.fen, str(one.since), str(one.until)) for one in rows] == [
            (28_000, "2024-01-01", "2026-05-12"), (30_000, "2026-05-12", "None"),
        ]  # fmt: skip
        part = uow.session.scalars(select(Part).filter_by(code=part_code(runtime, "压缩机"))).one()
    assert quotes(runtime)[0].customer_fen == 126_000
    parts = administrator.get(f"/console/part-prices?brand_id={brand.voice.brand_id}&q=压缩").get_data(as_text=True)
    assert "¥980.00" in parts
    administrator.post(f"/console/part-prices/{part.id}", {"price": "999.5", "labour": "large", "since": "2026-06-01"})
    with runtime.transaction() as uow:
        found = uow.session.scalars(select(PartPrice).filter_by(part_id=part.id).order_by(PartPrice.since)).all()
        assert [one.fen for one in found] == [98_000, 99_950]


def test_the_list_goes_out_and_comes_back_the_same_and_a_bad_line_keeps_all_of_it_out(
    administrator: Browser, runtime: Runtime, brand: Brand, order_id: str, tmp_path: Path
) -> None:
    files = PriceFiles()
    with runtime.transaction() as uow:
        content = files.save(uow, brand.voice.brand_id)
        loaded = files.load(uow, brand.voice.brand_id, "prices.xlsx", content, BY)
        assert loaded.problems == []
        assert [(one.new, one.changed) for one in loaded.sheets] == [(0, 0), (0, 0)]
        before = len(uow.session.scalars(select(FeeRow.id)).all())
    administrator.get("/console/price-files")
    got = administrator.client.get(f"/console/price-files/prices.xlsx?brand_id={brand.voice.brand_id}")
    assert got.get_data()[:2] == b"PK"
    bad = (
        "项目,代码,名称,品类,服务,公里起,元,千分比,单位,归,依据,自\n"
        "人工,new_one,新人工,空调,维修,,88,,次,服务商,,2026-06-01\n人工,,没有代码,空调,维修,,十元,,次,服务商,,2026-06-01\n"
    )
    rows = [line.split(",") for line in bad.splitlines()]
    path = tmp_path / "bad.xlsx"
    write_sheets(path, [("价目", rows[0], rows[1:])])
    with runtime.transaction() as uow:
        refused = files.load(uow, brand.voice.brand_id, "bad.xlsx", path.read_bytes(), BY)
        assert [(one.line, one.column) for one in refused.problems] == [(3, "元")]
        assert len(uow.session.scalars(select(FeeRow.id)).all()) == before


def test_an_agent_gives_away_no_more_than_a_refund_nobody_has_to_agree_to(
    agent: Browser, runtime: Runtime, order_id: str
) -> None:
    room, field = f"/console/orders/{order_id}/quote", f"part:{part_code(runtime, '压缩机')}"
    agent.get(room)
    much = agent.post(room, {field: "1", "goodwill": "16", "goodwill_why": "老客户"})
    assert "超过限额 ¥200.00" in much.get_data(as_text=True)
    assert quotes(runtime) == []
    assert agent.post(room, {field: "1", "goodwill": "9" * 5000, "goodwill_why": "老客户"}).status_code < 500
    agent.post(room, {field: "1", "goodwill": "15", "goodwill_why": "老客户"})
    assert [one.customer_fen for one in quotes(runtime)] == [107_100]


def test_quotes_over_json_are_what_the_pages_show(
    administrator: Browser, runtime: Runtime, order_id: str, api: Callable[[str], Api]
) -> None:
    room, field = f"/console/orders/{order_id}/quote", f"part:{part_code(runtime, '压缩机')}"
    administrator.get(room)
    administrator.post(room, {field: "1"})
    administrator.post(room, {field: "1", "goodwill": "50", "goodwill_why": "老客户", "note": "见面细说"})
    boss = api("boss")
    page = boss("GET", "/quotes").get_json()
    assert [(one["version"], one["status"], one["customer_fen"]) for one in page["rows"]] == [
        (2, "asked", 63_000),
        (1, "superseded", 126_000),
    ]
    assert page["after"] == ""
    assert [one["version"] for one in boss("GET", "/quotes", status="superseded").get_json()["rows"]] == [1]
    seen = boss("GET", f"/quotes/{page['rows'][0]['id']}").get_json()
    assert (seen["sums"]["customer"], seen["sums"]["brand"], seen["note"]) == (63_000, 63_000, "见面细说")
    assert sum(line["fen"] for line in seen["lines"] if line["payer"] == "customer") == seen["customer_fen"]
    assert boss("GET", "/quotes", status="never").status_code == 422
    assert boss("GET", "/quotes/qt_none").status_code == 404
