"""One of three who must not see each other's rows, and how what a test says nothing of is filled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import inspect

from domain.kit.money import Money
from domain.kit.scope import Scope
from domain.kit.tables import Fen, SealedJson, Table

SINCE = date(2020, 1, 1)


@dataclass
class Side:
    """``word`` is in the names and words of everything that is this side's, and of nothing else."""

    key: str
    word: str
    phone: str
    count: int
    brand: str
    rows: dict[type[Table], Any] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        return Scope(self.brand, f"pr_{self.key}", f"sn_{self.key}")

    def id(self, prefix: str) -> str:
        return f"{prefix}_{self.key}"

    def put(self, row: Any) -> None:
        fill(row)
        self.rows[type(row)] = row


FILLINGS = {
    datetime: datetime(2026, 5, 13, 1, tzinfo=UTC), date: date(2026, 5, 13), str: "", int: 1, float: 1.0, bool: False, dict: {},
    list: [],
}  # fmt: skip


NOT_YET = {"earned_fen", "refunded_fen", "paid_fen", "reserved_fen"}
"""Money that comes later than the row."""


def fill(row: Any) -> None:
    """What must not be missing and is nothing to these tests: a new column needs no line here."""
    for column in inspect(type(row)).columns:
        must = not column.nullable and column.default is None and column.server_default is None
        if must and column.identity is None and column.computed is None and getattr(row, column.key) is None:
            kinds = getattr(column.type, "enum_class", None)
            if isinstance(column.type, Fen):
                setattr(row, column.key, Money(0 if column.key in NOT_YET else 1))
                continue
            empty = {} if isinstance(column.type, SealedJson) else next(iter(kinds)) if kinds else ""
            setattr(
                row, column.key, FILLINGS.get(getattr(column.type, "impl_instance", column.type).python_type, empty)
            )
