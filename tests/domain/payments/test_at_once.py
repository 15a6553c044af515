"""Many at the same moment, in real transactions: one open payment, one decision, never more back than came."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.kit.errors import Refused
from domain.kit.lifecycle import MoveRefused
from domain.kit.unit_of_work import Runtime
from domain.payments import refunds
from domain.payments.cash import take_cash
from domain.payments.lifecycle import LIVE, PayableStatus
from domain.payments.limits import put_refund_limit
from domain.payments.model import Payable, Payment, Refund
from domain.payments.noticing import take_notice
from domain.payments.operations import TooMuchBack, ask_refund
from domain.payments.paying import Cashier, Payer, close_open, start
from tests.brand import APP_ID
from tests.domain.payments.platform import FakePlatform
from tests.domain.payments.world import BY, LI, WANG, World, make_world
from tests.network import put_network
from tests.runtime import Clock, at_once


def paid(world: World, platform: FakePlatform) -> None:
    number = start(world.runtime, platform, world.payable_id, Payer("jsapi", APP_ID, "o"), by=BY).number
    notice = platform.pay(number)
    assert notice
    with world.runtime.transaction() as uow:
        take_notice(uow, notice, merchant_id=world.merchant_id)


def test_six_phones_have_one_open_payment(fresh_runtime: Runtime, clock: Clock) -> None:
    world, platform = make_world(fresh_runtime), FakePlatform(clock)

    def pay(index: int) -> Cashier:
        return start(fresh_runtime, platform, world.payable_id, Payer("jsapi", APP_ID, f"o-{index}"), by=BY)

    results = at_once(6, pay)
    assert all(isinstance(one, (Cashier, Refused)) for one in results), results
    with fresh_runtime.transaction() as uow:
        live = uow.session.scalars(select(Payment).where(Payment.status.in_(LIVE))).all()
    open_there = [number for number, trade in platform.trades.items() if trade.state == "NOTPAY"]
    assert len(live) <= 1
    assert len(open_there) <= 1
    assert set(open_there) <= {one.out_trade_no for one in live}
    clock.advance(minutes=1)
    assert pay(7).number in platform.trades, "whoever comes then may pay"


def test_four_refunds_at_once_take_no_more_than_came(fresh_runtime: Runtime, clock: Clock) -> None:
    world, platform = make_world(fresh_runtime), FakePlatform(clock)
    paid(world, platform)

    def back(index: int) -> str:
        with fresh_runtime.transaction() as uow:
            return ask_refund(uow, world.payable_id, 5_000, by=LI, reason_code="goodwill").id

    results = at_once(4, back)
    assert sorted(type(one) is TooMuchBack for one in results) == [False, False, True, True]


def test_one_decision_stands(fresh_runtime: Runtime, clock: Clock) -> None:
    world, platform = make_world(fresh_runtime), FakePlatform(clock)
    paid(world, platform)
    with fresh_runtime.transaction() as uow:
        put_refund_limit(uow, world.brand_id, 0, uow.today, by=BY)
        refund_id = ask_refund(uow, world.payable_id, 5_000, by=LI, reason_code="goodwill").id

    def decide(index: int) -> Refund:
        with fresh_runtime.transaction() as uow:
            if index:
                return refunds.reject_refund(uow, refund_id, by=WANG, why="不退")
            return refunds.approve_refund(uow, refund_id, by=WANG)

    results = at_once(2, decide)
    assert [type(one) for one in results].count(MoveRefused) == 1


def test_cash_and_wechat_at_once(fresh_runtime: Runtime, clock: Clock) -> None:
    world, platform = make_world(fresh_runtime), FakePlatform(clock)
    with fresh_runtime.transaction() as uow:
        engineer_id = put_network(uow, world.brand).an
    number = start(fresh_runtime, platform, world.payable_id, Payer("jsapi", APP_ID, "o"), by=BY).number
    with fresh_runtime.transaction() as uow:
        with pytest.raises(Refused, match="正在用微信付款"):
            take_cash(uow, world.payable_id, engineer_id, 12_800, by=BY)
        with pytest.raises(Refused, match=r"应收 ¥128.00"):
            take_cash(uow, world.payable_id, engineer_id, 12_700, by=BY)
    close_open(fresh_runtime, platform, world.payable_id)
    assert platform.pay(number) is None
    with fresh_runtime.transaction() as uow:
        first = take_cash(uow, world.payable_id, engineer_id, 12_800, by=BY).number
        assert take_cash(uow, world.payable_id, engineer_id, 12_800, by=BY).number == first, "said twice, taken once"
        assert uow.get(Payable, world.payable_id, called="x").status is PayableStatus.PAID
