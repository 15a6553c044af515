"""价格: answered from the brand's public price page, until quotes exist."""

from __future__ import annotations

from bot.flow import Answers, Flow
from bot.kinds.product import category_title
from bot.talk import Talk
from domain.organizations.model import Brand

MOST = 12
"""Lines of a price list people read in a chat."""


def tell(talk: Talk, answers: Answers) -> str:
    lines = talk.uow.session.get_one(Brand, talk.voice.brand_id).price_words.splitlines()
    label = talk.category()
    title = category_title(label) if label else ""
    fitting = [line for line in lines if title and line.startswith(title)]
    general = [line for line in lines if line.startswith("通用")]
    told = (fitting or [line for line in lines if line not in general])[:MOST] + general
    if not lines:
        return f"收费标准请拨打 {talk.voice.hotline} 咨询；上门后工程师会先报价，您同意了再维修。"
    return "\n".join(
        [
            "收费参考（以公示价目为准，保修期内符合条件免费）：",
            *told,
            "上门后工程师先报价，您同意了再维修，不同意只收上门费。",
        ]
    )


flow = Flow(
    name="price",
    rank=70,
    title="收费标准",
    said=["收费", "价格", "多少钱", "收费标准", "怎么收费", "上门费"],
    intents={"price_query"},
    aside=True,
    questions=[],
    submit=tell,
    confirms=lambda talk, answers: False,
)
