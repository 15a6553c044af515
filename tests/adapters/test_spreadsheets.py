"""Spreadsheet files: whatever encoding they come in, and nothing in them runs as a formula."""

from __future__ import annotations

import contextlib
import csv
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from adapters.spreadsheets import FORMULA, Unreadable, guarded, read, unguarded, write
from domain.catalog.cells import Cell

TITLES = ["型号", "名称", "上市日期"]
ROWS: list[list[Cell]] = [
    ["KFR-35GW/YA8A1", "云枫 挂机", date(2024, 3, 1)],
    ["=1+1", "+86", None],
    ["-N3", "@SUM(A1)", None],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_csv_is_read_in_any_encoding_and_with_any_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "型号.csv"
    path.write_bytes(f"型号{separator}名称\r\nK-1{separator}云枫 㼝机\r\n".encode(encoding))
    assert read(path) == [(1, ["型号", "名称"]), (2, ["K-1", "云枫 㼝机"])]


def test_rows_have_the_line_they_begin_on(tmp_path: Path) -> None:
    path = tmp_path / "models.csv"
    path.write_text('型号,名称\nK-1,"两\n行"\nK-2,一行\n', encoding="utf-8")
    assert [number for number, _ in read(path)] == [1, 2, 4]


def test_an_empty_top_of_a_workbook_keeps_its_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "models.xlsx"
    write(path, ["", ""], [["", ""], ["K-1", "名称"]])
    assert read(path)[-1] == (3, ["K-1", "名称"])


@pytest.mark.parametrize("name", ["models.xlsx", "models.csv"])
def test_what_is_written_is_read_again(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert write(path, TITLES, ROWS) == 3
    header, *rows = [list(cells) for _, cells in read(path)]
    assert header == TITLES
    assert [[str(cell or "") for cell in row] for row in rows] == [[str(cell or "") for cell in row] for row in ROWS]
    assert [found.name for found in tmp_path.iterdir()] == [name]


def test_no_cell_of_a_csv_begins_like_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "models.csv"
    write(path, TITLES, ROWS)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert not [cell for row in csv.reader(file) for cell in row if cell.startswith(FORMULA)]


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "models.xlsx"
    write(path, TITLES, ROWS)
    with zipfile.ZipFile(path) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
    assert CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[2][0] == "=1+1"


@given(st.text(st.sampled_from(["'", "=", "+", "-", "@", "\t", "1", "云"]), max_size=6))
def test_the_guard_comes_off_again(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
    assert not guarded(cell).startswith(FORMULA)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("models.pdf", b"%PDF", "不是 .xlsx 或 .csv 文件"),
        ("models.xlsx", b"not a workbook", "不是完好的表格文件"),
        ("models.xlsx", b"PK\x03\x04broken", "不是完好的表格文件"),
        ("models.csv", b"\xff\xff\xff\xff", "编码认不出"),
        ("models.csv", b"a,b\n\0", "不是 .csv"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_with_words(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=words):
        read(path)


def test_a_file_that_is_not_there_and_one_of_another_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"没有 models\.xlsx 这个文件"):
        read(tmp_path / "models.xlsx")
    with pytest.raises(Unreadable, match=r"应以 \.xlsx 或 \.csv 结尾"):
        write(tmp_path / "models.pdf", TITLES, ROWS)


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/sheet1.xml", "w") as part:
        for _ in range(501):
            part.write(bytes(2**20))
    assert path.stat().st_size < 2**20
    with pytest.raises(Unreadable, match="解开后太大"):
        read(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(content=st.binary(max_size=200), name=st.sampled_from(["models.csv", "models.xlsx"]))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with contextlib.suppress(Unreadable):
        read(path)
