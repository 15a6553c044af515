"""Combined searches: conditions on named fields, all or any of them, each turned into SQL by its field.

A field is a row of `domain.reports.fields.FIELDS`; a further kind of value is a row of `KINDS`, with how it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement

from domain.kit.errors import Refused
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork

MOST = 12
"""Conditions of a search: more than anybody can read at once."""
MOST_VALUES = 50
LONGEST = 100
"""Characters of a value."""

Operator = Literal["is", "not", "between", "least", "yes", "no"]
OPERATORS: Mapping[Operator, str] = {
    "is": "是", "not": "不是", "between": "在…之间", "least": "至少", "yes": "是", "no": "否",
}  # fmt: skip

Kind = Literal["choice", "text", "day", "number", "flag"]
KINDS: Mapping[Kind, Sequence[Operator]] = {
    "choice": ("is", "not"), "text": ("is",), "day": ("between",), "number": ("least",), "flag": ("yes", "no"),
}  # fmt: skip
"""What can be said of a value of this kind. ``is`` and ``not`` take several values and mean any and none of them; ``between``
takes two days, both included, of which one may be missing."""


class BadQuery(Refused):
    """A search that cannot be: an unknown field, a value that is none."""

    code = "bad_query"


@dataclass(frozen=True)
class Condition:
    """``values`` as they were typed."""

    field: str
    operator: Operator
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """``match`` is ``all`` or ``any`` of the conditions. One without any finds everything."""

    match: Literal["all", "any"] = "all"
    conditions: tuple[Condition, ...] = ()

    def to_json(self) -> dict[str, Any]:
        rows = [{"field": c.field, "operator": c.operator, "values": list(c.values)} for c in self.conditions]
        return {"match": self.match, "conditions": rows}


Choices = Callable[[UnitOfWork], Mapping[str, str]]
Sql = Callable[[UnitOfWork, Sequence[Any]], ColumnElement[bool]]
"""From values that were read to a condition on `WorkOrder` that stands on an index. Days come as [since, until) moments."""


@dataclass(frozen=True)
class Field:
    """``choices`` are codes and titles, for a choice; ``hint`` is what is shown in an empty text field."""

    name: str
    title: str
    kind: Kind
    sql: Sql
    choices: Choices | None = None
    hint: str = ""
    personal: bool = False
    """What is asked for is personal data itself."""

    @property
    def operators(self) -> Sequence[Operator]:
        return KINDS[self.kind]

    def condition(self, uow: UnitOfWork, asked: Condition) -> ColumnElement[bool]:
        """:raises BadQuery: the values are none of this field's"""
        found = self.sql(uow, self.read(uow, asked))
        return ~found if asked.operator in ("not", "no") else found

    def read(self, uow: UnitOfWork, asked: Condition) -> Sequence[Any]:
        """:raises BadQuery: the values are none of this field's"""
        if asked.operator not in self.operators:
            raise BadQuery(f"“{self.title}”不能这样查")
        if self.kind == "flag":
            return ()
        if self.kind == "day":
            return self.days(asked.values)
        values = [value.strip() for value in asked.values if value.strip()]
        if not values or len(values) > MOST_VALUES or max(map(len, values)) > LONGEST:
            raise BadQuery(f"“{self.title}”没有填，或填得太长")
        if self.kind == "number":
            return [self.number(values[0])]
        if self.choices and not set(values) <= self.choices(uow).keys():
            raise BadQuery(f"“{self.title}”没有这个选项")
        return values

    def number(self, text: str) -> int:
        if not text.isdecimal() or len(text) > 6:
            raise BadQuery(f"“{self.title}”要填数字")
        return int(text)

    def days(self, values: Sequence[str]) -> Sequence[datetime | None]:
        since, until = [*(self.day(value) for value in values), None, None][:2]
        if since is None and until is None:
            raise BadQuery(f"“{self.title}”至少填一个日期")
        if since and until and until < since:
            raise BadQuery(f"“{self.title}”的起止日期反了")
        return midnight(since), midnight(until + timedelta(days=1) if until else None)

    def day(self, text: str) -> date | None:
        try:
            day = date.fromisoformat(text.strip()) if text.strip() else None
        except ValueError:
            raise BadQuery(f"“{self.title}”的日期要写成 2026-01-31") from None
        if day and not 2000 <= day.year <= 2100:
            raise BadQuery(f"“{self.title}”的年份不对")
        return day


def midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), SHANGHAI) if day else None


def read_query(raw: Any, fields: Mapping[str, Field]) -> Query:
    """A query as `Query.to_json` writes it, from outside: what it says is not believed.

    :raises BadQuery: it is none, or too long
    """
    if not isinstance(raw, dict) or raw.get("match", "all") not in ("all", "any"):
        raise BadQuery("查询条件不完整")
    rows = raw.get("conditions", [])
    if not isinstance(rows, list) or len(rows) > MOST:
        raise BadQuery(f"最多 {MOST} 个条件")
    return Query("any" if raw.get("match") == "any" else "all", tuple(read_condition(row, fields) for row in rows))


def read_condition(row: Any, fields: Mapping[str, Field]) -> Condition:
    """:raises BadQuery: no such field or operator"""
    if not isinstance(row, dict) or not isinstance(row.get("values", []), list):
        raise BadQuery("查询条件不完整")
    field = fields.get(str(row.get("field", "")))
    if field is None:
        raise BadQuery("没有这个查询字段")
    operator = next((one for one in field.operators if one == row.get("operator", field.operators[0])), None)
    if operator is None:
        raise BadQuery(f"“{field.title}”不能这样查")
    return Condition(field.name, operator, tuple(str(value)[: LONGEST + 1] for value in row.get("values", [])))
