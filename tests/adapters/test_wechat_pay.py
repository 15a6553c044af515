"""The real gateway: the official samples of signature and notice, the guard before the library, and the sandbox's platform."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from wechatpayv3.utils import build_authorization

from adapters.wechat_pay import WeChatPayGateway
from domain.payments.gateway import Forged, MerchantKeys, Unsure
from tests.wechat_pay_notices import (
    CERTIFICATE,
    GATEWAY,
    MERCHANT,
    NEW_KEY_ID,
    NEXT,
    NOW,
    OWN,
    SERIAL,
    TRADE,
    changing,
    notice,
    public,
)


def read(headers: dict[str, str], body: bytes) -> Any:
    return GATEWAY.read_notice(MERCHANT, headers, body, NOW)


def test_a_notice_as_the_platform_sends_it_opens() -> None:
    said = read(*notice(TRADE))
    assert (said.id, said.kind) == ("EV-2018022511223320873", "TRANSACTION.SUCCESS")
    assert (said.trade.number, said.trade.fen, said.trade.openid) == ("WX-PM_1", 12_800, "oWang"), (
        "the total, not what coupons left"
    )
    assert said.trade.paid_at == datetime(2026, 5, 12, 3, 29, 58, tzinfo=UTC)


def test_a_refunds_notice_calls_its_state_by_another_name() -> None:
    plain = {
        "mchid": "1900000001", "out_trade_no": "WX-PM_1", "out_refund_no": "rf_1", "refund_id": "50000", "refund_status": "SUCCESS",
        "success_time": "2026-05-12T11:29:58+08:00", "amount": {"total": 12_800, "refund": 100, "payer_total": 1, "payer_refund": 1},
    }  # fmt: skip
    said = read(*notice(plain, kind="REFUND.SUCCESS")).refund
    assert (said.number, said.state, said.fen, said.mch_id) == ("rf_1", "SUCCESS", 100, "1900000001")


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("signature or key", {"signer": OWN}),
        ("signature or key", {"key": "x" * 32}),
        ("too old", {"at": NOW - timedelta(seconds=301)}),
        ("too old", {"at": NOW + timedelta(seconds=301)}),
        ("too old", {"Wechatpay_Timestamp": "yesterday"}),
        ("another serial", {"Wechatpay_Serial": "PUB_KEY_ID_2"}),
        ("another serial", {"Wechatpay_Serial": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"}),
        ("another signature type", {"Wechatpay_Signature_Type": "WECHATPAY2-SM2-WITH-SM3"}),
        ("probe", {"Wechatpay_Signature": "WECHATPAY/SIGNTEST/abc"}),
        ("without Wechatpay-Signature-Type", {"Wechatpay_Signature_Type": ""}),
        ("without Wechatpay-Nonce", {"Wechatpay_Nonce": ""}),
        ("signature or key|not readable", {"Wechatpay_Signature": "not base64!"}),
    ],
)
def test_what_is_not_the_platforms_is_turned_away_and_nobody_is_called(words: str, given: dict[str, Any]) -> None:
    with pytest.raises(Forged, match=words):
        read(*notice(TRADE, **given))


def test_a_body_that_was_changed_or_is_too_large_is_turned_away() -> None:
    headers, body = notice(TRADE)
    with pytest.raises(Forged):
        read(headers, body + b" ")
    with pytest.raises(Forged, match="too large"):
        read(headers, body + b" " * 65_536)


def test_signed_nonsense_is_no_notice() -> None:
    with pytest.raises(Forged):
        read(*notice({"out_trade_no": "x"}))


def test_a_request_is_signed_as_the_sheet_says() -> None:
    """§7.1: five lines, each ending in a line feed, the body as it is sent."""
    body = {"appid": "wxd678efh567hg6787", "description": "Image形象店-深圳腾大-QQ公仔"}
    core = GATEWAY.client(MERCHANT)._core
    header = build_authorization(
        "/v3/pay/transactions/jsapi", "POST", "1900000001", "A" * 40, core._private_key, data=body
    )
    said = dict(part.split("=", 1) for part in header.removeprefix("WECHATPAY2-SHA256-RSA2048 ").split(","))
    values = {name: value.strip('"') for name, value in said.items()}
    message = f"POST\n/v3/pay/transactions/jsapi\n{values['timestamp']}\n{values['nonce_str']}\n{json.dumps(body)}\n"
    OWN.public_key().verify(
        base64.b64decode(values["signature"]), message.encode(), padding.PKCS1v15(), hashes.SHA256()
    )


def test_what_a_page_pays_with_is_signed_with_the_merchants_key() -> None:
    params = GATEWAY.client_params(MERCHANT, "wx0123456789abcdef", "wx26112221580621")
    assert params["package"] == "prepay_id=wx26112221580621"
    lines = "".join(f"{params[name]}\n" for name in ("appId", "timeStamp", "nonceStr", "package"))
    OWN.public_key().verify(base64.b64decode(params["paySign"]), lines.encode(), padding.PKCS1v15(), hashes.SHA256())


def test_keys_are_never_printed() -> None:
    assert repr(MERCHANT) == "MerchantKeys(1900000001)"


def test_nobody_there_is_unsure_and_after_three_times_nobody_is_called() -> None:
    now = [0.0]
    gateway = WeChatPayGateway("http://127.0.0.1:9", "https://service.example.com", lambda: now[0])
    for words in ("ConnectionError", "ConnectionError", "ConnectionError", "resting"):
        with pytest.raises(Unsure, match=words):
            gateway.query(MERCHANT, "WX-PM_1")
    now[0] = 31.0
    with pytest.raises(Unsure, match="ConnectionError"):
        gateway.query(MERCHANT, "WX-PM_1")


# While the platform changes its keys


def read_with(merchant: MerchantKeys, **given: Any) -> Any:
    headers, body = notice(TRADE, **given)
    trade = GATEWAY.read_notice(merchant, headers, body, NOW).trade
    return trade and trade.number


@pytest.mark.parametrize(
    ("serial", "pem"), [(NEW_KEY_ID, public(NEXT)), (SERIAL, CERTIFICATE)], ids=["public key", "certificate"]
)
def test_two_keys_verify_at_the_same_time_each_under_its_own_serial(serial: str, pem: str) -> None:
    merchant = changing(serial, pem)
    assert read_with(merchant) == "WX-PM_1", "the old one goes on"
    assert read_with(merchant, signer=NEXT, Wechatpay_Serial=serial) == "WX-PM_1"
    with pytest.raises(Forged, match="signature or key"):
        read_with(merchant, signer=NEXT)
    with pytest.raises(Forged, match="signature or key"):
        read_with(merchant, Wechatpay_Serial=serial)
    with pytest.raises(Forged, match="another serial"):
        read_with(MERCHANT, signer=NEXT, Wechatpay_Serial=serial)


def test_answers_too_are_verified_by_either_key_and_nobody_is_called_for_a_third() -> None:
    """The library's client verifies what calls bring back with these."""
    merchant = changing(NEW_KEY_ID, public(NEXT))
    verify = GATEWAY.client(merchant)._core._verify_signature
    headers, body = notice(TRADE)
    assert verify(headers, body.decode())
    assert not verify(headers, body.decode() + " ")
    headers, body = notice(TRADE, signer=NEXT, Wechatpay_Serial=NEW_KEY_ID)
    assert verify(headers, body.decode())
    assert not verify(headers | {"Wechatpay-Serial": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"}, body.decode())
    assert not verify(headers | {"Wechatpay-Signature-Type": "WECHATPAY2-SM2-WITH-SM3"}, body.decode())
    assert not GATEWAY.client(MERCHANT)._core._verify_signature(headers, body.decode()), "with the old key alone"


def test_a_key_that_does_not_open_is_refused_before_anybody_pays() -> None:
    with pytest.raises(ValueError, match=r"PEM|deserialize"):
        GATEWAY.client(changing(NEW_KEY_ID, "no key"))
