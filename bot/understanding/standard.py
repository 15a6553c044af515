"""The same message in standard words: dialect and English replaced, stretched words drawn together, mis-heard words set right.

Only what is looked for in lexicons reads this text; phones, codes, names and addresses are read from what was written.
Every character still knows where it came from. New words go into lexicon/dialect.toml and lexicon/homophones.toml.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.understanding.homophones import heard
from bot.understanding.lexicon.dialect import dialect
from bot.understanding.normalise import Normalised, normalise

_STRETCHED = re.compile(r"(?:[\u4e00-\u9fff][\s….·~、,\-*]+){2,}[\u4e00-\u9fff](?![\u4e00-\u9fff])")
_SEPARATOR = re.compile(r"[\s….·~、,\-*]+")
_STUTTER = re.compile(r"([\u4e00-\u9fff])\1{2,}")


def standard(said: Normalised) -> Normalised:
    """The text as the lexicons expect it."""
    said = replaced(said, _STRETCHED, lambda match: _SEPARATOR.sub("", match.group()))
    said = replaced(said, _STUTTER, lambda match: match[1] * 2)
    pattern, words = dialect()
    said = replaced(said, pattern, lambda match: words[match.group()])
    return heard(said)


def read_standard(text: str | Normalised) -> Normalised:
    """Finders that look into lexicons take plain text, or text made standard before."""
    return text if isinstance(text, Normalised) else standard(normalise(text))


def replaced(said: Normalised, pattern: re.Pattern[str], word: Callable[[re.Match[str]], str]) -> Normalised:
    """With every match replaced; the new characters are taken to come from where the old ones did."""
    pieces: list[str] = []
    at: list[int] = []
    place = 0
    for match in pattern.finditer(said.text):
        new = word(match)
        pieces += (said.text[place : match.start()], new)
        at += said.at[place : match.start()]
        last = match.end() - match.start() - 1
        at += [said.at[match.start() + (last if i == len(new) - 1 else min(i, last))] for i in range(len(new))]
        place = match.end()
    if not pieces:
        return said
    pieces.append(said.text[place:])
    return Normalised("".join(pieces), said.original, (*at, *said.at[place:]))
