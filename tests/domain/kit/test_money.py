"""Money: whole fen, one rounding place, parts that sum to the whole."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from domain.kit.money import ZERO, Money, yuan
from domain.kit.tables import Fen
from domain.kit.unit_of_work import Runtime

fen = st.integers(-(10**12), 10**12)
money = st.builds(Money, fen)


@given(money, money, money)
def test_amounts_add_up_like_whole_numbers(a: Money, b: Money, c: Money) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a + ZERO == a
    assert a - b == a + -b
    assert (a < b) == (a.fen < b.fen)


@given(money, st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
def test_parts_sum_to_the_whole_and_are_fair(whole: Money, weights: list[int]) -> None:
    parts = whole.shared_by(weights)
    assert sum(part.fen for part in parts) == whole.fen
    for part, weight in zip(parts, weights, strict=True):
        exact = Decimal(whole.fen) * weight / sum(weights)
        assert abs(part.fen - exact) < 1, "nobody is a whole fen off"
        assert weight or part == ZERO


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_there_must_be_somebody_to_share_with(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(100).shared_by(weights)


@given(money, st.decimals(-100, 100, places=4))
def test_a_product_is_rounded_half_away_from_zero(amount: Money, factor: Decimal) -> None:
    assert amount.times(factor).fen == int((amount.fen * factor).quantize(Decimal(1), ROUND_HALF_UP))
    assert (-amount).times(factor) == -(amount.times(factor))


@pytest.mark.parametrize(("fen", "factor", "result"), [(5, "0.5", 3), (-5, "0.5", -3), (4, "0.5", 2), (3, "0.5", 2)])
def test_half_a_fen_goes_up(fen: int, factor: str, result: int) -> None:
    assert Money(fen).times(Decimal(factor)) == Money(result)


@given(money)
def test_what_is_shown_can_be_read_again(amount: Money) -> None:
    assert yuan(str(amount).replace("¥", "")) == amount


def test_a_part_of_a_fen_is_no_amount() -> None:
    assert yuan("35.50") == Money(3550)
    with pytest.raises(ValueError, match="whole number of fen"):
        yuan("0.005")


def test_the_database_keeps_fen(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        kept = text("SELECT CAST(:amount AS bigint) AS amount").columns(amount=Fen()).bindparams(amount=3550)
        assert uow.session.execute(kept).scalar_one() == Money(3550)
