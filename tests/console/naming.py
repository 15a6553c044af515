"""What every route is asked with: whose rows its path, its form or its body name.

A new path field needs a line of `PATHS` (whose row it names), a form that names rows of others a line of `CROSSED`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from console.access_table import Route
from domain.work_orders.numbers import number_from
from tests.console.side import Side

PATHS = {
    "order_id": "wo", "visit_id": "vi", "offer_id": "of", "change_id": "cr", "customer_id": "cu", "product_id": "pd",
    "file_id": "fi", "incident_id": "in", "task_id": "dt", "answer_id": "ca", "staff_id": "st", "engineer_id": "en",
    "provider_id": "pr", "station_id": "sn", "plan_id": "pl", "route_id": "ro", "shift_id": "sh", "leave_id": "le",
    "certificate_id": "ce", "coverage_id": "co", "clock_id": "ck", "search_id": "ss", "appointment_id": "ap",
    "reservation_id": "re", "skill_id": "sk", "authorization_id": "au", "area_id": "co", "work_order_id": "wo",
    "decision_id": "de", "device_id": "engineer_devices", "finding_id": "wf",
    "quote_id": "qt", "bill_id": "bi", "cover_id": "co", "batch_id": "gb", "redemption_id": "rd", "rating_id": "ra", "callback_id": "cb", "complaint_id": "ts",
    "payable_id": "payables", "payment_id": "payments", "refund_id": "refunds", "merchant_id": "merchants",
    "invoice_id": "invoice_requests", "difference_id": "statement_differences", "hand_in_id": "cash_hand_ins", "entry_id": "ledger_entries",
    "kept_bill_id": "kept_bills",
}  # fmt: skip
"""Path or body field → the prefix of the ids of `tests.console.sides`."""

OF_BRAND = {
    "policy_id": "po",
    "cover_plan_id": "cp",
    "model_id": "mo",
    "part_id": "pa",
    "account_id": "ac",
    "fee_id": "fe",
}

CROSSED: dict[str, dict[str, str]] = {
    "/console/reveal": {"subject": "work_order", "id": "wo", "field": "phone"},
    "/console/reveal/chat": {"subject": "work_order", "id": "wo"},
    "/console/orders": {"q": "phone"},
    "/console/customers": {"q": "phone"},
}
"""Forms of pages without a path field that name somebody's row: field → prefix, or a word as it is."""


QUERIES: dict[str, Callable[[Side], dict[str, str]]] = {
    "/console/board/orders/<order_id>/ask": lambda side: {"engineer": side.id("en")},
    "/console/board/plans/new": lambda side: {"provider": side.id("pr"), "station": side.id("sn"), "day": "2026-05-13"},
}
"""What pages must be asked with, beside their path."""

SAMPLES = {"division_code": "440606", "field": "phone", "starts": 480, "ends": 720, "warn_minutes": 1, "minutes": 60}
"""Values of required fields that a made-up word would not do for."""


def filled(route: Route, side: Side, refs: dict[str, str]) -> str:
    path = route.path
    for name in route.fields:
        path = path.replace(f"<{name}>", value_of(name, side, refs))
    return path


def value_of(name: str, side: Side, refs: dict[str, str]) -> str:
    if name == "number":
        return number_from(side.count)
    if name == "ref":
        return refs[side.key]
    if name in OF_BRAND:
        return f"{OF_BRAND[name]}_{side.brand}"
    assert name in PATHS, f"say in PATHS of tests/console/naming.py whose row <{name}> names"
    return side.id(PATHS[name])


def form_of(route: Route, side: Side) -> dict[str, str]:
    asked = CROSSED.get(route.path, {})
    form = {name: side.id(word) if name == "id" else side.phone if word == "phone" and name == "q" else word
            for name, word in asked.items()}  # fmt: skip
    for name in ("engineer_id", "provider_id", "station_id", "product_id", "customer_id"):
        form.setdefault(name, side.id(PATHS[name]))
    return {**form, "engineer": side.id("en"), "station": side.id("sn"), "provider": side.id("pr")}


def body_of(schema: Any, side: Side) -> dict[str, Any]:
    """A body or a query that this takes, naming the side's rows."""
    made = schema() if isinstance(schema, type) else schema
    return {name: value for name, field in made.fields.items() if (value := sample(name, field, side)) is not None}


def sample(name: str, field: fields.Field[Any], side: Side) -> Any:
    if name in PATHS:
        return side.id(PATHS[name])
    if not field.required or field.dump_only:
        return None
    if name in SAMPLES:
        return SAMPLES[name]
    if name == "brand_id":
        return side.brand
    options = next((check.choices for check in field.validators if isinstance(check, OneOf)), None)
    if options:
        return next(iter(options))
    least = next((check.min or 1 for check in field.validators if isinstance(check, Length)), 1)
    samples: dict[type[Any], Any] = {
        fields.Integer: 1, fields.Boolean: True, fields.Date: "2026-05-13", fields.AwareDateTime: "2026-05-13T01:00:00+00:00",
        fields.List: [], fields.Dict: {}, fields.Float: 1.0,
    }  # fmt: skip
    if isinstance(field, fields.Nested):
        inner: Schema = field.schema
        one = {key: value for key, part in inner.fields.items() if (value := sample(key, part, side)) is not None}
        return [one] if field.many else one
    return next(
        (value for kind, value in samples.items() if isinstance(field, kind)),
        side.phone if name == "text" else "x" * least,
    )
