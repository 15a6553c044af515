"""催单: the customer asks to hurry; it counts once in a while, and whoever dispatches sees it first."""

from __future__ import annotations

from bot.flow import Answers, Flow, Question
from bot.kinds import OwnOrder, has_open_order
from bot.talk import Talk
from domain.work_orders import operations as work_orders
from domain.work_orders.operations import UrgedAlready

NONE_OPEN = "您名下没有处理中的工单。需要的话直接说故障就行，例如“空调不制冷”。"


def urge(talk: Talk, answers: Answers) -> str:
    if "order" not in answers:
        return NONE_OPEN
    try:
        order = work_orders.urge_order(talk.uow, answers["order"].value["order_id"], talk.said[:500], by=talk.by)
    except UrgedAlready:
        return f"工单 {answers['order'].shown} 刚刚已经催过了，调度正在跟进，请保持电话畅通。急事可拨打 {talk.voice.hotline}。"
    times = f"（第 {order.urged} 次）" if order.urged > 1 else ""
    return f"已为您催促{times}，工单 {answers['order'].shown} 会优先安排，工程师会尽快联系您。"


flow = Flow(
    name="urge_order",
    rank=70,
    title="催单",
    said=["催单", "催一下", "快点", "快一点"],
    intents={"urge_order"},
    aside=True,
    questions=[Question("order", "工单", "请问催哪一张工单？回复数字：", OwnOrder(), needed=has_open_order)],
    submit=urge,
    confirms=lambda talk, answers: False,
)
