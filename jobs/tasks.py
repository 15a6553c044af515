"""The functions the queue calls by name. They never raise: what fails is in the database, and comes back from there."""

from __future__ import annotations

from datetime import datetime

import structlog

from jobs import deliver as delivering
from jobs import react as reacting
from jobs.context import current
from jobs.failures import place_of

log = structlog.get_logger()


def react(event_id: int, event_at: str, reaction: str) -> None:
    """Run one reaction to one event, unless it is done."""
    try:
        reacting.react(current(), event_id, datetime.fromisoformat(event_at), reaction)
    except Exception as error:
        log.error("job failed", task="react", event_id=event_id, reaction=reaction, error=place_of(error))


def deliver(account_id: str, recipient: str) -> None:
    """Send what waits for one recipient."""
    try:
        delivering.deliver(current(), account_id, recipient)
    except Exception as error:
        log.error("job failed", task="deliver", account=account_id, error=place_of(error))
