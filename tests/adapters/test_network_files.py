"""Network files: out and in again changes nothing, every bad row is told by its line, and nothing is half loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from adapters import spreadsheets
from adapters.network_files import load, save
from adapters.network_sheets import SHEETS
from console.network_files import Loaded
from domain.catalog.cells import Cell
from domain.engineers.model import Certificate, Engineer, Skill
from domain.kit.actors import system
from domain.kit.outbox import OutboxRow
from domain.kit.tables import Table
from domain.kit.unit_of_work import Runtime
from domain.organizations.model import Coverage, Provider, Station
from tests.brand import brand_in
from tests.network import Network, network_in

BY = system("test")
TITLES = {sheet.title: [column.title for column in sheet.columns] for sheet in SHEETS}
PROVIDER: list[Cell] = ["P9", "新服务商", "签约", "李经理", "2026-01-01", ""]
GRANT: list[Cell] = ["P9", "LH", "2026-01-01", ""]
STATION: list[Cell] = [
    "S9",
    "P9",
    "新网点",
    "440606001",
    "桂洲大道 1 号",
    22.7,
    113.2,
    "0757-2222 3333",
    "2026-01-01",
    "",
]
ENGINEER: list[Cell] = ["E9", "P9", "S9", "邹师傅", "13900000009", "高级", "6", "", "", "2026-01-01", ""]
SKILL: list[Cell] = ["E9", "空调、冰箱", "安装、维修", "2026-01-01", ""]
CERTIFICATE: list[Cell] = ["E9", "低压电工", "T0009", "2025-01-01", "2031-01-01"]
AUTHORIZED: list[Cell] = ["E9", "LH", "2026-01-01", ""]
CELL: list[Cell] = ["LH", "440606001 容桂街道", "空调", "", "1", "P9", "S9", "2026-01-01", ""]
SHIFT: list[Cell] = ["E9", "一至五", "08:30", "12:00", "2026-01-01", ""]
GOOD: dict[str, Sequence[Sequence[Cell]]] = {
    "服务商": [PROVIDER], "服务商授权": [GRANT], "网点": [STATION], "工程师": [ENGINEER], "技能": [SKILL],
    "证书": [CERTIFICATE], "工程师授权": [AUTHORIZED], "服务网格": [CELL], "班次": [SHIFT],
}  # fmt: skip

Load = Callable[[dict[str, Sequence[Sequence[Cell]]]], Loaded]


@pytest.fixture
def network(runtime: Runtime) -> Network:
    return network_in(runtime, brand_in(runtime))


@pytest.fixture
def load_rows(runtime: Runtime, network: Network, tmp_path: Path) -> Load:
    """Writes sheets with these rows into one workbook and loads it."""

    def loaded(sheets: dict[str, Sequence[Sequence[Cell]]]) -> Loaded:
        path = tmp_path / "network.xlsx"
        spreadsheets.write_sheets(path, [(title, TITLES[title], rows) for title, rows in sheets.items()])
        with runtime.transaction() as uow:
            return load(uow, path, by=BY)

    return loaded


def counts(runtime: Runtime) -> dict[str, int]:
    with runtime.transaction() as uow:
        return {
            table.name: uow.session.scalar(select(func.count()).select_from(table)) or 0
            for table in Table.metadata.sorted_tables
        }


def replaced(row: Sequence[Cell], place: int, cell: Cell) -> list[Cell]:
    return [*row[:place], cell, *row[place + 1 :]]


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_a_file_written_out_and_read_again_changes_nothing(
    runtime: Runtime, network: Network, tmp_path: Path, ending: str
) -> None:
    with runtime.transaction() as uow:  # what people write is not always what we would
        station, engineer = uow.session.get_one(Station, network.daliang), uow.session.get_one(Engineer, network.an)
        station.phone, station.lat = "0757-2222 3333 转 8", 22.123456789012
        engineer.base = {"lat": 1 / 3 + 22, "lng": 2 / 3 + 113, "source": "pin", "radius_m": 50}
    for sheet in ["", *TITLES] if ending == ".xlsx" else TITLES:
        path = tmp_path / f"out{sheet}{ending}"
        with runtime.transaction() as uow:
            written = save(uow, path, sheet=sheet)
        before = counts(runtime)
        with runtime.transaction() as uow:
            found = load(uow, path, by=BY)
        assert not found.problems, sheet
        assert [(one.new, one.changed) for one in found.sheets] == [(0, 0)] * (1 if sheet else len(SHEETS))
        assert sum(one.same for one in found.sheets) == written > 0
        assert counts(runtime) == before


def test_a_whole_new_network_is_loaded_and_then_the_same(runtime: Runtime, load_rows: Load) -> None:
    first = load_rows(GOOD)
    assert first.problems == []
    assert {one.sheet: one.new for one in first.sheets} == {**dict.fromkeys(GOOD, 1), "技能": 4, "班次": 5}
    again = load_rows(GOOD)
    assert [(one.new, one.changed) for one in again.sheets] == [(0, 0)] * len(GOOD)
    with runtime.transaction() as uow:
        engineer = uow.session.scalars(select(Engineer).filter_by(code="E9")).one()
        assert (engineer.name, engineer.grade, engineer.daily_maximum) == ("邹师傅", "senior", 6)
        cell = uow.session.scalars(select(Coverage).filter_by(category_code="air_conditioner")).one()
        assert (cell.division_code, cell.service_type, cell.until) == ("440606001", "", None)


@pytest.mark.parametrize(
    ("sheet", "place", "cell", "words"),
    [
        ("服务商", 0, "", "服务商 第 2 行 代码：不能为空"),
        ("服务商", 2, "外包", "类型：没有“外包”这种服务商，可用：签约、自营"),
        ("服务商", 5, "2025-12-31", "止：应晚于起始日期 2026-01-01"),
        ("服务商授权", 1, "XX", "品牌：没有代码为“XX”的品牌"),
        ("网点", 3, "440699", "区划：没有代码为“440699”的行政区划"),
        ("网点", 3, "佛山", "区划：没有代码为“佛山”的行政区划"),
        ("网点", 5, "222", "纬度：应在 3 到 54 之间"),
        ("工程师", 2, "S1", "网点：网点 S1 不属于服务商 P9"),
        ("工程师", 4, "无", "电话：不是电话号码"),
        ("工程师", 6, "0", "每日上限：“0”应为 1 到 30 的整数"),
        ("技能", 1, "空调、马车", "品类：没有“马车”这个品类"),
        ("技能", 0, "E404", "工号：没有代码为“E404”的工号"),
        ("证书", 4, "2026-05-12", "止：证书已于 2026-05-12 到期"),
        ("证书", 1, "驾驶证", "证书：没有“驾驶证”这种证书"),
        ("服务网格", 5, "P404", "服务商：没有代码为“P404”的服务商"),
        ("服务网格", 2, "马车", "品类：没有“马车”这个品类"),
        ("服务网格", 4, "100", "顺位：“100”应为 1 到 99 的整数"),
        ("班次", 1, "八", "星期：“八”不是星期"),
        ("班次", 2, "25:00", "上班：“25:00”不是时间"),
        ("班次", 3, "08:00", "班次时间不对"),
    ],
)
def test_a_bad_row_is_told_by_its_line_and_nothing_is_loaded(
    runtime: Runtime, load_rows: Load, sheet: str, place: int, cell: Cell, words: str
) -> None:
    before = counts(runtime)
    found = load_rows({**GOOD, sheet: [replaced(GOOD[sheet][0], place, cell)]})
    assert any(words in str(problem) for problem in found.problems), [str(one) for one in found.problems]
    assert counts(runtime) == before


def test_every_bad_row_is_told_not_only_the_first(load_rows: Load) -> None:
    bad = [replaced(CELL, 1, "999999"), CELL, replaced(CELL, 5, "P404"), replaced(CELL, 4, "x")]
    found = load_rows({**GOOD, "服务网格": bad})
    assert {problem.line for problem in found.problems} == {2, 4, 5}
    assert list(found.words())[-1] == "network.xlsx：3 处有错，全部没有导入"


def test_rows_twice_and_rows_that_overlap_are_told(load_rows: Load, runtime: Runtime) -> None:
    before = counts(runtime)
    same_rank: list[Cell] = ["LH", "440606001", "空调", "", "1", "P1", "", "2026-06-01", ""]
    longer = replaced(CELL, 7, "2026-03-01")
    found = load_rows({**GOOD, "服务商": [PROVIDER, PROVIDER], "服务网格": [CELL, same_rank, longer]})
    told = [str(problem) for problem in found.problems]
    assert "服务商 第 3 行：与第 2 行重复" in told
    assert "服务网格 第 3 行 起：与第 2 行重叠：这一格的同一顺位（2026-01-01 起）" in told
    assert "服务网格 第 4 行 起：与第 2 行重叠：这一格的同一服务商（2026-01-01 起）" in told
    in_the_grid: list[Cell] = ["LH", "440606", "", "", "1", "P9", "", "2026-06-01", ""]
    found = load_rows({**GOOD, "服务网格": [in_the_grid]})
    assert [str(one) for one in found.problems] == [
        "服务网格 第 2 行 起：与已有的一条重叠：这一格的同一顺位（2024-01-01 起）"
    ]
    assert counts(runtime) == before


def test_two_providers_exchange_their_ranks_in_one_file(runtime: Runtime, load_rows: Load) -> None:
    rows = [["LH", "440606", "", "", rank, code, "", "2024-01-01", ""] for rank, code in (("2", "P1"), ("1", "P2"))]
    found = load_rows({"服务网格": rows})
    assert (found.problems, found.sheets[0].changed) == ([], 2)
    with runtime.transaction() as uow:
        ranked = select(Provider.code).join(Coverage).order_by(Coverage.rank)
        assert list(uow.session.scalars(ranked)) == ["P2", "P1"]


def test_an_ended_certificate_that_is_known_may_stay_in_the_file(
    runtime: Runtime, network: Network, load_rows: Load
) -> None:
    with runtime.transaction() as uow:
        seen = uow.session.scalars(select(Certificate).filter_by(engineer_id=network.an)).first()
        assert seen
        seen.until, seen.number = date(2026, 1, 1), "T-OLD"
        kind = {"cooling": "制冷空调", "electrician_low": "低压电工", "gas_appliances": "燃气岗位证"}.get(
            seen.kind, "高处作业"
        )
    assert load_rows({"证书": [["E1", kind, "T-OLD", "2024-01-01", "2026-01-01"]]}).problems == []


def test_an_end_in_the_file_ends_a_skill_and_says_who_is_unfit(
    runtime: Runtime, network: Network, load_rows: Load
) -> None:
    assert load_rows({"技能": [["E1", "空调", "维修", "2024-01-01", "2026-06-01"]]}).sheets[0].changed == 1
    with runtime.transaction() as uow:
        row = uow.session.scalars(
            select(Skill).filter_by(engineer_id=network.an, category_code="air_conditioner", service_type="repair")
        ).one()
        assert row.until == date(2026, 6, 1)
        told = uow.session.scalars(select(OutboxRow).filter_by(kind="EngineerUnfit")).all()
        assert [one.body for one in told] == [{"engineer_id": network.an, "since": "2026-06-01", "why": "技能终止"}]


def test_what_is_no_network_file_is_refused_in_words(runtime: Runtime, network: Network, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with runtime.transaction() as uow:
        with pytest.raises(spreadsheets.Unreadable, match=r"other.csv 里没有认得的表，应有：服务商、"):
            load(uow, other, by=BY)
        with pytest.raises(spreadsheets.Unreadable, match="请写明是哪张"):
            save(uow, tmp_path / "all.csv")


cell = st.one_of(
    st.none(), st.sampled_from(["", "P1", "E1", "S1", "LH", "空调", "维修", "1", "440606", "2026-01-01", "一至五", "08:00"]),
    st.text(max_size=12), st.integers(-(10**6), 10**12), st.floats(allow_nan=False, allow_infinity=False),
    st.dates(), st.booleans(),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_the_cells_is_loaded_or_told_never_half(
    data: st.DataObject, runtime: Runtime, network: Network, tmp_path: Path
) -> None:
    title = data.draw(st.sampled_from(list(TITLES)))
    rows = data.draw(st.lists(st.lists(cell, max_size=len(TITLES[title])), min_size=1, max_size=4))
    path = tmp_path / "any.csv"
    spreadsheets.write(path, TITLES[title], rows)
    before = counts(runtime)
    with runtime.transaction() as uow:
        with suppress(spreadsheets.Unreadable):  # characters no file of ours has: refused as a whole, in words
            found = load(uow, path, by=BY)
            assert all(problem.line >= 1 and problem.words for problem in found.problems)
        uow.session.rollback()
    assert counts(runtime) == before
