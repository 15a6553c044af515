"""Everybody the grid names for an order, with the facts the rules ask about: a constant number of queries.

A further fact is a field of `domain.dispatch.facts.Candidate` and a query in `candidates_for`. Nothing sealed is read here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ARRAY, Text, and_, any_, func, literal, or_, select

from domain.capacity.day import Day
from domain.capacity.model import EngineerDay
from domain.capacity.queries import days_of
from domain.capacity.travel import Travel
from domain.catalog.categories import TITLES
from domain.dispatch.facts import Candidate, Job, Period, Refusal, Today
from domain.dispatch.lifecycle import OfferStatus
from domain.dispatch.model import Offer
from domain.dispatch.reasons import SILENCE
from domain.dispatch.rules import hard_because, objections
from domain.engineers.certificates import needed
from domain.engineers.model import Authorization, Certificate, Engineer, Skill
from domain.incidents.model import SafetyIncident
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.grid import prefixes
from domain.organizations.model import Coverage, Provider, ProviderBrand, ProviderKind
from domain.service_levels.lifecycle import ClockStatus
from domain.service_levels.model import Clock
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit, WorkOrder

ONE = timedelta(days=1)
AROUND = 3 * ONE
"""Days back and ahead in which visits are counted for fairness."""
EARLIER_ORDERS = 20
"""Orders of the customer that are looked at for who was there before."""
ANSWERED_NO = {OfferStatus.REFUSED, OfferStatus.EXPIRED}


def able(uow: UnitOfWork, order: WorkOrder, day_since: date, day_until: date, travel: Travel) -> list[Candidate]:
    """Everyone the grid names, the first provider's first, with what each rule but `room` says against each day of
    ``[day_since, day_until)``. ``travel`` matters to `room` only, which is about one moment: `domain.capacity.day.why_not`.
    """
    job = job_of(uow, order)
    everyone = candidates_for(uow, order, job)
    span = [day_since + ONE * n for n in range((day_until - day_since).days)]
    fit = [who for who in everyone if any(not objections(job, who, Today(day, uow.now)) for day in span)]
    days = days_of(uow, [who.engineer_id for who in fit], day_since, day_until)
    return [
        replace(
            who,
            objections={day: objections(job, who, today(uow, days.get((who.engineer_id, day)), day)) for day in span},
        )
        for who in everyone
    ]


def today(uow: UnitOfWork, day: Day | None, on: date) -> Today:
    """What the rules see of a day; of one that was not loaded, only the date."""
    if day is None:
        return Today(on, uow.now)
    return Today(on, uow.now, bool(day.hours), bool(day.leave), day.taken, day.most)


def job_of(uow: UnitOfWork, order: WorkOrder) -> Job:
    asked = uow.session.execute(
        select(
            func.count(Offer.engineer_id.distinct()).filter(Offer.status.in_(ANSWERED_NO)),
            select(func.min(Clock.due_at))
            .where(Clock.work_order_id == order.id, Clock.status.in_((ClockStatus.RUNNING, ClockStatus.WARNED)))
            .scalar_subquery(),
            select(SafetyIncident.id).where(SafetyIncident.work_order_id == order.id).limit(1).scalar_subquery(),
        ).where(Offer.work_order_id == order.id)
    ).one()
    return Job(
        order.id, order.brand_id, order.category_code, TITLES.get(order.category_code, order.category_code),
        order.service_type, re_repair=order.repair_of_id is not None, urged=order.urged, refused=asked[0],
        danger=asked[2] is not None, due_at=asked[1],
    )  # fmt: skip


def candidates_for(uow: UnitOfWork, order: WorkOrder, job: Job, *, also: str | None = None) -> list[Candidate]:
    """Everybody of the providers the grid names, in its order; for a hard case also the brand's own technicians.

    ``also`` is somebody a dispatcher names: looked at even if the grid does not name them.
    """
    cells = cells_of(uow, order, hard=bool(hard_because(job, uow.today)))
    people = engineers_of(uow, cells, also)
    for row in people:
        cells.setdefault(row.provider_id, Cell(len(cells), row.kind is ProviderKind.OWN))
    ids = [row.id for row in people]
    if not ids:
        return []
    licences = periods(
        uow, select(ProviderBrand.provider_id, ProviderBrand.since, ProviderBrand.until)
        .where(ProviderBrand.provider_id == one_of(cells), ProviderBrand.brand_id == order.brand_id),
    )  # fmt: skip
    skills = periods(
        uow, select(Skill.engineer_id, Skill.since, Skill.until).where(
            Skill.engineer_id == one_of(ids), Skill.category_code == order.category_code,
            Skill.service_type == order.service_type,
        ),
    )  # fmt: skip
    authorized = periods(
        uow, select(Authorization.engineer_id, Authorization.since, Authorization.until)
        .where(Authorization.engineer_id == one_of(ids), Authorization.brand_id == order.brand_id),
    )  # fmt: skip
    held, refused, known, recent = (
        certificates_of(uow, order, ids), refusals_of(uow, order), known_by(uow, order), recent_of(uow, ids)
    )  # fmt: skip
    return [
        Candidate(
            row.id, row.code, row.provider_id, row.station_id, own=cells[row.provider_id].own, grade=row.grade,
            rating=row.rating, turn=cells[row.provider_id].turn, employed=(Period(row.since, row.until),),
            skills=tuple(skills[row.id]), certificates=tuple(held[row.id]), authorized=tuple(authorized[row.id]),
            provider_authorized=tuple(licences[row.provider_id]),
            covered=cells[row.provider_id].periods_for(row.station_id), refusals=tuple(refused[row.id]),
            knows=known.get(row.id, ""), recent=recent.get(row.id, 0),
        )
        for row in sorted(people, key=lambda row: (cells[row.provider_id].turn, row.code))
    ]  # fmt: skip


class Cell:
    """What the grid says of one provider for one order."""

    def __init__(self, turn: int, own: bool) -> None:
        self.turn, self.own = turn, own
        self.everywhere: list[Period] = []
        self.stations: defaultdict[str, list[Period]] = defaultdict(list)

    def add(self, station_id: str | None, period: Period) -> None:
        (self.stations[station_id] if station_id else self.everywhere).append(period)

    def periods_for(self, station_id: str) -> tuple[Period, ...]:
        return (*self.everywhere, *self.stations.get(station_id, ()))


def cells_of(uow: UnitOfWork, order: WorkOrder, *, hard: bool = False) -> dict[str, Cell]:
    """The providers that may be asked, by id, the first to be asked first: more exact rows before others, then by rank."""
    rows = uow.session.execute(
        select(
            Coverage.provider_id, Coverage.station_id, Coverage.division_code, Coverage.category_code,
            Coverage.service_type, Coverage.rank, Coverage.since, Coverage.until, Provider.kind,
            Provider.since.label("begins"), Provider.until.label("ends"),
        )
        .join(Provider, Provider.id == Coverage.provider_id)
        .where(
            Coverage.brand_id == order.brand_id, Coverage.division_code.in_(prefixes(order.division_code)),
            Coverage.category_code.in_(("", order.category_code)), Coverage.service_type.in_(("", order.service_type)),
            or_(Coverage.until.is_(None), Coverage.until > uow.today),
        )
    ).all()  # fmt: skip
    found: dict[str, Cell] = {}
    for row in sorted(rows, key=lambda row: (exactness(row), row.rank)):
        period = within(Period(row.since, row.until), Period(row.begins, row.ends))
        if period is not None:
            cell = found.setdefault(row.provider_id, Cell(len(found), row.kind is ProviderKind.OWN))
            cell.add(row.station_id, period)
    if hard:
        for row in own_technicians(uow, order.brand_id):
            if row.id not in found:
                found[row.id] = Cell(len(found), own=True)
                found[row.id].add(None, Period(row.since, row.until))
    return found


def exactness(row: Any) -> tuple[int, bool, bool]:
    """Smaller is more exact: a longer division, a named category, a named service type."""
    return -len(row.division_code), not row.category_code, not row.service_type


def within(a: Period, b: Period) -> Period | None:
    """The days both hold; None when there are none."""
    until = min((end for end in (a.until, b.until) if end), default=None)
    since = max(a.since, b.since)
    return None if until and until <= since else Period(since, until)


def own_technicians(uow: UnitOfWork, brand_id: str) -> Sequence[Any]:
    """The brand's own providers: for hard cases they are asked wherever they can get to."""
    return uow.session.execute(
        select(Provider.id, Provider.since, Provider.until)
        .join(ProviderBrand, ProviderBrand.provider_id == Provider.id)
        .where(Provider.kind == ProviderKind.OWN, ProviderBrand.brand_id == brand_id)
        .order_by(Provider.code)
    ).all()


