"""The hours of calls and complaints, by the tables of `domain.feedback.policies` and the calendar of working days."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.calendar.working_time import Hours, add
from domain.feedback.policies import CLOSES, OPENS

WORKING = Hours(OPENS, CLOSES)
MINUTE = timedelta(minutes=1)


def in_hours(at: datetime) -> datetime:
    """That moment, or the next opening."""
    begun = add(at, MINUTE, WORKING)
    return at if begun - at == MINUTE else begun - MINUTE


def later(since: datetime, span: timedelta) -> datetime:
    """So much working time later."""
    return add(since, span, WORKING)
