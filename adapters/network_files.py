"""Network files in and out: providers, stations, the grid, engineers with all they can do, shifts; all or nothing.

An .xlsx has all sheets of `adapters.network_sheets.SHEETS` or some of them; a .csv is one, known by its columns. Rows that are
not in a file stay as they are; what ends gets its end in the column 止.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from adapters import runtime, spreadsheets
from adapters.catalogue_files import BY, Progress, refuse, shown, silent
from adapters.network_rows import ADD, PUT, Ids
from adapters.network_sheets import SHEETS, Field, Known, Row, Sheet, known
from console.network_files import LineProblem, Loaded, SheetLoaded
from domain.access.trail import record
from domain.catalog import cells
from domain.catalog.cells import Cell, Header, Line
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.dated import meet

if TYPE_CHECKING:
    from adapters.settings import Settings

Lines = Sequence[tuple[int, Sequence[Cell]]]
GRID, HOURS = "服务网格", "班次"


class Reading:
    """One sheet of a file, read: the rows that are new or changed with their line, and what is wrong."""

    def __init__(self, sheet: Sheet, uow: UnitOfWork) -> None:
        self.sheet, self.lines = sheet, 0
        self.existing: Mapping[Row, Row] = {sheet.key_of(row): row for row in sheet.rows(uow)}
        self.read: dict[Row, tuple[int, Row]] = {}
        self.problems: list[LineProblem] = []

    def wrong(self, line: int, column: str, words: str) -> None:
        self.problems.append(LineProblem(self.sheet.title, line, column, words))

    def take(self, line: Line, row: Row) -> None:
        key = self.sheet.key_of(row)
        if key in self.read:
            self.wrong(line.number, "", f"与第 {self.read[key][0]} 行重复")
        self.read.setdefault(key, (line.number, row))

    @property
    def to_put(self) -> list[tuple[int, Row]]:
        return [(number, row) for key, (number, row) in self.read.items() if self.existing.get(key) != row]

    @property
    def counts(self) -> SheetLoaded:
        new = sum(key not in self.existing for key in self.read)
        changed = len(self.to_put) - new
        return SheetLoaded(self.sheet.title, self.lines, new, changed, len(self.read) - new - changed)


def load(uow: UnitOfWork, path: Path, *, by: Actor, progress: Progress[Any] = silent) -> Loaded:
    """Load a network file into the transaction: all of it, or with one problem nothing.

    :raises Unreadable: the file is no spreadsheet, or has no sheet that is known
    """
    found = sheets_of(path)
    allowed = known(uow)
    readings = [
        read_sheet(uow, sheet, found[sheet.title], allowed, progress) for sheet in SHEETS if sheet.title in found
    ]
    for reading in readings:
        find_overlaps(reading)
    problems = [problem for reading in readings for problem in reading.problems]
    counts = [reading.counts for reading in readings]
    if not problems:
        problems = put_all(uow, readings, by, progress)
    if not problems and any(one.new or one.changed for one in counts):
        put = {one.sheet: [one.new, one.changed] for one in counts}
        record(uow, by, "network.import", "network", "network", put=put)
    return Loaded(path.name, counts, problems)


def sheets_of(path: Path) -> dict[str, Lines]:
    """Title → rows of the sheets that are known; those of a .csv or of an untitled sheet by the columns it has."""
    titles = {sheet.title for sheet in SHEETS}
    found: dict[str, Lines] = {}
    for title, rows in spreadsheets.read_sheets(path).items():
        named = title.strip() if title.strip() in titles else by_columns(rows)
        if named:
            found[named] = rows
    if not found:
        raise spreadsheets.Unreadable(f"{path.name} 里没有认得的表，应有：{'、'.join(sheet.title for sheet in SHEETS)}")
    return found


def by_columns(rows: Lines) -> str:
    """The sheet that has all its required columns in the first row that is not empty, and the most of them; or ""."""
    first = next((row for _, row in rows if any(not cells.is_empty(cell) for cell in row)), None)
    fits = {
        sheet.title: len(header.places)
        for sheet in SHEETS
        if first and isinstance(header := cells.find_header(1, first, sheet.columns), Header)
    }
    return max(fits, key=lambda title: fits[title], default="")


def read_sheet(uow: UnitOfWork, sheet: Sheet, rows: Lines, allowed: Known, progress: Progress[Any]) -> Reading:
    reading = Reading(sheet, uow)
    filled = [(number, row) for number, row in rows if any(not cells.is_empty(cell) for cell in row)]
    header = cells.find_header(*filled[0], sheet.columns) if filled else []
    if not isinstance(header, Header):
        reading.problems += [LineProblem(sheet.title, one.line, one.column, one.words) for one in header]
        return reading
    for line in header.lines(progress(filled[1:], f"读取{sheet.title}", len(filled) - 1)):
        reading.lines += 1
        read_line(reading, line, allowed)
    return reading


def read_line(reading: Reading, line: Line, allowed: Known) -> None:
    """The rows a line stands for, or its problems."""
    sheet = reading.sheet
    values = [read_cell(line, one, allowed) for one in sheet.fields]
    given = dict(zip((column.field for column in sheet.columns), values, strict=True))
    since, until = given.get("since"), given.get("until")
    if since and until and until <= since:
        line.wrong("until", f"应晚于起始日期 {since}")
    if sheet.defines and given["code"]:
        allowed.codes[sheet.defines].add(given["code"])
    if sheet.defines == "station" and given["code"]:
        allowed.stations[given["code"]] = given["provider"]
    if (
        given.get("station")
        and given["provider"] in allowed.codes["provider"]
        and allowed.stations.get(given["station"], given["provider"]) != given["provider"]
    ):
        line.wrong("station", f"网点 {given['station']} 不属于服务商 {given['provider']}")
    reading.problems += [LineProblem(sheet.title, one.line, one.column, one.words) for one in line.problems]
    if not line.is_good:
        return
    for row in product(*(value if isinstance(value, list) else [value] for value in values)):
        if sheet.title == "证书" and row[-1] <= allowed.today and reading.existing.get(sheet.key_of(row)) != row:
            reading.wrong(line.number, "止", f"证书已于 {row[-1]} 到期")
        reading.take(line, row)


def read_cell(line: Line, one: Field, allowed: Known) -> Any:
    value = line.read(one.column.field, one.read)
    if one.names and value and value not in allowed.codes[one.names]:
        line.wrong(one.column.field, f"没有代码为“{value}”的{one.column.title}")
    return value


def find_overlaps(reading: Reading) -> None:
    """Rows about the same thing that share a day, as everything would be after loading; told at the line of the file."""
    rows = [(0, row) for key, row in reading.existing.items() if key not in reading.read] + list(reading.read.values())
    for names in OVERLAPS.get(reading.sheet.title, ()):
        groups: dict[Row, list[tuple[int, dict[str, Any]]]] = {}
        for number, row in rows:
            given = reading.sheet.as_dict(row)
            groups.setdefault(tuple(given[name] for name in names), []).append((number, given))
        for group in groups.values():
            for (number, a), (other, b) in overlapping(group):
                line, against = max(number, other), min(number, other)
                words = f"第 {against} 行" if against else "已有的一条"
                what = "这些日子的班次" if reading.sheet.title == HOURS else WORDS.get(names[-1], "同样内容的日期")
                reading.wrong(line, "起", f"与{words}重叠：{what}（{b['since'] if line == number else a['since']} 起）")


WORDS = {"rank": "这一格的同一顺位", "provider": "这一格的同一服务商"}
CELL = ("brand", "division", "category", "service")
OVERLAPS: Mapping[str, Sequence[tuple[str, ...]]] = {
    "服务商授权": [("provider", "brand")],
    "技能": [("engineer", "category", "service")],
    "工程师授权": [("engineer", "brand")],
    GRID: [(*CELL, "rank"), (*CELL, "provider")],
    HOURS: [("engineer", "weekday")],
}
"""Sheet → which fields together may hold once a day."""


def overlapping(
    group: Sequence[tuple[int, dict[str, Any]]],
) -> Iterator[tuple[tuple[int, dict[str, Any]], tuple[int, dict[str, Any]]]]:
    """Pairs of a file's row and another that share a day (and, of shifts, an hour)."""
    ordered = sorted(group, key=lambda one: (one[1]["since"], one[0]))
    for place, (number, a) in enumerate(ordered):
        for other, b in ordered[place + 1 :]:
            hours = "starts" not in a or (a["starts"] < b["ends"] and b["starts"] < a["ends"])
            if (number or other) and hours and meet(a["since"], a["until"], b["since"], b["until"]):
                yield (number, a), (other, b)


