"""投诉: opens a case with a deadline for an agent."""

from __future__ import annotations

from datetime import timedelta

from bot.flow import Answers, Flow, Question
from bot.kinds import Words
from bot.kinds.order import open_orders, shown
from bot.talk import Talk
from bot.tasks import for_agent

ANSWERED_WITHIN = timedelta(hours=24)


def complain(talk: Talk, answers: Answers) -> str:
    orders = "\n".join(shown(order) for order in open_orders(talk))
    for_agent(talk, "complaint", f"投诉：{answers['words'].value}\n{orders}".strip(), within=ANSWERED_WITHIN)
    return (
        "非常抱歉给您带来不好的体验。投诉已立案，客服主管 24 小时内给您答复，处理进展会在这里告诉您。"
        f"急事可拨打 {talk.voice.hotline}。"
    )


flow = Flow(
    name="complaint",
    rank=80,
    title="投诉",
    said=["投诉", "我要投诉", "举报"],
    intents={"complaint"},
    questions=[
        Question(
            "words",
            "投诉内容",
            "非常抱歉。请说说是什么事，越具体越好，我们马上转给主管：",
            Words("请再说具体一点：哪次服务、什么事"),
        ),
    ],
    submit=complain,
    confirms=lambda talk, answers: False,
)
