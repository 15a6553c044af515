"""What is meant around extended warranties and cards: which wish it is, which product, which plan, which contract, which code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from bot.conversation import Answer, Choices, Option
from bot.flow import Answers
from bot.heard import Heard
from bot.kinds.kind import Kind, NotUnderstood
from bot.kinds.product import by_product, meant
from domain.cover.contracts import refund_of
from domain.cover.gifts import read_code, written
from domain.cover.lifecycle import CoverStatus
from domain.cover.numbers import read_number, spoken
from domain.cover.offering import Offer, plans_for
from domain.cover.plans import in_words, said
from domain.cover.queries import CoverSeen, covers_of

if TYPE_CHECKING:
    from bot.talk import Talk
    from bot.understanding import Understood

CARD = r"(?:服务卡|清洁卡|清洗卡|保养卡|维修卡|年卡|卡券?)"
AIMS = (
    ("gift", re.compile(r"兑换|赠品|礼品码|激活码")),
    ("cancel", re.compile(rf"退(?:掉|订|了|款)?[^,，。]{{0,6}}(?:延保|{CARD})|(?:延保|{CARD})[^,，。]{{0,6}}(?:退|不要了|取消)")),
    ("mine", re.compile(rf"我(?:的|买的|有)[^,，。]{{0,4}}(?:延保|{CARD})|(?:延保|{CARD})[^,，。]{{0,4}}(?:还剩|还有|剩|用了|几次|哪几|查|证书)")),
    ("card", re.compile(rf"^(?!.*(?:延保|延长)).*{CARD}")),
)  # fmt: skip
"""The first that fits; none of them is the wish to buy an extended warranty."""
TERMS = 160
"""Characters of the terms that are read back; the certificate has all of them."""
MOST = 8


@dataclass(frozen=True)
class CoverAim(Kind):
    """What somebody who says 延保 or 卡 wants with it."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        raise NotUnderstood("想买延保请说“买延保”，查看请说“我的延保”")

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        aim = next((name for name, words in AIMS if words.search(understood.said.text)), None)
        return Answer(aim, "") if aim else None


@dataclass(frozen=True)
class OwnProduct(Kind):
    """One of the person's own products: known when there is only one, by its code or kind, or picked."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        found = self.find(talk, understood)
        if found is None:
            raise NotUnderstood("请回复产品前面的数字；不在里面的，先回复“登记”登记")
        return found

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        mention = meant(talk, understood)
        label = understood.category.value.label if understood.category else None
        fitting = [
            owned
            for owned in talk.products
            if (mention and mention.hit and owned.model.id == mention.hit.id) or owned.model.category_code == label
        ]
        return by_product(fitting[0]) if len(fitting) == 1 else None

    def known(self, talk: Talk, answers: Answers) -> Answer | None:
        return by_product(talk.products[0]) if len(talk.products) == 1 else None

    def options(self, talk: Talk) -> Choices | None:
        return Choices("", tuple(Option(one.shown, one) for one in map(by_product, talk.products[:MOST])))


def offers(talk: Talk, answers: Answers) -> list[Offer]:
    """What is on sale for the product in the answers; of somebody who wants a card, the cards."""
    if talk.contact.customer_id is None:
        return []
    product = answers["product"].value["product_id"] if "product" in answers else None
    found = plans_for(talk.uow, product, talk.contact.customer_id)
    wants_card = "aim" in answers and answers["aim"].value == "card"
    return [one for one in found if (str(one.plan.kind) == "card") or not wants_card]


def sellable(talk: Talk, answers: Answers) -> list[Offer]:
    return [one for one in offers(talk, answers) if one.eligible][:MOST]


@dataclass(frozen=True)
class PlanOnSale(Kind):
    """A plan that may be bought for the product in the answers."""

    renews: ClassVar[bool] = True

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        raise NotUnderstood("请回复方案前面的数字；不买请回复“取消”")

    def options(self, talk: Talk) -> Choices | None:
        found = sellable(talk, talk.state.answers)
        return Choices("", tuple(Option(short(one), picked(one)) for one in found)) if found else None


def short(offer: Offer) -> str:
    """As a choice: title, price, days or uses."""
    uses = f"，{offer.plan.uses} 次" if offer.plan.uses else ""
    return f"{offer.plan.title}（{offer.price}{uses}，{offer.since} 至 {offer.until}）"


def picked(offer: Offer) -> Answer:
    """Everything somebody agrees to, read back before it is ordered."""
    plan, words = offer.plan, in_words(said(offer.plan))
    lines = [
        short(offer),
        *(f"　{title}：{words[title]}" for title in ("保障", "用于", "免付") if words[title]),
        f"　付款后 {plan.cooling_days} 天内可全额退，之后按剩余{'次数' if plan.uses else '天数'}退" if plan.cooling_days else "",
        f"　条款（第 {plan.version} 版）：{plan.terms[:TERMS]}{'…' if len(plan.terms) > TERMS else ''}",
    ]  # fmt: skip
    return Answer({"plan_id": plan.id, "fen": offer.price.fen}, "\n".join(line for line in lines if line))


def to_give_up(talk: Talk) -> list[CoverSeen]:
    """Contracts the person may give up, paid or not."""
    mine = covers_of(talk.uow, talk.contact.customer_id, only_live=True)
    return [one for one in mine if one.cover.status is not CoverStatus.REFUNDING][:MOST]


@dataclass(frozen=True)
class OwnCover(Kind):
    """One of the person's contracts, with what would come back."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        number = read_number(understood.said.text)
        found = next((one for one in to_give_up(talk) if number and one.cover.number == number), None)
        if found is None:
            raise NotUnderstood("请回复前面的数字，或发证书号")
        return self.chosen(talk, found)

    def known(self, talk: Talk, answers: Answers) -> Answer | None:
        mine = to_give_up(talk)
        return self.chosen(talk, mine[0]) if len(mine) == 1 else None

    def options(self, talk: Talk) -> Choices | None:
        mine = to_give_up(talk)
        return Choices("", tuple(Option(named(one), self.chosen(talk, one)) for one in mine)) if mine else None

    def chosen(self, talk: Talk, one: CoverSeen) -> Answer:
        back = refund_of(talk.uow, one.cover)
        words = "还没付款，直接取消" if one.cover.status is CoverStatus.ORDERED else back.words
        return Answer({"cover_id": one.cover.id, "fen": back.back.fen}, f"{named(one)}\n　{words}")


def named(one: CoverSeen) -> str:
    what = f"（{one.model.name}）" if one.model else ""
    return f"{one.plan.title}{what}，证书号 {spoken(one.cover.number)}"


@dataclass(frozen=True)
class GiftCode(Kind):
    """A code of a gift: only its shape is looked at here, whether it is one of ours when it is redeemed."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        code = read_code(understood.said.original)
        if code is None:
            raise NotUnderstood("兑换码是 12 位的字母和数字，如 ABCD-EFGH-JKMN，请核对后再发一次")
        return Answer(code, written(code))

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        for piece in re.findall(r"[0-9A-Za-z][0-9A-Za-z \-—–]{10,16}[0-9A-Za-z]", understood.said.original):
            if code := read_code(piece):
                return Answer(code, written(code))
        return None