def put_all(uow: UnitOfWork, readings: Iterable[Reading], by: Actor, progress: Progress[Any]) -> list[LineProblem]:
    """Put what is new or changed; what an operation refuses is a problem of its line, and then nothing stays."""
    problems: list[LineProblem] = []
    ids = Ids(uow)
    with uow.session.begin_nested() as whole:
        uow.session.execute(text("SET CONSTRAINTS ex_coverages_rank DEFERRED"))
        for reading in readings:
            rows = add_all(uow, ids, reading, by)
            for number, row in progress(rows, f"写入{reading.sheet.title}", len(rows)):
                try:
                    PUT[reading.sheet.title](uow, ids, reading.sheet.as_dict(row), by)
                except Refused as refused:
                    problems.append(LineProblem(reading.sheet.title, number, "", str(refused)))
        uow.session.flush()
        if problems:
            whole.rollback()
        else:
            uow.session.execute(text("SET CONSTRAINTS ex_coverages_rank IMMEDIATE"))
    return problems


def add_all(uow: UnitOfWork, ids: Ids, reading: Reading, by: Actor) -> list[tuple[int, Row]]:
    """Add what is new at once, where the sheet can; what is left to be put one by one."""
    add = ADD.get(reading.sheet.title)
    if add is None:
        return reading.to_put
    new = [row for key, (_, row) in reading.read.items() if key not in reading.existing]
    add(uow, ids, [reading.sheet.as_dict(row) for row in new], by)
    return [(number, row) for number, row in reading.to_put if reading.sheet.key_of(row) in reading.existing]


