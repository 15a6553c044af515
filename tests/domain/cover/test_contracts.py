"""A contract's life, with the books after each step, and what is refused, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from domain.cover import contracts, keeping
from domain.cover.contracts import AlreadyCovered, NotEligible, cancel, order_cover, refund_of
from domain.cover.income import month_end
from domain.cover.lifecycle import CoverStatus
from domain.cover.model import Cover, CoverCommission, Starts
from domain.cover.offering import plans_for
from domain.cover.plans import put_plan
from domain.cover.queries import covers_for, covers_of
from domain.cover.rules import Eligibility
from domain.cover.serving import InUse
from domain.cover.standing import keep_for
from domain.kit.errors import Conflict, Forbidden
from domain.kit.money import Money
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.ledger.queries import balance, entries_of
from domain.payments.lifecycle import PayableStatus
from domain.payments.model import Refund
from domain.products.model import Product
from domain.work_orders.kinds import ServiceType
from domain.work_orders.numbers import spoken
from domain.work_orders.operations import move_order
from tests.domain.cover.world import (
    START,
    WHOLE,
    World,
    books,
    bought,
    make_world,
    open_order,
    order,
    pay,
    payable_of,
    put_product,
    settle,
    transfer,
)
from tests.domain.payments.world import LI, WANG
from tests.runtime import Clock, at_once

ENGINEER = "engineer:en_7"
ENDS = date(2027, 1, 11)
"""The statutory year of what was bought on 10 January 2026; the 10th is a Sunday, so the 11th is its last day."""


@pytest.fixture
def world(runtime: Runtime) -> World:
    return make_world(runtime)


def test_what_fits_is_offered_with_its_days_and_what_does_not_with_the_reason(world: World) -> None:
    with world.runtime.transaction() as uow:
        offers = {one.plan.title: one for one in plans_for(uow, world.product_id, world.wang)}
        whole = offers["整机延保一年"]
        assert whole.eligible
        assert (whole.since, whole.until, whole.price) == (ENDS + timedelta(days=1), date(2028, 1, 11), Money(36_500))
        assert offers["主要部件延保三年"].since > ENDS, "main parts have three years by law"
        open_order(world, uow, ServiceType.REPAIR)
        again = {one.plan.title: one for one in plans_for(uow, world.product_id, world.wang)}
        assert "正在报修" in again["整机延保一年"].why_not
        assert again["空调清洁卡 3 次"].eligible


def test_a_plan_for_another_category_is_not_offered_at_all(world: World) -> None:
    with world.runtime.transaction() as uow:
        washer = put_product(uow, world.brand, world.wang, "XQG100-B14")
        assert {one.plan.kind for one in plans_for(uow, washer, world.wang)} == {"card"}
        assert {one.plan.kind for one in plans_for(uow, None, world.wang)} == {"card"}


def test_nothing_holds_before_it_is_paid(world: World) -> None:
    with world.runtime.transaction() as uow:
        cover = order(world, uow)
        assert str(cover.status) == "ordered"
        assert books(uow) == {"receivable": 36_500, "deferred_cover": 36_500}
        pay(world, uow, cover)
        assert cover.status is CoverStatus.ACTIVE
        assert (cover.since, cover.until) == (ENDS + timedelta(days=1), date(2028, 1, 11))
        assert cover.cooling_until == date(2026, 5, 27)
        assert books(uow) == {"wechat": 36_500, "deferred_cover": 36_500}


def test_the_price_is_frozen_when_it_is_ordered(world: World) -> None:
    with world.runtime.transaction() as uow:
        cover = order(world, uow)
        assert (cover.price_fen, payable_of(uow, cover).due_fen) == (Money(36_500), 36_500)
        assert order(world, uow).id == cover.id, "ordered again while it waits, it is the same one"


def test_unpaid_for_a_day_it_lapses_and_money_that_comes_all_the_same_goes_back(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        cover = order(world, uow)
    clock.advance(hours=23, minutes=59)
    with world.runtime.transaction() as uow:
        assert not keeping.lapsed(uow, 10)
    clock.advance(minutes=1)
    with world.runtime.transaction() as uow:
        assert list(keeping.lapsed(uow, 10)) == [cover.id]
        keeping.lapse(uow, cover.id)
        late = uow.session.get_one(Cover, cover.id)
        assert late.status is CoverStatus.VOID
        assert payable_of(uow, late).status is PayableStatus.VOID
        assert books(uow) == {}
        payment = pay(world, uow, late)
        assert payment.surplus
        assert late.status is CoverStatus.VOID
        assert books(uow) == {"wechat": 36_500, "refund_due": 36_500}


def test_paid_for_a_product_that_is_somebody_elses_by_then_goes_back_by_itself(world: World) -> None:
    with world.runtime.transaction() as uow:
        cover = order(world, uow)
        product = uow.session.get_one(Product, world.product_id)
        product.customer_id = world.li  # the transfer's own reaction has not come yet
        pay(world, uow, cover)
        assert cover.status is CoverStatus.VOID
        assert uow.session.get_one(Refund, cover.refund_id).status == "approved", "and nobody has to agree to that"
        settle(world, uow, cover)
        assert books(uow) == {}


def test_two_who_buy_for_the_same_component_at_once_are_one(fresh_runtime: Runtime) -> None:
    """The customer orders one plan in the chat while the console orders another: one of them is told so."""
    world = make_world(fresh_runtime)
    with fresh_runtime.transaction() as uow:
        two = put_plan(
            uow, world.brand.voice.brand_id, "whole2", replace(WHOLE, title="两年", months=24), START, by=LI
        ).id

    def buy(place: int) -> str:
        with fresh_runtime.transaction() as uow:
            plan, by = ((world.plans["whole"], world.by()), (two, LI))[place % 2]
            return order_cover(uow, plan, world.product_id, world.wang, by=by, via="chat").id

    results = at_once(6, buy)
    assert len({one for one in results if isinstance(one, str)}) == 1
    assert all("待付款" in str(one) for one in results if isinstance(one, Exception))
    assert {type(one) for one in results} == {str, NotEligible}


def test_the_database_itself_refuses_a_second_contract_of_a_component(world: World) -> None:
    with world.runtime.transaction() as uow:
        cover = order(world, uow)
        columns = {name: getattr(cover, name) for name in set(Cover.__mapper__.column_attrs.keys())}
        twin = Cover(**{**columns, "id": "co_twin", "number": "2", "payable_id": None})
        with pytest.raises(AlreadyCovered, match="不能重复购买"):
            contracts.insert(uow, twin)
        later = Cover(
            **{
                **columns,
                "id": "co_next",
                "number": "3",
                "since": cover.until,
                "until": cover.until + timedelta(days=9),
            }
        )
        uow.session.add(later)
        with pytest.raises(IntegrityError, match="ex_covers_component"):
            uow.session.flush()
        uow.session.rollback()


def test_a_sale_for_somebody_elses_product_is_refused(world: World) -> None:
    with world.runtime.transaction() as uow, pytest.raises(NotEligible, match="不在您名下") as refused:
        order(world, uow, customer=world.li)
    assert refused.value.code == "cover_own"


def test_the_same_again_is_refused_until_it_is_near_its_end(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        bought(world, uow)
        with pytest.raises(NotEligible, match="保到 2028-01-11"):
            order(world, uow)
    clock.at = clock.at.replace(year=2027, month=10, day=14)
    with world.runtime.transaction() as uow:
        next_one = order(world, uow)
        assert (next_one.since, next_one.until) == (date(2028, 1, 12), date(2029, 1, 11))


def test_within_the_cooling_off_the_whole_price_goes_back(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        cover = bought(world, uow, sold_by=ENGINEER)
        assert (balance(uow, "commission_due", "en_7"), balance(uow, "commission")) == (1825, 1825)
    clock.advance(days=15)
    with world.runtime.transaction() as uow:
        cover, refund = cancel(uow, cover.id, by=world.by())
        assert (refund.back, cover.status) == (Money(36_500), CoverStatus.REFUNDING)
        settle(world, uow, cover)
        assert cover.status is CoverStatus.CANCELLED
        assert books(uow) == {}, "nothing is left anywhere, the commission neither"
        assert payable_of(uow, cover).status is PayableStatus.REFUNDED


def test_later_what_is_left_goes_back_and_what_was_covered_is_earned(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        cover = bought(world, uow, sold_by=ENGINEER)
    clock.at = clock.at.replace(year=2027, month=4, day=21)  # the hundredth of 365 days
    with world.runtime.transaction() as uow:
        cover, refund = cancel(uow, cover.id, by=world.by())
        assert refund.back == Money(26_500)
        assert uow.session.get_one(Refund, cover.refund_id).status == "asked", "above the limit somebody else says yes"
        settle(world, uow, cover)
        assert books(uow) == {"wechat": 10_000, "income_cover": 10_000, "commission": 500, "commission_due": 500}
        assert uow.session.get_one(CoverCommission, cover.id).reversed_fen == Money(1325)


def test_when_the_staff_do_not_agree_it_goes_on_as_before(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        cover = bought(world, uow)
    clock.at = clock.at.replace(year=2027, month=4, day=21)
    with world.runtime.transaction() as uow:
        cover, _ = cancel(uow, cover.id, by=world.by())
        settle(world, uow, cover, "rejected")
        assert (cover.status, cover.refunded_fen) == (CoverStatus.ACTIVE, Money(0))
        assert books(uow) == {"wechat": 36_500, "income_cover": 10_000, "deferred_cover": 26_500}


def test_another_amount_than_was_shown_is_asked_about_again(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        cover = bought(world, uow)
    clock.at = clock.at.replace(year=2027, month=4, day=21)
    with world.runtime.transaction() as uow, pytest.raises(Conflict, match="265"):
        cancel(uow, cover.id, by=world.by(), sure_of=Money(36_500))


def test_nobody_elses_contract_can_be_given_up(world: World) -> None:
    with world.runtime.transaction() as uow:
        cover = bought(world, uow)
        with pytest.raises(Forbidden, match="不在您名下"):
            cancel(uow, cover.id, by=world.by(world.li))


def test_a_product_sold_with_its_cover_takes_it_along_and_the_card_stays(world: World) -> None:
    """Must: 'a product sold with cover to somebody else'."""
    with world.runtime.transaction() as uow:
        cover, card = bought(world, uow), bought(world, uow, "card")
        transfer(world, uow, world.li)
        assert (cover.customer_id, cover.bought_by, card.customer_id) == (world.li, world.wang, world.wang)
        assert [one.cover.id for one in covers_of(uow, world.li)] == [cover.id]
        assert [one.cover.id for one in covers_of(uow, world.wang)] == [card.id]
        with pytest.raises(Forbidden, match="不在您名下"):
            cancel(uow, cover.id, by=world.by(world.wang))
        with pytest.raises(Forbidden, match="只能退给原来付款的人"):
            cancel(uow, cover.id, by=world.by(world.li))
        cancel(uow, cover.id, by=WANG, why="双方书面同意")
        settle(world, uow, cover)
        assert cover.status is CoverStatus.CANCELLED


def test_what_was_ordered_and_not_paid_does_not_go_along(world: World) -> None:
    with world.runtime.transaction() as uow:
        cover = order(world, uow)
        transfer(world, uow, world.li)
        assert cover.status is CoverStatus.VOID
        assert covers_for(uow, world.product_id) == []
        assert bought(world, uow, customer=world.li).status is CoverStatus.ACTIVE


def test_every_month_is_earned_once_and_all_of_them_make_the_price(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        cover = bought(world, uow)
    for at in ((2027, 1, 31), (2027, 2, 1), (2027, 2, 20), (2027, 6, 3), (2028, 1, 11), (2028, 1, 12)):
        clock.at = clock.at.replace(year=at[0], month=at[1], day=at[2])
        for _, due, step in (*keeping.STEPS, *keeping.STEPS):
            with world.runtime.transaction() as uow:
                for cover_id in due(uow, 10):
                    step(uow, cover_id)
    with world.runtime.transaction() as uow:
        entries = entries_of(uow, "cover", cover.id)
        fen = {one.day: one.postings[0].fen for one in entries}
        assert fen[date(2027, 1, 31)] == 2000, "20 days of January"
        assert fen[date(2027, 2, 28)] == 2800
        assert len(entries) == len(fen) == 13, "twelve ends of a month and the last day"
        assert sum(fen.values()) == 36_500
        assert books(uow) == {"wechat": 36_500, "income_cover": 36_500}
        assert uow.session.get_one(Cover, cover.id).status is CoverStatus.EXPIRED


def test_it_is_said_once_that_it_ends_unless_another_follows(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        cover = bought(world, uow)
    clock.at = clock.at.replace(year=2027, month=12, day=11)
    with world.runtime.transaction() as uow:
        assert not keeping.ending(uow, 10)
    clock.advance(days=1)
    for _ in range(2):
        with world.runtime.transaction() as uow:
            for cover_id in keeping.ending(uow, 10):
                keeping.remind(uow, cover_id)
    with world.runtime.transaction() as uow:
        told = [row.body for row in uow.session.query(OutboxRow) if row.kind == "CoverEnding"]
        assert told == [{"cover_id": cover.id}]


def test_with_the_next_one_bought_nobody_is_reminded(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        bought(world, uow)
    clock.at = clock.at.replace(year=2027, month=12, day=12)
    with world.runtime.transaction() as uow:
        bought(world, uow)
        for cover_id in keeping.ending(uow, 10):
            keeping.remind(uow, cover_id)
        assert not [row for row in uow.session.query(OutboxRow) if row.kind == "CoverEnding"]


def test_the_end_of_the_month_before() -> None:
    assert month_end(date(2026, 5, 12)) == date(2026, 4, 30)
    assert month_end(date(2027, 3, 1)) == date(2027, 2, 28)


def test_what_has_served_is_not_given_back_whole_and_what_serves_not_at_all(world: World, clock: Clock) -> None:
    """Bought, used for a compressor, and given up within the cooling-off: that was free."""
    with world.runtime.transaction() as uow:
        soon = replace(WHOLE, starts=Starts.NOW, eligibility=Eligibility())
        plan = put_plan(uow, world.brand.voice.brand_id, "soon", soon, START, by=LI)
        old = put_product(uow, world.brand, world.wang, bought=date(2022, 1, 10), serial="SN20220110A")
        cover = order(replace(world, plans={**world.plans, "soon": plan.id}), uow, "soon", product=old)
        pay(world, uow, cover)
    clock.advance(days=2)
    with world.runtime.transaction() as uow:
        other, broken = (open_order(world, uow, ServiceType.REPAIR, product=one) for one in (world.product_id, old))
        for one in (other, broken):
            keep_for(uow, one, by=LI)
        for by in (world.by(), LI):
            with pytest.raises(InUse, match=spoken(broken.number)):
                cancel(uow, cover.id, by=by)
        move_order(uow, broken.id, "cancel", by=LI, why="客户不修了")
        assert refund_of(uow, cover).back == cover.price_fen, "what was cancelled has not used it"
        again = open_order(world, uow, ServiceType.REPAIR, product=old)
        keep_for(uow, again, by=LI)
        for move in ("schedule", "start", "finish"):
            move_order(uow, again.id, move, by=LI)
        with pytest.raises(Forbidden, match="联系客服"):
            cancel(uow, cover.id, by=world.by())
        cover, refund = cancel(uow, cover.id, by=LI, why="客户投诉，同意退")
        assert refund.kept > Money(0)
        assert refund.back + refund.kept == cover.price_fen
