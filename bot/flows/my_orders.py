"""我的工单: how the customer's orders stand."""

from __future__ import annotations

from collections.abc import Mapping

from bot.flow import Answers, Flow
from bot.talk import Talk
from bot.understanding.lexicon import lexicon
from domain.appointments.queries import Promise, promises
from domain.kit.unit_of_work import SHANGHAI
from domain.work_orders import queries as work_orders
from domain.work_orders.kinds import TITLES
from domain.work_orders.lifecycle import ORDERS
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import read_number, spoken


def tell(talk: Talk, answers: Answers) -> str:
    """The customer's own orders only; another's number is answered like one that does not exist."""
    number, customer_id = read_number(talk.said), talk.contact.customer_id
    if number:
        order = work_orders.by_number(talk.uow, number)
        if order is None or customer_id is None or order.customer_id != customer_id:
            return f"在您名下没有查到工单 {spoken(number)}，请核对号码，或回复“人工”。"
        return line(order, promises(talk.uow, [order.id]))
    orders = work_orders.orders_of(talk.uow, customer_id, limit=5)
    if not orders:
        return "您名下还没有工单。需要的话直接说故障就行，例如“空调不制冷”。"
    kept = promises(talk.uow, [order.id for order in orders])
    return "\n\n".join(["您最近的工单：", *(line(order, kept) for order in orders)])


def line(order: WorkOrder, kept: Mapping[str, Promise]) -> str:
    """How an order stands, and when who comes."""
    opened = order.opened_at.astimezone(SHANGHAI)
    category = lexicon().categories.get(order.category_code)
    title = f"{category.title if category else ''}{TITLES[order.service_type]}"
    visit = f"\n上门时间：{kept[order.id].words}" if order.id in kept else ""
    return f"{spoken(order.number)} {title}：{ORDERS.titles[order.status]}（{opened:%-m月%-d日 %H:%M} 受理）{visit}"


flow = Flow(
    name="my_orders",
    rank=40,
    title="我的工单",
    said=["进度", "我的工单", "查工单", "工单查询", "到哪了", "什么时候来", "怎么还没来", "查单", "师傅呢"],
    wanted=lambda understood: read_number(understood.said.text) is not None,
    intents={"order_progress"},
    aside=True,
    questions=[],
    submit=tell,
    confirms=lambda talk, answers: False,
)