def save(uow: UnitOfWork, path: Path, *, sheet: str = "", progress: Progress[Any] = silent) -> int:
    """Write the network as `load` reads it: an .xlsx with all sheets, or the one sheet named as .csv or .xlsx.

    :raises Unreadable: another kind of file, no such sheet, or a .csv without one
    """
    wanted = [one for one in SHEETS if sheet in ("", one.title)]
    if not wanted:
        raise spreadsheets.Unreadable(f"没有“{sheet}”这张表，可用：{'、'.join(one.title for one in SHEETS)}")
    if path.suffix.lower() == ".csv":
        if not sheet:
            raise spreadsheets.Unreadable("一个 .csv 只放一张表，请写明是哪张，或导出为 .xlsx")
        return spreadsheets.write(path, header(wanted[0]), rows_of(uow, wanted[0], progress))
    return spreadsheets.write_sheets(path, ((one.title, header(one), rows_of(uow, one, progress)) for one in wanted))


def header(sheet: Sheet) -> list[str]:
    return [column.title for column in sheet.columns]


def rows_of(uow: UnitOfWork, sheet: Sheet, progress: Progress[Any]) -> Iterator[list[Cell]]:
    """In a steady order, so that two exports of the same network are the same."""
    rows = sorted(sheet.rows(uow), key=lambda row: tuple(map(str, sheet.key_of(row))))
    yield from (sheet.written(row) for row in progress(rows, f"导出{sheet.title}", len(rows)))


class NetworkFiles:
    """The same for the console, which gets a file's content and gives one."""

    def load(self, uow: UnitOfWork, name: str, content: bytes, by: Actor) -> Loaded:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"upload{Path(name).suffix.lower()[:8]}")
            path.write_bytes(content)
            return load(uow, path, by=by)

    def save(self, uow: UnitOfWork) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "network.xlsx")
            save(uow, path)
            return path.read_bytes()


def import_network(on: Runtime, path: Path, *, by: Actor = BY, progress: Progress[Any] = silent) -> Loaded:
    with on.transaction() as uow:
        return load(uow, path, by=by, progress=progress)


def run_import(settings: Settings, path: Path, *, as_json: bool) -> int:
    """``weixiu import network``: 0 when all of it is in, 1 when nothing is, 2 when the file could not be read at all."""
    try:
        loaded = import_network(runtime.build(settings, connections=1), path, progress=shown)
    except Refused as refused:
        return refuse(refused, as_json)
    for line in [json.dumps(loaded.as_json(), ensure_ascii=False)] if as_json else loaded.words():
        print(line)
    return 1 if loaded.problems else 0


def run_export(settings: Settings, path: Path, *, sheet: str, as_json: bool) -> int:
    """``weixiu export network``: 0 when the file is written, 2 when it could not be."""
    try:
        with runtime.build(settings, connections=1).transaction() as uow:
            count = save(uow, path, sheet=sheet, progress=shown)
            record(uow, BY, "network.export", "network", "network", rows=count)
    except (Refused, OSError) as refused:
        return refuse(refused, as_json)
    print(json.dumps({"file": str(path), "rows": count}) if as_json else f"{path}：{count} 行")
    return 0
