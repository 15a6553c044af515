"""A day of 200 visits by 20 engineers: how long planning takes, and how far the driving is from VROOM's own best.

Compared with pyvroom at exploration 5 over the same matrix. Seeded; every visit can be served.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from typing import Any

from domain.capacity.route import Span
from domain.capacity.travel import ROADS
from domain.dispatch.day_plan import Orders, Problem, Task, Worker
from domain.dispatch.optimizer import best, inserted
from domain.regions.positions import Position

HOURS = (Span(8 * 60, 12 * 60), Span(13 * 60, 20 * 60))
WINDOWS = tuple((hour * 60, hour * 60 + 120) for hour in (8, 10, 13, 15, 17))
KINDS = 6
WITHIN, WHOLE_SECONDS, INSERT_SECONDS = 1.03, 15.0, 1.0


def day(visits: int, engineers: int, seed: int) -> Problem:
    """顺德 and around. Six kinds of work, of which everybody can do four; half of the visits have a promised window."""
    chance = random.Random(seed)

    def somewhere() -> Position:
        return Position(22.72 + chance.random() * 0.22, 113.12 + chance.random() * 0.22)

    able = [set(chance.sample(range(KINDS), 4)) for _ in range(engineers)]
    workers = [Worker(f"en{i}", HOURS, somewhere(), 12) for i in range(engineers)]
    tasks = []
    for i in range(visits):
        since, until = chance.choice(WINDOWS) if chance.random() < 0.5 else (8 * 60, 20 * 60)
        kind = chance.randrange(KINDS)
        whom = frozenset(worker.id for worker, kinds in zip(workers, able, strict=True) if kind in kinds)
        tasks.append(Task(f"vi{i}", since, until, chance.choice((25, 30, 40)), somewhere(), whom))
    return Problem(workers, tasks, ROADS)


def reference(problem: Problem) -> tuple[int, int, float]:
    """What VROOM says by itself: visits left out, minutes of driving, seconds."""
    from datetime import timedelta

    import vroom

    from domain.dispatch import routing

    asked = vroom.Input()
    asked.set_durations_matrix("car", problem.seconds)
    groups = {whom: i for i, whom in enumerate(dict.fromkeys(task.whom for task in problem.tasks))}
    for number, worker in enumerate(problem.workers):
        asked.add_vehicle(routing.vehicle(problem, number, worker, groups, 0))
    for number, task in enumerate(problem.tasks):
        asked.add_job(routing.job(problem, number, task, groups[task.whom]))
    began = time.perf_counter()
    answer = asked.solve(5, nb_threads=routing.THREADS, timeout=timedelta(minutes=5))
    return answer.summary.unassigned, answer.summary.duration // 60, time.perf_counter() - began


def figures(quick: bool) -> Iterator[dict[str, Any]]:
    visits, engineers = (60, 6) if quick else (200, 20)
    for seed in (1,) if quick else (1, 2, 3):
        problem = day(visits, engineers, seed)
        left, minutes, seconds = reference(problem)
        began = time.perf_counter()
        ours = best(problem, {})
        took = time.perf_counter() - began
        ratio = ours.minutes / minutes
        yield {
            "figure": "plan_whole", "visits": visits, "engineers": engineers, "seed": seed, "seconds": round(took, 2),
            "left": len(ours.left), "minutes": ours.minutes, "vroom_left": left, "vroom_minutes": minutes,
            "vroom_seconds": round(seconds, 2), "ratio": round(ratio, 4),
            "ok": not ours.left and ratio <= WITHIN and took <= WHOLE_SECONDS,
        }  # fmt: skip
        yield insertions(problem, ours.orders, minutes, seed, 5 if quick else 20)


def insertions(problem: Problem, orders: Orders, minutes: int, seed: int, times: int) -> dict[str, Any]:
    """Visits taken out of the plan and put in again, one at a time: against VROOM's best for the whole day."""
    chance, took, ratios, left = random.Random(seed), [], [], 0
    for task in chance.sample(list(problem.tasks), times):
        without = {worker: [name for name in order if name != task.id] for worker, order in orders.items()}
        fresh = Problem(problem.workers, problem.tasks, problem.travel)
        began = time.perf_counter()
        found = inserted(fresh, without, [task.id])
        took.append(time.perf_counter() - began)
        ratios.append(found.minutes / minutes)
        left += len(found.left)
    return {
        "figure": "plan_insert", "seed": seed, "insertions": times, "seconds_median": round(statistics.median(took), 3),
        "seconds_most": round(max(took), 3), "left": left, "ratio_most": round(max(ratios), 4),
        "ok": left == 0 and max(took) <= INSERT_SECONDS and max(ratios) <= WITHIN,
    }  # fmt: skip
