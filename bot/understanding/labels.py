"""What was understood as plain labels, as the shared test messages and `weixiu understand` name them."""

from __future__ import annotations

from typing import Any

from bot.understanding.addresses import Address
from bot.understanding.message import Understood
from bot.understanding.products import Id
from bot.understanding.visits import When


def labels(understood: Understood[Id]) -> dict[str, Any]:
    """All fields, the scores of those that were found, and the codes that are offered; ready for JSON."""
    product = next((code for code in understood.codes if not code.value.is_serial), None)
    symptoms = [found.value.label for found in understood.symptoms]
    if understood.error_code and "error_code" not in symptoms:
        symptoms.append("error_code")
    found = {
        "intent": understood.intent,
        "category": understood.category,
        "error_code": understood.error_code,
        "model": product,
        "phone": understood.phone,
        "name": understood.name,
        "when": understood.when,
        "address": understood.address,
        **{f"symptom.{symptom.value.label}": symptom for symptom in understood.symptoms},
    }
    return {
        "text": understood.text,
        "intent": understood.intent.value.label,
        "category": understood.category.value.label if understood.category else None,
        "symptoms": symptoms,
        "negated_symptoms": [symptom.value.label for symptom in understood.denied],
        "error_code": understood.error_code.value if understood.error_code else None,
        "model": product.value.written if product else None,
        "phone": understood.phone.value if understood.phone else None,
        "name": understood.name.value if understood.name else None,
        "when": _when(understood.when.value) if understood.when else None,
        "address": _address(understood.address.value)
        if understood.address and understood.address.score >= 0.5
        else None,
        "scores": {name: round(one.score, 3) for name, one in found.items() if one},
        "codes": [
            {
                "written": code.value.written,
                "exact": code.value.hit.code if code.value.hit else None,
                "serial": code.value.is_serial,
                "candidates": [
                    {"code": hit.code, "score": hit.score}
                    for hit in ((code.value.hit,) if code.value.hit else code.value.near)
                ],
            }
            for code in understood.codes
        ],
    }


def _when(when: When) -> dict[str, Any] | None:
    """The four keys, always; what only means a stretch of days has none of them and is left out."""
    keys = {
        "date_offset_days": when.date_offset_days,
        "weekday": when.weekday,
        "half_day": when.half_day.value if when.half_day else None,
        "hour": when.hour,
    }
    return keys if any(value is not None for value in keys.values()) else None


def _address(address: Address) -> dict[str, str] | None:
    parts = dict(address.stated)
    if address.detail:
        parts["rest"] = address.detail
    return parts or None
