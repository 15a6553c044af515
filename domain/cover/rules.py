"""★ Who may buy which plan for which product: rules over frozen facts, each with the words of its refusal.

All that object are said, in this order. A further condition is a function below `objections`, and where a plan can set it a
field of `Eligibility`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.catalog.categories import TITLES as CATEGORIES
from domain.kit.rulebook import Rulebook
from domain.products.warranty_facts import TITLES as COMPONENTS

FIRST = date(2020, 1, 1)
CHECK_HOLDS = timedelta(days=30)
"""So long after a visit whose checks were all fine a product may be covered without warranty."""
RENEWS = timedelta(days=90)
"""So long before the end of a contract the next one may be bought."""


@dataclass(frozen=True)
class Eligibility:
    """What a plan asks for. Empty means everything; 0 months any age."""

    categories: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    age_months_max: int = 0
    needs_warranty: bool = False
    """The product is still under warranty; with ``needs_check`` a checked one will do as well."""
    needs_check: bool = False
    """An engineer found it in order at a visit."""
    divisions: tuple[str, ...] = ()
    """Beginnings of division codes: 4406 a city."""

    def as_json(self) -> dict[str, Any]:
        """Without what it does not ask for."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items() if value}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Eligibility:
        given: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in said.items()}
        return cls(**given)


@dataclass(frozen=True)
class Wish:
    """One plan for one product (or a card, for nobody's product) as it is on ``day``."""

    kind: str
    component: str
    eligibility: Eligibility
    day: date
    on_sale: bool = True
    own: bool = True
    """The product is the buyer's, or the card for the buyer, and both are of the plan's brand."""
    category: str = ""
    model_id: str = ""
    bought_on: date | None = None
    """Where its warranty begins, as `domain.products.warranty.decide` knows it."""
    age_months: int | None = None
    """None where nobody knows."""
    present_until: date | None = None
    """The last day of what covers the component now; None for nothing."""
    checked_on: date | None = None
    division: str | None = None
    standing_until: date | None = None
    """The last day of a contract of the same component that was bought already, paid or not."""
    waiting: bool = False
    """That contract waits for its payment."""
    fault_open: bool = False
    """A repair of the product is asked for and not finished."""


objections: Rulebook[[Wish], str | None] = Rulebook()


@objections.rule("on_sale", "在售", source="品牌延保条款", since=FIRST)
def on_sale(wish: Wish) -> str | None:
    return None if wish.on_sale else "这个方案已经停售"


@objections.rule("own", "产品在购买人名下", source="品牌延保条款", since=FIRST)
def own(wish: Wish) -> str | None:
    return None if wish.own else "这台产品不在您名下，不能为它购买"


@objections.rule("category", "适用的品类", source="品牌延保条款", since=FIRST)
def category(wish: Wish) -> str | None:
    allowed = wish.eligibility.categories
    if wish.kind == "card" or not allowed or wish.category in allowed:
        return None
    return f"这个方案只适用于{'、'.join(CATEGORIES.get(one, one) for one in allowed)}"


@objections.rule("model", "适用的型号", source="品牌延保条款", since=FIRST)
def model(wish: Wish) -> str | None:
    allowed = wish.eligibility.models
    return None if wish.kind == "card" or not allowed or wish.model_id in allowed else "这个方案不适用于您的型号"


@objections.rule("region", "销售地区", source="品牌延保条款", since=FIRST)
def region(wish: Wish) -> str | None:
    allowed = wish.eligibility.divisions
    if not allowed:
        return None
    if wish.division is None:
        return "这个方案只在部分地区销售，还不知道您的地址"
    return None if wish.division.startswith(allowed) else "您所在的地区还没有开通这个方案"


@objections.rule("age", "机龄", source="品牌延保条款", since=FIRST)
def age(wish: Wish) -> str | None:
    limit = wish.eligibility.age_months_max
    if wish.kind == "card" or not limit:
        return None
    if wish.age_months is None:
        return "还不知道产品是什么时候买的，请先登记购买日期"
    return None if wish.age_months <= limit else f"购买已超过 {limit} 个月，不能再买这个方案"


@objections.rule("condition", "仍在保修期内，或经上门检测合格", source="品牌延保条款", since=FIRST)
def condition(wish: Wish) -> str | None:
    needs = wish.eligibility
    covered = wish.present_until is not None and wish.present_until >= wish.day
    checked = wish.checked_on is not None and wish.day - wish.checked_on <= CHECK_HOLDS
    if wish.kind == "card" or (needs.needs_warranty and covered) or (needs.needs_check and checked):
        return None
    if needs.needs_warranty and needs.needs_check:
        return "产品已过保，需要工程师上门检测合格（30 天内）才能购买"
    if needs.needs_warranty:
        return "产品已过保，这个方案要在保修期内购买"
    return "需要工程师上门检测合格（30 天内）才能购买" if needs.needs_check else None


@objections.rule("twice", "同一部件不重复购买", source="品牌延保条款", since=FIRST)
def twice(wish: Wish) -> str | None:
    standing = wish.standing_until
    if wish.kind == "card" or standing is None:
        return None
    what = COMPONENTS.get(wish.component, wish.component)
    if wish.waiting:
        return f"这台产品已经有一份待付款的{what}延保，请先付款或取消"
    if standing - wish.day > RENEWS:
        return f"这台产品已有{what}延保，保到 {standing}；到期前 {RENEWS.days} 天起可以续买"
    return None


@objections.rule("fault", "购买时没有待修的故障", source="品牌延保条款", since=FIRST)
def fault(wish: Wish) -> str | None:
    return "这台产品正在报修，修好后才能购买" if wish.kind == "warranty" and wish.fault_open else None


def objections_to(wish: Wish) -> list[tuple[str, str]]:
    """(code, words) of every rule that objects; none means it may be bought."""
    return [(rule.code, words) for rule in objections.on(wish.day) if (words := rule.run(wish))]
