"""保修查询: answered from the archive by the rules that the sheet goes by; what the archive does not know an agent looks up."""

from __future__ import annotations

from bot.flow import Answers, Flow
from bot.kinds.product import by_product
from bot.talk import Talk
from domain.cover.standing import judge
from domain.products.queries import Owned
from domain.products.warranty_facts import Decision, Result

MOST = 5
"""Products that are answered for at once."""


def tell(talk: Talk, answers: Answers) -> str:
    label = talk.category()
    own = [owned for owned in talk.products if label in (None, owned.model.category_code)][:MOST]
    if not own:
        return "您名下还没有登记这台产品，查不到保修。回复“登记”登记后就能查；急的话回复“人工”，凭发票也能核对。"
    judged = judge(talk.uow, [one.model for one in own], [one.product for one in own])
    told = [said(one, judged.decide(one.model, one.product, talk.uow.today)) for one in own]
    return "\n\n".join([*told, "以上按登记资料推算，最终以发票和工程师现场核验为准。"])


def said(owned: Owned, decision: Decision) -> str:
    """One product: where it begins, each component, what may be returned or exchanged."""
    shown, doubts = by_product(owned).shown, [f"{doubt}。" for doubt in decision.doubts]
    known = [one for one in decision.answers if one.result is not Result.UNKNOWN]
    if decision.start is None and not known:
        asked = f"{shown}：没有登记购买日期，请准备好发票，工程师上门核对；也可以回复“人工”补登日期。"
        return "\n".join([asked, *doubts])
    lines = [one.words for one in (*known, *decision.rights)]
    begun = decision.start.words if decision.start else ""
    return "\n".join([f"{shown}，{begun}：", *doubts, *(lines or ["没有查到对应的保修条款，请回复“人工”核对"])])


flow = Flow(
    name="warranty",
    rank=70,
    title="保修查询",
    said=["保修", "在保吗", "还在保修吗", "过保", "质保", "保修期", "保修多久"],
    intents={"warranty_query"},
    aside=True,
    questions=[],
    submit=tell,
    confirms=lambda talk, answers: False,
)
