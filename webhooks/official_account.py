"""The door WeChat knocks on for an official account: check, read, write down once, hand to the bot, answer.

What bad input gets: wrong signature or app id 403; missing parameters, no XML, entity declarations 400; over 64 KB
413; always with an empty body. After the signature holds everything is written down and answered.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable

import structlog
from flask import Blueprint, Response, abort, request
from wechatpy.crypto import WeChatCrypto
from werkzeug.exceptions import HTTPException

from bot import engine
from bot.conversation import Conversation
from domain.customers.model import Contact
from domain.kit.errors import NotFound
from domain.kit.spool import SpooledMessage
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.queries import Voice
from webhooks import wire
from webhooks.accounts import Accounts
from webhooks.inbox import Turn, once
from webhooks.spool import Spool, SpoolFailed

log = structlog.get_logger()

LARGEST = 64 * 1024
LOGGED_ONCE = 60.0
"""Seconds in which one kind of bad push is logged once. Nobody is locked out for them: behind a proxy an attacker's
address is the platform's address too, and turning one away costs a hash."""


def blueprint(runtime: Runtime, spool: Spool, turned: Callable[[float], None] = lambda seconds: None) -> Blueprint:
    """The door. ``turned`` is told how long each push took, in seconds."""
    door = Blueprint("official_account", __name__, url_prefix="/webhooks/official-account")
    accounts, told = Accounts(runtime, spool), dict[str, float]()

    @door.get("")
    @door.get("/<app_id>")
    def greet(app_id: str | None = None) -> Response:
        account = known(accounts, app_id)
        must_be_signed(account.token, given("signature"), given("timestamp"), given("nonce"))
        return Response(request.args.get("echostr", ""), mimetype="text/plain")

    @door.post("")
    @door.post("/<app_id>")
    def receive(app_id: str | None = None) -> Response:
        began = time.perf_counter()
        account = known(accounts, app_id)
        request.max_content_length = LARGEST
        body, crypto = opened(account, request.get_data())
        answer = answered(runtime, spool, account, body, sealed=crypto is not None)
        if crypto and answer != "success":
            answer = crypto.encrypt_message(answer, given("nonce"), str(int(runtime.clock().timestamp())))
        turned(time.perf_counter() - began)
        return Response(answer, mimetype="text/plain" if answer == "success" else "application/xml")

    @door.errorhandler(HTTPException)
    def turned_away(error: HTTPException) -> Response:
        why = f"{error.code} {error.description}"
        if told.get(why, 0.0) < time.monotonic():
            told[why] = time.monotonic() + LOGGED_ONCE
            log.warning("pushes turned away", why=why, path=request.path)
        return Response("", error.code)

    @door.errorhandler(SpoolFailed)
    def nowhere_to_write(error: SpoolFailed) -> Response:
        log.error("push not written down", why=str(error))
        return Response("", 503)

    return door


def known(accounts: Accounts, app_id: str | None) -> Voice:
    try:
        return accounts.get(app_id)
    except NotFound:
        abort(403, "no such account")


def given(name: str) -> str:
    """A query parameter that the platform always sends."""
    value = request.args.get(name, "")
    if not value:
        abort(400, f"no {name}")
    return value


def must_be_signed(token: str, signature: str, *parts: str) -> None:
    """Compare in constant time; a wrong signature is 403 (wechat-protocol §1)."""
    expected = hashlib.sha1("".join(sorted([token, *parts])).encode()).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        abort(403, "wrong signature")


def opened(account: Voice, body: bytes) -> tuple[bytes, WeChatCrypto | None]:
    """The plain push and, where it came encrypted, what encrypts the answer.

    Safe mode takes nothing but encrypted pushes: who knows only a leaked plain signature must not get in.
    """
    timestamp, nonce = given("timestamp"), given("nonce")
    encrypted = request.args.get("encrypt_type", "raw") == "aes"
    if not encrypted:
        if account.mode == "safe":
            abort(403, "plain push in safe mode")
        must_be_signed(account.token, given("signature"), timestamp, nonce)
        return body, None
    try:
        sealed = wire.word(wire.fields_of(body), "Encrypt")
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
    return plain.encode() if isinstance(plain, str) else plain, crypto


def answered(runtime: Runtime, spool: Spool, account: Voice, body: bytes, *, sealed: bool) -> str:
    """The wire form of the answer to a push whose signature holds."""
    try:
        fields = wire.fields_of(body)
        push = wire.push_of(fields)
    except wire.Malformed as error:
        if not sealed:
            abort(400, str(error))  # a plain signature does not cover the body
        fields, push = {}, wire.unreadable(body)
    message = SpooledMessage(
        account_id=account.account_id, key=push.key, sent_on=push.sent_on, sender=push.heard.sender,
        received_at=runtime.clock(), trigger=push.trigger,
        content={"raw": body.decode(errors="replace"), "said": push.heard.to_json()},
    )  # fmt: skip
    words = once(runtime, spool, message, turn_of(account, push))
    to, own = wire.word(fields, "FromUserName"), wire.word(fields, "ToUserName")
    return wire.reply(words, to=to, account=own, at=int(runtime.clock().timestamp()))


def turn_of(account: Voice, push: wire.Push) -> Turn:
    """The bot's turn on this push, as the inbox wants it."""
    entered: list[tuple[Conversation, Contact]] = []

    def enter(uow: UnitOfWork) -> bool:
        entered.append(engine.listen(uow, account.account_id, push.heard.sender))
        return not engine.is_behind(uow, account.account_id, push.heard.sender, push.key)

    def hold(uow: UnitOfWork) -> str:
        spoken = engine.take_turn(uow, account, *entered[0], push.heard)
        engine.say_later(uow, account.account_id, push.heard.sender, spoken.later)
        return spoken.first

    return Turn(enter, hold)
