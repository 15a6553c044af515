"""What happened to an order, in words for the customer: not every line of its history, and nothing that is internal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from consumer_app.person import Person
from domain.appointments.lifecycle import AppointmentStatus
from domain.appointments.queries import appointments_of
from domain.appointments.windows import window_words
from domain.work_orders.model import Visit, VisitMove, WorkOrder
from domain.work_orders.queries import history

ORDER_WORDS: Mapping[str, tuple[str, str]] = {
    "open": ("已受理", "我们收到了您的需求"),
    "report": ("已补充", "您补充的情况已转给工程师"),
    "wait_part": ("等配件", "需要的配件到了就联系您约时间"),
    "resume": ("配件已到", ""),
    "revisit": ("需要再上门", "会再安排一次上门"),
    "finish": ("已完工", ""),
    "guide": ("已解决", "按指导已经解决"),
    "cancel": ("已取消", ""),
    "urge": ("已催单", ""),
    "go_on": ("恢复安排", "现场已处理好"),
}
VISIT_WORDS: Mapping[str, tuple[str, str]] = {
    "accept": ("师傅已接单", ""),
    "depart": ("师傅已出发", ""),
    "check_in": ("师傅已到达", ""),
    "fail": ("这次没有上门成功", "会再安排"),
}
BOOKED = frozenset(
    {AppointmentStatus.BOOKED, AppointmentStatus.SUPERSEDED, AppointmentStatus.KEPT, AppointmentStatus.MISSED}
)


def of(person: Person, order: WorkOrder) -> list[dict[str, Any]]:
    """The latest first."""
    found: list[tuple[datetime, str, str]] = []
    for move in history(person.uow, order.id):
        if move.move in ORDER_WORDS:
            found.append((move.at, *ORDER_WORDS[move.move]))
    for visit_move in visit_moves(person, order):
        if visit_move.move in VISIT_WORDS:
            found.append((visit_move.at, *VISIT_WORDS[visit_move.move]))
    for one in appointments_of(person.uow, order.id):
        if one.status in BOOKED:
            title = "已改约" if one.supersedes_id else "已约上门时间"
            found.append((one.at, title, window_words(one.window_since, one.window_until)))
    told = sorted(found, key=lambda step: step[0], reverse=True)
    return [{"at": at, "title": title, "words": words} for at, title, words in told]


def visit_moves(person: Person, order: WorkOrder) -> list[VisitMove]:
    found = select(VisitMove).join(Visit, Visit.id == VisitMove.visit_id).where(Visit.work_order_id == order.id)
    return list(person.uow.session.scalars(found.order_by(VisitMove.id)))
