"""What all doors for WeChat's pushes have in common: check, read, write down once, hand to the bot, answer.

A door says for which kind of account it is and how it reads and answers: `Manners`. What bad input gets: wrong
signature or app id 403; missing parameters, no push, entity declarations 400; over 64 KB 413; always with an empty
body. After the signature holds everything is written down and answered.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from bot import engine
from bot.conversation import Conversation
from bot.engine import Spoken
from bot.heard import HeardKind
from domain.customers.model import Contact
from domain.kit.errors import NotFound
from domain.kit.spool import SpooledMessage
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.notices import undelivered
from domain.notices.platform_events import heard_of_subscriptions
from domain.organizations.queries import Voice
from webhooks import wire
from webhooks.accounts import Accounts
from webhooks.envelope import Opened, given, must_be_signed, opened
from webhooks.inbox import Turn, once
from webhooks.spool import Spool, SpoolFailed

log = structlog.get_logger()

LARGEST = 64 * 1024
LOGGED_ONCE = 60.0
"""Seconds in which one kind of bad push is logged once. Nobody is locked out for them: behind a proxy an attacker's
address is the platform's address too, and turning one away costs a hash."""


@dataclass(frozen=True)
class Manners:
    """How one kind of account is spoken with.

    ``read`` makes fields of a body (:raises Malformed:). ``say`` takes what the bot said and whether the talk goes to
    the platform's own customer service, ``apologise`` is for a turn that failed; both return the words of the passive
    reply, "" for none. ``render`` makes its wire form of those words, the push's fields and the time.
    """

    kind: str
    read: Callable[[bytes], wire.Fields]
    say: Callable[[UnitOfWork, str, str, Spoken, bool], str]
    apologise: Callable[[UnitOfWork, str, str], str]
    render: Callable[[str, wire.Fields, int], str]


def door(runtime: Runtime, spool: Spool, manners: Manners, turned: Callable[[float], None]) -> Blueprint:
    """The door. ``turned`` is told how long each push took, in seconds."""
    blueprint = Blueprint(manners.kind, __name__, url_prefix=f"/webhooks/{manners.kind.replace('_', '-')}")
    accounts, told = Accounts(runtime, spool, manners.kind), dict[str, float]()

    @blueprint.get("")
    @blueprint.get("/<app_id>")
    def greet(app_id: str | None = None) -> Response:
        account = known(accounts, app_id)
        must_be_signed(account.token, given("signature"), given("timestamp"), given("nonce"))
        return Response(request.args.get("echostr", ""), mimetype="text/plain")

    @blueprint.post("")
    @blueprint.post("/<app_id>")
    def receive(app_id: str | None = None) -> Response:
        began = time.perf_counter()
        account = known(accounts, app_id)
        request.max_content_length = LARGEST
        push = opened(account, request.get_data(), manners.read)
        answer = answered(runtime, spool, account, push, manners)
        body, mimetype = push.wrapped(answer, int(runtime.clock().timestamp()))
        turned(time.perf_counter() - began)
        return Response(body, mimetype=mimetype)

    @blueprint.errorhandler(HTTPException)
    def turned_away(error: HTTPException) -> Response:
        why = f"{error.code} {error.description}"
        if told.get(why, 0.0) < time.monotonic():
            told[why] = time.monotonic() + LOGGED_ONCE
            log.warning("pushes turned away", why=why, path=request.path)
        return Response("", error.code)

    @blueprint.errorhandler(SQLAlchemyError)
    @blueprint.errorhandler(SpoolFailed)
    def nowhere_to_write(error: Exception) -> Response:
        log.error("push not written down", why=type(error).__name__)
        return Response("", 503)

    return blueprint


def known(accounts: Accounts, app_id: str | None) -> Voice:
    try:
        return accounts.get(app_id)
    except NotFound:
        abort(403, "no such account")


def answered(runtime: Runtime, spool: Spool, account: Voice, opened: Opened, manners: Manners) -> str:
    """The plain wire form of the answer to a push whose signature holds."""
    try:
        fields = manners.read(opened.body)
        push = wire.push_of(fields)
    except wire.Malformed as error:
        if opened.crypto is None:
            abort(400, str(error))  # a plain signature does not cover the body
        fields, push = {}, wire.unreadable(opened.body)
    message = SpooledMessage(
        account_id=account.account_id, key=push.key, sent_on=push.sent_on, sender=push.heard.sender,
        received_at=runtime.clock(), trigger=push.trigger,
        content={"raw": opened.body.decode(errors="replace"), "said": push.heard.to_json()},
    )  # fmt: skip
    words = once(runtime, spool, message, turn_of(account, push, manners))
    return manners.render(words, fields, int(runtime.clock().timestamp()))


def turn_of(account: Voice, push: wire.Push, manners: Manners) -> Turn:
    """The bot's turn on this push, as the inbox wants it. Nobody said what the platform tells by itself."""
    sender = push.heard.sender
    if push.heard.kind is HeardKind.NOTHING:
        return Turn(lambda uow: True, lambda uow: "", lambda uow: "")
    if push.heard.kind in (HeardKind.UNDELIVERED, HeardKind.CONSENT):  # nobody's words: the talk is left alone
        return Turn(lambda uow: True, lambda uow: note(uow, account, push), lambda uow: "")
    entered: list[tuple[Conversation, Contact]] = []

    def enter(uow: UnitOfWork) -> bool:
        entered.append(engine.listen(uow, account.account_id, sender))
        return not engine.is_behind(uow, account.account_id, sender, push.key)

    def hold(uow: UnitOfWork) -> str:
        conversation, contact = entered[0]
        spoken = engine.take_turn(uow, account, conversation, contact, push.heard)
        with_person = bool(conversation.state.get("with_person"))
        # Only what a person says is handed over, never an event (wechat-protocol §4.2).
        handed_over = account.hands_over and with_person and push.trigger == wire.MESSAGE
        return manners.say(uow, account.account_id, sender, spoken, handed_over)

    return Turn(enter, hold, lambda uow: manners.apologise(uow, account.account_id, sender))


def note(uow: UnitOfWork, account: Voice, push: wire.Push) -> str:
    """What the platform says of a message of ours, or of a person's consent to some."""
    heard = push.heard
    if heard.kind is HeardKind.CONSENT:
        heard_of_subscriptions(uow, account.account_id, heard.sender, heard.key, heard.text)
    else:
        undelivered.heard_of_failure(uow, account.account_id, heard.sender, heard.key, heard.text)
    return ""
