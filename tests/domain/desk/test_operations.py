"""The desk: one task a waiting customer, taken by one, worked off in the order asked."""

from __future__ import annotations

import pytest

from domain.desk import board
from domain.desk import operations as desk
from domain.desk.lifecycle import TaskStatus
from domain.desk.model import DeskTask
from domain.kit.actors import Actor, Role
from domain.kit.errors import NotFound, Refused
from domain.kit.lifecycle import MoveRefused
from domain.kit.unit_of_work import Runtime
from tests.brand import Brand, brand_in
from tests.runtime import Clock, at_once

ANNA, BEN = Actor(Role.STAFF, "st_anna"), Actor(Role.STAFF, "st_ben")
WANG = Actor(Role.CUSTOMER, "oWang")


@pytest.fixture
def brand(runtime: Runtime) -> Brand:
    return brand_in(runtime)


def ask(runtime: Runtime, brand: Brand, openid: str = "oWang") -> tuple[DeskTask, bool]:
    with runtime.transaction() as uow:
        return desk.ask_for_person(
            uow,
            by=WANG,
            brand_id=brand.voice.brand_id,
            account_id=brand.voice.account_id,
            openid=openid,
            words="要人工",
        )


def move(runtime: Runtime, task: DeskTask, name: str, by: Actor = ANNA) -> DeskTask:
    with runtime.transaction() as uow:
        return desk.move_task(uow, task.id, name, by=by)


def test_asking_again_while_waiting_is_one_task(runtime: Runtime, brand: Brand) -> None:
    (task, is_new), (same, is_newer) = ask(runtime, brand), ask(runtime, brand)
    assert (is_new, is_newer, same.id) == (True, False, task.id)
    assert ask(runtime, brand, "oLi")[1] is True
    move(runtime, task, "finish")
    assert ask(runtime, brand)[1] is True, "a done one is over"


def test_a_task_is_claimed_dropped_and_done(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    task, _ = ask(runtime, brand)
    assert move(runtime, task, "claim").claimed_by == "st_anna"
    with pytest.raises(Refused, match="接手"):
        move(runtime, task, "claim", BEN)
    dropped = move(runtime, task, "drop")
    assert (dropped.status, dropped.claimed_by) == (TaskStatus.WAITING, None)
    move(runtime, task, "claim", BEN)
    clock.advance(minutes=5)
    done = move(runtime, task, "finish", BEN)
    assert (done.status, done.done_at) == (TaskStatus.DONE, clock.at)
    with pytest.raises(MoveRefused):
        move(runtime, task, "claim")


def test_the_customer_may_finish_but_not_claim(runtime: Runtime, brand: Brand) -> None:
    task, _ = ask(runtime, brand)
    with pytest.raises(MoveRefused, match="您不能接手"):
        move(runtime, task, "claim", WANG)
    assert move(runtime, task, "finish", WANG).status is TaskStatus.DONE


def test_of_many_who_claim_at_once_one_has_it(fresh_runtime: Runtime) -> None:
    task, _ = ask(fresh_runtime, brand_in(fresh_runtime))
    done = at_once(5, lambda index: move(fresh_runtime, task, "claim", Actor(Role.STAFF, f"st_{index}")))
    assert [isinstance(one, DeskTask) for one in done].count(True) == 1
    assert [isinstance(one, Refused) for one in done].count(True) == 4


def test_the_board_shows_the_longest_waiting_first(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    tasks = []
    for openid in ("oWang", "oLi", "oChen"):
        tasks.append(ask(runtime, brand, openid)[0])
        clock.advance(minutes=1)
    move(runtime, tasks[1], "claim")
    move(runtime, tasks[2], "finish")
    with runtime.transaction() as uow:
        assert [task.id for task in board.open_tasks(uow)] == [tasks[0].id, tasks[1].id]
        assert list(board.open_tasks(uow, kind="transfer")) == []
        assert [task.id for task in board.done_tasks(uow)] == [tasks[2].id]


def test_a_task_that_does_not_exist(runtime: Runtime, brand: Brand) -> None:
    with runtime.transaction() as uow, pytest.raises(NotFound, match="没有找到这条待办"):
        desk.move_task(uow, "dt_none", "claim", by=ANNA)
