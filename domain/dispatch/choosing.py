"""Comparing candidates: when each could come, what speaks against it and for it, the best first.

Nothing is written here. Days are looked at a few at a time, because most orders find somebody within two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.capacity.day import Day, Wanted, fit, why_not
from domain.capacity.durations import work_minutes
from domain.capacity.queries import days_of
from domain.capacity.travel import Travel
from domain.dispatch.candidates import candidates_for, job_of
from domain.dispatch.facts import Candidate, Chance, Job, Objection, Today
from domain.dispatch.reasons import ALL_REFUSED, NO_COVERAGE, NO_ROOM, NOBODY_ABLE
from domain.dispatch.rules import Point, objections, points
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.regions.positions import Position
from domain.work_orders.model import WorkOrder
from domain.work_orders.places import place_of

ONE = timedelta(days=1)
BATCHES = (2, 7)
"""Days ahead that are looked at: first the nearest, then the week, if nobody has time."""
WINDOW_HOURS = 2
"""A window that dispatch chooses itself: 8–10, 10–12 … as customers are offered them."""
WIDE = timedelta(hours=4)
"""A wish that spans more than this is narrowed to the window in which the engineer can come."""
UNSAID = "?"
"""There is no room; the words cost more than the look, and are found only for whoever finds none on any day."""
ABOUT_TIME = frozenset({"works", "capacity", "room"})


Window = tuple[datetime, datetime]


@dataclass
class Line:
    """One candidate as compared: objections, or a window with points."""

    who: Candidate
    objections: tuple[Objection, ...] = ()
    window: Window | None = None
    points: tuple[Point, ...] = ()
    chance: Chance | None = None

    @property
    def score(self) -> float:
        return sum(point.points for point in self.points)

    def to_json(self) -> dict[str, Any]:
        """As `Decision.considered` keeps it: ids and the rules' words, nobody's name."""
        return {
            "engineer_id": self.who.engineer_id,
            "provider_id": self.who.provider_id,
            "score": round(self.score, 1) if self.window else None,
            "window": [at.isoformat() for at in self.window] if self.window else None,
            "objections": [{"code": one.code, "words": one.words} for one in self.objections],
            "points": [{"code": one.code, "points": one.points, "words": one.words} for one in self.points],
        }


@dataclass
class Question:
    """What is being decided: the job, where and how long, from when on, and the window if it is promised or named."""

    order: WorkOrder
    job: Job
    minutes: int
    place: Position | None
    earliest: datetime
    """Nobody sets out before."""
    travel: Travel
    window: Window | None = None
    wish: Window | None = None
    """Where no window is promised: arrival within this, as the customer would like."""
    holder: str | None = None
    """Whose time is kept already."""
    also: str | None = None
    """Somebody a dispatcher names, whether or not the grid does."""
    without: str = ""
    """Whoever the visit was taken from for this very decision."""
    but: set[str] = field(default_factory=set)
    """Engineers whose time somebody else took a moment ago."""

    @property
    def first_day(self) -> date:
        first = self.window or self.wish
        return max(first[0] if first else self.earliest, self.earliest).astimezone(SHANGHAI).date()

    def days(self, looked: int, ahead: int) -> list[date]:
        """The next few days to look at; none behind the end of the window or the wish."""
        within = self.window or self.wish
        last = within[1].astimezone(SHANGHAI).date() if within else date.max
        span = [self.first_day + ONE * n for n in range(looked, ahead)]
        return span[:1] if self.window and looked == 0 else [day for day in span if day <= last and not self.window]

    def wanted(self, day: date) -> Wanted:
        """What is looked for on a day: the window, the wish's part of the day, or any time."""
        if self.window:
            return Wanted(*self.window, self.minutes, self.place)
        since = datetime.combine(day, time(), SHANGHAI)
        until, since = since + ONE, max(since, self.earliest)
        if self.wish:
            since, until = max(since, self.wish[0]), min(until, self.wish[1])
        return Wanted(since, max(since, until), self.minutes, self.place)


def question(
    uow: UnitOfWork, order: WorkOrder, travel: Travel, earliest: datetime, *, window: Window | None = None,
    wish: Window | None = None, holder: str | None = None, also: str | None = None,
) -> Question:  # fmt: skip
    minutes = work_minutes(order.category_code, order.service_type, uow.today)
    return Question(
        order, job_of(uow, order), minutes, place_of(order), earliest, travel, window, wish, holder, also
    )  # fmt: skip


def compare(uow: UnitOfWork, asked: Question) -> list[Line]:
    """Every candidate, those who can first and the best of them on top."""
    lines = [
        Line(replace(who, holds=True) if who.engineer_id == asked.holder else who)
        for who in candidates_for(uow, asked.order, asked.job, also=asked.also)
    ]
    looked = 0
    for ahead in BATCHES:
        if span := asked.days(looked, ahead):
            look(uow, asked, [line for line in lines if line.window is None], span)
        if any(line.window for line in lines):
            break
        looked = ahead
    weigh(uow, asked, [line for line in lines if line.window])
    return sorted(lines, key=lambda line: (line.window is None, -line.score, len(line.objections)))


def look(uow: UnitOfWork, asked: Question, lines: Sequence[Line], span: Sequence[date]) -> None:
    """Find each one's first chance within these days, or write down what speaks against the first of them.

    Whoever may not do it on any of the days costs nothing more; and a day is read only of those who found none before it.
    """
    bare = [Today(day, uow.now, window=asked.window) for day in span]
    hopeful = []
    for line in lines:
        against = objections(asked.job, line.who, bare[0])
        if not against or any(not objections(asked.job, line.who, day) for day in bare[1:]):
            hopeful.append(line)
        else:
            line.objections = line.objections or against
    missed: dict[str, Miss] = {}
    for on in span:
        left = [line for line in hopeful if line.window is None]
        days = days_of(uow, [line.who.engineer_id for line in left], on, on + ONE)
        wanted = asked.wanted(on)
        for line in left:
            day = days.get((line.who.engineer_id, on))
            if day is not None and (miss := chance_on(uow, asked, line, day, wanted)) is not None:
                missed.setdefault(line.who.engineer_id, miss)
    for line in hopeful:
        if line.window is None and not line.objections and line.who.engineer_id in missed:
            line.objections = missed[line.who.engineer_id].objections(asked, line.who)


