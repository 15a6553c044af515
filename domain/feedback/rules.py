"""★ When an order may be rated, what counts as low, and what follows from it: rules over frozen facts.

A further consequence is a row of `CONSEQUENCES` and a rule below `follows`: the first rule with something to say decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.feedback.tags import is_about_work
from domain.kit.rulebook import Rulebook

FIRST = date(2020, 1, 1)
OPEN_FOR = timedelta(days=15)
"""So long after the end of the work it may be rated."""
AMEND_WITHIN = timedelta(hours=24)
"""So long words, tags and aspects may be added. Stars stand: they are counted for engineers."""
REASON_WITHIN = timedelta(minutes=30)
"""So long the chat waits for the reason of a low rating before it is decided without one."""
LOW = 2
"""This many stars and fewer are low."""
LONGEST_WORDS = 500

CONSEQUENCES: Mapping[str, str] = {
    "none": "无",
    "rectify": "整改",
    "task": "客服跟进",
    "complaint": "转为投诉",
}


@dataclass(frozen=True)
class Said:
    """What a rating says, and of what."""

    stars: int
    solved: bool | None
    tags: tuple[str, ...]
    visited: bool
    """Somebody was at the customer's."""
    rectifies: bool
    """The order was itself a rectification."""


def is_low(stars: int, solved: bool | None) -> bool:
    """Dissatisfied: two stars or fewer, or it does not work."""
    return stars <= LOW or solved is False


follows: Rulebook[[Said], str | None] = Rulebook()


@follows.rule("content", "不是低分", source="requirements H3", since=FIRST)
def content(said: Said) -> str | None:
    return None if is_low(said.stars, said.solved) else "none"


@follows.rule("again", "整改后仍不满意，转投诉", source="0074", since=FIRST)
def again(said: Said) -> str | None:
    return "complaint" if said.rectifies else None


@follows.rule("nobody_came", "没有上门，客服跟进", source="0074", since=FIRST)
def nobody_came(said: Said) -> str | None:
    return None if said.visited else "task"


@follows.rule("not_solved", "没修好，整改", source="requirements H3", since=FIRST)
def not_solved(said: Said) -> str | None:
    return "rectify" if said.solved is False else None


@follows.rule("conduct", "只怪态度、时间、收费，客服跟进", source="0074", since=FIRST)
def conduct(said: Said) -> str | None:
    return "task" if is_about_work(said.tags) is False else None


@follows.rule("low", "低分，整改", source="requirements H3", since=FIRST)
def low(said: Said) -> str | None:
    return "rectify"


def consequence(said: Said, day: date) -> str:
    """A key of `CONSEQUENCES`: what the first rule that has something to say says."""
    return next((found for rule in follows.on(day) if (found := rule.run(said)) is not None), "none")
