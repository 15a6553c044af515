"""Who asks is checked and what is answered is signed, as the protocol sheet has it."""

import pytest
import requests

from sandbox.app import Merchant, Platform
from sandbox.pay.merchants import of_folder
from tests.sandbox.pay.merchant import Shop, checks

CERTIFICATES = "/v3/certificates"
QUERY = "/v3/pay/transactions/out-trade-no/T%7C100019?mchid={mch_id}"


def test_an_answer_is_signed_with_the_public_key_of_its_id(shop: Shop) -> None:
    answer = shop.order("T100000019", "native")
    assert answer.status_code == 200
    assert checks(shop.merchant, answer.headers, answer.content)
    assert answer.headers["Wechatpay-Serial"].startswith("PUB_KEY_ID_")
    assert answer.headers["Wechatpay-Signature-Type"] == "WECHATPAY2-SHA256-RSA2048"
    assert answer.headers["Request-Id"].endswith("-0")


def test_path_and_query_are_signed_as_they_were_sent(shop: Shop) -> None:
    assert shop.order("T|100019", "native").ok
    assert shop.call("GET", QUERY.format(mch_id=shop.merchant.mch_id)).json()["out_trade_no"] == "T|100019"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"mchid": "1900000000"}, "商户号不存在"),
        ({"serial_no": "0" * 40}, "证书序列号有误"),
        ({"signature": "AAAA"}, "验签失败"),
        ({"nonce_str": "other"}, "验签失败"),
        ({"timestamp": "1699934000"}, "5分钟"),
        ({"timestamp": "1699934401"}, "验签失败"),
    ],
)
def test_a_request_that_is_not_the_merchants_is_refused(shop: Shop, changed: dict[str, str], words: str) -> None:
    header = shop.authorization("GET", CERTIFICATES, "", **changed)
    answer = shop.call("GET", CERTIFICATES, Authorization=header)
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_ERROR")
    assert words in answer.json()["message"]


def test_the_signature_covers_the_body(shop: Shop) -> None:
    path = "/v3/pay/transactions/native"
    answer = shop.call("POST", path, {"mchid": "1"}, Authorization=shop.authorization("POST", path, "{}"))
    assert answer.status_code == 401
    assert answer.json()["detail"]["sign_information"]["url"] == path


def test_without_authorization_or_with_another_schema_nothing_is_told(shop: Shop) -> None:
    for header in ("", "Bearer x", shop.authorization("GET", CERTIFICATES, "").replace("SHA256", "SM2")):
        answer = requests.get(shop.server.url + CERTIFICATES, headers={"Authorization": header}, timeout=5)
        assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_ERROR")


def test_there_are_no_platform_certificates(shop: Shop) -> None:
    assert shop.call("GET", CERTIFICATES).status_code == 404


def test_another_key_than_the_merchants_cannot_be_asked_for(shop: Shop) -> None:
    body = {"mchid": shop.merchant.mch_id}
    path = "/v3/pay/transactions/out-trade-no/T100019/close"
    assert shop.call("POST", path, body, **{"Wechatpay-Serial": "PUB_KEY_ID_0"}).json()["code"] == "PARAM_ERROR"
    good = {"Wechatpay-Serial": shop.merchant.public_key_id}
    assert shop.call("POST", path, body, **good).json()["code"] == "ORDER_NOT_EXIST"


def test_a_pushed_clock_does_not_age_signatures(wechat: Platform, shop: Shop) -> None:
    wechat.clock.advance(days=3)
    answer = shop.order("T100000019", "native")
    assert answer.ok
    assert int(answer.headers["Wechatpay-Timestamp"]) == int(shop.at)


def test_a_folder_without_merchants_gets_one_that_stays(tmp_path) -> None:
    [made] = of_folder(tmp_path / "pay")
    assert of_folder(tmp_path / "pay") == [made]
    assert made.private_key.startswith("-----BEGIN PRIVATE KEY-----")
    assert len(made.cert_serial) == 40
    Merchant.make("1900000919", "另一家").write(tmp_path / "pay" / "1900000919")
    assert [one.mch_id for one in of_folder(tmp_path / "pay")] == ["1900000918", "1900000919"]
    (tmp_path / "pay" / "1900000919" / "apiclient_key.pem").unlink()
    assert len(of_folder(tmp_path / "pay")) == 2, "a merchant may keep his key elsewhere"
    (tmp_path / "pay" / "1900000919" / "merchant.json").write_text("{}")
    with pytest.raises(ValueError, match="no merchant's folder"):
        of_folder(tmp_path / "pay")
