"""保修查询: answered from the archive, with the rule and its source; what the archive does not know an agent looks up."""

from __future__ import annotations

from datetime import date

from bot.flow import Answers, Flow
from bot.kinds.product import by_product
from bot.talk import Talk
from domain.catalog import queries as catalog
from domain.kit.partitions import month_after
from domain.products.queries import Owned

COMPONENTS = {"whole": "整机", "main_parts": "主要部件", "labour": "人工"}


def tell(talk: Talk, answers: Answers) -> str:
    label = talk.category()
    own = [owned for owned in talk.products if label in (None, owned.model.category_code)]
    if not own:
        return "您名下还没有登记这台产品，查不到保修。回复“登记”登记后就能查；急的话回复“人工”，凭发票也能核对。"
    told = [one(talk, owned) for owned in own[:5]]
    return "\n\n".join([*told, "以上按登记资料推算，最终以发票和工程师现场核验为准。"])


def one(talk: Talk, owned: Owned) -> str:
    """One product: of what the law grants and what the brand promises on a component, the longer."""
    bought, shown = owned.product.purchased_on, by_product(owned).shown
    if bought is None:
        return f"{shown}：没有登记购买日期，请准备好发票，工程师上门核对；也可以回复“人工”补登日期。"
    longest: dict[str, tuple[date, str]] = {}
    for term in catalog.warranty_terms(talk.uow, owned.model, bought):
        longest[term.component] = max(
            longest.get(term.component, (bought, "")), (after_months(bought, term.months), term.source)
        )
    lines = [
        f"{COMPONENTS.get(component, component)} {'保内' if talk.uow.today < until else '已过保'}"
        f"（到 {until:%Y-%m-%d}，依据：{source}）"
        for component, (until, source) in longest.items()
    ]
    return "\n".join([f"{shown}，{bought:%Y-%m-%d} 购买：", *(lines or ["没有查到对应的保修条款，请回复“人工”核对"])])


def after_months(day: date, months: int) -> date:
    """The same day of the month so many months on; the last of the month where there is no such day."""
    first = month_after(day, months)
    return date(first.year, first.month, min(day.day, (month_after(first) - first).days))


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
