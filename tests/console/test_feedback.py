"""The rooms of feedback: ratings and their figures, the call list, the board of complaints, the NPS, and an order's own piece."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from apiflask import APIFlask
from python_calamine import CalamineWorkbook

from domain.access.operations import add_staff
from domain.access.roles import StaffRole
from domain.feedback import callbacks, surveys
from domain.feedback.consequences import decide
from domain.feedback.ratings import Given, finished_at, rate
from domain.kit.actors import Actor, Role, system
from domain.kit.scope import Scope
from domain.kit.unit_of_work import Runtime
from domain.work_orders.model import WorkOrder
from tests.brand import Brand
from tests.console.conftest import PASSWORD, Api, Browser
from tests.domain.feedback.world import World
from tests.network import Network, network_in

BY = system("test")


@pytest.fixture
def network(runtime: Runtime, brand: Brand) -> Network:
    return network_in(runtime, brand)


@pytest.fixture
def done(runtime: Runtime, brand: Brand, network: Network, open_order: Callable[..., str]) -> str:
    """An order of 大良家电服务 that 安师傅 finished."""
    order_id = open_order()
    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, order_id, called="", lock=True)
        order.provider_id, order.station_id = network.near, network.daliang
        World(runtime, brand, network, order.customer_id, "").finish(uow, order, {network.an: 100})
    return order_id


def rated(runtime: Runtime, order_id: str, given: Given) -> str:
    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, order_id, called="")
        rating = rate(uow, order_id, given, by=Actor(Role.CUSTOMER, order.customer_id))
        decide(uow, rating.id, by=BY)
        return rating.id


LOW = Given(2, "page", {"skill": 2}, ("careless",), "又漏水，电话 13812345678")


def test_the_room_shows_what_was_said_with_figures_and_hides_numbers(
    administrator: Browser, runtime: Runtime, done: str
) -> None:
    rating = rated(runtime, done, LOW)
    page = administrator.get("/console/ratings").get_data(as_text=True)
    for words in ("又漏水", "活做得粗糙", "大良家电服务", "安师傅", "2.00", "整改"):
        assert words in page, words
    assert "13812345678" not in page
    assert "没有这样的评价" in administrator.get("/console/ratings?stars=5").get_data(as_text=True)
    assert "又漏水" in administrator.get("/console/ratings?stars=low&words=1").get_data(as_text=True)
    assert administrator.get("/console/ratings?stars=9").status_code == 422
    told = administrator.post("/console/reveal", {"subject": "rating", "id": rating, "field": "words"}, htmx=True)
    assert "13812345678" in told.get_data(as_text=True)


def test_a_provider_sees_ratings_of_its_own_orders_alone(
    app: APIFlask, runtime: Runtime, done: str, network: Network
) -> None:
    rated(runtime, done, LOW)
    with runtime.transaction() as uow:
        for name, provider in (("near", network.near), ("second", network.second)):
            add_staff(
                uow, by=BY, username=name, role=StaffRole.PROVIDER_DISPATCHER, password=PASSWORD,
                scope=Scope(provider_id=provider),
            )  # fmt: skip
    near, second = Browser(app.test_client()), Browser(app.test_client())
    near.sign_in("near")
    second.sign_in("second")
    assert "又漏水" in near.get("/console/ratings").get_data(as_text=True)
    assert "又漏水" not in second.get("/console/ratings").get_data(as_text=True)
    assert second.get("/console/callbacks").status_code == 403
    assert second.get("/console/complaints").status_code == 403


def test_the_spreadsheet_is_what_the_list_shows(administrator: Browser, runtime: Runtime, done: str) -> None:
    rated(runtime, done, LOW)
    administrator.get("/console/ratings")
    form = {"stars": "low", "csrf_token": administrator.token}
    content = administrator.client.post("/console/ratings/export", data=form).get_data()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0][:4] == ["时间", "工单号", "服务", "星级"]
    assert rows[1][3] == "2"
    assert "13812345678" not in str(rows)


def test_an_orders_page_has_its_feedback_and_opens_one_rectification(
    administrator: Browser, runtime: Runtime, done: str
) -> None:
    piece = f"/console/orders/{done}/feedback"
    assert "开整改单" in administrator.get(piece).get_data(as_text=True)
    assert administrator.post(f"/console/orders/{done}/rectification", {"why": ""}, htmx=True).status_code == 422
    first = administrator.post(f"/console/orders/{done}/rectification", {"why": "客户来电"}).headers["Location"]
    again = administrator.post(f"/console/orders/{done}/rectification", {"why": "客户来电"}).headers["Location"]
    assert first == again
    shown = administrator.get(piece).get_data(as_text=True)
    assert first in shown
    assert "开整改单" not in shown
    assert "不派原工程师" in administrator.get(f"{first}/feedback").get_data(as_text=True)


def test_an_agent_makes_a_call_from_the_list(agent: Browser, runtime: Runtime, done: str) -> None:
    assert "没有要回访的客户" in agent.get("/console/callbacks").get_data(as_text=True)
    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, done, called="", lock=True)
        callback = callbacks.put(uow, order, "low", finished_at(uow, done) or uow.now, by=BY)
    call = agent.post("/console/callbacks/next", {}).headers["Location"]
    assert call == f"/console/callbacks/{callback.id}"
    page = agent.get(call).get_data(as_text=True)
    assert "问题解决了吗" in page
    wrong = agent.post(f"{call}/rounds", {"result": "answered", "words": "客户很忙"})
    assert wrong.status_code == 422
    assert "接通的回访请填问卷" in wrong.get_data(as_text=True)
    assert "客户很忙" in wrong.get_data(as_text=True), "what was filled in is kept"
    agent.post(f"{call}/rounds", {"result": "answered", "q-solved": "yes", "q-stars": "4"})
    assert "满意" in agent.get("/console/callbacks?show=done").get_data(as_text=True)
    assert "★★★★" in agent.get(f"/console/orders/{done}/feedback").get_data(as_text=True)


def test_a_complaint_goes_over_the_board(agent: Browser, administrator: Browser, done: str, runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        number = uow.get(WorkOrder, done, called="").number
    assert agent.post("/console/complaints", {"number": "123", "words": "等了三天"}).status_code == 422
    case = agent.post("/console/complaints", {"number": number, "words": "等了三天没人来"}).headers["Location"]
    board = agent.get("/console/complaints").get_data(as_text=True)
    assert "等了三天没人来" in board
    assert "时效" in board
    agent.post(case, {"move": "own"})
    assert "没有" in administrator.get("/console/complaints?show=mine").get_data(as_text=True)
    taken = administrator.post(case, {"move": "close", "outcome": "resolved", "words": "已上门"}, htmx=True)
    assert taken.status_code in (409, 422)
    agent.post(case, {"move": "note", "words": "已联系服务商"})
    agent.post(case, {"move": "close", "outcome": "resolved", "words": "已上门修好"})
    page = agent.get(case).get_data(as_text=True)
    for words in ("已结案", "已联系服务商", "已上门修好"):
        assert words in page, words
    assert "已解决" in agent.get("/console/complaints?show=closed").get_data(as_text=True)


def test_the_nps_by_month_brand_and_provider(
    administrator: Browser, agent: Browser, runtime: Runtime, done: str
) -> None:
    with runtime.transaction() as uow:
        survey = surveys.ask(uow, done, by=BY)
        assert survey is not None
        surveys.answer(uow, survey.id, 10, by=Actor(Role.CUSTOMER, survey.customer_id), via="page")
    page = administrator.get("/console/ratings/nps").get_data(as_text=True)
    for words in ("+100", "2026-05", "岚禾", "大良家电服务"):
        assert words in page, words
    assert agent.get("/console/ratings/nps").status_code == 403


def test_the_same_over_json(api: Callable[[str], Api], runtime: Runtime, done: str) -> None:
    rated(runtime, done, LOW)
    boss = api("boss")
    [row] = boss("GET", "/ratings", stars="low").get_json()["rows"]
    assert (row["stars"], row["decided"], row["order_id"]) == (2, "整改", done)
    figures = boss("GET", "/ratings/figures").get_json()
    assert (figures["count"], figures["mean"], figures["low"]) == (1, 200, 1)
    assert figures["engineers"][0]["mean"] == 200
    assert boss("POST", "/callbacks/next").get_json() == []
    case = boss("POST", "/complaints", {"number": row["number"], "words": "态度很差"}).get_json()
    assert case["row"]["kind"] == "服务态度"
    assert boss("POST", f"/complaints/{case['row']['id']}/moves", {"move": "own"}).get_json()["row"]["mine"]
    assert boss("GET", "/nps").get_json()["all"][0]["asked"] == 0
