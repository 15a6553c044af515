"""The sheets models and warranty terms come in: which columns they have, and what makes a row good.

A further column is a `Column` here, a field of the row it fills, and a line in `read_models` or `read_terms`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from domain.catalog import cells
from domain.catalog.categories import KINDS, TITLES, category_called
from domain.catalog.cells import BadCell, Cell, Column, Header, Line, Problem
from domain.catalog.codes import LONGEST, code_key, look_alike, written_code
from domain.catalog.operations import ModelRow, TermRow

R = TypeVar("R")

MODEL_COLUMNS = (
    Column("brand", "品牌", ("品牌代码", "品牌名称"), required=False),
    Column("category", "品类", ("类别", "产品类别", "产品品类", "产品大类")),
    Column("code", "型号", ("产品型号", "机型", "model")),
    Column("name", "名称", ("产品名称", "品名", "型号名称")),
    Column("sold_since", "上市日期", ("上市时间", "上市"), required=False),
    Column("sold_until", "停产日期", ("停产时间", "退市日期", "停产"), required=False),
)
TERM_COLUMNS = (
    Column("brand", "品牌", ("品牌代码", "品牌名称"), required=False),
    Column("subject", "品类/型号", ("品类或型号", "品类", "型号", "适用范围")),
    Column("component", "部件", ("保修部件", "保修范围")),
    Column("months", "月数", ("保修月数", "期限", "保修期")),
    Column("source", "依据", ("来源", "保修依据")),
    Column("since", "起", ("起始日期", "生效日期", "开始日期")),
    Column("until", "止", ("终止日期", "失效日期", "结束日期"), required=False),
)
COMPONENTS = {"整机": "whole", "主要部件": "main_parts", "人工": "labour"}
"""Components with a meaning of their own; any other is a part's name as it is written."""
LONGEST_TERM = 600
"""Months: fifty years, more than any promise."""


@dataclass(frozen=True)
class KnownBrand:
    """What a file is checked against: a brand and the models it has, code key → (id, code)."""

    id: str
    code: str
    name: str
    models: Mapping[str, tuple[str, str]]


@dataclass
class Reading(Generic[R]):
    """What was read: good rows with their line and brand, and everything that was wrong."""

    good: list[tuple[int, KnownBrand, R]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    absent: frozenset[str] = frozenset()
    """Fields the file has no column for."""
    lines: int = 0

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.warning]

    def take(self, line: Line, brand: KnownBrand | None, row: R | None) -> None:
        self.lines += 1
        self.problems += line.problems
        if line.is_good and brand is not None and row is not None:
            self.good.append((line.number, brand, row))


Rows = Iterable[tuple[int, Sequence[Cell]]]
"""The rows of a file as (line number, cells)."""


def read_models(rows: Rows, brands: Sequence[KnownBrand], brand: KnownBrand | None) -> Reading[ModelRow]:
    """Read a sheet of models. ``brand`` is meant where the sheet does not say."""
    reading: Reading[ModelRow] = Reading()
    seen: dict[tuple[str, str], int] = {}
    alike = {b.id: {look_alike(code): code for _, code in b.models.values()} for b in brands}
    for line in _lines(rows, MODEL_COLUMNS, reading):
        of = _brand(line, brands, brand)
        category = line.read("category", _category)
        code = line.read("code", _code)
        name = line.read("name", cells.text)
        since, until = line.read("sold_since", cells.optional_day), line.read("sold_until", cells.optional_day)
        if since and until and until < since:
            line.wrong("sold_until", f"早于上市日期 {since}")
        if code and of:
            _note_twin(line, of, code, seen, alike[of.id])
        row = ModelRow(category, code, name, since, until) if category and code and name else None
        reading.take(line, of, row)
    return reading


