"""Asks VROOM (pyvroom) for the best routes of a `Problem`. Imported only where a plan is made: it brings pandas along.

Engineers are vehicles, visits jobs; who may do a visit becomes a skill; the pause between two shifts is a break at its hour.
A visit that needs a part from the station is a shipment from there.
"""

from __future__ import annotations

from datetime import timedelta

import vroom

from domain.dispatch.day_plan import RESTOCK_MINUTES, Orders, Problem, Task, Worker

DAY = 24 * 3600
THREADS = 2


def proposed(problem: Problem, exploration: int, seconds: float) -> Orders:
    """Worker → tasks in order. What VROOM leaves out, or times a little otherwise than we do, the caller puts right."""
    workers = [worker for worker in problem.workers if worker.spans and worker.most > 0]
    if not workers or not problem.tasks:
        return {}
    asked = vroom.Input()
    asked.set_durations_matrix("car", problem.seconds)
    groups = {whom: i for i, whom in enumerate(dict.fromkeys(task.whom for task in problem.tasks))}
    fetches = sum(task.fetch is not None for task in problem.tasks)
    for number, worker in enumerate(workers):
        asked.add_vehicle(vehicle(problem, number, worker, groups, fetches))
    for number, task in enumerate(problem.tasks):
        asked.add_job(job(problem, number, task, groups[task.whom]))
    answer = asked.solve(exploration, nb_threads=THREADS, timeout=timedelta(seconds=seconds))
    orders: dict[str, list[str]] = {worker.id: [] for worker in workers}
    for stop in answer.routes.itertuples():
        if stop.type in ("job", "delivery"):
            orders[workers[stop.vehicle_id].id].append(problem.tasks[int(stop.id)].id)
    return orders


def vehicle(
    problem: Problem, number: int, worker: Worker, groups: dict[frozenset[str], int], fetches: int
) -> vroom.Vehicle:
    since = max(worker.first, worker.spans[0].since)
    until = max(worker.spans[-1].until, since)
    pauses = [
        vroom.Break(
            number * 10 + i, time_windows=[(round(before.until * 60), round(before.until * 60))],
            service=round((after.since - before.until) * 60),
        )
        for i, (before, after) in enumerate(zip(worker.spans, worker.spans[1:], strict=False))
        if before.until >= since
    ]  # fmt: skip
    return vroom.Vehicle(
        number, start=problem.index["worker", worker.id], breaks=pauses,
        skills={group for whom, group in groups.items() if worker.id in whom},
        time_window=(round(since * 60), round(until * 60)), max_tasks=worker.most + fetches, capacity=[fetches],
    )  # fmt: skip


def job(problem: Problem, number: int, task: Task, group: int) -> vroom.Job | vroom.Shipment:
    window = [(max(0, round(task.since * 60)), max(0, round(task.until * 60)))]
    place, service = problem.index["task", task.id], task.minutes * 60
    if task.fetch is None:
        return vroom.Job(
            number, place, default_service=service, skills={group}, time_windows=window, delivery=[0], pickup=[0]
        )
    return vroom.Shipment(
        vroom.ShipmentStep(number, problem.index[task.fetch], default_setup=RESTOCK_MINUTES * 60),
        vroom.ShipmentStep(number, place, default_service=service, time_windows=window),
        amount=[1],
        skills={group},
    )
