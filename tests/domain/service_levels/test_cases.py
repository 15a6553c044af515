"""Every case of tests/cases/service_levels.toml, on the real operations and the real database."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from domain.kit.unit_of_work import Runtime
from tests.domain.service_levels.acting import Played
from tests.runtime import Clock

CASES = tomllib.loads((Path(__file__).parents[2] / "cases/service_levels.toml").read_text(encoding="utf-8"))["案例"]


def test_there_are_enough_cases_each_with_a_name_of_its_own() -> None:
    assert len({case["名称"] for case in CASES}) == len(CASES) >= 40


@pytest.mark.parametrize("case", CASES, ids=[case["名称"] for case in CASES])
def test_the_clock_goes_as_the_case_says(case: dict[str, Any], runtime: Runtime, clock: Clock) -> None:
    assert Played(runtime, clock, case).play() == []
