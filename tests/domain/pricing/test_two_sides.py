"""Quotes asked, changed, answered and billed from several sides in any order, and at the same moment: never more than was agreed to,
never two agreed to at once, and nobody is refused without words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.invariants import breaches
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import Runtime
from domain.payments.cash import take_cash
from domain.payments.model import Payable, Payment
from domain.pricing.billing import note_paid
from domain.pricing.fee_facts import Goodwill
from domain.pricing.fees import GOODWILL
from domain.pricing.queries import lines_of
from domain.pricing.quoting import QuoteChanged, confirm, expire, quote_for, reject, withdraw
from domain.work_orders.lifecycle import OrderStatus
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import move_order
from tests.domain.pricing.world import BOARD, CAP, Shop, shop_in
from tests.domain.service_sheets.world import STAFF
from tests.runtime import Clock, Ids, at_once

WANTED = st.lists(st.sampled_from([CAP, BOARD, "refill", "height"]), min_size=1, max_size=3, unique=True)
ACTIONS = st.one_of(
    st.tuples(st.just("ask"), WANTED),
    st.tuples(st.just("grant"), WANTED),
    st.tuples(st.just("yes"), st.integers(0, 3)),
    st.tuples(st.just("no"), st.integers(0, 3)),
    st.tuples(st.just("withdraw"), st.integers(0, 3)),
    st.tuples(st.just("expire"), st.integers(0, 3)),
    st.tuples(st.just("phone"), WANTED),
    st.tuples(st.just("cheap"), st.integers(1, 100)),
    st.tuples(st.just("finish"), st.just(None)),
    st.tuples(st.just("pay"), st.booleans()),
    st.tuples(st.just("cancel"), st.booleans()),
)


@contextmanager
def undone(runtime: Runtime) -> Iterator[Runtime]:
    nested = runtime.sessions.kw["bind"].begin_nested()
    try:
        yield Runtime(runtime.sessions, runtime.clock, Ids(), runtime.keyring)
    finally:
        nested.rollback()


class Play:
    """One order, and whatever is done to it; every refusal has words."""

    def __init__(self, shop: Shop, clock: Clock) -> None:
        self.shop, self.clock, self.minute, self.phones = shop, clock, 1.0, 0
        self.refusals: list[str] = []
        self.granted: set[str] = set()
        shop.ready(0.5)  # the engineer is there: nobody else is sent

    def act(self, what: str, given: Any) -> None:
        self.minute += 1
        try:
            getattr(self, what)(given)
        except Refused as no:
            self.refusals.append(str(no))
        self.shop.react()

    def chosen(self, back: int) -> str:
        every = self.shop.quotes()
        return every[min(back, len(every) - 1)].id if every else "qt_none"

    def ask(self, codes: list[str]) -> None:
        with self.shop.runtime.transaction() as uow:
            quote_for(uow, self.shop.world.order_id, self.shop.wanted(*codes), by=STAFF)

    def grant(self, codes: list[str]) -> None:
        """Somebody who may gives half of all lines away."""
        with self.shop.runtime.transaction() as uow:
            given = [Goodwill("*", 500, "老客户")]
            self.granted.add(
                quote_for(uow, self.shop.world.order_id, self.shop.wanted(*codes), by=STAFF, goodwill=given).id
            )

    def yes(self, back: int) -> None:
        quote = self.chosen(back)
        with self.shop.runtime.transaction() as uow:
            seen = next((one.hash for one in self.shop.quotes() if one.id == quote), "")
            confirm(uow, quote, seen, by=self.shop.customer, via="chat")

    def no(self, back: int) -> None:
        with self.shop.runtime.transaction() as uow:
            reject(uow, self.chosen(back), by=self.shop.customer, via="page")

    def withdraw(self, back: int) -> None:
        with self.shop.runtime.transaction() as uow:
            withdraw(uow, self.chosen(back), by=STAFF, why="填错了")

    def expire(self, back: int) -> None:
        self.clock.advance(hours=25)
        with self.shop.runtime.transaction() as uow:
            expire(uow, self.chosen(back))

    def phone(self, codes: list[str]) -> None:
        """The engineer puts work on the sheet and asks; what was there before goes."""
        for n, code in enumerate((CAP, BOARD, "refill", "height")):
            line = f"w{n}"
            if code in (CAP, BOARD):
                kind = "part.put" if code in codes else "part.remove"
                self.shop.send(kind, self.minute, **({"line": line, "part_code": code, "quantity": 1} if code in codes else {"line": line}))  # fmt: skip
            elif code in codes:
                key = "labour.refill" if code == "refill" else "extra.height"
                self.shop.send("fee.put", self.minute, line=line, code=key, title=code, fen=9_900, payer="customer")
            else:
                self.shop.send("fee.remove", self.minute, line=line)
        self.phones += 1
        self.shop.send("quote.ask", self.minute, quote_id=f"phone_{self.phones}")

    def cheap(self, percent: int) -> None:
        """The customer agrees on the engineer's phone to whatever it showed, which may be less."""
        if quotes := self.shop.quotes():
            shown = {one.key: one.fen * percent // 100 for one in lines_of(quotes[0]) if one.payer == "customer"}
            self.shop.send(
                "quote.confirm",
                self.minute,
                quote_id=quotes[0].id,
                hash="b" * 64,
                customer_fen=sum(shown.values()),
                shown=shown,
            )

    def finish(self, _: None) -> None:
        confirmed = next((one for one in self.shop.quotes() if one.status == "confirmed"), None)
        if confirmed:
            self.shop.put_lines(confirmed, self.minute)
        self.shop.ready(self.minute)
        self.shop.end(self.minute)

    def pay(self, told: bool) -> None:
        """In cash; whether the bill has heard of it is another matter."""
        for bill in self.shop.bills()[:1]:
            with self.shop.runtime.transaction() as uow:
                take_cash(uow, bill.payable_id, self.shop.world.network.an, bill.due_fen, by=STAFF)
                if told:
                    note_paid(uow, bill.id)

    def cancel(self, finished: bool) -> None:
        """Sent back, to be visited again, and not wanted any more; with ``finished`` only after something was billed."""
        if finished and not self.shop.bills():
            return
        with self.shop.runtime.transaction() as uow:
            if self.shop.order().status is OrderStatus.FINISHED:
                move_order(uow, self.shop.world.order_id, "send_back", by=STAFF, why="补正")
            if self.shop.order().status is OrderStatus.IN_SERVICE or finished:
                move_order(uow, self.shop.world.order_id, "revisit", by=STAFF)
            move_order(uow, self.shop.world.order_id, "cancel", by=STAFF, why="不要了")


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(actions=st.lists(ACTIONS, min_size=2, max_size=7))
@example([("grant", ["height"]), ("yes", 0), ("phone", [BOARD, "height"]), ("ask", [CAP]), ("phone", ["height"])])
@example([("ask", [CAP]), ("yes", 0), ("finish", None), ("pay", False), ("cancel", True), ("pay", True)])
@example([("ask", [CAP]), ("yes", 0), ("finish", None), ("cancel", True), ("finish", None), ("pay", False)])
def test_whatever_is_done_in_whatever_order_nobody_pays_more_than_was_agreed_to(
    runtime: Runtime, clock: Clock, actions: list[tuple[str, Any]]
) -> None:
    before = clock.at
    with undone(runtime) as inner:
        play = Play(shop_in(inner), clock)
        clock.advance(minutes=60)
        for what, given in actions:
            play.act(what, given)
            check(play.shop)
            nothing_is_given_away_that_was_not_granted(play)
        assert all(play.refusals), "a refusal says why"
        with inner.transaction() as uow:
            assert breaches(uow.session.connection()) == {}
    clock.at = before


def check(shop: Shop) -> None:
    quotes = {one.id: one for one in shop.quotes()}
    by_status = [str(one.status) for one in quotes.values()]
    assert by_status.count("asked") <= 1
    assert by_status.count("confirmed") <= 1
    if shop.order().status is OrderStatus.CANCELLED:
        nothing_is_kept_or_owed(shop)
    live = [one for one in shop.bills() if one.status != "void"]
    assert len([one for one in live if one.status != "paid"]) <= 1
    for bill in live:
        limit = quotes[bill.quote_id].customer_fen if bill.kind == "work" else quotes[bill.quote_id].declined_fen
        assert bill.due_fen <= bill.total_fen <= limit


def nothing_is_given_away_that_was_not_granted(play: Play) -> None:
    granted: dict[str, int] = {}
    for quote in sorted(play.shop.quotes(), key=lambda one: one.version):
        given = {one.key.removesuffix("+"): one.fen for one in lines_of(quote) if one.rule == GOODWILL}
        if quote.id in play.granted:
            granted = given
        assert all(fen <= granted.get(key, 0) for key, fen in given.items())


def nothing_is_kept_or_owed(shop: Shop) -> None:
    """What was paid is on its way back, or waits for somebody's yes."""
    assert {str(one.status) for one in shop.bills()} <= {"void", "paid"}
    with shop.runtime.transaction() as uow:
        payments = uow.session.scalars(select(Payment)).all()
        assert [one.fen - one.reserved_fen for one in payments if one.paid_at] == [0 for one in payments if one.paid_at]
        assert not uow.session.scalars(select(Payable).filter_by(status="open")).all()


def test_a_quote_agreed_to_while_it_changes_is_one_or_the_other_never_both(fresh_runtime: Runtime) -> None:
    shop = shop_in(fresh_runtime)
    with fresh_runtime.transaction() as uow:
        first = quote_for(uow, shop.world.order_id, shop.wanted(CAP), by=STAFF)
        first_id, hash_ = first.id, first.hash

    def both(index: int) -> str:
        with fresh_runtime.transaction() as uow:
            if index % 2:
                return confirm(uow, first_id, hash_, by=shop.customer, via="chat").status
            return quote_for(uow, shop.world.order_id, shop.wanted(CAP, BOARD), by=STAFF).id

    done = at_once(6, both)
    refused = [one for one in done if isinstance(one, Exception)]
    assert all(isinstance(one, QuoteChanged) and "最新的是第 2 版：您付 ¥435.00" in str(one) for one in refused)
    statuses = sorted(str(one.status) for one in shop.quotes())
    assert statuses in (["asked", "confirmed"], ["asked", "superseded"])
    assert len(refused) == (3 if "superseded" in statuses else 0)


def test_two_who_quote_at_once_make_two_versions_and_one_is_asked(fresh_runtime: Runtime) -> None:
    shop = shop_in(fresh_runtime)
    codes = [(CAP,), (BOARD,), ("refill",), ("height",)]

    def make(index: int) -> str:
        with fresh_runtime.transaction() as uow:
            return quote_for(uow, shop.world.order_id, shop.wanted(*codes[index]), by=STAFF).id

    made = at_once(4, make)
    assert len(set(made)) == 4
    assert sorted(one.version for one in shop.quotes()) == [1, 2, 3, 4]
    assert [str(one.status) for one in shop.quotes()].count("asked") == 1


def test_a_yes_and_a_no_at_once_one_of_them_counts(fresh_runtime: Runtime) -> None:
    shop = shop_in(fresh_runtime)
    with fresh_runtime.transaction() as uow:
        quote = quote_for(uow, shop.world.order_id, shop.wanted(CAP), by=STAFF)
        quote_id, hash_ = quote.id, quote.hash

    def answer(index: int) -> str:
        with fresh_runtime.transaction() as uow:
            if index:
                return str(reject(uow, quote_id, by=Actor(shop.customer.role, shop.customer.id), via="page").status)
            return str(confirm(uow, quote_id, hash_, by=shop.customer, via="chat").status)

    done = at_once(2, answer)
    assert sum(isinstance(one, QuoteChanged) for one in done) == 1
    with fresh_runtime.transaction() as uow:
        order = uow.get(WorkOrder, shop.world.order_id, called="")
        assert order.agreed_fen in (11_500, 3_000)
