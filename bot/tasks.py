"""What the bot understands but nothing behind it can do yet goes to an agent, with the answers it gathered."""

from __future__ import annotations

from datetime import timedelta

from bot.talk import Talk
from domain.desk import operations as desk
from domain.desk.model import DeskTask


def for_agent(talk: Talk, kind: str, words: str, *, within: timedelta | None = None) -> DeskTask:
    """Put it on the desk; ``within`` is what the customer is promised."""
    return desk.put_task(
        talk.uow, by=talk.by, brand_id=talk.voice.brand_id, kind=kind, words=words,
        account_id=talk.voice.account_id, openid=talk.contact.openid,
        due_at=talk.uow.now + within if within else None,
    )  # fmt: skip
