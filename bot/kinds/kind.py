"""What every kind of answer can do."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from bot.conversation import Answer, Choices
from bot.flow import Answers
from bot.heard import Heard

if TYPE_CHECKING:
    from bot.talk import Talk
    from bot.understanding import Understood

NONE = re.compile(r"^(没有了?|没|无|跳过|不知道|不记得了?|不清楚|找不到|忘了|忘记了|算了吧|没带|没看到|否)[。.!,~\s]*$")
"""How people say that they have no answer."""


class NotUnderstood(Exception):
    """The answer could not be read. ``str(error)`` says why and how to go on.

    ``counts`` is False when the person did nothing wrong: it is no miss. ``part`` is what was understood so far.
    """

    def __init__(self, words: str, *, counts: bool = True, part: str = "") -> None:
        super().__init__(words)
        self.counts, self.part = counts, part


class Kind(ABC):
    """Base of every kind. Answers are kept as JSON, so their values are plain."""

    by_picture: ClassVar[bool] = False
    """A picture is an attempt to answer: `read` has words for it."""

    doubt_counts: ClassVar[bool] = True
    """A `doubt` told instead of an answer is a miss."""
    renews: ClassVar[bool] = False
    """Its choices are made anew whenever they are asked for: they tell of another answer."""

    @abstractmethod
    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        """Read the answer to this kind of question.

        :raises NotUnderstood: with words for the person
        """

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        """The answer, if a message about something else holds it beyond doubt."""
        return None

    def restated(self, understood: Understood[str], old: Answer) -> bool:
        """Whether a message that answers another question replaces the answer given before."""
        return False

    def doubt(self, talk: Talk, understood: Understood[str]) -> str:
        """Why what was said in passing is no answer, or ""."""
        return ""

    def known(self, talk: Talk, answers: Answers) -> Answer | None:
        """The answer, if the archive has it, so that it is not asked again."""
        return None

    def seen(self, talk: Talk) -> Choices | None:
        """Choices out of what was read on the person's pictures: never an answer, because print is misread."""
        return None

    def options(self, talk: Talk) -> Choices | None:
        """Choices to offer together with the question."""
        return None