def read_terms(rows: Rows, brands: Sequence[KnownBrand], brand: KnownBrand | None) -> Reading[TermRow]:
    """Read a sheet of warranty terms; a model must be in the catalogue already."""
    reading: Reading[TermRow] = Reading()
    seen: dict[tuple[object, ...], int] = {}
    for line in _lines(rows, TERM_COLUMNS, reading):
        of = _brand(line, brands, brand)
        subject = line.read("subject", cells.text)
        component = line.read("component", cells.text)
        months = line.read("months", cells.whole_number(0, LONGEST_TERM))
        source = line.read("source", cells.text)
        since, until = line.read("since", cells.day), line.read("until", cells.optional_day)
        if since and until and until <= since:
            line.wrong("until", f"应晚于起始日期 {since}")
        about = _subject(line, of, subject) if of and subject else None
        row = None
        if of and about and component and months is not None and source and since:
            row = TermRow(COMPONENTS.get(component, component), months, source, since, until, *about)
            same = (of.id, about, row.component, source, since)
            if seen.setdefault(same, line.number) != line.number:
                line.wrong("subject", f"与第 {seen[same]} 行重复")
        reading.take(line, of, row)
    return reading


def _lines(rows: Rows, columns: Sequence[Column], reading: Reading[R]) -> Iterable[Line]:
    """The lines below the header, which is the first row with anything in it."""
    numbered = ((number, row) for number, row in rows if any(not cells.is_empty(cell) for cell in row))
    first = next(numbered, None)
    header = cells.find_header(*first, columns) if first else [Problem(1, "", "文件是空的")]
    if not isinstance(header, Header):
        reading.problems += header
        return ()
    reading.absent = frozenset(column.field for column in columns) - set(header.places)
    return header.lines(numbered)


def _brand(line: Line, brands: Sequence[KnownBrand], given: KnownBrand | None) -> KnownBrand | None:
    called = line.read("brand", cells.optional_text)
    if not called:
        if given is None and called is not None:
            line.wrong("brand", "没有写品牌，也没有指定品牌")
        return given
    found = next((b for b in brands if called.casefold() in (b.code.casefold(), b.name.casefold())), None)
    if found is None:
        line.wrong("brand", f"没有“{called}”这个品牌")
    elif given and given.id != found.id:
        line.wrong("brand", f"是“{called}”，而这次只导入 {given.name}")
    return found


def _category(cell: Cell) -> str:
    words = cells.text(cell)
    found = category_called(words)
    if found is None:
        raise BadCell(f"没有“{words}”这个品类，可用：{'、'.join(kind.title for kind in KINDS)}")
    return found


def _code(cell: Cell) -> str:
    if isinstance(cell, date):
        raise BadCell(f"被表格软件改成了日期 {cell}，请把单元格设为文本")
    code = written_code(cells.text(cell))
    if len(code) > LONGEST:
        raise BadCell(f"超过 {LONGEST} 个字符")
    if not code_key(code):
        raise BadCell(f"“{code}”里没有字母或数字")
    return code


def _note_twin(
    line: Line, brand: KnownBrand, code: str, seen: dict[tuple[str, str], int], alike: dict[str, str]
) -> None:
    """A second row for the same model is wrong; a code that only looks like another's is worth a second look."""
    key = code_key(code)
    if seen.setdefault((brand.id, key), line.number) != line.number:
        line.wrong("code", f"与第 {seen[brand.id, key]} 行重复：{code}")
        return
    if key in brand.models:
        return
    other = alike.setdefault(look_alike(code), code)
    if code_key(other) != key:
        line.wrong("code", f"{code} 与 {other} 只差易混的字符（如 O 和 0、I 和 1），请核对", warning=True)


def _subject(line: Line, brand: KnownBrand, called: str) -> tuple[str | None, str | None] | None:
    """(category code, None) or (None, model id)."""
    if category := category_called(called):
        return category, None
    if model := brand.models.get(code_key(called)):
        return None, model[0]
    line.wrong("subject", f"“{called}”既不是品类，也不是 {brand.name} 的型号")
    return None


def model_cells(brand: KnownBrand, row: ModelRow) -> list[Cell]:
    """A model as the cells of a row under `MODEL_COLUMNS`: what export writes and import reads again."""
    return [brand.code, TITLES[row.category_code], row.code, row.name, row.sold_since, row.sold_until]
