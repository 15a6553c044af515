"""Order numbers survive being read out over a phone."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.work_orders.numbers import check_digit, number_from, read_number, spoken

counts = st.integers(1, 200_000_000)


@given(counts)
def test_a_number_is_valid_and_reads_back_however_it_is_said(count: int) -> None:
    number = number_from(count)
    assert number[:-1] == str(10_000_000 + count)
    for said in (
        number,
        spoken(number),
        f"我的单号是{spoken(number)}，谢谢",
        number.translate({48 + n: 0xFF10 + n for n in range(10)}),
    ):
        assert read_number(said) == number
    assert read_number("-".join(number)) == number


@given(counts, st.data())
def test_every_single_wrong_digit_is_caught(count: int, data: st.DataObject) -> None:
    number = number_from(count)
    at = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[at]]))
    assert check_digit(number[:at] + wrong + number[at + 1 :]) != "0"


@given(counts, st.data())
def test_every_swap_of_neighbours_is_caught(count: int, data: st.DataObject) -> None:
    number = number_from(count)
    at = data.draw(st.integers(0, len(number) - 2))
    assume(number[at] != number[at + 1])
    assert read_number(number[:at] + number[at + 1] + number[at] + number[at + 2 :]) is None


@given(st.lists(counts, min_size=2, max_size=50, unique=True))
def test_no_two_orders_share_a_number(counted: list[int]) -> None:
    assert len({number_from(count) for count in counted}) == len(counted)


def test_numbers_are_said_in_threes() -> None:
    assert spoken("100000011") == "100 000 011"


@pytest.mark.parametrize("text", ["", "你好", "13800000000", "100000012", "1000", "000000000", "KFR-35GW"])
def test_what_is_no_order_number(text: str) -> None:
    assert read_number(text) is None
