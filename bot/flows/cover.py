"""延保: the shop for extended warranties comes later; an agent gets the wish with what is known."""

from __future__ import annotations

from bot.flow import Answers, Flow
from bot.kinds.product import by_product
from bot.talk import Talk
from bot.tasks import for_agent


def ask(talk: Talk, answers: Answers) -> str:
    own = "\n".join(by_product(owned).shown for owned in talk.products)
    for_agent(talk, "cover", f"想了解或购买延保、服务卡：{talk.said[:200]}\n名下产品：\n{own or '（未登记）'}")
    return "延保和服务卡的意向已经记下，客服会核对您的产品后在这里给您介绍方案和价格，不会先扣费。"


flow = Flow(
    name="cover",
    rank=70,
    title="延保",
    said=["延保", "延长保修", "买延保", "服务卡", "清洗卡"],
    intents={"buy_cover"},
    aside=True,
    questions=[],
    submit=ask,
    confirms=lambda talk, answers: False,
)
