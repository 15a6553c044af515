"""The door WeChat knocks on for an official account: XML in, the bot's first words back as the passive reply."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint

from bot import engine
from bot.engine import Spoken
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.model import OFFICIAL_ACCOUNT
from webhooks import wire
from webhooks.door import Manners, door
from webhooks.inbox import APOLOGY
from webhooks.spool import Spool


def blueprint(runtime: Runtime, spool: Spool, turned: Callable[[float], None] = lambda seconds: None) -> Blueprint:
    """The door. ``turned`` is told how long each push took, in seconds."""
    manners = Manners(OFFICIAL_ACCOUNT, wire.fields_of, say, lambda uow, account_id, sender: APOLOGY, wire.reply)
    return door(runtime, spool, manners, turned)


def say(uow: UnitOfWork, account_id: str, sender: str, spoken: Spoken, handed_over: bool) -> str:
    """What fits goes into the passive reply, unless the platform's customer service takes its place."""
    if handed_over:
        engine.say_later(uow, account_id, sender, [spoken.first, *spoken.later])
        return wire.HANDED_OVER
    engine.say_later(uow, account_id, sender, spoken.later)
    return spoken.first
