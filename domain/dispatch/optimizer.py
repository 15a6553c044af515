"""Finds whom a day's visits go to and in which order: `best` for the whole day, `inserted` for one more. Pure.

VROOM (`domain.dispatch.routing`) proposes; what it times otherwise than we do is put right here, and made better while
there is time. Nothing that stands is lost: where a better order would leave a visit out, the day stays as it is.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from domain.dispatch.day_plan import Orders, Problem

SEED = 4
ROUTES, STRING = 4, 8
"""Routes out of which visits are taken at a time, and how many in a row at most."""
BLINK = 0.05
"""How often a place is passed over, so that the next try is another one."""
WORSE = 0.02
"""A day worse than the best by so much may still lead to a better one; less and less as time runs out."""

Lists = dict[str, list[str]]


@dataclass(frozen=True)
class Solved:
    orders: dict[str, tuple[str, ...]]
    left: tuple[str, ...]
    """Tasks nobody can do."""
    minutes: int
    """On the road."""

    @property
    def rank(self) -> tuple[int, int]:
        return len(self.left), self.minutes


def best(problem: Problem, stands: Orders, *, exploration: int = 5, seconds: float = 12.0) -> Solved:
    """The whole day anew. ``stands`` is the day as it is: whatever is in it will be in the result. Takes about ``seconds``,
    or less where nothing is to be gained."""
    from domain.dispatch.routing import proposed  # VROOM brings pandas along, which only planners need

    until = time.monotonic() + seconds
    found = repaired(problem, proposed(problem, exploration, seconds / 2))
    found = improved(problem, found, until)
    kept = repaired(problem, stands)
    lost = set(found.left) & {task_id for order in stands.values() for task_id in order}
    return kept if lost or found.rank >= kept.rank else found


def inserted(problem: Problem, stands: Orders, task_ids: Sequence[str]) -> Solved:
    """The day as it stands with these put where they cost least; all others stay, unless one has to give way for it."""
    orders: Lists = {worker.id: list(stands.get(worker.id, ())) for worker in problem.workers}
    left = [name for name in task_ids if not put(problem, orders, name) and not exchanged(problem, orders, name)]
    return solved(problem, orders, left)


def repaired(problem: Problem, orders: Orders) -> Solved:
    """As near to these orders as can be kept: what does not fit goes where it costs least."""
    kept: Lists = {worker.id: [] for worker in problem.workers}
    for worker_id, order in orders.items():
        for task_id in order:
            if problem.route(worker_id, [*kept[worker_id], task_id]) is not None:
                kept[worker_id].append(task_id)
    out = {task.id for task in problem.tasks} - {name for order in kept.values() for name in order}
    hardest = sorted(out, key=lambda name: (len(problem.task[name].whom), problem.task[name].until, name))
    return inserted(problem, kept, hardest)


def improved(problem: Problem, found: Solved, until: float, *, most: int = 20_000, patience: int = 3_000) -> Solved:
    """Take visits that lie together out and put them back better, again and again, until the moment ``until``."""
    chance, start = Random(SEED), time.monotonic()
    at = top = found
    idle = 0
    for _ in range(most):
        now = time.monotonic()
        if now >= until or idle >= patience or not problem.tasks:
            break
        tried = shaken(problem, at, chance)
        idle += 1
        allowed = top.minutes * (1 + WORSE * (until - now) / max(until - start, 0.001))
        if len(tried.left) < len(at.left) or (len(tried.left) == len(at.left) and tried.minutes <= allowed):
            at = tried
        if at.rank < top.rank:
            top, idle = at, 0
    return top


def shaken(problem: Problem, found: Solved, chance: Random) -> Solved:
    """Rows of visits near one another taken out of some routes, and put in again in a changed order.

    After Christiaens and Vanden Berghe, Slack Induction by String Removals (2020).
    """
    orders: Lists = {worker_id: list(order) for worker_id, order in found.orders.items()}
    whose = {name: worker_id for worker_id, order in orders.items() for name in order}
    out, touched = list(found.left), set[str]()
    most = chance.randint(1, ROUTES)
    for name in problem.near(chance.choice(found.left) if found.left else chance.choice(problem.tasks).id):
        if len(touched) == most:
            break
        if name in whose and whose[name] not in touched:
            touched.add(whose[name])
            out += taken_out(orders[whose[name]], name, chance)
    chance.shuffle(out)
    first = chance.random()
    if first < 0.3:
        out.sort(key=lambda name: len(problem.task[name].whom))
    elif first < 0.6:
        out.sort(key=lambda name: problem.task[name].until - problem.task[name].since)
    left = [name for name in out if not put(problem, orders, name, chance)]
    return solved(problem, orders, left)


def taken_out(order: list[str], name: str, chance: Random) -> list[str]:
    """A row of visits with this one in it; they are gone from the order."""
    length = chance.randint(1, min(STRING, len(order)))
    at = order.index(name)
    first = chance.randint(max(0, at - length + 1), min(at, len(order) - length))
    row = order[first : first + length]
    del order[first : first + length]
    return row


def solved(problem: Problem, orders: Mapping[str, Sequence[str]], left: Iterable[str]) -> Solved:
    plain = {worker_id: tuple(order) for worker_id, order in orders.items()}
    return Solved(plain, tuple(left), problem.driving(plain))


def put(problem: Problem, orders: Lists, task_id: str, chance: Random | None = None) -> bool:
    """Put it where it costs least driving; False when it fits nowhere."""
    places = [
        (cost, worker_id, at)
        for worker_id in problem.task[task_id].whom
        if worker_id in orders
        for at, cost in enumerate(problem.extra(worker_id, orders[worker_id], task_id))
    ]
    for _, worker_id, at in sorted(places):
        if chance and chance.random() < BLINK:
            continue
        order = orders[worker_id]
        tried = [*order[:at], task_id, *order[at:]]
        if problem.route(worker_id, tried) is not None:
            orders[worker_id] = tried
            return True
    return False


def exchanged(problem: Problem, orders: Lists, task_id: str) -> bool:
    """Put it in another's place, if that one fits elsewhere."""
    for worker_id in sorted(problem.task[task_id].whom & orders.keys()):
        whole = orders[worker_id]
        for other in whole:
            only = {worker_id: [name for name in whole if name != other]}
            if put(problem, only, task_id):
                orders[worker_id] = only[worker_id]
                if put(problem, orders, other):
                    return True
                orders[worker_id] = whole
    return False