@dataclass
class Miss:
    """A day on which somebody cannot: why is worked out only if they cannot on any other either."""

    seen: Today
    day: Day
    wanted: Wanted
    earliest: datetime

    def objections(self, asked: Question, who: Candidate) -> tuple[Objection, ...]:
        seen = self.seen
        if seen.no_room == UNSAID:
            seen = replace(seen, no_room=why_not(self.day, self.wanted, asked.travel, self.earliest)[1])
        against = objections(asked.job, who, seen)
        if who.engineer_id in asked.but:
            against = (*against, Objection("room", "这个时间刚被别的单占用"))
        if who.engineer_id == asked.without and "asked_before" not in {one.code for one in against}:
            against = (*against, Objection("asked_before", "刚从这位工程师手上改派"))
        return plainer(against)


def chance_on(uow: UnitOfWork, asked: Question, line: Line, day: Day, wanted: Wanted) -> Miss | None:
    """Give the line its window of that day, or say what is in the way."""
    who = line.who
    found = None if who.holds else fit(day, wanted, asked.travel, asked.earliest)
    starts = found.starts_at if found else kept_at(day, asked.order.id) or wanted.window_since
    earliest = asked.earliest
    if found and asked.window is None and asked.earliest > uow.now and day.day == uow.today:
        # Reserving works the day out from now on, not from when the answer is due: it must fit then as well.
        wanted, earliest = Wanted(*narrowed(starts, asked.order), asked.minutes, asked.place), uow.now
        found = found if fit(day, wanted, asked.travel, earliest) else None
    no_room = away(day, asked.order.id) if who.holds else None if found else UNSAID
    seen = Today(
        day.day, uow.now, bool(day.hours), bool(day.leave), day.taken, day.most, asked.window or slot(starts), no_room
    )  # fmt: skip
    if no_room or who.engineer_id in asked.but or who.engineer_id == asked.without or objections(asked.job, who, seen):
        return Miss(seen, day, wanted, earliest)
    line.objections = ()
    line.window = asked.window or narrowed(starts, asked.order)
    line.chance = Chance(starts, found.extra_minutes if found else 0, day.taken, day.most, 0)
    return None


def kept_at(day: Day, order_id: str) -> datetime | None:
    """When the plan has them at this job."""
    return next((stop.starts_at for stop in day.stops if stop.work_order_id == order_id), None)


def away(day: Day, order_id: str) -> str | None:
    """Whether leave came over the time that is kept."""
    for stop in day.stops:
        if stop.work_order_id == order_id and stop.starts_at:
            ends = stop.starts_at + timedelta(minutes=stop.minutes)
            if any(since < ends and (stop.leaves_at or stop.starts_at) < until for since, until in day.leave):
                return "这个时段请假"
    return None


def plainer(against: tuple[Objection, ...]) -> tuple[Objection, ...]:
    """Who is not at work, or full, has no room either: saying so once is enough."""
    told = {one.code for one in against}
    return tuple(one for one in against if one.code != "room" or not told & {"works", "capacity"})


def slot(starts: datetime) -> Window:
    """The window of the day's grid that this moment lies in."""
    at = starts.astimezone(SHANGHAI)
    since = at.replace(hour=at.hour // WINDOW_HOURS * WINDOW_HOURS, minute=0, second=0, microsecond=0)
    return since.astimezone(starts.tzinfo), (since + timedelta(hours=WINDOW_HOURS)).astimezone(starts.tzinfo)


def narrowed(starts: datetime, order: WorkOrder) -> Window:
    """The customer's wish, where it holds the moment and is narrow enough to plan with; else the grid's window."""
    since, until = order.wanted_since, order.wanted_until
    if since and until and since <= starts <= until and until - since <= WIDE:
        return since, until
    return slot(starts)


def weigh(uow: UnitOfWork, asked: Question, lines: Sequence[Line]) -> None:
    """Give those who can their points, compared with the soonest."""
    soonest = min((line.chance.starts_at for line in lines if line.chance), default=asked.earliest)
    for line in lines:
        if line.chance:
            later = int((line.chance.starts_at - soonest) / timedelta(minutes=1))
            line.chance = replace(line.chance, later_minutes=later)
            line.points = points(asked.job, line.who, line.chance, uow.today)


def why_nobody(lines: Sequence[Line]) -> str:
    """The code of why there is no chance: the nearer anybody was, the more exact."""
    if not lines:
        return NO_COVERAGE
    against = [{one.code for one in line.objections} for line in lines]
    if any(codes <= ABOUT_TIME for codes in against):
        return NO_ROOM
    if any(codes <= ABOUT_TIME | {"asked_before"} for codes in against):
        return ALL_REFUSED
    return NOBODY_ABLE


def words_of(lines: Sequence[Line], code: str, titles: Mapping[str, str]) -> str:
    """What the queue shows: the reason, and the objection most of the candidates share."""
    counts: dict[str, int] = {}
    for line in lines:
        for one in line.objections:
            counts[one.words] = counts.get(one.words, 0) + 1
    most = max(counts, key=lambda words: counts[words], default="")
    return f"{titles[code]}（共 {len(lines)} 人，{counts[most]} 人{most}）" if most else titles[code]
