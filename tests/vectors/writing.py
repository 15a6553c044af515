"""What phone and server must agree on, as files both sides run: ``python -m tests.vectors.writing`` writes them anew.

The expected side of every case is what our own rules say; vitest holds the phone's twins to it. A further file is a row of
`FILES`. ``checks.json`` and ``parts.json`` are written by hand.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, cast

from domain.inspections import library
from domain.inspections.checks import Check
from domain.kit.actors import Role
from domain.kit.unit_of_work import UnitOfWork
from domain.knowledge.diagnosis.trees import Tree, trees
from domain.regions.datums import gcj_from_wgs
from domain.regions.positions import Position, metres
from domain.service_sheets.canonical import canonical, hash_of, signed_content
from domain.service_sheets.fields import KINDS
from domain.service_sheets.model import Register, ServiceSheet
from domain.service_sheets.registers import Stamp, write
from domain.service_sheets.rules import OUTCOMES, WANTED, Facts, missing, strongest
from domain.work_orders.lifecycle import VISITS
from tests.vectors.pricing import fees, wanted

FOLDER = Path(__file__).parent
DAY = date(2026, 11, 21)
THEN = datetime(2026, 11, 21, 8, tzinfo=UTC)
SERVICES = ("install", "repair", "exchange", "maintain", "clean")

DONE = Facts(
    service_type="repair", checked_in=True, prompts_open=(), checks_open=(), checks_blocking=(),
    photos=frozenset({"before", "after", "nameplate", "receipt"}), has_finding=True, parts_unfinished=(),
    sheet_signed=True, receipt_signed=True, parts_wanted=True, why=True, to_pay_fen=12_000, agreed_fen=12_000,
)  # fmt: skip
"""Nothing is missing, whatever the end."""
LACKING: Mapping[str, Any] = {
    "checked_in": False, "prompts_open": ("identify",), "checks_open": ("voltage",), "checks_blocking": ("gas_leak",),
    "photos": frozenset(), "has_finding": False, "parts_unfinished": ("l1",), "sheet_signed": False,
    "receipt_signed": False, "parts_wanted": False, "why": False, "agreed_fen": 11_999,
}  # fmt: skip


def outcomes() -> dict[str, Any]:
    """Everything there, each thing lacking alone, nothing there, and many at random."""
    drawn = random.Random(5)
    facts = [replace(DONE, service_type=service) for service in SERVICES]
    facts += [replace(DONE, **{name: value}) for name, value in LACKING.items()]
    facts += [replace(DONE, service_type="install", **{name: value}) for name, value in LACKING.items()]
    facts += [replace(DONE, **LACKING), *(replace(DONE, photos=DONE.photos - {one}) for one in sorted(DONE.photos))]
    for _ in range(30):
        some = {name: value for name, value in LACKING.items() if drawn.random() < 0.3}
        facts.append(replace(DONE, service_type=drawn.choice(SERVICES), **some))
    return {
        "words": {code: wanted.words for code, wanted in WANTED.items()},
        "outcomes": [
            {"code": one.code, "title": one.title, "visit_move": one.visit_move, "needs": list(one.needs)}
            for one in OUTCOMES.values()
        ],
        "cases": [outcome_case(one, drawn) for one in facts],
    }


def outcome_case(facts: Facts, drawn: random.Random) -> dict[str, Any]:
    asked = drawn.sample(list(OUTCOMES), drawn.randint(1, len(OUTCOMES)))
    return {
        "facts": {name.name: plain(getattr(facts, name.name)) for name in fields(facts)},
        "missing": {code: [wanted.code for wanted in missing(code, facts)] for code in OUTCOMES},
        "asked": asked,
        "strongest": strongest(asked, facts),
        "strongest_of_all": strongest(list(OUTCOMES), facts),
    }


def plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else list(value) if isinstance(value, tuple) else value


VALUES: Sequence[Any] = (
    None, True, "", "电容失效，更换", "引号\"和\\反斜杠", "换行\n制表\t\u0001\u007f\u2028", "𠮷野家 ．", 0, -1, 2**31, 2**53 - 1,
    [], {}, [1, [2, {"b": 1, "a": None}]], {"乙": 1, "甲": 2, "b": 3, "B": 4, "10": 5, "2": 6}, {"𠮷": 1, "．": 2, "é": 3, "e": 4},
)  # fmt: skip


def sheets() -> Iterator[dict[str, Any]]:
    """Registers as phones write them: lines out of order, removed lines, fields of no consequence."""
    yield {}
    yield {"field.fault_found": {"name": "fault_found", "value": ""}, "field.done": None}
    part = {"part_code": "17122000041", "quantity": 1, "new_serial": "SN１", "old_part_kept": True, "photo_ids": ["p"]}
    fee = {"code": "visit", "title": "上门费", "fen": 3000, "payer": "customer"}
    yield {
        "part.l2": {"line": "l2", **part}, "part.l10": {"line": "l10", **part, "quantity": 3, "old_serial": "旧"},
        "part.l1": None, "partly.x": {"part_code": "no"}, "material.m1": {"line": "m1", "code": "pipe", "quantity": 3500},
        "fee.f1": {"line": "f1", **fee}, "fee.f2": {"line": "f2", **fee, "payer": "warranty", "fen": 12_000},
        "fee.f0": None, "field.fault_found": {"name": "fault_found", "value": "电容 45µF 实测 3µF"},
        "field.done": {"name": "done", "value": "更换电容，试机 20 分钟"}, "check.voltage": {"code": "voltage", "value": "220"},
    }  # fmt: skip
    drawn = random.Random(50)
    for _ in range(8):
        found: dict[str, Any] = {}
        for number in range(drawn.randint(1, 12)):
            payer, line = drawn.choice(["customer", "warranty", "card"]), f"{drawn.choice('aZ_9')}{number}"
            line_fee = {**fee, "line": line, "fen": drawn.randint(0, 10_000_000), "payer": payer}
            found[f"fee.{line}"] = None if drawn.random() < 0.2 else line_fee
        yield found


def canonicals() -> dict[str, Any]:
    signed = [signed_content(order_number="WX20261121000123", visit_id="vi_1", product=model, registers=registers)
              for model, registers in product(("KFR-35GW/N8A1", ""), sheets())]  # fmt: skip
    return {
        "values": [{"value": value, "canonical": canonical(value), "hash": hash_of({"v": value})} for value in VALUES],
        "big": [{"digits": str(n), "canonical": canonical(n)} for n in (2**53, 2**63, -(10**30))],
        "sheets": [
            {"product": one["product"], "registers": registers, "canonical": canonical(one), "hash": hash_of(one)}
            for one, (_, registers) in zip(signed, product(("", ""), sheets()), strict=True)
        ],
    }


def prices() -> list[dict[str, Any]]:
    """Totals in fen: what the customer pays, and what others do."""
    found = []
    for registers in sheets():
        content = signed_content(order_number="", visit_id="", product="", registers=registers)
        by_payer = {
            payer: sum(fee["fen"] for fee in content["fees"] if fee["payer"] == payer)
            for payer in ("customer", "warranty", "card")
        }
        found.append({"registers": registers, "total_fen": content["total_fen"], "by_payer": by_payer})
    return found


def moves() -> dict[str, Any]:
    """The lifecycle of a visit, as an engineer may move it."""
    own = [move for move in VISITS.moves.values() if Role.ENGINEER in move.by]
    return {
        "titles": {str(status): title for status, title in VISITS.titles.items()},
        "moves": [
            {
                "name": move.name,
                "title": move.title,
                "from": sorted(move.frm),
                "to": str(move.to),
                "reason": move.reason,
            }
            for move in own
        ],
        "allowed": {
            str(status): [move.name for move in VISITS.allowed(status, Role.ENGINEER)] for status in VISITS.titles
        },
    }


class Kept:
    """As much of a unit of work as writing a register takes: rows by their key."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Register] = {}
        self.session = self

    def get(self, _: type[Register], key: tuple[str, str]) -> Register | None:
        return self.rows.get(key)

    def add(self, row: Register) -> None:
        self.rows[row.visit_id, row.key] = row


