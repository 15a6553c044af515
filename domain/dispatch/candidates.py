"""Everybody the grid names for an order, with the facts the rules ask about, in three queries however many they are.

A further fact is a field of `domain.dispatch.facts.Candidate` and a list in `domain.dispatch.fact_queries.PEOPLE`. Nothing
sealed is read here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from domain.capacity.day import Day
from domain.capacity.queries import days_of, moment, on
from domain.capacity.travel import Travel
from domain.catalog.categories import TITLES
from domain.dispatch.fact_queries import CELLS, OF_ORDER, PEOPLE, Person
from domain.dispatch.facts import Candidate, Job, Period, Refusal, Today
from domain.dispatch.lifecycle import OfferStatus
from domain.dispatch.reasons import SILENCE
from domain.dispatch.rules import hard_because, objections
from domain.engineers.certificates import needed
from domain.engineers.grades import Grade
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.grid import prefixes
from domain.organizations.model import Provider, ProviderBrand, ProviderKind
from domain.work_orders.model import WorkOrder

ONE = timedelta(days=1)
AROUND = 3 * ONE
"""Days back and ahead in which visits are counted for fairness."""
GRADES = {str(grade.value): grade for grade in Grade}
ANSWERED_NO = frozenset({OfferStatus.REFUSED, OfferStatus.EXPIRED})


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
    offers, visits, due_at, danger, waits, before = uow.session.execute(
        OF_ORDER, {"order": order.id, "customer": order.customer_id, "rectifies": order.rectifies_id}
    ).one()  # fmt: skip
    refusals = refusals_of(offers or ())
    return Job(
        order.id, order.brand_id, order.category_code, TITLES.get(order.category_code, order.category_code),
        order.service_type, re_repair=order.repair_of_id is not None, urged=order.urged,
        refused=len({row[0] for row in offers or () if row[1] in ANSWERED_NO}), danger=danger, due_at=due_at, waits=waits,
        refusals=refusals, known=known_by(order, visits or ()), came_before=frozenset(row[0] for row in before or ()),
    )  # fmt: skip


def candidates_for(uow: UnitOfWork, order: WorkOrder, job: Job, *, also: str | None = None) -> list[Candidate]:
    """Everybody of the providers the grid names, in its order; for a hard case also the brand's own technicians.

    ``also`` is somebody a dispatcher names: looked at even if the grid does not name them.
    """
    cells = cells_of(uow, order, hard=bool(hard_because(job, uow.today)))
    people = people_of(uow, order, cells, also)
    for row in people:
        if row.provider_id not in cells:
            cells[row.provider_id] = Cell(len(cells), row.kind == ProviderKind.OWN)
    found = []
    for row in people:
        cell = cells[row.provider_id]
        found.append(
            Candidate(
                row.id, row.code, row.provider_id, row.station_id, own=cell.own, grade=GRADES[row.grade], rating=row.rating,
                turn=cell.turn, employed=(period(row.since, row.until),), skills=periods(row.skills),
                certificates=tuple([(kind, period(since, until)) for kind, since, until in row.papers or ()]),
                authorized=periods(row.grants), provider_authorized=periods(row.licences),
                covered=cell.periods_for(row.station_id), refusals=job.refusals.get(row.id, ()),
                knows=job.known.get(row.id, ""), recent=row.recent,
            )
        )  # fmt: skip
    return sorted(found, key=lambda who: (who.turn, who.code))


@lru_cache(maxsize=10_000)
def period(since: str, until: str | None) -> Period:
    """Days as JSON has them."""
    return Period(date.fromisoformat(since), on(until))


def periods(rows: Sequence[Any] | None) -> tuple[Period, ...]:
    return tuple([period(since, until) for since, until in rows or ()])


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
        CELLS,
        {
            "brand": order.brand_id, "divisions": prefixes(order.division_code), "category": order.category_code,
            "service": order.service_type, "today": uow.today,
        },
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


def people_of(
    uow: UnitOfWork, order: WorkOrder, cells: Mapping[str, Cell], also: str | None = None
) -> Sequence[Person]:
    """Those who are, or will be, employed by these providers; where only a station is named, of that station."""
    if not cells and not also:
        return []
    rows = uow.session.scalar(
        PEOPLE,
        {
            "brand": order.brand_id, "category": order.category_code, "service": order.service_type, "today": uow.today,
            "kinds": list(needed(order.category_code, order.service_type, uow.today)), "back": uow.today - AROUND,
            "ahead": uow.today + AROUND, "also": also, "providers": list(cells),
        },
    )  # fmt: skip
    return [
        row
        for row in (Person(*row) for row in rows or ())
        if row.id == also or cells[row.provider_id].everywhere or row.station_id in cells[row.provider_id].stations
    ]


def refusals_of(offers: Iterable[Any]) -> dict[str, tuple[Refusal, ...]]:
    """Who was asked for this order and did not take it, kept silent, or had it taken back."""
    found: defaultdict[str, list[Refusal]] = defaultdict(list)
    for engineer_id, status, reason_code, taken_back, answered, since, until in offers:
        if status in ANSWERED_NO or taken_back:
            code = taken_back or (SILENCE if status == OfferStatus.EXPIRED else reason_code)
            found[engineer_id].append(Refusal(code, moment(answered), moment(since), moment(until)))
    return {engineer_id: tuple(refusals) for engineer_id, refusals in found.items()}


def known_by(order: WorkOrder, visits: Iterable[Any]) -> dict[str, str]:
    """Engineers who finished a visit at this customer's, ``product`` where it was for the same one."""
    found: dict[str, str] = {}
    for engineer_id, product_id in visits:
        same = order.product_id is not None and product_id == order.product_id
        found[engineer_id] = "product" if same or found.get(engineer_id) == "product" else "customer"
    return found


__all__ = ["Candidate", "able", "candidates_for", "cells_of", "job_of"]
