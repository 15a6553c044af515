"""The platform's side for tests: pushes as it signs and encrypts them, and its reading of what is answered."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import xmltodict
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import select
from wechatpy.crypto import WeChatCrypto
from werkzeug.test import TestResponse

from domain.kit.inbox import Received
from domain.kit.unit_of_work import Runtime
from tests.brand import AES_KEY, APP_ID, TOKEN
from webhooks import official_account
from webhooks.spool import Spool

PATH = "/webhooks/official-account"
SENT_AT = 1778556600
"""11:30 on 12 May 2026 in Shanghai, as the tests' clock."""


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def element(name: str, value: object) -> str:
    inner = "".join(element(*item) for item in value.items()) if isinstance(value, dict) else escape(str(value))
    return f"<{name}>{inner}</{name}>"


def xml(**fields: object) -> str:
    return element("xml", fields)


@dataclass
class Platform:
    """One account, seen from the platform. ``mode`` is how it pushes."""

    client: FlaskClient
    app_id: str = APP_ID
    token: str = TOKEN
    aes_key: str = AES_KEY
    mode: str = "safe"
    path: str = PATH
    ids: Any = field(default_factory=lambda: itertools.count(24_000_000_000))

    def message(self, words: str = "", *, sender: str = "oWang", kind: str = "text", **fields: object) -> str:
        told = {"Content": words} if kind == "text" else {}
        return xml(
            ToUserName="gh_brand", FromUserName=sender, CreateTime=SENT_AT, MsgType=kind, **told, MsgId=next(self.ids), **fields
        )  # fmt: skip

    def event(self, name: str, *, sender: str = "oWang", at: int = SENT_AT, **fields: object) -> str:
        return xml(ToUserName="gh_brand", FromUserName=sender, CreateTime=at, MsgType="event", Event=name, **fields)

    def push(self, body: str, **changed: str) -> TestResponse:
        """Deliver a body as the account's mode has it; ``changed`` replaces parameters, "" leaves them out."""
        timestamp, nonce = str(SENT_AT), "4711"
        parameters = {"signature": signature(self.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        if self.mode != "plain":
            body, signed = self.sealed(body, timestamp, nonce)
            parameters |= {"encrypt_type": "aes", "msg_signature": signed}
        return self.deliver(body, {**parameters, **changed})

    def sealed(self, body: str, timestamp: str, nonce: str) -> tuple[str, str]:
        made = WeChatCrypto(self.token, self.aes_key, self.app_id).encrypt_message(body, nonce, timestamp)
        envelope = xmltodict.parse(made)["xml"]
        plain = dict(xmltodict.parse(body)["xml"]) if self.mode == "compat" else {"ToUserName": "gh_brand"}
        return xml(**plain, Encrypt=envelope["Encrypt"]), envelope["MsgSignature"]

    def deliver(self, body: str | bytes, parameters: dict[str, str]) -> TestResponse:
        given = {name: value for name, value in parameters.items() if value}
        return self.client.post(self.path, query_string=given, data=body, content_type="text/xml")

    def read(self, response: TestResponse) -> str:
        """The words of an answer, "" for nothing; whatever is no such answer fails."""
        assert response.status_code == 200
        if response.data == b"success":
            return ""
        body = response.data
        if self.mode != "plain":
            envelope = xmltodict.parse(body)["xml"]
            sent = envelope["MsgSignature"], envelope["TimeStamp"], envelope["Nonce"]
            body = WeChatCrypto(self.token, self.aes_key, self.app_id).decrypt_message(body, *sent)
        reply = xmltodict.parse(body)["xml"]
        assert reply["MsgType"] == "text"
        assert reply["FromUserName"] == "gh_brand"
        return str(reply["Content"])

    def say(self, words: str, *, sender: str = "oWang") -> str:
        return self.read(self.push(self.message(words, sender=sender)))


def app_on(runtime: Runtime, valkey: Redis) -> Flask:
    """The door alone, as the application opens it, except that a turn may take its time: slow machines run tests too.

    Who wants the time to be kept says ``budget.watch`` himself.
    """
    app = Flask("tests")
    app.register_blueprint(official_account.blueprint(runtime, Spool(valkey, runtime.keyring)))
    return app


def received(runtime: Runtime) -> list[Received]:
    with runtime.transaction() as uow:
        return list(uow.session.scalars(select(Received).order_by(Received.received_at, Received.key)))
