"""退延保: a contract or card is given up for what is left of its price, after the reckoning was read back."""

from __future__ import annotations

from bot.flow import Answers, Flow, Question
from bot.kinds.cover import OwnCover, to_give_up
from bot.talk import Talk
from domain.cover import contracts
from domain.cover.lifecycle import CoverStatus
from domain.cover.model import Cover
from domain.kit.money import ZERO, Money


def has_some(talk: Talk, answers: Answers) -> bool:
    return bool(to_give_up(talk))


def chose(talk: Talk, answers: Answers) -> bool:
    return "cover" in answers


def give_up(talk: Talk, answers: Answers) -> str:
    if "cover" not in answers:
        return "您名下没有可以退的延保或服务卡。"
    said = answers["cover"].value
    cover = talk.uow.get(Cover, said["cover_id"], called="这份延保或服务卡")
    if cover.status is CoverStatus.ORDERED:
        contracts.void(talk.uow, cover.id, by=talk.by, why="客户不买了")
        return "已取消，没有扣费。"
    done, refund = contracts.cancel(talk.uow, cover.id, by=talk.by, why="客户退订", sure_of=Money(said["fen"]))
    if refund.back == ZERO:
        return "已退订，没有可退的金额。"
    more = "金额较大，由客服核对后退款，" if contracts.waits_for_approval(talk.uow, done) else ""
    return f"已申请退订，{more}{refund.back} 会按原来的付款方式退回，到账后在这里通知您。退款期间不再保障。"


flow = Flow(
    name="cover_cancel",
    rank=73,
    title="退延保",
    said=["退延保", "退订延保", "退服务卡", "退清洁卡", "退卡", "不要延保了"],
    questions=[
        Question("cover", "退订", "请问要退哪一份？回复数字：", OwnCover(), needed=has_some),
    ],
    submit=give_up,
    confirms=chose,
)
