"""The judgement of the dispatch chaos: it must see what it is there to see."""

from __future__ import annotations

from bench.chaos_dispatch import broken


def test_every_order_once_is_as_promised() -> None:
    rows = [("wo_1", 1, 0, 0, 1), ("wo_2", 0, 1, 0, 1), ("wo_3", 0, 0, 1, 0)]
    assert broken(rows, ["wo_1", "wo_2", "wo_3"], 0) == []


def test_what_is_lost_doubled_or_left_is_named() -> None:
    rows = [("wo_1", 0, 0, 0, 0), ("wo_2", 1, 0, 1, 1), ("wo_3", 1, 0, 0, 2)]
    assert broken(rows, ["wo_1", "wo_2", "wo_3", "wo_4"], 3) == [
        "4 orders were opened, 3 are there",
        "wo_1: asks 0, has 0, waits 0",
        "wo_2: asks 1, has 0, waits 1",
        "wo_3: 2 times are kept for 1 engineers",
        "3 events are still under way",
    ]
