"""Which intents a message is like, among the sentences in lexicon/examples.toml: their characters and pairs of characters.

A naive Bayes, kept that simple so that a new sentence changes what it should and nothing else. Names of products and
times stand for any of their kind, and that a fault is told or something is asked counts as a piece like any other.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from functools import lru_cache

from bot.understanding.categories import product_names
from bot.understanding.faults import looks_like_fault
from bot.understanding.lexicon import HERE
from bot.understanding.lexicon.phrases import TIME
from bot.understanding.moments import marked, moments_in
from bot.understanding.normalise import Normalised
from bot.understanding.questions import asks
from bot.understanding.standard import read_standard

LONGEST = 120
"""Characters looked at."""
SMOOTHING = 0.15
SHARPNESS = 0.15
"""Neighbouring pieces say much the same; without damping every likeness would come out as certain."""
FEWEST, KNOWN = 8, 0.5
"""Pieces of a message, the four of fault and question among them, and the share of all that must be known."""
PRODUCT = "\ue001"
_CLAUSE = re.compile(r"[,。!?;\n\s]+")
_LEAVE = re.compile(r"[^0-9\u4e00-\u9fff\ue000\ue001]+")
_TIMES = re.compile(f"{TIME}+")
_NUMBER = re.compile(r"[0-9]+")
_CODE = re.compile(r"[a-z0-9\-/]{6,}")


def pieces(said: Normalised, text: str, *, is_fault: bool) -> list[str]:
    """What is compared; `text` is what was said with its times marked. A fault and a question count twice."""
    text = _NUMBER.sub("0", _CODE.sub("", product_names().sub(PRODUCT, _TIMES.sub(TIME, text[:LONGEST]))))
    found: dict[str, None] = {}
    for part in _CLAUSE.split(text):
        plain = f"^{_LEAVE.sub('', part)}$"
        if len(plain) > 2:
            found |= dict.fromkeys(plain[i : i + 2] for i in range(len(plain) - 1))
            found |= dict.fromkeys(plain[1:-1])
    return [*found, *2 * ["<fault>" if is_fault else "<no fault>"], *2 * ["<asks>" if asks(said.text) else "<tells>"]]


@lru_cache(maxsize=1)
def _learnt() -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """For every piece the logarithm of how likely it is in a sentence of each intent, and for how many it is known."""
    rows = tomllib.loads((HERE / "examples.toml").read_text(encoding="utf-8"))
    counts = {label: Counter(piece for words in rows[label] for piece in _of_example(words)) for label in rows}
    total = sum(map(len, rows.values()))
    known = sum(counts.values(), Counter[str]())
    return {
        piece: {
            label: math.log((counts[label][piece] + SMOOTHING * 5 * often / total + 0.02) / (len(rows[label]) + 0.79))
            for label in rows
        }
        for piece, often in known.items()
    }, dict.fromkeys(rows, 0.0)


def _of_example(words: str) -> list[str]:
    said = read_standard(words)
    return pieces(said, marked(said.text, moments_in(said)), is_fault=looks_like_fault(said))


def likeness(said: Normalised, text: str, *, is_fault: bool) -> dict[str, float]:
    """How alike the message is to the examples of each intent; together 1. Empty when too little in it is known."""
    logs, none = _learnt()
    said_pieces = pieces(said, text, is_fault=is_fault)
    heard = [logs[piece] for piece in said_pieces if piece in logs]
    if len(heard) < FEWEST or len(heard) < KNOWN * len(said_pieces):
        return {}
    sums = {label: sum(row[label] for row in heard) for label in none}
    most = max(sums.values())
    weights = {label: math.exp((value - most) * SHARPNESS) for label, value in sums.items()}
    whole = sum(weights.values())
    return {label: weight / whole for label, weight in weights.items()}
