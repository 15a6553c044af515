"""Jobs as the phone is told them: from rows loaded before, without a further query."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from domain.capacity.model import Reservation
from domain.catalog.categories import TITLES as CATEGORIES
from domain.catalog.model import Model
from domain.dispatch.lifecycle import OFFERS, OfferStatus
from domain.engineers.devices import SignedInEngineer
from domain.inspections import library
from domain.kit.actors import Role
from domain.kit.personal import mask_address, mask_name, mask_phone
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.knowledge import library as articles
from domain.knowledge.diagnosis.trees import trees
from domain.knowledge.lifecycle import GUIDES
from domain.payments.lifecycle import PAYABLES
from domain.payments.model import Payable
from domain.pricing.queries import QuoteSeen
from domain.pricing.reading import list_text
from domain.products.model import Product
from domain.products.warranty_facts import TITLES as WARRANTY_TITLES
from domain.products.warranty_facts import Answer, reason
from domain.products.warranty_model import WarrantyAnswer
from domain.work_orders.kinds import TITLES
from domain.work_orders.lifecycle import ORDERS, VISITS
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.numbers import spoken
from domain.work_orders.places import place_of
from engineer_app import content, numbers
from engineer_app.job_shapes import JobsOut
from engineer_app.loading import HISTORY, OVER, Found, Loaded, load
from engineer_app.sheets import conflicts_json, sheet_json

AHEAD = timedelta(days=7)
ON_PHONE = frozenset({"depart", "check_in"})
"""Moves of a visit that the phone has buttons for; ends are `domain.service_sheets.rules.OUTCOMES`."""
QUOTES = 3
"""The newest quotes of an order that a phone is told of."""
SECTIONS = ("offer", "today", "coming", "done")
NUMBERS = re.compile(r"\d{5,}")


def snapshot(uow: UnitOfWork, who: SignedInEngineer) -> dict[str, Any]:
    """All of it, dumped; ``version`` changes with anything but the time."""
    loaded = load(uow, who)
    made = {
        "version": "", "now": uow.now, "content_version": content.version(), "last_seq": who.device.last_seq,
        "jobs": jobs_json(uow, who, loaded), "bills": loaded.bills,
        "brands": [
            {"id": one.id, "name": one.name, "hotline": one.hotline, "price_words": list_text(uow, one.id)}
            for one in sorted(loaded.brands.values(), key=lambda one: one.id)
        ],
        "uploads": [
            {"id": one.id, "visit_id": one.visit_id, "state": one.state.value, "words": one.why}
            for one in sorted(loaded.unfinished, key=lambda one: (one.begun_at, one.id))
        ],
    }  # fmt: skip
    dumped: dict[str, Any] = JobsOut().dump(made)
    stable = json.dumps({**dumped, "now": ""}, ensure_ascii=False, sort_keys=True)
    return {**dumped, "version": hashlib.sha256(stable.encode()).hexdigest()[:16]}


def some(uow: UnitOfWork, who: SignedInEngineer, visit_ids: Collection[str]) -> list[dict[str, Any]]:
    """These jobs, as far as they are this engineer's."""
    return jobs_json(uow, who, load(uow, who, visit_ids))


def jobs_json(uow: UnitOfWork, who: SignedInEngineer, loaded: Loaded) -> list[dict[str, Any]]:
    """In the order they are shown; what is further ahead than a week is left out."""
    made = []
    for found in loaded.found:
        day = day_of(loaded.reservations.get(found.visit.id), uow.today)
        if day < uow.today + AHEAD + timedelta(days=1):
            made.append(job_json(uow, who, loaded, found, section_of(found, day, uow.today)))
    numbers.note(uow, who, made)
    made.sort(key=lambda one: (SECTIONS.index(one["section"]), order_in(one)))
    number_routes(made)
    return made


def order_in(job: dict[str, Any]) -> tuple[str, str]:
    """Offers by their end, jobs by the route."""
    moment = job["offer"]["answer_by"] if job["offer"] else job["route"] and job["route"]["starts_at"]
    return (moment.isoformat() if moment else "", job["visit_id"])


def number_routes(made: list[dict[str, Any]]) -> None:
    """The first of a day is 1."""
    places: dict[date, int] = {}
    for job in made:
        if job["route"]:
            day = job["route"]["day"]
            places[day] = job["route"]["place"] = places.get(day, 0) + 1


