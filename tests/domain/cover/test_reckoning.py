"""The arithmetic of contracts: nothing is lost between what is earned and what comes back."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.cover.reckoning import Contract, commission_back, commission_of, days, earned_by, refund_on
from domain.kit.money import ZERO, Money

SINCE = date(2027, 1, 11)
YEAR = Contract(Money(36_500), SINCE, date(2028, 1, 10), cooling_until=date(2026, 5, 27))
CARD = Contract(Money(10_000), date(2026, 5, 12), date(2027, 5, 12), uses=3, cooling_until=date(2026, 5, 19))

prices = st.integers(0, 10_000_000).map(Money)
lengths = st.integers(0, 4000)


def used(times: int) -> Contract:
    return Contract(CARD.price, CARD.since, CARD.until, 3, times, CARD.cooling_until)


def test_a_year_is_earned_by_days() -> None:
    assert days(YEAR.since, YEAR.until) == 365
    assert earned_by(YEAR, SINCE - timedelta(days=1)) == ZERO
    assert earned_by(YEAR, SINCE) == Money(100)
    assert earned_by(YEAR, date(2027, 1, 31)) == Money(2100)
    assert earned_by(YEAR, YEAR.until) == YEAR.price


def test_within_the_cooling_off_and_before_the_first_day_the_whole_price_comes_back() -> None:
    within, before = refund_on(YEAR, date(2026, 5, 27)), refund_on(YEAR, date(2026, 5, 28))
    assert (within.back, before.back) == (YEAR.price, YEAR.price)
    assert "犹豫期" in within.words
    assert "还没有开始保障" in before.words


def test_later_what_is_left_comes_back_with_the_reckoning() -> None:
    refund = refund_on(YEAR, SINCE + timedelta(days=99))
    assert (refund.back, refund.kept) == (Money(26_500), Money(10_000))
    assert "× 265/365 天 = ¥265.00" in refund.words
    assert refund_on(YEAR, YEAR.until).back == ZERO


def test_a_card_comes_back_by_its_uses_also_within_the_cooling_off() -> None:
    assert refund_on(used(0), CARD.since).back == Money(10_000)
    assert refund_on(used(1), CARD.since).back == Money(6667)
    assert refund_on(used(3), CARD.since).back == ZERO
    assert refund_on(used(0), date(2026, 12, 1)).back == Money(10_000)
    assert refund_on(used(1), CARD.until).back == Money(6667)
    assert refund_on(used(1), CARD.until + timedelta(days=1)).back == ZERO


def test_what_was_given_has_no_price_to_come_back() -> None:
    assert "赠送" in refund_on(Contract(ZERO, SINCE, SINCE), SINCE).words


@given(prices, lengths, st.integers(-10, 4100), st.integers(0, 30))
def test_what_is_kept_and_what_comes_back_make_the_price(price: Money, length: int, on: int, cooling: int) -> None:
    contract = Contract(
        price, SINCE, SINCE + timedelta(days=length), cooling_until=SINCE + timedelta(days=cooling - 15)
    )
    refund = refund_on(contract, SINCE + timedelta(days=on))
    assert refund.back + refund.kept == price
    assert ZERO <= refund.back <= price


@given(prices, lengths, st.lists(st.integers(0, 4100), max_size=20))
def test_what_is_earned_grows_with_the_days_and_ends_at_the_price(price: Money, length: int, asked: list[int]) -> None:
    contract = Contract(price, SINCE, SINCE + timedelta(days=length))
    earned = [earned_by(contract, SINCE + timedelta(days=one)) for one in sorted([*asked, length])]
    assert earned == sorted(earned)
    assert earned_by(contract, contract.until) == price


@given(prices, st.integers(1, 99), st.data())
def test_a_cards_uses_make_its_price(price: Money, uses: int, data: st.DataObject) -> None:
    taken = data.draw(st.integers(0, uses))
    card = Contract(price, SINCE, SINCE + timedelta(days=365), uses, taken)
    refund = refund_on(card, SINCE)
    assert refund.back + refund.kept == price
    assert refund.kept == earned_by(card, SINCE)


@given(prices, st.integers(0, 1000), st.data())
def test_a_commission_goes_back_with_the_refund_and_never_more(
    price: Money, permille: int, data: st.DataObject
) -> None:
    owed = commission_of(price, permille)
    refunded = Money(data.draw(st.integers(0, price.fen)))
    back = commission_back(owed, price, refunded)
    assert ZERO <= back <= owed
    assert commission_back(owed, price, price) == owed
