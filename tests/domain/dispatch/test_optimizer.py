"""Days are put in order: promises hold, nobody is in two places, and what stands is never lost."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.capacity.route import Span
from domain.capacity.travel import ROADS
from domain.dispatch.day_plan import Orders, Problem, Task, Worker
from domain.dispatch.optimizer import Solved, best, inserted
from domain.regions.positions import Position

HOURS = (Span(8 * 60, 12 * 60), Span(13 * 60, 20 * 60))
PLACES = st.builds(Position, st.floats(22.7, 22.9), st.floats(113.1, 113.3))
STATION = Position(22.8, 113.2)


@st.composite
def days(draw: st.DrawFn) -> Problem:
    """Up to three engineers and ten visits, some promised to an hour, some for one engineer, some needing a part."""
    workers = [
        Worker(f"en{i}", HOURS[: draw(st.integers(1, 2))], draw(PLACES), draw(st.integers(1, 6)))
        for i in range(draw(st.integers(1, 3)))
    ]
    names = [worker.id for worker in workers]
    tasks = []
    for i in range(draw(st.integers(0, 10))):
        since = draw(st.sampled_from((8, 10, 12, 14, 16, 18))) * 60
        whole = draw(st.booleans())
        whom = frozenset(draw(st.sets(st.sampled_from(names), min_size=1)))
        fetch = STATION if draw(st.integers(0, 4)) == 0 else None
        window = (0, 24 * 60) if whole else (since, since + 120)
        tasks.append(Task(f"vi{i}", *window, draw(st.sampled_from((30, 60, 120))), draw(PLACES), whom, fetch))
    return Problem(workers, tasks, ROADS)


def as_it_stands(problem: Problem) -> Orders:
    """A day as dispatch would have filled it: one visit after the other."""
    return inserted(problem, {}, [task.id for task in problem.tasks]).orders


def check(problem: Problem, found: Solved) -> None:
    placed = [name for order in found.orders.values() for name in order]
    assert sorted([*placed, *found.left]) == sorted(task.id for task in problem.tasks), "each once, or left"
    for who, order in found.orders.items():
        worker, route = problem.worker[who], problem.route(who, order)
        assert route is not None
        assert len(order) <= worker.most
        for stop in route:
            assert any(since <= stop.leaves and stop.ends <= until for since, until in worker.spans), "in hours"
            if stop.task_id:
                task = problem.task[stop.task_id]
                assert task.since <= stop.starts <= task.until, "the promise"
                assert who in task.whom
        for before, after in pairwise(route):
            assert before.ends <= after.leaves
        fetched = False
        for stop in route:
            fetched = fetched or not stop.task_id
            assert fetched or not (stop.task_id and problem.task[stop.task_id].fetch), "the part is fetched before"


@given(days())
@settings(max_examples=25, deadline=None)
def test_whatever_the_day_promises_hold_and_nothing_that_stands_is_lost(problem: Problem) -> None:
    stands = as_it_stands(problem)
    found = best(problem, stands, exploration=1, seconds=0.05)
    check(problem, found)
    assert {name for order in stands.values() for name in order}.isdisjoint(found.left)
    assert (len(found.left), found.minutes) <= (
        len(problem.tasks) - sum(map(len, stands.values())),
        problem.driving(stands),
    ), "never worse than it was"


@given(days())
@settings(max_examples=50, deadline=None)
def test_a_visit_put_in_moves_no_promise(problem: Problem) -> None:
    check(problem, inserted(problem, {}, [task.id for task in problem.tasks]))


def test_room_is_made_by_somebody_who_can_go_elsewhere() -> None:
    """Both may do the first, only en0 the second: it takes the first one's place."""
    both, only = frozenset({"en0", "en1"}), frozenset({"en0"})
    workers = [Worker(name, HOURS, STATION, 1) for name in sorted(both)]
    tasks = [Task("first", 480, 600, 60, STATION, both), Task("second", 480, 600, 60, STATION, only)]
    found = inserted(Problem(workers, tasks, ROADS), {"en0": ("first",)}, ["second"])
    assert found.orders == {"en0": ("second",), "en1": ("first",)}


def test_a_part_is_fetched_once_for_all_who_need_it() -> None:
    worker = Worker("en0", HOURS, STATION, 5)
    tasks = [
        Task(f"vi{i}", 480, 1200, 30, Position(22.8 + i / 100, 113.2), frozenset({"en0"}), STATION) for i in range(3)
    ]
    problem = Problem([worker], tasks, ROADS)
    found = best(problem, {}, exploration=1, seconds=0.1)
    route = problem.route("en0", found.orders["en0"])
    assert route is not None
    assert [bool(stop.task_id) for stop in route] == [False, True, True, True]


def test_one_more_visit_in_a_large_day_takes_less_than_a_second() -> None:
    from bench.plan import day

    problem = day(120, 12, 1)
    names = [task.id for task in problem.tasks]
    stands = inserted(problem, {}, names[:-1]).orders
    fresh = Problem(problem.workers, problem.tasks, ROADS)
    began = time.monotonic()
    inserted(fresh, stands, names[-1:])
    assert time.monotonic() - began < 20  # half a second on a quiet machine; what tries everything takes a minute
