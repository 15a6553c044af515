"""What a day asks for, and how long an order of visits takes. Pure; everything is in minutes after midnight.

Time is counted as `domain.capacity.route` does, so that what is found can be written down. Finding an order is
`domain.dispatch.optimizer`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from domain.capacity.route import Span, Step, earliest_start
from domain.capacity.travel import Travel
from domain.regions.positions import Position

RESTOCK_MINUTES = 10
"""At the station, to fetch parts."""
Orders = Mapping[str, Sequence[str]]
"""Worker → the tasks, in order."""


@dataclass(frozen=True)
class Worker:
    """``base`` is where the engineer is from minute ``first`` on: at home, or at the last visit that is not to be moved."""

    id: str
    spans: tuple[Span, ...]
    base: Position | None
    most: int
    first: float = 0.0


@dataclass(frozen=True)
class Task:
    """A visit that begins within ``[since, until]`` and lasts ``minutes``, by one of ``whom``.

    ``fetch``: a part has to be fetched there before, on the same day.
    """

    id: str
    since: float
    until: float
    minutes: int
    place: Position | None
    whom: frozenset[str]
    fetch: Position | None = None


@dataclass(frozen=True)
class Timed:
    """One stop of a route. Without a task it is a restock; ``way`` is in minutes."""

    task_id: str
    leaves: float
    starts: float
    ends: float
    way: int


Route = tuple[Timed, ...]


@dataclass
class Problem:
    workers: Sequence[Worker]
    tasks: Sequence[Task]
    travel: Travel
    seconds: list[list[int]] = field(default_factory=list)
    """From each of `places` to each."""
    known: dict[tuple[str, tuple[str, ...]], Route | None] = field(default_factory=dict, repr=False)
    costs: dict[tuple[str, tuple[str, ...]], int] = field(default_factory=dict, repr=False)
    nearest: dict[str, list[str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.seconds = self.travel.matrix(self.places)
        for i, a in enumerate(self.places):
            for j, b in enumerate(self.places):
                if i != j and a is b:  # two visits at one place, or nobody knows where: not the same visit
                    self.seconds[i][j] = self.travel.minutes(a, b) * 60

    @cached_property
    def ways(self) -> list[list[int]]:
        """`seconds` in minutes, rounded up."""
        return [[-(-way // 60) for way in row] for row in self.seconds]

    @cached_property
    def depots(self) -> list[Position]:
        return list(dict.fromkeys(task.fetch for task in self.tasks if task.fetch))

    @cached_property
    def places(self) -> list[Position | None]:
        """Of the workers, then of the tasks, then where parts are."""
        return [*(worker.base for worker in self.workers), *(task.place for task in self.tasks), *self.depots]

    @cached_property
    def task(self) -> dict[str, Task]:
        return {task.id: task for task in self.tasks}

    @cached_property
    def worker(self) -> dict[str, Worker]:
        return {worker.id: worker for worker in self.workers}

    @cached_property
    def index(self) -> dict[object, int]:
        """Where in `places` a worker, a task or a depot is: by ``("worker", id)``, ``("task", id)``, or its position."""
        keys: list[object] = [("worker", worker.id) for worker in self.workers]
        return {key: i for i, key in enumerate([*keys, *(("task", task.id) for task in self.tasks), *self.depots])}

    @cached_property
    def task_at(self) -> dict[str, int]:
        """The same for tasks alone: asked a million times."""
        return {task.id: self.index["task", task.id] for task in self.tasks}

    def near(self, task_id: str) -> list[str]:
        """All tasks, those that lie nearest first."""
        if task_id not in self.nearest:
            row = self.ways[self.index["task", task_id]]
            self.nearest[task_id] = sorted(self.task, key=lambda name: row[self.index["task", name]])
        return self.nearest[task_id]

    def route(self, worker_id: str, order: Sequence[str]) -> Route | None:
        """The worker's day in that order, everything as early as can be; None when it cannot be kept."""
        key = worker_id, tuple(order)
        if key not in self.known:
            self.known[key] = self._timed(self.worker[worker_id], key[1])
        return self.known[key]

    def _timed(self, worker: Worker, order: tuple[str, ...]) -> Route | None:
        if len(order) > worker.most:
            return None
        found: list[Timed] = []
        ready, at = worker.first, self.index["worker", worker.id]
        fetched: set[Position] = set()
        for task in (self.task[task_id] for task_id in order):
            if worker.id not in task.whom:
                return None
            stops = [(task.id, Step(task.since, task.until, task.minutes, task.place), self.index["task", task.id])]
            if task.fetch and task.fetch not in fetched:
                # All that lies there for the day is fetched at once, right before the first visit that needs it.
                fetched.add(task.fetch)
                step = Step(0.0, 24 * 60.0, RESTOCK_MINUTES, task.fetch)
                stops.insert(0, ("", step, self.index[task.fetch]))
            for name, step, place in stops:
                way = self.ways[at][place]
                starts = earliest_start(worker.spans, step, ready, way)
                if starts is None:
                    return None
                found.append(Timed(name, starts - way, starts, starts + step.minutes, way))
                ready, at = starts + step.minutes, place
        return tuple(found)

    def forget(self) -> None:
        """What was worked out holds no more: a task was changed."""
        self.known.clear()
        self.costs.clear()

    def driving(self, orders: Orders) -> int:
        """Minutes on the road; of orders that can be kept."""
        return sum(self.cost(worker_id, order) for worker_id, order in orders.items())

    def cost(self, worker_id: str, order: Sequence[str]) -> int:
        key = worker_id, tuple(order)
        if key not in self.costs:
            self.costs[key] = sum(stop.way for stop in self.route(worker_id, order) or ())
        return self.costs[key]

    def extra(self, worker_id: str, order: Sequence[str], task_id: str) -> list[int]:
        """What the task would cost at each place of the order, if it could be kept; a guess where parts are fetched."""
        where, ways = self.task_at, self.ways
        new = where[task_id]
        to, stops = ways[new], [self.index["worker", worker_id], *[where[name] for name in order]]
        gaps = [ways[a][new] + to[b] - ways[a][b] for a, b in pairwise(stops)]
        return [*gaps, ways[stops[-1]][new]]
