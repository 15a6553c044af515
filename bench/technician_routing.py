"""Pillac's technician routing and scheduling instances: visits served, and how far the driving is from the best known.

``python -m bench.technician_routing DATA`` (or ``DATA=…``): every ``routing/technician_routing*.jsonl`` below DATA. A technician
has skills, tools and spare parts, begins and ends at home, and may pass the depot once: tools and parts are all there.
The engine is the one day plans are made with (`domain.dispatch.optimizer`); only what a route may be is this bench's own.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from domain.capacity.route import Span
from domain.capacity.travel import ROADS
from domain.dispatch.day_plan import Problem, Route, Task, Timed, Worker
from domain.dispatch.optimizer import Solved, improved, inserted

UNIT = 100
"""Hundredths of the instances' unit of time and length, which are the same."""
SECONDS = 40.0
"""Of looking for something better, an instance."""


@dataclass
class Instance(Problem):
    """Home, depot and visits in a plane. Workers and tasks carry only names and windows; the rest is in the row."""

    row: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.seconds = []

    @cached_property
    def points(self) -> list[tuple[float, float]]:
        rows = [*self.row["technicians"], *self.row["requests"], self.row["depot"]]
        return [(row["x"], row["y"]) for row in rows]

    @cached_property
    def ways(self) -> list[list[int]]:
        return [[round(UNIT * math.dist(a, b)) for b in self.points] for a in self.points]

    @cached_property
    def technicians(self) -> dict[str, dict[str, Any]]:
        return {f"t{row['id']}": row for row in self.row["technicians"]}

    @cached_property
    def requests(self) -> dict[str, dict[str, Any]]:
        return {f"r{row['id']}": row for row in self.row["requests"]}

    def _timed(self, worker: Worker, order: tuple[str, ...]) -> Route | None:
        """With the depot where it costs least, if it has to be passed at all."""
        if any(worker.id not in self.task[name].whom for name in order):
            return None
        last = self.enough_for(worker.id, order)
        if last is None:
            return self.driven(worker, order, None)
        routes = [route for at in range(last + 1) if (route := self.driven(worker, order, at)) is not None]
        return min(routes, key=lambda route: sum(stop.way for stop in route), default=None)

    def enough_for(self, worker_id: str, order: Sequence[str]) -> int | None:
        """The first visit the technician's own tools and parts do not do for; None when they do for all."""
        has = self.technicians[worker_id]
        used: Counter[int] = Counter()
        for i, name in enumerate(order):
            needs = self.requests[name]
            used.update(dict(enumerate(needs["parts"])))
            short = any(used[kind] > count for kind, count in enumerate(has["parts"]))
            if short or not set(needs["tools"]) <= set(has["tools"]):
                return i
        return None

    def driven(self, worker: Worker, order: Sequence[str], depot_at: int | None) -> Route | None:
        """From home through all visits and home again; before the visit ``depot_at`` through the depot."""
        home, depot = self.index["worker", worker.id], len(self.points) - 1
        stops: list[tuple[str, int]] = [(name, self.index["task", name]) for name in order]
        if depot_at is not None:
            stops.insert(depot_at, ("", depot))
        found, at, ready = [], home, worker.first
        for name, place in [*stops, ("", home)]:
            way, task = self.ways[at][place], self.task.get(name)
            starts = ready + way
            if task is not None:
                starts = max(starts, task.since)
                if starts > task.until:
                    return None
            ends = starts + (task.minutes if task else 0)
            found.append(Timed(name, starts - way, starts, ends, way))
            at, ready = place, ends
        return tuple(found) if order and ready <= worker.spans[0].until else None if order else ()

    def extra(self, worker_id: str, order: Sequence[str], task_id: str) -> list[int]:
        """With the way home."""
        ways, home, new = self.ways, self.index["worker", worker_id], self.index["task", task_id]
        found = super().extra(worker_id, order, task_id)
        last = self.index["task", order[-1]] if order else home
        return [*found[:-1], ways[last][new] + ways[new][home] - ways[last][home]]


def read(row: dict[str, Any]) -> Instance:
    workers = [
        Worker(f"t{one['id']}", (Span(UNIT * one["window"][0], UNIT * one["window"][1]),), None, len(row["requests"]))
        for one in row["technicians"]
    ]
    tasks = [
        Task(
            f"r{one['id']}", UNIT * one["window"][0], UNIT * one["window"][1], round(UNIT * one["service"]), None,
            frozenset(f"t{who['id']}" for who in row["technicians"] if set(one["skills"]) <= set(who["skills"])),
        )
        for one in row["requests"]
    ]  # fmt: skip
    return Instance(workers, tasks, ROADS, row=row)


def solve(instance: Instance, seconds: float) -> Solved:
    """All visits put in one after the other, those first whose window closes first, then made better."""
    until = time.monotonic() + seconds
    first = sorted(instance.task.values(), key=lambda task: (len(task.whom), task.until))
    found = inserted(instance, {}, [task.id for task in first])
    return improved(instance, found, until, most=10**9, patience=10**9)


def figures(data: Path, seconds: float) -> Iterator[dict[str, Any]]:
    gaps, served, all_requests, restocks = [], 0, 0, 0
    for path in sorted(data.glob("routing/technician_routing*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            instance = read(json.loads(line))
            found = solve(instance, seconds)
            figure = measured(instance, found)
            yield figure
            served, all_requests = served + figure["served"], all_requests + figure["requests"]
            restocks += figure["restocks"]
            gaps.append((figure["gap_distance"], figure["gap_duration"]))
    if gaps:
        distances, durations = zip(*gaps, strict=True)
        yield {
            "figure": "technician_routing", "instances": len(gaps), "served": served, "requests": all_requests,
            "restocks": restocks, "gap_distance_mean": round(sum(distances) / len(gaps), 4),
            "gap_distance_most": max(distances), "gap_duration_mean": round(sum(durations) / len(gaps), 4), "seconds_each": seconds,
        }  # fmt: skip


def measured(instance: Instance, found: Solved) -> dict[str, Any]:
    routes = [instance.route(who, order) or () for who, order in found.orders.items() if order]
    distance = sum(stop.way for route in routes for stop in route) / UNIT
    duration = sum(working(instance, route) for route in routes) / UNIT
    known = instance.row["best_known"]
    return {
        "figure": "technician_routing_instance", "name": instance.row["name"], "requests": len(instance.tasks),
        "served": len(instance.tasks) - len(found.left), "technicians": len(routes),
        "restocks": sum(not stop.task_id for route in routes for stop in route[:-1]),
        "distance": round(distance, 1), "duration": round(duration, 1), **{f"best_{k}": v for k, v in known.items()},
        "gap_distance": round(distance / known["distance"] - 1, 4),
        "gap_duration": round(duration / known["duration"] - 1, 4),
    }  # fmt: skip


def working(instance: Instance, route: Route) -> float:
    """From leaving home as late as can be without coming home later: what the best known durations count."""
    late = route[-1].starts
    for stop, after in zip(reversed(route[:-1]), reversed(route), strict=False):
        task = instance.task.get(stop.task_id)
        late = min(late - after.way - (stop.ends - stop.starts), task.until if task else late)
    return route[-1].ends - (late - route[0].way)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.technician_routing", description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", default=os.environ.get("DATA", ""), type=Path, help="folder of the sets")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="an instance")
    told = parser.parse_args()
    any_found = False
    for figure in figures(told.data, told.seconds):
        any_found = True
        print(json.dumps(figure, ensure_ascii=False), flush=True)
    if not any_found:
        parser.error(f"no routing/technician_routing*.jsonl below {told.data}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
