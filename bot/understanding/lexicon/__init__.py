"""The words of the trade as data: categories.toml and symptoms.toml, one row a thing, edited without touching code."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Category:
    """`names` say it outright, `hints` give it away, `codes` are beginnings of its model codes."""

    label: str
    title: str
    names: tuple[str, ...]
    hints: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undecided:
    """A word for several categories (热水器), and the words beside it that decide between them."""

    label: str
    names: tuple[str, ...]
    options: tuple[str, ...]
    deciding: dict[str, tuple[str, ...]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Symptom:
    label: str
    title: str
    safety: bool
    only: frozenset[str]
    """Categories it can be said of; empty for all."""
    says: re.Pattern[str]
    not_when: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Lexicon:
    categories: dict[str, Category]
    undecided: tuple[Undecided, ...]
    symptoms: dict[str, Symptom]


def one_of(phrases: list[str] | tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for the phrases, longest first; `*` is up to six characters of one clause without a negation."""
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile(
        "|".join(re.escape(phrase).replace(r"\*", r"[^,。!?;\n不没无未唔冇]{0,6}?") for phrase in ordered)
    )


def _symptom(label: str, row: dict[str, Any]) -> Symptom:
    return Symptom(
        label,
        row["title"],
        row.get("safety", False),
        frozenset(row.get("only", [])),
        one_of(row["says"]),
        one_of(row["not_when"]) if row.get("not_when") else None,
    )


def _undecided(label: str, row: dict[str, list[str]]) -> Undecided:
    deciding = {option: tuple(row[option]) for option in row["options"]}
    return Undecided(label, tuple(row["names"]), tuple(row["options"]), deciding)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Read once a process."""
    categories = tomllib.loads((HERE / "categories.toml").read_text(encoding="utf-8"))
    symptoms = tomllib.loads((HERE / "symptoms.toml").read_text(encoding="utf-8"))
    undecided = categories.pop("undecided")
    return Lexicon(
        {
            label: Category(label, row["title"], tuple(row["names"]), tuple(row["hints"]), tuple(row["codes"]))
            for label, row in categories.items()
        },
        tuple(_undecided(label, row) for label, row in undecided.items()),
        {label: _symptom(label, row) for label, row in symptoms.items()},
    )