def registers() -> dict[str, Any]:
    """Which register each kind of operation writes, and what stands after writings in some order."""
    drawn = random.Random(500)
    return {
        "kinds": {code: {"register": kind.register, "removes": kind.removes} for code, kind in KINDS.items()},
        "writings": [writing(drawn) for _ in range(40)],
    }


def writing(drawn: random.Random) -> dict[str, Any]:
    key = drawn.choice(["milestone.check_in", "field.remark", "part.l1"])
    kept, sheet, steps = Kept(), ServiceSheet(visit_id="vi_1", version=1), []
    for number in range(drawn.randint(2, 6)):
        at = THEN + timedelta(seconds=drawn.randint(0, 3), microseconds=drawn.choice([0, 1, 999, 500_000]))
        value = None if key == "part.l1" and drawn.random() < 0.3 else {"value": str(number)}
        stamp = Stamp(at, f"op_{drawn.choice('abAZ09')}{number}", "ed_1", 0)
        write(cast("UnitOfWork", kept), sheet, key, value, stamp)
        steps.append({"value": value, "at": at.isoformat(), "operation_id": stamp.operation_id})
    row = kept.rows["vi_1", key]
    stands = {"value": row.value, "at": row.at.isoformat(), "operation_id": row.operation_id}
    return {"key": key, "steps": steps, "stands": stands}


