"""取消工单: by the customer, with a reason, as far as the order's state allows."""

from __future__ import annotations

from bot.flow import Answers, Flow, Question
from bot.kinds import OneOf, OwnOrder, has_open_order
from bot.talk import Talk
from domain.work_orders import operations as work_orders
from domain.work_orders.numbers import spoken


def cancel(talk: Talk, answers: Answers) -> str:
    if "order" not in answers:
        return "您名下没有可以取消的工单。"
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
            "reason", "原因", "请问取消的原因？回复数字，或直接说：",
            OneOf(("已经好了", "改约其他时间", "等太久了", "不想修了")), needed=has_open_order,
        ),
    ],
    submit=cancel,
    confirms=has_open_order,
)  # fmt: skip
