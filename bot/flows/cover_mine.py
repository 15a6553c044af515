"""我的延保: one's contracts and cards, until when they hold, what is left of them, and where to pay for what waits for it."""

from __future__ import annotations

from bot.flow import Answers, Flow
from bot.kinds.cover import named
from bot.talk import Talk
from domain.cover.lifecycle import COVERS, CoverStatus
from domain.cover.queries import CoverSeen, covers_of
from domain.kit.unit_of_work import SHANGHAI

MOST = 10


def tell(talk: Talk, answers: Answers) -> str:
    mine = covers_of(talk.uow, talk.contact.customer_id)[:MOST]
    if not mine:
        return "您名下还没有延保或服务卡。想买请说“买延保”；有赠品兑换码请说“兑换”。"
    return "\n".join([*(line(one) for one in mine), "要退请说“退延保”；想再买请说“买延保”。"])


def line(one: CoverSeen) -> str:
    """How one stands."""
    cover = one.cover
    if cover.status is CoverStatus.ORDERED:
        until = f"{cover.lapses_at.astimezone(SHANGHAI):%-m月%-d日 %H:%M}"
        return f"· {named(one)}：待付款 {cover.price_fen}，{until} 前有效。要付款链接请说“付款”"
    uses = f"，还剩 {one.left} 次" if cover.uses else ""
    return f"· {named(one)}：{COVERS.titles[cover.status]}，{cover.since} 至 {cover.until}{uses}"


flow = Flow(
    name="cover_mine",
    rank=72,
    title="我的延保",
    said=["我的延保", "我的卡", "我的服务卡", "我的清洁卡", "我的卡券", "我买的延保"],
    aside=True,
    questions=[],
    submit=tell,
    confirms=lambda talk, answers: False,
)
