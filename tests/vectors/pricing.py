"""What a job costs and what a sheet wants priced, by our own rules: the rows of tests/cases/prices.toml, and sheets drawn by chance."""

from __future__ import annotations

import random
from dataclasses import asdict, replace
from typing import Any, cast

from domain.catalog.codes import code_key
from domain.pricing.fee_facts import Facts as PriceFacts
from domain.pricing.fee_facts import Wanted
from domain.pricing.fees import price, price_declined
from domain.pricing.gathering import wanted_of
from domain.pricing.model import FeeRow
from domain.pricing.rules import capped, hash_of_lines
from tests.domain.pricing.test_price_cases import CASES, PARTS, ROWS
from tests.domain.pricing.test_price_cases import facts as price_facts


def fees() -> dict[str, Any]:
    """The cases of tests/cases/prices.toml with what they come to; ``rows`` and ``parts`` are every case's. ``shown`` is what a
    customer was shown at less, and ``capped`` the lines then."""
    return {
        "rows": [asdict(one) for one in ROWS],
        "parts": [asdict(one) for one in PARTS],
        "cases": [priced_case(case["名称"], price_facts(case)) for case in CASES],
    }


def priced_case(name: str, facts: PriceFacts) -> dict[str, Any]:
    priced, declined = price(facts), price_declined(facts)
    shown = {one.key: one.fen // 2 for one in priced.lines if one.payer == "customer"}
    return {
        "name": name,
        "facts": {name: value for name, value in facts.to_json().items() if name not in ("rows", "parts")},
        "lines": [one.to_json() for one in priced.lines],
        "unpriced": list(priced.unpriced),
        "customer_fen": priced.customer_fen,
        "declined": [one.to_json() for one in declined.lines],
        "hash": hash_of_lines("WX20261121000123", priced.lines),
        "shown": shown,
        "capped": [one.to_json() for one in capped(priced.lines, shown, "shown_less", "更低")],
    }


def wanted() -> dict[str, Any]:
    """What sheets say is to be done: fee lines by a line's key or the row's code, parts however typed, lines removed, codes that
    no row knows, and lines that only repeat a quote's."""
    drawn = random.Random(6)
    own = [one.code for one in ROWS if one.kind in ("labour", "extra")]
    fee_codes = [f"{one.kind}.{one.code}" for one in ROWS if one.kind in ("labour", "extra")] + own
    fee_codes += ["travel", "inspection", "part.X", "labour.nobody", "extra.", "material.pipe"]
    part_codes = [one.code for one in PARTS] + [one.code.lower().replace("-", " ") for one in PARTS] + ["NOT-THERE-1"]
    material_codes = [one.code for one in ROWS if one.kind == "material"] + ["nobody"]
    sheets: list[dict[str, Any]] = [{}]
    sheets += [wanted_sheet(drawn, fee_codes, part_codes, material_codes) for _ in range(60)]
    return {
        "rows": [asdict(one) for one in ROWS],
        "parts": [asdict(one) for one in PARTS],
        "cases": [{"registers": one, "wanted": wanted_json(one)} for one in sheets],
    }


def wanted_sheet(drawn: random.Random, fees: list[str], parts: list[str], materials: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "field.done": {"name": "done", "value": "x"},
        "partly.a": {"part_code": parts[0], "quantity": 9},
    }
    for n in range(drawn.randint(0, 5)):
        code = drawn.choice(fees)
        found[f"fee.{code.replace('.', '_')}{n}"] = {"code": code, "fen": 100, "payer": "customer"} | drawn.choice(
            [{}, {"quantity": 2000}, {"quantity": 1}]
        )
    for n in range(drawn.randint(0, 4)):
        found[f"part.p{n}"] = {"part_code": drawn.choice(parts), "quantity": drawn.randint(1, 3)}
    for n in range(drawn.randint(0, 3)):
        found[f"material.m{n}"] = {"code": drawn.choice(materials), "quantity": drawn.choice([1, 500, 3500])}
    for key in [one for one in found if drawn.random() < 0.15]:
        found[key] = None
    return dict(sorted(found.items()))


def wanted_json(registers: dict[str, Any]) -> dict[str, Any]:
    """By the brand's own way of writing parts, as `domain.pricing.gathering.priced_parts` has it with the rows at hand."""
    found = wanted_of(registers, cast("list[FeeRow]", ROWS))
    known = {code_key(one.code): one.code for one in PARTS}
    parts: dict[str, int] = {}
    for code, quantity in found.parts:
        own = known.get(code_key(code), code)
        parts[own] = parts.get(own, 0) + quantity
    return asdict(replace(found, parts=Wanted.of(parts=parts).parts))
