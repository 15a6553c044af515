"""The whole way with the real gateway, over HTTP, against the sandbox: order, pay, notice, refund, bills that agree."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from adapters.wechat_pay import WeChatPayGateway
from domain.kit.unit_of_work import SHANGHAI, Runtime
from domain.payments import asking, merchant_tests, paying, refunding
from domain.payments.gateway import AlreadyPaid, MerchantKeys, NotThere, RefundOrder, Unsure
from domain.payments.lifecycle import PayableStatus, PaymentStatus, RefundStatus
from domain.payments.merchants import keys_of, put_merchant
from domain.payments.model import Merchant as Row
from domain.payments.model import Payable, Payment, Refund
from domain.payments.operations import ask_refund
from domain.payments.paying import Cashier, NotSure, Payer
from domain.payments.reconciling import reconcile
from domain.payments.statements_model import Statement, StatementDifference
from sandbox.app import AccountConfig, Merchant, Platform
from sandbox.clock import Clock as SandboxClock
from sandbox.server import serve
from tests.brand import APP_ID
from tests.domain.payments.world import BY, LI, World, make_world, owe_bill
from tests.doubles import Folder
from tests.runtime import Clock
from webhooks import wechat_pay


@dataclass
class Shop:
    """Everything, running: the sandbox, our door, a world with something to pay."""

    platform: Platform
    gateway: WeChatPayGateway
    world: World
    merchant: MerchantKeys
    openid: str
    files: Folder = field(default_factory=Folder)

    @property
    def runtime(self) -> Runtime:
        return self.world.runtime

    def start(self, payable_id: str = "") -> Cashier:
        payer = Payer("jsapi", APP_ID, self.openid)
        return paying.start(self.runtime, self.gateway, payable_id or self.world.payable_id, payer, by=BY)

    def pay(self, number: str) -> None:
        """The person pays; the notices have arrived when it returns."""
        till = self.platform.pay
        till.pay(till.trades[self.merchant.mch_id, number], self.openid)
        till.timeline.settle(10)

    def payment(self, number: str) -> Payment:
        with self.runtime.transaction() as uow:
            return uow.session.scalars(select(Payment).filter_by(out_trade_no=number)).one()

    def payable(self, id_: str = "") -> Payable:
        with self.runtime.transaction() as uow:
            return uow.get(Payable, id_ or self.world.payable_id, called="x")


@contextmanager
def listening(app: Flask) -> Iterator[tuple[str, Flask]]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", app
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def shop(fresh_runtime: Runtime, clock: Clock) -> Iterator[Shop]:
    clock.at = datetime.now(UTC)  # the library signs by the real one
    made = Merchant.make(app_ids=(APP_ID,))
    account = AccountConfig(APP_ID, "secret", "token", "A" * 43, "http://127.0.0.1:1/wx")
    platform = Platform([account], merchants=[made], residents=("王小明",), clock=SandboxClock())
    world, app = make_world(fresh_runtime), Flask("shop")
    with fresh_runtime.transaction() as uow:
        row = put_merchant(
            uow, brand_id=world.brand_id, mch_id=made.mch_id, cert_serial=made.cert_serial, private_key=made.private_key,
            api_v3_key=made.api_v3_key, public_key=made.platform_public_key, public_key_id=made.public_key_id,
            app_ids=[APP_ID], by=BY,
        )  # fmt: skip
        # The world's own merchant has keys that open nothing: the real one takes its place.
        uow.session.flush()
        other = uow.get(Row, world.merchant_id, called="x")
        other.app_ids = []
        keys = keys_of(row)
    with serve(platform) as running, listening(app) as (url, _):
        platform.public_url = running.url
        gateway = WeChatPayGateway(running.url, url)
        app.register_blueprint(wechat_pay.blueprint(fresh_runtime, gateway))
        openid = next(one.openid for one in platform.people.values() if one.app_id == APP_ID)
        yield Shop(platform, gateway, world, keys, openid)


def test_ordered_paid_told_and_given_back(shop: Shop) -> None:
    cashier = shop.start()
    assert shop.start().params["package"] == cashier.params["package"], "asked again, the same"
    shop.pay(cashier.number)
    assert shop.payable().status is PayableStatus.PAID, "the notice has come"
    with pytest.raises(AlreadyPaid):
        shop.gateway.close(shop.merchant, cashier.number)
    with shop.runtime.transaction() as uow:
        refund_id = ask_refund(uow, shop.world.payable_id, 2_800, by=LI, reason_code="goodwill").id
    assert refunding.look(shop.runtime, shop.gateway, refund_id) is RefundStatus.SENT
    shop.platform.clock.advance(seconds=3600)
    shop.platform.pay.timeline.settle(10)
    with shop.runtime.transaction() as uow:
        assert uow.get(Refund, refund_id, called="x").status is RefundStatus.SUCCEEDED
    assert shop.payable().refunded_fen == 2_800


def test_nothing_there_is_known_from_nothing_certain(shop: Shop) -> None:
    with pytest.raises(NotThere):
        shop.gateway.query(shop.merchant, "WX-NOBODY")
    with pytest.raises(NotThere):
        shop.gateway.query_refund(shop.merchant, "rf_nobody")
    shop.platform.pay.down_until = shop.platform.clock.now() + 60
    with pytest.raises(Unsure):
        shop.gateway.query(shop.merchant, "WX-NOBODY")


def test_keys_are_tested_with_what_the_platform_really_says(shop: Shop) -> None:
    def tested() -> str:
        return merchant_tests.look(shop.runtime, shop.gateway, shop.merchant.id)

    assert tested() == "accepted"
    shop.pay(shop.start().number)
    assert tested() == "right"
    with shop.runtime.transaction() as uow:
        row = uow.get(Row, shop.merchant.id, called="x")
        right, row.public_key = row.public_key, Merchant.make("1900000919").platform_public_key
    assert tested() == "unverified"
    with shop.runtime.transaction() as uow:
        row = uow.get(Row, shop.merchant.id, called="x")
        row.public_key, row.private_key = right, Merchant.make("1900000919").private_key
    assert tested() == "refused"
    shop.platform.pay.down_until = shop.platform.clock.now() + 60
    assert tested() == "away"


def test_a_platform_that_was_away_is_asked_again(shop: Shop, clock: Clock) -> None:
    cashier = shop.start()
    shop.platform.faults.set({"notice_dropped": 5})
    shop.platform.pay.down_until = shop.platform.clock.now() + 3_600
    asking.look(shop.runtime, shop.gateway, shop.payment(cashier.number).id)
    assert shop.payment(cashier.number).status is PaymentStatus.UNKNOWN
    shop.platform.pay.down_until = 0
    asking.look(shop.runtime, shop.gateway, shop.payment(cashier.number).id)
    assert shop.payment(cashier.number).status is PaymentStatus.PENDING


def test_the_day_s_bills_agree_and_what_is_injected_is_found(shop: Shop, clock: Clock) -> None:
    with shop.runtime.transaction() as uow:
        second = owe_bill(uow, shop.world.brand_id, shop.world.customer_id, "bi_2").id
    for payable_id in (shop.world.payable_id, second):
        shop.pay(shop.start(payable_id).number)
    with shop.runtime.transaction() as uow:
        refund_id = ask_refund(uow, second, 1_000, by=LI, reason_code="goodwill").id
    refunding.look(shop.runtime, shop.gateway, refund_id)
    day = clock.at.astimezone(SHANGHAI).date()
    shop.platform.clock.advance(hours=36)
    shop.platform.pay.timeline.settle(10)
    outcome = reconcile(shop.runtime, shop.gateway, shop.files, shop.merchant.id, day)
    assert (outcome.states, outcome.found) == ({"trade": "compared", "fund": "compared"}, 0)
    with shop.runtime.transaction() as uow:
        payment = uow.session.scalars(select(Payment).filter_by(payable_id=second)).one()
        payment.transaction_id = "4200000000000"
    assert reconcile(shop.runtime, shop.gateway, shop.files, shop.merchant.id, day).new == 1
    assert reconcile(shop.runtime, shop.gateway, shop.files, shop.merchant.id, day).new == 0
    with shop.runtime.transaction() as uow:
        assert [one.kind for one in uow.session.scalars(select(StatementDifference))] == ["payment_number"]
        assert {one.state for one in uow.session.scalars(select(Statement))} == {"compared"}


def test_an_order_whose_answer_is_lost_is_ordered_once(shop: Shop) -> None:
    shop.platform.faults.set({"api_lost": 1})
    with suppress(NotSure):
        shop.start()
    cashier = shop.start()
    assert list(shop.platform.pay.trades) == [(shop.merchant.mch_id, cashier.number)]


def test_a_refund_sent_twice_is_one(shop: Shop) -> None:
    cashier = shop.start()
    shop.pay(cashier.number)
    asked = RefundOrder("rf_twice_1", cashier.number, 100, 12_800, "协商退款")
    first, again = shop.gateway.refund(shop.merchant, asked), shop.gateway.refund(shop.merchant, asked)
    assert first.refund_id == again.refund_id
