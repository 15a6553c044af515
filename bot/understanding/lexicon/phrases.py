"""How the lexicons' phrases become patterns: `*` bridges, `{a|b}` chooses, `{a}?` may be left out, `@` is a time, `^` and `$` are the ends."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.understanding.lexicon.dialect import standard_phrase

TIME = "\ue000"
"""Stands for every character of a time once times were marked (`intents`)."""
BRIDGE = r"[^,。!?;\n不没无未唔冇]{0,6}?"
_META = re.compile(r"\\d|[*@^$]|\{([^{}]*)\}\??")


@lru_cache(maxsize=20_000)
def phrase_pattern(phrase: str) -> str:
    """The regular expression for one phrase."""
    out, at = [], 0
    for meta in _META.finditer(phrase):
        out.append(re.escape(phrase[at : meta.start()]))
        out.append(_meaning(meta))
        at = meta.end()
    return "".join((*out, re.escape(phrase[at:])))


def _meaning(meta: re.Match[str]) -> str:
    mark = meta.group()
    if mark.startswith("{"):
        choice = "|".join(phrase_pattern(part) for part in meta[1].split("|"))
        return f"(?:{choice})" + ("?" if mark.endswith("?") else "")
    return {"*": BRIDGE, "@": rf"{TIME}+", "^": r"\A[\s,。]*", "$": r"(?=[\s,。!?~]*\Z)", r"\d": r"\d"}[mark]


def one_of(phrases: Iterable[str], patterns: Iterable[str] = ()) -> re.Pattern[str]:
    """A pattern for the phrases, longest first; `patterns` are regular expressions, for what phrases cannot say."""
    ordered = sorted(dict.fromkeys(map(standard_phrase, phrases)), key=len, reverse=True)
    return re.compile("|".join((*(phrase_pattern(phrase) for phrase in ordered), *patterns)))
