"""The question how it was comes after the news of the end and after the bill, whichever of their reactions is quick or slow."""

from __future__ import annotations

from itertools import permutations

import pytest
from sqlalchemy import select

from domain.feedback.ratings import Given, rate
from domain.kit.unit_of_work import Runtime
from domain.notices.delivery import sent, take_next
from domain.notices.model import OutgoingMessage
from domain.notices.telling_ratings import (
    AFTER_THE_MONEY,
    FOR_THE_END,
    FOR_THE_MONEY,
    ask_for_rating,
    do_not_ask,
    rate_after_money,
)
from domain.payments.cash import take_cash
from domain.pricing.billing import note_paid
from domain.pricing.events import BillIssued
from domain.pricing.quoting import confirm, quote_for
from domain.work_orders.events import WorkOrderMoved
from domain.work_orders.operations import move_order
from tests.domain.pricing.world import Shop, shop_in
from tests.domain.service_sheets.world import STAFF
from tests.runtime import Clock

END, BILL, PAID, QUESTION = "sheet.finished", "payment.bill", "payment.received", "rating.asked"


@pytest.fixture
def shop(runtime: Runtime, clock: Clock) -> Shop:
    made = shop_in(runtime)
    made.ready(0.5)  # the engineer is there: nobody else is sent
    clock.advance(minutes=30)
    with runtime.transaction() as uow:
        quote = quote_for(uow, made.world.order_id, made.wanted("refill"), by=STAFF)
        confirm(uow, quote.id, quote.hash, by=made.customer, via="page")
    made.react()
    sent_now(made)
    return made


def sent_now(shop: Shop) -> list[str]:
    """What goes out to the customer by now, in the order in which it goes."""
    gone: list[str] = []
    with shop.runtime.transaction() as uow:
        people = {(one.account_id, one.recipient) for one in uow.session.scalars(select(OutgoingMessage))}
    for account_id, recipient in sorted(people):
        while True:
            with shop.runtime.transaction() as uow:
                taken = take_next(uow, account_id, recipient)
                if taken is None:
                    break
                message = uow.session.get_one(OutgoingMessage, (taken.seq, taken.at))
                gone.append(message.why)
                sent(uow, taken)
    return [why for why in gone if why in (END, BILL, PAID, QUESTION)]


def finish(shop: Shop, *, with_lines: bool = True) -> None:
    if with_lines:
        shop.put_lines(shop.quotes()[0])
    shop.end()


def pay(shop: Shop) -> None:
    (bill,) = shop.bills()
    with shop.runtime.transaction() as uow:
        take_cash(uow, bill.payable_id, shop.world.network.an, bill.due_fen, by=STAFF)
        note_paid(uow, bill.id)
    shop.react()


def test_the_end_then_the_bill_then_the_thanks_then_the_question(shop: Shop, clock: Clock) -> None:
    finish(shop)
    shop.react()
    assert sent_now(shop) == [END, BILL]
    clock.advance(minutes=30)
    assert sent_now(shop) == [], "it is not paid"
    pay(shop)
    clock.advance(seconds=AFTER_THE_MONEY.total_seconds() + 1)
    assert sent_now(shop)[-1] == QUESTION


def test_who_does_not_pay_is_asked_some_hours_later(shop: Shop, clock: Clock) -> None:
    finish(shop)
    shop.react()
    assert sent_now(shop) == [END, BILL]
    clock.advance(seconds=FOR_THE_MONEY.total_seconds() - 1)
    assert sent_now(shop) == []
    clock.advance(seconds=1)
    assert sent_now(shop) == [QUESTION]


def test_where_nothing_is_owed_it_comes_after_the_sheet(shop: Shop, clock: Clock) -> None:
    finish(shop, with_lines=False)
    shop.react()
    assert sent_now(shop) == [END]
    clock.advance(seconds=FOR_THE_END.total_seconds())
    assert sent_now(shop) == [QUESTION]


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_whichever_reaction_is_first_the_bill_is_waited_for(shop: Shop, clock: Clock, order: tuple[int, ...]) -> None:
    finish(shop)
    shop.react()
    forget_question(shop)
    (bill,) = shop.bills()
    events = (WorkOrderMoved(shop.world.order_id, "finish", "in_service", "finished"),
              BillIssued(bill.id, shop.world.order_id, bill.payable_id))  # fmt: skip
    for n in order:
        with shop.runtime.transaction() as uow:
            (ask_for_rating, rate_after_money)[n](uow, events[n])  # type: ignore[arg-type]
    clock.advance(seconds=FOR_THE_END.total_seconds() + 1)
    assert sent_now(shop) == [END, BILL]


def forget_question(shop: Shop) -> None:
    """As if the end had not been heard of yet."""
    with shop.runtime.transaction() as uow:
        do_not_ask(uow, WorkOrderMoved(shop.world.order_id, "send_back", "finished", "in_service"))


def test_what_is_not_done_after_all_is_asked_about_when_it_is(shop: Shop, clock: Clock) -> None:
    finish(shop)
    shop.react()
    with shop.runtime.transaction() as uow:
        move_order(uow, shop.world.order_id, "send_back", by=STAFF, why="补正")
    shop.react()
    clock.advance(hours=4)
    assert QUESTION not in sent_now(shop)
    with shop.runtime.transaction() as uow:
        move_order(uow, shop.world.order_id, "finish", by=STAFF)
    shop.react()
    clock.advance(hours=4)
    assert sent_now(shop).count(QUESTION) == 1


def test_who_has_rated_on_the_page_is_not_asked(shop: Shop, clock: Clock) -> None:
    finish(shop)
    shop.react()
    with shop.runtime.transaction() as uow:
        rate(uow, shop.world.order_id, Given(5, "page"), by=shop.customer)
    shop.react()
    clock.advance(hours=4)
    assert QUESTION not in sent_now(shop)