def diagnosis() -> dict[str, Any]:
    """Three trees, with ways through them, and ways that are none."""
    drawn, cases = random.Random(55), []
    chosen = dict(sorted(trees().items())[:3])
    for category, tree in chosen.items():
        for _ in range(6):
            path, cause = walk(tree, drawn)
            tries = [(path, cause), (path[1:], cause), (path[:-1], cause), (path + path[-1:], cause), (path, "no_such")]
            tries += [(path[::-1], cause), ([*path[:-1], (path[-1][0], "no_such")], cause), ([], cause)]
            for way, end in tries:
                steps = [{"node": node, "finding": finding} for node, finding in way]
                cases.append({"category": category, "path": steps, "cause": end, "is_path": tree.is_path(way, end)})
    return {"trees": {category: tree_json(tree) for category, tree in chosen.items()}, "cases": cases}


def walk(tree: Tree, drawn: random.Random) -> tuple[list[tuple[str, str]], str]:
    path, step = [], tree.start
    while True:
        finding = drawn.choice(tree.steps[step].findings)
        path.append((step, finding.code))
        if finding.cause:
            return path, finding.cause
        step = finding.step or ""


def tree_json(tree: Tree) -> dict[str, Any]:
    steps = {
        code: {"findings": [{"code": f.code, "step": f.step, "cause": f.cause} for f in step.findings]}
        for code, step in tree.steps.items()
    }
    return {"start": tree.start, "steps": steps}


def content() -> list[dict[str, Any]]:
    """The checks that checks.json is about, as the phone is sent them."""
    named = {(v["category"], v["service"], v["code"]) for v in json.loads((FOLDER / "checks.json").read_text())}
    return [
        {"category": category, "service": service, **check_json(check)}
        for category, service, code in sorted(named)
        for check in library.checks_for(category, service, DAY)
        if check.code == code
    ]


def check_json(check: Check) -> dict[str, Any]:
    return {
        "code": check.code, "title": check.title, "kind": str(check.kind),
        "least": None if check.least is None else str(check.least),
        "most": None if check.most is None else str(check.most),
        "options": [{"code": one.code, "words": one.words, "verdict": str(one.verdict)} for one in check.options],
        "failing": str(check.failing),
    }  # fmt: skip


def places() -> list[dict[str, Any]]:
    """Positions of a GPS in GCJ-02, and how far they lie from one of ours."""
    drawn, home, found = random.Random(555), Position(22.8054, 113.2936), []
    for lat, lng in [(22.8054, 113.2936), (39.9, 116.4), (0.0, 0.0), (48.85, 2.35), (0.83, 72.004)] + [
        (round(drawn.uniform(18, 53), 5), round(drawn.uniform(74, 135), 5)) for _ in range(15)
    ]:
        shifted = gcj_from_wgs(lat, lng)
        far = metres(home, Position(*shifted))
        found.append({"lat": lat, "lng": lng, "gcj": [round(one, 9) for one in shifted], "metres": round(far, 2)})
    return found


FILES: Mapping[str, Callable[[], Any]] = {
    "outcomes.json": outcomes,
    "canonical.json": canonicals,
    "prices.json": prices,
    "fees.json": fees,
    "wanted.json": wanted,
    "moves.json": moves,
    "registers.json": registers,
    "diagnosis.json": diagnosis,
    "content.json": content,
    "places.json": places,
}


def written(name: str) -> str:
    return json.dumps(FILES[name](), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for file in FILES:
        (FOLDER / file).write_text(written(file), encoding="utf-8")
