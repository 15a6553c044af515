"""Lives are tables: whatever is tried in whatever order, nothing moves but along a row, and a refusal changes nothing."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain
from domain.kit.actors import Role
from domain.kit.lifecycle import Deadline, Lifecycle, Move, MoveRefused, Need


def every_lifecycle() -> dict[str, Lifecycle[Any]]:
    """All that the product has: the tables of the modules called ``lifecycle``."""
    found = {}
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        if module.name.endswith(".lifecycle"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, Lifecycle):
                    found[name] = value
    return found


LIFECYCLES = every_lifecycle()


@dataclass
class Thing:
    status: Any


def test_the_orders_and_visits_of_the_product_are_found() -> None:
    assert {"ORDERS", "VISITS", "TRANSFERS", "TASKS"} <= set(LIFECYCLES)


@given(st.data())
@pytest.mark.parametrize("name", LIFECYCLES)
def test_a_random_walk_keeps_to_the_table(name: str, data: st.DataObject) -> None:
    table = LIFECYCLES[name]
    thing = Thing(table.start)
    names = st.sampled_from([*table.moves, "no_such_move"])
    for move, role, why in data.draw(
        st.lists(st.tuples(names, st.sampled_from(Role), st.sampled_from(["", " ", "客户要求"])), max_size=12)
    ):
        before, row = thing.status, table.moves.get(move)
        allowed = row is not None and row in table.allowed(before, role) and (not row.reason or bool(why.strip()))
        if row is not None and allowed:
            assert table.move(thing, move, role, why=why) == (before, row.to) == (before, thing.status)
        else:
            with pytest.raises(MoveRefused):
                table.move(thing, move, role, why=why)
            assert thing.status is before


@pytest.mark.parametrize("name", LIFECYCLES)
def test_every_life_ends_and_its_ends_are_final(name: str) -> None:
    table = LIFECYCLES[name]
    assert table.ends()
    for state in table.ends():
        further = [move for role in Role for move in table.allowed(state, role)]
        assert all(move.amends for move in further), "a state that anything else leads out of is no end"
        assert all(move.reason or move.by == {Role.SYSTEM} for move in further), "whoever takes an end back says why"
    reaches = set(table.ends())
    for _ in table.titles:
        reaches |= {state for move in table.moves.values() if move.to in reaches for state in move.frm}
    assert reaches == set(table.titles), "there is a way to an end from everywhere"


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


RED, GREEN = Light
TITLES = {RED: "红灯", GREEN: "绿灯"}
GO = Move("go", "放行", {RED}, GREEN, {Role.STAFF})


def test_refusals_are_in_the_persons_words() -> None:
    key = Need("key", "插钥匙", lambda thing: False)
    table = Lifecycle(
        RED,
        TITLES,
        [
            GO,
            Move("stop", "拦下", {GREEN}, RED, {Role.STAFF}, [key]),
            Move("off", "关", {RED}, RED, {Role.STAFF}, (), True),
        ],
    )
    light = Thing(RED)
    for name, role, words in (
        ("fly", Role.STAFF, "没有“fly”这个操作"),
        ("go", Role.CUSTOMER, "您不能放行"),
        ("stop", Role.STAFF, "当前是“红灯”，不能拦下"),
        ("off", Role.STAFF, "关请写明原因"),
    ):
        with pytest.raises(MoveRefused, match=words):
            table.move(light, name, role)
    table.move(light, "go", Role.STAFF)
    with pytest.raises(MoveRefused, match="拦下前请先插钥匙"):
        table.move(light, "stop", Role.STAFF)
    assert light.status is GREEN


def test_a_table_that_cannot_be_right_is_refused_at_import() -> None:
    with pytest.raises(ValueError, match="no title"):
        Lifecycle(RED, {RED: "红灯"}, [GO])
    with pytest.raises(ValueError, match="no move leads to"):
        Lifecycle(RED, TITLES, [])
    with pytest.raises(ValueError, match="may not do"):
        Lifecycle(RED, TITLES, [GO], [Deadline(RED, timedelta(hours=1), "go")])


def test_the_diagram_says_what_the_table_says() -> None:
    assert Lifecycle(RED, TITLES, [GO]).mermaid().splitlines() == [
        "stateDiagram-v2",
        "    red : 红灯 red",
        "    green : 绿灯 green",
        "    [*] --> red",
        "    red --> green: 放行 go",
        "    green --> [*]",
    ]
