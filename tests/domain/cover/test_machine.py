"""Whatever is ordered, paid, given up, used, sold on or left to end, in any order and with reactions late: every fen is told.

Uses never exceed the card's, refunds never the price, what is deferred is what is not earned, and of one component of one
product no two contracts hold on one day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import sessionmaker

from domain.cover import contracts, keeping
from domain.cover.cards import follow_order, give_back, hold, hold_by_itself, use_of
from domain.cover.gifts import make_batch, redeem_gift
from domain.cover.lifecycle import COUNTED, LIVE, CoverStatus
from domain.cover.model import Cover, CoverCommission, PlanKind, Redemption
from domain.kit.errors import Refused
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.payments.gateway import RefundNews
from domain.payments.lifecycle import PayableStatus, RefundStatus
from domain.payments.model import Payable, Payment, Refund
from domain.payments.operations import approve_refund, note_refund, reject_refund
from domain.products.model import Product
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OPEN, OrderStatus
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import move_order
from tests.domain.cover import world as made
from tests.domain.cover.world import World, books, make_world
from tests.domain.payments.world import BY, LI, WANG
from tests.runtime import KEYRING, Clock, Ids

PLANS = st.sampled_from(["whole", "whole", "parts", "card", "labour"])
WHO = st.sampled_from(["wang", "wang", "li"])
PLACE = st.integers(0, 7)


class Covers(RuleBasedStateMachine):
    """``world`` and ``clock`` are put here by the test; each run happens in a savepoint that is rolled back."""

    world: World
    clock: Clock
    codes: list[str]

    @rule(plan=PLANS, who=WHO, seller=st.sampled_from(["", "engineer:en_7"]))
    def order(self, plan: str, who: str, seller: str) -> None:
        with refusable(self.world.runtime) as uow:
            made.order(self.world, uow, plan, customer=getattr(self.world, who), sold_by=seller)

    @rule(place=PLACE, at_once=st.booleans())
    def pay(self, place: int, at_once: bool) -> None:
        """Money comes, maybe too late; what follows from it comes at once or later."""
        with refusable(self.world.runtime) as uow:
            owed = select(Cover).where(
                Cover.status.in_([CoverStatus.ORDERED, CoverStatus.VOID]), Cover.payable_id.is_not(None)
            )
            for cover in pick(uow, owed.order_by(Cover.id), place):
                if at_once or made.payable_of(uow, cover).status is not PayableStatus.OPEN:
                    made.pay(self.world, uow, cover)
                else:
                    made.pay_only(self.world, uow, cover)

    @rule()
    def catch_up(self) -> None:
        """The reactions that were late."""
        with self.world.runtime.transaction() as uow:
            react(uow, self.world)

    @rule(place=PLACE, who=WHO)
    def give_up(self, place: int, who: str) -> None:
        with refusable(self.world.runtime) as uow:
            for cover in pick(uow, select(Cover).order_by(Cover.id), place):
                contracts.cancel(uow, cover.id, by=self.world.by(getattr(self.world, who)))

    @rule(place=PLACE)
    def not_wanted(self, place: int) -> None:
        with refusable(self.world.runtime) as uow:
            for cover in pick(uow, select(Cover).order_by(Cover.id), place):
                contracts.void(uow, cover.id, by=LI, why="不要了")

    @rule(place=PLACE, how=st.sampled_from(["SUCCESS", "SUCCESS", "CLOSED", "ABNORMAL", "reject"]))
    def refund_goes_on(self, place: int, how: str) -> None:
        with refusable(self.world.runtime) as uow:
            for one in pick(uow, select(Refund).order_by(Refund.id), place):
                if how == "reject":
                    reject_refund(uow, one.id, by=WANG, why="不符合条款")
                    continue
                if one.status is RefundStatus.ASKED:
                    approve_refund(uow, one.id, by=LI)
                news = RefundNews(one.id, f"50{one.id}", how, one.fen)
                note_refund(uow, news, merchant_id=self.world.merchant_id, by=BY)

    @rule(who=WHO)
    def sell_product(self, who: str) -> None:
        with refusable(self.world.runtime) as uow:
            if uow.session.get_one(Product, self.world.product_id).customer_id != getattr(self.world, who):
                made.transfer(self.world, uow, getattr(self.world, who))

    @rule(kind=st.sampled_from([ServiceType.MAINTENANCE, ServiceType.REPAIR]), who=WHO)
    def book(self, kind: ServiceType, who: str) -> None:
        with refusable(self.world.runtime) as uow:
            order = made.open_order(self.world, uow, kind, customer=getattr(self.world, who))
            hold_by_itself(uow, order.id)

    @rule(place=PLACE, card=PLACE)
    def use_card(self, place: int, card: int) -> None:
        with refusable(self.world.runtime) as uow:
            for cover in pick(uow, select(Cover).where(Cover.kind == PlanKind.CARD).order_by(Cover.id), card):
                for order in pick(uow, select(WorkOrder).order_by(WorkOrder.id), place):
                    hold(uow, cover.id, order.id, by=LI)

    @rule(place=PLACE)
    def paid_otherwise(self, place: int) -> None:
        """Staff give a use back that is only held."""
        with refusable(self.world.runtime) as uow:
            for order in pick(uow, select(WorkOrder).order_by(WorkOrder.id), place):
                give_back(uow, order.id, by=LI)

    @rule(
        place=PLACE, to=st.sampled_from([OrderStatus.FINISHED, OrderStatus.CANCELLED, OrderStatus.IN_SERVICE]),
        heard=st.sampled_from([True, True, False]),
    )  # fmt: skip
    def order_goes_on(self, place: int, to: OrderStatus, heard: bool) -> None:
        """Finished, cancelled, or put right again, whatever the way there was; the cards may hear of it later."""
        with refusable(self.world.runtime) as uow:
            for order in pick(uow, select(WorkOrder).order_by(WorkOrder.id), place):
                if to is OrderStatus.CANCELLED:
                    if order.status is OrderStatus.IN_SERVICE:
                        move_order(uow, order.id, "revisit", by=LI)
                    move_order(uow, order.id, "cancel", by=LI, why="不洗了")
                elif to is OrderStatus.FINISHED and order.status in OPEN:
                    for move in ("schedule", "start", "finish"):
                        move_order(uow, order.id, move, by=LI)
                else:
                    move_order(uow, order.id, "send_back", by=LI, why="补正")
                if heard:
                    follow_order(uow, order.id)

    @rule(place=st.integers(0, 3), who=WHO)
    def redeem_gift(self, place: int, who: str) -> None:
        with refusable(self.world.runtime) as uow:
            customer = getattr(self.world, who)
            redeem_gift(uow, self.codes[place], self.world.product_id, customer, by=self.world.by(customer))

    @rule(days=st.sampled_from([1, 1, 5, 14, 31, 100, 250, 400]))
    def time_passes(self, days: int) -> None:
        self.clock.advance(days=days)

    @rule()
    def keep(self) -> None:
        for _, due, step in keeping.STEPS:
            with self.world.runtime.transaction() as uow:
                for cover_id in due(uow, 50):
                    step(uow, cover_id)

    @invariant()
    def uses_are_counted_and_never_too_many(self) -> None:
        with self.world.runtime.transaction() as uow:
            taken: dict[str, int] = defaultdict(int)
            for use in rows(uow, Redemption):
                taken[use.cover_id] += use.status in COUNTED
            for cover in rows(uow, Cover):
                assert cover.used == taken[cover.id] <= cover.uses

    @invariant()
    def what_is_deferred_is_not_earned_and_nothing_else_is_left(self) -> None:
        with self.world.runtime.transaction() as uow:
            payables = {one.id: one for one in rows(uow, Payable)}
            back: dict[str, int] = defaultdict(int)
            for one in rows(uow, Refund):
                if (
                    one.status not in (RefundStatus.ASKED, RefundStatus.REJECTED, RefundStatus.CLOSED)
                    and not one.surplus
                ):
                    back[one.payable_id] += one.fen
            deferred = earned = 0
            for cover in rows(uow, Cover):
                owed = payables.get(cover.payable_id or "")
                price = owed.due_fen if owed and owed.status is not PayableStatus.VOID else 0
                assert back[cover.payable_id or ""] <= price
                assert owed is None or cover.price_fen.fen == owed.due_fen
                earned += cover.earned_fen.fen
                deferred += price - cover.earned_fen.fen - back[cover.payable_id or ""]
                assert price - cover.earned_fen.fen - back[cover.payable_id or ""] >= 0
            held = books(uow)
            assert held.get("deferred_cover", 0) == deferred
            assert held.get("income_cover", 0) == earned
            owing = sum((one.fen - one.reversed_fen).fen for one in rows(uow, CoverCommission))
            assert held.get("commission_due", 0) == held.get("commission", 0) == owing
            came = sum(one.fen - one.refunded_fen for one in rows(uow, Payment) if one.paid_at)
            assert held.get("wechat", 0) == came

    @invariant()
    def what_is_over_is_earned_or_given_back(self) -> None:
        with self.world.runtime.transaction() as uow:
            for cover in rows(uow, Cover):
                if cover.status in (CoverStatus.EXPIRED, CoverStatus.CANCELLED):
                    assert cover.earned_fen + cover.refunded_fen == cover.price_fen

    @invariant()
    def no_two_hold_for_one_component_on_one_day(self) -> None:
        with self.world.runtime.transaction() as uow:
            spans: dict[str, list[tuple[date, date]]] = defaultdict(list)
            for cover in rows(uow, Cover):
                if cover.kind is PlanKind.WARRANTY and cover.status in LIVE:
                    spans[cover.component].append((cover.since, cover.until))
            for mine in spans.values():
                assert all(before[1] < after[0] for before, after in pairwise(sorted(mine)))

    @invariant()
    def a_contract_is_its_products_owners(self) -> None:
        with self.world.runtime.transaction() as uow:
            for cover in rows(uow, Cover):
                if cover.product_id and cover.status in (CoverStatus.ACTIVE, CoverStatus.REFUNDING):
                    assert cover.customer_id == uow.session.get_one(Product, cover.product_id).customer_id


def react(uow: UnitOfWork, world: World) -> None:
    for order in rows(uow, WorkOrder):
        follow_order(uow, order.id)
        assert order.status is not OrderStatus.CANCELLED or use_of(uow, order.id) is None
    for cover in rows(uow, Cover):
        if cover.payable_id and made.payable_of(uow, cover).status is PayableStatus.PAID:
            contracts.activate(uow, cover.id)
    for one in rows(uow, Refund):
        how = {RefundStatus.SUCCEEDED: "succeeded", RefundStatus.REJECTED: "rejected", RefundStatus.CLOSED: "closed"}
        owed = uow.session.get_one(Payable, one.payable_id)
        if one.status in how and owed.kind == "cover":
            contracts.refund_ended(uow, owed.of_id, one.id, how[one.status])


def pick(uow: UnitOfWork, wanted: Select[Any], place: int) -> list[Any]:
    found = uow.session.scalars(wanted).all()
    return [found[place % len(found)]] if found else []


def rows(uow: UnitOfWork, kind: type[Any]) -> list[Any]:
    return list(uow.session.scalars(select(kind).execution_options(populate_existing=True)))


@contextmanager
def refusable(runtime: Runtime) -> Iterator[UnitOfWork]:
    """A transaction whose refusals are all right, and leave nothing behind."""
    try:
        with runtime.transaction() as uow:
            yield uow
    except Refused:
        return


def test_no_course_of_events_loses_a_fen(shared_engine: Engine) -> None:
    clock = Clock()
    with shared_engine.connect() as connection:
        outer = connection.begin()
        sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        runtime = Runtime(sessions, clock, Ids(), KEYRING)
        world = make_world(runtime)
        with runtime.transaction() as uow:
            codes = [
                code
                for plan in ("whole", "card")
                for code in make_batch(
                    uow, world.plans[plan], title="开业", count=2, valid_until=uow.today + timedelta(days=900), by=LI
                )[1]
            ]
        begun = clock.at

        class InASavepoint(Covers):
            def __init__(self) -> None:
                super().__init__()
                clock.at = begun
                self.savepoint = connection.begin_nested()

            def teardown(self) -> None:
                self.savepoint.rollback()

        InASavepoint.world, InASavepoint.clock, InASavepoint.codes = world, clock, codes
        run_state_machine_as_test(
            InASavepoint, settings=settings(max_examples=12, stateful_step_count=35, deadline=None)
        )
        outer.rollback()
