"""评价: what the customer says of the service, kept for an agent until ratings exist."""

from __future__ import annotations

from bot.flow import Answers, Flow
from bot.talk import Talk
from bot.tasks import for_agent


def keep(talk: Talk, answers: Answers) -> str:
    for_agent(talk, "rating", f"客户评价：{talk.said[:500]}")
    return "感谢您的评价，已经转给服务经理。有任何没解决的问题，直接在这里说就行。"


flow = Flow(
    name="rating",
    rank=90,
    title="评价",
    said=["评价", "好评", "差评", "打分"],
    intents={"rate"},
    aside=True,
    questions=[],
    submit=keep,
    confirms=lambda talk, answers: False,
)
