"""改约: the customer wants another time and picks a real window; where nobody has time, an agent arranges it."""

from __future__ import annotations

from bot.appointing import has_appointment, may_be_moved, settle_window
from bot.flow import Answers, Flow, Question, Then
from bot.kinds import MoveReason, OwnOrder, VisitWindow, WantedTime, has_open_order
from bot.talk import Talk


def move(talk: Talk, answers: Answers) -> str | Then:
    if "order" not in answers:
        return "您名下没有处理中的工单，暂时没有可以改的预约。"
    return settle_window(talk, answers, "reschedule")


flow = Flow(
    name="reschedule",
    rank=70,
    title="改约",
    said=["改约", "改时间", "换个时间", "改天", "改期"],
    intents={"reschedule"},
    questions=[
        Question("order", "工单", "请问要改哪一张工单的时间？回复数字：", OwnOrder(), needed=has_open_order),
        Question("wish", "", "", WantedTime(), volunteered=True),
        Question(
            "window", "新的时间", "请问改到什么时候方便？例如：周六上午", VisitWindow(), needed=may_be_moved
        ),
        Question(
            "reason", "原因", "方便说一下改时间的原因吗？回复数字，或直接说：", MoveReason(), needed=has_appointment
        ),
    ],
    submit=move,
    confirms=lambda talk, answers: False,
)  # fmt: skip
