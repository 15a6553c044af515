"""The dispatch board as it is looked at: one day's engineers and visits, the orders nobody has, all in a fixed number of queries.

What a row shows is a field of its dataclass here, of its schema in `console.board_shapes`, and drawn in console/web/board_*.ts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, or_, select

from console.board_rows import (
    Colour,
    EngineerRow,
    OfferRow,
    PlanRow,
    Seen,
    Span,
    StationRow,
    VisitBlock,
    WaitingRow,
    local,
    pin,
    visit_block,
    waiting_row,
)
from domain.appointments.lifecycle import AppointmentStatus
from domain.appointments.model import Appointment
from domain.capacity.leaves import KINDS as LEAVES
from domain.capacity.model import EngineerDay, Leave, Reservation, ReservationState, Shift
from domain.dispatch.lifecycle import OfferStatus
from domain.dispatch.model import Offer, Plan, WaitingOrder
from domain.dispatch.standing import versions_of
from domain.engineers.grades import TITLES as GRADES
from domain.engineers.model import Engineer, Skill
from domain.engineers.whereabouts import last_seen
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations.model import Provider, Station
from domain.regions.positions import Position
from domain.service_levels.policies import CLOCKS
from domain.service_levels.queries import colours
from domain.work_orders.model import Visit, WorkOrder

MOST_ENGINEERS = 120
"""Rows on one board. More than anybody can oversee: who has more picks a provider or a station."""
MOST_WAITING = 300


@dataclass(frozen=True)
class Asked:
    """Which part of the board; "" does not narrow. What one may see at all is the session's scope."""

    day: date
    provider_id: str = ""
    station_id: str = ""


@dataclass(frozen=True)
class Board:
    """One day. ``cut`` when there are more engineers or waiting orders than are shown."""

    day: date
    now: datetime
    stations: Sequence[StationRow]
    engineers: Sequence[EngineerRow]
    visits: Sequence[VisitBlock]
    waiting: Sequence[WaitingRow]
    offers: Sequence[OfferRow]
    plans: Sequence[PlanRow]
    cut: bool


def look_at_board(uow: UnitOfWork, asked: Asked) -> Board:
    """The board of a day. The number of queries does not depend on how much there is to see."""
    stations = {row.id: row for row in stations_asked(uow, asked)}
    found = uow.session.scalars(engineers_asked(asked).limit(MOST_ENGINEERS + 1)).all()
    engineers = found[:MOST_ENGINEERS]
    blocks = visits_of(uow, asked.day, [one.id for one in engineers])
    waiting = waiting_orders(uow, asked)
    versions = versions_of(uow, [one.order_id for one in waiting])
    clocks = colours_of(uow, {*(one.order_id for one in blocks), *(one.order_id for one in waiting)})
    offers = open_offers(uow, engineers)
    answer_by = {one.visit_id: one.answer_by for one in offers}
    return Board(
        day=asked.day,
        now=local(uow.now),
        stations=list(stations.values()),
        engineers=engineer_rows(uow, asked.day, engineers),
        visits=[
            replace(one, colour=clocks.get(one.order_id, NO_CLOCK), answer_by=answer_by.get(one.visit_id or ""))
            for one in blocks
        ],
        waiting=by_urgency(
            replace(one, colour=clocks.get(one.order_id, NO_CLOCK), version=versions[one.order_id]) for one in waiting
        ),
        offers=offers,
        plans=plans_of(uow, asked),
        cut=len(found) > MOST_ENGINEERS or len(waiting) == MOST_WAITING,
    )


NO_CLOCK = Colour()


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def stations_asked(uow: UnitOfWork, asked: Asked) -> Iterable[StationRow]:
    """The stations in scope, all of them: the filter offers what one may see."""
    rows = uow.session.execute(
        select(Station, Provider)
        .join(Provider, Provider.id == Station.provider_id)
        .order_by(Provider.code, Station.code)
    )
    for station, provider in rows:
        lies = Position(station.lat, station.lng) if station.lat is not None and station.lng is not None else None
        yield StationRow(station.id, station.name, provider.id, provider.name, pin(lies))


def engineers_asked(asked: Asked) -> Select[Engineer]:
    found = select(Engineer).where(
        Engineer.since <= asked.day, or_(Engineer.until.is_(None), Engineer.until > asked.day)
    )
    if asked.provider_id:
        found = found.where(Engineer.provider_id == asked.provider_id)
    if asked.station_id:
        found = found.where(Engineer.station_id == asked.station_id)
    return found.order_by(Engineer.provider_id, Engineer.station_id, Engineer.code)


def engineer_rows(uow: UnitOfWork, day: date, engineers: Sequence[Engineer]) -> list[EngineerRow]:
    ids = [one.id for one in engineers]
    shifts, leaves, skills = shifts_of(uow, day, ids), leaves_of(uow, day, ids), skills_of(uow, day, ids)
    filled = {
        one.engineer_id: one
        for one in uow.session.scalars(
            select(EngineerDay).where(EngineerDay.engineer_id.in_(ids), EngineerDay.day == day)
        )
    }
    seen = {who: Seen(pin(one.position), local(one.at), one.how) for who, one in last_seen(uow, ids).items()}
    return [
        EngineerRow(
            id=one.id,
            code=one.code,
            name=one.name,
            station_id=one.station_id,
            grade=GRADES[one.grade],
            rating=one.rating,
            skills=skills[one.id],
            shifts=shifts[one.id],
            leaves=leaves[one.id],
            taken=filled[one.id].taken if one.id in filled else 0,
            most=filled[one.id].most if one.id in filled else one.daily_maximum,
            base=pin(Position.from_json(one.base)) if one.base else None,
            seen=seen.get(one.id),
        )
        for one in engineers
    ]


