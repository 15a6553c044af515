"""Day plans 排程方案 (C7): made as proposals, accepted whole or by engineer, or by themselves where the provider wants that.

`propose` and `insert` are read → optimise → write in one go; a job takes the three steps apart (`jobs.planning`), so that
nothing is locked while it computes. Nothing changes before `accept`, and then only if the day is still what it was.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from domain.access import trail
from domain.capacity.locks import lock_day
from domain.capacity.model import EngineerDay, Reservation, ReservationState
from domain.capacity.operations import CHECK, DEFER
from domain.capacity.travel import ROADS, Travel
from domain.dispatch.choosing import Line
from domain.dispatch.deadlines import answer_by
from domain.dispatch.events import PlanMade, PlanWanted
from domain.dispatch.facts import Candidate
from domain.dispatch.model import Plan, PlanRoute
from domain.dispatch.offering import ask, decide, end_offer
from domain.dispatch.plan_reading import Asked, days_read, read, versions_of
from domain.dispatch.planning import Proposal, optimise
from domain.dispatch.standing import BY, open_offer, time_kept, wants_somebody
from domain.dispatch.waiting import leave_queue
from domain.engineers.model import Engineer
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, NotFound, Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Provider, Station
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.visits import coming_visit

Stop = dict[str, Any]


class PlanOver(Conflict):
    """The day is not what it was when the plan was made."""

    code = "plan_over"


class NotAlone(Refused):
    """A visit goes from one engineer to another: both days are accepted, or none."""

    code = "not_alone"


class PastDay(Refused):
    """That day is over."""

    code = "past_day"


class NoPlace(Refused):
    """The order does not fit into anybody's day, however the rest is moved."""

    code = "no_place"


def ask_for_plan(uow: UnitOfWork, provider_id: str, day: date, station_id: str | None = None, *, by: Actor) -> None:
    """A plan is made soon, by a job.

    :raises PastDay: see there
    """
    uow.get(Provider, provider_id, called="这家服务商")
    if station_id and uow.get(Station, station_id, called="这个网点").provider_id != provider_id:
        raise NotFound("没有找到这个网点")
    must_come(uow, day)
    trail.record(uow, by, "plan.ask", "provider", provider_id, day=day.isoformat())
    uow.emit(PlanWanted(provider_id, station_id or "", day.isoformat(), str(by), ""))


def propose(
    uow: UnitOfWork, provider_id: str, day: date, station_id: str | None = None, *, by: Actor, travel: Travel = ROADS,
    seconds: float = 10.0,
) -> Plan:  # fmt: skip
    """A plan of the whole day.

    :raises PastDay: see there
    """
    must_come(uow, day)
    asked = read(uow, provider_id, day, station_id)
    return write(uow, asked, optimise(asked, travel, seconds=seconds), by=by)


def insert(uow: UnitOfWork, order_id: str, provider_id: str, day: date, *, by: Actor, travel: Travel = ROADS) -> Plan:
    """A plan that finds room for one more order, moving what may be moved. Takes less than a second.

    :raises NoPlace, PastDay: see there
    """
    must_come(uow, day)
    asked = read(uow, provider_id, day, order_id=order_id)
    return write(uow, asked, optimise(asked, travel), by=by, must_hold=order_id)


def must_come(uow: UnitOfWork, day: date) -> None:
    if day < uow.today:
        raise PastDay("只能给今天和以后的日子排程")


def write(uow: UnitOfWork, asked: Asked, found: Proposal, *, by: Actor, must_hold: str = "") -> Plan:
    """Keep a proposal. Earlier ones of the day stay, and are over as soon as anything of theirs changes.

    :raises NoPlace: ``must_hold`` is an order that is not in it
    """
    if must_hold and not any(stop.get("work_order_id") == must_hold for route in found.routes for stop in route.stops):
        raise NoPlace("当天怎么调整都排不进这一单")
    plan = Plan(
        id=uow.new_id("pl"), day=asked.day, provider_id=asked.provider_id, station_id=asked.station_id,
        made_at=uow.now, made_by=str(by), seconds=found.seconds, metres_before=found.metres_before,
        metres_after=found.metres_after, unserved=found.left,
    )  # fmt: skip
    uow.session.add(plan)
    uow.session.flush()
    uow.session.add_all(
        PlanRoute(id=uow.new_id("pr"), plan_id=plan.id, day_version=asked.versions[route.engineer_id], **asdict(route))
        for route in found.routes
    )
    uow.session.flush()
    trail.record(uow, by, "plan.make", "plan", plan.id, day=asked.day.isoformat(), routes=len(found.routes))
    uow.emit(PlanMade(plan.id))
    return plan


