"""A merchant's backend for the tests: signs, sends, checks the answer; written from the sheet once more, with no SDK."""

import base64
import json
import time
from functools import cache
from typing import Any

import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from sandbox.app import Merchant
from sandbox.server import Running


@cache
def private_key(text: str) -> Any:
    return serialization.load_pem_private_key(text.encode(), None)


@cache
def public_key(text: str) -> Any:
    return serialization.load_pem_public_key(text.encode())


def checks(merchant: Merchant, headers: Any, body: bytes) -> bool:
    """Whether answer or notification is signed by the platform."""
    said = f"{headers['Wechatpay-Timestamp']}\n{headers['Wechatpay-Nonce']}\n".encode() + body + b"\n"
    try:
        signature = base64.b64decode(headers["Wechatpay-Signature"])
        public_key(merchant.platform_public_key).verify(signature, said, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return bool(headers["Wechatpay-Serial"] == merchant.public_key_id)


def opened(merchant: Merchant, resource: dict[str, Any]) -> dict[str, Any]:
    """The plain text of a notification."""
    data, associated = base64.b64decode(resource["ciphertext"]), resource["associated_data"].encode()
    plain = AESGCM(merchant.api_v3_key.encode()).decrypt(resource["nonce"].encode(), data, associated)
    return json.loads(plain)  # type: ignore[no-any-return]


class Shop:
    """One merchant against one server; `at` is the time he signs with."""

    def __init__(self, server: Running, merchant: Merchant, at: float) -> None:
        self.server, self.merchant, self.at = server, merchant, at

    def sign(self, *lines: str) -> str:
        key = private_key(self.merchant.private_key)
        said = "".join(f"{line}\n" for line in lines).encode()
        return base64.b64encode(key.sign(said, PKCS1v15(), SHA256())).decode()

    def authorization(self, method: str, path: str, body: str, **changed: str) -> str:
        stamp, nonce = str(int(self.at)), f"n{time.monotonic_ns()}"
        values = {
            "mchid": self.merchant.mch_id, "nonce_str": nonce, "timestamp": stamp,
            "serial_no": self.merchant.cert_serial, "signature": self.sign(method, path, stamp, nonce, body), **changed,
        }  # fmt: skip
        return "WECHATPAY2-SHA256-RSA2048 " + ",".join(f'{name}="{value}"' for name, value in values.items())

    def call(
        self, method: str, path: str, body: dict[str, Any] | str = "", **headers: str
    ) -> requests.Response:  # fmt: skip
        text = body if isinstance(body, str) else json.dumps(body)
        sent = {"Accept": "application/json", "Authorization": self.authorization(method, path, text), **headers}
        return requests.request(method, self.server.url + path, data=text, headers=sent, timeout=5)

    def order(self, number: str, kind: str = "jsapi", fen: int = 10_000, **more: Any) -> requests.Response:
        body = {
            "appid": "wx5eed0000demo0001", "mchid": self.merchant.mch_id, "description": "空调维修,上门费",
            "out_trade_no": number, "notify_url": "http://127.0.0.1:1/none", "amount": {"total": fen, "currency": "CNY"},
            **more,
        }  # fmt: skip
        if kind == "h5":
            body["scene_info"] = {"payer_client_ip": "127.0.0.1", "h5_info": {"type": "Wap"}}
        return self.call("POST", f"/v3/pay/transactions/{kind}", body)

    def query(self, number: str) -> requests.Response:
        return self.call("GET", f"/v3/pay/transactions/out-trade-no/{number}?mchid={self.merchant.mch_id}")

    def close(self, number: str) -> requests.Response:
        path = f"/v3/pay/transactions/out-trade-no/{number}/close"
        return self.call("POST", path, {"mchid": self.merchant.mch_id})

    def refund(self, number: str, refund_number: str, fen: int, total: int = 10_000, **more: Any) -> requests.Response:
        amount = {"refund": fen, "total": total, "currency": "CNY"}
        body = {"out_trade_no": number, "out_refund_no": refund_number, "amount": amount, **more}
        return self.call("POST", "/v3/refund/domestic/refunds", body)

    def pay_parameters(self, prepay_id: str, app_id: str = "wx5eed0000demo0001") -> dict[str, str]:
        """What a page hands to the cashier."""
        stamp, nonce, package = str(int(self.at)), "5K8264ILTKCH16CQ2502SI8ZNMTM67VS", f"prepay_id={prepay_id}"
        return {
            "appId": app_id, "timeStamp": stamp, "nonceStr": nonce, "package": package, "signType": "RSA",
            "paySign": self.sign(app_id, stamp, nonce, package),
        }  # fmt: skip
