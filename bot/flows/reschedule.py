"""改约: the customer wants another time; until appointments are booked here, an agent arranges it."""

from __future__ import annotations

from bot.flow import Answers, Flow, Question
from bot.kinds import OwnOrder, WantedTime, has_open_order
from bot.talk import Talk
from bot.tasks import for_agent


def move(talk: Talk, answers: Answers) -> str:
    if "order" not in answers:
        return "您名下没有处理中的工单，暂时没有可以改的预约。"
    for_agent(talk, "reschedule", f"客户要求改约\n工单 {answers['order'].shown}\n希望时间：{answers['time'].value}")
    return (
        f"改约要求已转给客服：工单 {answers['order'].shown}，希望“{answers['time'].value}”。客服确认后会在这里告诉您。"
    )


flow = Flow(
    name="reschedule",
    rank=70,
    title="改约",
    said=["改约", "改时间", "换个时间", "改天", "改期"],
    intents={"reschedule"},
    questions=[
        Question("order", "工单", "请问要改哪一张工单的时间？回复数字：", OwnOrder(), needed=has_open_order),
        Question("time", "新的时间", "请问改到什么时候方便？例如：周六上午", WantedTime(), needed=has_open_order),
    ],
    submit=move,
    confirms=lambda talk, answers: False,
)
