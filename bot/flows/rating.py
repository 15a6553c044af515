"""评价: what the customer says of the service, on the order it is about; of none, for the service manager."""

from __future__ import annotations

import re

from bot.flow import Answers, Flow, Question, Then
from bot.kinds.rated import RatedOrder, Stars, rated_orders
from bot.rated import SORRY, THANKS, decided_now
from bot.talk import Talk
from bot.tasks import for_agent
from domain.feedback.ratings import Given, amend, rate, rating_of
from domain.feedback.rules import LONGEST_WORDS, is_low

NAME = "rating"
FOR_MANAGER = "感谢您的评价，已经转给服务经理。有任何没解决的问题，直接在这里说就行。"
UNSOLVED = re.compile(r"没修好|没有修好|没装好|没解决|又坏|还是(?:老样子|不行|不好|坏)")
NOTHING_MORE = re.compile(
    r"^(?:我要)?(?:评价|打分|好评|差评|中评|给?[1-5一二两三四五](?:个|颗)?星(?:好评|差评)?|满分)?[。.!！,，~\s]*$"
)
SAYS_WHY = 6
"""Characters besides the stars that give a reason, so that none is asked for."""


def is_on(talk: Talk, answers: Answers) -> bool:
    """Whether there is something to rate; in the middle of something else only what needs no question."""
    orders = rated_orders(talk)
    return bool(orders) and (talk.state.flow in (None, NAME) or len(orders) == 1)


def asks_stars(talk: Talk, answers: Answers) -> bool:
    """Not of an order that has its stars, and not in the middle of something else."""
    if "order" not in answers or rating_of(talk.uow, answers["order"].value["order_id"]):
        return False
    return talk.state.flow in (None, NAME) or Stars().find(talk, talk.read(talk.said)) is not None


def words_of(talk: Talk) -> str:
    said = talk.said.strip()[:LONGEST_WORDS]
    return "" if NOTHING_MORE.match(said) or said.isdigit() else said


def keep(talk: Talk, answers: Answers) -> str | Then:
    if "order" not in answers:
        for_agent(talk, "rating", f"客户评价：{talk.said[:500]}")
        return FOR_MANAGER
    order_id, words = answers["order"].value["order_id"], words_of(talk)
    stands = rating_of(talk.uow, order_id)
    if stands is None and "stars" not in answers:
        for_agent(talk, "rating", f"客户评价：{talk.said[:500]}\n工单 {answers['order'].shown}")
        return FOR_MANAGER
    if stands is not None:
        if not words:
            return f"您已经评过了（{stands.stars} 星），谢谢！想补充什么，把话接在“评价”后面说就行。"
        amend(talk.uow, order_id, by=talk.by, words=words)
        return "已经补充到您的评价里，谢谢！"
    return kept(talk, answers, order_id, int(answers["stars"].value), words)


def kept(talk: Talk, answers: Answers, order_id: str, stars: int, words: str) -> str | Then:
    """The rating is kept; of a low one the reason is asked, unless the words said it."""
    solved = False if UNSOLVED.search(words) else None
    low = is_low(stars, solved)
    reason = words if not low or len(words) >= SAYS_WHY else ""
    rating = rate(talk.uow, order_id, Given(stars, "chat", words=reason, solved=solved), by=talk.by)
    if not low:
        return "感谢您的评价！" + THANKS.format(stars=stars)
    if reason or talk.state.flow not in (None, NAME):
        return decided_now(talk, rating)
    return Then(SORRY, "rating_reason", {"order": answers["order"]})


flow = Flow(
    name=NAME,
    rank=90,
    title="评价",
    said=["评价", "好评", "差评", "打分"],
    intents={"rate"},
    aside=True,
    questions=[
        Question("order", "工单", "请问评价哪一张工单？回复数字：", RatedOrder(), needed=is_on),
        Question("stars", "星级", "这次服务打几颗星？回复数字：", Stars(), needed=asks_stars, about="order"),
    ],
    submit=keep,
    confirms=lambda talk, answers: False,
)
