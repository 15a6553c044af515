"""Dialect, English and emoji as one table of replacements (dialect.toml), for messages and for the lexicons' phrases."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def dialect() -> tuple[re.Pattern[str], dict[str, str]]:
    """What to look for, and the standard word for each."""
    tables = tomllib.loads(Path(__file__).with_name("dialect.toml").read_text(encoding="utf-8"))
    words = sorted(tables["words"], key=len, reverse=True)
    letters = sorted(tables["letters"], key=len, reverse=True)
    pattern = "|".join(map(re.escape, words)) + rf"|(?<![0-9a-z\-])(?:{'|'.join(letters)})(?![0-9a-z\-])"
    return re.compile(pattern), tables["words"] | tables["letters"]


def standard_phrase(phrase: str) -> str:
    """A lexicon's phrase in standard words, so that it meets the standard text."""
    pattern, words = dialect()
    return pattern.sub(lambda match: words[match.group()], phrase)
