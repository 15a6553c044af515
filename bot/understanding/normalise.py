"""One way of writing for what people type: width, case, traditional characters, invisible characters, repeats.

Every character of the normalised text knows the place it came from, so that whatever is found in it can be cut out of
the original exactly as it was written. A new rule belongs in `_characters` (one character) or `_REPEATS` (a run).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from opencc import OpenCC

LONGEST = 2_000
"""Characters looked at; the platform sends no more in one message, and a wall of text must not cost a turn."""

_KEPT = re.compile("[乾](?=[县安西龙务龍務塘丰潭佑])|於(?=潜|潛)|藉(?=口镇)|濛(?=江|阳|陽|洲)")
"""Characters that look traditional but are right in names of places."""
_REPEATS = re.compile(r"([!?。,、;:~…·*#=_/\\|])\1+|(\s)\s+")
_DASH_LIKE = re.compile(r"(?<=[0-9a-z])[一ー](?=[0-9a-z])")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－⁃˗➖"), "-")
_MARKS = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "【": "[", "】": "]", "「": '"', "」": '"'} | {"〇": "零"}
)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the original text: `text[start:end] == words`."""

    start: int
    end: int
    words: str

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` is what to search in; `at[i]` is where its character i began in `original`, the last entry its end."""

    text: str
    original: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The words of the original that `text[start:end]` stands for, without spaces around them."""
        first, last = self.at[start], self.at[end - 1] + 1 if end > start else self.at[start]
        words = self.original[first:last]
        first += len(words) - len(words.lstrip())
        words = words.strip()
        return Span(first, first + len(words), words)

    def blanked(self, *spans: Span) -> Normalised:
        """The same text with these pieces as line breaks: what they hold is not found again, nothing runs across."""
        if not spans:
            return self
        keep = [not any(s.start <= place < s.end for s in spans) for place in self.at[:-1]]
        text = "".join(c if kept else "\n" for c, kept in zip(self.text, keep, strict=True))
        return Normalised(text, self.original, self.at)


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _simplified(text: str) -> str:
    converted = str(_converter().convert(text))
    if len(converted) != len(text):
        converted = "".join(one if len(one := str(_converter().convert(c))) == 1 else c for c in text)
    for kept in _KEPT.finditer(text):
        converted = converted[: kept.start()] + kept.group() + converted[kept.end() :]
    return converted


def _characters(original: str) -> Iterator[tuple[str, int]]:
    for place, character in enumerate(original[:LONGEST]):
        if character in "\n\r\t\v\f":
            yield "\n" if character in "\n\r" else " ", place
            continue
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} or character == "\ufe0f":
            continue
        for piece in unicodedata.normalize("NFKC", character).translate(_DASHES).translate(_MARKS).lower():
            yield piece, place


def normalise(text: str) -> Normalised:
    """Lower case, half width, simplified. Never raises; an empty text stays empty."""
    pieces = list(_characters(text))
    flat = _DASH_LIKE.sub("-", _simplified("".join(piece for piece, _ in pieces)))
    drop = {i for run in _REPEATS.finditer(flat) for i in range(run.start() + 1, run.end())}
    kept = [i for i in range(len(flat)) if i not in drop]
    end = min(len(text), LONGEST)
    return Normalised("".join(flat[i] for i in kept), text, (*(pieces[i][1] for i in kept), end))
