"""One measured number, what it should be, and how lists of cases are counted."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar("T")


@dataclass(frozen=True)
class Figure:
    """`wanted` is the least value allowed, or with `at_most` the greatest; without it the figure is only reported."""

    name: str
    value: float
    of: int
    wanted: float | None = None
    at_most: bool = False
    wrong: Sequence[str] = field(default=())
    """Cases that make the difference, for those who look for why."""
    safety: bool = False
    """Whether missing the target stops the run."""

    @property
    def ok(self) -> bool:
        if self.wanted is None:
            return True
        return self.value <= self.wanted if self.at_most else self.value >= self.wanted

    def line(self, *, details: bool, file: str = "") -> str:
        row: dict[str, Any] = {"figure": self.name, "value": self.value, "of": self.of}
        if self.wanted is not None:
            row |= {"wanted": ("<= " if self.at_most else ">= ") + f"{self.wanted:g}", "ok": self.ok}
        if file:
            row["file"] = file
        if self.wrong and (details or self.safety):
            row["wrong"] = list(self.wrong)
        return json.dumps(row, ensure_ascii=False)


def share(name: str, outcomes: dict[str, bool], wanted: float | None = None, *, safety: bool = False) -> Figure:
    """The share of cases that came out right; the keys name the cases."""
    right = sum(outcomes.values())
    value = round(right / len(outcomes), 4) if outcomes else 1.0
    return Figure(
        name, value, len(outcomes), wanted, wrong=[key for key, ok in outcomes.items() if not ok], safety=safety
    )


def count(name: str, cases: Iterable[str], of: int, most: float | None = None, *, safety: bool = False) -> Figure:
    """How many cases something happened in."""
    found = list(cases)
    return Figure(name, len(found), of, most, at_most=True, wrong=found, safety=safety)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def shown(cases: Sequence[T], title: str) -> Iterator[T]:
    """The cases, with a progress bar on a terminal."""
    console = Console(stderr=True)
    yield from track(cases, title, console=console, disable=not sys.stderr.isatty(), transient=True)
