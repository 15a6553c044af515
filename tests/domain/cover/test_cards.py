"""Using a card: once, for what it is for, and given back where nothing came of it."""

from __future__ import annotations

from datetime import date

import pytest

from domain.cover.cards import (
    CardRefused,
    CardTaken,
    cards_for,
    cards_that_fit,
    follow_order,
    give_back,
    hold,
    hold_by_itself,
    insert_use,
    redeem,
)
from domain.cover.contracts import cancel, expire, refund_of
from domain.cover.lifecycle import CoverStatus, RedemptionStatus
from domain.cover.model import Cover
from domain.cover.queries import uses_of
from domain.cover.serving import InUse
from domain.kit.errors import Forbidden
from domain.kit.money import Money
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.work_orders.kinds import ServiceType
from domain.work_orders.operations import move_order
from tests.domain.cover.world import World, books, bought, make_world, open_order, order
from tests.domain.payments.world import LI
from tests.runtime import Clock, at_once


@pytest.fixture
def world(runtime: Runtime) -> World:
    return make_world(runtime)


def finish(uow: UnitOfWork, order_id: str) -> None:
    for move in ("schedule", "start", "finish"):
        move_order(uow, order_id, move, by=LI)
    follow_order(uow, order_id)


def test_a_cleaning_takes_the_card_by_itself_and_the_card_pays(world: World) -> None:
    with world.runtime.transaction() as uow:
        card, cleaning = bought(world, uow, "card"), open_order(world, uow)
        use = hold_by_itself(uow, cleaning.id)
        assert use
        assert (use.status, card.used) == (RedemptionStatus.HELD, 1)
        assert [(one.title, one.pays) for one in cards_for(uow, cleaning)] == [
            ("空调清洁卡 3 次", frozenset({"labour", "travel"}))
        ]
        assert hold_by_itself(uow, cleaning.id) is None, "said twice, it is held once"
        repair = open_order(world, uow, ServiceType.REPAIR)
        assert hold_by_itself(uow, repair.id) is None
        assert cards_for(uow, repair) == []


def test_when_the_work_is_done_the_use_is_made_and_earned(world: World) -> None:
    with world.runtime.transaction() as uow:
        card, cleaning = bought(world, uow, "card"), open_order(world, uow)
        hold(uow, card.id, cleaning.id, by=world.by())
        assert books(uow)["deferred_cover"] == 10_000, "what is only held is not earned"
        finish(uow, cleaning.id)
        assert redeem(uow, cleaning.id) is not None
        assert books(uow) == {"wechat": 10_000, "deferred_cover": 6667, "income_cover": 3333}
        assert refund_of(uow, card).back == Money(6667)


def test_a_cancelled_cleaning_gives_the_use_back(world: World) -> None:
    with world.runtime.transaction() as uow:
        card, cleaning = bought(world, uow, "card"), open_order(world, uow)
        hold(uow, card.id, cleaning.id, by=world.by())
        move_order(uow, cleaning.id, "cancel", by=LI, why="不洗了")
        follow_order(uow, cleaning.id)
        assert (card.used, [one.status for one in uses_of(uow, card.id)]) == (0, [RedemptionStatus.RETURNED])
        assert books(uow)["deferred_cover"] == 10_000
        assert cards_for(uow, cleaning) == []


def test_work_that_is_put_right_again_is_not_finished_and_then_is(world: World) -> None:
    with world.runtime.transaction() as uow:
        card, cleaning = bought(world, uow, "card"), open_order(world, uow)
        hold(uow, card.id, cleaning.id, by=LI)
        finish(uow, cleaning.id)
        move_order(uow, cleaning.id, "send_back", by=LI, why="少洗一台")
        follow_order(uow, cleaning.id)
        assert (card.used, books(uow)["deferred_cover"]) == (1, 10_000)
        move_order(uow, cleaning.id, "finish", by=LI)
        follow_order(uow, cleaning.id)
        assert (card.used, books(uow)["deferred_cover"]) == (1, 6667)


