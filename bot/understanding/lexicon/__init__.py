"""The words of the trade as data: categories, symptoms and intents, one row a thing, edited without touching code."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.understanding.lexicon.dialect import standard_phrase
from bot.understanding.lexicon.phrases import one_of

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
    says_of: dict[str, re.Pattern[str]] = field(hash=False)
    """What says it of one category only: 不转 of a hood is no wind."""
    not_when: re.Pattern[str] | None
    fine: re.Pattern[str] | None
    """Says that just this is in order."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One intent: patterns with their weights, whole messages that say it, and what voids a find."""

    label: str
    title: str
    cues: tuple[tuple[float, re.Pattern[str]], ...]
    exact: frozenset[str]
    pieces: re.Pattern[str] | None
    """Matches a message put together of nothing but these words."""
    not_when: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Lexicon:
    categories: dict[str, Category]
    undecided: tuple[Undecided, ...]
    symptoms: dict[str, Symptom]
    wishes: dict[str, Wish]
    """In the order of the file: of two with the same weight the earlier counts."""


WEIGHTS = {"must": 0.98, "sure": 0.95, "likely": 0.8, "weak": 0.55}


def _symptom(label: str, row: dict[str, Any]) -> Symptom:
    return Symptom(
        label,
        row["title"],
        row.get("safety", False),
        frozenset(row.get("only", [])),
        one_of(row["says"], row.get("patterns", [])),
        {category: one_of(phrases) for category, phrases in row.get("says_of", {}).items()},
        one_of(row["not_when"]) if row.get("not_when") else None,
        one_of(row["fine"]) if row.get("fine") else None,
    )


def _wish(label: str, row: dict[str, Any]) -> Wish:
    cues = tuple((weight, one_of(row[name])) for name, weight in WEIGHTS.items() if row.get(name))
    not_when = one_of(row["not_when"]) if row.get("not_when") else None
    pieces = sorted(row.get("pieces", []), key=len, reverse=True)
    whole = re.compile(rf"(?:{'|'.join(map(re.escape, pieces))})+") if pieces else None
    return Wish(label, row["title"], cues, frozenset(row.get("exact", [])), whole, not_when)


def _words(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(standard_phrase, words)))


def _undecided(label: str, row: dict[str, list[str]]) -> Undecided:
    deciding = {option: _words(row[option]) for option in row["options"]}
    return Undecided(label, _words(row["names"]), tuple(row["options"]), deciding)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Read once a process."""
    categories = tomllib.loads((HERE / "categories.toml").read_text(encoding="utf-8"))
    symptoms = tomllib.loads((HERE / "symptoms.toml").read_text(encoding="utf-8"))
    wishes = tomllib.loads((HERE / "intents.toml").read_text(encoding="utf-8"))
    undecided = categories.pop("undecided")
    return Lexicon(
        {
            label: Category(label, row["title"], _words(row["names"]), _words(row["hints"]), tuple(row["codes"]))
            for label, row in categories.items()
        },
        tuple(_undecided(label, row) for label, row in undecided.items()),
        {label: _symptom(label, row) for label, row in symptoms.items()},
        {label: _wish(label, row) for label, row in wishes.items()},
    )
