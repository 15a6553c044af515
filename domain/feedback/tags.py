"""★ What customers may rate besides the whole, and the words they may tap. To change it, end a row and write another.

A row holds on days ``[since, until)``; what was said is kept by code and shown by `title_of`, also after its row has ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

FIRST = date(2020, 1, 1)
STARS = ("很不满意", "不满意", "一般", "满意", "非常满意")
"""What one star to five say."""


@dataclass(frozen=True)
class Aspect:
    """One thing that has stars of its own."""

    code: str
    title: str
    since: date = FIRST
    until: date | None = None


@dataclass(frozen=True)
class Tag:
    """Words to tap. ``about`` says what a bad one is about: ``work`` can be put right at home, ``conduct`` cannot."""

    code: str
    title: str
    good: bool
    about: str = "conduct"
    since: date = FIRST
    until: date | None = None


ASPECTS: Sequence[Aspect] = (
    Aspect("punctuality", "准时"),
    Aspect("skill", "技术"),
    Aspect("manner", "态度"),
    Aspect("tidiness", "整洁"),
    Aspect("price", "收费清楚"),
)

NOT_FIXED = "not_fixed"
TAGS: Sequence[Tag] = (
    Tag("on_time", "准时到", True),
    Tag("skilled", "技术好", True),
    Tag("kind", "有礼貌", True),
    Tag("clean", "收拾干净", True),
    Tag("explained", "讲得清楚", True),
    Tag("fair", "收费明白", True),
    Tag(NOT_FIXED, "没修好", False, "work"),
    Tag("damaged", "弄坏了东西", False, "work"),
    Tag("careless", "活做得粗糙", False, "work"),
    Tag("late", "来得晚", False),
    Tag("rude", "态度不好", False),
    Tag("dirty", "没收拾干净", False),
    Tag("unclear_price", "收费不清楚", False),
)


def aspects_on(day: date) -> list[Aspect]:
    return [one for one in ASPECTS if holds(one, day)]


def tags_on(day: date, *, good: bool | None = None) -> list[Tag]:
    """The words of a day, in the order they are shown; only praise, or only blame, where ``good`` says so."""
    return [one for one in TAGS if holds(one, day) and good in (None, one.good)]


def holds(row: Aspect | Tag, day: date) -> bool:
    return row.since <= day and (row.until is None or day < row.until)


def title_of(code: str) -> str:
    """What a tag or an aspect is called, also one that holds no more."""
    rows: Sequence[Aspect | Tag] = [*TAGS, *ASPECTS]
    return next((one.title for one in rows if one.code == code), code)


def is_about_work(tags: Iterable[str]) -> bool | None:
    """Whether any of these words blames the work itself; None where none blames anything."""
    blamed = [one.about for one in TAGS if not one.good and one.code in set(tags)]
    return None if not blamed else "work" in blamed
