"""Whatever is owed, re-priced, paid from two phones, told twice, late or wrongly, closed, refunded, lost or cut off between any two
lines: the books explain every fen after each step, nobody pays twice for good, and the bills agree in the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.orm import sessionmaker

from adapters.invariants import SENTENCES
from domain.kit.actors import system
from domain.kit.errors import Refused
from domain.kit.unit_of_work import SHANGHAI, Runtime, UnitOfWork
from domain.ledger.chart import CHART
from domain.ledger.queries import balance, balances
from domain.payments import asking, paying, refunding
from domain.payments.cash import take_cash
from domain.payments.gateway import Notice
from domain.payments.lifecycle import ON_THE_WAY, TAKEN, PayableStatus, RefundStatus
from domain.payments.model import Payable, Payment, Refund
from domain.payments.noticing import take_notice
from domain.payments.operations import approve_refund, ask_refund, pay_out_refund, reject_refund, void
from domain.payments.paying import Payer
from domain.payments.reconciling import reconcile
from domain.payments.statements_model import StatementDifference
from tests.brand import APP_ID
from tests.domain.payments.platform import FakePlatform
from tests.domain.payments.world import BY, LI, MINI_APP_ID, WANG, World, make_world, owe_bill
from tests.doubles import Folder
from tests.network import put_network
from tests.runtime import KEYRING, Clock, Ids

BEGUN = datetime(2026, 5, 12, 11, 30, tzinfo=SHANGHAI)
PAYERS = (
    Payer("jsapi", APP_ID, "o-wang"), Payer("jsapi", MINI_APP_ID, "o-wife", "mini_program"),
    Payer("native", APP_ID, "", "engineer"), Payer("h5", APP_ID, "", "official_account", "1.2.3.4"),
)  # fmt: skip
PRICING = system("pricing")
MONEY = ("the ledger", "what is owed", "what is paid", "refunds of", "a payment that", "money that", "the cash")
"""How the sentences of `adapters.invariants` about money begin."""


EXAMPLES = int(os.environ.get("MONEY_EXAMPLES", "15"))
"""More of them, when somebody has an evening: MONEY_EXAMPLES=2000."""
MANY = 4
"""More things to pay would only be other things."""
WHICH, FUSE = st.integers(0, 5), st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5, 6, 7])


class Crash(Exception):
    """The process ended here."""


@dataclass
class Fuse:
    """Counts the boundaries of steps and burns at one of them."""

    left: int = 0

    def step(self) -> None:
        if self.left:
            self.left -= 1
            if not self.left:
                raise Crash


@dataclass(frozen=True)
class Fragile(Runtime):
    """A runtime whose process may end before a transaction begins, or after it has committed."""

    fuse: Fuse = field(default_factory=Fuse)

    @contextmanager
    def transaction(self) -> Iterator[UnitOfWork]:
        self.fuse.step()
        with super().transaction() as uow:
            yield uow
        self.fuse.step()


class Money:
    """What can happen, and what holds after it; each course happens in a savepoint."""

    def __init__(self, world: World, runtime: Fragile, time: Clock, engineer: str) -> None:
        self.world, self.runtime, self.time, self.engineer = world, runtime, time, engineer
        self.time.at = BEGUN
        self.runtime.fuse.left = 0
        self.platform = FakePlatform(self.time)
        self.payables, self.bills = [self.world.payable_id], 1

    def attempt(self, work: Callable[[], object]) -> None:
        """Do something that may be refused, or cut off."""
        with suppress(Refused, Crash):
            work()
        self.runtime.fuse.left = 0

    def one(self, things: list[Any], which: int) -> Any:
        return things[which % len(things)] if things else None

    def rows(self, kind: type[Any]) -> list[Any]:
        with Runtime.transaction(self.runtime) as uow:
            return list(uow.session.scalars(select(kind).order_by(kind.at, kind.id)))

    def owe(self, service: int, part: int) -> None:
        if len(self.payables) >= MANY:
            return
        self.bills += 1
        with self.runtime.transaction() as uow:
            made = owe_bill(
                uow, self.world.brand_id, self.world.customer_id, f"bi_{self.bills}", service=service, part=part
            )
        self.payables.append(made.id)

    def re_price(self, which: int, service: int) -> None:
        id_ = self.one(self.payables, which)

        def work() -> None:
            if paying.withdraw(self.runtime, self.platform, id_, by=LI, why="改价"):
                self.owe(service, 0)

        self.attempt(work)

    def is_void(self, which: int) -> None:
        def work() -> None:
            with self.runtime.transaction() as uow:
                void(uow, self.one(self.payables, which), by=LI, why="取消")

        self.attempt(work)

    def start(self, which: int, payer: Payer, fuse: int) -> None:
        self.runtime.fuse.left = fuse
        self.attempt(lambda: paying.start(self.runtime, self.platform, self.one(self.payables, which), payer, by=BY))

    def somebody_pays(self, which: int) -> None:
        number = self.one(list(self.platform.trades), which)
        if number:
            self.platform.pay(number)

    def somebody_starts_and_pays(self, which: int, payer: Payer, told: bool) -> None:
        """The way it mostly goes, and has to go often for the rest to be about something."""
        with suppress(Refused):
            cashier = paying.start(self.runtime, self.platform, self.one(self.payables, which), payer, by=BY)
            notice = self.platform.pay(cashier.number)
            if notice and told:
                self.take(notice)

    def two_are_paid(self, which: int) -> None:
        """What the platform never should let happen: an order that was closed there is paid all the same."""
        closed = [one for one in self.platform.trades.values() if one.state == "CLOSED"]
        trade = self.one(closed, which)
        if trade:
            trade.state = "NOTPAY"
            self.platform.pay(trade.order.number)
            trade.state = trade.state if trade.transaction_id else "CLOSED"

    def the_engineer_takes_cash(self, which: int) -> None:
        def work() -> None:
            with self.runtime.transaction() as uow:
                payable = uow.get(Payable, self.one(self.payables, which), called="x")
                take_cash(uow, payable.id, self.engineer, payable.due_fen, by=BY)

        self.attempt(work)

    def is_told(self, which: int, fuse: int) -> None:
        """Any notice there ever was, in any order, as often as it likes."""
        notice = self.one(self.platform.notices, which)
        if notice:
            self.runtime.fuse.left = fuse
            self.attempt(lambda: self.take(notice))

    def is_told_what_does_not_fit(self, which: int, how: str) -> None:
        """What no honest platform tells: nothing comes of it but a line on the work list."""
        paid = [one for one in self.platform.notices if one.trade]
        notice = self.one(paid, which)
        if notice and notice.trade:
            wrong = (
                {how: 1 if how == "fen" else "wx_forged"} if notice.trade.fen != 1 or how != "fen" else {"app_id": "x"}
            )
            trade = replace(notice.trade, **wrong)
            if how == "transaction_id" and trade.number not in self.taken_numbers():
                return
            self.attempt(lambda: self.take(replace(notice, id=f"{notice.id}-{how}", trade=trade)))

    def taken_numbers(self) -> set[str]:
        return {one.out_trade_no for one in self.rows(Payment) if one.status in TAKEN}

    def take(self, notice: Notice) -> None:
        with self.runtime.transaction() as uow:
            take_notice(uow, notice, merchant_id=self.world.merchant_id)

    def a_refund_is_asked_for(self, which: int, fen: int) -> None:
        def work() -> None:
            with self.runtime.transaction() as uow:
                ask_refund(uow, self.one(self.payables, which), fen, by=LI, reason_code="goodwill")

        self.attempt(work)

    def a_refund_follows(self, which: int, fen: int, reason: str) -> None:
        """From a bill that became smaller, or an order that was cancelled: that one always waits for somebody."""

        def work() -> None:
            with self.runtime.transaction() as uow:
                payable_id, needs_yes = self.one(self.payables, which), reason == "cancelled"
                refund = ask_refund(uow, payable_id, fen, by=PRICING, reason_code=reason, needs_yes=needs_yes)
                assert not needs_yes or refund.status is RefundStatus.ASKED

        self.attempt(work)

    def a_refund_is_decided(self, which: int, yes: bool) -> None:
        asked = [one for one in self.rows(Refund) if one.status is RefundStatus.ASKED]
        refund = self.one(asked, which)
        if refund:

            def work() -> None:
                with self.runtime.transaction() as uow:
                    if yes:
                        approve_refund(uow, refund.id, by=WANG)
                    else:
                        reject_refund(uow, refund.id, by=WANG, why="不同意")

            self.attempt(work)

    def a_refund_is_given_up(self, which: int) -> None:
        refund = self.one([one for one in self.rows(Refund) if one.status is RefundStatus.ABNORMAL], which)
        if refund:

            def work() -> None:
                with self.runtime.transaction() as uow:
                    refunding.give_up(uow, refund.id, by=WANG, why="客户不要了")

            self.attempt(work)

    def the_platform_ends_a_refund(self, which: int, state: str) -> None:
        number = self.one(list(self.platform.given), which)
        if number:
            self.platform.finish(number, state)

    def a_refund_is_paid_by_hand(self, which: int) -> None:
        refund = self.one(self.rows(Refund), which)
        if refund:

            def work() -> None:
                with self.runtime.transaction() as uow:
                    pay_out_refund(uow, refund.id, by=WANG, out_of="bank", why="回单")

            self.attempt(work)

    def time_passes(self, seconds: int, fuse: int) -> None:
        self.time.at += timedelta(seconds=seconds)
        self.runtime.fuse.left = fuse
        self.attempt(self.look)

    def look(self) -> None:
        """What the scheduler and the worker do."""
        with self.runtime.transaction() as uow:
            payments, refunds = asking.due(uow, limit=50), refunding.due(uow, limit=50)
        for one in payments:
            asking.look(self.runtime, self.platform, one)
        for one in refunds:
            refunding.look(self.runtime, self.platform, one)

    def calls_are_lost(self, before: int, after: int) -> None:
        self.platform.lose_before, self.platform.lose_after = before, after

    def the_platform_is_away(self, away: bool, no_money: bool) -> None:
        self.platform.away, self.platform.no_money = away, no_money

    # What holds after each step

    def every_fen_is_explained(self) -> None:
        with Runtime.transaction(self.runtime) as uow:
            payables = {one.id: one for one in uow.session.scalars(select(Payable))}
            payments = uow.session.scalars(select(Payment)).all()
            refunds = uow.session.scalars(select(Refund)).all()
            kept = [one for one in refunds if one.status in (RefundStatus.REJECTED, RefundStatus.CLOSED)]
            assert not [one for one in kept if one.is_owed], "what no bill asks for cannot be kept"
            assert sum(one.fen if side(one.account) else -one.fen for one in balances(uow, self.world.brand_id)) == 0
            came = sum(one.fen for one in payments if one.status in TAKEN and one.merchant_id)
            back = sum(one.fen for one in refunds if one.status is RefundStatus.SUCCEEDED and not one.paid_out_from)
            assert balance(uow, "wechat", self.world.merchant_id) == came - back
            for payable in payables.values():
                open_fen = payable.due_fen if payable.status is PayableStatus.OPEN else 0
                assert balance(uow, "receivable", payable.id) == open_fen
                owed_back = sum(
                    one.fen for one in refunds
                    if one.payable_id == payable.id and one.status in (*ON_THE_WAY, RefundStatus.ABNORMAL)
                )  # fmt: skip
                assert balance(uow, "refund_due", payable.id) == owed_back
                assert balance(uow, "overpaid", payable.id) == 0, "what is too much is on its way back"
                good = [
                    one for one in payments if one.payable_id == payable.id and one.status in TAKEN and not one.surplus
                ]
                assert sum(one.fen for one in good) == payable.paid_fen
                assert len(good) <= 1, "paid twice"

    def nobody_can_pay_two(self) -> None:
        """Of one payable at most one order waits at the platform."""
        waiting: dict[str, int] = {}
        for payment in self.rows(Payment):
            trade = self.platform.trades.get(payment.out_trade_no)
            if trade and trade.state == "NOTPAY" and self.time.at < trade.order.expires_at:
                waiting[payment.payable_id] = waiting.get(payment.payable_id, 0) + 1
        assert max(waiting.values(), default=0) <= 1

    def end(self) -> None:
        """The platform is there again and everything is worked off: our books are the platform's."""
        self.platform.away = self.platform.no_money = False
        self.platform.lose_before = self.platform.lose_after = 0
        for notice in list(self.platform.notices):  # it repeats for a day what nobody has heard
            self.attempt(partial(self.take, notice))
        for _ in range(12):
            self.time.at += timedelta(minutes=30)
            self.look()
            for number in list(self.platform.given):
                self.platform.finish(number)
        self.time.at += timedelta(hours=7)
        self.look()
        self.every_fen_is_explained()
        paid = sum(one.order.fen for one in self.platform.trades.values() if one.transaction_id)
        back = sum(one.asked.fen for one in self.platform.given.values() if one.state == "SUCCESS")
        with Runtime.transaction(self.runtime) as uow:
            assert balance(uow, "wechat", self.world.merchant_id) == paid - back, "what the platform has"
            assert not uow.session.scalar(select(func.count()).select_from(Payment).where(Payment.query_at.isnot(None)))
            broken = {
                words: uow.session.scalars(text(query)).all()
                for words, query in SENTENCES.items() if words.startswith(MONEY)
            }  # fmt: skip
            assert not {words: rows for words, rows in broken.items() if rows}
        self.the_bills_agree()

    def the_bills_agree(self) -> None:
        """Of what nobody forged, reconciliation finds nothing; run again it finds nothing either."""
        first, last = BEGUN.date(), (self.time.at + timedelta(days=1)).astimezone(SHANGHAI).date()
        for _ in range(2):
            for back in range((last - first).days + 1):
                reconcile(self.runtime, self.platform, Folder(), self.world.merchant_id, first + timedelta(days=back))
        with Runtime.transaction(self.runtime) as uow:
            found = uow.session.scalars(select(StatementDifference).where(StatementDifference.statement_id.isnot(None)))
            assert not [one.words for one in found]


