"""A merchant's keys for tests, and notices as the platform signs and seals them (wechat-protocol §7.4), without the library."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

from adapters.wechat_pay import WeChatPayGateway
from adapters.wechat_pay_keys import HEADERS
from domain.payments.gateway import MerchantKeys

NOW = datetime(2026, 5, 12, 3, 30, tzinfo=UTC)
OWN, THEIRS, NEXT = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(3))
"""The merchant's, the platform's, and the one it changes to."""
API_V3_KEY, KEY_ID, NEW_KEY_ID = "k" * 32, "PUB_KEY_ID_0119000001", "PUB_KEY_ID_0119000002"
SERIAL = "5157F09EFDC096DE15EBE81A47057A7232F1B8E2"


def pem(key: rsa.RSAPrivateKey) -> str:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def public(key: rsa.RSAPrivateKey) -> str:
    form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return key.public_key().public_bytes(*form).decode()


def certificate(key: rsa.RSAPrivateKey) -> str:
    """A platform certificate, as merchants of before September 2024 have."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tenpay.com Root CA")])
    made = x509.CertificateBuilder(name, name, key.public_key(), int(SERIAL, 16), NOW, NOW + timedelta(days=1800))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def changing(key_id: str, pem_: str) -> MerchantKeys:
    """The merchant while the platform changes its key."""
    return replace(MERCHANT, other_keys=((key_id, pem_),))


CERTIFICATE = certificate(NEXT)
MERCHANT = MerchantKeys(
    "me_1", "1900000001", "A" * 40, pem(OWN), API_V3_KEY, public(THEIRS), KEY_ID, ("wx0123456789abcdef",)
)
GATEWAY = WeChatPayGateway("http://127.0.0.1:9", "https://service.example.com")
TRADE = {
    "mchid": "1900000001", "appid": "wx0123456789abcdef", "out_trade_no": "WX-PM_1", "transaction_id": "4200000001",
    "trade_state": "SUCCESS", "success_time": "2026-05-12T11:29:58+08:00", "payer": {"openid": "oWang"},
    "amount": {"total": 12_800, "payer_total": 12_700, "currency": "CNY"},
}  # fmt: skip


def notice(
    plain: dict[str, Any], *, kind: str = "TRANSACTION.SUCCESS", key: str = API_V3_KEY, signer: rsa.RSAPrivateKey = THEIRS,
    at: datetime = NOW, id_: str = "EV-2018022511223320873", **headers: str,
) -> tuple[dict[str, str], bytes]:  # fmt: skip
    """As the platform sends it (wechat-protocol §7.4), written without the library."""
    sealed = AESGCM(key.encode()).encrypt(b"fdasflkja484", json.dumps(plain).encode(), b"transaction")
    body = json.dumps({
        "id": id_, "create_time": "2026-05-12T11:29:58+08:00", "resource_type": "encrypt-resource",
        "event_type": kind, "summary": "支付成功", "resource": {
            "original_type": "transaction", "algorithm": "AEAD_AES_256_GCM", "associated_data": "transaction",
            "nonce": "fdasflkja484", "ciphertext": base64.b64encode(sealed).decode(),
        },
    }, ensure_ascii=False).encode()  # fmt: skip
    stamp = str(int(at.timestamp()))
    signed = signer.sign(f"{stamp}\nnonce\n".encode() + body + b"\n", padding.PKCS1v15(), hashes.SHA256())
    told = dict(
        zip(
            HEADERS,
            (stamp, "nonce", KEY_ID, base64.b64encode(signed).decode(), "WECHATPAY2-SHA256-RSA2048"),
            strict=True,
        )
    )
    return {**told, **{name.replace("_", "-"): value for name, value in headers.items()}}, body
