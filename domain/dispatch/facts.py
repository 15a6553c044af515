"""What the rules of dispatch look at: frozen facts about the job, whoever could do it, one day of theirs, and one chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from domain.engineers.grades import Grade
from domain.work_orders.kinds import ServiceType


class Period(NamedTuple):
    """Days ``[since, until)``; None is no end."""

    since: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def holds(periods: tuple[Period, ...], day: date) -> bool:
    return any(since <= day and (until is None or day < until) for since, until in periods)


@dataclass(frozen=True)
class Refusal:
    """An engineer was asked and did not take it, or it was taken back from them. ``code``: `domain.dispatch.reasons`."""

    code: str
    at: datetime
    window_since: datetime
    window_until: datetime


@dataclass(frozen=True)
class Job:
    """What is to be done, for whom, and what makes it hard."""

    order_id: str
    brand_id: str
    category_code: str
    category: str
    """As people call it: 空调."""
    service_type: ServiceType
    re_repair: bool = False
    urged: int = 0
    refused: int = 0
    """How many engineers turned it down or kept silent."""
    danger: bool = False
    """Gas, smoke or current was told of."""
    due_at: datetime | None = None
    """When the first service level still running is broken."""
    refusals: Mapping[str, tuple[Refusal, ...]] = field(default_factory=dict, compare=False)
    """By engineer."""
    waits: bool = False
    """It is in the dispatcher's queue."""
    known: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Engineers who were at this customer's: ``product`` or ``customer``."""
    came_before: frozenset[str] = frozenset()
    """Of a rectification: engineers who were on a visit of the order it puts right."""


@dataclass(frozen=True)
class Objection:
    """Why somebody may not do it: the rule's code, and words that finish the sentence 不行——."""

    code: str
    words: str


@dataclass(frozen=True)
class Today:
    """One day of somebody, as far as it was looked at; None is not looked at."""

    day: date
    now: datetime
    works: bool | None = None
    on_leave: bool = False
    taken: int = 0
    most: int = 0
    window: tuple[datetime, datetime] | None = None
    """The moment the question is about, if it is about one."""
    no_room: str | None = None
    """Why that moment does not do, in words; "" when it does."""


@dataclass(frozen=True)
class Candidate:
    """One engineer the grid names for the place."""

    engineer_id: str
    code: str
    provider_id: str
    station_id: str
    own: bool = False
    """On the brand's own payroll."""
    grade: Grade = Grade.ENGINEER
    rating: int = 450
    """Hundredths of stars."""
    turn: int = 0
    """The provider's place in the grid's order for this cell; 0 is asked first."""
    employed: tuple[Period, ...] = ()
    skills: tuple[Period, ...] = ()
    certificates: tuple[tuple[str, Period], ...] = ()
    authorized: tuple[Period, ...] = ()
    provider_authorized: tuple[Period, ...] = ()
    covered: tuple[Period, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    knows: str = ""
    """``product`` or ``customer``, when they did the last work there."""
    recent: int = 0
    """Visits of these days: three back, three ahead, and today."""
    holds: bool = False
    """Their time is kept for this job already."""
    objections: Mapping[date, tuple[Objection, ...]] = field(default_factory=dict, compare=False)
    """By day, of the rules that are not about one moment; filled by `domain.dispatch.candidates.able`."""

    def is_able(self, day: date) -> bool:
        """Whether nothing was found against that day; False for a day nobody looked at."""
        return day in self.objections and not self.objections[day]


@dataclass(frozen=True)
class Chance:
    """When somebody would come, and what that costs."""

    starts_at: datetime
    extra_minutes: int
    """Driving on top of what the day has."""
    taken: int
    most: int
    later_minutes: int
    """Than the soonest of all candidates."""


@dataclass(frozen=True)
class Merit:
    """How well a candidate does by one preference: 0 … 1, and why in words."""

    part: float
    words: str
