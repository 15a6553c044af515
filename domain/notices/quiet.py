"""Quiet hours: nobody is written to at night who can just as well be written to in the morning."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from domain.kit.unit_of_work import SHANGHAI

SINCE, UNTIL = time(22), time(8)


def after_quiet_hours(now: datetime) -> datetime | None:
    """When somebody may be written to again; None while they may be."""
    here = now.astimezone(SHANGHAI)
    if UNTIL <= here.time() < SINCE:
        return None
    morning = here.replace(hour=UNTIL.hour, minute=0, second=0, microsecond=0)
    return morning if here.time() < UNTIL else morning + timedelta(days=1)
