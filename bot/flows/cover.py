"""延保: what may be bought for one's product, or as a card, with price, days and terms; ordered when all is confirmed, and in force
when it is paid, not before. Whoever means something else with it is led there."""

from __future__ import annotations

from bot.conversation import Answer
from bot.flow import Answers, Flow, Question, Then
from bot.kinds.cover import CoverAim, GiftCode, OwnProduct, PlanOnSale, offers, sellable
from bot.talk import Talk
from domain.cover.contracts import order_cover

ELSEWHERE = {"gift": "gift", "cancel": "cover_cancel", "mine": "cover_mine"}
NOTHING = "现在没有可以买的延保或服务卡。"


def buys(answers: Answers) -> bool:
    return "aim" not in answers or answers["aim"].value not in ELSEWHERE


def needs_product(talk: Talk, answers: Answers) -> bool:
    wants_card = "aim" in answers and answers["aim"].value == "card"
    return buys(answers) and bool(talk.products) and not wants_card


def has_plans(talk: Talk, answers: Answers) -> bool:
    return buys(answers) and bool(sellable(talk, answers))


def chose(talk: Talk, answers: Answers) -> bool:
    return "plan" in answers


def buy(talk: Talk, answers: Answers) -> str | Then:
    if not buys(answers):
        code = GiftCode().find(talk, talk.understood) if talk.understood else None
        return Then("", ELSEWHERE[answers["aim"].value], {"code": code} if isinstance(code, Answer) else {})
    if "plan" not in answers:
        return why_nothing(talk, answers)
    product = answers["product"].value["product_id"] if "product" in answers else None
    cover = order_cover(talk.uow, answers["plan"].value["plan_id"], product, talk.customer().id, by=talk.by, via="chat")
    return f"已为您下单，应付 {cover.price_fen}。付款链接马上发给您，24 小时内付款有效；付款前不生效，不想要了不付就行，到时自动取消。"


def why_nothing(talk: Talk, answers: Answers) -> str:
    """What is on sale and why not for this product; without a product, how to come to one."""
    found = offers(talk, answers)
    if "product" not in answers and not (answers.get("aim") and answers["aim"].value == "card"):
        return "您名下还没有登记产品。延保要先登记产品，回复“登记”，登记后再说“买延保”就能看到方案和价格。"
    reasons = [f"· {one.plan.title}：{one.why_not}" for one in found]
    return "\n".join(["这台产品现在没有可以买的方案：", *reasons]) if reasons else NOTHING


flow = Flow(
    name="cover",
    rank=70,
    title="延保",
    said=["延保", "延长保修", "买延保", "服务卡", "清洗卡", "清洁卡"],
    intents={"buy_cover"},
    questions=[
        Question("aim", "", "", CoverAim(), volunteered=True),
        Question("product", "产品", "请问给哪一台产品买？回复数字：", OwnProduct(), needed=needs_product),
        Question(
            "plan", "方案", "可以买的有下面这些，回复数字选一个；不买请回复“取消”：", PlanOnSale(), needed=has_plans, about="product"
        ),
    ],
    submit=buy,
    confirms=chose,
)  # fmt: skip
