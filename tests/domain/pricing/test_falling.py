"""A card that was to pay for the work is given back: what was quoted with it holds no more, and nobody works for nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.invariants import breaches
from domain.cover.cards import CardHeld, CardRefused, cards_of_orders, give_back, hold, redeem
from domain.cover.gifts import make_batch, redeem_gift
from domain.cover.model import Cover
from domain.cover.plans import Terms, put_plan
from domain.desk.model import DeskTask
from domain.engineers.model import Engineer
from domain.kit.errors import Refused
from domain.kit.unit_of_work import Runtime
from domain.notices.model import OutgoingMessage
from domain.pricing.quoting import QuoteChanged, quote_for
from domain.products.warranty_queries import latest_answers
from domain.service_sheets.model import Register
from domain.work_orders.lifecycle import OrderStatus
from domain.work_orders.operations import move_order
from jobs.warranties import keep
from tests.domain.cover.world import LABOUR_CARD, START
from tests.domain.pricing.test_quotes import ask, say_yes, told
from tests.domain.pricing.test_two_sides import undone
from tests.domain.pricing.world import CAP, Shop, shop_in
from tests.domain.service_sheets.world import STAFF
from tests.runtime import Clock, at_once

EVERYTHING = replace(LABOUR_CARD, pays=("labour", "travel"), uses=3)


class Bench:
    """An order with a card of its customer's, given as a gift."""

    def __init__(self, runtime: Runtime, clock: Clock, terms: Terms = EVERYTHING) -> None:
        self.shop, self.runtime = shop_in(runtime), runtime
        clock.advance(minutes=30)
        with runtime.transaction() as uow:
            order = self.shop.order()
            plan = put_plan(uow, order.brand_id, "labour", terms, START, by=STAFF)
            _, (code,) = make_batch(
                uow, plan.id, title="开业", count=1, valid_until=uow.today + timedelta(days=90), by=STAFF
            )
            made = redeem_gift(uow, code, None, order.customer_id, by=self.shop.customer).cover
            assert made
            self.card_id = made.id

    def hold(self) -> None:
        with self.runtime.transaction() as uow:
            hold(uow, self.card_id, self.shop.world.order_id, by=STAFF)

    def give_back(self) -> None:
        with self.runtime.transaction() as uow:
            give_back(uow, self.shop.world.order_id, by=STAFF)

    def agreed(self) -> tuple[str, int | None]:
        return str(self.shop.quotes()[0].status), self.shop.order().agreed_fen

    def tasks(self) -> list[str]:
        with self.runtime.transaction() as uow:
            return [one.words for one in uow.session.query(DeskTask).filter_by(kind="price_off")]

    def sound(self) -> None:
        with self.runtime.transaction() as uow:
            assert breaches(uow.session.connection()) == {}


@pytest.fixture
def bench(runtime: Runtime, clock: Clock) -> Bench:
    made = Bench(runtime, clock)
    made.hold()
    return made


def test_a_quote_that_confirmed_itself_falls_with_its_card_and_everybody_hears_of_it(bench: Bench) -> None:
    bench.shop.ready()
    free = ask(bench.shop, "refill")
    assert bench.agreed() == ("confirmed", 0)
    bench.shop.react()
    bench.give_back()
    bench.shop.react()
    assert bench.agreed() == ("withdrawn", None)
    assert {"quote.fallen", "quote.anew"} <= set(told(bench.shop))
    with bench.runtime.transaction() as uow:
        (anew,) = uow.session.query(OutgoingMessage).filter_by(why="quote.anew").all()
        assert "原报价作废" in anew.text
        assert anew.recipient == uow.get(Engineer, anew.recipient, called="").id
    again = ask(bench.shop, "refill")
    assert again != free
    assert bench.shop.quotes()[0].customer_fen == 15_000, "who pays is asked anew"
    assert bench.agreed() == ("asked", None)
    bench.sound()


