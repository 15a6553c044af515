"""兑换: the code of a gift becomes a card or a warranty of one's product."""

from __future__ import annotations

from bot.conversation import Answer
from bot.flow import Answers, Flow, Question, Then
from bot.kinds.cover import GiftCode, OwnProduct
from bot.talk import Talk
from domain.cover.gifts import redeem_gift


def which_product(talk: Talk, answers: Answers) -> bool:
    """Asked only once the code is known to be for a product."""
    return "for_product" in answers and bool(talk.products)


def redeem(talk: Talk, answers: Answers) -> str | Then:
    product = answers["product"].value["product_id"] if "product" in answers else None
    done = redeem_gift(talk.uow, answers["code"].value, product, talk.customer().id, by=talk.by)
    if not done.needs_product:
        return done.words
    if not talk.products:
        return f"{done.words}您名下还没有登记产品，回复“登记”登记后再兑换，兑换码不会失效。"
    return Then(done.words, "gift", {"code": answers["code"], "for_product": Answer(True, "")})


flow = Flow(
    name="gift",
    rank=74,
    title="兑换",
    said=["兑换", "兑换码", "赠品码", "兑换赠品", "我要兑换", "赠品兑换"],
    questions=[
        Question("code", "兑换码", "请发兑换码（12 位字母和数字，如 ABCD-EFGH-JKMN）：", GiftCode()),
        Question("product", "产品", "请问用在哪一台产品上？回复数字：", OwnProduct(), needed=which_product),
    ],
    submit=redeem,
    confirms=lambda talk, answers: False,
)
