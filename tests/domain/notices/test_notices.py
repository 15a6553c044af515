"""The words: every move is decided, every template fills in, long texts are cut where people would cut them."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.lifecycle import Lifecycle
from domain.notices import notices
from domain.notices.operations import MAX_BYTES, pieces
from domain.work_orders.lifecycle import ORDERS, VISITS


@pytest.mark.parametrize(
    ("life", "told", "silent"),
    [(ORDERS, notices.ORDER_MOVES, notices.SILENT["order"]), (VISITS, notices.VISIT_MOVES, notices.SILENT["visit"])],
)
def test_every_move_is_told_or_left_out_on_purpose(
    life: Lifecycle[Any], told: dict[str, str], silent: set[str]
) -> None:
    assert set(told) | silent == set(life.moves)
    assert not set(told) & silent


@pytest.mark.parametrize(
    "words", [notices.OPENED, notices.CHANGED, *notices.ORDER_MOVES.values(), *notices.VISIT_MOVES.values()]
)
def test_words_use_only_what_they_are_given_and_name_the_order(words: str) -> None:
    fields = {name for _, name, _, _ in string.Formatter().parse(words) if name}
    assert "number" in fields
    assert fields <= {"number", "service", "hotline", "fields"}


def test_a_change_names_the_fields_not_their_values() -> None:
    assert "联系电话、上门地址" in str(notices.on_change(["address", "phone"]))
    assert notices.on_change(["symptoms"]) is None


def test_long_texts_are_cut_after_a_line() -> None:
    line = "制冷效果差，" * 50
    assert pieces(f"{line}\n{line}\n{line}") == [f"{line}\n{line}", line]


@given(st.text(st.sampled_from("修a\n😀 ，"), max_size=3000), st.integers(8, MAX_BYTES))
def test_pieces_fit_and_lose_no_word(text: str, limit: int) -> None:
    parts = pieces(text, limit)
    assert all(part.strip() and len(part.encode()) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
