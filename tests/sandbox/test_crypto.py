"""Signatures and encryption agree with the protocol sheet's official vectors and with the library the product uses."""

import json

import pytest
from wechatpy.crypto import PrpCrypto

from sandbox.crypto import BadCipher, Seal, sign

OFFICIAL = Seal("A" * 43, "wxba5fad812f8e6fb9")
ENCRYPTED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8X"
    "GT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIj"
    "df8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)


def test_plain_signature_of_the_official_vector() -> None:
    assert sign("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"


def test_message_signature_of_the_official_vector() -> None:
    expected = "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
    assert sign("AAAAA", "1714112445", "415670741", ENCRYPTED) == expected


def test_reply_signature_of_the_official_vector() -> None:
    encrypted = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    expected = "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"
    assert sign("AAAAA", "1713424427", "415670741", encrypted) == expected


def test_the_official_cipher_text_opens() -> None:
    assert json.loads(OFFICIAL.decrypt(ENCRYPTED))["Event"] == "debug_demo"


@pytest.mark.parametrize("text", ["", "x", "空调不制冷 😀", "长" * 5000])
def test_what_is_sealed_opens_here_and_with_wechatpy(text: str) -> None:
    sealed = OFFICIAL.encrypt(text)
    assert OFFICIAL.decrypt(sealed) == text
    assert PrpCrypto(b"\0" * 32).decrypt(sealed, "wxba5fad812f8e6fb9") == text


def test_a_cipher_text_for_another_app_does_not_open() -> None:
    with pytest.raises(BadCipher, match="encrypted for"):
        OFFICIAL.decrypt(Seal("A" * 43, "wx0000000000000000").encrypt("x"))


@pytest.mark.parametrize("broken", ["", "AAAA", "!!!", ENCRYPTED[:-8] + "AAAAAAA="])
def test_broken_cipher_texts_are_refused_and_not_crashed_on(broken: str) -> None:
    with pytest.raises(BadCipher):
        OFFICIAL.decrypt(broken)


@pytest.mark.parametrize("key", ["", "short", "A" * 42 + "-", "A" * 44])
def test_a_key_the_platform_would_not_give_out_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="43"):
        Seal(key, "wx0000000000000000")
