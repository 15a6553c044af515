"""Spreadsheet files as rows of cells: .xlsx (and .xls, .ods) through calamine, .csv in whatever encoding it comes in.

A further kind of file is a branch of `read` and, if it is written too, of `write`.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.kit.errors import Refused

if TYPE_CHECKING:
    from domain.catalog.cells import Cell

LARGEST = 50 * 2**20
"""Bytes of a file: 100 000 models are about 5 MB."""
LARGEST_UNPACKED = 500 * 2**20
"""Bytes of an .xlsx unpacked; a small file that unpacks to more was made to hurt."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet program would run as a formula (OWASP, CSV injection)."""
WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods"}
TEXTS = {".csv", ".txt", ".tsv"}


class Unreadable(Refused):
    """The file is not a spreadsheet that can be read; the words say what is wrong with it."""

    code = "unreadable_file"


def read(path: Path) -> list[tuple[int, Sequence[Cell]]]:
    """The rows of the first sheet as (line number as the program shows it, cells).

    :raises Unreadable: not there, of another kind, damaged, or too large
    """
    if not path.is_file():
        raise Unreadable(f"没有 {path.name} 这个文件")
    if (size := path.stat().st_size) > LARGEST:
        raise Unreadable(f"文件有 {size >> 20} MB，最多 {LARGEST >> 20} MB，请分成几个文件")
    if path.suffix.lower() in WORKBOOKS:
        return _workbook(path)
    if path.suffix.lower() in TEXTS:
        return list(_csv(decoded(path.read_bytes())))
    raise Unreadable(f"{path.name} 不是 .xlsx 或 .csv 文件")


def read_sheets(path: Path) -> dict[str, list[tuple[int, Sequence[Cell]]]]:
    """All sheets of a workbook by their titles, as `read` gives one; a .csv is one sheet called "".

    :raises Unreadable: as `read`
    """
    if path.suffix.lower() in WORKBOOKS and path.is_file() and path.stat().st_size <= LARGEST:
        return _workbook_sheets(path)
    return {"": read(path)}


def _workbook(path: Path) -> list[tuple[int, Sequence[Cell]]]:
    return next(iter(_workbook_sheets(path, first_only=True).values()))


def _workbook_sheets(path: Path, *, first_only: bool = False) -> dict[str, list[tuple[int, Sequence[Cell]]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise Unreadable(f"{path.name} 解开后太大")
    try:
        book = CalamineWorkbook.from_path(str(path))
        titles = book.sheet_names[:1] if first_only else book.sheet_names
        sheets = {title: book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in titles or [""]}
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise Unreadable(f"{path.name} 不是完好的表格文件") from error
    return {title: [(number, cells) for number, cells in enumerate(rows, 1)] for title, rows in sheets.items()}


def decoded(content: bytes) -> str:
    """The text of a .csv: UTF-8 with or without mark, UTF-16 with mark, else GB18030, which Chinese Excel writes.

    :raises Unreadable: it is none of these
    """
    encodings = (
        ["utf-16"] if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ["utf-8-sig", "gb18030"]
    )
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("文件的编码认不出，请另存为 UTF-8 的 .csv 或 .xlsx")


def _csv(text: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Rows with the line each begins on: a quoted cell may hold several lines."""
    if "\0" in text:
        raise Unreadable("文件里有不该有的字符，不是 .csv")
    first = text.lstrip().partition("\n")[0]
    separator = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    began = 1
    try:
        for row in reader:
            yield began, [unguarded(cell) for cell in row]
            began = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"第 {began} 行不是完好的 .csv：{error}") from error


def guarded(cell: str) -> str:
    """A text that no spreadsheet program takes for a formula: with the apostrophe that means "text" before it."""
    return "'" + cell if cell.lstrip("'").startswith(FORMULA) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def write(path: Path, titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a sheet with a header row and return how many rows there were. The file appears whole or not at all.

    :raises Unreadable: neither .xlsx nor .csv
    """
    writers = {".xlsx": _write_workbook, ".csv": _write_csv}
    if path.suffix.lower() not in writers:
        raise Unreadable(f"{path.name} 应以 .xlsx 或 .csv 结尾")
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        count = writers[path.suffix.lower()](unfinished, titles, rows)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def write_sheets(path: Path, sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> int:
    """Write a workbook of several sheets, (title, header, rows) each, and return how many rows there were in all.

    :raises Unreadable: not .xlsx
    """
    import xlsxwriter

    if path.suffix.lower() != ".xlsx":
        raise Unreadable(f"{path.name} 应以 .xlsx 结尾")
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with xlsxwriter.Workbook(
            str(unfinished), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
        ) as book:
            count = sum(_write_sheet(book, title, titles, rows) for title, titles, rows in sheets)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _write_csv(path: Path, titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(titles)
        for row in rows:
            writer.writerow([guarded("" if cell is None else str(cell)) for cell in row])
            count += 1
    return count


def _write_workbook(path: Path, titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        return _write_sheet(book, None, titles, rows)


def _write_sheet(book: Any, title: str | None, titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    count = 0
    sheet, bold = book.add_worksheet(title), book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(titles) - 1, 18)
    sheet.write_row(0, 0, titles, bold)
    for count, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, datetime | date):
                sheet.write_datetime(count, place, cell)
            elif isinstance(cell, int | float):
                sheet.write_number(count, place, cell)
            elif cell:
                sheet.write_string(count, place, cell)
    return count
