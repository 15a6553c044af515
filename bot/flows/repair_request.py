"""报修: a customer reports a fault and gets a work order, or adds to the one that is open already."""

from __future__ import annotations

from bot.appointing import first_visit
from bot.flow import Answers, Flow, Question, Then
from bot.kinds import Appliance, Fault
from bot.opening import CONTACT, is_new, open_order, same_question
from bot.talk import Talk
from domain.knowledge.library import find_articles
from domain.work_orders.kinds import ServiceType
from domain.work_orders.numbers import spoken


def report(talk: Talk, answers: Answers) -> str | Then:
    fault = answers["fault"].value
    opened = open_order(talk, answers, ServiceType.REPAIR, **fault)
    number = spoken(opened.order.number)
    if opened.joined:
        return f"工单 {number} 正在处理，已把“{fault['words'][:60]}”补充进去，不用重复报修。回复“进度”可随时查看。"
    again = "\n这台产品近期维修过，已标为二次维修，我们会重点跟进。" if opened.order.repair_of_id else ""
    return first_visit(talk, answers, opened.order, f"报修已受理。\n工单号：{number}{again}")


def may_try_first(talk: Talk, answers: Answers) -> str:
    """Steps to try exist: say so once, without holding up the report."""
    if "product" not in answers or "fault" not in answers:
        return ""
    fault = answers["fault"].value
    found = find_articles(
        answers["product"].value["category"], fault["symptoms"], fault["error_code"], talk.voice.brand_code,
        said=fault["words"],
    )  # fmt: skip
    return f"也可以先自己试试：回复“自助”看《{found[0].title}》，约 {found[0].minutes} 分钟。" if found else ""


flow = Flow(
    name="repair_request",
    rank=10,
    title="报修",
    said=["报修", "维修", "修理", "坏了", "修一下", "来修", "故障"],
    wanted=lambda understood: understood.is_fault,
    intents={"request_repair"},
    interrupts=lambda understood: understood.is_fault,
    hint=may_try_first,
    questions=[
        Question(
            "product", "产品",
            "请问是哪台家电出了问题？发型号最快（机身铭牌上，如 KFR-35GW/…），也可以直接说“空调”“冰箱”", Appliance(),
        ),
        Question("fault", "故障", "请说说是什么故障，例如：不制冷、漏水、有异响、显示 E1", Fault()),
        same_question(ServiceType.REPAIR),
        *CONTACT,
    ],
    submit=report,
    confirms=is_new,
)  # fmt: skip
