"""What an operation may write: kinds of operations, what their bodies must hold, and how long it may be.

A new kind is a row of `KINDS`; a new free field of the sheet a row of `FIELDS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.kit.errors import Refused
from domain.service_sheets.rules import OUTCOMES


class BadOperation(Refused):
    """What the phone sent is no operation of ours; the words say which part."""

    code = "bad_operation"


FIELDS: Mapping[str, int] = {"fault_found": 500, "done": 500, "remark": 500, "serial": 64, "second_serial": 64}
"""Free fields of a sheet, and how many characters each may have."""
PURPOSES = frozenset({"before", "after", "nameplate", "check", "part", "receipt", "door"})
PAYERS = frozenset({"customer", "warranty", "cover", "card", "brand"})
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""Codes, line ids and the like, as the phone makes them."""
MOST_FEN = 10_000_000
"""A fee of a hundred thousand yuan is a slip of the finger."""
MOVES = frozenset({"depart", "check_in"})
CORRECTED = frozenset({"name", "phone", "address", "product", "model"})
"""Of ``product`` and ``model`` the value is an id."""

Test = Callable[[Any], bool]


def text(longest: int, *, least: int = 0) -> Test:
    return lambda value: isinstance(value, str) and least <= len(value) <= longest


def one_of(values: Any) -> Test:
    return lambda value: isinstance(value, str) and value in values


def whole(least: int, most: int) -> Test:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def name(value: Any) -> bool:
    return isinstance(value, str) and NAME.fullmatch(value) is not None


