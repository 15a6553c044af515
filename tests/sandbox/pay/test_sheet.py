"""The samples and layouts of the protocol sheet: what is signed, letter by letter, and what is sealed."""

import base64

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sandbox import js_sdk
from sandbox.api.credentials import js_ticket
from sandbox.app import Platform
from sandbox.pay import signing
from tests.sandbox.callback import APP_ID
from tests.sandbox.pay.conftest import PROGRAM

TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"


def test_the_official_vector_of_the_js_sdk() -> None:
    made = js_sdk.signature(TICKET, "Wm3WZYTPz0wzccnW", "1414587457", "http://mp.weixin.qq.com?params=value")
    assert made == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_a_page_is_signed_for_itself_and_for_nobody_else(wechat: Platform) -> None:
    url, origin = "http://127.0.0.1:8000/c/pay?id=1", "http://127.0.0.1:8000"
    ticket, _ = js_ticket(APP_ID, "jsapi", wechat.clock.now())
    given = {"app_id": APP_ID, "url": url, "origin": origin, "nonce": "n1", "timestamp": "1699934400"}
    good = {**given, "signature": js_sdk.signature(ticket, "n1", "1699934400", url)}
    assert js_sdk.verified(wechat, good) == "ok"
    assert js_sdk.verified(wechat, {**good, "origin": "http://evil.example"}) == "invalid url domain"
    assert js_sdk.verified(wechat, {**good, "app_id": "wxnone"}) == "invalid appid"
    assert js_sdk.verified(wechat, {**good, "app_id": PROGRAM}) == "invalid signature"
    wechat.clock.advance(hours=2)
    assert js_sdk.verified(wechat, good) == "invalid signature", "the ticket is another one"


def test_a_request_is_five_lines_and_that_of_a_get_ends_with_an_empty_one() -> None:
    path, nonce = "/v3/certificates", "593BEC0C930BF1AFEB40B4A08C8FB242"
    made = signing.message("GET", path, "1554208460", nonce, "")
    assert made == b"GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n"


def test_an_answer_is_three_lines_of_raw_bytes() -> None:
    assert signing.message("1554209980", "c5ac7061", b'{"a": 1}') == b'1554209980\nc5ac7061\n{"a": 1}\n'


def test_the_header_has_five_values_and_one_schema() -> None:
    header = (
        'WECHATPAY2-SHA256-RSA2048 mchid="1900009191",nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242",'
        'signature="uOVRnA4qG/MNnYzdQxJanN+zU+==",timestamp="1554208460",serial_no="1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C"'
    )
    told = signing.authorization(header)
    assert told
    assert (told["mchid"], told["signature"]) == ("1900009191", "uOVRnA4qG/MNnYzdQxJanN+zU+==")
    assert signing.authorization(header.replace("serial_no", "serial")) is None
    assert signing.authorization(header.replace("RSA2048", "RSA")) is None


def test_the_tag_is_the_end_of_what_is_sealed() -> None:
    key, nonce, text = "k" * 32, "fdasflkja484", '{"out_trade_no":"1"}'
    data = base64.b64decode(signing.seal(key, text, nonce, "transaction"))
    assert len(data) == len(text) + 16
    assert AESGCM(key.encode()).decrypt(nonce.encode(), data, b"transaction").decode() == text
