"""Catalogue files in and out: what ``weixiu import`` and ``weixiu export`` do, with a report of every bad row.

A further kind of sheet is read in `domain.catalog.sheet` and gets a function like `import_models` here.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select

from adapters import runtime, spreadsheets
from domain.access.trail import record
from domain.catalog.cells import Cell, Problem
from domain.catalog.codes import code_key
from domain.catalog.operations import (
    AT_ONCE,
    Counts,
    ModelRow,
    TermRow,
    TermTaken,
    put_categories,
    put_models,
    put_warranty_term,
)
from domain.catalog.queries import each_model, models_of
from domain.catalog.sheet import (
    MODEL_COLUMNS,
    KnownBrand,
    Reading,
    model_cells,
    read_models,
    read_terms,
)
from domain.kit.actors import Actor, system
from domain.kit.errors import NotFound, Refused
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.model import Brand

if TYPE_CHECKING:
    from adapters.settings import Settings

T = TypeVar("T")
BY = system("import")
Progress = Callable[[Iterable[T], str, int], Iterator[T]]
"""Passes things on while showing how many of how many have gone by."""


@dataclass
class Report:
    """What came of an import. ``loaded`` is False when bad rows kept everything out."""

    file: str
    lines: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    loaded: bool = True
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """No row was left out; there may be warnings."""
        return all(problem.warning for problem in self.problems)

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    def words(self) -> Iterator[str]:
        """One line a problem, and a last one that sums up."""
        yield from map(str, sorted(self.problems, key=lambda problem: problem.line))
        bad = len({problem.line for problem in self.problems if not problem.warning})
        if not self.loaded:
            yield f"{self.file}：{self.lines} 行，{bad} 行有错，全部没有导入"
        else:
            counts = f"新增 {self.new}，更新 {self.changed}，未变 {self.same}，有错未导入 {bad}"
            yield f"{self.file}：{self.lines} 行，{counts}"


def silent(things: Iterable[T], _words: str, _total: int) -> Iterator[T]:
    yield from things


def shown(things: Iterable[T], words: str, total: int) -> Iterator[T]:
    """A progress bar on a terminal; nothing where the output goes to a file."""
    if not sys.stderr.isatty():
        yield from things
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(things, words, total=total, console=Console(stderr=True), transient=True)


def import_models(
    on: Runtime, path: Path, *, brand: str = "", all_or_nothing: bool = False, by: Actor = BY,
    progress: Progress[Any] = silent,
) -> Report:  # fmt: skip
    """Load a sheet of models: the good rows, or with ``all_or_nothing`` none if one is bad.

    :raises Unreadable: the file is no spreadsheet; :raises NotFound: there is no such brand
    """
    rows = spreadsheets.read(path)
    report = Report(path.name)
    with on.transaction() as uow:
        put_categories(uow)
        brands = known_brands(uow)
        reading = read_models(progress(rows, "读取型号", len(rows)), brands, meant(brands, brand))
        if not begin(report, reading, all_or_nothing):
            return report
        for of, models in by_brand(reading).items():
            counts = put_in_chunks(uow, of, models, reading.absent, progress)
            report.new, report.changed = report.new + counts.new, report.changed + counts.changed
            record(uow, by, "catalog.import_models", "brand", of, new=counts.new, changed=counts.changed)
        report.same = len(reading.good) - report.new - report.changed
    return report


def put_in_chunks(
    uow: UnitOfWork, brand_id: str, models: Sequence[ModelRow], keep: frozenset[str], progress: Progress[Any]
) -> Counts:
    chunks = [models[start : start + AT_ONCE] for start in range(0, len(models), AT_ONCE)]
    counts = (put_models(uow, brand_id, chunk, keep=keep) for chunk in progress(chunks, "写入型号", len(chunks)))
    return sum(counts, Counts())


def import_terms(
    on: Runtime, path: Path, *, brand: str = "", all_or_nothing: bool = False, by: Actor = BY,
    progress: Progress[Any] = silent,
) -> Report:  # fmt: skip
    """Load a sheet of warranty terms. A term that others already hold against is a bad row too.

    :raises Unreadable: the file is no spreadsheet; :raises NotFound: there is no such brand
    """
    rows = spreadsheets.read(path)
    report = Report(path.name)
    with on.transaction() as uow:
        put_categories(uow)
        brands = known_brands(uow)
        reading = read_terms(rows, brands, meant(brands, brand))
        if not begin(report, reading, all_or_nothing):
            return report
        # The oldest first: a later one then follows it, in whatever order the file has them.
        oldest_first = sorted(reading.good, key=lambda good: good[2].since)
        with uow.session.begin_nested() as whole:
            for number, of, row in progress(oldest_first, "写入保修条款", len(oldest_first)):
                put_term(uow, of, row, by, report, number)
            if all_or_nothing and not report.is_clean:
                whole.rollback()
                report.loaded, report.new, report.changed, report.same = False, 0, 0, 0
    return report


def put_term(uow: UnitOfWork, brand: KnownBrand, row: TermRow, by: Actor, report: Report, number: int) -> None:
    """One term, counted by what came of it."""
    try:
        counts = put_warranty_term(uow, brand.id, row, by=by).counts
    except TermTaken as taken:
        report.problems.append(Problem(number, "起", str(taken)))
        return
    report.new, report.changed = report.new + counts.new, report.changed + counts.changed
    report.same += counts == Counts()


def export_models(on: Runtime, path: Path, *, brand: str = "", progress: Progress[Any] = silent) -> int:
    """Write all models of a brand, or of all brands, as `import_models` reads them; returns how many.

    :raises Unreadable: the name ends neither in .xlsx nor .csv; :raises NotFound: there is no such brand
    """
    with on.transaction() as uow:
        brands = known_brands(uow)
        one = meant(brands, brand) if brand else None
        wanted = [one] if one else brands
        rows = (row for of in wanted for row in model_rows(uow, of))
        total = sum(len(of.models) for of in wanted)
        return spreadsheets.write(path, [c.title for c in MODEL_COLUMNS], progress(rows, "导出型号", total))


def model_rows(uow: UnitOfWork, brand: KnownBrand) -> Iterator[list[Cell]]:
    for model in each_model(uow, brand.id):
        row = ModelRow(model.category_code, model.code, model.name, model.sold_since, model.sold_until)
        yield model_cells(brand, row)


def known_brands(uow: UnitOfWork) -> list[KnownBrand]:
    """All brands with their models."""
    return [
        KnownBrand(b.id, b.code, b.name, {code_key(m.code): (m.id, m.code) for m in models_of(uow, b.id)})
        for b in uow.session.scalars(select(Brand).order_by(Brand.code))
    ]


def meant(brands: Sequence[KnownBrand], called: str) -> KnownBrand | None:
    """The brand with that code or name; with none named the only one there is.

    :raises NotFound: there is none called so
    """
    if not called:
        return brands[0] if len(brands) == 1 else None
    for brand in brands:
        if called.casefold() in (brand.code.casefold(), brand.name.casefold()):
            return brand
    raise NotFound(f"没有“{called}”这个品牌")


def begin(report: Report, reading: Reading[Any], all_or_nothing: bool) -> bool:
    """Note what was read; whether to go on."""
    report.lines, report.problems = reading.lines, list(reading.problems)
    report.loaded = bool(reading.good) and not (all_or_nothing and reading.errors)
    return report.loaded


def by_brand(reading: Reading[ModelRow]) -> dict[str, list[ModelRow]]:
    found: dict[str, list[ModelRow]] = defaultdict(list)
    for _, brand, row in reading.good:
        found[brand.id].append(row)
    return found


def run_import(settings: Settings, sheet: str, path: Path, *, brand: str, all_or_nothing: bool, as_json: bool) -> int:
    """``weixiu import``: 0 when every row went in, 1 when some did not, 2 when the file could not be read at all."""
    load = {"models": import_models, "warranty-terms": import_terms}[sheet]
    try:
        made = runtime.build(settings, connections=1)
        report = load(made, path, brand=brand, all_or_nothing=all_or_nothing, progress=shown)
    except Refused as refused:
        return refuse(refused, as_json)
    lines = [json.dumps(report.as_json(), ensure_ascii=False)] if as_json else report.words()
    for line in lines:
        print(line)
    return 0 if report.is_clean else 1


def run_export(settings: Settings, path: Path, *, brand: str, as_json: bool) -> int:
    """``weixiu export models``: 0 when the file is written, 2 when it could not be."""
    try:
        count = export_models(runtime.build(settings, connections=1), path, brand=brand, progress=shown)
    except (Refused, OSError) as refused:
        return refuse(refused, as_json)
    print(json.dumps({"file": str(path), "models": count}) if as_json else f"{path}：{count} 个型号")
    return 0


def refuse(refused: Exception, as_json: bool) -> int:
    words = json.dumps({"error": str(refused)}, ensure_ascii=False) if as_json else str(refused)
    print(words, file=sys.stderr)
    return 2
