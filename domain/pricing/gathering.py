"""Gathering what `fees` reckons with: the rows of the day, the place, the hour, the stored warranty answer, the cards held."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import or_, select

from domain.calendar import feast_after, feast_names
from domain.capacity.model import Reservation, ReservationState
from domain.catalog.codes import code_key
from domain.catalog.model import Model, Part
from domain.cover.cards import cards_for
from domain.cover.standing import keep_for, warranty_of
from domain.engineers.model import Engineer
from domain.kit.actors import system
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations.model import Station
from domain.pricing.fee_facts import EXTRA, LABOUR, Card, Facts, Fee, Goodwill, Judged, PartFact, Wanted
from domain.pricing.model import FeeRow, PartPrice
from domain.products.model import Product
from domain.products.warranty_facts import TITLES, Answer
from domain.products.warranty_model import WarrantyAnswer
from domain.products.warranty_queries import latest_answers
from domain.regions.positions import Position, Source, metres
from domain.service_sheets.facts import Values
from domain.service_sheets.registers import below
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.places import place_of

BY = system("pricing")
NIGHT_SINCE, NIGHT_UNTIL = 20, 8
"""A window that begins at 20:00 or later, or before 8:00, is at night."""


def facts_for(
    uow: UnitOfWork, order: WorkOrder, wanted: Wanted, *, goodwill: Sequence[Goodwill] = (), day: date | None = None,
    keep: bool = True,
) -> Facts:  # fmt: skip
    """Everything about one order, today. ``keep`` stores the warranty's answer where the order has none yet."""
    on = day or uow.today
    kept, window = reservation_of(uow, order.id), None
    if kept is not None:
        window = kept.window_since
    wanted, parts = priced_parts(uow, order.brand_id, wanted, on)
    return Facts(
        day=on.isoformat(), category=order.category_code, service=str(order.service_type), wanted=wanted,
        rows=tuple(fee_of(one) for one in rows_for(uow, order.brand_id, [order.category_code], on)), parts=parts,
        answers=answers_of(uow, order, keep=keep), cards=held_cards(uow, order), goodwill=tuple(goodwill),
        km=kilometres(uow, order, kept), night=is_night(window), holiday=holiday_on(on if window is None else day_of(window)),
        rectifies=order.rectifies_id is not None,
    )  # fmt: skip


def rows_for(uow: UnitOfWork, brand_id: str, categories: Collection[str], on: date) -> Sequence[FeeRow]:
    """The fee table of a brand on a day: rows of these categories and those of all. One query."""
    held = select(FeeRow).where(
        FeeRow.brand_id == brand_id, FeeRow.category_code.in_(["", *categories]), FeeRow.since <= on,
        or_(FeeRow.until.is_(None), FeeRow.until > on),
    )  # fmt: skip
    order = (FeeRow.kind, FeeRow.category_code, FeeRow.service_type, FeeRow.code, FeeRow.km_from, FeeRow.id)
    return uow.session.scalars(held.order_by(*order)).all()


def fee_of(row: FeeRow) -> Fee:
    return Fee(
        row.id, row.kind, row.code, row.title, row.category_code, row.service_type, row.km_from, row.fen, row.permille,
        row.unit, row.owner,
    )  # fmt: skip


def prices_of(uow: UnitOfWork, part_ids: Collection[str], on: date) -> dict[str, PartPrice]:
    """Part → its price on a day; a part without one is left out. One query."""
    if not part_ids:
        return {}
    held = select(PartPrice).where(
        PartPrice.part_id.in_(part_ids), PartPrice.since <= on, or_(PartPrice.until.is_(None), PartPrice.until > on)
    )
    return {one.part_id: one for one in uow.session.scalars(held)}


def part_fact(part: Part, price: PartPrice) -> PartFact:
    return PartFact(part.code, part.name, part.component, price.fen, price.labour, price.id)


def priced_parts(uow: UnitOfWork, brand_id: str, wanted: Wanted, on: date) -> tuple[Wanted, tuple[PartFact, ...]]:
    """The wanted parts by the brand's own way of writing them, with their prices; one that is not the brand's stays as typed."""
    keys = {code_key(code) for code, _ in wanted.parts}
    if not keys:
        return wanted, ()
    known = {
        one.code_key: one
        for one in uow.session.scalars(select(Part).where(Part.brand_id == brand_id, Part.code_key.in_(keys)))
    }
    prices = prices_of(uow, [one.id for one in known.values()], on)
    counted: dict[str, int] = {}
    for code, quantity in wanted.parts:
        part = known.get(code_key(code))
        own = part.code if part else code
        counted[own] = counted.get(own, 0) + quantity
    facts = [part_fact(one, prices[one.id]) for one in known.values() if one.id in prices]
    return replace(wanted, parts=Wanted.of(parts=counted).parts), tuple(sorted(facts, key=lambda one: one.code))


