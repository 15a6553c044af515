"""Importing and exporting catalogue files: good rows load or none does, and what is written can be read again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from adapters import spreadsheets
from adapters.catalogue_files import Report, export_models, import_models, import_terms
from adapters.cli import main
from domain.access.model import TrailEntry
from domain.catalog.cells import Cell, Problem
from domain.catalog.model import Model, WarrantyTerm
from domain.catalog.operations import ModelRow, put_categories, put_models
from domain.catalog.queries import catalogue_version
from domain.kit.errors import NotFound
from domain.kit.unit_of_work import Runtime
from domain.organizations.operations import put_brand

HEADER = ["品类", "型号", "名称", "上市日期", "停产日期"]
GOOD: list[Cell] = ["空调", "KFR-35GW/YA8A1", "云枫 1.5匹挂机", date(2019, 3, 1), date(2023, 12, 31)]
BAD: list[Cell] = ["火箭", "R-1", "云枫 火箭", None, None]
TERM_HEADER = ["品类/型号", "部件", "月数", "依据", "起", "止"]


def brand(runtime: Runtime, code: str = "YF") -> str:
    with runtime.transaction() as uow:
        put_categories(uow)
        words = {"hotline": "", "desk_hours": "", "privacy_version": "1", "privacy_url": ""}
        return put_brand(uow, code=code, name=f"{code}牌", **words).id


def sheet(tmp_path: Path, *rows: Sequence[Cell], header: list[str] = HEADER, name: str = "models.xlsx") -> Path:
    spreadsheets.write(tmp_path / name, header, rows)
    return tmp_path / name


def counted(report: Report) -> tuple[int, int, int]:
    return report.new, report.changed, report.same


def codes(runtime: Runtime) -> list[str]:
    with runtime.transaction() as uow:
        return list(uow.session.scalars(select(Model.code).order_by(Model.code)))


def test_good_rows_load_and_every_bad_one_is_reported(runtime: Runtime, tmp_path: Path) -> None:
    brand_id = brand(runtime)
    report = import_models(runtime, sheet(tmp_path, BAD, GOOD))
    assert counted(report) == (1, 0, 0)
    assert [(problem.line, problem.column) for problem in report.problems] == [(2, "品类")]
    assert not report.is_clean
    assert list(report.words())[-1] == "models.xlsx：2 行，新增 1，更新 0，未变 0，有错未导入 1"
    assert codes(runtime) == ["KFR-35GW/YA8A1"]
    with runtime.transaction() as uow:
        entry = uow.session.scalars(select(TrailEntry).filter_by(action="catalog.import_models")).one()
        assert (entry.subject_id, entry.detail) == (brand_id, {"new": 1, "changed": 0})


def test_all_or_nothing_loads_nothing_when_one_row_is_bad(runtime: Runtime, tmp_path: Path) -> None:
    brand_id = brand(runtime)
    report = import_models(runtime, sheet(tmp_path, GOOD, BAD), all_or_nothing=True)
    assert (report.loaded, counted(report)) == (False, (0, 0, 0))
    assert list(report.words())[-1] == "models.xlsx：2 行，1 行有错，全部没有导入"
    assert codes(runtime) == []
    with runtime.transaction() as uow:
        assert catalogue_version(uow, brand_id) == 0


def test_all_or_nothing_does_not_mind_warnings(runtime: Runtime, tmp_path: Path) -> None:
    brand(runtime)
    twin: list[Cell] = ["空调", "KFR-35GW/YA8AI", "云枫 语音版", None, None]
    report = import_models(runtime, sheet(tmp_path, GOOD, twin), all_or_nothing=True)
    assert [problem.warning for problem in report.problems] == [True]
    assert report.is_clean
    assert len(codes(runtime)) == 2


def test_the_same_file_again_changes_nothing_and_a_corrected_one_changes_what_it_corrects(
    runtime: Runtime, tmp_path: Path
) -> None:
    brand(runtime)
    path = sheet(tmp_path, GOOD, ["冰箱", "BCD-405WKPZ", "云枫 冰箱", None, None])
    assert counted(import_models(runtime, path)) == (2, 0, 0)
    assert counted(import_models(runtime, path)) == (0, 0, 2)
    assert counted(import_models(runtime, sheet(tmp_path, [*GOOD[:2], "新名", *GOOD[3:]]))) == (0, 1, 0)


def test_a_file_without_dates_leaves_the_dates_alone(runtime: Runtime, tmp_path: Path) -> None:
    brand(runtime)
    import_models(runtime, sheet(tmp_path, GOOD))
    import_models(runtime, sheet(tmp_path, ["空调", GOOD[1], "新名"], header=HEADER[:3]))
    with runtime.transaction() as uow:
        model = uow.session.scalars(select(Model)).one()
        assert (model.name, model.sold_since, model.sold_until) == ("新名", *GOOD[3:])


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
def test_an_export_is_read_again_as_it_was(runtime: Runtime, tmp_path: Path, name: str) -> None:
    one, other = brand(runtime), brand(runtime, "LH")
    odd = [ModelRow("other", "-X+1", "=HYPERLINK(1)"), ModelRow("air_conditioner", "KFRd-72LW/DK1", "柜机")]
    with runtime.transaction() as uow:
        put_models(uow, one, [*odd, ModelRow("range_hood", "CXW-200", "烟机", date(2019, 3, 1), date(2023, 1, 1))])
        put_models(uow, other, [ModelRow("other", "-X+1", "另一家的")])
    assert export_models(runtime, tmp_path / name) == 4
    report = import_models(runtime, tmp_path / name)
    assert (counted(report), report.problems) == ((0, 0, 4), [])
    assert export_models(runtime, tmp_path / name, brand="LH") == 1


def test_a_gb18030_csv_as_chinese_excel_writes_it(runtime: Runtime, tmp_path: Path) -> None:
    brand(runtime)
    path = tmp_path / "型号.csv"
    path.write_bytes("品牌,品类,型号,名称\r\nYF,燃气热水器,JSQ25-13YD0(12T),云枫 热水器\r\n".encode("gb18030"))
    assert counted(import_models(runtime, path)) == (1, 0, 0)
    assert codes(runtime) == ["JSQ25-13YD0(12T)"]


def test_many_rows_go_in_several_statements_and_are_all_there(runtime: Runtime, tmp_path: Path) -> None:
    brand(runtime)
    rows: list[list[Cell]] = [["空调", f"KFR-{count}GW", f"云枫 {count}", None, None] for count in range(12_000)]
    assert counted(import_models(runtime, sheet(tmp_path, *rows, name="many.csv"))) == (12_000, 0, 0)
    assert len(codes(runtime)) == 12_000


def test_a_brand_that_does_not_exist_is_refused(runtime: Runtime, tmp_path: Path) -> None:
    brand(runtime)
    with pytest.raises(NotFound, match="没有“飞鱼”这个品牌"):
        import_models(runtime, sheet(tmp_path, GOOD), brand="飞鱼")


def test_with_two_brands_a_file_must_say_which(runtime: Runtime, tmp_path: Path) -> None:
    brand(runtime)
    other = brand(runtime, "LH")
    assert not import_models(runtime, sheet(tmp_path, GOOD)).is_clean
    assert import_models(runtime, sheet(tmp_path, GOOD), brand="LH").is_clean
    with runtime.transaction() as uow:
        assert list(uow.session.scalars(select(Model.brand_id))) == [other]


TERMS: list[list[Cell]] = [
    ["空调", "整机", 72, "承诺", date(2021, 3, 1), None],
    ["空调", "整机", 36, "承诺", date(2016, 1, 1), None],
    ["kfr35gwya8a1", "压缩机", 120, "承诺", date(2020, 1, 1), date(2024, 1, 1)],
]


def test_terms_follow_each_other_in_whatever_order_the_file_has_them(runtime: Runtime, tmp_path: Path) -> None:
    brand(runtime)
    import_models(runtime, sheet(tmp_path, GOOD))
    path = sheet(tmp_path, *TERMS, header=TERM_HEADER, name="terms.xlsx")
    report = import_terms(runtime, path)
    assert (report.problems, report.new) == ([], 3)
    with runtime.transaction() as uow:
        found = uow.session.execute(
            select(WarrantyTerm.component, WarrantyTerm.months, WarrantyTerm.until).order_by(WarrantyTerm.since)
        ).all()
    assert [tuple(row) for row in found] == [
        ("whole", 36, date(2021, 3, 1)), ("压缩机", 120, date(2024, 1, 1)), ("whole", 72, None),
    ]  # fmt: skip
    assert counted(import_terms(runtime, path)) == (0, 0, 3)


@pytest.mark.parametrize("all_or_nothing", [False, True])
def test_a_term_that_would_rewrite_another_is_a_bad_row(runtime: Runtime, tmp_path: Path, all_or_nothing: bool) -> None:
    brand(runtime)
    import_terms(runtime, sheet(tmp_path, TERMS[1], header=TERM_HEADER))
    rewriting: list[Cell] = ["空调", "整机", 48, "承诺", date(2016, 1, 1), None]
    fresh: list[Cell] = ["冰箱", "整机", 36, "承诺", date(2016, 1, 1), None]
    report = import_terms(runtime, sheet(tmp_path, fresh, rewriting, header=TERM_HEADER), all_or_nothing=all_or_nothing)
    assert report.problems == [Problem(3, "起", "2016-01-01 起已有 36 个月的同类条款；条款不改写，请另起一条")]
    with runtime.transaction() as uow:
        assert len(uow.session.scalars(select(WarrantyTerm)).all()) == (1 if all_or_nothing else 2)


def test_the_report_as_json_names_every_problem(runtime: Runtime, tmp_path: Path) -> None:
    brand(runtime)
    told = json.loads(json.dumps(import_models(runtime, sheet(tmp_path, BAD)).as_json()))
    assert told["lines"] == 1
    assert told["problems"][0] | {"words": ""} == {"line": 2, "column": "品类", "words": "", "warning": False}


@pytest.mark.parametrize("command", [["import", "models"], ["import", "warranty-terms"], ["export", "models"]])
def test_the_commands_explain_themselves_without_a_database(command: list[str]) -> None:
    told = CliRunner().invoke(main, [*command, "--help"])
    assert told.exit_code == 0
    assert "--brand" in told.output