def names(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 20 and all(name(one) for one in value)


def sha256(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def flag(value: Any) -> bool:
    return isinstance(value, bool)


def place(value: Any) -> bool:
    """A position as a phone says it."""
    if value is None:
        return True
    if not isinstance(value, dict) or value.get("datum") not in ("gcj02", "wgs84"):
        return False
    numbers = [value.get("lat"), value.get("lng"), value.get("radius_m")]
    return all(isinstance(one, int | float) and not isinstance(one, bool) for one in numbers) and (
        -90 <= value["lat"] <= 90 and -180 <= value["lng"] <= 180 and 0 <= value["radius_m"] <= 1e6
    )


def path(value: Any) -> bool:
    """Steps and findings of a diagnosis."""
    return (
        isinstance(value, list)
        and len(value) <= 40
        and all(isinstance(one, dict) and name(one.get("node")) and name(one.get("finding")) for one in value)
    )


def strokes(value: Any) -> bool:
    """A drawn signature: lists of whole-numbered points."""
    return (
        isinstance(value, list)
        and len(value) <= 200
        and sum(len(stroke) if isinstance(stroke, list) else 10_000 for stroke in value) <= 5_000
        and all(
            isinstance(point, list) and len(point) == 2 and all(whole(-10_000, 10_000)(n) for n in point)
            for stroke in value
            for point in stroke
        )
    )


def amounts(value: Any) -> bool:
    """What the customer was shown: key of a line → fen."""
    return (
        isinstance(value, dict)
        and len(value) <= 200
        and all(isinstance(key, str) and 0 < len(key) <= 100 for key in value)
        and all(whole(0, MOST_FEN)(fen) for fen in value.values())
    )


def titles(value: Any) -> bool:
    """Names of parts as in a diagnosis tree."""
    return isinstance(value, list) and len(value) <= 20 and all(text(64)(one) for one in value)


@dataclass(frozen=True)
class Kind:
    """One kind of operation: the register it writes, and its body's fields with their tests.

    ``register`` names fields of the body in braces; it is "" for what writes no register. A field whose name ends in ? may
    be left out. ``removes`` writes None: the line is gone.
    """

    title: str
    register: str
    body: Mapping[str, Test]
    removes: bool = False


LINE = {"line": name}
KINDS: Mapping[str, Kind] = {
    "visit.move": Kind(
        "行程", "milestone.{move}", {"move": one_of(MOVES), "position?": place, "far_reason?": text(200)}
    ),
    "visit.end": Kind(
        "结束上门",
        "end.{outcome}",
        {"outcome": one_of(OUTCOMES), "reason_code?": text(40), "why?": text(300), "parts?": names},
    ),
    "prompt.confirm": Kind("安全提示", "prompt.{code}", {"code": name}),
    "check.record": Kind(
        "环境检查",
        "check.{code}",
        {"code": name, "value": text(40, least=1), "unit?": text(12), "photo_ids?": names},
    ),
    "diagnosis.record": Kind(
        "故障诊断",
        "diagnosis",
        {
            "cause": text(64),
            "path?": path,
            "remedy?": text(200),
            "parts?": titles,
            "deviates?": flag,
            "said?": text(500),
        },
    ),
    "field.set": Kind("填写", "field.{name}", {"name": one_of(FIELDS), "value": text(500)}),
    "part.put": Kind(
        "用料",
        "part.{line}",
        {
            **LINE,
            "part_code": text(64, least=1),
            "quantity": whole(1, 99),
            "new_serial?": text(64),
            "old_serial?": text(64),
            "photo_ids?": names,
            "old_part_kept?": flag,
        },
    ),
    "part.remove": Kind("删除用料", "part.{line}", LINE, removes=True),
    "material.put": Kind(
        "辅材", "material.{line}", {**LINE, "code": text(64, least=1), "quantity": whole(1, 1_000_000)}
    ),
    "material.remove": Kind("删除辅材", "material.{line}", LINE, removes=True),
    "fee.put": Kind(
        "费用",
        "fee.{line}",
        {
            **LINE,
            "code": text(64, least=1),
            "title": text(60, least=1),
            "fen": whole(0, MOST_FEN),
            "payer": one_of(PAYERS),
            "quantity?": whole(1, 1_000_000),
        },
    ),
    "fee.remove": Kind("删除费用", "fee.{line}", LINE, removes=True),
    "quote.ask": Kind("请客户确认报价", "quote.asked", {"quote_id": name, "note?": text(200)}),
    "quote.confirm": Kind(
        "客户同意报价",
        "quote.answer",
        {
            "quote_id": name,
            "hash": text(64, least=64),
            "customer_fen": whole(0, MOST_FEN),
            "shown": amounts,
            "signature_id?": name,
        },
    ),
    "quote.reject": Kind("客户不同意报价", "quote.answer", {"quote_id": name, "why?": text(200)}),
    "photo.add": Kind("照片", "photo.{upload_id}", {"upload_id": name, "purpose": one_of(PURPOSES), "of?": text(64)}),
    "signature.add": Kind(
        "签名",
        "signature.{signature_id}",
        {
            "signature_id": name,
            "upload_id": name,
            "purpose": one_of(("sheet", "receipt", "quote")),
            "sheet_hash": sha256,
            "content?": text(20_000),
            "strokes?": strokes,
            "name?": text(40),
        },
    ),
    "correct": Kind(
        "更正资料",
        "correction.{field}",
        {"field": one_of(CORRECTED), "value": text(200, least=1), "division_code?": text(9)},
    ),
    "help.ask": Kind("求助", "", {"to": one_of(("senior", "appraisal")), "words": text(500, least=1)}),
    "change.ask": Kind(
        "申请改约",
        "",
        {
            "window_since": text(40, least=1),
            "window_until": text(40, least=1),
            "reason_code": text(40, least=1),
            "why?": text(300),
        },
    ),
    "offer.answer": Kind(
        "答复派单",
        "",
        {"offer_id": name, "answer": one_of(("accept", "refuse")), "reason_code?": text(40), "why?": text(300)},
    ),
}


def checked(kind: str, body: Any) -> tuple[Kind, dict[str, Any]]:
    """The kind and the body with only the fields we know.

    :raises BadOperation: no such kind, a field is missing or not what it should be
    """
    known = KINDS.get(kind)
    if known is None or not isinstance(body, dict):
        raise BadOperation(f"没有“{kind[:40]}”这种操作")
    kept = {}
    for field, fits in known.body.items():
        plain = field.removesuffix("?")
        if plain in body:
            if not fits(body[plain]):
                raise BadOperation(f"{known.title}的 {plain} 不对")
            kept[plain] = body[plain]
        elif plain == field:
            raise BadOperation(f"{known.title}缺少 {plain}")
    if kind == "field.set" and len(kept["value"]) > FIELDS[kept["name"]]:
        raise BadOperation(f"内容太长，最多 {FIELDS[kept['name']]} 个字")
    return known, kept
