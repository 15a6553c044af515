"""A visit's service sheet as its phones see it: registers with stamps, signatures and whether they hold, conflicts."""

from __future__ import annotations

from typing import Any

from domain.service_sheets.fields import KINDS
from engineer_app.loading import Loaded

INTERNAL = "archive."
"""Registers that are ours alone."""


def sheet_json(loaded: Loaded, visit_id: str, device_id: str) -> dict[str, Any] | None:
    """None while nothing was written."""
    sheet = loaded.sheets.get(visit_id)
    if sheet is None:
        return None
    return {
        "version": sheet.version, "hash": sheet.hash, "outcome": sheet.outcome, "verify_code": sheet.verify_code,
        "registers": [
            {
                "key": one.key, "value": one.value, "at": one.at, "operation_id": one.operation_id,
                "version": one.version, "mine": one.device_id == device_id,
            }
            for one in loaded.registers.get(visit_id, [])
            if not one.key.startswith(INTERNAL)
        ],
        "signatures": [
            {
                "id": one.id, "purpose": one.purpose, "hash": one.hash, "at": one.at, "upload_id": one.upload_id,
                "holds": one.purpose == "receipt" or one.hash == sheet.hash, "name": one.content.get("name", ""),
            }
            for one in loaded.signatures.get(visit_id, [])
        ],
    }  # fmt: skip


def conflicts_json(loaded: Loaded, visit_id: str) -> list[dict[str, Any]]:
    return [
        {
            "operation_id": one.id, "kind": one.kind, "at": one.at,
            "words": f"{KINDS[one.kind].title}：{one.answer['words']}" if one.kind in KINDS else one.answer["words"],
            "mine": one.answer.get("mine"), "theirs": one.answer.get("theirs"), "stood": one.answer.get("stood", False),
        }
        for one in loaded.conflicts.get(visit_id, [])
    ]  # fmt: skip
