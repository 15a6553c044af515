"""Every code of a catalogue mistyped by one or two typical slips, and every pair that is one edit apart."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz.distance import OSA

from bench.evaluation.figure import Figure, count, share, shown
from bot.understanding import CodeIndex, find_codes
from domain.catalog.codes import code_key

SEED = 20260311
ROUNDS = 3
"""Times each code is mistyped, for each number of slips."""
ALIKE = (
    "O0",
    "0O",
    "I1",
    "1I",
    "L1",
    "1L",
    "B8",
    "8B",
    "S5",
    "5S",
    "Z2",
    "2Z",
    "G6",
    "6G",
    "UV",
    "VU",
    "MN",
    "DO",
    "QO",
)
KEYS = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM", "1234567890")


def codes(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [row["model"] for row in csv.DictReader(lines)]


def index_of(path: Path) -> CodeIndex[str]:
    return CodeIndex((code, code) for code in codes(path))


def figures(path: Path) -> Iterator[Figure]:
    known = codes(path)
    index = index_of(path)
    pick = random.Random(SEED)
    keys = {code_key(code): code for code in known}
    for slips in (1, 2):
        offered: dict[str, bool] = {}
        silent: list[str] = []
        for code in shown(known, f"mistyping codes, {slips} slip(s)"):
            for turn in range(ROUNDS):
                written = _mistyped(code, slips, pick, keys)
                if written is None:
                    continue
                case = f"{code} as {written} ({turn})"
                mention = next(iter(find_codes(written, index)), None)
                near = [hit.code for hit in mention.value.near] if mention else []
                offered[f"{case}: {near}"] = code in near[:3]
                if mention and mention.value.hit:
                    silent.append(f"{case}: {mention.value.hit.code}")
        yield share(f"models.offered_in_three_{slips}_slips", offered, 0.97)
        yield count(f"models.silently_another_{slips}_slips", silent, len(offered), 0)
    yield _pairs(known, index)


def _pairs(known: list[str], index: CodeIndex[str]) -> Figure:
    """Each code of two that are one edit apart, typed right, must be itself and never its neighbour."""
    wrong = []
    of = 0
    for at, one in enumerate(shown(known, "comparing pairs")):
        for other in known[at + 1 :]:
            if code_key(one) != code_key(other) and OSA.distance(code_key(one), code_key(other), score_cutoff=1) <= 1:
                for written in (one, other):
                    of += 1
                    hit = index.exact(written)
                    if hit is None or hit.code != written:
                        wrong.append(f"{written}: {hit.code if hit else None}")
    return count("models.silently_another_of_one_edit_pairs", wrong, of, 0)


def _mistyped(code: str, slips: int, pick: random.Random, keys: dict[str, str]) -> str | None:
    """The code with that many typical slips; None when what comes out is another real code or too little is left."""
    for _ in range(20):
        written = code.upper()
        for _ in range(slips):
            written = _slip(written, pick)
        key = code_key(written)
        if key != code_key(code) and key not in keys and len(key) >= 4:
            return written
    return None


def _slip(code: str, pick: random.Random) -> str:
    """One slip people make: a look-alike, a neighbouring key, a letter left out, doubled or swapped."""
    places = [i for i, c in enumerate(code) if c.isalnum()]
    at = pick.choice(places)
    here = code[at]
    kind = pick.choice(("alike", "alike", "alike", "key", "out", "double", "swap"))
    alike = [pair[1] for pair in ALIKE if pair[0] == here]
    if kind == "alike" and alike:
        return code[:at] + pick.choice(alike) + code[at + 1 :]
    if kind == "out":
        return code[:at] + code[at + 1 :]
    if kind == "double":
        return code[:at] + here + code[at:]
    if kind == "swap" and at + 1 < len(code) and code[at + 1].isalnum() and code[at + 1] != here:
        return code[:at] + code[at + 1] + here + code[at + 2 :]
    row = next((row for row in KEYS if here in row), None)
    if row is None:
        return code[:at] + here + code[at:]
    place = row.index(here) + pick.choice((-1, 1))
    return code[:at] + row[max(0, min(place, len(row) - 1))] + code[at + 1 :]
