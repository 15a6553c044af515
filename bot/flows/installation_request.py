"""安装: a customer wants an appliance installed and gets a work order."""

from __future__ import annotations

from bot.appointing import first_visit
from bot.flow import Answers, Flow, Question, Then
from bot.kinds import Appliance
from bot.opening import CONTACT, is_new, open_order, same_question
from bot.talk import Talk
from domain.work_orders.kinds import ServiceType
from domain.work_orders.numbers import spoken


def request(talk: Talk, answers: Answers) -> str | Then:
    opened = open_order(talk, answers, ServiceType.INSTALL, words=f"安装{answers['product'].shown}")
    number = spoken(opened.order.number)
    if opened.joined:
        return f"您的安装工单 {number} 正在处理，不用重复预约。回复“进度”可随时查看。"
    return first_visit(
        talk, answers, opened.order, f"安装已受理。\n工单号：{number}", note="请先不要拆封，等工程师当面开箱。"
    )


flow = Flow(
    name="installation_request",
    rank=20,
    title="安装预约",
    said=["安装", "装机", "装一下", "上门装", "移机", "拆装"],
    intents={"request_installation"},
    questions=[
        Question("product", "产品", "请问要装哪台家电？发型号最快，也可以直接说“空调”“热水器”", Appliance()),
        same_question(ServiceType.INSTALL),
        *CONTACT,
    ],
    submit=request,
    confirms=is_new,
)