def accept(uow: UnitOfWork, plan_id: str, engineer_ids: Collection[str] | None = None, *, by: Actor) -> Plan:
    """Make the plan true, for these engineers or for all whose part is not accepted yet.

    Engineers who are asked about a visit that goes elsewhere are asked no more; whoever gets it is asked.

    :raises PlanOver: something of these days changed since the plan was made
    :raises NotAlone: a visit would leave, or come from, an engineer whose part is not accepted with it
    """
    plan = uow.get(Plan, plan_id, called="这个排程方案", lock=True)
    must_come(uow, plan.day)
    routes = chosen(uow, plan, engineer_ids)
    must_be_together(uow, routes)
    moved = [(route.engineer_id, stop) for route in routes for stop in route.stops if stop.get("moved")]
    visits = lock_orders(uow, moved)
    people = sorted({route.engineer_id for route in routes})
    for engineer_id in people:
        lock_day(uow, engineer_id, plan.day)
    must_be_as_planned(uow, plan, routes, people)
    put_down(uow, plan, routes, by=by)
    for engineer_id, stop in moved:
        offer_again(uow, engineer_id, stop, visits.get(stop["work_order_id"]), by=by)
    for route in routes:
        route.accepted_at, route.accepted_by = uow.now, str(by)
    uow.session.flush()
    if not open_routes(uow, plan.id):
        plan.accepted_at = uow.now
    trail.record(uow, by, "plan.accept", "plan", plan.id, engineers=people)
    return plan


def open_routes(uow: UnitOfWork, plan_id: str) -> Sequence[PlanRoute]:
    found = select(PlanRoute).where(PlanRoute.plan_id == plan_id, PlanRoute.accepted_at.is_(None))
    return uow.session.scalars(found.order_by(PlanRoute.engineer_id)).all()


def chosen(uow: UnitOfWork, plan: Plan, engineer_ids: Collection[str] | None) -> list[PlanRoute]:
    routes = [route for route in open_routes(uow, plan.id) if engineer_ids is None or route.engineer_id in engineer_ids]
    if not routes:
        raise PlanOver("这个方案里没有还能采纳的内容")
    return routes


def must_be_together(uow: UnitOfWork, routes: Sequence[PlanRoute]) -> None:
    """Whoever gives a visit away, and whoever gets it, at once."""
    here = {route.engineer_id for route in routes}
    others = open_routes(uow, routes[0].plan_id)
    for route in others:
        for stop in route.stops:
            gives, gets = stop.get("was"), route.engineer_id
            if gives and gives != gets and (gives in here) != (gets in here):
                names = "、".join(uow.get(Engineer, one, called="工程师").name for one in (gives, gets))
                raise NotAlone(f"有上门要在{names}之间调换，请把两位的安排一起采纳")


def lock_orders(uow: UnitOfWork, moved: Sequence[tuple[str, Stop]]) -> dict[str, Visit]:
    """Orders first, then visits: the order of docs/decisions/0040. Returns the visits that are still to be accepted."""
    ids = sorted({stop["work_order_id"] for _, stop in moved})
    for order_id in ids:
        uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    named = sorted({stop["visit_id"] for _, stop in moved if stop["visit_id"]})
    found = [uow.get(Visit, visit_id, called="这次上门", lock=True) for visit_id in named]
    return {visit.work_order_id: visit for visit in found if visit.status is VisitStatus.OFFERED}


def must_be_as_planned(uow: UnitOfWork, plan: Plan, routes: Sequence[PlanRoute], people: Collection[str]) -> None:
    days, items = days_read(uow, people, plan.day)
    versions = versions_of(days, items)
    late = [route.engineer_id for route in routes if versions.get(route.engineer_id) != route.day_version]
    if late:
        names = "、".join(uow.get(Engineer, one, called="工程师").name for one in late)
        raise PlanOver(f"{names}当天的安排在方案做好以后变了，请重新排程")
    leaving = [stop for route in routes for stop in route.stops if stop["kind"] == "visit"]
    begun = [stop for stop in leaving if datetime.fromisoformat(stop["leaves_at"]) < uow.now and stop["moved"]]
    if begun:
        raise PlanOver("方案里有的出发时间已经过了，请重新排程")
    for stop in leaving:
        if stop["reservation_id"]:
            continue
        order = uow.get(WorkOrder, stop["work_order_id"], called="这张工单")
        if not wants_somebody(order) or time_kept(uow, order.id, None) is not None:
            raise PlanOver(f"工单 {order.number} 已经另有安排，请重新排程")


