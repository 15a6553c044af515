"""What phones need to reckon prices without network: the facts of many orders at once, in a constant number of queries.

The phone puts in what is wanted (`domain.pricing.gathering.wanted_of` and its twin) and asks its twin of `fees`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import or_, select

from domain.capacity.model import Reservation, ReservationState
from domain.catalog.bills import Needed, bills_of
from domain.catalog.model import Model
from domain.cover.cards import cards_of_orders
from domain.cover.standing import judge
from domain.engineers.model import Engineer
from domain.kit.tables import Table
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Station
from domain.pricing.fee_facts import Card, Facts, Judged, PartFact
from domain.pricing.gathering import day_of, fee_of, holiday_on, is_night, judged, kilometres_between, prices_of
from domain.pricing.goodwill import goodwill_of
from domain.pricing.model import FeeRow, PartPrice, Quote
from domain.products.model import Product
from domain.products.warranty_queries import latest_answers
from domain.work_orders.model import WorkOrder
from domain.work_orders.places import place_of

T = TypeVar("T", bound=Table)


def phone_facts(uow: UnitOfWork, orders: Sequence[WorkOrder]) -> dict[str, Facts]:
    """Order → what `fees.price` needs, with every row for its service and every priced part of its model, and nothing wanted yet.

    ``day`` says of when it is: a phone says so where it is another day's by then.
    """
    ids, on = [one.id for one in orders], uow.today
    kept = reservations(uow, ids)
    stations = stations_for(uow, orders, kept)
    rows = fee_rows(uow, orders, on)
    bills = bills_of(uow, {one.model_id for one in orders if one.model_id}, on)
    prices = prices_of(uow, {line.part_id for bill in bills.values() for line in bill}, on)
    cards, quotes, answers = cards_of_orders(uow, ids), newest_quotes(uow, ids), answers_for(uow, orders)
    found = {}
    for order in orders:
        mine = [
            one for one in rows if one.brand_id == order.brand_id and one.category_code in ("", order.category_code)
        ]
        window = kept[order.id].window_since if order.id in kept else None
        held = [Card(one.redemption_id, one.title, tuple(sorted(one.pays))) for one in cards.get(order.id, ())]
        found[order.id] = Facts(
            day=on.isoformat(), category=order.category_code, service=str(order.service_type),
            rows=tuple(fee_of(one) for one in mine), parts=part_facts(bills.get(order.model_id or "", []), prices),
            answers=answers[order.id], cards=tuple(held), goodwill=goodwill_of(quotes.get(order.id)),
            km=kilometres_between(stations.get(order.id), place_of(order)), night=is_night(window),
            holiday=holiday_on(on if window is None else day_of(window)), rectifies=order.rectifies_id is not None,
        )  # fmt: skip
    return found


def reservations(uow: UnitOfWork, order_ids: Collection[str]) -> dict[str, Reservation]:
    """Order → the time that is kept for it, the last where there are several."""
    kept = select(Reservation).where(
        Reservation.work_order_id.in_(order_ids), Reservation.state == ReservationState.BOOKED
    )
    rows = uow.session.scalars(kept.order_by(Reservation.window_since, Reservation.id.desc()))
    return {one.work_order_id: one for one in rows}


def stations_for(
    uow: UnitOfWork, orders: Iterable[WorkOrder], kept: Mapping[str, Reservation]
) -> dict[str, Station | None]:
    """Order → where whoever comes starts from; else the station it was given to."""
    comes = by_id(uow, Engineer, {one.engineer_id for one in kept.values()})
    of: dict[str, str | None] = {}
    for order in orders:
        engineer = comes.get(kept[order.id].engineer_id) if order.id in kept else None
        of[order.id] = engineer.station_id if engineer else order.station_id
    stations = by_id(uow, Station, {one for one in of.values() if one})
    return {order_id: stations.get(station_id or "") for order_id, station_id in of.items()}


def by_id(uow: UnitOfWork, kind: type[T], ids: Collection[str]) -> dict[str, T]:
    return {one.id: one for one in uow.session.scalars(select(kind).where(kind.id.in_(ids)))}  # type: ignore[attr-defined]


def fee_rows(uow: UnitOfWork, orders: Iterable[WorkOrder], on: date) -> Sequence[FeeRow]:
    """The fee tables of all their brands and categories, in the order of `domain.pricing.gathering.rows_for`."""
    brands, categories = {one.brand_id for one in orders}, {one.category_code for one in orders}
    held = select(FeeRow).where(
        FeeRow.brand_id.in_(brands), FeeRow.category_code.in_(["", *categories]), FeeRow.since <= on,
        or_(FeeRow.until.is_(None), FeeRow.until > on),
    )  # fmt: skip
    order = (FeeRow.kind, FeeRow.category_code, FeeRow.service_type, FeeRow.code, FeeRow.km_from, FeeRow.id)
    return uow.session.scalars(held.order_by(*order)).all()


def part_facts(bill: Sequence[Needed], prices: Mapping[str, PartPrice]) -> tuple[PartFact, ...]:
    facts = [
        PartFact(line.code, line.name, line.component, price.fen, price.labour, price.id)
        for line in bill
        if (price := prices.get(line.part_id))
    ]
    return tuple(sorted(facts, key=lambda one: one.code))


def newest_quotes(uow: UnitOfWork, order_ids: Collection[str]) -> dict[str, Quote]:
    found = select(Quote).where(Quote.work_order_id.in_(order_ids)).order_by(Quote.version)
    return {one.work_order_id: one for one in uow.session.scalars(found)}


def answers_for(uow: UnitOfWork, orders: Sequence[WorkOrder]) -> dict[str, tuple[Judged, ...]]:
    """The latest round stored with each order; where nobody has asked yet, what the rules say now."""
    stored = latest_answers(uow, [one.id for one in orders])
    found = {order_id: judged(answers) for order_id, answers in stored.items()}
    asked = [one for one in orders if one.id not in found and one.model_id]
    models = by_id(uow, Model, {one.model_id for one in asked if one.model_id})
    products = by_id(uow, Product, {one.product_id for one in asked if one.product_id})
    judge_ = judge(uow, list(models.values()), list(products.values()), [one.id for one in asked])
    for order in asked:
        product, day = products.get(order.product_id or ""), day_of(order.opened_at)
        found[order.id] = judged(judge_.decide(models[order.model_id or ""], product, day, order.id).answers)
    return {one.id: found.get(one.id, ()) for one in orders}
