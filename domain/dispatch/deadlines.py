"""How long an engineer has to answer an offer, by service type; dated. A change is a further row, never an edit.

The time runs from 8:00 to 21:00 in Shanghai: an offer made at night is asked to be answered in the morning, so that nobody
has to sleep beside the phone and nobody loses work for having slept. Holidays count like other days: shifts say who works.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.work_orders.kinds import ServiceType

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = time(8), time(21)
LEAST = timedelta(minutes=5)
"""What anybody gets, however soon the promised window is."""
ON_THE_WAY = timedelta(minutes=30)
"""Before a promised window begins, the next one must still be asked and set out."""


@dataclass(frozen=True)
class AnswerWithin:
    service_type: ServiceType
    minutes: int
    since: date


FIRST = date(2020, 1, 1)
ANSWERS = (
    AnswerWithin(ServiceType.REPAIR, 15, FIRST),
    AnswerWithin(ServiceType.INSTALL, 30, FIRST),
    AnswerWithin(ServiceType.EXCHANGE, 30, FIRST),
    AnswerWithin(ServiceType.MAINTENANCE, 60, FIRST),
)


def minutes_for(service_type: ServiceType, day: date) -> int:
    """The newest row in force; half an hour for a type without one."""
    rows = [row for row in ANSWERS if row.service_type is service_type and row.since <= day]
    return max(rows, key=lambda row: row.since).minutes if rows else 30


def answer_by(service_type: ServiceType, now: datetime, promised_since: datetime | None = None) -> datetime:
    """Until when an offer made now can be answered. With a promised window it ends in time for somebody else to be asked,
    but never within `LEAST`."""
    deadline = after(now, timedelta(minutes=minutes_for(service_type, now.astimezone(SHANGHAI).date())))
    if promised_since is None:
        return deadline
    return max(min(deadline, promised_since - ON_THE_WAY), now + LEAST)


def after(now: datetime, length: timedelta) -> datetime:
    """So much time of the day later, in UTC."""
    at = now.astimezone(SHANGHAI)
    while True:
        opens, closes = (datetime.combine(at.date(), hour, SHANGHAI) for hour in (OPENS, CLOSES))
        at = max(at, opens)
        if at + length <= closes:
            return (at + length).astimezone(now.tzinfo)
        length -= max(closes - at, timedelta())
        at = datetime.combine(at.date() + timedelta(days=1), OPENS, SHANGHAI)