def test_the_warrantys_stored_answer_forgets_the_card_too(bench: Bench) -> None:
    with bench.runtime.transaction() as uow:
        keep(uow, bench.shop.world.order_id)
        stored = latest_answers(uow, [bench.shop.world.order_id])[bench.shop.world.order_id]
        assert "card" in {one.rule for one in stored}
    ask(bench.shop, "refill")
    bench.give_back()
    bench.shop.react()
    ask(bench.shop, "refill")
    assert bench.shop.quotes()[0].customer_fen == 15_000


def test_an_engineers_phone_says_why_and_his_next_question_clears_it(bench: Bench) -> None:
    shop = bench.shop
    shop.ready()
    shop.send("fee.put", 2, line="f1", code="labour.refill", title="加制冷剂", fen=15_000, payer="card")
    shop.send("quote.ask", 2, quote_id="phone_1")
    shop.react()
    assert bench.agreed() == ("confirmed", 0)
    bench.give_back()
    shop.react()

    def why() -> str:
        with bench.runtime.transaction() as uow:
            row = uow.session.get(Register, (shop.world.visit_id, "taken.quote.asked"))
            assert row
            assert row.value
            return str(row.value["why"])

    assert why() == "card_back"
    shop.send("fee.put", 3, line="f1", code="labour.refill", title="加制冷剂", fen=15_000, payer="customer")
    shop.send("quote.ask", 4, quote_id="phone_2")
    shop.react()
    assert (why(), bench.agreed(), shop.quotes()[0].version) == ("", ("asked", None), 2)
    (answer,) = shop.world.send(shop.phone, shop.world.operation(shop.phone, "visit.end", 5, outcome="finished"))
    assert "让客户确认报价" in answer.more["missing"]


def test_a_yes_to_less_than_it_costs_now_falls_as_well(bench: Bench) -> None:
    """The part was the customer's to pay, the labour the card's."""
    quote_id = ask(bench.shop, CAP)
    assert bench.shop.quotes()[0].customer_fen == 3_500
    say_yes(bench.shop, quote_id)
    bench.give_back()
    bench.shop.react()
    assert bench.agreed() == ("withdrawn", None)


def test_what_is_only_asked_can_no_longer_be_agreed_to(bench: Bench) -> None:
    quote_id = ask(bench.shop, CAP)
    bench.give_back()
    bench.shop.react()
    with pytest.raises(QuoteChanged):
        say_yes(bench.shop, quote_id)


def test_a_quote_no_card_pays_for_stands(runtime: Runtime, clock: Clock) -> None:
    bench = Bench(runtime, clock)
    say_yes(bench.shop, ask(bench.shop, CAP))
    bench.hold()
    bench.give_back()
    bench.shop.react()
    assert bench.agreed() == ("confirmed", 11_500)


@pytest.mark.parametrize("heard", [True, False])
def test_a_phone_that_has_not_heard_of_it_ends_the_visit_and_somebody_looks(bench: Bench, heard: bool) -> None:
    """Without network the sheet says that the card pays; nothing is lost, and nobody is billed for what was not agreed to."""
    ask(bench.shop, "refill")
    bench.shop.ready()
    bench.shop.put_lines(bench.shop.quotes()[0])
    bench.give_back()
    if heard:
        bench.shop.react()
    bench.shop.end()
    bench.shop.react()
    assert [one.due_fen for one in bench.shop.bills()] == ([] if heard else [0])
    (words,) = bench.tasks()
    assert "这张卡已经退回" in words


def test_what_is_done_with_a_card_cannot_be_given_back(bench: Bench) -> None:
    ask(bench.shop, "refill")
    bench.shop.ready()
    bench.shop.put_lines(bench.shop.quotes()[0])
    bench.shop.end()
    with pytest.raises(CardRefused, match="已完工"):
        bench.give_back()
    bench.shop.react()
    with pytest.raises(Refused, match="已核销"):
        bench.give_back()
    assert bench.agreed() == ("confirmed", 0)
    assert bench.tasks() == []


