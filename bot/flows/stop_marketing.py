"""退订: no marketing for this person; news of their own orders still come."""

from __future__ import annotations

from bot.flow import Answers, Flow
from bot.talk import Talk
from domain.customers import operations as customers


def stop(talk: Talk, answers: Answers) -> str:
    customers.stop_marketing(talk.uow, talk.contact)
    return "已为您停止活动和推广消息。您自己的工单进展仍会通知您。以后想接收，可以在“我的资料和隐私”里打开。"


flow = Flow(
    name="stop_marketing",
    rank=90,
    title="退订推广",
    said=["退订", "TD", "td", "不要再发", "别发广告", "取消推送", "停止推送"],
    intents={"unsubscribe_marketing"},
    aside=True,
    questions=[],
    submit=stop,
    confirms=lambda talk, answers: False,
)
