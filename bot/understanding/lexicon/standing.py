"""Which finds of a lexicon's phrases stand: not voided by a `not_when`, and no question of the kind 要不要."""

from __future__ import annotations

import re
from collections.abc import Iterator

A_LITTLE_MORE = 1
"""A find may end this much behind what voids it: 了 in 瓷砖打裂了."""

MOST = 60
"""Finds looked at; more are in no message of a person, and a pasted wall must not cost a turn."""


def standing(says: re.Pattern[str], not_when: re.Pattern[str] | None, text: str) -> Iterator[re.Match[str]]:
    """Finds in order; one that is void does not hide another that begins inside it."""
    void: list[tuple[int, int]] | None = None
    at = 0
    for _ in range(MOST):
        match = says.search(text, at)
        if match is None:
            return
        if void is None:
            void = [v.span() for v in not_when.finditer(text)] if not_when else []
        begins, ends = match.span()
        if any(start <= begins < end or start < ends <= end + A_LITTLE_MORE for start, end in void):
            at = begins + 1
            continue
        yield match
        at = max(ends, begins + 1)


def is_choice(text: str, start: int) -> bool:
    """Whether a find that begins with 不 or 没 is the middle of a question: 要不要, 有没有, 漏不漏."""
    return 0 < start < len(text) - 1 and text[start] in "不没" and text[start - 1] == text[start + 1]
