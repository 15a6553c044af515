"""Checks of the place decide as their content says, the same here and on the phone (vitest runs the same vectors)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.catalog.categories import TITLES as CATEGORIES
from domain.inspections import library
from domain.inspections.checks import BadReading, Verdict

DAY = date(2026, 11, 21)
VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "checks.json").read_text(encoding="utf-8"))


def test_nothing_is_wrong_with_the_content() -> None:
    assert list(library.problems()) == []


def test_every_file_is_a_category_of_ours_and_there_are_at_least_ten() -> None:
    known = set(CATEGORIES)
    assert set(library.categories()) <= known
    assert len(library.categories()) >= 10


def test_every_gas_appliance_is_checked_for_kind_of_gas_and_leaks_before_anything_is_done() -> None:
    for category in ("gas_stove", "integrated_stove", "water_heater_gas"):
        for service in ("install", "repair"):
            blocking = {check.code for check in library.checks_for(category, service, DAY)}
            assert {"gas_type", "gas_leak"} <= blocking, (category, service)


def test_everybody_confirms_the_general_prompts_first() -> None:
    codes = [prompt.code for prompt in library.prompts_for("refrigerator", "repair", DAY)]
    assert codes[:3] == ["identify", "protection", "people_away"]


def test_content_holds_from_its_day_on() -> None:
    assert library.checks_for("air_conditioner", "install", date(2025, 12, 31)) == ()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['category']}-{v['code']}-{v['value']}")
def test_a_reading_gets_its_verdict(vector: dict[str, Any]) -> None:
    checks = {check.code: check for check in library.checks_for(vector["category"], vector["service"], DAY)}
    check = checks[vector["code"]]
    if vector["verdict"] == "bad":
        with pytest.raises(BadReading):
            check.verdict(vector["value"])
    else:
        assert check.verdict(vector["value"]) == Verdict(vector["verdict"])
