"""Codes: shown once, kept as prints, redeemed once, and not to be guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from domain.cover.gifts import (
    ALPHABET,
    GUESSES,
    BadBatch,
    batches,
    make_batch,
    new_code,
    read_code,
    redeem_gift,
    withdraw_batch,
    written,
)
from domain.cover.lifecycle import CoverStatus
from domain.cover.model import Cover, Gift
from domain.cover.queries import covers_of
from domain.kit.money import ZERO
from domain.kit.unit_of_work import Runtime, UnitOfWork
from tests.domain.cover.world import World, books, make_world, order
from tests.domain.payments.world import LI
from tests.runtime import Clock, at_once

UNTIL = date(2026, 12, 31)


@pytest.fixture
def world(runtime: Runtime) -> World:
    return make_world(runtime)


def codes(uow: UnitOfWork, world: World, plan: str = "card", count: int = 2) -> list[str]:
    return make_batch(uow, world.plans[plan], title="周年赠品", count=count, valid_until=UNTIL, by=LI)[1]


def test_a_code_becomes_a_card_once(world: World) -> None:
    with world.runtime.transaction() as uow:
        code, other = codes(uow, world)
        given = redeem_gift(uow, f" {code.lower()} ", None, world.wang, by=world.by())
        assert given.cover
        assert (given.cover.status, given.cover.price_fen, given.cover.uses) == (CoverStatus.ACTIVE, ZERO, 3)
        assert books(uow) == {}, "a gift moves no money"
        assert "已经用过" in redeem_gift(uow, code, None, world.li, by=world.by(world.li)).words
        assert redeem_gift(uow, other, None, world.li, by=world.by(world.li)).cover


def test_a_warranty_asks_which_product_it_is_for_and_names_its_owner(world: World) -> None:
    with world.runtime.transaction() as uow:
        code, _ = codes(uow, world, "whole")
        assert redeem_gift(uow, code, None, world.wang, by=world.by()).needs_product
        refused = redeem_gift(uow, code, world.product_id, world.li, by=world.by(world.li))
        assert "不在您名下" in refused.words
        assert "还可以用" in refused.words
        given = redeem_gift(uow, code, world.product_id, world.wang, by=world.by())
        assert given.cover
        assert given.cover.since == date(2027, 1, 12)


def test_a_gift_does_not_cover_twice_and_the_code_stays_good(world: World) -> None:
    with world.runtime.transaction() as uow:
        code, _ = codes(uow, world, "whole")
        order(world, uow)
        assert "待付款" in redeem_gift(uow, code, world.product_id, world.wang, by=world.by()).words
        assert uow.session.scalars(select(Gift.status)).all() == ["issued", "issued"]


def test_one_code_on_two_phones_at_once_is_redeemed_once(fresh_runtime: Runtime) -> None:
    world = make_world(fresh_runtime)
    with fresh_runtime.transaction() as uow:
        code, _ = codes(uow, world)

    def use(place: int) -> bool:
        customer = (world.wang, world.li)[place % 2]
        with fresh_runtime.transaction() as uow:
            return redeem_gift(uow, code, None, customer, by=world.by(customer)).cover is not None

    assert sorted(at_once(4, use)) == [False, False, False, True]
    with fresh_runtime.transaction() as uow:
        assert len(covers_of(uow, world.wang)) + len(covers_of(uow, world.li)) == 1


def test_whoever_guesses_has_to_wait(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        code, _ = codes(uow, world)
        for _ in range(GUESSES):
            assert "没有这个兑换码" in redeem_gift(uow, written(new_code()), None, world.wang, by=world.by()).words
        assert "一小时后" in redeem_gift(uow, code, None, world.wang, by=world.by()).words
        assert redeem_gift(uow, codes(uow, world)[0], None, world.li, by=world.by(world.li)).cover, "nobody else waits"
    clock.advance(hours=1)
    with world.runtime.transaction() as uow:
        assert redeem_gift(uow, code, None, world.wang, by=world.by()).cover


def test_what_was_withdrawn_or_is_over_is_not_taken(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        first, second = codes(uow, world)
        redeem_gift(uow, first, None, world.wang, by=world.by())
        batch = batches(uow)[0]
        assert withdraw_batch(uow, batch.id, by=LI) == 1
        assert "失效" in redeem_gift(uow, second, None, world.wang, by=world.by()).words
        late, _ = codes(uow, world)
    clock.at = clock.at.replace(year=2027)
    with world.runtime.transaction() as uow:
        assert "失效" in redeem_gift(uow, late, None, world.wang, by=world.by()).words


def test_codes_are_nowhere_in_the_database(world: World) -> None:
    with world.runtime.transaction() as uow:
        made = codes(uow, world, count=20)
        kept = uow.session.scalars(
            text("SELECT gifts::text FROM gifts UNION ALL SELECT audit_trail::text FROM audit_trail")
        ).all()
        assert len(set(made)) == 20
        assert not [one for one in made for row in kept if one in row or one.replace("-", "") in row]


@pytest.mark.parametrize(
    ("count", "title", "until"), [(0, "甲", UNTIL), (5001, "甲", UNTIL), (1, " ", UNTIL), (1, "甲", date(2026, 5, 11))]
)
def test_a_batch_that_cannot_be_is_refused(world: World, count: int, title: str, until: date) -> None:
    with world.runtime.transaction() as uow, pytest.raises(BadBatch):
        make_batch(uow, world.plans["card"], title=title, count=count, valid_until=until, by=LI)


@given(st.integers(0, 11), st.sampled_from(ALPHABET))
def test_a_slip_is_no_other_code(place: int, wrong: str) -> None:
    code = new_code()
    slipped = code[:place] + wrong + code[place + 1 :]
    assert (read_code(written(slipped)) is not None) == (slipped == code)


@given(st.integers(0, 10))
def test_two_neighbours_swapped_are_no_other_code(place: int) -> None:
    code = new_code()
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (read_code(swapped) is not None) == (swapped == code)


def test_cover_of_a_gift_ends_like_any_other(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        given = redeem_gift(uow, codes(uow, world)[0], None, world.wang, by=world.by()).cover
        assert given
        assert given.until - given.since == timedelta(days=365)
        assert uow.session.get_one(Cover, given.id).bought_by == world.wang
