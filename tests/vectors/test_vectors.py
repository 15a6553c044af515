"""The vectors that phone and server share say what the rules say now: ``python -m tests.vectors.writing`` after a change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.vectors.writing import FILES, FOLDER, written


@pytest.mark.parametrize("name", FILES)
def test_the_file_is_what_the_rules_say(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == written(name), "python -m tests.vectors.writing"


def cases(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def test_the_vectors_reach_every_end_and_every_need() -> None:
    found = cases("outcomes.json")
    wanted = {code for case in found["cases"] for codes in case["missing"].values() for code in codes}
    assert wanted == set(found["words"])
    assert {case["strongest"] for case in found["cases"]} >= {one["code"] for one in found["outcomes"]} - {"blocked"}


def test_the_vectors_have_ways_that_are_none_and_writings_that_lose() -> None:
    assert {case["is_path"] for case in cases("diagnosis.json")["cases"]} == {True, False}
    lost = [one for one in cases("registers.json")["writings"] if one["steps"][-1] != one["stands"]]
    assert 5 < len(lost) < 35


def test_every_check_of_the_vectors_has_its_content() -> None:
    known = {(one["category"], one["service"], one["code"]) for one in cases("content.json")}
    assert {(one["category"], one["service"], one["code"]) for one in cases("checks.json")} == known
