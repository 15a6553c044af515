"""What a message is most like, by its characters and pairs of characters, among the sentences in lexicon/examples.toml.

Only asked where no phrase tells: a naive Bayes over the examples, kept that simple so that a new sentence changes what
it should and nothing else.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from functools import lru_cache

from bot.understanding.lexicon import HERE
from bot.understanding.lexicon.dialect import standard_phrase

SMOOTHING = 0.15
LONGEST = 60
"""Characters looked at."""
_LEAVE = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")


def pieces(text: str) -> list[str]:
    """The characters and the pairs of neighbours, each once; pairs tell more, so that they count twice."""
    plain = _LEAVE.sub("", text)[:LONGEST]
    pairs = {plain[i : i + 2] for i in range(len(plain) - 1)}
    return [*set(plain), *pairs, *pairs]


@lru_cache(maxsize=1)
def _learnt() -> tuple[dict[str, Counter[str]], dict[str, int], int]:
    rows = tomllib.loads((HERE / "examples.toml").read_text(encoding="utf-8"))
    counts = {
        label: Counter(piece for sentence in sentences for piece in pieces(standard_phrase(sentence)))
        for label, sentences in rows.items()
    }
    known = {piece for count in counts.values() for piece in count}
    return counts, {label: count.total() for label, count in counts.items()}, len(known)


def likest(text: str) -> tuple[str, float] | None:
    """The intent the text is most like and how much likelier than the next (0 to 1); None when nothing is alike."""
    counts, totals, known = _learnt()
    heard = [piece for piece in pieces(text) if any(piece in count for count in counts.values())]
    if sum(len(piece) > 1 for piece in heard) < 2 and len(heard) < 2:
        return None
    logs = {
        label: sum(math.log((count[piece] + SMOOTHING) / (totals[label] + SMOOTHING * known)) for piece in heard)
        for label, count in counts.items()
    }
    (best, first), (_, second) = sorted(logs.items(), key=lambda row: -row[1])[:2]
    return best, 1 - math.exp(second - first)
