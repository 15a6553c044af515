"""What was promised in the demo and how it was kept: who is asked about open orders, and the clocks of the last days.

It all happens with the orders, so that nothing is left for the first minutes after the start to find out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from domain.appointments.model import Appointment
from domain.dispatch.lifecycle import OfferStatus
from domain.dispatch.model import Offer
from domain.dispatch.operations import answer_offer, dispatch
from domain.kit.actors import Actor, Role, system
from domain.kit.unit_of_work import UnitOfWork
from domain.service_levels.model import Policy
from domain.service_levels.operations import contacted, happened, latest, meet
from domain.service_levels.ticking import catch_up
from domain.work_orders.lifecycle import OrderStatus
from domain.work_orders.model import Visit, VisitMove, WorkOrder, WorkOrderMove

BY = system("demo")
HELD_FOR = timedelta(days=10)
"""The policies hold this long already. A month of clocks would take longer to load than anybody looks at them."""
LONGEST_VISIT = timedelta(days=2)
"""Nothing in the demo is finished later than this after its opening."""
CALLED_AFTER, ASKED_AFTER = timedelta(minutes=12), timedelta(hours=20)
"""After the opening, somebody calls; after the visit, somebody asks how it went."""


def load(uow: UnitOfWork, brand_id: str, agent: Actor) -> None:
    """Find somebody for what is open, and let the clocks of the last days run up to now."""
    since = uow.now - HELD_FOR
    for policy in uow.session.scalars(select(Policy).filter_by(since=uow.today)):
        policy.since = replace(uow, now=since).today
    uow.session.flush()
    found = select(WorkOrder).filter_by(brand_id=brand_id).where(WorkOrder.opened_at >= since - LONGEST_VISIT)
    orders = uow.session.scalars(found.order_by(WorkOrder.opened_at)).all()
    for place, order in enumerate(orders):
        if order.status in (OrderStatus.REPORTED, OrderStatus.SCHEDULED):
            find_somebody(uow, order, says_yes=place % 3 > 0)
    for place, order in enumerate(orders):
        run_clocks(uow, order, agent, called=place % 9 > 0, asked=place % 8 > 0)


def find_somebody(uow: UnitOfWork, order: WorkOrder, *, says_yes: bool) -> None:
    """As soon after the order as in earnest; two of three engineers have answered."""
    dispatch(uow, order.id, "opened")
    asked = select(Offer).filter_by(work_order_id=order.id, status=OfferStatus.OPEN)
    offer = uow.session.scalars(asked).first()
    if offer is not None and says_yes:
        answer_offer(uow, offer.id, "accept", by=Actor(Role.ENGINEER, offer.engineer_id))


def run_clocks(uow: UnitOfWork, order: WorkOrder, agent: Actor, *, called: bool, asked: bool) -> None:
    """Everything that happened to the order, in its order, as the reactions would have told it."""
    first_call = order.opened_at + CALLED_AFTER
    for at, what in happenings(uow, order):
        if called and first_call < at:
            called = call(uow, order, first_call, agent)
        happened(uow, order.id, what, at, by=BY)
    if called and first_call < uow.now:
        call(uow, order, first_call, agent)
    callback = latest(uow, order.id).get("callback")
    if asked and callback is not None and callback.started_at + ASKED_AFTER < uow.now and callback.ended_at is None:
        then = replace(uow, now=callback.started_at + ASKED_AFTER)
        meet(then, callback.id, by=agent, why="客户满意，已恢复正常")
    for clock in latest(uow, order.id).values():
        catch_up(uow, clock, uow.session.get_one(Policy, clock.policy_id), uow.now)


def call(uow: UnitOfWork, order: WorkOrder, at: datetime, agent: Actor) -> bool:
    """The customer was called. Returns False: it is not still to be done."""
    contacted(replace(uow, now=at), order.id, by=agent, why="已电话核对故障和地址")
    return False


def happenings(uow: UnitOfWork, order: WorkOrder) -> Sequence[tuple[datetime, str]]:
    """When what happened, in the words of `domain.service_levels.policies`."""
    moves = select(WorkOrderMove.at, WorkOrderMove.move).filter_by(work_order_id=order.id)
    visits = select(VisitMove.at, VisitMove.move).join(Visit, Visit.id == VisitMove.visit_id)
    booked = select(Appointment.at).filter_by(work_order_id=order.id)
    found = [(order.opened_at, "opened")]
    found += [(at, f"order.{move}") for at, move in uow.session.execute(moves)]
    found += [(at, f"visit.{move}") for at, move in uow.session.execute(visits.where(Visit.work_order_id == order.id))]
    found += [(at, "appointment.booked") for at in uow.session.scalars(booked)]
    return sorted(found)
