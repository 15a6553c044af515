"""The door for WeChat Pay: what is the platform's is worked on once and answered 204, everything else with words."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text

from domain.access.model import TrailEntry
from domain.kit.unit_of_work import Runtime
from domain.payments import paying
from domain.payments.lifecycle import PayableStatus
from domain.payments.merchants import put_merchant
from domain.payments.model import Payable, Payment, Refund
from domain.payments.paying import Payer
from domain.payments.statements_model import PaymentNotice, StatementDifference
from tests.brand import APP_ID
from tests.domain.payments.platform import FakePlatform
from tests.domain.payments.world import BY, World, make_world
from tests.runtime import NOW, at_once, engine_on, runtime_on
from tests.wechat_pay_notices import (
    CERTIFICATE,
    GATEWAY,
    MERCHANT,
    NEW_KEY_ID,
    NEXT,
    OWN,
    SERIAL,
    TRADE,
    notice,
    public,
)
from webhooks import wechat_pay

PATH = "/webhooks/wechat-pay"


@dataclass
class Door:
    """The door, and a payment somebody has begun."""

    app: Flask
    world: World
    number: str

    def told(self, *, amount: int = 12_800, **given: Any) -> Any:
        """What the door answers to a notice of that payment; ``given`` as `notice`, or fields of the trade."""
        fields = {name: given.pop(name) for name in list(given) if name in TRADE}
        plain = TRADE | {"out_trade_no": self.number, "amount": {"total": amount, "currency": "CNY"}} | fields
        headers, body = notice(plain, **given)
        return self.app.test_client().post(PATH, data=body, headers=headers)

    def paid(self) -> bool:
        with self.world.runtime.transaction() as uow:
            return uow.get(Payable, self.world.payable_id, called="x").status is PayableStatus.PAID

    def count(self, kind: type[Any]) -> int:
        with self.world.runtime.transaction() as uow:
            return len(uow.session.scalars(select(kind)).all())


def put_keys(world: World, other_keys: dict[str, str] | None = None) -> None:
    with world.runtime.transaction() as uow:
        put_merchant(
            uow, brand_id=world.brand_id, mch_id=MERCHANT.mch_id, cert_serial=MERCHANT.cert_serial,
            private_key=MERCHANT.private_key, api_v3_key=MERCHANT.api_v3_key, public_key=MERCHANT.public_key,
            public_key_id=MERCHANT.public_key_id, app_ids=[APP_ID], by=BY, other_keys=other_keys,
        )  # fmt: skip


def door_on(runtime: Runtime, other_keys: dict[str, str] | None = None) -> Door:
    world = make_world(runtime)
    put_keys(world, other_keys)
    cashier = paying.start(
        runtime, FakePlatform(runtime.clock), world.payable_id, Payer("jsapi", APP_ID, "oWang"), by=BY
    )
    app = Flask("door")
    app.register_blueprint(wechat_pay.blueprint(runtime, GATEWAY))
    return Door(app, world, cashier.number)


@pytest.fixture
def door(runtime: Runtime) -> Door:
    return door_on(runtime)


def test_a_notice_is_worked_on_once_however_often_it_comes(door: Door) -> None:
    for _ in range(3):
        assert door.told().status_code == 204
    assert door.told(id_="EV-another-delivery").status_code == 204
    assert door.paid()
    assert door.count(PaymentNotice) == 2


def test_twins_at_the_same_moment(fresh_runtime: Runtime) -> None:
    door = door_on(fresh_runtime)
    answers = at_once(6, lambda index: door.told(id_=f"EV-{index % 3}").status_code)
    assert answers == [204] * 6
    assert door.paid()
    assert door.count(PaymentNotice) == 3
    with fresh_runtime.transaction() as uow:
        assert uow.session.scalar(text("SELECT count(*) FROM ledger_entries WHERE kind = 'paid'")) == 1


def test_while_the_platform_changes_its_key_both_are_its_own(runtime: Runtime) -> None:
    door = door_on(runtime, {SERIAL.lower(): CERTIFICATE, NEW_KEY_ID: public(NEXT)})
    put_keys(door.world)  # said again without them they stay
    for number, serial in enumerate((NEW_KEY_ID, SERIAL)):
        assert door.told(id_=f"EV-{number}", signer=NEXT, Wechatpay_Serial=serial).status_code == 204
    assert door.told(id_="EV-old").status_code == 204
    assert door.told(id_="EV-wrong", signer=NEXT).status_code == 401
    assert door.paid()
    assert door.count(PaymentNotice) == 3
    put_keys(door.world, {})
    app = Flask("the same, ten seconds later")
    app.register_blueprint(wechat_pay.blueprint(runtime, GATEWAY))
    later = Door(app, door.world, door.number)
    assert later.told(id_="EV-late", signer=NEXT, Wechatpay_Serial=NEW_KEY_ID).status_code == 401
    with runtime.transaction() as uow:
        changes = [
            one.detail["fields"] for one in uow.session.scalars(select(TrailEntry).filter_by(action="merchant.put"))
        ]
    assert changes.count(["other_keys"]) == 1, "taking them away is on record"


def test_a_day_late_after_closing_it_is_money_all_the_same(door: Door) -> None:
    with door.world.runtime.transaction() as uow:
        payment = uow.session.scalars(select(Payment)).one()
        uow.session.execute(text("UPDATE payments SET status = 'closed', query_at = NULL"))
        uow.session.refresh(payment)
    assert door.told().status_code == 204
    assert door.paid()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"amount": 12_801}, "金额不符：应付 ¥128.00，微信通知为 ¥128.01 CNY"),
        ({"mchid": "1900000002"}, "这笔付款属于别的商户"),
        ({"appid": "wx_other"}, "这笔付款来自别的应用"),
        ({"out_trade_no": "WX-SOMEBODY-ELSE"}, "商户单号 WX-SOMEBODY-ELSE 不是我们的"),
    ],
)
def test_what_does_not_fit_is_not_booked_but_kept_for_somebody(door: Door, given: dict[str, Any], words: str) -> None:
    for _ in range(2):
        answer = door.told(**given)
        assert (answer.status_code, answer.json["code"]) == (400, "FAIL")
    assert door.told(**given, id_="EV-2").json["message"] == words
    assert not door.paid()
    with door.world.runtime.transaction() as uow:
        assert [one.words for one in uow.session.scalars(select(StatementDifference))] == [words]


@pytest.mark.parametrize(
    "given",
    [
        {"key": "x" * 32},
        {"signer": OWN},
        {"Wechatpay_Serial": "PUB_KEY_ID_NOBODY"},
        {"Wechatpay_Signature": "WECHATPAY/SIGNTEST/abc"},
        {"Wechatpay_Timestamp": str(int(NOW.timestamp()) - 301)},
        {"Wechatpay_Signature_Type": ""},
    ],
)
def test_what_is_not_the_platforms_is_turned_away(door: Door, given: dict[str, Any]) -> None:
    answer = door.told(**given)
    assert (answer.status_code, answer.json) == (401, {"code": "FAIL", "message": "验签失败"})
    assert door.count(PaymentNotice) == 0
    assert not door.paid()


def test_a_body_too_large_is_not_read(door: Door) -> None:
    assert door.app.test_client().post(PATH, data=b"x" * 65_537).status_code == 413


def test_a_body_that_does_not_say_how_long_it_is_is_read_no_further(door: Door) -> None:
    sent = io.BytesIO(b"x" * 1_000_000)
    answer = door.app.test_client().post(PATH, input_stream=sent, environ_overrides={"wsgi.input_terminated": True})
    assert answer.status_code == 413
    assert sent.tell() <= 2 * wechat_pay.LARGEST


@pytest.mark.parametrize(
    "given",
    [
        {"amount": 12_800.9},
        {"amount": "12800"},
        {"amount": True},
        {"success_time": "2026-05-12T11:29:58"},
        {"payer": [1]},
    ],
)
def test_what_is_signed_and_is_no_trade_is_not_taken_for_one(door: Door, given: dict[str, Any]) -> None:
    assert door.told(**given).status_code == 401
    assert not door.paid()


def test_a_kind_we_do_not_take_is_answered_and_kept(door: Door) -> None:
    assert door.told(kind="COUPON.USE").status_code == 204
    with door.world.runtime.transaction() as uow:
        assert uow.session.scalars(select(PaymentNotice.outcome)).one() == "ignored"


def test_paid_twice_from_two_phones_the_second_goes_back(door: Door) -> None:
    """The platform let both pay (it never should): the second is refunded by itself."""
    world = door.world
    with world.runtime.transaction() as uow:
        uow.session.execute(text("UPDATE payments SET status = 'closed', query_at = NULL"))
    second = paying.start(
        world.runtime,
        FakePlatform(world.runtime.clock),
        world.payable_id,
        Payer("native", APP_ID, "", "engineer"),
        by=BY,
    )
    assert door.told().status_code == 204
    assert door.told(out_trade_no=second.number, transaction_id="4200000002", id_="EV-2").status_code == 204
    with world.runtime.transaction() as uow:
        refund = uow.session.scalars(select(Refund)).one()
        assert (refund.fen, refund.reason_code, refund.status) == (12_800, "overpaid", "approved")


def test_the_database_away_is_said_so_that_it_comes_again(fresh_database: str, clock: Any) -> None:
    engine: Engine = engine_on(fresh_database, size=2)
    door = door_on(runtime_on(engine, clock))
    assert door.told(kind="COUPON.USE").status_code == 204, "the merchants are known"
    engine.dispose()
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE payment_notices RENAME TO elsewhere"))
    answer = door.told(id_="EV-2")
    assert (answer.status_code, answer.json["message"]) == (503, "稍后再试")
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO payment_notices"))
    assert door.told(id_="EV-2").status_code == 204
    engine.dispose()
