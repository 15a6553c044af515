"""One of a few things, or the person's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.conversation import Answer, Choices, Option
from bot.heard import Heard
from bot.kinds.kind import Kind, NotUnderstood
from bot.kinds.pick import NO, YES
from bot.kinds.words import rest

if TYPE_CHECKING:
    from bot.talk import Talk
    from bot.understanding import Understood


@dataclass(frozen=True)
class OneOf(Kind):
    """A pick from a short list; other words are taken as they are when ``free``."""

    choices: Sequence[str]
    free: bool = True

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        words, said = rest(understood), understood.said.text.strip()
        if not self.free or len(words) < 2 or YES.match(said) or NO.match(said):
            raise NotUnderstood(f"请回复 1 到 {len(self.choices)} 之间的数字")
        return Answer(words, words)

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        return next((Answer(choice, choice) for choice in self.choices if choice in understood.said.text), None)

    def options(self, talk: Talk) -> Choices | None:
        return Choices("", tuple(Option(choice, Answer(choice, choice)) for choice in self.choices))


@dataclass(frozen=True)
class Words(Kind):
    """Anything said, at least so many characters of it; what was said with the wish counts when it says enough: it is
    long, or goes on after the first clause."""

    hint: str
    at_least: int = 4
    enough: int = 12

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        words = rest(understood)
        if len(words) < self.at_least:
            raise NotUnderstood(self.hint)
        return Answer(words, words)

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        words = rest(understood)
        _, *besides = re.split(r"[，!?~]+", words)
        says_enough = len(words) >= self.enough or any(len(part) >= self.at_least for part in besides)
        return Answer(words, words) if says_enough else None
