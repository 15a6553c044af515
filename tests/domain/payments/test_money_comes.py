"""Owing, paying and giving back: the books after each, and what is refused, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.kit.errors import Conflict, Forbidden, Refused
from domain.kit.lifecycle import MoveRefused
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.ledger.queries import balance, balances, entries_of, totals
from domain.payments import refunds
from domain.payments.gateway import RefundNews, Trade
from domain.payments.lifecycle import PAYMENTS, PayableStatus, PaymentStatus, RefundStatus
from domain.payments.model import Payable, Payment, Refund
from domain.payments.operations import Mismatch, TooMuchBack, ask_refund, note_paid, note_refund, owe, void
from domain.payments.shares import Share
from tests.brand import APP_ID
from tests.domain.payments.world import BY, LI, MCH_ID, WANG, World, make_world, owe_bill


@pytest.fixture
def world(runtime: Runtime) -> World:
    return make_world(runtime)


def attempt(uow: UnitOfWork, world: World, status: PaymentStatus = PaymentStatus.PENDING, fen: int = 12_800) -> Payment:
    made = Payment(
        id=uow.new_id("pm"), payable_id=world.payable_id, merchant_id=world.merchant_id, out_trade_no=uow.new_id("WX-PM"),
        app_id=APP_ID, openid="o1", method="jsapi", via="official_account", fen=fen, status=status, at=uow.now, by="t",
        reserved_fen=0, refunded_fen=0,
    )  # fmt: skip
    uow.session.add(made)
    uow.session.flush()
    return made


def trade(payment: Payment, transaction: str = "4200001") -> Trade:
    return Trade(payment.out_trade_no, "SUCCESS", MCH_ID, APP_ID, transaction, payment.fen, "CNY", "o1")


def paid(uow: UnitOfWork, world: World) -> Payment:
    payment = attempt(uow, world)
    return note_paid(uow, trade(payment), merchant_id=world.merchant_id, by=BY)


def books(uow: UnitOfWork, world: World) -> dict[str, int]:
    """Accounts that hold something."""
    found = balances(uow, world.brand_id)
    assert sum(one.fen if one.account in DEBITS else -one.fen for one in found) == 0, "the ledger balances"
    held = {one.account: sum(each.fen for each in found if each.account == one.account) for one in found}
    for on in (None, uow.today):
        assert {one.account: one.fen for one in totals(uow, world.brand_id, on=on)} == held, "added up by the database"
    parties = {one.account: sum(each.account == one.account and each.fen != 0 for each in found) for one in found}
    assert {one.account: one.parties for one in totals(uow, world.brand_id)} == parties
    assert totals(uow, world.brand_id, on=uow.today - timedelta(days=1)) == [], "yesterday there was nothing"
    return {one.account: one.fen for one in found if one.fen}


DEBITS = {"wechat", "bank", "cash", "receivable", "suspense", "commission", "pay_fee"}


def test_what_is_owed_is_receivable_and_income(world: World) -> None:
    with world.runtime.transaction() as uow:
        assert books(uow, world) == {"receivable": 12_800, "income_service": 10_000, "income_part": 2_800}


def test_owing_the_same_twice_owes_once(world: World) -> None:
    with world.runtime.transaction() as uow:
        assert owe_bill(uow, world.brand_id, world.customer_id, "bi_1").id == world.payable_id
        assert books(uow, world)["receivable"] == 12_800
        with pytest.raises(Conflict):
            owe_bill(uow, world.brand_id, world.customer_id, "bi_1", service=9_000)


def test_what_costs_nothing_is_paid_at_once(world: World) -> None:
    with world.runtime.transaction() as uow:
        free = owe_bill(uow, world.brand_id, world.customer_id, "bi_2", service=0, part=0)
        assert free.status is PayableStatus.PAID
        assert not entries_of(uow, "payable", free.id)


def test_a_share_that_nobody_can_be_owed_is_a_bug(world: World) -> None:
    with world.runtime.transaction() as uow, pytest.raises(ValueError, match="no share"):
        owe(
            uow, brand_id=world.brand_id, kind="bill", of_id="x", customer_id=world.customer_id, title="t",
            split=[Share("pay_fee", 1)], by=BY,
        )  # fmt: skip


def test_void_takes_it_out_of_the_books(world: World) -> None:
    with world.runtime.transaction() as uow:
        void(uow, world.payable_id, by=LI, why="改价")
        void(uow, world.payable_id, by=LI, why="改价")
        assert books(uow, world) == {}


def test_money_that_comes_twice_by_one_notice_came_once(world: World) -> None:
    with world.runtime.transaction() as uow:
        payment = paid(uow, world)
        note_paid(uow, trade(payment), merchant_id=world.merchant_id, by=BY)
        assert uow.get(Payable, world.payable_id, called="x").paid_fen == 12_800
        assert books(uow, world) == {"wechat": 12_800, "income_service": 10_000, "income_part": 2_800}


def test_what_is_paid_is_not_voided(world: World) -> None:
    with world.runtime.transaction() as uow:
        paid(uow, world)
        with pytest.raises(MoveRefused, match="已付款"):
            void(uow, world.payable_id, by=LI, why="x")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fen": 1}, r"金额不符：应付 ¥128.00，微信通知为 ¥0.01"),
        ({"currency": "USD"}, "金额不符"),
        ({"mch_id": "1900000002"}, "别的商户"),
        ({"app_id": "wx_other"}, "别的应用"),
        ({"number": "WX-STRANGER"}, "不是我们的"),
        ({"transaction_id": ""}, "支付单号"),
    ],
)
def test_what_does_not_fit_our_order_is_turned_down_in_words(world: World, change: dict[str, Any], words: str) -> None:
    with world.runtime.transaction() as uow:
        payment = attempt(uow, world)
        with pytest.raises(Mismatch, match=words):
            note_paid(uow, replace(trade(payment), **change), merchant_id=world.merchant_id, by=BY)
        assert payment.status is PaymentStatus.PENDING
        assert "wechat" not in books(uow, world)


def test_one_number_of_the_platforms_is_never_two_payments(world: World) -> None:
    with world.runtime.transaction() as uow:
        paid(uow, world)
        other = owe_bill(uow, world.brand_id, world.customer_id, "bi_2")
        second = attempt(uow, replace(world, payable_id=other.id))
        with pytest.raises(Mismatch, match="另一笔付款"):
            note_paid(uow, trade(second), merchant_id=world.merchant_id, by=BY)


def test_money_after_closing_is_money(world: World) -> None:
    with world.runtime.transaction() as uow:
        payment = attempt(uow, world, PaymentStatus.CLOSED)
        note_paid(uow, trade(payment), merchant_id=world.merchant_id, by=BY)
        assert uow.get(Payable, world.payable_id, called="x").status is PayableStatus.PAID


def test_money_for_what_is_paid_goes_back_by_itself(world: World) -> None:
    with world.runtime.transaction() as uow:
        second = attempt(uow, world, PaymentStatus.CLOSED)
        paid(uow, world)
        note_paid(uow, trade(second, "4200002"), merchant_id=world.merchant_id, by=BY)
        (refund,) = uow.session.query(Refund)
        assert second.surplus
        assert refund.fen == 12_800
        assert refund.status is RefundStatus.APPROVED
        assert refund.query_at is not None, "it is sent by the next look"
        assert books(uow, world)["refund_due"] == 12_800
        succeeded(uow, world, refund)
        assert books(uow, world) == {"wechat": 12_800, "income_service": 10_000, "income_part": 2_800}
        assert second.status is PaymentStatus.REFUNDED
        assert uow.get(Payable, world.payable_id, called="x").refunded_fen == 0, "what was owed stays paid"


def test_money_for_what_is_void_goes_back_by_itself(world: World) -> None:
    with world.runtime.transaction() as uow:
        payment = attempt(uow, world)
        void(uow, world.payable_id, by=LI, why="改价")
        assert payment.unwanted_at
        assert payment.query_at == uow.now, "the next look closes it"
        note_paid(uow, trade(payment), merchant_id=world.merchant_id, by=BY)
        assert payment.surplus
        assert books(uow, world) == {"wechat": 12_800, "refund_due": 12_800}


def succeeded(uow: UnitOfWork, world: World, refund: Refund) -> None:
    news = RefundNews(refund.id, f"50{refund.id}", "SUCCESS", refund.fen)
    note_refund(uow, news, merchant_id=world.merchant_id, by=BY)


def test_a_part_goes_back_from_everybodys_share(world: World) -> None:
    with world.runtime.transaction() as uow:
        payment = paid(uow, world)
        refund = ask_refund(uow, world.payable_id, 6_400, by=LI, reason_code="goodwill")
        assert refund.status is RefundStatus.APPROVED, "within the limit"
        succeeded(uow, world, refund)
        succeeded(uow, world, refund)
        assert books(uow, world) == {"wechat": 6_400, "income_service": 5_000, "income_part": 1_400}
        assert (payment.status, payment.refunded_fen) == (PaymentStatus.PAID, 6_400)
        rest = ask_refund(uow, world.payable_id, 6_400, by=LI, reason_code="goodwill")
        assert payment.status == "refunding"
        succeeded(uow, world, rest)
        assert books(uow, world) == {}
        assert payment.status is PaymentStatus.REFUNDED
        assert uow.get(Payable, world.payable_id, called="x").status is PayableStatus.REFUNDED


def test_no_more_goes_back_than_came(world: World) -> None:
    with world.runtime.transaction() as uow:
        with pytest.raises(Refused, match="还没有付"):
            ask_refund(uow, world.payable_id, 1, by=LI, reason_code="goodwill")
        paid(uow, world)
        with pytest.raises(TooMuchBack, match=r"最多还能退 ¥128.00"):
            ask_refund(uow, world.payable_id, 12_801, by=LI, reason_code="goodwill")
        ask_refund(uow, world.payable_id, 12_000, by=LI, reason_code="goodwill")
        with pytest.raises(TooMuchBack, match=r"最多还能退 ¥8.00"):
            ask_refund(uow, world.payable_id, 801, by=LI, reason_code="goodwill")
        with pytest.raises(TooMuchBack, match="来源"):
            ask_refund(uow, world.payable_id, 800, by=LI, reason_code="goodwill", split=[Share("income_part", 801)])


def test_above_the_limit_somebody_else_agrees(world: World) -> None:
    with world.runtime.transaction() as uow:
        big = owe_bill(uow, world.brand_id, world.customer_id, "bi_9", service=50_000)
        payment = attempt(uow, replace(world, payable_id=big.id), fen=big.due_fen)
        note_paid(uow, trade(payment), merchant_id=world.merchant_id, by=BY)
        refund = ask_refund(uow, big.id, 20_001, by=LI, reason_code="quality", why="漏水")
        assert refund.status is RefundStatus.ASKED
        assert "refund_due" not in books(uow, world)
        with pytest.raises(Forbidden, match="另一个人"):
            refunds.approve_refund(uow, refund.id, by=LI)
        refunds.approve_refund(uow, refund.id, by=WANG)
        assert books(uow, world)["refund_due"] == 20_001
        with pytest.raises(MoveRefused):
            refunds.reject_refund(uow, refund.id, by=WANG, why="晚了")


def test_a_refund_that_is_turned_down_or_closed_leaves_the_money(world: World) -> None:
    with world.runtime.transaction() as uow:
        payment = paid(uow, world)
        before = books(uow, world)
        closed = ask_refund(uow, world.payable_id, 12_800, by=LI, reason_code="goodwill")
        note_refund(uow, RefundNews(closed.id, "501", "CLOSED", 12_800), merchant_id=world.merchant_id, by=BY)
        assert books(uow, world) == before
        assert (payment.status, payment.reserved_fen) == (PaymentStatus.PAID, 0)
        assert PAYMENTS.titles[payment.status] == "已付款"


def test_what_the_bank_does_not_take_is_paid_by_hand(world: World) -> None:
    with world.runtime.transaction() as uow:
        paid(uow, world)
        refund = ask_refund(uow, world.payable_id, 12_800, by=LI, reason_code="goodwill")
        with pytest.raises(Conflict, match="原路退回"):
            refunds.pay_out_refund(uow, refund.id, by=WANG, out_of="bank", why="x")
        note_refund(uow, RefundNews(refund.id, "501", "ABNORMAL", 12_800), merchant_id=world.merchant_id, by=BY)
        assert balance(uow, "refund_due", world.payable_id) == 12_800
        refunds.pay_out_refund(uow, refund.id, by=WANG, out_of="bank", why="回单 88")
        assert books(uow, world) == {"wechat": 12_800, "bank": -12_800}
