"""Reads the files of articles and error codes, and says in plain words what is wrong with them, all at once.

What every article must keep to is in `faults_of`; words that must never be advised are in `checks.FORBIDDEN`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from domain.knowledge import checks
from domain.knowledge.article import Article, Step
from domain.knowledge.error_codes import CodeMeaning

KEYS = {"title", "categories", "symptoms", "who", "minutes", "steps", "stop", "source", "checked"}
MAY = {"said"}


class BadKnowledge(Exception):
    """Files that cannot be used; one line a fault, each beginning with the file's name."""


def read_all(folder: Path) -> tuple[list[Article], list[CodeMeaning]]:
    """Every article and every code, checked by themselves and against each other.

    :raises BadKnowledge: something is wrong with them
    """
    faults: list[str] = []
    articles = list(read_articles(folder / "articles", folder / "pictures", faults))
    codes = list(read_codes(folder / "codes", faults))
    faults += checks.faults_of_library(articles, codes)
    if faults:
        raise BadKnowledge("\n".join(faults))
    return [replace(one, codes=leading_to(one.id, codes)) for one in articles], codes


def leading_to(article_id: str, codes: list[CodeMeaning]) -> tuple[str, ...]:
    return tuple(one.name for one in codes if one.article == article_id)


def read_articles(folder: Path, pictures: Path, faults: list[str]) -> Iterator[Article]:
    """The articles that can be read; what is wrong is added to ``faults``."""
    for file in sorted(folder.glob("*/*.toml")):
        name = f"{file.parent.name}/{file.stem}"
        try:
            row = tomllib.loads(file.read_text(encoding="utf-8"))
            one = article_from(name, row)
        except (ValueError, TypeError, AttributeError) as problem:
            faults.append(f"{name}：读不出来（{problem}）")
            continue
        there = {step.picture for step in one.steps if step.picture and (pictures / step.picture).is_file()}
        faults += [f"{name}：{fault}" for fault in checks.faults_of(one, there)]
        yield one


def article_from(name: str, row: Mapping[str, Any]) -> Article:
    """:raises ValueError: a key is missing or unknown"""
    _only_known(row, KEYS, MAY)
    return Article(
        id=name, title=row["title"].strip(), categories=tuple(row["categories"]), symptoms=tuple(row["symptoms"]),
        who=row["who"].strip(), minutes=int(row["minutes"]), steps=tuple(map(step_from, row["steps"])),
        stop=row["stop"].strip(), source=row["source"].strip(), checked=row["checked"],
        said=tuple(row.get("said", ())),
    )  # fmt: skip


def step_from(row: str | Mapping[str, str]) -> Step:
    """A step is its words, or ``{ words = "…", picture = "….png" }``."""
    if isinstance(row, str):
        return Step(row.strip())
    _only_known(row, {"words"}, {"picture"})
    return Step(row["words"].strip(), row.get("picture"))


def read_codes(folder: Path, faults: list[str]) -> Iterator[CodeMeaning]:
    """The rows of every table; the file's name is the brand's code."""
    for file in sorted(folder.glob("*.toml")):
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
            source, checked = table.pop("source"), table.pop("checked")
            for category, rows in table.items():
                for code, row in rows.items():
                    _only_known(row, {"means", "self_help"}, {"article", "warning"})
                    yield CodeMeaning(
                        table=file.stem, category=category, code=code, means=row["means"], self_help=row["self_help"],
                        article=row.get("article"), warning=row.get("warning", ""), source=source, checked=checked,
                    )  # fmt: skip
        except (ValueError, TypeError, AttributeError, KeyError) as problem:
            faults.append(f"codes/{file.name}：读不出来（{problem}）")


def _only_known(row: Mapping[str, Any], needed: set[str], may: set[str]) -> None:
    if missing := needed - row.keys():
        raise ValueError(f"缺少 {'、'.join(sorted(missing))}")
    if unknown := row.keys() - needed - may:
        raise ValueError(f"不认识 {'、'.join(sorted(unknown))}")
