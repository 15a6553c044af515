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
from bot.understanding.lexicon.phrases import TIME
from bot.understanding.lexicon.standing import is_choice, standing
from bot.understanding.likeness import likest
from bot.understanding.moments import Moment
from bot.understanding.normalise import Normalised

REPAIR, OTHER, HELP = "request_repair", "other", "self_help"
FAULT = 0.6
"""What a fault told without any wish weighs as a wish for repair."""
GUESS = 0.4
"""What naming a product without any wish or known fault weighs."""
LIKE = 0.57
"""What being like examples of one intent weighs where no phrase tells."""
ALIKE = 0.9
"""How much liker than the next it must be."""
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
_ASKS = re.compile(r"[吗么?]|哪[个种些里儿]|什么|怎么|多久|多少|几[档度次个]|如何|能不能|可不可以|是不是|要不要|好不好")
_COMING = re.compile(
    r"(?:能不能|什么时候|几点|哪天|能|可以|来得及|有空|方便|要得)*(?:来|到|上门|过来|派人|派师傅)[来修看人下个一]*(?:吗|么|不|嘛|没有?|\?)+"
    r"|(?:行|可以|方便|有空|来得及|得空)(?:吗|么|不|嘛|\?)+"
)
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
    for wish in lexicon().wishes.values():
        found = _exactly(wish, plain, said) or _weighed(
            wish, said.text[:LONGEST], _marked(said.text, moments)[:LONGEST]
        )
        if found:
            best[wish.label] = found
    if is_fault and best.get(REPAIR, (0.0, 0, 0))[0] < FAULT:
        best[REPAIR] = (FAULT, 0, len(said.text))
    if max((row[0] for row in best.values()), default=0.0) < FAULT:
        is_statement = names_product and not _asks(said.text)
        like = None if is_statement else likest(said.text)
        if like and like[1] > ALIKE:
            best[like[0]] = (LIKE if like[0] != OTHER else NOTHING, 0, len(said.text))
    if not best and names_product and len(plain or said.text) > BARE_NAME:
        best[HELP if _asks(said.text) else REPAIR] = (GUESS, 0, len(said.text))
    if not best:
        return Found(Intent(OTHER, lexicon().wishes[OTHER].title), said.span(0, len(said.text)), NOTHING)
    ranked = sorted(best.items(), key=lambda row: -row[1][0])
    label, (weight, start, end) = ranked[0]
    rivals = tuple((other, row[0]) for other, row in ranked[1:4])
    score = weight if not rivals or rivals[0][1] < weight else weight - 0.1
    return Found(Intent(label, lexicon().wishes[label].title, rivals), said.span(start, end), round(score, 3))


def _asks(text: str) -> bool:
    """Whether something is asked besides whether somebody can come."""
    return bool(_ASKS.search(_COMING.sub("", text)))


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


def _marked(text: str, moments: list[Moment]) -> str:
    """The text with every time made of `TIME`, so that phrases can say "changed to some time"."""
    for moment in moments:
        text = text[: moment.start] + TIME * (moment.end - moment.start) + text[moment.end :]
    return text
