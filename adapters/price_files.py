"""The price list in and out as a spreadsheet: sheets 价目 and 配件价, all of a file or nothing of it, every bad row by its line.

The console and ``weixiu import prices`` load by the same function. Another sheet is another row of `SHEETS`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select

from adapters import spreadsheets
from adapters.catalogue_files import Progress, silent
from console.network_files import LineProblem, Loaded, SheetLoaded
from domain.access.trail import record
from domain.catalog.bills import part_by_code
from domain.catalog.categories import CALLED
from domain.catalog.categories import TITLES as CATEGORIES
from domain.catalog.model import Part
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.money import yuan
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand
from domain.pricing.fee_facts import KINDS
from domain.pricing.fee_table import OWNERS, FeeDraft, put_fee, put_price
from domain.pricing.model import FeeRow, PartPrice
from domain.work_orders.kinds import TITLES as SERVICES

FEES, PARTS = "价目", "配件价"
FEE_COLUMNS = ("项目", "代码", "名称", "品类", "服务", "公里起", "元", "千分比", "单位", "归", "依据", "自")
PART_COLUMNS = ("配件编码", "名称", "元", "人工", "依据", "自")
KIND_OF = {title: code for code, title in KINDS.items()}
SERVICE_OF = {title: str(code) for code, title in SERVICES.items()}
SERVICE_TITLES = {code: title for title, code in SERVICE_OF.items()}
OWNER_OF = {title: code for code, title in OWNERS.items()}


class BadCell(Refused):
    """One cell that cannot be read; ``column`` is its title."""

    code = "bad_cell"

    def __init__(self, column: str, words: str) -> None:
        super().__init__(words)
        self.column = column


class Undone(Exception):
    """A line is bad: nothing of the file is loaded."""


class Cells:
    """One row by its columns' titles."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row

    def text(self, column: str) -> str:
        """As it is shown: a spreadsheet's 88.0 is 88."""
        value = self.row.get(column)
        return "" if value is None else str(value).strip().removesuffix(".0")

    def one_of(self, column: str, titles: Mapping[str, str], *, empty: bool = False) -> str:
        said = self.text(column)
        if empty and said in ("", "所有", "所有产品"):
            return ""
        if said not in titles:
            raise BadCell(column, f"没有“{said}”，可以是：{'、'.join(titles)}")
        return titles[said]

    def whole(self, column: str) -> int:
        said = self.text(column) or "0"
        if not said.isdecimal() or len(said) > 6:
            raise BadCell(column, "要填整数")
        return int(said)

    def fen(self, column: str) -> int:
        try:
            return yuan(self.text(column) or "0").fen
        except (ValueError, ArithmeticError):
            raise BadCell(column, "写成元，最多两位小数") from None

    def day(self, column: str) -> date:
        value = self.row.get(column)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(self.text(column).replace("/", "-"))
        except ValueError:
            raise BadCell(column, "日期写成 2026-01-31") from None


def load_fee(uow: UnitOfWork, brand_id: str, cells: Cells, by: Actor) -> str:
    draft = FeeDraft(
        cells.one_of("项目", KIND_OF), cells.text("代码"), cells.text("名称"), cells.one_of("品类", CALLED, empty=True),
        cells.one_of("服务", SERVICE_OF, empty=True), cells.whole("公里起"), cells.fen("元"), cells.whole("千分比"),
        cells.text("单位"), cells.one_of("归", OWNER_OF), cells.text("依据")[:100],
    )  # fmt: skip
    return put_fee(uow, brand_id, draft, cells.day("自"), by=by).id


def load_part(uow: UnitOfWork, brand_id: str, cells: Cells, by: Actor) -> str:
    part = part_by_code(uow, brand_id, cells.text("配件编码"))
    return put_price(
        uow, part.id, cells.fen("元"), cells.text("人工"), cells.day("自"), by=by, source=cells.text("依据")[:100]
    ).id


def known_ids(uow: UnitOfWork, kind: type[Any]) -> set[str]:
    return set(uow.session.scalars(select(kind.id)))


Step = Callable[[UnitOfWork, str, Cells, Actor], str]
SHEETS: Sequence[tuple[str, Sequence[str], Step, type[Any]]] = (
    (FEES, FEE_COLUMNS, load_fee, FeeRow),
    (PARTS, PART_COLUMNS, load_part, PartPrice),
)


Lines = Sequence[tuple[int, Sequence[Any]]]


def load(
    uow: UnitOfWork, brand_id: str, path: Path, *, name: str, by: Actor, progress: Progress[Any] = silent
) -> Loaded:  # fmt: skip
    """:raises Unreadable: it is no spreadsheet, or has neither sheet"""
    uow.get(Brand, brand_id, called="品牌", lock=True)
    found = titled(spreadsheets.read_sheets(path))
    if not any(title in found for title, *_ in SHEETS):
        raise spreadsheets.Unreadable(f"{name} 里没有“{FEES}”或“{PARTS}”这两张表")
    problems: list[LineProblem] = []
    counts = []
    with suppress(Undone), uow.session.begin_nested():
        for title, columns, step, kind in SHEETS:
            if title in found:
                counts.append(
                    load_sheet(uow, brand_id, title, columns, found[title], step, kind, by, problems, progress)
                )
        if problems:
            raise Undone  # what was put of the good lines is taken back
    if not problems:
        record(uow, by, "fees.import", "brand", brand_id, lines=sum(one.lines for one in counts))
    return Loaded(name, counts, problems)


