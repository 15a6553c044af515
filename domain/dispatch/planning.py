"""From a day as it was read to the best order of it. Pure, takes seconds: no transaction is open meanwhile."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.capacity.day import Day
from domain.capacity.route import Route, Span
from domain.capacity.travel import ROADS, Travel
from domain.dispatch.day_plan import Problem, Task, Timed, Worker
from domain.dispatch.optimizer import Solved, best, inserted
from domain.dispatch.plan_reading import WANTED, Asked, Item
from domain.regions.positions import metres

WINDOW = 120
"""Minutes of the windows visits are promised in; an hour that is free becomes the one it falls into."""
DETOUR = ROADS.detour
TOO_TIGHT = "按预计路程，这一天现在的安排就排不开，保持原样"
NO_PLACE = "当天排不进去"
Seen = dict[str, object]


@dataclass(frozen=True)
class Proposed:
    """One engineer's day as proposed: ``stops`` as `PlanRoute.stops` keeps them."""

    engineer_id: str
    stops: list[Seen]
    metres: int


@dataclass(frozen=True)
class Proposal:
    routes: list[Proposed]
    left: list[Seen]
    """What stays as it is or finds no place: visit_id, work_order_id, engineer_id, words."""
    metres_before: int
    metres_after: int
    seconds: float


def optimise(asked: Asked, travel: Travel = ROADS, *, exploration: int = 5, seconds: float = 10.0) -> Proposal:
    """The whole day put into the best order; a new order in it finds its place where it costs least."""
    began = time.monotonic()
    problem, stands, left = problem_of(asked, travel)
    new = [key for key in problem.task if key.startswith(WANTED)]
    found = inserted(problem, stands, new) if new else best(problem, stands, exploration=exploration, seconds=seconds)
    settle_hours(asked, problem, found)
    left += [said(asked.items[key], NO_PLACE) for key in found.left]
    routes = [
        proposed(asked, problem, who, order)
        for who, order in sorted(found.orders.items())
        if order != stands.get(who, ()) or not new
        if order or stands.get(who)
    ]
    before = sum(length(problem, who, order) for who, order in stands.items())
    after = sum(length(problem, who, order) for who, order in found.orders.items())
    return Proposal(routes, left, before, after, time.monotonic() - began)


def problem_of(asked: Asked, travel: Travel) -> tuple[Problem, dict[str, tuple[str, ...]], list[Seen]]:
    """Whoever's day cannot be kept as it is counted here, or is over, stays as it is and out of the plan."""
    left: list[Seen] = []
    people = list(asked.days)
    while True:
        workers = [worker_of(asked, asked.days[who]) for who in people]
        tasks = [
            task_of(asked, item)
            for item in asked.items.values()
            if not item.stop.fixed and (item.engineer_id in people or not item.engineer_id)
        ]
        problem = Problem(workers, tasks, travel)
        stands = {who: standing_order(asked, who) for who in people}
        tight = {who for who, order in stands.items() if problem.route(who, order) is None}
        if not tight:
            return problem, stands, left
        left += [said(item, TOO_TIGHT) for who in sorted(tight) for item in asked.of(who) if not item.stop.fixed]
        people = [who for who in people if who not in tight]


def standing_order(asked: Asked, who: str) -> tuple[str, ...]:
    day = asked.days[who]
    free = [item for item in asked.of(who) if not item.stop.fixed]
    return tuple(item.key for item in sorted(free, key=lambda item: Route.key(day.step(item.stop))))


