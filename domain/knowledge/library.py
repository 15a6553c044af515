"""The articles and code tables in memory, read once a process from the files beside this module; finding what fits."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from domain.kit.errors import NotFound
from domain.knowledge import reading
from domain.knowledge.article import Article
from domain.knowledge.error_codes import GENERAL, CodeMeaning, plain_code
from domain.knowledge.symptoms import gravest, is_dangerous

HERE = Path(__file__).parent

Fit = tuple[int, bool, int, int]
"""How well an article fits, more is better: the reason, said in its words, symptoms in common, less the others."""


@dataclass(frozen=True)
class Library:
    """``articles`` by id, ``codes`` by (brand code or ``general``, category, code)."""

    articles: Mapping[str, Article]
    codes: Mapping[tuple[str, str, str], CodeMeaning]

    def meaning(self, brand_code: str | None, category: str, code: str) -> CodeMeaning | None:
        """The brand's meaning of a code, else the general one, else None."""
        tables = [table for table in (brand_code, GENERAL) if table]
        found = (self.codes.get((table, category, plain_code(code))) for table in tables)
        return next((meaning for meaning in found if meaning), None)

    def allows(
        self, symptoms: Collection[str], category: str | None, error_code: str | None, brand_code: str | None
    ) -> bool:
        """Whether the customer may try anything."""
        if is_dangerous(symptoms, category):
            return False
        meaning = self.meaning(brand_code, category, error_code) if category and error_code else None
        return meaning is None or meaning.self_help

    def find(
        self, category: str | None, symptoms: Collection[str], error_code: str | None, brand_code: str | None, said: str
    ) -> list[Article]:
        """What the customer may try, best first; nothing where nothing may be tried."""
        if category is None or not self.allows(symptoms, category, error_code, brand_code):
            return []
        told = {*symptoms, "error_code"} if error_code else set(symptoms)
        meaning = self.meaning(brand_code, category, error_code) if error_code else None
        text = unicodedata.normalize("NFKC", said).lower()
        grave = gravest(symptoms)
        possible = [
            one
            for one in self.articles.values()
            if category in one.categories and (grave is None or grave in one.symptoms)
        ]
        fits = [(_fit(one, told, meaning, text), one) for one in possible]
        fitting = [(fit, one) for fit, one in fits if fit]
        return [one for _, one in sorted(fitting, key=lambda pair: (*(-part for part in pair[0]), pair[1].id))]


def _fit(one: Article, told: set[str], meaning: CodeMeaning | None, text: str) -> Fit | None:
    """Reasons, best first: the brand's table says so, symptoms, the general table says so, any code, any fault.

    The general table comes after symptoms because brands differ; the label ``other`` says nothing without the words.
    """
    by_code = meaning is not None and meaning.article == one.id
    in_words = any(phrase in text for phrase in one.said)
    common = (told & set(one.symptoms)) - {"error_code"}
    if not in_words:
        common -= {"other"}
    others = len(common) - len(one.symptoms)
    if by_code and meaning and not meaning.is_general:
        return 5, in_words, len(common), others
    if common:
        return 4, in_words, len(common), others
    if by_code:
        return 3, in_words, 0, others
    if "error_code" in told and "error_code" in one.symptoms:
        return 2, in_words, 0, others
    return (1, in_words, 0, 0) if not one.symptoms else None


def read_library(folder: Path) -> Library:
    """All files of a folder.

    :raises BadKnowledge: naming everything that is wrong with them
    """
    articles, codes = reading.read_all(folder)
    return Library({one.id: one for one in articles}, {(one.table, one.category, one.code): one for one in codes})


@lru_cache(maxsize=1)
def loaded() -> Library:
    """The product's own, read when first asked for."""
    return read_library(HERE)


def find_articles(
    category: str | None, symptoms: Collection[str], error_code: str | None = None, brand_code: str | None = None, *,
    said: str = "",
) -> list[Article]:  # fmt: skip
    """What the customer may try, best first: by the brand's code, then symptoms, the general code, the category.

    ``said`` is the customer's own text: it tells a yellow flame from a small one, where both are ``other``.
    Empty when a symptom is dangerous or the code calls for an engineer.
    """
    return loaded().find(category, symptoms, error_code, brand_code, said)


def article(article_id: str) -> Article:
    """:raises NotFound: no file of that name"""
    found = loaded().articles.get(article_id)
    if found is None:
        raise NotFound("没有找到这篇自助指南")
    return found


def error_meaning(brand_code: str | None, category: str, code: str) -> CodeMeaning | None:
    """What a code on the display means: the brand's own table, else what it usually means, else None."""
    return loaded().meaning(brand_code, category, code)


def is_self_help_allowed(
    symptoms: Collection[str], category: str | None = None, error_code: str | None = None, brand_code: str | None = None
) -> bool:
    """False for gas, smoke, burning and electric shock, a smell at a gas appliance, and codes that need an engineer."""
    return loaded().allows(symptoms, category, error_code, brand_code)
