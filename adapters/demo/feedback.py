"""What the demo's customers said: ratings of most finished orders, calls to make, two complaints, a survey.

Done by the operations the real ones go through; what is said is a row of `SAID`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from adapters.demo import promises
from domain.feedback import callbacks, complaints, figures, surveys
from domain.feedback.callbacks import Round
from domain.feedback.complaints import Reported
from domain.feedback.consequences import VIA, decide
from domain.feedback.model import Rating
from domain.feedback.ratings import Given, finished_at, rate
from domain.kit.actors import Actor, Role, system
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.lifecycle import OPEN, OrderStatus
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import DONE

BY = system("demo")
ASPECTS = ("punctuality", "skill", "manner", "tidiness", "price")
SAID: Sequence[tuple[int, tuple[str, ...], str]] = (
    (5, ("on_time", "skilled"), "师傅准时到，修得又快，还把灰擦干净了"),
    (5, ("kind",), ""),
    (4, ("skilled",), "手艺不错，就是约的时间晚了一点"),
    (5, (), ""),
    (3, ("late",), "等了一个多小时"),
    (5, ("explained", "fair"), "先讲清楚多少钱再修，放心"),
    (2, ("careless",), "修完第二天又滴水"),
    (4, ("clean",), ""),
    (5, ("kind", "clean"), "小伙子很有礼貌"),
    (1, ("rude",), "打电话没说两句就不耐烦"),
)
"""Stars, tags, words: given in turn."""
SKIPPED = 4
"""Every so many finished orders nobody says anything: those are called about."""


def load(uow: UnitOfWork, brand_id: str, agent: Actor) -> None:
    """Two complaints, and what was said of the finished orders, each a few hours after its end."""
    chance = random.Random(20_260_512)
    found = select(WorkOrder).where(WorkOrder.brand_id == brand_id, WorkOrder.status.in_(DONE))
    orders = [one for one in uow.session.scalars(found.order_by(WorkOrder.opened_at)) if one.provider_id]
    for place, order in enumerate(orders):
        say(uow, order, place, chance)
    put_right(uow, brand_id, agent)
    for engineer_id in sorted({one for order in orders for one in rated_engineers(uow, order)}):
        figures.renew(uow, engineer_id, by=BY)
    complain(uow, orders[-2:], agent)
    ask(uow, orders, chance)
    call(uow, agent)


def say(uow: UnitOfWork, order: WorkOrder, place: int, chance: random.Random) -> None:
    ended = finished_at(uow, order.id)
    if ended is None:
        return
    then = replace(uow, now=min(uow.now, ended + timedelta(hours=chance.randint(1, 20))))
    if place % SKIPPED == SKIPPED - 1:
        callbacks.put(then, order, "sample", max(ended, uow.now - timedelta(hours=52)), by=BY)
        return
    stars, tags, words = SAID[0 if is_open_again(uow, order) else place % len(SAID)]
    aspects = {one: min(5, max(1, stars + chance.choice((-1, 0, 0, 1)))) for one in ASPECTS} if place % 3 else {}
    customer = Actor(Role.CUSTOMER, order.customer_id)
    rating = rate(then, order.id, Given(stars, "page" if words else "chat", aspects, tags, words), by=customer)
    then.session.flush()
    if rating.decided == "" and uow.now - ended < timedelta(days=4):
        decide(then, rating.id, by=BY)
    elif rating.decided == "":
        rating.decided = "task"  # long seen to


def is_open_again(uow: UnitOfWork, order: WorkOrder) -> bool:
    """The same is reported once more already: work that puts it right would be a second open order beside that."""
    again = select(WorkOrder.id).where(
        WorkOrder.product_id == order.product_id, WorkOrder.service_type == order.service_type,
        WorkOrder.status.in_(OPEN),
    )  # fmt: skip
    return uow.session.scalars(again).first() is not None


def put_right(uow: UnitOfWork, brand_id: str, agent: Actor) -> None:
    """Orders that low ratings have opened find somebody, as all others did before."""
    opened = select(WorkOrder).where(
        WorkOrder.brand_id == brand_id, WorkOrder.rectifies_id.is_not(None), WorkOrder.status == OrderStatus.REPORTED,
        WorkOrder.opened_via == VIA,
    )  # fmt: skip
    for order in uow.session.scalars(opened.order_by(WorkOrder.opened_at)).all():
        promises.find_somebody(uow, order, says_yes=True)
        promises.run_clocks(uow, order, agent, called=True, asked=False)


def rated_engineers(uow: UnitOfWork, order: WorkOrder) -> Sequence[str]:
    rating = uow.session.scalars(select(Rating).filter_by(work_order_id=order.id)).first()
    return figures.engineers_of(uow, rating.id) if rating else ()


def complain(uow: UnitOfWork, orders: Sequence[WorkOrder], agent: Actor) -> None:
    """One that somebody owns and that is past its time, one of this morning."""
    first, second = orders
    then = replace(uow, now=uow.now - timedelta(days=3))
    words = "师傅上门后说要换主板，报价 860，事先没有人说过，要求退钱"
    old = complaints.open_complaint(
        then, by=BY, reported=Reported(first.brand_id, words, "page", work_order_id=first.id)
    )
    complaints.own(replace(uow, now=uow.now - timedelta(days=2)), old.id, by=agent)
    words = "约好上午来，等到下午两点都没有人打电话"
    now = replace(uow, now=uow.now - timedelta(minutes=40))
    complaints.open_complaint(now, by=BY, reported=Reported(second.brand_id, words, "console", work_order_id=second.id))


def ask(uow: UnitOfWork, orders: Sequence[WorkOrder], chance: random.Random) -> None:
    """Surveys of the older orders, most of them answered; and a call that was made today."""
    for order in orders[:24]:
        then = replace(uow, now=min(uow.now - timedelta(days=1), order.opened_at + timedelta(days=9)))
        survey = surveys.ask(then, order.id, by=BY)
        if survey is not None and chance.random() < 0.8:
            score = chance.choice((10, 9, 10, 9, 8, 8, 7, 6, 3, 10))
            surveys.answer(then, survey.id, score, by=Actor(Role.CUSTOMER, order.customer_id), via="page")


def call(uow: UnitOfWork, agent: Actor) -> None:
    """The agent has called one of them today."""
    made = callbacks.claim_next(uow, by=agent)
    if made is not None:
        said = Round("answered", {"solved": "yes", "on_time": "yes", "charged": "yes", "stars": "5"}, "客户很满意")
        callbacks.note_round(uow, made.id, said, by=agent)