def put_down(uow: UnitOfWork, plan: Plan, routes: Sequence[PlanRoute], *, by: Actor) -> None:
    """Write all days at once; the database has the last word.

    :raises PlanOver: it says no
    """
    try:
        with uow.session.begin_nested():
            uow.session.execute(DEFER)
            for route in routes:
                for stop in route.stops:
                    if stop["kind"] == "visit":
                        put_stop(uow, plan, route.engineer_id, stop, by=by)
            uow.session.flush()
            uow.session.execute(CHECK)
    except IntegrityError as error:
        raise PlanOver("这一天刚被改动，方案已经排不下，请重新排程") from error


def put_stop(uow: UnitOfWork, plan: Plan, engineer_id: str, stop: Stop, *, by: Actor) -> None:
    names = ("leaves_at", "starts_at", "ends_at", "window_since", "window_until")
    values = {name: datetime.fromisoformat(stop[name]) for name in names}
    if stop["was"] != engineer_id:
        uow.session.get_one(EngineerDay, (engineer_id, plan.day)).taken += 1
        if stop["was"]:
            uow.session.get_one(EngineerDay, (stop["was"], plan.day)).taken -= 1
    if stop["reservation_id"]:
        row = update(Reservation).where(Reservation.id == stop["reservation_id"])
        uow.session.execute(row.values(engineer_id=engineer_id, **values))
        return
    made = Reservation(
        id=uow.new_id("re"), engineer_id=engineer_id, day=plan.day, work_order_id=stop["work_order_id"], visit_id=None,
        state=ReservationState.BOOKED, expires_at=None, minutes=stop["minutes"], promised=False, at=uow.now,
        by=str(by), **values,
    )  # fmt: skip
    uow.session.add(made)
    uow.session.flush()
    stop["reservation_id"] = made.id


def offer_again(uow: UnitOfWork, engineer_id: str, stop: Stop, visit: Visit | None, *, by: Actor) -> None:
    """Whoever was asked is asked no more; whoever has the time now is. What was accepted only got another hour."""
    new = stop["was"] == ""
    if visit is None and not new:
        return
    order = uow.get(WorkOrder, stop["work_order_id"], called="这张工单")
    visit = coming_visit(uow, order, by=BY) if visit is None else visit
    if (offer := open_offer(uow, visit)) is not None:
        end_offer(uow, offer, "withdraw", by=BY, why="排程调整")
    time = uow.get(Reservation, stop["reservation_id"], called="这段时间", lock=True)
    engineer = uow.get(Engineer, engineer_id, called="这位工程师")
    who = Candidate(engineer.id, engineer.code, engineer.provider_id, engineer.station_id, grade=engineer.grade)
    line = Line(who, window=(time.window_since, time.window_until))
    decision = decide(uow, order, [line], by=by, why="plan", outcome="offered", visit=visit, engineer_id=engineer_id)
    until = answer_by(order.service_type, uow.now, time.window_since if time.promised else None)
    ask(uow, order, visit, time, line, decision, until)
    leave_queue(uow, order.id)


def set_automatic(uow: UnitOfWork, provider_id: str, on: bool, *, by: Actor) -> Provider:
    """Whether this provider's plans are accepted by themselves."""
    provider = uow.get(Provider, provider_id, called="这家服务商", lock=True)
    provider.plans_automatic = on
    trail.record(uow, by, "provider.plans_automatic", "provider", provider.id, on=on)
    return provider


def plans_of(uow: UnitOfWork, day: date, provider_id: str | None = None, most: int = 50) -> Sequence[Plan]:
    """The plans of a day, the newest first."""
    found = select(Plan).where(Plan.day == day).order_by(Plan.made_at.desc(), Plan.id).limit(most)
    return uow.session.scalars(found if provider_id is None else found.where(Plan.provider_id == provider_id)).all()


def routes_of(uow: UnitOfWork, plan_id: str) -> Sequence[PlanRoute]:
    found = select(PlanRoute).where(PlanRoute.plan_id == plan_id).order_by(PlanRoute.engineer_id)
    return uow.session.scalars(found).all()
