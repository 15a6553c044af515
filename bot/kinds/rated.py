"""What is rated, and with how many stars."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.conversation import Answer, Choices, Option
from bot.flow import Answers
from bot.heard import Heard
from bot.kinds.choice import Words
from bot.kinds.kind import Kind, NotUnderstood
from bot.kinds.order import chosen, shown
from domain.feedback.ratings import may_amend, open_for_rating, rating_of
from domain.feedback.tags import STARS, TAGS
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import read_number
from domain.work_orders.queries import orders_of

if TYPE_CHECKING:
    from bot.talk import Talk
    from bot.understanding import Understood

DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
NUMBER = re.compile(r"([1-5一二两三四五])\s*(?:个|颗)?星(?!期|级)")
PHRASES = (
    (re.compile(r"满分|非常满意|(?<!不)好评|十分满意"), 5),
    (re.compile(r"中评|^一般$"), 3),
    (re.compile(r"很不满意|非常不满意|差评"), 1),
    (re.compile(r"不满意"), 2),
    (re.compile(r"^满意$"), 4),
)
"""Words that say as much as a number; what merely praises is asked about, because stars stand."""


def stars_in(said: str) -> int | None:
    """How many stars words give beyond doubt, or None."""
    if found := NUMBER.search(said):
        return DIGITS.get(found[1]) or int(found[1])
    return next((stars for pattern, stars in PHRASES if pattern.search(said.strip("。.!！~ "))), None)


def rated_orders(talk: Talk) -> list[WorkOrder]:
    """Orders of this person that may be rated now; where there are none, the last rating that may still be added to."""
    orders = orders_of(talk.uow, talk.contact.customer_id, limit=8)
    if fresh := [order for order in orders if open_for_rating(talk.uow, order)]:
        return fresh
    stands = [(order, rating_of(talk.uow, order.id)) for order in orders]
    return [order for order, rating in stands if rating and may_amend(talk.uow, rating)][:1]


@dataclass(frozen=True)
class RatedOrder(Kind):
    """An order that may be rated: known when there is only one, by its number, or picked."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        found = self.find(talk, understood)
        if found is None:
            raise NotUnderstood("请回复工单前面的数字，或发工单号")
        return found

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        number = read_number(understood.said.text)
        return next((chosen(order) for order in rated_orders(talk) if order.number == number), None)

    def known(self, talk: Talk, answers: Answers) -> Answer | None:
        orders = rated_orders(talk)
        return chosen(orders[0]) if len(orders) == 1 else None

    def options(self, talk: Talk) -> Choices | None:
        return Choices("", tuple(Option(shown(order), chosen(order)) for order in rated_orders(talk)))


@dataclass(frozen=True)
class Stars(Kind):
    """One to five."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        found = self.find(talk, understood)
        if found is None:
            raise NotUnderstood("请回复 1 到 5，5 是非常满意")
        return found

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        stars = stars_in(understood.said.text)
        return None if stars is None else Answer(stars, f"{stars} 星")

    def options(self, talk: Talk) -> Choices | None:
        return Choices("", tuple(Option(f"{'★' * n} {STARS[n - 1]}", Answer(n, f"{n} 星")) for n in range(1, 6)))


BAD = {tag.title: tag.code for tag in TAGS if not tag.good and tag.until is None}


@dataclass(frozen=True)
class Blame(Words):
    """What was wrong: picked, or in words. Whatever is said is the answer, also where it sounds like a complaint."""

    hint: str = "请回复数字，或简单说说哪里不满意"
    at_least: int = 2

    def options(self, talk: Talk) -> Choices | None:
        return Choices("", tuple(Option(title, Answer(title, title)) for title in BAD))
