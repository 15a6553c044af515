"""取消工单: by the customer, with a reason, as far as the order's state allows."""

from __future__ import annotations

from bot.appointing import under_way
from bot.flow import Answers, Flow, Question
from bot.kinds import OneOf, OwnOrder, has_open_order
from bot.talk import Talk
from domain.work_orders import operations as work_orders
from domain.work_orders.lifecycle import ORDERS
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken


def may_be_cancelled(talk: Talk, answers: Answers) -> bool:
    """Whether the customer may still cancel the order in the answers: until the engineer is on the way."""
    if "order" not in answers:
        return False
    order = talk.uow.get(WorkOrder, answers["order"].value["order_id"], called="这张工单")
    allowed = any(move.name == "cancel" for move in ORDERS.allowed(order.status, talk.by.role))
    return allowed and not under_way(talk, order.id)


def cancel(talk: Talk, answers: Answers) -> str:
    if "order" not in answers:
        return "您名下没有可以取消的工单。"
    if "reason" not in answers:
        return f"工单 {answers['order'].shown} 现在不能在这里取消：工程师出发前可以。请直接跟工程师说，或回复“人工”。"
    order = work_orders.move_order(
        talk.uow, answers["order"].value["order_id"], "cancel", by=talk.by, why=answers["reason"].value
    )
    return f"工单 {spoken(order.number)} 已取消。以后需要，直接说故障就行。"


flow = Flow(
    name="cancel_order",
    rank=70,
    title="取消工单",
    said=["取消工单", "取消报修", "取消预约", "取消安装", "不用来了", "不用上门了"],
    intents={"cancel_order"},
    questions=[
        Question("order", "工单", "请问取消哪一张工单？回复数字：", OwnOrder(), needed=has_open_order),
        Question(
            "reason", "原因", "工程师出发前都可以取消。请问取消的原因？回复数字，或直接说：",
            OneOf(("已经好了", "改约其他时间", "等太久了", "不想修了")), needed=may_be_cancelled,
        ),
    ],
    submit=cancel,
    confirms=may_be_cancelled,
)  # fmt: skip