def side(account: str) -> bool:
    return CHART[account].grows_by_debit


ACTIONS: list[tuple[int, Callable[..., None], dict[str, st.SearchStrategy[Any]]]] = [
    (1, Money.owe, {"service": st.integers(0, 300_00), "part": st.integers(0, 50_00)}),
    (1, Money.re_price, {"which": WHICH, "service": st.integers(1, 200_00)}),
    (1, Money.is_void, {"which": WHICH}),
    (6, Money.start, {"which": WHICH, "payer": st.sampled_from(PAYERS), "fuse": FUSE}),
    (5, Money.somebody_pays, {"which": WHICH}),
    (3, Money.somebody_starts_and_pays, {"which": WHICH, "payer": st.sampled_from(PAYERS), "told": st.booleans()}),
    (2, Money.two_are_paid, {"which": WHICH}),
    (1, Money.the_engineer_takes_cash, {"which": WHICH}),
    (5, Money.is_told, {"which": WHICH, "fuse": FUSE}),
    (
        1,
        Money.is_told_what_does_not_fit,
        {"which": WHICH, "how": st.sampled_from(["fen", "mch_id", "app_id", "transaction_id"])},
    ),
    (4, Money.a_refund_is_asked_for, {"which": WHICH, "fen": st.integers(1, 300_00)}),
    (
        2,
        Money.a_refund_follows,
        {"which": WHICH, "fen": st.integers(1, 300_00), "reason": st.sampled_from(["bill_changed", "cancelled"])},
    ),
    (1, Money.a_refund_is_given_up, {"which": WHICH}),
    (2, Money.a_refund_is_decided, {"which": WHICH, "yes": st.sampled_from([True, True, False])}),
    (
        3,
        Money.the_platform_ends_a_refund,
        {"which": WHICH, "state": st.sampled_from(["SUCCESS", "SUCCESS", "CLOSED", "ABNORMAL"])},
    ),
    (1, Money.a_refund_is_paid_by_hand, {"which": WHICH}),
    (6, Money.time_passes, {"seconds": st.sampled_from([5, 20, 45, 300, 1800, 7300]), "fuse": FUSE}),
    (2, Money.calls_are_lost, {"before": st.sampled_from([0, 0, 1]), "after": st.sampled_from([0, 1, 1, 2])}),
    (
        1,
        Money.the_platform_is_away,
        {"away": st.sampled_from([False, False, True]), "no_money": st.sampled_from([False, False, True])},
    ),
]
"""How often, what, with what: a list and not a state machine, whose courses turned out short and about nothing."""
STEPS = [st.tuples(st.just(what), st.fixed_dictionaries(args)) for often, what, args in ACTIONS for _ in range(often)]
COURSES = st.lists(st.one_of(STEPS), min_size=25, max_size=45)


@dataclass(frozen=True)
class Place:
    """Where courses happen: one world that each of them begins with."""

    connection: Connection
    world: World
    runtime: Fragile
    engineer: str


@pytest.fixture
def place(shared_engine: Engine, clock: Clock) -> Iterator[Place]:
    with shared_engine.connect() as connection:
        outer = connection.begin()
        sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        plain = Runtime(sessions, clock, Ids(), KEYRING)
        world = make_world(plain)
        with plain.transaction() as uow:
            engineer = put_network(uow, world.brand).an
        yield Place(connection, world, Fragile(sessions, clock, plain.new_id, KEYRING), engineer)
        outer.rollback()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(course=COURSES)
def test_money_whatever_happens(
    place: Place, clock: Clock, course: list[tuple[Callable[..., None], dict[str, Any]]]
) -> None:
    savepoint = place.connection.begin_nested()
    try:
        money = Money(place.world, place.runtime, clock, place.engineer)
        for what, args in course:
            what(money, **args)
            money.every_fen_is_explained()
            money.nobody_can_pay_two()
        money.end()
    finally:
        savepoint.rollback()
