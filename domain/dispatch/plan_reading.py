"""What a plan has to know of a provider's day: who works when, what stands, and what of it may be moved. Reads only.

Moved is only what nobody relies on: the order of visits within a day, and visits no engineer has accepted yet, within the
window the customer was promised. A visit that was not promised may come at another hour of the day.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from domain.capacity.day import Day, Stop
from domain.capacity.durations import work_minutes
from domain.capacity.model import Reservation, ReservationState
from domain.capacity.queries import days_of
from domain.dispatch.candidates import candidates_for, job_of
from domain.dispatch.facts import Today
from domain.dispatch.rules import objections
from domain.engineers.queries import engineers_of
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Station
from domain.regions.positions import Position, Source
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit, VisitEngineer, WorkOrder, WorkOrderMove
from domain.work_orders.places import place_of

STATION_RADIUS_M = 200
WANTED = "new:"
"""Before the order's id, the key of a visit that has no reservation yet."""


@dataclass(frozen=True)
class Item:
    """One visit to be put in order: ``engineer_id`` has its time now, ``whom`` may have it; nobody has a new one."""

    key: str
    stop: Stop
    engineer_id: str
    whom: frozenset[str]
    state: str
    """How it stands, for noticing that something changed."""
    hour_is_free: bool = False
    wish: tuple[datetime, datetime] | None = None
    fetch: Position | None = None
    """The station that keeps a part for it."""


@dataclass(frozen=True)
class Asked:
    """Everything a plan is made of; no session is needed from here on."""

    provider_id: str
    station_id: str | None
    day: date
    now: datetime
    days: dict[str, Day]
    items: dict[str, Item]
    """By reservation, or `WANTED` and the order."""
    versions: dict[str, str]

    def of(self, engineer_id: str) -> list[Item]:
        return [item for item in self.items.values() if item.engineer_id == engineer_id]


def read(
    uow: UnitOfWork, provider_id: str, day: date, station_id: str | None = None, *, order_id: str | None = None
) -> Asked:
    """The day as it stands, with one more order where ``order_id`` says so."""
    people = [one.id for one in engineers_of(uow, day, provider_ids=[provider_id], station_id=station_id)]
    days, found = days_read(uow, people, day)
    items = {item.key: offered_to_others(uow, item, frozenset(people), day) for item in found}
    if order_id:
        new = wanted(uow, order_id, frozenset(people), day)
        items[new.key] = new
    return Asked(provider_id, station_id, day, uow.now, days, items, versions_of(days, items.values()))


def days_read(uow: UnitOfWork, people: Collection[str], day: date) -> tuple[dict[str, Day], list[Item]]:
    """The day of each, and every visit in it; all visits as if nobody else could do them."""
    days = {who: found for (who, _), found in days_of(uow, people, day, day + timedelta(days=1)).items()}
    stops = [(who, stop) for who, found in days.items() for stop in found.stops]
    facts = {row.id: row for row in uow.session.execute(facts_query([stop.reservation_id for _, stop in stops]))}
    fetched = parts_at_station(uow, [stop.work_order_id for _, stop in stops])
    items = []
    for who, stop in stops:
        row = facts[stop.reservation_id]
        asked = row.status in (None, VisitStatus.OFFERED)
        free = row.state is ReservationState.BOOKED and asked and not stop.promised and row.together <= 1
        wish = (row.wanted_since, row.wanted_until) if row.wanted_since and row.wanted_until else None
        items.append(
            Item(
                stop.reservation_id, stop, who, frozenset({who}),
                f"{row.state}/{row.status}/{row.together}/{stop.promised}/{stop.fixed}", free, wish,
                fetched.get(stop.work_order_id),
            )
        )  # fmt: skip
    return days, items


def facts_query(reservation_ids: Collection[str]) -> Select[Any]:
    together = select(func.count()).where(VisitEngineer.visit_id == Reservation.visit_id).scalar_subquery()
    return (
        select(
            Reservation.id, Reservation.state, Visit.status, together.label("together"), WorkOrder.wanted_since,
            WorkOrder.wanted_until,
        )
        .join(WorkOrder, WorkOrder.id == Reservation.work_order_id)
        .outerjoin(Visit, Visit.id == Reservation.visit_id)
        .where(Reservation.id.in_(reservation_ids))
    )  # fmt: skip


def parts_at_station(uow: UnitOfWork, order_ids: Collection[str]) -> dict[str, Position]:
    """Orders that waited for a part which has come: it lies at the station that is responsible."""
    came = select(WorkOrderMove.work_order_id).where(
        WorkOrderMove.work_order_id.in_(order_ids), WorkOrderMove.move == "resume"
    )
    rows = uow.session.execute(
        select(WorkOrder.id, Station.lat, Station.lng)
        .join(Station, Station.id == WorkOrder.station_id)
        .where(WorkOrder.id.in_(came))
    )
    return {
        order_id: Position(lat, lng, Source.PIN, STATION_RADIUS_M)
        for order_id, lat, lng in rows
        if lat is not None and lng is not None
    }


def offered_to_others(uow: UnitOfWork, item: Item, people: frozenset[str], day: date) -> Item:
    """The same, with everybody who may do it, where no engineer has said yes and no other helps."""
    if item.stop.visit_id is None or item.stop.fixed:
        return item
    visit = uow.session.get(Visit, item.stop.visit_id)
    if visit is None or visit.status is not VisitStatus.OFFERED or not item.state.startswith("booked/"):
        return item
    order = uow.get(WorkOrder, item.stop.work_order_id, called="这张工单")
    window = item.stop.window_since, item.stop.window_until
    whom = able(uow, order, people, day, None if item.hour_is_free else window) | {item.engineer_id}
    return Item(**{**vars(item), "whom": whom})


def able(
    uow: UnitOfWork, order: WorkOrder, people: frozenset[str], day: date, window: tuple[datetime, datetime] | None
) -> frozenset[str]:
    """Those against whom no rule of dispatch speaks on that day; hours and capacity are the plan's own business."""
    job = job_of(uow, order)
    on = Today(day, uow.now, window=window)
    return frozenset(
        who.engineer_id
        for who in candidates_for(uow, order, job)
        if who.engineer_id in people and not objections(job, who, on)
    )


def wanted(uow: UnitOfWork, order_id: str, people: frozenset[str], day: date) -> Item:
    """An order that has nobody yet, at any hour of the day."""
    order = uow.get(WorkOrder, order_id, called="这张工单")
    since = datetime.combine(day, datetime.min.time(), tzinfo=uow.now.tzinfo)
    minutes = work_minutes(order.category_code, order.service_type, day)
    stop = Stop("", order.id, since, since + timedelta(days=1), minutes, place_of(order))
    wish = (order.wanted_since, order.wanted_until) if order.wanted_since and order.wanted_until else None
    return Item(WANTED + order.id, stop, "", able(uow, order, people, day, None), "new", True, wish)


def versions_of(days: dict[str, Day], items: Iterable[Item]) -> dict[str, str]:
    """What each engineer's day was like; anything a plan stands on that changes makes another."""
    theirs: defaultdict[str, list[str]] = defaultdict(list)
    for item in items:
        stop = item.stop
        theirs[item.engineer_id].append(
            f"{item.key} {stop.window_since.timestamp()} {stop.window_until.timestamp()} {stop.minutes} {item.state}"
        )
    return {
        who: hashlib.sha256(
            "\n".join(
                [
                    f"{[(since.timestamp(), until.timestamp()) for since, until in day.hours]} {day.most}",
                    *sorted(theirs[who]),
                ]
            ).encode()
        ).hexdigest()[:24]
        for who, day in days.items()
    }
