"""Opening a work order out of a talk: what the repair and the installation request have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import safety
from bot.conversation import Answer, Choices
from bot.flow import Answers, Question
from bot.kinds import Name, Phone, Place, WantedTime, YesNo
from bot.kinds.product import STILL
from bot.kinds.window import words_of
from bot.pins import with_pin
from bot.talk import Talk
from domain.customers import operations as customers
from domain.customers.address import AddressLine
from domain.files import operations as files
from domain.knowledge import operations as knowledge
from domain.work_orders import operations as work_orders
from domain.work_orders.kinds import TITLES, ServiceType
from domain.work_orders.lifecycle import ORDERS
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken
from domain.work_orders.operations import Opened

ANOTHER = re.compile(r"另一|另外|第二台|别的|也")
"""Words by which people tell of one more appliance."""


def open_like(talk: Talk, answers: Answers, service: ServiceType) -> WorkOrder | None:
    """The customer's open order that a report on the appliance in the answers would belong to."""
    if "product" not in answers or talk.contact.customer_id is None:
        return None
    product = answers["product"].value
    return work_orders.open_order_for(
        talk.uow, talk.contact.customer_id, service, product.get("product_id"), product["category"]
    )


class SameOne(YesNo):
    """Whether this is about the appliance of the open order; known without asking when that very product was named,
    or when the words are those of somebody who comes back to a fault."""

    def __init__(self, service: ServiceType) -> None:
        super().__init__("是同一台，补充到这张工单", "不是，是另一台")
        object.__setattr__(self, "service", service)

    service: ServiceType

    def known(self, talk: Talk, answers: Answers) -> Answer | None:
        order = open_like(talk, answers, self.service)
        if order is None:
            return None
        by_name = order.product_id and order.product_id == answers["product"].value.get("product_id")
        words = answers["fault"].value["words"] if "fault" in answers else ""
        by_words = STILL.search(words) and not ANOTHER.search(words)
        return Answer(True, "", known=True) if by_name or by_words else None

    def options(self, talk: Talk) -> Choices | None:
        choices = super().options(talk)
        order = open_like(talk, talk.state.answers, self.service)
        if choices is None or order is None:
            return choices
        ask = f"您有一张{TITLES[self.service]}工单 {spoken(order.number)}（{ORDERS.titles[order.status]}），这次说的是同一台吗？"
        return Choices(ask, choices.options)


def is_new(talk: Talk, answers: Answers) -> bool:
    """A new order will be opened, so a phone and an address are needed."""
    return not ("same" in answers and answers["same"].value)


def same_question(service: ServiceType) -> Question:
    def has_open_one(talk: Talk, answers: Answers) -> bool:
        return open_like(talk, answers, service) is not None

    return Question("same", "", "", SameOne(service), needed=has_open_one, about="product")


CONTACT: Sequence[Question] = (
    Question(
        "address", "地址", "请发上门地址，写到门牌号，例如：佛山市顺德区容桂街道卫红路18号3栋502（也可以发定位）",
        Place(), needed=is_new, personal=True,
    ),
    Question(
        "phone", "电话", "请留下联系电话和称呼，例如：13800000000 王女士", Phone(), needed=is_new, personal=True
    ),
    Question("name", "称呼", "请问怎么称呼您？", Name(), personal=True, volunteered=True),
    Question("time", "希望时间", "您希望什么时候上门？", WantedTime(), volunteered=True),
)  # fmt: skip
"""What every order needs to know of where and whom."""


def open_order(
    talk: Talk, answers: Answers, service: ServiceType, *, words: str, symptoms: Sequence[str] = (),
    error_code: str | None = None,
) -> Opened:  # fmt: skip
    """Open the order, or join the open one when the customer said that it is the same."""
    product = answers["product"].value
    customer = talk.customer()
    if not is_new(talk, answers):
        order = open_like(talk, answers, service)
        if order:
            work_orders.report_again(talk.uow, order, words, by=talk.by)
            files.attach(talk.uow, talk.voice.account_id, talk.contact.openid, order.id, order.product_id)
            return Opened(order, joined=True)
    name = answers["name"].value if "name" in answers else None
    phone, place = answers["phone"].value, with_pin(talk, AddressLine(**answers["address"].value))
    customers.learn(talk.uow, customer, name=name, phone=phone, address=place)
    opened = work_orders.open_work_order(
        talk.uow, by=talk.by, brand_id=talk.voice.brand_id, service_type=service, customer_id=customer.id,
        category_code=product["category"], words=words, phone=phone, address=place, contact_name=name,
        product_id=product.get("product_id"), model_id=product.get("model_id"), symptoms=symptoms,
        error_code=error_code, wanted_time=words_of(answers.get("time")),
        account_id=talk.voice.account_id, openid=talk.contact.openid, via="chat", another="same" in answers,
    )  # fmt: skip
    safety.follow_up(talk, opened.order.id, phone, place.line)
    if talk.state.guided:
        knowledge.became_order(talk.uow, talk.state.guided, opened.order.id, by=talk.by)
        talk.state.guided = None
    return opened
