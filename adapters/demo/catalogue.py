"""The demo brand's models and warranty terms, made from `models.toml` and `warranty.toml`; a new line goes there."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib.resources import files
from typing import Any

from domain.catalog.operations import ModelRow, TermRow

BRAND_NAME = "云枫"
FIXED = {"category", "code", "name"}
MONTH_OF_LAUNCH = 3
"""Appliances come out in March, at the trade's spring fair, and the last of a design are sold by the end of a year."""


def table(name: str) -> dict[str, Any]:
    """One of the demo's data files."""
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


def models() -> list[ModelRow]:
    """All models of the demo brand, always the same ones in the same order."""
    data = table("models.toml")
    made = [row for line in data["line"] for row in of_line(line)]
    for twin in data["twin"]:
        since = date(twin["since"], MONTH_OF_LAUNCH, 1)
        made.append(ModelRow(twin["category"], twin["code"], f"{BRAND_NAME} {twin['name']}", since))
    return made


def of_line(line: Mapping[str, Any]) -> Iterator[ModelRow]:
    """Every combination of a line's choices."""
    parts = [name for name in line if name not in FIXED]
    for choice in itertools.product(*(line[name] for name in parts)):
        chosen: dict[str, Sequence[Any]] = dict(zip(parts, choice, strict=True))
        since, *until = chosen["design"][2:]
        name = line["name"].format(**{part: words[1] for part, words in chosen.items()})
        yield ModelRow(
            category_code=line["category"],
            code=line["code"].format(**{part: words[0] for part, words in chosen.items()}),
            name=" ".join(f"{BRAND_NAME} {name}".split()),
            sold_since=date(since, MONTH_OF_LAUNCH, 1),
            sold_until=date(until[0], 12, 31) if until else None,
        )


def terms(model_ids: Mapping[str, str]) -> Iterator[TermRow]:
    """The warranty terms; ``model_ids`` finds a model by its code."""
    for term in table("warranty.toml")["term"]:
        for category in term.get("categories", ()):
            yield TermRow(*_words(term), category_code=category)
        for code in term.get("models", ()):
            yield TermRow(*_words(term), model_id=model_ids[code])


def _words(term: Mapping[str, Any]) -> tuple[str, int, str, date, date | None]:
    return term["component"], term["months"], term["source"], term["since"], term.get("until")