def shifts_of(uow: UnitOfWork, day: date, ids: Sequence[str]) -> dict[str, list[Span]]:
    """Working hours of the day, in order."""
    rows = uow.session.scalars(
        select(Shift)
        .where(
            Shift.engineer_id.in_(ids), Shift.weekday == day.isoweekday(), Shift.since <= day,
            or_(Shift.until.is_(None), Shift.until > day),
        )
        .order_by(Shift.starts)
    )  # fmt: skip
    hours: dict[str, list[Span]] = defaultdict(list)
    for row in rows:
        start = midnight(day)
        hours[row.engineer_id].append(Span(start + timedelta(minutes=row.starts), start + timedelta(minutes=row.ends)))
    return hours


def leaves_of(uow: UnitOfWork, day: date, ids: Sequence[str]) -> dict[str, list[Span]]:
    rows = uow.session.scalars(
        select(Leave).where(
            Leave.engineer_id.in_(ids), Leave.since < midnight(day + timedelta(days=1)), Leave.until > midnight(day),
            Leave.ended_at.is_(None),
        )
    )  # fmt: skip
    away: dict[str, list[Span]] = defaultdict(list)
    for row in rows:
        away[row.engineer_id].append(Span(local(row.since), local(row.until), LEAVES.get(row.kind, "请假")))
    return away


def skills_of(uow: UnitOfWork, day: date, ids: Sequence[str]) -> dict[str, list[str]]:
    """The categories each can do something on, on the day."""
    rows = uow.session.execute(
        select(Skill.engineer_id, Skill.category_code)
        .where(Skill.engineer_id.in_(ids), Skill.since <= day, or_(Skill.until.is_(None), Skill.until > day))
        .distinct()
    )
    can: dict[str, list[str]] = defaultdict(list)
    for engineer_id, category in rows:
        can[engineer_id].append(category)
    return can


def visits_of(uow: UnitOfWork, day: date, ids: Sequence[str]) -> list[VisitBlock]:
    """What the engineers' time is taken for. A hold that has run out is nobody's any more."""
    rows = uow.session.execute(
        select(Reservation, WorkOrder, Visit)
        .join(WorkOrder, WorkOrder.id == Reservation.work_order_id)
        .outerjoin(Visit, Visit.id == Reservation.visit_id)
        .where(
            Reservation.engineer_id.in_(ids), Reservation.day == day, Reservation.state != ReservationState.RELEASED,
            or_(Reservation.expires_at.is_(None), Reservation.expires_at > uow.now),
        )
        .order_by(Reservation.engineer_id, Reservation.starts_at)
    )  # fmt: skip
    return [visit_block(reservation, order, visit) for reservation, order, visit in rows]


def waiting_orders(uow: UnitOfWork, asked: Asked) -> list[WaitingRow]:
    """The orders nobody has, with the promise they may already carry."""
    found = (
        select(WaitingOrder, WorkOrder, Appointment)
        .join(WorkOrder, WorkOrder.id == WaitingOrder.work_order_id)
        .outerjoin(
            Appointment,
            (Appointment.work_order_id == WorkOrder.id) & (Appointment.status == AppointmentStatus.BOOKED),
        )
        .order_by(WaitingOrder.since)
        .limit(MOST_WAITING)
    )
    if asked.provider_id:
        found = found.where(or_(WaitingOrder.provider_id == asked.provider_id, WaitingOrder.provider_id.is_(None)))
    return [waiting_row(waiting, order, promise) for waiting, order, promise in uow.session.execute(found)]


FAR = datetime.max.replace(tzinfo=UTC)


def by_urgency(rows: Iterable[WaitingRow]) -> list[WaitingRow]:
    """What breaks a promise first comes first; then who was urged, then who has waited longest."""
    return sorted(rows, key=lambda row: (row.colour.due_at or FAR, -row.urged, row.since))


def open_offers(uow: UnitOfWork, engineers: Sequence[Engineer]) -> list[OfferRow]:
    """Who has been asked and has not answered yet, on whatever day."""
    names = {one.id: one.name for one in engineers}
    rows = uow.session.execute(
        select(Offer, WorkOrder)
        .join(WorkOrder, WorkOrder.id == Offer.work_order_id)
        .where(Offer.status == OfferStatus.OPEN, Offer.engineer_id.in_(list(names)))
        .order_by(Offer.answer_by)
        .limit(MOST_WAITING)
    )
    return [
        OfferRow(
            offer.id, offer.visit_id, order.id, order.number, offer.engineer_id, names[offer.engineer_id],
            local(offer.offered_at), local(offer.answer_by),
        )
        for offer, order in rows
    ]  # fmt: skip


def colours_of(uow: UnitOfWork, order_ids: Collection[str]) -> dict[str, Colour]:
    """How each order stands by its worst clock."""
    return {
        order_id: Colour(worst.colour, local(worst.due_at), CLOCKS[worst.clock].title if worst.clock in CLOCKS else "")
        for order_id, worst in colours(uow, order_ids).items()
    }


def plans_of(uow: UnitOfWork, asked: Asked) -> list[PlanRow]:
    """The day's newest proposal of every station, or provider."""
    found = select(Plan, Station.name).outerjoin(Station, Station.id == Plan.station_id).where(Plan.day == asked.day)
    if asked.provider_id:
        found = found.where(Plan.provider_id == asked.provider_id)
    newest: dict[tuple[str, str | None], PlanRow] = {}
    for plan, station in uow.session.execute(found.order_by(Plan.made_at)):
        newest[plan.provider_id, plan.station_id] = PlanRow(
            plan.id, station or "", local(plan.made_at), plan.metres_before, plan.metres_after,
            plan.accepted_at is not None,
        )  # fmt: skip
    return list(newest.values())