def worker_of(asked: Asked, day: Day) -> Worker:
    """From where the last fixed visit ends, or from home; never before now."""
    spans = tuple(Span(day.minute(since), day.minute(until)) for since, until in day.hours)
    fixed = [(day.minute(stop.starts_at) + stop.minutes, stop) for stop in day.stops if stop.fixed and stop.starts_at]
    first = max([0.0, float(-(-day.minute(asked.now) // 1)), *(end for end, _ in fixed)])
    base = max(fixed, key=lambda pair: pair[0])[1].place if fixed else day.base
    return Worker(day.engineer_id, spans, base, day.most - sum(stop.fixed for stop in day.stops), first)


def task_of(asked: Asked, item: Item) -> Task:
    day = next(iter(asked.days.values()))
    stop = item.stop
    since, until = day.minute(stop.window_since), day.minute(stop.window_until)
    if item.hour_is_free:
        since, until = 0.0, 24 * 60.0
        wish = [day.minute(at) for at in item.wish] if item.wish else []
        if wish and wish[0] < 24 * 60 and wish[1] > 0 and wish[0] < wish[1]:
            since, until = max(0.0, wish[0]), min(24 * 60.0, wish[1])
        if not item.key.startswith(WANTED):  # as it stands must always do
            since, until = min(since, day.minute(stop.window_since)), max(until, day.minute(stop.window_until))
    return Task(item.key, since, until, stop.minutes, stop.place, item.whom, item.fetch)


def settle_hours(asked: Asked, problem: Problem, found: Solved) -> None:
    """Where an hour was free, stay within the hours that stand if the route bears it, else within one window."""
    for who, order in found.orders.items():
        for key in order:
            item = asked.items[key]
            if not item.hour_is_free:
                continue
            day = next(iter(asked.days.values()))
            now = day.minute(item.stop.window_since), day.minute(item.stop.window_until)
            starts = next(stop.starts for stop in problem.route(who, order) or () if stop.task_id == key)
            hour = starts // WINDOW * WINDOW
            for since, until in [*([] if key.startswith(WANTED) else [now]), (hour, hour + WINDOW)]:
                wide = problem.task[key]
                problem.task[key] = replace(wide, since=max(since, wide.since), until=min(until, wide.until))
                problem.forget()
                if problem.route(who, order) is not None:
                    break
                problem.task[key] = wide
                problem.forget()


def proposed(asked: Asked, problem: Problem, who: str, order: Sequence[str]) -> Proposed:
    stops = [seen(asked, asked.days[who], timed) for timed in problem.route(who, order) or ()]
    return Proposed(who, stops, length(problem, who, order))


def seen(asked: Asked, day: Day, timed: Timed) -> Seen:
    times: Seen = {
        "leaves_at": day.moment(timed.leaves).isoformat(),
        "starts_at": day.moment(timed.starts).isoformat(),
        "ends_at": day.moment(timed.ends).isoformat(),
        "minutes_away": timed.way,
    }
    if not timed.task_id:
        return {"kind": "restock", **times}
    item = asked.items[timed.task_id]
    window = item.stop.window_since, item.stop.window_until
    if item.key.startswith(WANTED) or not window[0] <= day.moment(timed.starts) <= window[1]:
        hour = timed.starts // WINDOW * WINDOW
        window = day.moment(hour), day.moment(hour + WINDOW)
    return {
        "kind": "visit", "reservation_id": item.stop.reservation_id, "visit_id": item.stop.visit_id,
        "work_order_id": item.stop.work_order_id, "was": item.engineer_id, "minutes": item.stop.minutes,
        "window_since": window[0].isoformat(), "window_until": window[1].isoformat(),
        "moved": item.engineer_id != day.engineer_id or window != (item.stop.window_since, item.stop.window_until),
        **times,
    }  # fmt: skip


def said(item: Item, words: str) -> Seen:
    return {
        "visit_id": item.stop.visit_id, "work_order_id": item.stop.work_order_id, "engineer_id": item.engineer_id,
        "words": words,
    }  # fmt: skip


def length(problem: Problem, who: str, order: Sequence[str]) -> int:
    """Metres by road."""
    stops = [problem.task[key] for key in order]
    places = [problem.worker[who].base, *(place for task in stops for place in (task.fetch, task.place))]
    known = [place for place in places if place]
    return round(sum(metres(a, b) for a, b in pairwise(known)) * DETOUR)
