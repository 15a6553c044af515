"""Which of the person's own orders is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.conversation import Answer, Choices, Option
from bot.flow import Answers
from bot.heard import Heard
from bot.kinds.kind import Kind, NotUnderstood
from bot.kinds.product import category_title
from domain.work_orders import queries as work_orders
from domain.work_orders.kinds import TITLES
from domain.work_orders.lifecycle import ORDERS
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import read_number, spoken

if TYPE_CHECKING:
    from bot.talk import Talk
    from bot.understanding import Understood


def shown(order: WorkOrder) -> str:
    """As a choice: number, what, how it stands."""
    what = f"{category_title(order.category_code)}{TITLES[order.service_type]}"
    return f"{spoken(order.number)} {what}（{ORDERS.titles[order.status]}）"


def chosen(order: WorkOrder) -> Answer:
    return Answer({"order_id": order.id, "version": order.version}, shown(order))


def open_orders(talk: Talk) -> list[WorkOrder]:
    return list(work_orders.orders_of(talk.uow, talk.contact.customer_id, only_open=True, limit=8))


@dataclass(frozen=True)
class OwnOrder(Kind):
    """An open order of this person's: known when there is only one, by its number, by its appliance, or picked."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        found = self.find(talk, understood)
        if found is None:
            raise NotUnderstood("请回复工单前面的数字，或发工单号")
        return found

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        orders, number = open_orders(talk), read_number(understood.said.text)
        if number:
            return next((chosen(order) for order in orders if order.number == number), None)
        label = understood.category.value.label if understood.category else None
        fitting = [order for order in orders if order.category_code == label]
        return chosen(fitting[0]) if len(fitting) == 1 else None

    def known(self, talk: Talk, answers: Answers) -> Answer | None:
        orders = open_orders(talk)
        return chosen(orders[0]) if len(orders) == 1 else None

    def options(self, talk: Talk) -> Choices | None:
        return Choices("", tuple(Option(shown(order), chosen(order)) for order in open_orders(talk)))


def has_open_order(talk: Talk, answers: Answers) -> bool:
    """For questions that make sense only with an open order; without one the flow says so when it is submitted."""
    return bool(open_orders(talk))
