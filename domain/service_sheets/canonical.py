"""The one written form of a service sheet that is hashed and signed; the phone makes the same bytes.

``engineer_app/web/src/rules/canonical.ts`` is its twin; both run ``tests/vectors/canonical.json``. Only text, whole numbers, lists
and objects: floats would be written differently on the two sides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

VERSION = 1
LINES = ("part", "material", "fee")


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks.

    :raises TypeError: something in it has no canonical form
    """
    return json.dumps(checked(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def checked(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple):
        return [checked(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): checked(one) for key, one in value.items()}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def hash_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def signed_content(
    *, order_number: str, visit_id: str, product: str, registers: Mapping[str, Mapping[str, Any] | None]
) -> dict[str, Any]:
    """What a customer signs: what was found and done, every line, and the total he pays.

    ``registers`` is the sheet's, by key; removed lines (None) are left out, lines stand in the order of their keys.
    """
    lines = {kind: lines_of(registers, kind) for kind in LINES}
    return {
        "v": VERSION,
        "order": order_number,
        "visit": visit_id,
        "product": product,
        "fault_found": text_of(registers.get("field.fault_found")),
        "done": text_of(registers.get("field.done")),
        "parts": lines["part"],
        "materials": lines["material"],
        "fees": lines["fee"],
        "total_fen": sum(int(fee["fen"]) for fee in lines["fee"] if fee["payer"] == "customer"),
    }


SIGNED = {
    "part": ("part_code", "quantity", "new_serial", "old_serial"),
    "material": ("code", "quantity"),
    "fee": ("code", "title", "fen", "payer"),
}
"""What of a line is signed: photos may be added afterwards."""


def lines_of(registers: Mapping[str, Mapping[str, Any] | None], kind: str) -> list[dict[str, Any]]:
    found = []
    for key in sorted(registers):
        value = registers[key]
        if key.startswith(f"{kind}.") and value is not None:
            found.append({"line": key.partition(".")[2], **{name: value.get(name) for name in SIGNED[kind]}})
    return found


def text_of(value: Mapping[str, Any] | None) -> str:
    return str(value.get("value") or "") if value else ""