def titled(sheets: Mapping[str, Lines]) -> dict[str, Lines]:
    """Sheets by their titles; a .csv has none, and is the sheet whose columns it has."""
    found = {title.strip(): rows for title, rows in sheets.items()}
    if list(found) != [""]:
        return found
    heads = set(heads_of(with_something(found[""])))
    return {title: found[""] for title, columns, *_ in SHEETS if columns[0] in heads}


def with_something(rows: Lines) -> Lines:
    return [(number, row) for number, row in rows if any(cell not in (None, "") for cell in row)]


def heads_of(filled: Lines) -> list[str]:
    return [str(cell).strip() for cell in filled[0][1]] if filled else []


def load_sheet(
    uow: UnitOfWork, brand_id: str, title: str, columns: Sequence[str], rows: Lines, step: Step, kind: type[Any], by: Actor,
    problems: list[LineProblem], progress: Progress[Any],
) -> SheetLoaded:  # fmt: skip
    filled = with_something(rows)
    heads = heads_of(filled)
    missing = [column for column in columns if column not in heads]
    if missing:
        problems.append(LineProblem(title, filled[0][0] if filled else 1, "", f"缺少列：{'、'.join(missing)}"))
        return SheetLoaded(title, 0, 0, 0, 0)
    before, new, same = known_ids(uow, kind), 0, 0
    for number, row in progress(filled[1:], f"写入{title}", len(filled) - 1):
        try:
            with uow.session.begin_nested():
                id_ = step(uow, brand_id, Cells(dict(zip(heads, row, strict=False))), by)
        except Refused as no:
            problems.append(LineProblem(title, number, getattr(no, "column", ""), str(no)))
            continue
        new, same = new + (id_ not in before), same + (id_ in before)
    return SheetLoaded(title, len(filled) - 1, new, 0, same)


def save(uow: UnitOfWork, brand_id: str, path: Path, *, sheet: str = "", progress: Progress[Any] = silent) -> int:
    """Present and coming prices, as `load` reads them: an .xlsx with both sheets, or the one named as .csv; returns how many.

    :raises Unreadable: another kind of file, no such sheet, or a .csv without one
    """
    wanted = [one for one in OUT if sheet in ("", one[0])]
    if not wanted:
        raise spreadsheets.Unreadable(f"没有“{sheet}”这张表，可用：{FEES}、{PARTS}")
    sheets = [
        (title, list(columns), progress(rows, f"导出{title}", len(rows)))
        for title, columns, lines in wanted
        for rows in (list(lines(uow, brand_id)),)
    ]
    if path.suffix.lower() != ".csv":
        return spreadsheets.write_sheets(path, sheets)
    if not sheet:
        raise spreadsheets.Unreadable("一个 .csv 只放一张表，请写明是哪张，或导出为 .xlsx")
    return spreadsheets.write(path, *sheets[0][1:])


def fee_lines(uow: UnitOfWork, brand_id: str) -> Iterator[list[Any]]:
    held = select(FeeRow).where(FeeRow.brand_id == brand_id, or_(FeeRow.until.is_(None), FeeRow.until > uow.today))
    for one in uow.session.scalars(
        held.order_by(FeeRow.category_code, FeeRow.kind, FeeRow.code, FeeRow.km_from, FeeRow.since)
    ):
        yield [
            KINDS[one.kind], one.code, one.title, CATEGORIES.get(one.category_code, ""), SERVICE_TITLES.get(one.service_type, ""),
            str(one.km_from or ""), written(one.fen), str(one.permille or ""), one.unit, OWNERS[one.owner], one.source, one.since.isoformat(),
        ]  # fmt: skip


def part_lines(uow: UnitOfWork, brand_id: str) -> Iterator[list[Any]]:
    held = (
        select(Part, PartPrice)
        .join(PartPrice, PartPrice.part_id == Part.id)
        .where(Part.brand_id == brand_id, or_(PartPrice.until.is_(None), PartPrice.until > uow.today))
        .order_by(Part.code, PartPrice.since)
    )
    for part, price in uow.session.execute(held):
        yield [part.code, part.name, written(price.fen), price.labour, price.source, price.since.isoformat()]


def written(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


OUT = ((FEES, FEE_COLUMNS, fee_lines), (PARTS, PART_COLUMNS, part_lines))


class PriceFiles:
    """The same for the console, which gets a file's content and gives one."""

    def load(self, uow: UnitOfWork, brand_id: str, name: str, content: bytes, by: Actor) -> Loaded:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"upload{Path(name).suffix.lower()[:8]}")
            path.write_bytes(content)
            return load(uow, brand_id, path, name=name, by=by)

    def save(self, uow: UnitOfWork, brand_id: str) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "prices.xlsx")
            save(uow, brand_id, path)
            return path.read_bytes()