def engineers_of(uow: UnitOfWork, cells: Mapping[str, Cell], also: str | None = None) -> Sequence[Any]:
    """Those who are, or will be, employed by these providers; where only a station is named, of that station."""
    if not cells and not also:
        return []
    whole = [id_ for id_, cell in cells.items() if cell.everywhere]
    stations = [
        and_(Engineer.provider_id == id_, Engineer.station_id.in_(list(cell.stations)))
        for id_, cell in cells.items()
        if not cell.everywhere
    ]
    return uow.session.execute(
        select(
            Engineer.id, Engineer.code, Engineer.provider_id, Engineer.station_id, Engineer.grade, Engineer.rating,
            Engineer.since, Engineer.until, Provider.kind,
        )
        .join(Provider, Provider.id == Engineer.provider_id)
        .where(
            or_(
                Engineer.id == also,
                and_(
                    or_(Engineer.provider_id.in_(whole), *stations),
                    or_(Engineer.until.is_(None), Engineer.until > uow.today),
                ),
            )
        )
    ).all()  # fmt: skip


def one_of(ids: Collection[str]) -> Any:
    """As one array: the statement is the same for two as for two hundred, and is prepared once."""
    return any_(literal(list(ids), ARRAY(Text)))


def periods(uow: UnitOfWork, query: Any) -> defaultdict[str, list[Period]]:
    """Rows of (id, since, until) by id."""
    found: defaultdict[str, list[Period]] = defaultdict(list)
    for id_, since, until in uow.session.execute(query):
        found[id_].append(Period(since, until))
    return found


