"""Rows whose turn fails, in the work that is found by looking: they stand before nobody, and come back until they succeed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest
from redis import Redis
from sqlalchemy import select, text

from domain.cover import keeping
from domain.cover.lifecycle import CoverStatus
from domain.cover.model import Cover
from domain.engineers.model import Engineer
from domain.feedback import figures, policies, surveys
from domain.feedback.consequences import undecided
from domain.feedback.ratings import Given
from domain.kit.put_off import PutOff, put_off
from domain.kit.unit_of_work import Runtime, UnitOfWork
from jobs.covers import keep_covers
from jobs.feedback import age_figures, ask_surveys
from jobs.prices import STEPS as PRICES
from jobs.turns import Due, take_turns
from tests.domain.cover.world import World, bought, make_world, order
from tests.domain.feedback.test_ratings import give
from tests.domain.feedback.world import world_in
from tests.domain.pricing.test_quotes import ask, finish_with
from tests.domain.pricing.world import BOARD, CAP, shop_in
from tests.jobs.doing import jobs_with
from tests.runtime import Clock


class Broken(Exception):
    """What a step may raise."""


def due_now(runtime: Runtime, due: Due) -> Sequence[str]:
    with runtime.transaction() as uow:
        return list(due(uow))


def statuses(world: World) -> dict[str, CoverStatus]:
    with world.runtime.transaction() as uow:
        return {one.id: one.status for one in uow.session.scalars(select(Cover))}


def test_the_first_that_always_fail_block_nobody_behind_them(runtime: Runtime, valkey: Redis, clock: Clock) -> None:
    world, jobs = make_world(runtime), jobs_with(runtime, valkey)
    with runtime.transaction() as uow:
        ids = [order(world, uow, "card", customer=who).id for who in (world.wang, world.li)]
    clock.advance(hours=25)
    first, second = due_now(runtime, partial(keeping.lapsed, limit=5))
    tried: list[str] = []

    def step(uow: UnitOfWork, id_: str) -> None:
        tried.append(id_)
        if id_ == first and clock.at < broken_until:
            raise Broken
        keeping.lapse(uow, id_)

    broken_until = clock.at + timedelta(days=300)
    one_at_a_time = partial(keeping.lapsed, limit=1)
    assert [take_turns(jobs, "cover.lapse", one_at_a_time, step) for _ in range(3)] == [0, 1, 0]
    assert tried == [first, second], "it is not tried again at once"
    assert statuses(world) == {first: CoverStatus.ORDERED, second: CoverStatus.VOID}
    for _ in range(9):
        clock.advance(hours=2)
        assert take_turns(jobs, "cover.lapse", one_at_a_time, step) == 0
    assert tried.count(first) == 10, "it is tried for ever"
    broken_until = clock.at
    clock.advance(hours=2)
    assert take_turns(jobs, "cover.lapse", one_at_a_time, step) == 1
    assert set(statuses(world)) == set(ids)
    assert set(statuses(world).values()) == {CoverStatus.VOID}
    with runtime.transaction() as uow:
        assert not uow.session.scalars(select(PutOff)).all(), "and forgotten"


def test_a_contract_that_cannot_be_kept_holds_up_no_other(runtime: Runtime, valkey: Redis, clock: Clock) -> None:
    world, jobs = make_world(runtime), jobs_with(runtime, valkey)
    with runtime.transaction() as uow:
        wrong = order(world, uow, "card", customer=world.wang)
        right = order(world, uow, "card", customer=world.li)
        wrong.payable_id = "ow_there_is_none"
    clock.advance(hours=25)
    assert keep_covers(jobs) == 1
    assert statuses(world) == {wrong.id: CoverStatus.ORDERED, right.id: CoverStatus.VOID}
    with runtime.transaction() as uow:
        (row,) = uow.session.scalars(select(PutOff)).all()
        assert (row.what, row.id, row.failures) == ("cover.lapse", wrong.id, 1)


def is_left_out(runtime: Runtime, clock: Clock, what: str, due: Due) -> bool:
    """Due; not while it is put off; and due again."""
    (id_,) = due_now(runtime, due)
    with runtime.transaction() as uow:
        put_off(uow, what, id_, lambda: 0.5)
        put_off(uow, "something else", id_, lambda: 0.5)
    meanwhile = due_now(runtime, due)
    clock.advance(seconds=3)
    return not meanwhile and list(due_now(runtime, due)) == [id_]


@pytest.mark.parametrize("what", [name for name, _, _ in keeping.STEPS])
def test_contracts_that_are_put_off_are_not_due(runtime: Runtime, clock: Clock, what: str) -> None:
    world = make_world(runtime)
    due = next(due for name, due, _ in keeping.STEPS if name == what)
    with runtime.transaction() as uow:
        (order if what == "cover.lapse" else bought)(world, uow, "card")
    clock.advance(days={"cover.lapse": 2, "cover.remind": 340}.get(what, 370))
    assert is_left_out(runtime, clock, what, partial(due, limit=5))


@pytest.mark.parametrize("what", [name for name, _, _ in PRICES])
def test_quotes_and_bills_that_are_put_off_are_not_due(runtime: Runtime, clock: Clock, what: str) -> None:
    due = next(due for name, due, _ in PRICES if name == what)
    shop = shop_in(runtime)
    clock.advance(minutes=30)
    if what == "bill.remind":
        finish_with(shop, CAP)
    else:
        ask(shop, BOARD)
    clock.advance(hours=25)
    assert is_left_out(runtime, clock, what, due)


def test_a_rating_whose_consequences_fail_is_put_off(runtime: Runtime, clock: Clock) -> None:
    world = world_in(runtime)
    give(world, world.finished(), Given(1, "chat"))
    clock.advance(hours=1)
    assert is_left_out(runtime, clock, "rating.decide", lambda uow: undecided(uow, uow.now))


def refuse(runtime: Runtime, table: str, column: str, id_: str) -> None:
    """From here to the end of the test nothing can be written about this one."""
    with runtime.transaction() as uow:
        check = f"CHECK ({column} <> '{id_}') NOT VALID"
        uow.session.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT refused_by_a_test {check}"))


def put_off_ids(runtime: Runtime, what: str) -> Sequence[str]:
    with runtime.transaction() as uow:
        return uow.session.scalars(select(PutOff.id).filter_by(what=what)).all()


def test_a_survey_that_fails_keeps_nobody_else_from_being_asked(runtime: Runtime, valkey: Redis, clock: Clock) -> None:
    world, jobs = world_in(runtime), jobs_with(runtime, valkey)
    drawn = 0
    while drawn < 2:
        drawn += policies.share_of("survey", world.finished()) < policies.SURVEY_SHARE
    clock.advance(days=7, hours=1)
    first, _ = due_now(runtime, surveys.due_orders)
    refuse(runtime, "surveys", "work_order_id", first)
    assert ask_surveys(jobs) == 1
    assert list(put_off_ids(runtime, surveys.TURN)) == [first]
    assert first not in due_now(runtime, surveys.due_orders)
    clock.advance(seconds=3)
    assert first in due_now(runtime, surveys.due_orders)


def test_a_figure_that_fails_keeps_no_other_from_growing_old(runtime: Runtime, valkey: Redis, clock: Clock) -> None:
    world, jobs = world_in(runtime), jobs_with(runtime, valkey)
    both = sorted([world.network.an, world.network.bo])
    for stars, days in ((5, 200), (4, 166)):
        for engineer_id in both:
            give(world, world.finished({engineer_id: 100}), Given(stars, "page"))
        world.settle()
        clock.advance(days=days)
    before = ratings_of(runtime, both)
    refuse(runtime, "engineers", "id", both[0])
    assert age_figures(jobs) == 1
    after = ratings_of(runtime, both)
    assert (after[0], after[1] < before[1]) == (before[0], True)
    assert list(put_off_ids(runtime, figures.TURN)) == [both[0]]
    assert list(due_now(runtime, figures.ageing)) == [both[1]]


def ratings_of(runtime: Runtime, ids: Sequence[str]) -> list[int]:
    with runtime.transaction() as uow:
        return [uow.get(Engineer, one, called="").rating or 0 for one in ids]
