"""A chat flow is a list of questions. The next question is the first needed one not answered.

So a flow has no arrows: leaving a question out, asking it only sometimes, going back to one, or deploying a new one
while people are mid-conversation all follow from that sentence. To add a flow, put one file into ``bot/flows``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.conversation import Answer

if TYPE_CHECKING:
    from bot.kinds import Kind
    from bot.talk import Talk
    from bot.understanding import Understood

Answers = Mapping[str, Answer]


def always(talk: Talk, answers: Answers) -> bool:
    return True


def silent(talk: Talk, answers: Answers) -> str:
    return ""


def whatever(understood: Understood[str]) -> bool:
    return True


def never(understood: Understood[str]) -> bool:
    return False


@dataclass(frozen=True)
class Question:
    """One thing a flow wants to know. ``title`` is its name on the summary, and what people call it: 改地址."""

    name: str
    title: str
    ask: str
    kind: Kind
    needed: Callable[[Talk, Answers], bool] = always
    personal: bool = False
    """The answer is personal: the privacy line comes before it."""
    volunteered: bool = False
    """Never asked for, only kept when the person says it."""
    about: str = ""
    """The question whose answer this one is about: a new answer there makes this one void."""


@dataclass(frozen=True)
class Then:
    """One flow leads into another, by name, with answers it takes along."""

    words: str
    flow: str
    answers: Answers


@dataclass(frozen=True)
class Flow:
    """One thing a person can get done in the chat."""

    name: str
    title: str
    said: Sequence[str]
    """Words by which people ask for it; a denial before them (不、别、没) does not count."""
    questions: Sequence[Question]
    submit: Callable[[Talk, Answers], str | Then]
    """Does it, once all is confirmed; returns the closing words, or what goes on after them."""
    intents: Collection[str] = ()
    """The intents it serves, by the labels of `bot.understanding`."""
    carries: Collection[str] = ("address", "phone", "name")
    """Answers it takes over from a flow it is entered from, and hands on to one it is left for, where the questions have
    the same names."""
    aside: bool = False
    """A side question: answered in the middle of another flow, which then goes on."""
    wanted: Callable[[Understood[str]], bool] = field(default=never)
    """Whether what was understood asks for it without naming it: a fault is a repair request."""
    interrupts: Callable[[Understood[str]], bool] = whatever
    """Whether words in which the wish was heard say enough to leave another flow for it."""
    hint: Callable[[Talk, Answers], str] = silent
    """A word after the first question: another way there is."""
    rank: int = 50
    """Where it stands when flows are named: low first."""
    confirms: Callable[[Talk, Answers], bool] = always
    """Whether the summary is read back before submitting."""

    def next_question(self, talk: Talk, answers: Answers) -> Question | None:
        return next(
            (q for q in self.questions if not q.volunteered and q.name not in answers and q.needed(talk, answers)), None
        )

    def question(self, name: str) -> Question:
        return next(q for q in self.questions if q.name == name)

    def summary(self, answers: Answers) -> str:
        """What was understood, one line an answer, in the order of the questions."""
        kept = [(q, answers[q.name]) for q in self.questions if q.name in answers and q.title and answers[q.name].shown]
        return "\n".join(f"{q.title}：{answer.shown}" for q, answer in kept)
