"""Paying in steps: two phones, answers that are lost, a crash between any two lines; nobody pays twice, nothing is failed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.kit.errors import Conflict, Refused
from domain.kit.unit_of_work import Runtime
from domain.payments import asking, paying, refunding
from domain.payments.lifecycle import PayableStatus, PaymentStatus, RefundStatus
from domain.payments.model import Payable, Payment, Refund
from domain.payments.operations import ask_refund, void
from domain.payments.paying import Cashier, NotSure, PaidAlready, Payer, PayRefused, start
from tests.brand import APP_ID
from tests.domain.payments.platform import FakePlatform
from tests.domain.payments.world import BY, LI, MINI_APP_ID, World, make_world
from tests.runtime import Clock

WANG_PHONE = Payer("jsapi", APP_ID, "o-wang")
WIFES_PHONE = Payer("jsapi", MINI_APP_ID, "o-wife", "mini_program")
ENGINEERS_CODE = Payer("native", APP_ID, "", "engineer")


@pytest.fixture
def world(runtime: Runtime) -> World:
    return make_world(runtime)


@pytest.fixture
def platform(clock: Clock) -> FakePlatform:
    return FakePlatform(clock)


def pay(world: World, platform: FakePlatform, payer: Payer = WANG_PHONE) -> Cashier:
    return start(world.runtime, platform, world.payable_id, payer, by=BY)


def payments(world: World) -> list[Payment]:
    with world.runtime.transaction() as uow:
        return list(uow.session.scalars(select(Payment).order_by(Payment.at, Payment.id)))


def payable(world: World) -> Payable:
    with world.runtime.transaction() as uow:
        return uow.get(Payable, world.payable_id, called="x")


def work_off(world: World, platform: FakePlatform) -> None:
    """What the scheduler and the worker do about money that is due."""
    with world.runtime.transaction() as uow:
        payments_due, refunds_due = asking.due(uow, limit=50), refunding.due(uow, limit=50)
    for one in payments_due:
        asking.look(world.runtime, platform, one)
    for one in refunds_due:
        refunding.look(world.runtime, platform, one)


def test_a_person_who_asks_again_gets_the_same_payment(world: World, platform: FakePlatform) -> None:
    first, again = pay(world, platform), pay(world, platform)
    assert first.number == again.number
    assert first.params["package"] == f"prepay_id=wx{first.number}"
    assert platform.calls == ["order"], "what was handed out is handed out again"


def test_two_phones_the_first_is_closed_before_the_second_may_pay(world: World, platform: FakePlatform) -> None:
    first = pay(world, platform)
    second = pay(world, platform, WIFES_PHONE)
    assert platform.trades[first.number].state == "CLOSED"
    assert platform.pay(first.number) is None, "the first phone's cashier says it is closed"
    assert platform.pay(second.number)
    with pytest.raises(PaidAlready, match="已经付过了"):
        pay(world, platform)
    assert payable(world).status is PayableStatus.PAID, "learned on closing, though no notice has come"


def test_the_other_phone_was_faster(world: World, platform: FakePlatform) -> None:
    first = pay(world, platform)
    platform.pay(first.number)
    with pytest.raises(PaidAlready):
        pay(world, platform, WIFES_PHONE)
    assert payable(world).status is PayableStatus.PAID
    assert len(platform.trades) == 1, "nothing was ordered for the second phone"


def test_a_lost_answer_is_unknown_and_the_same_number_is_ordered_again(world: World, platform: FakePlatform) -> None:
    platform.lose_after = 1
    with pytest.raises(NotSure, match="不会重复扣款"):
        pay(world, platform)
    (payment,) = payments(world)
    assert payment.status is PaymentStatus.UNKNOWN
    again = pay(world, platform)
    assert [one.status for one in payments(world)] == [PaymentStatus.PENDING]
    assert again.number == payment.out_trade_no


def test_a_platform_that_is_away_for_an_hour_fails_nothing(world: World, platform: FakePlatform, clock: Clock) -> None:
    cashier = pay(world, platform)
    platform.pay(cashier.number)
    platform.away = True
    for _ in range(60):
        clock.advance(minutes=1)
        work_off(world, platform)
    (payment,) = payments(world)
    assert payment.status is PaymentStatus.UNKNOWN
    assert platform.calls.count("query") < 15, "it is asked with growing pauses"
    platform.away = False
    clock.advance(minutes=10)
    work_off(world, platform)
    assert payable(world).status is PayableStatus.PAID


def test_an_order_that_never_arrived_is_closed_once_it_cannot_arrive(
    world: World, platform: FakePlatform, clock: Clock
) -> None:
    platform.lose_before = 1
    with pytest.raises(NotSure):
        pay(world, platform)
    with pytest.raises(Conflict, match="刚刚发起付款"):
        pay(world, platform, WIFES_PHONE)
    clock.advance(seconds=31)
    pay(world, platform, WIFES_PHONE)
    assert [one.status for one in payments(world)] == [PaymentStatus.CLOSED, PaymentStatus.PENDING]


def test_a_payment_nobody_pays_is_asked_about_and_closed_at_its_end(
    world: World, platform: FakePlatform, clock: Clock
) -> None:
    cashier = pay(world, platform)
    for seconds in (15, 45, 240, 1500, 5400):
        clock.advance(seconds=seconds)
        work_off(world, platform)
    assert platform.calls == ["order", "query", "query", "query", "query", "close"]
    assert platform.trades[cashier.number].state == "CLOSED"
    assert payments(world)[0].query_at is None


def test_what_is_void_is_closed_at_the_platform_by_the_next_look(world: World, platform: FakePlatform) -> None:
    cashier = pay(world, platform)
    with world.runtime.transaction() as uow:
        void(uow, world.payable_id, by=LI, why="改价")
    with pytest.raises(PayRefused, match="已作废"):
        pay(world, platform)
    work_off(world, platform)
    assert platform.trades[cashier.number].state == "CLOSED"


def test_a_bill_is_re_priced_only_when_nobody_has_paid_it(world: World, platform: FakePlatform) -> None:
    cashier = pay(world, platform)
    platform.pay(cashier.number)
    assert not paying.withdraw(world.runtime, platform, world.payable_id, by=LI, why="改价"), "the old bill stands"
    assert payable(world).status is PayableStatus.PAID


def test_a_bill_with_an_open_payment_is_closed_there_before_it_is_void(world: World, platform: FakePlatform) -> None:
    cashier = pay(world, platform)
    assert paying.withdraw(world.runtime, platform, world.payable_id, by=LI, why="改价")
    assert platform.pay(cashier.number) is None
    assert payable(world).status is PayableStatus.VOID


def test_the_platform_says_no(world: World, platform: FakePlatform) -> None:
    with world.runtime.transaction() as uow:
        uow.get(Payable, world.payable_id, called="x").title = ""
    with pytest.raises(PayRefused, match="微信支付没有受理"):
        pay(world, platform)
    assert payments(world)[0].status is PaymentStatus.CLOSED, "the first try proves that nothing is there"


def test_a_refund_is_sent_with_one_number_for_ever(world: World, platform: FakePlatform, clock: Clock) -> None:
    platform.pay(pay(world, platform).number)
    clock.advance(seconds=15)
    work_off(world, platform)
    with world.runtime.transaction() as uow:
        refund_id = ask_refund(uow, world.payable_id, 12_800, by=LI, reason_code="goodwill").id
    platform.lose_after = 2
    for _ in range(3):
        work_off(world, platform)
        clock.advance(minutes=1)
    assert list(platform.given) == [refund_id]
    platform.finish(refund_id)
    clock.advance(hours=1)
    work_off(world, platform)
    with world.runtime.transaction() as uow:
        assert uow.get(Refund, refund_id, called="x").status is RefundStatus.SUCCEEDED
    assert payable(world).status is PayableStatus.REFUNDED


def test_a_refund_waits_for_money(world: World, platform: FakePlatform, clock: Clock) -> None:
    platform.pay(pay(world, platform).number)
    clock.advance(seconds=15)
    work_off(world, platform)
    with world.runtime.transaction() as uow:
        refund_id = ask_refund(uow, world.payable_id, 100, by=LI, reason_code="goodwill").id
    platform.no_money = True
    work_off(world, platform)
    with world.runtime.transaction() as uow:
        refund = uow.get(Refund, refund_id, called="x")
        assert (refund.status, refund.error) == (RefundStatus.APPROVED, "NOT_ENOUGH")
    platform.no_money = False
    clock.advance(minutes=10)
    work_off(world, platform)
    assert list(platform.given) == [refund_id]


def test_h5_is_ordered_anew_when_its_page_is_old(world: World, platform: FakePlatform, clock: Clock) -> None:
    h5 = Payer("h5", APP_ID, "", "official_account", "1.2.3.4")
    first = pay(world, platform, h5)
    assert pay(world, platform, h5).h5_url == first.h5_url
    clock.advance(minutes=5)
    assert pay(world, platform, h5).h5_url != first.h5_url
    assert platform.trades[first.number].state == "CLOSED"


@pytest.mark.parametrize(
    "payer", [Payer("alipay", APP_ID), Payer("jsapi", APP_ID), Payer("h5", APP_ID), Payer("native", "wx_other")]
)
def test_ways_to_pay_that_are_none(world: World, platform: FakePlatform, payer: Payer) -> None:
    with pytest.raises(Refused, match=r"用不了|没有开通"):
        pay(world, platform, payer)
