"""退换货: a customer wants to return or exchange an appliance; an agent decides, an order keeps it."""

from __future__ import annotations

from bot.flow import Answers, Flow, Question
from bot.kinds import Appliance, OneOf
from bot.opening import CONTACT, is_new, open_order, same_question
from bot.talk import Talk
from domain.work_orders.kinds import ServiceType
from domain.work_orders.numbers import spoken


def request(talk: Talk, answers: Answers) -> str:
    opened = open_order(talk, answers, ServiceType.EXCHANGE, words=f"退换货：{answers['reason'].value}")
    number = spoken(opened.order.number)
    if opened.joined:
        return f"您的退换货申请 {number} 正在处理，不用重复提交。回复“进度”可随时查看。"
    return f"退换货申请已受理。\n工单号：{number}\n客服会核对购买时间和情况后来电答复，请先保留好发票、配件和包装。"


flow = Flow(
    name="return_exchange",
    rank=60,
    title="退换货",
    said=["退货", "换货", "退换", "退换货", "退款", "换一台", "换新"],
    intents={"request_return_exchange"},
    questions=[
        Question("product", "产品", "请问是哪台家电要退换？发型号最快，也可以直接说“空调”“冰箱”", Appliance()),
        Question(
            "reason", "原因", "请问为什么要退换？回复数字，或直接说：",
            OneOf(("质量问题", "外观破损或缺配件", "发错货", "不想要了")),
        ),
        same_question(ServiceType.EXCHANGE),
        *CONTACT,
    ],
    submit=request,
    confirms=is_new,
)  # fmt: skip
