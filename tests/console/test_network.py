"""The rooms of the network: who sees and keeps what, and that a form does what it says."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from adapters import spreadsheets
from adapters.network_files import NetworkFiles
from adapters.network_sheets import SHEETS
from console.door import blueprints
from domain.access.model import TrailEntry
from domain.access.operations import add_staff
from domain.access.roles import StaffRole
from domain.capacity.model import Leave, Shift
from domain.engineers.model import Authorization, Certificate, Engineer, Skill
from domain.kit.outbox import OutboxRow
from domain.kit.scope import Scope
from domain.kit.unit_of_work import Runtime
from domain.organizations.model import Coverage, Provider, Station
from tests.brand import Brand
from tests.console.conftest import BY, PASSWORD, Api, Browser
from tests.network import DALIANG, Network, network_in

TODAY = date(2026, 5, 12)
PAGES = ["/network", "/network/coverage", "/network/files", "/engineers", "/calendar"]


@pytest.fixture
def network(runtime: Runtime, brand: Brand) -> Network:
    return network_in(runtime, brand)


@pytest.fixture
def app(runtime: Runtime) -> APIFlask:
    """With what reads and writes spreadsheets."""
    app = APIFlask("tests.console")
    for blueprint in blueprints(
        runtime, secret_key="k" * 32, secure_cookies=False, network_files=NetworkFiles()
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    return app


@pytest.fixture
def signed_in(app: APIFlask, runtime: Runtime, network: Network) -> Callable[..., Browser]:
    """``signed_in(StaffRole.STATION)``: somebody with that role; of ``near`` where the role has a scope."""

    def somebody(role: StaffRole) -> Browser:
        scopes = {
            StaffRole.PROVIDER_DISPATCHER: Scope(provider_id=network.near),
            StaffRole.STATION: Scope(provider_id=network.near, station_id=network.daliang),
        }
        with runtime.transaction() as uow:
            name = f"{role.value.replace('_', '-')}-1"
            add_staff(uow, by=BY, username=name, role=role, password=PASSWORD, scope=scopes.get(role, Scope()))
        browser = Browser(app.test_client())
        assert browser.sign_in(name).status_code == 303
        return browser

    return somebody


def text_of(browser: Browser, path: str) -> str:
    answer = browser.get(f"/console{path}")
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        (StaffRole.MANAGER, PAGES),
        (StaffRole.DISPATCHER, ["/network", "/network/coverage", "/engineers", "/calendar"]),
        (StaffRole.PROVIDER_DISPATCHER, ["/network", "/network/coverage", "/engineers", "/calendar"]),
        (StaffRole.STATION, ["/engineers", "/calendar"]),
        (StaffRole.AUDITOR, []),
        (StaffRole.AGENT, []),
    ],
)
def test_each_role_opens_the_pages_that_are_its_own(
    signed_in: Callable[..., Browser], role: StaffRole, opens: list[str]
) -> None:
    browser = signed_in(role)
    found = [path for path in PAGES if browser.get(f"/console{path}").status_code == 200]
    assert found == opens
    nav = browser.get("/console/password").get_data(as_text=True)
    assert ('href="/console/network"' in nav, 'href="/console/engineers"' in nav) == (
        "/network" in opens,
        "/engineers" in opens,
    )


def test_a_provider_sees_and_changes_its_own_people_and_places_only(
    signed_in: Callable[..., Browser], network: Network, runtime: Runtime
) -> None:
    browser = signed_in(StaffRole.PROVIDER_DISPATCHER)
    page = text_of(browser, "/engineers")
    assert "安师傅" in page
    assert "曹师傅" not in page
    rooms = "".join(text_of(browser, path) for path in ("/network", "/network/coverage", "/calendar"))
    assert "大良家电服务" in rooms
    assert [name for name in ("容桂电器维修", "容桂网点", "岚禾自营") if name in rooms] == []
    assert browser.get(f"/console/engineers/{network.cao}").status_code == 404
    assert browser.get(f"/console/network/providers/{network.second}").status_code == 404
    for path in (f"/engineers/{network.cao}/dismiss", f"/engineers/{network.cao}/skills"):
        browser.get(f"/console/engineers/{network.an}")
        browser.post(f"/console{path}", {"until": "2026-06-01", "why": "x"})
    taken = {
        "code": "E3",
        "name": "新人",
        "phone": "13900000000",
        "grade": "engineer",
        "most": "5",
        "since": "2026-05-12",
    }
    browser.get("/console/engineers")
    assert browser.post("/console/engineers/new", {**taken, "station": network.daliang}, htmx=True).status_code == 409
    with runtime.transaction() as uow:
        cao = uow.session.get_one(Engineer, network.cao)
        assert (cao.until, cao.name, cao.provider_id) == (None, "曹师傅", network.second)
        assert uow.session.scalars(select(Skill).filter_by(engineer_id=network.cao, until=None)).first()


def test_a_provider_station_and_authorization_are_made_by_form(
    signed_in: Callable[..., Browser], network: Network, runtime: Runtime
) -> None:
    browser = signed_in(StaffRole.MANAGER)
    browser.get("/console/network")
    made = browser.post(
        "/console/network/providers", {"code": "P9", "name": "北滘服务", "kind": "contracted", "since": "2026-05-12"}
    )
    browser.get(made.location)
    browser.post(
        f"{made.location}/stations",
        {
            "code": "S9",
            "name": "碧江",
            "place": "容桂街道",
            "address": "路 1 号",
            "since": "2026-05-12",
            "lat": "22.9",
            "lng": "113.2",
        },
    )
    browser.post(f"{made.location}/authorizations", {"brand": network.brand_id, "since": "2026-05-12"})
    page = browser.get(made.location).get_data(as_text=True)
    assert "广东省佛山市顺德区容桂街道" in page
    assert "岚禾" in page
    refused = browser.post(f"{made.location}/stations", {"code": "S8", "name": "x", "place": "没有这里", "address": "y", "since": "2026-05-12"})  # fmt: skip
    assert refused.status_code == 303
    assert "没有叫“没有这里”的地方" in browser.get(made.location).get_data(as_text=True)
    with runtime.transaction() as uow:
        provider = uow.session.scalars(select(Provider).filter_by(code="P9")).one()
        station = uow.session.scalars(select(Station).filter_by(provider_id=provider.id)).one()
        assert (station.code, station.division_code, station.lat) == ("S9", "440606001", 22.9)


@pytest.mark.parametrize("digits", [5, 20, 5000])
def test_numbers_of_any_length_are_answered(signed_in: Callable[..., Browser], network: Network, digits: int) -> None:
    browser, many = signed_in(StaffRole.MANAGER), "9" * digits
    taken = {"code": "E9", "name": "新人", "phone": "13900000000", "grade": "engineer", "since": "2026-05-12"}
    row = {"brand": network.brand_id, "place": DALIANG, "provider": network.own, "since": "2026-05-12"}
    browser.get("/console/engineers")
    asked = {
        "/console/engineers/new": {**taken, "station": network.daliang, "most": many},
        "/console/network/coverage": {**row, "rank": many},
    }
    for path, form in asked.items():
        assert browser.post(path, form, htmx=True).status_code in (409, 422), path


def test_the_grid_is_filtered_filled_and_ended(
    signed_in: Callable[..., Browser], network: Network, runtime: Runtime
) -> None:
    browser = signed_in(StaffRole.MANAGER)
    browser.get("/console/network/coverage")
    row = {"brand": network.brand_id, "place": DALIANG, "provider": network.own, "rank": "1", "since": "2026-05-12"}
    browser.post("/console/network/coverage", {**row, "category": "air_conditioner", "service": "repair"})
    assert "0 条" in text_of(browser, "/network/coverage?place=440604")
    shown = text_of(browser, f"/network/coverage?place={DALIANG}&provider={network.own}")
    assert "岚禾自营" in shown
    assert "1 条" in shown
    assert "2 条" in text_of(browser, "/network/coverage?category=television")
    browser.post("/console/network/coverage", {**row, "category": "air_conditioner", "service": "repair", "provider": network.second})  # fmt: skip
    assert "第 1 顺位在这些日子已经有了" in text_of(browser, "/network/coverage")
    with runtime.transaction() as uow:
        cell = uow.session.scalars(select(Coverage).filter_by(division_code=DALIANG)).one()
    browser.post(f"/console/network/coverage/{cell.id}/end")
    assert (
        "岚禾自营"
        not in text_of(browser, f"/network/coverage?provider={network.own}").split("<tbody>")[1].split("</tbody>")[0]
    )
    assert browser.get("/console/network/coverage?place=xx").status_code == 422


def test_engineers_are_found_by_code_name_phone_station_and_skill(
    signed_in: Callable[..., Browser], network: Network
) -> None:
    browser = signed_in(StaffRole.DISPATCHER)
    browser.get("/console/engineers")

    def found(**asked: str) -> set[str]:
        page = browser.post("/console/engineers", asked, htmx=True).get_data(as_text=True)
        return {name for name in network.engineers if f"/console/engineers/{network.engineers[name]}" in page}

    assert found(q="e3") == {"cao"}
    assert found(q="丁师傅") == {"ding"}
    assert found(q="13800000005") == {"fan"}
    assert found(station=network.daliang) == {"an", "bo"}
    assert found(provider=network.own) == {"fan"}
    assert found(q="nobody") == set()
    assert found(category="television") == set(network.engineers)
    assert "13800000001" not in browser.post("/console/engineers", {"q": "e1"}, htmx=True).get_data(as_text=True)


def test_one_engineer_s_papers_hours_and_leave_are_kept_by_form(
    signed_in: Callable[..., Browser], network: Network, runtime: Runtime
) -> None:
    browser, at = signed_in(StaffRole.MANAGER), f"/console/engineers/{network.ding}"
    assert "缺证书：燃气燃烧器具" in browser.get(at).get_data(as_text=True)
    browser.post(
        f"{at}/certificates", {"kind": "gas_appliances", "number": "G1", "since": "2025-01-01", "until": "2026-05-30"}
    )
    page = browser.get(at).get_data(as_text=True)
    assert "剩 18 天" in page
    assert "缺证书" not in page
    browser.post(f"{at}/skills", {"skill.television.repair": "on", "skill.microwave.repair": "on"})
    browser.post(f"{at}/shifts", {"weekday": "7", "starts": "21:00", "ends": "22:00", "since": "2026-05-12"})
    browser.post(f"{at}/leaves", {"kind": "sick", "first": "2026-05-13", "last": "2026-05-14"})
    page = browser.get(at).get_data(as_text=True)
    assert all(words in page for words in ("病假", "21:00–22:00"))
    with runtime.transaction() as uow:
        left = select(Skill).filter_by(engineer_id=network.ding, until=None)
        skills = {(row.category_code, row.service_type) for row in uow.session.scalars(left)}
        assert skills == {("television", "repair"), ("microwave", "repair")}
        leave = uow.session.scalars(select(Leave).filter_by(engineer_id=network.ding)).one()
        assert leave.until - leave.since == timedelta(days=2)
        shift = uow.session.scalars(select(Shift).filter_by(engineer_id=network.ding, starts=21 * 60)).one()
        paper = uow.session.scalars(
            select(Certificate).filter_by(engineer_id=network.ding, kind="gas_appliances")
        ).one()
        grant = uow.session.scalars(select(Authorization).filter_by(engineer_id=network.ding)).one()
        assert uow.session.scalars(
            select(TrailEntry).filter_by(action="engineer.view", subject_id=network.ding)
        ).first()
    browser.post(f"{at}/leaves/{leave.id}/end")
    browser.post(f"{at}/shifts/{shift.id}/end", {"until": "2026-05-20"})
    browser.post(f"{at}/certificates/{paper.id}/withdraw", {"why": "丢失"})
    browser.post(f"{at}/authorizations/{grant.id}/end")
    browser.post(f"{at}/dismiss", {"until": "2026-06-01", "why": "合同到期"})
    page = browser.get(at).get_data(as_text=True)
    assert "将离职" in page
    with runtime.transaction() as uow:
        told = uow.session.scalars(select(OutboxRow).filter_by(kind="EngineerUnfit")).all()
        assert {"证书作废：燃气燃烧器具安装维修人员岗位证书", "品牌授权终止", "离职", "技能终止"} <= {
            row.body["why"] for row in told
        }


def test_the_calendar_shows_hours_and_leave_of_a_station(signed_in: Callable[..., Browser], network: Network) -> None:
    browser = signed_in(StaffRole.MANAGER)
    browser.get("/console/calendar")
    back = f"/console/calendar?station={network.daliang}&from=2026-05-11"
    away = {"kind": "annual", "first": "2026-05-20", "last": "2026-05-20", "back": back}
    assert browser.post(f"/console/engineers/{network.an}/leaves", away).location == back
    page = browser.get(back).get_data(as_text=True)
    assert page.count("data-day=") == 28
    assert page.count('class=" away"') == 1
    assert "08:00–20:00" in page
    assert "曹师傅" not in page


def test_a_spreadsheet_is_taken_out_and_brought_in_with_its_errors_by_line(
    signed_in: Callable[..., Browser], network: Network, runtime: Runtime, tmp_path: Path
) -> None:
    browser = signed_in(StaffRole.MANAGER)
    content = browser.client.get("/console/network/files/network.xlsx").get_data()
    browser.get("/console/network/files")

    def upload(name: str, body: bytes) -> str:
        form = {"csrf_token": browser.token, "file": (io.BytesIO(body), name)}
        answer = browser.client.post("/console/network/files", data=form, content_type="multipart/form-data")
        assert answer.status_code == (200 if "已导入" in answer.get_data(as_text=True) else answer.status_code)
        return answer.get_data(as_text=True)

    assert "已导入" in upload("network.xlsx", content)
    sheet = next(one for one in SHEETS if one.title == "网点")
    path = tmp_path / "stations.csv"
    spreadsheets.write(path, [column.title for column in sheet.columns], [["S9", "P404", "x", "999", "y", "", "", "", "2026-01-01", ""]])  # fmt: skip
    page = upload("stations.csv", path.read_bytes())
    assert "2 处有错，全部没有导入" in page
    assert "没有代码为“P404”的服务商" in page
    assert "应以" in upload("x.pdf", b"%PDF") or "不是 .xlsx 或 .csv 文件" in upload("x.pdf", b"%PDF")
    with runtime.transaction() as uow:
        assert uow.session.scalars(select(TrailEntry).filter_by(action="network.export")).one()
        assert uow.session.scalars(select(Station).filter_by(code="S9")).first() is None


def test_the_api_lists_and_puts_the_same(api: Callable[[str], Api], network: Network) -> None:
    boss = api("boss")
    assert {row["code"] for row in boss("GET", "/providers").get_json()} == {"OWN", "P1", "P2"}
    made = boss("POST", "/providers", {"code": "P9", "name": "新", "since": "2026-05-12"}).get_json()
    provider = made["row"]["id"]
    station = {"code": "S9", "name": "新", "division_code": DALIANG, "address": "路", "since": "2026-05-12"}
    made = boss("POST", f"/providers/{provider}/stations", station).get_json()
    assert made["stations"][0]["place"] == "广东省佛山市顺德区大良街道"
    cell = {
        "brand_id": network.brand_id,
        "division_code": DALIANG,
        "provider_id": provider,
        "rank": 1,
        "since": "2026-05-12",
    }
    grid = boss("POST", "/coverage", cell).get_json()
    assert grid["rows"][-1]["provider"] == "新"
    taken = boss("POST", "/coverage", {**cell, "provider_id": network.own})
    assert (taken.status_code, taken.get_json()["error"]) == (409, "cell_taken")
    ended = boss("POST", f"/coverage/{grid['rows'][-1]['id']}/end", {"until": "2026-05-12"}).get_json()
    assert all(row["provider"] != "新" for row in ended["rows"])
    person = {
        "code": "E9",
        "name": "新人",
        "phone": "13900000009",
        "station_id": made["stations"][0]["id"],
        "since": "2026-05-12",
    }
    engineer = boss("POST", "/engineers", person).get_json()["row"]["id"]
    skills = {"skills": [{"category_code": "gas_stove", "service_type": "repair"}]}
    assert boss("POST", f"/engineers/{engineer}/skills", skills).get_json()["lacking"] == [
        "燃气燃烧器具安装维修人员岗位证书"
    ]
    paper = {"kind": "gas_appliances", "number": "G", "since": "2025-01-01", "until": "2030-01-01"}
    assert boss("POST", f"/engineers/{engineer}/certificates", paper).get_json()["lacking"] == []
    shift = {"weekday": 1, "starts": 480, "ends": 720, "since": "2026-05-12"}
    shifts = boss("POST", f"/engineers/{engineer}/shifts", shift).get_json()["shifts"]
    assert boss("POST", f"/engineers/{engineer}/shifts", shift).status_code == 409
    boss("POST", f"/engineers/{engineer}/shifts/{shifts[0]['id']}/end", {"until": "2026-05-12"})
    leave = {"kind": "sick", "since": "2026-05-13T00:00:00+08:00", "until": "2026-05-14T00:00:00+08:00"}
    leaves = boss("POST", f"/engineers/{engineer}/leaves", leave).get_json()["leaves"]
    assert boss("POST", f"/engineers/{engineer}/leaves/{leaves[0]['id']}/end").get_json()["leaves"] == []
    assert boss("GET", "/engineers", q="E9").get_json()["rows"][0]["phone"] == "139******09"
    assert not boss("POST", f"/engineers/{engineer}/dismiss", {"until": "2026-05-12", "why": "x"}).get_json()["shifts"]
    assert api("anna")("GET", "/providers").status_code == 403
