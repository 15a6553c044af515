"""How the platform wraps a push, and wants its answer wrapped: signatures and encryption, in XML and in JSON.

Facts and official vectors: wechat-protocol §1. Whatever does not fit ends the request here, with an empty body.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from flask import abort, request
from wechatpy.crypto import PrpCrypto, WeChatCrypto

from domain.organizations.queries import Voice
from webhooks import wire

log = structlog.get_logger()


@dataclass(frozen=True)
class Opened:
    """A push in plain. ``crypto`` seals what is answered to it, and is None where the push came plain."""

    body: bytes
    crypto: WeChatCrypto | None
    nonce: str
    is_json: bool

    def wrapped(self, answer: str, at: int) -> tuple[str, str]:
        """The answer as it goes back, with its media type. 'success' is never sealed (§1.4)."""
        if answer == wire.SUCCESS:
            return answer, "text/plain"
        if self.crypto is None:
            return answer, "application/xml"
        if self.is_json:
            return self.sealed_json(self.crypto, answer, at), "application/json"
        return self.crypto.encrypt_message(answer, self.nonce, str(at)), "application/xml"

    def sealed_json(self, crypto: WeChatCrypto, answer: str, at: int) -> str:
        """The envelope for whoever pushes JSON; wechatpy makes the XML one only."""
        sealed: str = PrpCrypto(crypto.key).encrypt(answer, crypto.app_id).decode()
        signature = signed(crypto.token, str(at), self.nonce, sealed)
        return json.dumps({"Encrypt": sealed, "MsgSignature": signature, "TimeStamp": at, "Nonce": self.nonce})


def given(name: str) -> str:
    """A query parameter that the platform always sends."""
    value = request.args.get(name, "")
    if not value:
        abort(400, f"no {name}")
    return value


def signed(token: str, *parts: str) -> str:
    """The platform's signature over these parts."""
    return hashlib.sha1("".join(sorted([token, *parts])).encode()).hexdigest()


def must_be_signed(token: str, signature: str, *parts: str) -> None:
    """Compare in constant time; a wrong signature is 403."""
    if not hmac.compare_digest(signed(token, *parts).encode(), signature.encode()):
        abort(403, "wrong signature")


def opened(account: Voice, body: bytes, read: Callable[[bytes], wire.Fields]) -> Opened:
    """The push of this request in plain; ``read`` makes fields of a body.

    Safe mode takes nothing but encrypted pushes: who knows only a leaked plain signature must not get in.
    """
    timestamp, nonce, is_json = given("timestamp"), given("nonce"), wire.is_json(body)
    encrypted = request.args.get("encrypt_type", "raw") == "aes"
    if not encrypted:
        if account.mode == "safe":
            abort(403, "plain push in safe mode")
        must_be_signed(account.token, given("signature"), timestamp, nonce)
        return Opened(body, None, nonce, is_json)
    try:
        sealed = wire.word(read(body), "Encrypt")
    except wire.Malformed as error:
        abort(400, str(error))
    if not sealed:
        abort(400, "nothing encrypted in it")
    must_be_signed(account.token, given("msg_signature"), timestamp, nonce, sealed)
    crypto = WeChatCrypto(account.token, account.aes_key, account.app_id)
    try:
        plain = crypto.decrypt_message({"Encrypt": sealed}, given("msg_signature"), timestamp, nonce)
    except Exception as error:  # wechatpy raises a dozen kinds here: wechat-protocol §1.6
        log.info("push does not decrypt", error=type(error).__name__)
        abort(403, "does not decrypt, or is for another account")
    return Opened(plain.encode() if isinstance(plain, str) else plain, crypto, nonce, is_json)
