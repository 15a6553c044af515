"""报价: the customer looks at the quote of an order again, with the lines to answer it."""

from __future__ import annotations

from bot.flow import Answers, Flow
from bot.quoted import standing_words
from bot.talk import Talk


def tell(talk: Talk, answers: Answers) -> str:
    return standing_words(talk)


flow = Flow(
    name="quote",
    rank=73,
    title="看报价",
    said=["看报价", "报价单", "我的报价", "师傅的报价", "工程师的报价"],
    aside=True,
    questions=[],
    submit=tell,
    confirms=lambda talk, answers: False,
)
