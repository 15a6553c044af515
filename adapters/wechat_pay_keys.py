"""Whose signature it is under what the platform sends: the guard before the library, and the keys that verify.

While WeChat Pay changes its key (or a merchant goes from platform certificates to the public key) answers and notices come
signed by either: all keys of a merchant verify at the same time, each by the serial a signature names. Another kind of key is a
line of `public_key_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate
from wechatpayv3.utils import rsa_verify

from domain.payments.gateway import Forged, MerchantKeys

SIGNATURE_TYPE = "WECHATPAY2-SHA256-RSA2048"
HEADERS = (
    "Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Serial", "Wechatpay-Signature", "Wechatpay-Signature-Type",
)  # fmt: skip
PROBE = "WECHATPAY/SIGNTEST/"
SKEW, LARGEST = timedelta(seconds=300), 64 * 1024


def public_key_of(pem: str) -> RSAPublicKey:
    """Of a public key, or of a platform certificate.

    :raises ValueError: it is neither
    """
    read = pem.encode()
    found = load_pem_x509_certificate(read).public_key() if "BEGIN CERTIFICATE" in pem else load_pem_public_key(read)
    if not isinstance(found, RSAPublicKey):
        raise ValueError("this key is no RSA key")
    return found


def verifier(merchant: MerchantKeys) -> Callable[[Mapping[str, str], str], bool]:
    """What stands in for the library's own verification, which knows one key, and calls out for serials it does not know.

    :raises ValueError: one of the keys does not open
    """
    keys = {id_: public_key_of(pem) for id_, pem in merchant.verifying.items()}

    def verify(headers: Mapping[str, str], body: str) -> bool:
        stamp, nonce, serial, signature, kind = (headers.get(name, "") for name in HEADERS)
        key = keys.get(serial)
        return key is not None and kind == SIGNATURE_TYPE and bool(rsa_verify(stamp, nonce, body, signature, key))

    return verify


def guard(merchant: MerchantKeys, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """What must hold before the library looks at a notice: it has no bound on age.

    :raises Forged: see there
    """
    if len(body) > LARGEST:
        raise Forged("too large")
    if missing := [name for name in HEADERS if not headers.get(name)]:
        raise Forged(f"without {missing[0]}")
    if headers["Wechatpay-Signature"].startswith(PROBE):
        raise Forged("probe")
    if headers["Wechatpay-Signature-Type"] != SIGNATURE_TYPE:
        raise Forged("another signature type")
    if headers["Wechatpay-Serial"] not in merchant.verifying:
        raise Forged("another serial")
    stamp = headers["Wechatpay-Timestamp"]
    if (
        not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12)
        or abs(now.timestamp() - int(stamp)) > SKEW.seconds
    ):
        raise Forged("too old or too new")
