"""选上门时间: the customer picks a window in which somebody really has time, right after the order was opened or later."""

from __future__ import annotations

from bot.appointing import may_be_moved, settle_window
from bot.flow import Answers, Flow, Question, Then
from bot.kinds import OwnOrder, VisitWindow, WantedTime, has_open_order
from bot.kinds.window import ASK_FREE
from bot.talk import Talk


def appoint(talk: Talk, answers: Answers) -> str | Then:
    if "order" not in answers:
        return "您名下没有处理中的工单，直接说故障就可以报修。"
    return settle_window(talk, answers, "appointment")


flow = Flow(
    name="appointment",
    rank=72,
    title="选上门时间",
    said=["选上门时间", "选时间", "约时间", "约上门时间"],
    questions=[
        Question("order", "工单", "请问是哪一张工单？回复数字：", OwnOrder(), needed=has_open_order),
        Question("wish", "", "", WantedTime(), volunteered=True),
        Question("window", "上门时间", ASK_FREE, VisitWindow(), needed=may_be_moved),
    ],
    submit=appoint,
    confirms=lambda talk, answers: False,
)