def test_finished_with_a_card_sent_back_and_given_back_somebody_looks_at_what_was_done(bench: Bench) -> None:
    ask(bench.shop, "refill")
    bench.shop.ready()
    bench.shop.put_lines(bench.shop.quotes()[0])
    bench.shop.end()
    bench.shop.react()
    with bench.runtime.transaction() as uow:
        move_order(uow, bench.shop.world.order_id, "send_back", by=STAFF, why="没装好")
    bench.shop.react()
    bench.give_back()
    bench.shop.react()
    assert bench.agreed() == ("withdrawn", None)
    assert len(bench.tasks()) == 1
    bench.sound()


def test_finished_sent_back_and_cancelled_before_anybody_heard_the_card_is_the_customers_again(bench: Bench) -> None:
    ask(bench.shop, "refill")
    bench.shop.ready()
    bench.shop.put_lines(bench.shop.quotes()[0])
    bench.shop.end()
    with bench.runtime.transaction() as uow:
        redeem(uow, bench.shop.world.order_id)  # all that was heard of
        for move, why in (("send_back", "没装好"), ("revisit", ""), ("cancel", "不要了")):
            move_order(uow, bench.shop.world.order_id, move, by=STAFF, why=why)
    bench.shop.react()
    with bench.runtime.transaction() as uow:
        assert uow.get(Cover, bench.card_id, called="").used == 0
    bench.sound()


def test_quoted_in_the_moment_the_card_is_given_back_nothing_stands_that_counts_on_it(
    fresh_runtime: Runtime, clock: Clock
) -> None:
    bench = Bench(fresh_runtime, clock)
    bench.hold()

    def work(index: int) -> None:
        with fresh_runtime.transaction() as uow:
            if index % 2:
                quote_for(uow, bench.shop.world.order_id, bench.shop.wanted("refill"), by=STAFF)
            else:
                give_back(uow, bench.shop.world.order_id, by=STAFF)

    assert [one for one in at_once(4, work) if isinstance(one, Exception)] == []
    bench.shop.react()
    assert bench.shop.order().agreed_fen is None
    assert {str(one.status) for one in bench.shop.quotes()} <= {"withdrawn", "asked", "superseded"}


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    steps=st.lists(
        st.sampled_from(["hold", "back", "ask", "yes", "finish", "send_back", "late"]), min_size=3, max_size=9
    )
)
def test_whatever_becomes_of_the_card_what_is_agreed_to_is_what_it_costs(
    runtime: Runtime, clock: Clock, steps: list[str]
) -> None:
    before = clock.at
    with undone(runtime) as inner:
        bench = Bench(inner, clock)
        shop, order_id = bench.shop, bench.shop.world.order_id
        shop.ready()
        for minute, step in enumerate(steps):
            try:
                with inner.transaction() as uow:
                    if step == "hold":
                        hold(uow, bench.card_id, order_id, by=STAFF)
                    elif step == "back":
                        give_back(uow, order_id, by=STAFF)
                    elif step == "ask":
                        quote_for(uow, order_id, shop.wanted("refill"), by=STAFF)
                    elif step == "send_back":
                        move_order(uow, order_id, "send_back", by=STAFF, why="补正")
                if step == "yes" and shop.quotes():
                    say_yes(shop, shop.quotes()[0].id)
                if step == "finish":
                    finish(shop, 10 * minute + 10)
            except Refused:
                pass
            if step != "late":
                shop.react()
            held = card_uses(inner, order_id)
            confirmed = [one for one in shop.quotes() if one.status == "confirmed"]
            if shop.order().status is not OrderStatus.FINISHED and not held:
                assert not any(line["payer"] == "card" for one in confirmed for line in one.lines)
            assert shop.order().agreed_fen == (confirmed[0].customer_fen if confirmed else None)
        bench.sound()
    clock.at = before


def finish(shop: Shop, at: float) -> None:
    confirmed = next((one for one in shop.quotes() if one.status == "confirmed"), None)
    if confirmed:
        shop.put_lines(confirmed, at)
        shop.end(at + 1)


def card_uses(runtime: Runtime, order_id: str) -> list[CardHeld]:
    with runtime.transaction() as uow:
        return list(cards_of_orders(uow, [order_id]).get(order_id, []))
