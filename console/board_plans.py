"""A day plan as the dispatcher sees it: every engineer's day before and after, and the way that is saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from console.board_rows import local, short_place, what_of
from domain.capacity.model import Reservation, ReservationState
from domain.capacity.travel import ROADS
from domain.dispatch.model import Plan, PlanRoute
from domain.dispatch.plan_reading import read
from domain.dispatch.planning import length, problem_of
from domain.dispatch.plans import routes_of
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.model import WorkOrder

KINDS = {"restock": "回网点取件", "break": "休息"}


@dataclass(frozen=True)
class StopSeen:
    """One stop; ``moved`` where the plan says something else than the day as it is."""

    at: datetime
    words: str
    moved: bool = False


@dataclass(frozen=True)
class RouteSeen:
    engineer_id: str
    engineer: str
    before: Sequence[StopSeen]
    after: Sequence[StopSeen]
    metres_before: int | None
    """None when the day has changed so much since that it cannot be compared."""
    metres: int
    accepted: bool

    @property
    def saved(self) -> int | None:
        return None if self.metres_before is None else self.metres_before - self.metres


@dataclass(frozen=True)
class PlanSeen:
    id: str
    day: date
    made_at: datetime
    metres_before: int
    metres_after: int
    accepted: bool
    routes: Sequence[RouteSeen]
    left: Sequence[str]
    """What stays as it is, or finds no place, in words."""

    @property
    def saved(self) -> int:
        return self.metres_before - self.metres_after


def look_at_plan(uow: UnitOfWork, plan_id: str) -> PlanSeen:
    """:raises NotFound: no such plan"""
    plan = uow.get(Plan, plan_id, called="这个排程方案")
    routes = routes_of(uow, plan.id)
    ids = [route.engineer_id for route in routes]
    people = uow.session.execute(select(Engineer.id, Engineer.name).where(Engineer.id.in_(ids)))
    names = {row.id: row.name for row in people}
    now = uow.session.scalars(
        select(Reservation)
        .where(
            Reservation.engineer_id.in_(ids), Reservation.day == plan.day, Reservation.state != ReservationState.RELEASED
        )
        .order_by(Reservation.starts_at)
    ).all()  # fmt: skip
    orders = orders_of(uow, routes, now)
    ways = {} if plan.accepted_at else ways_now(uow, plan)
    return PlanSeen(
        id=plan.id,
        day=plan.day,
        made_at=local(plan.made_at),
        metres_before=plan.metres_before,
        metres_after=plan.metres_after,
        accepted=plan.accepted_at is not None,
        routes=[
            RouteSeen(
                route.engineer_id, names.get(route.engineer_id, ""),
                [StopSeen(local(one.starts_at), said(orders, one.work_order_id)) for one in now if one.engineer_id == route.engineer_id],
                [stop_seen(stop, orders) for stop in route.stops],
                ways.get(route.engineer_id), route.metres, route.accepted_at is not None,
            )
            for route in routes
        ],
        left=[f"{said(orders, str(one.get('work_order_id', '')))}：{one['words']}" for one in plan.unserved],
    )  # fmt: skip


def ways_now(uow: UnitOfWork, plan: Plan) -> Mapping[str, int]:
    """Metres each engineer drives as the day stands."""
    problem, stands, _ = problem_of(read(uow, plan.provider_id, plan.day, plan.station_id), ROADS)
    return {who: length(problem, who, order) for who, order in stands.items()}


def orders_of(uow: UnitOfWork, routes: Iterable[PlanRoute], now: Iterable[Reservation]) -> dict[str, WorkOrder]:
    ids = {stop["work_order_id"] for route in routes for stop in route.stops if stop.get("work_order_id")}
    found = select(WorkOrder).where(WorkOrder.id.in_(ids | {one.work_order_id for one in now}))
    return {order.id: order for order in uow.session.scalars(found)}


def said(orders: Mapping[str, WorkOrder], order_id: str) -> str:
    order = orders.get(order_id)
    return f"{what_of(order)} {short_place(order)}" if order else "一张工单"


def stop_seen(stop: dict[str, str], orders: Mapping[str, WorkOrder]) -> StopSeen:
    at = local(datetime.fromisoformat(stop["starts_at"]))
    words = KINDS.get(stop["kind"]) or said(orders, stop.get("work_order_id", ""))
    return StopSeen(at, words, bool(stop.get("moved")))
