"""Model codes: the one a customer means, out of the catalogue, and never silently another.

Many codes are one character apart, so only the very code, dashes, spaces, case and width aside, is EXACT; a code that
differs by letters people mix up is FOLDED, one that is close is NEAR, and both must be confirmed by the customer.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from domain.catalog.codes import LONGEST, code_key, look_alike, normalise_code

Id = TypeVar("Id")

SLIPS = 3
"""Edits at most between what was written and a near code; four and more are another code."""
SHIFT = 2
"""Characters missing or too many that are looked for."""
FEW = 3_000
"""Codes of one length that are simply all compared; above that, only those that share a piece with what was written."""
PIECES = 4
FAMILY = 6
"""Codes that begin alike, beyond which what was written is the name of a family (KFR-35GW) and means none of them."""
SHORTEST = 3


class Match(StrEnum):
    EXACT = "exact"
    FOLDED = "folded"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class CodeHit(Generic[Id]):
    """A product of the catalogue; only with `match` EXACT may it be taken without asking which one was meant."""

    id: Id
    code: str
    score: float
    match: Match


def _pieces(length: int) -> list[tuple[int, int]]:
    cuts = [round(part * length / PIECES) for part in range(PIECES + 1)]
    return list(itertools.pairwise(cuts))


class CodeIndex(Generic[Id]):
    """All codes of a catalogue, built once and then only read.

    Finding near codes among many uses that two slips leave two of four pieces of a code as they were: only codes that
    share one of the three rarest pieces are compared letter by letter.
    """

    def __init__(self, codes: Iterable[tuple[Id, str]]) -> None:
        self._ids: list[Id] = []
        self._codes: list[str] = []
        self._keys: list[str] = []
        self._folds: list[str] = []
        self._by_key: dict[str, list[int]] = {}
        self._by_fold: dict[str, list[int]] = {}
        self._by_length: dict[int, list[int]] = defaultdict(list)
        self._by_piece: dict[tuple[int, int, str], list[int]] = {}
        for id_, code in codes:
            self._add(id_, code)
        self._sorted = sorted(self._by_fold)

    def _add(self, id_: Id, code: str) -> None:
        key = code_key(code)
        if not key:
            return
        row, fold = len(self._ids), look_alike(key)
        self._ids.append(id_)
        self._codes.append(code)
        self._keys.append(key)
        self._folds.append(fold)
        self._by_key.setdefault(key, []).append(row)
        self._by_fold.setdefault(fold, []).append(row)
        self._by_length[len(fold)].append(row)
        for place, (start, end) in enumerate(_pieces(len(fold))):
            self._by_piece.setdefault((len(fold), place, fold[start:end]), []).append(row)

    def __len__(self) -> int:
        return len(self._ids)

    def exact(self, text: str) -> CodeHit[Id] | None:
        """The product with that very code; None when two differ only in dashes and the dashes do not tell which."""
        rows = self._by_key.get(code_key(text), [])
        if len(rows) > 1:
            said = normalise_code(text)
            rows = [row for row in rows if normalise_code(self._codes[row]) == said]
        return self._hit(rows[0], 1.0, Match.EXACT) if len(rows) == 1 else None

    def folded(self, text: str) -> CodeHit[Id] | None:
        """The only product whose code looks the same (O and 0, I, l and 1 …); to be confirmed."""
        rows = self._by_fold.get(look_alike(text), [])
        return self._hit(rows[0], 0.95, Match.FOLDED) if len(rows) == 1 else None

    def knows(self, text: str) -> bool:
        """Whether that code, or one that looks the same, is in the catalogue at all."""
        return look_alike(text) in self._by_fold

    def near(self, text: str, limit: int = 3) -> list[CodeHit[Id]]:
        """Products the text may have meant, best first; an exact one leads. Empty when nothing is close."""
        key = code_key(text)
        if not SHORTEST <= len(key) <= LONGEST:
            return []
        fold = look_alike(key)
        costs = {row: self._cost(key, fold, row) for row in self._close(fold)}
        for row in self._longer(fold):
            costs.setdefault(row, 0.9 + 0.01 * (len(self._keys[row]) - len(key)))
        best = sorted(costs, key=lambda row: (costs[row], self._codes[row]))[:limit]
        return [self._graded(row, key, costs[row]) for row in best]

    def _close(self, fold: str) -> Iterator[int]:
        slips = SLIPS if len(fold) > 6 else 2 if len(fold) > 3 else 1
        for length in range(len(fold) - min(slips, SHIFT), len(fold) + min(slips, SHIFT) + 1):
            rows = self._by_length.get(length, [])
            rows = rows if len(rows) <= FEW else self._sharing(fold, length)
            close = process.extract(
                fold, [self._folds[row] for row in rows], scorer=OSA.distance, score_cutoff=slips, limit=40
            )
            yield from (rows[place] for _, _, place in close)

    def _sharing(self, fold: str, length: int) -> list[int]:
        """Codes of that length that have a piece in common with what was written, the commonest piece aside."""
        groups: list[list[list[int]]] = []
        for place, (start, end) in enumerate(_pieces(length)):
            seen = {fold[max(0, start + by) : end + by] for by in range(-SHIFT, SHIFT + 1) if end + by > 0}
            groups.append([rows for piece in seen if (rows := self._by_piece.get((length, place, piece)))])
        groups.sort(key=lambda group: sum(map(len, group)))
        return list({row for group in groups[:-1] for rows in group for row in rows})

    def _longer(self, fold: str) -> list[int]:
        """Codes of which only the ending was left out: JSQ31-16WD5 for JSQ31-16WD5(12T)."""
        if len(fold) < 6:
            return []
        found: list[int] = []
        start = bisect_left(self._sorted, fold)
        for known in self._sorted[start : start + 40]:
            if known.startswith(fold) and len(known) > len(fold) + SHIFT:
                found += self._by_fold[known]
        return found if len(found) <= FAMILY else []

    def _cost(self, key: str, fold: str, row: int) -> float:
        """Edits, of which those between letters that look alike count half."""
        return 0.5 * OSA.distance(key, self._keys[row]) + 0.5 * OSA.distance(fold, self._folds[row])

    def _graded(self, row: int, key: str, cost: float) -> CodeHit[Id]:
        if self._keys[row] == key:
            return self._hit(row, 1.0, Match.EXACT if len(self._by_key[key]) == 1 else Match.FOLDED)
        if self._folds[row] == look_alike(key):
            return self._hit(row, 0.95, Match.FOLDED)
        return self._hit(row, round(max(0.0, 0.9 - cost / max(len(key), 6)), 3), Match.NEAR)

    def _hit(self, row: int, score: float, match: Match) -> CodeHit[Id]:
        return CodeHit(self._ids[row], self._codes[row], score, match)