def certificates_of(
    uow: UnitOfWork, order: WorkOrder, ids: Collection[str]
) -> defaultdict[str, list[tuple[str, Period]]]:
    found: defaultdict[str, list[tuple[str, Period]]] = defaultdict(list)
    kinds = needed(order.category_code, order.service_type, uow.today)
    if kinds:
        rows = select(Certificate.engineer_id, Certificate.kind, Certificate.since, Certificate.until)
        for id_, kind, since, until in uow.session.execute(
            rows.where(Certificate.engineer_id == one_of(ids), Certificate.kind.in_(kinds))
        ):
            found[id_].append((kind, Period(since, until)))
    return found


def refusals_of(uow: UnitOfWork, order: WorkOrder) -> defaultdict[str, list[Refusal]]:
    """Who was asked for this order and did not take it, kept silent, or had it taken back."""
    rows: Iterable[Offer] = uow.session.scalars(
        select(Offer).where(Offer.work_order_id == order.id, or_(Offer.status.in_(ANSWERED_NO), Offer.taken_back != ""))
    )
    found: defaultdict[str, list[Refusal]] = defaultdict(list)
    for offer in rows:
        code = offer.taken_back or (SILENCE if offer.status is OfferStatus.EXPIRED else offer.reason_code)
        at = offer.answered_at or offer.answer_by
        found[offer.engineer_id].append(Refusal(code, at, offer.window_since, offer.window_until))
    return found


def known_by(uow: UnitOfWork, order: WorkOrder) -> dict[str, str]:
    """Engineers who finished a visit at this customer's, ``product`` where it was for the same one."""
    earlier = (
        select(WorkOrder.id, WorkOrder.product_id)
        .where(WorkOrder.customer_id == order.customer_id, WorkOrder.id != order.id)
        .order_by(WorkOrder.opened_at.desc())
        .limit(EARLIER_ORDERS)
        .subquery()
    )
    rows = uow.session.execute(
        select(Visit.engineer_id, earlier.c.product_id)
        .join(earlier, earlier.c.id == Visit.work_order_id)
        .where(Visit.status == VisitStatus.FINISHED, Visit.engineer_id.isnot(None))
    )
    found: dict[str, str] = {}
    for engineer_id, product_id in rows:
        same = order.product_id is not None and product_id == order.product_id
        found[engineer_id] = "product" if same or found.get(engineer_id) == "product" else "customer"
    return found


def recent_of(uow: UnitOfWork, ids: Collection[str]) -> dict[str, int]:
    """How many visits each has about now."""
    days = and_(EngineerDay.day >= uow.today - AROUND, EngineerDay.day <= uow.today + AROUND)
    counted = select(EngineerDay.engineer_id, func.sum(EngineerDay.taken)).where(
        EngineerDay.engineer_id == one_of(ids), days
    )
    return {id_: int(taken) for id_, taken in uow.session.execute(counted.group_by(EngineerDay.engineer_id))}


__all__ = ["Candidate", "able", "candidates_for", "cells_of", "job_of"]
