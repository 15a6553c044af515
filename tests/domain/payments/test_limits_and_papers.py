"""Money that goes back in parts, by hand and out of an engineer's pocket; invoices for what is left of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.desk.model import DeskTask
from domain.kit.errors import Conflict, Refused
from domain.kit.unit_of_work import Runtime
from domain.ledger.queries import balance
from domain.organizations import operations as organizations
from domain.payments import refunding
from domain.payments.cash import hand_in, held_by, receipts_held, take_cash
from domain.payments.events import RefundSucceeded
from domain.payments.gateway import Declined, MerchantKeys, RefundNews, RefundOrder
from domain.payments.invoices import issue_invoice, refuse_invoice, request_invoice
from domain.payments.lifecycle import RefundStatus
from domain.payments.limits import limit_of
from domain.payments.model import Refund
from domain.payments.noticing import take_notice
from domain.payments.operations import ask_refund, owe, void
from domain.payments.paying import Payer, start
from domain.payments.refunds import pay_out_refund
from domain.payments.shares import Share
from jobs.payments import look_at_invoice
from tests.brand import APP_ID
from tests.domain.payments.platform import FakePlatform
from tests.domain.payments.world import BY, LI, World, make_world, owe_bill
from tests.network import Network, network_in
from tests.runtime import Clock

WANG_PHONE = Payer("jsapi", APP_ID, "o-wang")


@pytest.fixture
def world(runtime: Runtime) -> World:
    return make_world(runtime)


@pytest.fixture
def platform(clock: Clock) -> FakePlatform:
    return FakePlatform(clock)


def pay(world: World, platform: FakePlatform, payable_id: str = "") -> None:
    number = start(world.runtime, platform, payable_id or world.payable_id, WANG_PHONE, by=BY).number
    notice = platform.pay(number)
    assert notice
    with world.runtime.transaction() as uow:
        take_notice(uow, notice, merchant_id=world.merchant_id)


def test_a_refund_in_many_parts_is_held_to_the_limit_like_one(world: World, platform: FakePlatform) -> None:
    with world.runtime.transaction() as uow:
        limit = limit_of(uow, world.brand_id)
        payable_id = owe_bill(uow, world.brand_id, world.customer_id, "bi_2", service=3 * limit, part=0).id
    pay(world, platform, payable_id)
    with world.runtime.transaction() as uow:
        parts = [ask_refund(uow, payable_id, part, by=LI, reason_code="goodwill") for part in (limit - 1, 1, 1)]
    assert [one.status for one in parts] == ["approved", "approved", "asked"], "the last fen is above the limit"


class Killed(BaseException):
    """The process ends here."""


def test_a_refund_taken_before_a_crash_is_not_abnormal_when_it_is_refused_again(
    world: World, platform: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay(world, platform)
    with world.runtime.transaction() as uow:
        refund_id = ask_refund(uow, world.payable_id, 1_000, by=LI, reason_code="goodwill").id
    take = platform.refund

    def taken_and_killed(merchant: MerchantKeys, asked: RefundOrder) -> RefundNews:
        take(merchant, asked)
        raise Killed

    def refused(merchant: MerchantKeys, asked: RefundOrder) -> RefundNews:
        raise Declined("INVALID_REQUEST", "参数错误")

    monkeypatch.setattr(platform, "refund", taken_and_killed)
    with pytest.raises(Killed):
        refunding.look(world.runtime, platform, refund_id)
    monkeypatch.setattr(platform, "refund", refused)
    assert refunding.look(world.runtime, platform, refund_id) is RefundStatus.SENT, (
        "paid by hand it would be paid twice"
    )


def test_money_nobody_owed_is_never_kept(world: World, platform: FakePlatform) -> None:
    number = start(world.runtime, platform, world.payable_id, WANG_PHONE, by=BY).number
    with world.runtime.transaction() as uow:
        void(uow, world.payable_id, by=BY, why="改价")
    notice = platform.pay(number)
    assert notice
    with world.runtime.transaction() as uow:
        take_notice(uow, notice, merchant_id=world.merchant_id)
        refund_id = uow.session.scalars(select(Refund.id)).one()
    refunding.look(world.runtime, platform, refund_id)
    notice = platform.finish(refund_id, "ABNORMAL")
    assert notice
    with world.runtime.transaction() as uow:
        take_notice(uow, notice, merchant_id=world.merchant_id)
        with pytest.raises(Conflict, match="另行退还"):
            refunding.give_up(uow, refund_id, by=LI, why="联系不上")
        pay_out_refund(uow, refund_id, by=LI, out_of="bank", why="转账 123")
        assert balance(uow, "overpaid", world.payable_id) == 0


@pytest.fixture
def network(world: World) -> Network:
    return network_in(world.runtime, world.brand)


def cash(world: World, engineer_id: str, bill: str, brand_id: str = "") -> tuple[str, str]:
    """(payable, receipt) of 128 yuan an engineer has in the pocket."""
    with world.runtime.transaction() as uow:
        payable_id = owe_bill(uow, brand_id or world.brand_id, world.customer_id, bill).id
        return payable_id, take_cash(uow, payable_id, engineer_id, 12_800, by=BY).number


def test_cash_given_back_out_of_the_pocket_is_not_handed_in(world: World, network: Network) -> None:
    engineer_id = network.engineers["an"]
    (payable_id, first), (_, second) = cash(world, engineer_id, "bi_2"), cash(world, engineer_id, "bi_3")
    with world.runtime.transaction() as uow:
        refund = ask_refund(uow, payable_id, 12_800, by=LI, reason_code="goodwill")
        with pytest.raises(Refused, match="没有这么多现金"):
            pay_out_refund(uow, refund.id, by=LI, out_of="cash", why="退回", engineer_id=network.fan)
        pay_out_refund(uow, refund.id, by=LI, out_of="cash", why="退回", engineer_id=engineer_id)
        with pytest.raises(Refused, match=r"应交 ¥128\.00，实点 ¥256\.00"):
            hand_in(uow, engineer_id, [first, second], 25_600, by=LI)
        assert hand_in(uow, engineer_id, [first], 12_800, by=LI).fen == 12_800
        assert hand_in(uow, engineer_id, [second], 0, by=LI).fen == 0, "nothing is left"
        assert balance(uow, "cash", engineer_id) == 0


def test_receipts_are_with_whoever_took_the_cash(world: World, network: Network) -> None:
    an, fan = network.engineers["an"], network.engineers["fan"]
    for engineer_id, bill in ((an, "bi_2"), (fan, "bi_3"), (an, "bi_4")):
        cash(world, engineer_id, bill)
    with world.runtime.transaction() as uow:
        found = receipts_held(uow)
        assert {one: len(found[one]) for one in found} == {an: 2, fan: 1}
        assert all(found[one] == held_by(uow, one) for one in found)


def test_cash_of_two_brands_is_not_handed_in_as_one(world: World, network: Network) -> None:
    engineer_id = network.fan
    with world.runtime.transaction() as uow:
        other = organizations.put_brand(
            uow,
            code="QF",
            name="青峰",
            hotline="400",
            desk_hours="8:00–20:00",
            privacy_version="1",
            privacy_url="https://e.cn",
        ).id
    numbers = [cash(world, engineer_id, "bi_2")[1], cash(world, engineer_id, "bi_3", other)[1]]
    with world.runtime.transaction() as uow:
        with pytest.raises(Refused, match="按品牌分开"):
            hand_in(uow, engineer_id, numbers, 25_600, by=LI)
        for number, brand_id in zip(numbers, (world.brand_id, other), strict=True):
            hand_in(uow, engineer_id, [number], 12_800, by=LI)
            assert balance(uow, "bank", brand_id=brand_id) == 12_800


def test_an_invoice_is_for_what_nobody_has_asked_back(world: World, platform: FakePlatform) -> None:
    pay(world, platform)
    with world.runtime.transaction() as uow:
        first = request_invoice(uow, world.payable_id, title="王女士", email="a@b.cn", by=BY)
        assert first.fen == 12_800
        ask_refund(uow, world.payable_id, 2_800, by=LI, reason_code="goodwill")
        with pytest.raises(Conflict, match=r"只能开 ¥100\.00"):
            issue_invoice(uow, first.id, number="2" * 20, by=LI)
        refuse_invoice(uow, first.id, why="有退款，请重新申请", by=LI)
        second = request_invoice(uow, world.payable_id, title="王女士", email="a@b.cn", by=BY)
        assert issue_invoice(uow, second.id, number="2" * 20, by=LI).fen == 10_000


def test_what_was_paid_for_cover_goes_back_by_giving_it_up_only(world: World, platform: FakePlatform) -> None:
    with world.runtime.transaction() as uow:
        payable_id = owe(
            uow, brand_id=world.brand_id, kind="cover", of_id="co_1", customer_id=world.customer_id, title="延保",
            split=[Share("deferred_cover", 9_900)], by=BY,
        ).id  # fmt: skip
    pay(world, platform, payable_id)
    with world.runtime.transaction() as uow, pytest.raises(Refused, match="退订"):
        ask_refund(uow, payable_id, 9_900, by=LI, reason_code="goodwill")


def test_an_invoice_for_what_has_gone_back_is_somebodys_task_once(world: World, platform: FakePlatform) -> None:
    pay(world, platform)
    with world.runtime.transaction() as uow:
        made = request_invoice(uow, world.payable_id, title="王女士", email="a@b.cn", by=BY)
        issue_invoice(uow, made.id, number="2" * 20, by=LI)
        refund_id = ask_refund(uow, world.payable_id, 2_800, by=LI, reason_code="goodwill").id
    refunding.look(world.runtime, platform, refund_id)
    notice = platform.finish(refund_id)
    assert notice
    with world.runtime.transaction() as uow:
        take_notice(uow, notice, merchant_id=world.merchant_id)
        for _ in range(2):
            look_at_invoice(uow, RefundSucceeded(refund_id, world.payable_id, "bill", "bi_1"))
        assert ["¥128.00，之后退款 ¥28.00" in one.words for one in uow.session.query(DeskTask)] == [True]