def test_a_card_used_on_two_phones_at_once_is_used_once(fresh_runtime: Runtime) -> None:
    """Must: 'a card used on two phones at once'."""
    world = make_world(fresh_runtime)
    with fresh_runtime.transaction() as uow:
        card = bought(world, uow, "labour").id
        orders = [open_order(world, uow, ServiceType.REPAIR).id for _ in range(6)]

    def use(place: int) -> str:
        with fresh_runtime.transaction() as uow:
            return hold(uow, card, orders[place], by=LI).work_order_id

    results = at_once(6, use)
    assert len([one for one in results if isinstance(one, str)]) == 1
    assert {type(one) for one in results if not isinstance(one, str)} == {CardRefused}
    assert {str(one) for one in results if not isinstance(one, str)} == {"这张卡的次数已经用完"}
    with fresh_runtime.transaction() as uow:
        assert uow.session.get_one(Cover, card).used == 1


def test_two_cards_for_one_order_at_once_are_one(fresh_runtime: Runtime) -> None:
    world = make_world(fresh_runtime)
    with fresh_runtime.transaction() as uow:
        cards = [bought(world, uow, "card").id]
        cards.append(bought(world, uow, "card").id)
        cleaning = open_order(world, uow).id

    def use(place: int) -> str:
        with fresh_runtime.transaction() as uow:
            return hold(uow, cards[place], cleaning, by=LI).cover_id

    results = at_once(2, use)
    assert sorted(type(one).__name__ for one in results) == ["CardTaken", "str"]
    with fresh_runtime.transaction() as uow:
        assert sum(uow.session.get_one(Cover, one).used for one in cards) == 1


def test_the_database_guards_it_without_any_of_our_checks(world: World) -> None:
    with world.runtime.transaction() as uow:
        card = bought(world, uow, "labour")
        first, second = (open_order(world, uow, ServiceType.REPAIR) for _ in range(2))
        hold(uow, card.id, first.id, by=LI)
        with pytest.raises(CardTaken, match="刚刚在另一处"):
            insert_use(uow, card, second.id, 1, by=LI)  # as a phone would that read before the other one wrote
        with pytest.raises(CardTaken, match="刚刚在另一处"):
            insert_use(uow, card, second.id, 2, by=LI)
        assert len(uses_of(uow, card.id)) == 1


@pytest.mark.parametrize(
    ("kind", "words"),
    [(ServiceType.REPAIR, "只能用于保养清洗"), (ServiceType.INSTALL, "只能用于保养清洗")],
)
def test_a_card_is_for_its_own_kind_of_work(world: World, kind: ServiceType, words: str) -> None:
    with world.runtime.transaction() as uow:
        card, other = bought(world, uow, "card"), open_order(world, uow, kind)
        with pytest.raises(CardRefused, match=words):
            hold(uow, card.id, other.id, by=LI)


def test_what_cannot_be_used_says_why(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        unpaid, cleaning = order(world, uow, "card"), open_order(world, uow)
        with pytest.raises(CardRefused, match="未付款"):
            hold(uow, unpaid.id, cleaning.id, by=LI)
        warranty = bought(world, uow)
        with pytest.raises(CardRefused, match="不是服务卡"):
            hold(uow, warranty.id, cleaning.id, by=LI)
        theirs = bought(world, uow, "card", customer=world.li)
        with pytest.raises(CardRefused, match="不在这位客户名下"):
            hold(uow, theirs.id, cleaning.id, by=LI)
        with pytest.raises(Forbidden):
            hold(uow, theirs.id, cleaning.id, by=world.by())
        assert cards_that_fit(uow, cleaning) == []


def test_with_a_use_held_a_card_is_not_given_up(world: World) -> None:
    with world.runtime.transaction() as uow:
        card, cleaning = bought(world, uow, "card"), open_order(world, uow)
        hold(uow, card.id, cleaning.id, by=world.by())
        with pytest.raises(InUse):
            cancel(uow, card.id, by=world.by())
        give_back(uow, cleaning.id, by=world.by())
        cancel(uow, card.id, by=world.by())
        assert card.status is CoverStatus.REFUNDING


def test_a_card_that_is_over_waits_for_the_use_that_is_held(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        card, cleaning = bought(world, uow, "card"), open_order(world, uow)
        hold(uow, card.id, cleaning.id, by=world.by())
        assert card.until == date(2027, 5, 12)
    clock.at = clock.at.replace(year=2027, month=5, day=13)
    with world.runtime.transaction() as uow:
        assert expire(uow, card.id).status is CoverStatus.ACTIVE
        finish(uow, cleaning.id)
        ended = uow.session.get_one(Cover, card.id)
        assert (ended.status, ended.earned_fen) == (CoverStatus.EXPIRED, Money(10_000))
