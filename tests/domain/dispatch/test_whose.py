"""Whose an order is while it waits, and after it went to another provider: seen with the scopes of both."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from console.narrowing import seen_by
from domain.access.model import TrailEntry
from domain.dispatch.model import Decision, Offer, WaitingOrder
from domain.engineers.model import Skill
from domain.kit.scope import Scope, see_only
from domain.work_orders.model import Visit, VisitEngineer, VisitMove, WorkOrder, WorkOrderMove
from domain.work_orders.operations import put_responsible
from tests.domain.dispatch.asking import World, follow
from tests.domain.work_orders.opening import STAFF

HISTORY = (WorkOrder, WorkOrderMove, Visit, VisitEngineer, VisitMove, Decision, Offer, WaitingOrder)


def seen(world: World, provider_id: str, table: type[Any]) -> int:
    with world.runtime.transaction() as uow:
        see_only(uow.session, seen_by(Scope(provider_id=provider_id)))
        return len(uow.session.scalars(select(table)).all())


def test_an_order_nobody_can_come_for_waits_with_the_provider_whose_cell_it_is(world: World) -> None:
    with world.runtime.transaction() as uow:
        uow.session.execute(delete(Skill))
    order_id = world.dispatched()
    waits = world.waits(order_id)
    assert waits
    near, others = world.network.near, (world.network.second, world.network.own)
    assert waits.provider_id == world.row(order_id).provider_id == near
    assert seen(world, near, WaitingOrder) == seen(world, near, WorkOrder) == seen(world, near, Decision) == 1
    for other in others:
        assert seen(world, other, WaitingOrder) == seen(world, other, WorkOrder) == 0


def test_of_an_order_that_went_away_the_provider_before_sees_nothing(world: World) -> None:
    order_id = world.dispatched()
    near, other = world.network.near, world.network.second
    before = [seen(world, near, table) for table in HISTORY]
    assert before[0] == 1
    assert seen(world, near, TrailEntry)
    with world.runtime.transaction() as uow:
        put_responsible(uow, uow.get(WorkOrder, order_id, called=""), other, None, by=STAFF)
    follow(world)
    assert [seen(world, near, table) for table in HISTORY] == [0] * len(HISTORY)
    assert not seen(world, near, TrailEntry)
    assert [seen(world, other, table) for table in HISTORY] == before