def answers_of(uow: UnitOfWork, order: WorkOrder, *, keep: bool) -> tuple[Judged, ...]:
    """The latest round stored with the order; where nobody has asked yet, what the rules say now."""
    stored = latest_answers(uow, [order.id]).get(order.id, [])
    if stored or not order.model_id:
        return judged(stored)
    if keep:
        return judged(keep_for(uow, order, by=BY, first=True))
    model = uow.session.get_one(Model, order.model_id)
    product = uow.session.get(Product, order.product_id) if order.product_id else None
    return judged(warranty_of(uow, model, product, order.id, day=day_of(order.opened_at)).answers)


def judged(answers: Iterable[WarrantyAnswer | Answer]) -> tuple[Judged, ...]:
    """Answers about components, not the rights of return and exchange, in the order of their names."""
    found = [
        Judged(
            one.component, TITLES.get(one.component, one.component), str(one.result.value), one.rule,
            one.until.isoformat() if one.until else "", one.words,
        )
        for one in answers
        if one.component not in ("return", "exchange")
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.component))


def held_cards(uow: UnitOfWork, order: WorkOrder) -> tuple[Card, ...]:
    return tuple(Card(one.redemption_id, one.title, tuple(sorted(one.pays))) for one in cards_for(uow, order))


# Where and when


def reservation_of(uow: UnitOfWork, order_id: str) -> Reservation | None:
    """The time that is kept for the order, the last where there are several."""
    kept = select(Reservation).where(
        Reservation.work_order_id == order_id, Reservation.state == ReservationState.BOOKED
    )
    return uow.session.scalars(kept.order_by(Reservation.window_since.desc(), Reservation.id).limit(1)).first()


def station_for(uow: UnitOfWork, order: WorkOrder, kept: Reservation | None) -> Station | None:
    """Where whoever comes starts from; else the station the order was given to."""
    comes = uow.session.get(Engineer, kept.engineer_id) if kept else None
    station_id = comes.station_id if comes else order.station_id
    return uow.session.get(Station, station_id) if station_id else None


def kilometres(uow: UnitOfWork, order: WorkOrder, kept: Reservation | None) -> int | None:
    return kilometres_between(station_for(uow, order, kept), place_of(order))


def kilometres_between(station: Station | None, home: Position | None) -> int | None:
    """Whole kilometres that it is at the least, as the crow flies; None where the home is known by the middle of a division."""
    if station is None or station.lat is None or station.lng is None or home is None or home.source is Source.CENTROID:
        return None
    far = metres(Position(station.lat, station.lng), home) - home.radius_m
    return max(0, int(far // 1000))


def day_of(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def is_night(window: datetime | None) -> bool:
    """Only what was promised counts: an engineer who comes late costs nobody anything."""
    if window is None:
        return False
    hour = window.astimezone(SHANGHAI).hour
    return hour >= NIGHT_SINCE or hour < NIGHT_UNTIL


def holiday_on(day: date) -> str:
    """The statutory holiday that a day belongs to; "" for any other day, Sundays too."""
    for name in feast_names():
        feast = feast_after(name, day)
        if feast and feast.since <= day < feast.until:
            return name
    return ""


# What a sheet wants


def wanted_of(values: Values, rows: Iterable[FeeRow]) -> Wanted:
    """What the registers of a sheet say is to be done. Lines that only repeat a quote's (路费, 配件 …) want nothing by themselves."""
    own = {row.code for row in rows if row.kind in (LABOUR, EXTRA)}
    return Wanted.of(
        counted(below(values, "fee").values(), "code", "quantity", 1, own),
        counted(below(values, "part").values(), "part_code", "quantity", 1000),
        counted(below(values, "material").values(), "code", "quantity", 1),
    )


def counted(
    lines: Iterable[Mapping[str, object]], code: str, quantity: str, times: int, own: Collection[str] | None = None
) -> dict[str, int]:
    """Code → thousandths. A fee line may name a line's key (``labour.refill``) or the row's code alone."""
    found: dict[str, int] = {}
    for line in lines:
        name = str(line[code])
        if own is not None:
            name = name.removeprefix(f"{LABOUR}.").removeprefix(f"{EXTRA}.")
            if name not in own:
                continue
            found[name] = int(str(line.get(quantity) or 1000))
        else:
            found[name] = found.get(name, 0) + int(str(line[quantity])) * times
    return found


def visit_of(uow: UnitOfWork, order_id: str) -> Visit | None:
    """The order's newest visit."""
    found = select(Visit).where(Visit.work_order_id == order_id).order_by(Visit.seq.desc()).limit(1)
    return uow.session.scalars(found).first()
