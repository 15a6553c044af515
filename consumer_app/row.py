"""One call of the API as a row: where, what it takes and gives, and the function behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apiflask import Schema

Given = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """``view`` is called with the person, what was sent and the path's parts, inside a transaction; one that calls outside
    (``outside``) with the session's secret instead, without a transaction. ``public`` needs no session."""

    method: str
    path: str
    view: Callable[..., Any]
    summary: str
    gives: Schema | None
    takes: Schema | None = None
    location: str = "json"
    outside: bool = False
    public: bool = False

    @property
    def writes(self) -> bool:
        return self.method == "POST"
