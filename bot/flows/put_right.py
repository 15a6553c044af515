"""改好了: the customer has put right what kept the engineer from working, or is at home again, and somebody may come."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation import Answer, Choices, Option
from bot.flow import Answers, Flow, Question, Then
from bot.heard import Heard
from bot.kinds.kind import NotUnderstood
from bot.kinds.order import OwnOrder, chosen, open_orders, shown
from bot.talk import Talk
from bot.understanding import Understood
from domain.work_orders.holds import lift_hold
from domain.work_orders.model import WorkOrder

NOTHING = "您名下没有等您处理的工单。要约上门时间，回复“选上门时间”；想知道进度，回复“进度”。"


def held(talk: Talk) -> list[WorkOrder]:
    return [order for order in open_orders(talk) if order.on_hold]


@dataclass(frozen=True)
class HeldOrder(OwnOrder):
    """An order that waits for the customer: known when there is only one, else picked."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        found = self.find(talk, understood)
        waiting = [chosen(order).value["order_id"] for order in held(talk)]
        if isinstance(found, Answer) and found.value["order_id"] in waiting:
            return found
        raise NotUnderstood("请回复工单前面的数字")

    def known(self, talk: Talk, answers: Answers) -> Answer | None:
        orders = held(talk)
        return chosen(orders[0]) if len(orders) == 1 else None

    def options(self, talk: Talk) -> Choices | None:
        return Choices("", tuple(Option(shown(order), chosen(order)) for order in held(talk)))


def go_on(talk: Talk, answers: Answers) -> str | Then:
    """Dispatch looks for somebody; the customer may choose a time right away."""
    if "order" not in answers:
        return NOTHING
    order_id = answers["order"].value["order_id"]
    order = lift_hold(talk.uow, order_id, by=talk.by, why="客户说可以上门了")
    talk.uow.session.flush()
    return Then("好的，已为您恢复安排，师傅会再上门。", "appointment", {"order": chosen(order)})


flow = Flow(
    name="put_right",
    rank=74,
    title="改好了",
    said=["改好", "整改好", "改好了", "已整改", "整改完"],
    questions=[
        Question(
            "order", "工单", "请问是哪一张工单？回复数字：", HeldOrder(), needed=lambda talk, answers: bool(held(talk))
        )
    ],
    submit=go_on,
    confirms=lambda talk, answers: False,
)
