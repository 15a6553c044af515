"""What somebody wants, by weighted phrases (lexicon/intents.toml): wishes outweigh the fault told beside them.

A fault without a wish is a request for repair; nothing at all is `other` with a low score. New wordings go into the
lexicon; only how phrases are weighed against each other is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.understanding.found import Found
from bot.understanding.lexicon import Wish, lexicon
from bot.understanding.lexicon.standing import is_choice, standing
from bot.understanding.likeness import likeness
from bot.understanding.moments import Moment, marked
from bot.understanding.normalise import Normalised
from bot.understanding.questions import asks

REPAIR, OTHER, HELP = "request_repair", "other", "self_help"
FAULT = 0.6
"""What a fault told without any wish weighs as a wish for repair."""
GUESS = 0.1
"""What naming a product without any wish or known fault weighs."""
LIKE = 0.57
"""How sure is what only likeness tells."""
LEAST = 0.2
"""The share of likeness from which it tells at all."""
MUST, CERTAIN = 0.97, 2.0
"""Phrases above this weight are not overruled by likeness."""
NOTHING = 0.2
BARE_NAME = 5
"""Characters up to which a message is only a product's name."""
LONGEST = 400
"""Characters looked at for wishes; what is wanted is not said after that, and pasted walls must not cost a turn."""
_NEGATED = re.compile(
    r"(?:不|别|没|勿|唔|并非|不是|不想|不要|不用|无需|先不|不需要|不打算|没有|没说|不是要|不是来|没想)(?:再|要|去|来|给)?$"
)
_SAYS_NO = re.compile(r"[不别没勿唔无冇]|取消|退订")
_CHOICE = re.compile(r"(.)[不没]\1$")
_QUESTION = re.compile(r"(?:[能是要可行好会]|需|有)(?:不|没)$")
_DECORATION = re.compile(r"[^0-9a-z\u4e00-\u9fff]+|[呀啊哦呢哈嘛哟啦]+(?=\W*$)")


@dataclass(frozen=True, slots=True)
class Intent:
    """`rivals` are the other things that may be wanted, best first, with their weights."""

    label: str
    title: str
    rivals: tuple[tuple[str, float], ...] = ()


def find_intent(
    said: Normalised, moments: list[Moment], *, is_fault: bool, names_product: bool = False
) -> Found[Intent]:
    """What is wanted now; always something. `said` is without codes, phone and address; `is_fault` if a fault is told.

    Whoever only says something about a product most likely tells of a fault, whoever asks, how to use it.
    """
    plain = _DECORATION.sub("", said.text[:40]) if len(said.text) < 40 else ""
    best: dict[str, tuple[float, int, int]] = {}
    marked_text = marked(said.text, moments)
    for wish in lexicon().wishes.values():
        found = _exactly(wish, plain, said) or _weighed(wish, said.text[:LONGEST], marked_text[:LONGEST])
        if found:
            best[wish.label] = found
    if is_fault and best.get(REPAIR, (0.0, 0, 0))[0] < FAULT:
        best[REPAIR] = (FAULT, 0, len(said.text))
    if names_product and len(plain or said.text) > BARE_NAME:
        best.setdefault(HELP if asks(said.text) else REPAIR, (GUESS, 0, len(said.text)))
    like = likeness(said, marked_text, is_fault=is_fault)
    strength = {label: _strength(row[0], like.get(label, 0.0)) for label, row in best.items()}
    strength |= {
        label: share
        for label, share in like.items()
        if label not in best and share > LEAST and not _is_void(label, said, is_fault=is_fault)
    }
    return _chosen(said, best, strength)


def _is_void(label: str, said: Normalised, *, is_fault: bool) -> bool:
    """Whether likeness alone may not tell it: its phrases are there but denied or void, or a fault is told and nothing asked."""
    if label == HELP and is_fault and not asks(said.text):
        return True
    wish, text = lexicon().wishes[label], said.text[:LONGEST]
    if wish.not_when and wish.not_when.search(text):
        return True
    return any(pattern.search(text) for weight, pattern in wish.cues if weight > FAULT)


def _strength(weight: float, share: float) -> float:
    return (CERTAIN if weight > MUST else weight) + share


def _chosen(said: Normalised, best: dict[str, tuple[float, int, int]], strength: dict[str, float]) -> Found[Intent]:
    """The strongest, with its phrase's weight; by likeness alone it stays unsure, and unsure where another is as strong."""
    whole = (0, len(said.text))
    if not strength:
        return Found(Intent(OTHER, lexicon().wishes[OTHER].title), said.span(*whole), NOTHING)
    ranked = sorted(lexicon().wishes, key=lambda label: -round(strength.get(label, 0.0), 4))
    weights = {label: best[label][0] if label in best else LIKE for label in ranked if label in strength}
    label, *others = weights
    rivals = tuple((other, min(weights[other], weights[label])) for other in others[:3] if other in best)
    close = rivals and best.get(rivals[0][0], (0.0,))[0] >= weights[label]
    score = NOTHING if label == OTHER and label not in best else weights[label] - (0.1 if close else 0.0)
    span = best[label][1:] if label in best else whole
    return Found(Intent(label, lexicon().wishes[label].title, rivals), said.span(*span), round(score, 3))


def _exactly(wish: Wish, plain: str, said: Normalised) -> tuple[float, int, int] | None:
    is_whole = plain in wish.exact or (wish.pieces is not None and wish.pieces.fullmatch(plain))
    return (1.0, 0, len(said.text)) if plain and is_whole else None


def _weighed(wish: Wish, *texts: str) -> tuple[float, int, int] | None:
    """The weight of the strongest phrase that stands, and where; looked for in the text and with its times marked."""
    for weight, pattern in wish.cues:
        for text in texts:
            for start, end in _standing(wish, pattern, text):
                return weight, start, end
    return None


def _standing(wish: Wish, pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for match in standing(pattern, wish.not_when, text):
        if not _is_negated(text, match) and not is_choice(text, match.start()):
            yield match.span()


def _is_negated(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 6) : match.start()]
    if _SAYS_NO.match(match.group()) or not _NEGATED.search(before):
        return False
    return not (_QUESTION.search(before) or _CHOICE.search(before))
