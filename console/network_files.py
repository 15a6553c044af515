"""Network spreadsheets as the console needs them: what came of loading one, and who can read and write them.

The reader itself is `adapters.network_files`; the console only knows this Protocol.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class LineProblem:
    """Something wrong at one place of a sheet."""

    sheet: str
    line: int
    column: str
    words: str

    def __str__(self) -> str:
        return f"{self.sheet} 第 {self.line} 行{f' {self.column}' if self.column else ''}：{self.words}"


@dataclass(frozen=True)
class SheetLoaded:
    sheet: str
    lines: int
    new: int
    changed: int
    same: int


@dataclass(frozen=True)
class Loaded:
    """What came of a file: with a single problem nothing of it was loaded."""

    file: str
    sheets: Sequence[SheetLoaded]
    problems: Sequence[LineProblem]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def words(self) -> Iterator[str]:
        """A line a problem, then a line a sheet."""
        yield from map(str, self.problems)
        if self.problems:
            yield f"{self.file}：{len(self.problems)} 处有错，全部没有导入"
            return
        for one in self.sheets:
            yield f"{one.sheet}：{one.lines} 行，新增 {one.new}，更新 {one.changed}，未变 {one.same}"


class NetworkFiles(Protocol):
    def load(self, uow: UnitOfWork, name: str, content: bytes, by: Actor) -> Loaded:
        """Load a file into the transaction, all of it or nothing. :raises Refused: it is no spreadsheet"""

    def save(self, uow: UnitOfWork) -> bytes:
        """The whole network as an .xlsx."""


class NoNetworkFiles:
    """Where nothing reads spreadsheets."""

    def load(self, uow: UnitOfWork, name: str, content: bytes, by: Actor) -> Loaded:
        raise Refused("这里不能导入表格")

    def save(self, uow: UnitOfWork) -> bytes:
        raise Refused("这里不能导出表格")
