"""Reading a pick from numbered choices: by number, by 第二个, or by the words of the choice."""

from __future__ import annotations

import re
import unicodedata

from bot.conversation import Choices, Option
from bot.understanding import Understood

NUMBER = re.compile(r"^(?:第|选|选择|要)?\s*(\d|[一二三四五六七八九])\s*(?:个|号|项|台)?[。.、,!吧\s]*$")
CHINESE = "一二三四五六七八九"
ATTENTIVE = 2
"""Characters of an option that must be said for it to count by its words."""


def picked(offer: Choices, understood: Understood[str]) -> Option | None:
    """The option meant, or None when the words are no pick."""
    said = understood.said.text.strip()
    match = NUMBER.match(said)
    if match:
        n = CHINESE.index(match[1]) + 1 if match[1] in CHINESE else int(match[1])
        return offer.options[n - 1] if 1 <= n <= len(offer.options) else None
    words = plain(said)
    by_words = [option for option in offer.options if len(words) >= ATTENTIVE and words in plain(option.shown)]
    return by_words[0] if len(by_words) == 1 else None


def plain(words: str) -> str:
    """Letters and digits only: 不是,是另一台 is what the choice 不是，是另一台 says."""
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", words)).casefold()


def is_number(understood: Understood[str]) -> bool:
    """A number that is no option of the offer: worth a word of its own."""
    return bool(NUMBER.match(understood.said.text.strip()))
