"""Shipping lines (address, phone and name in any order): the division's code, the name and the detail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bench.evaluation.figure import Figure, rows, share, shown
from bot.understanding import find_name, parse_address


def figures(path: Path) -> Iterator[Figure]:
    codes: dict[str, bool] = {}
    names: dict[str, bool] = {}
    details: dict[str, bool] = {}
    for number, case in enumerate(shown(rows(path), "reading addresses")):
        text, expect = case["text"], case["expect"]
        address = parse_address(text)
        key = f"{number} {text[:50]}"
        if "code" in expect:
            told = address.code if address else None
            codes[f"{key}: {told} not {expect['code']}"] = bool(told) and str(told)[:6] == expect["code"]
        if "name" in expect:
            name = find_name(text)
            names[f"{key}: {name.value if name else None} not {expect['name']}"] = bool(
                name and name.value == expect["name"]
            )
        if "details" in expect:
            told = address.rest if address else ""
            details[f"{key}: {told!r} not {expect['details']!r}"] = _plain(told) == _plain(expect["details"])
    yield share("addresses.code", codes, 0.85)
    yield share("addresses.name", names)
    yield share("addresses.detail", details)


def _plain(words: str) -> str:
    return re.sub(r"[\s\W_]", "", words)
