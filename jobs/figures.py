"""Figures for whoever watches the system: how far behind the outbox and the queue are."""

from __future__ import annotations

from redis import Redis, RedisError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from domain.kit.inbox import Received, ReceivedState
from domain.kit.outbox import ReactionRun, RunState
from domain.kit.spool import DEAD, STREAM
from domain.kit.unit_of_work import Runtime
from domain.notices.model import MessageState, OutgoingMessage
from jobs.context import QUEUES
from jobs.outbox import outbox_lag

Figure = tuple[str, float]


def figures(runtime: Runtime, valkey: Redis) -> dict[str, Figure]:
    """Name → (what it means, value); those of a server that is away are left out."""
    found: dict[str, Figure] = {}
    try:
        with runtime.transaction() as uow:
            counted = {
                "weixiu_dead_reactions": ("Reactions that gave up", select(func.count()).where(ReactionRun.state == RunState.DEAD)),
                "weixiu_dead_messages": ("Messages that gave up", select(func.count()).where(OutgoingMessage.state == MessageState.DEAD)),
                "weixiu_deferred_messages": ("Messages whose turn is still to be held", select(func.count()).where(Received.state == ReceivedState.DEFERRED)),
            }  # fmt: skip
            found["weixiu_outbox_lag_seconds"] = ("Age of the oldest event not relayed yet", outbox_lag(uow))
            for name, (words, counting) in counted.items():
                found[name] = (words, float(uow.session.scalar(counting) or 0))
    except SQLAlchemyError:
        pass  # left out, as promised: /readyz says who is away
    try:
        found["weixiu_queue_depth"] = (
            "Jobs that wait for a worker",
            float(sum(valkey.llen(f"rq:queue:{name}") for name in QUEUES)),
        )
        found["weixiu_spooled_messages"] = ("Pushes that wait for the database", float(valkey.xlen(STREAM)))
        found["weixiu_dead_pushes"] = ("Spooled pushes that nobody could open", float(valkey.llen(DEAD)))
    except RedisError:
        pass
    return found
