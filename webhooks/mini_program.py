"""The door WeChat knocks on for a mini-program: XML or JSON in, the bot's words out as customer-service messages.

A mini-program's chat shows no passive reply (docs/decisions/0020): a push is answered with 'success', or with
transfer_customer_service where the talk goes to the platform's own customer service.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint

from bot import engine
from bot.engine import Spoken
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.model import MINI_PROGRAM
from webhooks import wire
from webhooks.door import Manners, door
from webhooks.inbox import APOLOGY
from webhooks.spool import Spool

AT_ONCE = timedelta(0)
"""There is no passive reply that messages could overtake."""


def blueprint(runtime: Runtime, spool: Spool, turned: Callable[[float], None] = lambda seconds: None) -> Blueprint:
    """The door. ``turned`` is told how long each push took, in seconds."""
    return door(runtime, spool, Manners(MINI_PROGRAM, wire.fields_of_any, say, apologise, wire.reply), turned)


def say(uow: UnitOfWork, account_id: str, sender: str, spoken: Spoken, handed_over: bool) -> str:
    """Everything goes out as messages; the passive reply only ever hands the talk over."""
    engine.say_later(uow, account_id, sender, [spoken.first, *spoken.later], after=AT_ONCE)
    return wire.HANDED_OVER if handed_over else ""


def apologise(uow: UnitOfWork, account_id: str, sender: str) -> str:
    """After a turn that failed."""
    engine.say_later(uow, account_id, sender, [APOLOGY], after=AT_ONCE)
    return ""
