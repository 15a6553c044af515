"""保养清洗: a customer wants an appliance cleaned or maintained and gets a work order."""

from __future__ import annotations

from bot.appointing import first_visit
from bot.flow import Answers, Flow, Question, Then
from bot.kinds import Appliance
from bot.opening import CONTACT, is_new, open_order, same_question
from bot.talk import Talk
from domain.work_orders.kinds import ServiceType
from domain.work_orders.numbers import spoken


def request(talk: Talk, answers: Answers) -> str | Then:
    opened = open_order(talk, answers, ServiceType.MAINTENANCE, words=f"清洗保养{answers['product'].shown}")
    number = spoken(opened.order.number)
    if opened.joined:
        return f"您的清洗保养工单 {number} 正在处理，不用重复预约。回复“进度”可随时查看。"
    return first_visit(talk, answers, opened.order, f"清洗保养已受理。\n工单号：{number}")


flow = Flow(
    name="cleaning_request",
    rank=25,
    title="清洗保养",
    said=["清洗", "保养", "清洗保养", "洗空调", "深度清洗", "换滤芯", "换镁棒"],
    intents={"request_cleaning"},
    questions=[
        Question("product", "产品", "请问要清洗或保养哪台家电？发型号最快，也可以直接说“空调”“油烟机”", Appliance()),
        same_question(ServiceType.MAINTENANCE),
        *CONTACT,
    ],
    submit=request,
    confirms=is_new,
)