def day_of(kept: Reservation | None, today: date) -> date:
    return kept.day if kept else today


def section_of(found: Found, day: date, today: date) -> str:
    if found.offer:
        return "offer"
    if found.visit.status in OVER:
        return "done"
    under_way = found.visit.status.value in ("departed", "checked_in")
    return "today" if day <= today or under_way else "coming"


def job_json(uow: UnitOfWork, who: SignedInEngineer, loaded: Loaded, found: Found, section: str) -> dict[str, Any]:
    visit, order, offer = found.visit, found.order, found.offer
    model = loaded.models.get(order.model_id or "")
    product = loaded.products.get(order.product_id or "")
    day = visit.opened_at.astimezone(SHANGHAI).date()
    tree = trees().get(order.category_code)
    return {
        "visit_id": visit.id, "order_id": order.id, "number": spoken(order.number), "section": section,
        "seq": visit.seq, "status": visit.status.value, "status_title": VISITS.titles[visit.status],
        "order_status": order.status.value, "order_status_title": ORDERS.titles[order.status],
        "on_hold": order.on_hold, "agreed_fen": order.agreed_fen, "lead": offer is not None or visit.engineer_id == who.engineer.id,
        "offer": offer and {"id": offer.id, "answer_by": offer.answer_by},
        **times_json(found, loaded.reservations.get(visit.id)),
        "service_type": order.service_type.value, "service_title": TITLES[order.service_type],
        "category_code": order.category_code, "category_title": CATEGORIES.get(order.category_code, ""),
        "brand_id": order.brand_id, "brand_name": loaded.brands[order.brand_id].name,
        "customer": {
            **customer_json(order, masked=offer is not None, vip=loaded.customers[order.customer_id].level == "vip"),
            "number": order.phone if numbers.may_carry(found, section) else None,
        },
        "model_id": order.model_id, "product": product and product_json(product, loaded.models[product.model_id]),
        "signed_product": model.code if model else "", "signed_order": order.number,
        "warranty": warranty_json(loaded, model, product, order),
        "history": history_json(loaded, order),
        "visits": [past_json(loaded, one) for one in loaded.visits.get(order.id, []) if one.seq < visit.seq],
        "words": NUMBERS.sub("*", order.words) if offer else order.words,
        "symptoms": order.symptoms, "error_code": order.error_code, "wanted_time": None if offer else order.wanted_time,
        "pictures": pictures_json(loaded, order.id), "tried": tried_json(loaded, order.id),
        "moves": moves_json(found),
        "content_day": day,
        "prompts": [one.code for one in library.prompts_for(order.category_code, order.service_type, day)],
        "checks": [one.code for one in library.checks_for(order.category_code, order.service_type, day)],
        "diagnosis_step": tree.begin(order.symptoms, order.error_code) if tree else None,
        **money_json(loaded, found),
        "sheet": sheet_json(loaded, visit.id, who.device.id), "conflicts": conflicts_json(loaded, visit.id),
    }  # fmt: skip


def money_json(loaded: Loaded, found: Found) -> dict[str, Any]:
    """What it costs, what the customer was asked and answered, what is owed; of an offer nothing."""
    facts = loaded.prices.get(found.order.id)
    return {
        "prices": facts.to_json() if facts and found.offer is None else None,
        "quotes": [quote_json(one) for one in loaded.quotes.get(found.visit.id, [])[:QUOTES]],
        "owed": [owed_json(one) for one in loaded.owed.get(found.order.id, [])],
    }


def quote_json(quote: QuoteSeen) -> dict[str, Any]:
    return {
        "id": quote.id, "version": quote.version, "phone_key": quote.phone_key, "status": quote.status,
        "status_title": quote.status_title, "lines": [one.to_json() for one in quote.lines],
        "customer_fen": quote.customer_fen, "declined_fen": quote.declined_fen, "hash": quote.hash,
    }  # fmt: skip


def owed_json(one: Payable) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "title": one.title, "due_fen": one.due_fen, "paid_fen": one.paid_fen, "status": one.status.value,
        "status_title": PAYABLES.titles[one.status],
    }  # fmt: skip


