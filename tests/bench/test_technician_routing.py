"""Routes of the technician instances: skills are a must, the depot is passed when tools or parts run out, then home."""

from __future__ import annotations

from typing import Any

from bench.technician_routing import UNIT, measured, read, solve


def place(id_: int, x: float, window: tuple[float, float] = (0, 100), **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "x": x,
        "y": 0.0,
        "window": window,
        "service": 0.0,
        "skills": [],
        "tools": [],
        "parts": [0],
        **more,
    }


def instance(*requests: dict[str, Any], **technician: Any) -> dict[str, Any]:
    known = {"duration": 20.0, "distance": 20.0}
    return {
        "name": "small", "depot": place(0, 5), "technicians": [place(1, 0, **technician)], "requests": list(requests),
        "best_known": known,
    }  # fmt: skip


def test_with_parts_and_tools_straight_there_and_home() -> None:
    small = read(instance(place(2, 10, parts=[1], tools=[3]), parts=[1], tools=[3]))
    figure = measured(small, solve(small, 0.05))
    assert (figure["served"], figure["restocks"], figure["distance"], figure["gap_distance"]) == (1, 0, 20.0, 0.0)


def test_what_runs_out_is_fetched_once_before_it_is_needed() -> None:
    small = read(instance(place(2, 2, parts=[1]), place(3, 10, parts=[1]), place(4, 12, parts=[1]), parts=[1]))
    found = solve(small, 0.05)
    route = small.route("t1", found.orders["t1"])
    assert route is not None
    assert measured(small, found)["restocks"] == 1
    assert sum(stop.way for stop in route) == 24 * UNIT, "the depot lies on the way"


def test_without_the_skill_or_the_time_it_is_not_served() -> None:
    small = read(instance(place(2, 10, skills=[7]), place(3, 50, window=(0, 10))))
    assert measured(small, solve(small, 0.05))["served"] == 0


def test_waiting_is_counted_from_the_latest_departure_that_does() -> None:
    small = read(instance(place(2, 10, window=(50, 60))))
    assert measured(small, solve(small, 0.05))["duration"] == 20.0
