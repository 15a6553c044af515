"""Which part or piece of work somebody means by a name in a sentence: exactly that one, or its neighbours to choose from, never
silently another. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

SAME = {
    "加氟": "换制冷剂", "充氟": "换制冷剂", "补氟": "换制冷剂", "雪种": "制冷剂", "冷媒": "制冷剂", "氟利昂": "制冷剂", "电脑板": "主板",
    "马达": "电机", "门胶条": "门封条", "密封胶条": "门封条", "屏幕": "屏",
}  # fmt: skip
"""What people say → how parts are called."""
REPLACES = re.compile(r"换|配|买|加|坏")
"""Words without which half of a name is no name: 不制冷 asks for no 制冷剂."""
NOISE = re.compile(r"[\s·（）()×xX*/-]+")
LEAST = 2
"""Characters of a name that are a name by themselves."""


@dataclass(frozen=True)
class Named:
    """``exact`` are names that were said; ``near`` those that may have been meant, when none was."""

    exact: Sequence[str]
    near: Sequence[str]


def plain(text: str) -> str:
    return NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()


def named_in(text: str, names: Iterable[str]) -> Named:
    """Look for names in a sentence, the longest first."""
    said = plain(text)
    for other, ours in SAME.items():
        said = said.replace(other, ours)
    known = sorted({name for name in names if name}, key=lambda name: (-len(plain(name)), name))
    exact: list[str] = []
    left = said
    for name in known:
        key = plain(name)
        if key in left and (len(key) >= LEAST or f"换{key}" in left):
            exact.append(name)
            left = left.replace(key, " ")
    if exact:
        return Named(exact, ())
    if not REPLACES.search(said):
        return Named((), ())
    return Named((), halves(said, known) or slips(said, known))


def halves(said: str, names: Sequence[str]) -> list[str]:
    """Names of which the end or the beginning was said: 主板 of 内机主板, 风扇 of 风扇电机; the longest piece counts."""
    scored: dict[str, int] = {}
    for name in names:
        key = plain(name)
        pieces = [key[-size:] for size in range(LEAST, len(key))] + [key[:size] for size in range(LEAST, len(key))]
        found = max((len(piece) for piece in pieces if piece in said), default=0)
        if found:
            scored[name] = found
    best = max(scored.values(), default=0)
    return sorted(name for name, size in scored.items() if size == best)


def slips(said: str, names: Sequence[str]) -> list[str]:
    """Names that are one slip of the finger away from a piece of the sentence."""
    found = []
    for name in names:
        key = plain(name)
        size = len(key)
        windows = [said[at : at + size] for at in range(max(1, len(said) - size + 1))] if size > LEAST else []
        if any(DamerauLevenshtein.distance(key, window, score_cutoff=1) <= 1 for window in windows):
            found.append(name)
    return sorted(found)