def times_json(found: Found, kept: Reservation | None) -> dict[str, Any]:
    """The window and the place in the day; of an offer only the window."""
    if found.offer:
        window = {"since": found.offer.window_since, "until": found.offer.window_until, "promised": False}
        return {"window": window, "route": None}
    if kept is None:
        return {"window": None, "route": None}
    return {
        "window": {"since": kept.window_since, "until": kept.window_until, "promised": kept.promised},
        "route": {
            "day": kept.day, "place": 0, "leaves_at": kept.leaves_at, "starts_at": kept.starts_at,
            "ends_at": kept.ends_at, "minutes": kept.minutes,
        },
    }  # fmt: skip


def customer_json(order: WorkOrder, *, masked: bool, vip: bool) -> dict[str, Any]:
    """Whoever is only asked learns the area; the number is masked for everybody: whole it is beside it only where `numbers` says so."""
    place = None if masked else place_of(order)
    name = order.contact_name or ""
    return {
        "name": mask_name(name) if masked else name, "phone": mask_phone(order.phone),
        "address": mask_address(order.address) if masked else order.address, "division_code": order.division_code,
        "place": place and {"lat": place.lat, "lng": place.lng, "radius_m": place.radius_m, "source": place.source},
        "vip": vip,
    }  # fmt: skip


def product_json(product: Product, model: Model) -> dict[str, Any]:
    return {
        "id": product.id, "model_id": model.id, "model_code": model.code, "model_name": model.name,
        "category_code": model.category_code, "serial": product.serial, "purchased_on": product.purchased_on,
    }  # fmt: skip


def warranty_json(
    loaded: Loaded, model: Model | None, product: Product | None, order: WorkOrder
) -> list[dict[str, Any]]:
    """The answer kept with the order; what the rules say until there is one."""
    kept = loaded.answers.get(order.id)
    if kept:
        return [answer_json(one) for one in kept]
    if model is None:
        return []
    day = order.opened_at.astimezone(SHANGHAI).date()
    return [answer_json(one) for one in loaded.warranty.decide(model, product, day, order.id).answers]


def answer_json(answer: Answer | WarrantyAnswer) -> dict[str, Any]:
    return {
        "component": answer.component, "title": WARRANTY_TITLES.get(answer.component, answer.component),
        "result": answer.result.value, "source": answer.source, "until": answer.until,
        "words": reason(answer.component, answer.result, answer.words),
        "evidence": list(answer.evidence),
    }  # fmt: skip


def history_json(loaded: Loaded, order: WorkOrder) -> list[dict[str, Any]]:
    """Earlier orders of the same product; the words of another owner are not told."""
    earlier = [one for one in loaded.history.get(order.product_id or "", []) if one.id != order.id]
    return [
        {
            "number": spoken(one.number), "service_title": TITLES[one.service_type], "opened_at": one.opened_at,
            "status_title": ORDERS.titles[one.status],
            "words": NUMBERS.sub("*", one.words) if one.customer_id == order.customer_id else "",
        }
        for one in earlier[:HISTORY]
    ]  # fmt: skip


def past_json(loaded: Loaded, visit: Visit) -> dict[str, Any]:
    sheet = loaded.sheets.get(visit.id)
    return {
        "seq": visit.seq, "status_title": VISITS.titles[visit.status], "outcome": sheet.outcome if sheet else "",
        "at": visit.opened_at,
    }  # fmt: skip


def pictures_json(loaded: Loaded, order_id: str) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id, "of": "engineer" if one.author else "customer", "kind": one.kind, "at": one.created_at,
            "upload_id": loaded.upload_of.get(one.id),
        }
        for one in loaded.files.get(order_id, [])
    ]  # fmt: skip


def tried_json(loaded: Loaded, order_id: str) -> list[dict[str, Any]]:
    """An article that is gone by now keeps its id for a title."""
    known = articles.loaded().articles
    return [
        {
            "article_id": one.article_id, "status_title": GUIDES.titles[one.status], "at": one.offered_at,
            "title": known[one.article_id].title if one.article_id in known else one.article_id,
        }
        for one in loaded.tried.get(order_id, [])
    ]  # fmt: skip


def moves_json(found: Found) -> list[dict[str, Any]]:
    """What can be pressed now, as the lifecycles say."""
    if found.offer:
        return [
            {"name": move.name, "title": move.title, "reason": move.reason}
            for move in OFFERS.allowed(OfferStatus.OPEN, Role.ENGINEER)
        ]
    return [
        {"name": move.name, "title": move.title, "reason": move.reason}
        for move in VISITS.allowed(found.visit.status, Role.ENGINEER)
        if move.name in ON_PHONE
    ]
