"""Danger is recognised in every wording written down in tests/cases/understanding_safety.toml; a miss is never allowed."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from bot.understanding import understand

CASES = tomllib.loads((Path(__file__).parents[2] / "cases" / "understanding_safety.toml").read_text(encoding="utf-8"))
NEAR = CASES.pop("near_misses")
TODAY = date(2026, 3, 11)


def dangers(text: str) -> set[str]:
    return {found.value.label for found in understand(text, TODAY).symptoms}


@pytest.mark.parametrize(("danger", "text"), [(danger, text) for danger, texts in CASES.items() for text in texts])
def test_never_missed(danger, text):
    assert danger in dangers(text)


@pytest.mark.parametrize(("danger", "text"), [(danger, text) for danger, texts in CASES.items() for text in texts])
def test_never_missed_in_the_middle_of_something_else(danger, text):
    around = f"你好，我想问下安装费多少钱，另外{text}，对了我电话13800001207"
    assert danger in dangers(around)


@pytest.mark.parametrize(("danger", "text"), [(danger, text) for danger, texts in NEAR.items() for text in texts])
def test_what_only_sounds_like_it_raises_no_alarm(danger, text):
    assert danger not in dangers(text)


def test_there_are_many_wordings():
    assert sum(map(len, CASES.values())) >= 120
