"""Mis-heard and mis-typed words by their sound (空条不制令 is 空调不制冷), for the words in lexicon/homophones.toml.

Sounds come from pypinyin's table of characters, read as data: importing the package would cost 50 MB for its phrases.
"""

from __future__ import annotations

import itertools
import json
import tomllib
import unicodedata
from collections import defaultdict
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from bot.understanding.lexicon import HERE
from bot.understanding.normalise import Normalised

READINGS = 2
"""Readings of a character that are tried; rarer ones only make accidents."""
PARTICLES = "的地得了不"
"""Read as the particles they nearly always are: 出来的水 is no 滴水."""
_MIXED_UP = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"))
_ENDS = ("ang", "eng", "ing")

Sounds = tuple[str, ...]


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    """Code point (decimal, as text) → readings with tones, separated by commas."""
    spec = find_spec("pypinyin")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pypinyin")
    path = Path(spec.submodule_search_locations[0]) / "pinyin_dict.json"
    table: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return {code: readings for code, readings in table.items() if 0x4E00 <= int(code) <= 0x9FFF}


@lru_cache(maxsize=8_192)
def readings(character: str) -> Sounds:
    """How the character may sound, without tones, commonest first."""
    found: list[str] = []
    for reading in _table().get(str(ord(character)), "").split(","):
        marks = unicodedata.normalize("NFD", reading.replace("ü", "v"))
        plain = "".join(c for c in marks if not unicodedata.combining(c))
        if plain and plain not in found:
            found.append(plain)
    return tuple(found[: 1 if character in PARTICLES else READINGS])


@lru_cache(maxsize=2_048)
def folded(sound: str) -> str:
    """The sound without what many people do not tell apart."""
    for wide, narrow in _MIXED_UP:
        if sound.startswith(wide):
            sound = narrow + sound[len(wide) :]
    return sound[:-1] if sound.endswith(_ENDS) else sound


class Ear:
    """All words of the table by how they begin to sound."""

    def __init__(self, long: list[str], short: list[str], unless: list[str]) -> None:
        self.by_start: dict[Sounds, dict[str, tuple[tuple[frozenset[str], ...], bool]]] = defaultdict(dict)
        self.words = {*long, *short}
        self.unless = tuple(unless)
        for word in sorted(self.words, key=len, reverse=True):
            is_long = len(word) > 2
            sounds = tuple(frozenset(self._heard(c, is_long)) for c in word)
            for start in itertools.product(*sounds[:2]):
                self.by_start[tuple(map(folded, start))][word] = (sounds, is_long)

    @staticmethod
    def _heard(character: str, is_long: bool) -> Sounds:
        return tuple(map(folded, readings(character))) if is_long else readings(character)

    def word_at(self, text: str, at: int) -> str | None:
        """The longest word that the characters there sound like; None if they are that word, or a real one."""
        if at + 1 >= len(text):
            return None
        first, second = readings(text[at]), readings(text[at + 1])
        for start in itertools.product(set(map(folded, first)), set(map(folded, second))):
            for word, (sounds, is_long) in self.by_start.get(start, {}).items():
                here = text[at : at + len(word)]
                if len(here) != len(word) or not self._sounds_so(here, sounds, is_long):
                    continue
                if here == word or self._is_real(text, at, word):
                    return None
                if self._is_likely(here, word):
                    return word
        return None

    def _sounds_so(self, here: str, sounds: tuple[frozenset[str], ...], is_long: bool) -> bool:
        return all(not want.isdisjoint(self._heard(c, is_long)) for c, want in zip(here, sounds, strict=True))

    def _is_likely(self, here: str, word: str) -> bool:
        """At least one character is right, as nearly always, and what is there is no other word of the trade."""
        return here not in self.words and any(a == b for a, b in zip(here, word, strict=True))

    def _is_real(self, text: str, start: int, meant: str) -> bool:
        """Whether a real word lies over the place, or another word of the trade runs across its ends."""
        end = start + len(meant)
        offset = max(0, start - 2)
        near = text[offset : end + 2]
        for word in self.unless:
            at = near.find(word) + offset
            if word not in meant and offset <= at < end and at + len(word) > start:
                return True
        across = (start - 1, end - 1)
        return any(i >= 0 and text[i : i + 2] in self.words for i in across)


@lru_cache(maxsize=1)
def _ear() -> Ear:
    table = tomllib.loads((HERE / "homophones.toml").read_text(encoding="utf-8"))
    return Ear(table["long"], table["short"], table["unless"])


def heard(said: Normalised) -> Normalised:
    """With every mis-heard word of the trade set right; the text keeps its length."""
    ear, text = _ear(), said.text
    at = 0
    out = list(text)
    while at < len(text) - 1:
        word = ear.word_at(text, at)
        if word:
            out[at : at + len(word)] = word
            at += len(word)
        else:
            at += 1
    return Normalised("".join(out), said.original, said.at)
