"""Sheets of models and terms: what is read, and what is said about rows that are not right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from domain.catalog.cells import Cell
from domain.catalog.operations import ModelRow, TermRow
from domain.catalog.sheet import KnownBrand, Reading, read_models, read_terms

YF = KnownBrand("br_1", "YF", "云枫", {"BCD405WKPZ": ("mo_1", "BCD-405WKPZ")})
LH = KnownBrand("br_2", "LH", "岚禾", {})
HEADER: list[Cell] = ["品牌", "品类", "型号", "名称", "上市日期", "停产日期"]
TERM_HEADER: list[Cell] = ["品牌", "品类/型号", "部件", "月数", "依据", "起", "止"]

MAY_DAY, MARCH_MORNING = datetime(2024, 5, 1), datetime(2024, 3, 1, 9, 30)  # noqa: DTZ001 - as spreadsheets give them


def models(*rows: Sequence[Cell], header: Sequence[Cell] = HEADER, brand: KnownBrand | None = YF) -> Reading[ModelRow]:
    return read_models(enumerate([header, *rows], 1), [YF, LH], brand)


def terms(*rows: Sequence[Cell], header: Sequence[Cell] = TERM_HEADER) -> Reading[TermRow]:
    return read_terms(enumerate([header, *rows], 1), [YF, LH], YF)


def only_problem(reading: Reading[ModelRow] | Reading[TermRow]) -> str:
    (problem,) = reading.problems
    return str(problem)


GOOD: list[Cell] = ["YF", "空调", "KFR-35GW/YA8A1", "云枫 1.5匹挂机", date(2024, 3, 1), None]


@pytest.mark.parametrize(
    ("place", "cell", "words"),
    [
        (0, "飞鱼", "第 2 行 品牌：没有“飞鱼”这个品牌"),
        (0, "LH", "第 2 行 品牌：是“LH”，而这次只导入 云枫"),
        (1, None, "第 2 行 品类：不能为空"),
        (1, "火箭", "第 2 行 品类：没有“火箭”这个品类"),
        (2, "  ", "第 2 行 型号：不能为空"),
        (2, "—/—", "第 2 行 型号：“-/-”里没有字母或数字"),
        (2, "K" * 41, "第 2 行 型号：超过 40 个字符"),
        (2, MAY_DAY, "第 2 行 型号：被表格软件改成了日期"),
        (2, "#REF!", "第 2 行 型号：是出错的公式 #REF!"),
        (3, "", "第 2 行 名称：不能为空"),
        (3, "长" * 201, "第 2 行 名称：超过 200 个字"),
        (4, "2024-02-30", "第 2 行 上市日期：“2024-02-30”这一天不存在"),
        (4, "2024-13-01", "第 2 行 上市日期：“2024-13-01”这一天不存在"),
        (4, "去年", "第 2 行 上市日期：“去年”不是日期，请写成 2024-03-01"),
        (4, 45352.0, "第 2 行 上市日期：“45352”不是日期"),
        (4, "0024-03-01", "第 2 行 上市日期：年份 24 不对"),
        (5, "2024-02-28", "第 2 行 停产日期：早于上市日期 2024-03-01"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_with_line_and_column_and_its_row_stays_out(place: int, cell: Cell, words: str) -> None:
    row: list[Cell] = [*GOOD]
    row[place] = cell
    reading = models(row)
    assert only_problem(reading).startswith(words)
    assert not reading.good


@pytest.mark.parametrize(
    "written", ["2024-03-01", "2024/3/1", "2024.3.1", "2024年3月1日", "２０２４－０３－０１", "20240301", 20240301.0,
                "2024-03-01 00:00:00", date(2024, 3, 1), MARCH_MORNING],
)  # fmt: skip
def test_dates_are_read_in_the_ways_people_write_them(written: Cell) -> None:
    ((_, _, row),) = models([*GOOD[:4], written, None]).good
    assert row.sold_since == date(2024, 3, 1)


@pytest.mark.parametrize(
    "header",
    [
        ["品牌代码", "产品类别", "产品型号", "产品名称", "上市时间", "停产时间"],
        [" 品牌 ", "品类*", "型　号", "名称（必填）", "上市日期(可空)", "停产日期"],
        ["brand", "category", "Model", "NAME", "sold_since", "sold_until"],
    ],
)
def test_headers_are_known_by_other_names_too(header: list[Cell]) -> None:
    reading = models(GOOD, header=header)
    assert not reading.problems
    assert len(reading.good) == 1


def test_columns_may_come_in_any_order_with_others_between_them_and_rows_may_be_short_or_empty() -> None:
    header: list[Cell] = ["备注", "名称", "型号", None, "品类"]
    reading = models(["好卖", "云枫 冰箱", "BCD-328", 1.0, "电冰箱"], [None, "", " "], [], header=header)
    assert [row for _, _, row in reading.good] == [ModelRow("refrigerator", "BCD-328", "云枫 冰箱")]
    assert reading.lines == 1
    assert {"brand", "sold_since", "sold_until"} <= reading.absent


def test_a_missing_or_doubled_column_is_said_once_and_nothing_is_read() -> None:
    assert only_problem(models(GOOD, header=["品牌", "品类", "型号"])) == "第 1 行 名称：缺少这一列"
    assert only_problem(models(GOOD, header=[*HEADER, "产品型号"])) == "第 1 行 型号：这一列出现了两次"
    assert only_problem(read_models([], [YF], YF)) == "第 1 行：文件是空的"


def test_the_second_row_for_a_model_is_a_duplicate_however_it_is_written() -> None:
    twin: list[Cell] = ["YF", "空调", "kfr35gw－ya8a1", "云枫 又一台", None, None]
    reading = models(GOOD, twin)
    assert only_problem(reading) == "第 3 行 型号：与第 2 行重复：kfr35gw-ya8a1"
    assert [number for number, _, _ in reading.good] == [2]


def test_two_brands_may_have_the_same_code() -> None:
    other: list[Cell] = ["岚禾", *GOOD[1:]]
    assert [brand for _, brand, _ in models(GOOD, other, brand=None).good] == [YF, LH]


def test_a_row_without_a_brand_is_refused_when_none_was_meant() -> None:
    assert only_problem(models([None, *GOOD[1:]], brand=None)) == "第 2 行 品牌：没有写品牌，也没有指定品牌"


def test_a_code_that_differs_by_o_and_0_only_is_loaded_with_a_warning() -> None:
    reading = models(["YF", "冰箱", "BCD-4O5WKPZ", "云枫 冰箱", None, None])
    assert "BCD-4O5WKPZ 与 BCD-405WKPZ 只差易混的字符" in only_problem(reading)
    assert not reading.errors
    assert len(reading.good) == 1


def test_a_code_that_is_in_the_catalogue_already_is_no_reason_to_warn() -> None:
    assert not models(["YF", "冰箱", "BCD 405WKPZ", "云枫 冰箱", None, None]).problems


def test_numbers_in_text_columns_lose_the_point_zero_of_spreadsheets() -> None:
    ((_, _, row),) = models(["YF", "其他", 801.0, "云枫 801", None, None]).good
    assert row.code == "801"


TERM: list[Cell] = ["YF", "空调", "整机", "72", "云枫空调承诺", "2021-03-01", None]


def test_a_term_is_read_for_a_category_and_for_a_model() -> None:
    reading = terms(TERM, ["YF", "bcd405wkpz", "压缩机", 120.0, "承诺", date(2022, 1, 1), date(2024, 1, 1)])
    assert [row for _, _, row in reading.good] == [
        TermRow("whole", 72, "云枫空调承诺", date(2021, 3, 1), None, "air_conditioner", None),
        TermRow("压缩机", 120, "承诺", date(2022, 1, 1), date(2024, 1, 1), None, "mo_1"),
    ]


@pytest.mark.parametrize(
    ("place", "cell", "words"),
    [
        (1, "KFR-1", "品类/型号：“KFR-1”既不是品类，也不是 云枫 的型号"),
        (2, "", "部件：不能为空"),
        (3, "六年", "月数：“六年”应为 0 到 600 的整数"),
        (3, 7.5, "月数：“7.5”应为 0 到 600 的整数"),
        (3, "-1", "月数：“-1”应为 0 到 600 的整数"),
        (3, 601.0, "月数：“601”应为 0 到 600 的整数"),
        (4, None, "依据：不能为空"),
        (5, None, "起：不能为空"),
        (6, "2021-03-01", "止：应晚于起始日期 2021-03-01"),
    ],
)
def test_a_bad_cell_of_a_term_is_named(place: int, cell: Cell, words: str) -> None:
    row: list[Cell] = [*TERM]
    row[place] = cell
    reading = terms(row)
    assert only_problem(reading) == f"第 2 行 {words}"
    assert not reading.good


def test_the_same_term_twice_is_a_duplicate() -> None:
    assert only_problem(terms(TERM, TERM)) == "第 3 行 品类/型号：与第 2 行重复"
