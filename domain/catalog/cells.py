"""Reading the cells of a sheet that people filled in: headers and their other names, texts, dates, numbers.

A sheet is described by its `Column` rows; what cannot be read becomes a `Problem` with its line, column and words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeVar

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""What a spreadsheet gives for a cell. A .csv file gives only texts."""

T = TypeVar("T")

LONGEST_TEXT = 200
EARLIEST, LATEST = 1980, 2099
"""Years a date of the catalogue can have; the rest are slips of the finger."""
DATES = (re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"), re.compile(r"(\d{4})(年)(\d{1,2})月(\d{1,2})日?"),
         re.compile(r"(\d{4})()(\d{2})(\d{2})"))  # fmt: skip
BROKEN = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``title`` is written and preferred, ``aliases`` are read as well; case and width do not matter."""

    field: str
    title: str
    aliases: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at one place of a file. A warning does not keep its row out."""

    line: int
    column: str
    words: str
    warning: bool = False

    def __str__(self) -> str:
        place = f"第 {self.line} 行" + (f" {self.column}" if self.column else "")
        return f"{place}：{self.words}{'（提醒）' if self.warning else ''}"


class BadCell(ValueError):
    """A cell cannot be read; the words say why and are shown beside its line and column."""


@dataclass
class Line:
    """One row of a sheet being read. Ask for its fields; what is wrong with them gathers in ``problems``."""

    number: int
    cells: Mapping[str, Cell]
    titles: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def read(self, name: str, reader: Callable[[Cell], T]) -> T | None:
        """The field read by ``reader``; None when it could not be, which is noted."""
        try:
            return reader(self.cells.get(name))
        except BadCell as wrong:
            self.wrong(name, str(wrong))
            return None

    def wrong(self, name: str, words: str, *, warning: bool = False) -> None:
        self.problems.append(Problem(self.number, self.titles.get(name, ""), words, warning))

    @property
    def is_good(self) -> bool:
        return all(problem.warning for problem in self.problems)


@dataclass(frozen=True)
class Header:
    """Which cell of a row holds which field."""

    line: int
    places: Mapping[str, int]
    titles: Mapping[str, str]

    def lines(self, rows: Iterable[tuple[int, Sequence[Cell]]]) -> Iterator[Line]:
        """The rows below the header; empty ones are passed over."""
        for number, cells in rows:
            if any(not is_empty(cell) for cell in cells):
                taken = {name: cells[place] for name, place in self.places.items() if place < len(cells)}
                yield Line(number, taken, self.titles)


def find_header(number: int, cells: Sequence[Cell], columns: Sequence[Column]) -> Header | list[Problem]:
    """Match a row with the columns of a sheet. Columns nobody asked for are passed over."""
    called = {plain(name): column for column in columns for name in (column.title, column.field, *column.aliases)}
    places: dict[str, int] = {}
    problems: list[Problem] = []
    for place, cell in enumerate(cells):
        column = called.get(plain(str(cell or "")))
        if column and column.field in places:
            problems.append(Problem(number, column.title, "这一列出现了两次"))
        elif column:
            places[column.field] = place
    missing = (column for column in columns if column.required and column.field not in places)
    problems += [Problem(number, column.title, "缺少这一列") for column in missing]
    titles = {column.field: column.title for column in columns}
    return problems or Header(number, places, titles)


def plain(text: str) -> str:
    """A header without what does not matter: width, case, spaces, a star for "required", a remark in brackets."""
    return re.sub(r"[\s*]|\(.*\)", "", unicodedata.normalize("NFKC", text)).lower()


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text(cell: Cell) -> str:
    """A text that must be there. A number loses the .0 that spreadsheets give it.

    :raises BadCell: empty, too long, or a formula that failed
    """
    found = optional_text(cell)
    if not found:
        raise BadCell("不能为空")
    return found


def optional_text(cell: Cell) -> str:
    """:raises BadCell: too long, or a formula that failed"""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    found = " ".join("".join(c if c.isprintable() else " " for c in str(cell)).split())
    if BROKEN.fullmatch(found):
        raise BadCell(f"是出错的公式 {found}")
    if len(found) > LONGEST_TEXT:
        raise BadCell(f"超过 {LONGEST_TEXT} 个字")
    return found


def optional_day(cell: Cell) -> date | None:
    """A date as a date cell, 2024-03-01, 2024/3/1, 2024.3.1, 2024年3月1日 or 20240301.

    :raises BadCell: anything else, or a day that is not in the calendar
    """
    if is_empty(cell):
        return None
    if isinstance(cell, datetime):
        cell = cell.date()
    found = cell if isinstance(cell, date) else _day_written(optional_text(cell))
    if not EARLIEST <= found.year <= LATEST:
        raise BadCell(f"年份 {found.year} 不对")
    return found


def _day_written(written: str) -> date:
    plain_text = unicodedata.normalize("NFKC", written).removesuffix(" 00:00:00")
    for pattern in DATES:
        if found := pattern.fullmatch(plain_text):
            try:
                return date(int(found[1]), int(found[3]), int(found[4]))
            except ValueError:
                raise BadCell(f"“{written}”这一天不存在") from None
    raise BadCell(f"“{written}”不是日期，请写成 2024-03-01")


def day(cell: Cell) -> date:
    """:raises BadCell: as for an optional one, or it is empty"""
    found = optional_day(cell)
    if found is None:
        raise BadCell("不能为空")
    return found


def whole_number(least: int, most: int) -> Callable[[Cell], int]:
    """A reader of whole numbers within bounds, both included."""

    def read(cell: Cell) -> int:
        written = unicodedata.normalize("NFKC", text(cell))
        if not re.fullmatch(r"\d{1,9}", written, re.ASCII) or not least <= int(written) <= most:
            raise BadCell(f"“{written}”应为 {least} 到 {most} 的整数")
        return int(written)

    return read
