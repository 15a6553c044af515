"""What engineers are doing, and where they were last: with consent, without a track, in a constant number of queries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from domain.capacity.operations import take_leave
from domain.dispatch.operations import answer_offer
from domain.dispatch.whereabouts import Doing, Whereabouts, whereabouts
from domain.engineers import whereabouts as positions
from domain.engineers.model import LastPosition
from domain.kit.actors import Actor, Role
from domain.regions.positions import Position
from domain.work_orders.operations import move_visit
from tests.domain.dispatch.asking import DISPATCHER, World
from tests.runtime import Clock

HERE, THERE = Position(22.8, 113.25), Position(22.81, 113.26)


def of(world: World, who: str = "an") -> Whereabouts:
    with world.runtime.transaction() as uow:
        return whereabouts(uow, [world.network.engineers[who]])[world.network.engineers[who]]


def me(world: World, who: str = "an") -> Actor:
    return Actor(Role.ENGINEER, world.network.engineers[who])


def note(world: World, position: Position, how: str) -> None:
    with world.runtime.transaction() as uow:
        positions.note_position(uow, world.network.an, position, how, by=me(world))


def test_from_free_to_the_customers_door(world: World) -> None:
    assert (of(world).doing, of(world).title) == (Doing.FREE, "空闲")
    order_id = world.dispatched()
    who = world.asked(order_id)
    assert of(world, who).doing is Doing.OFFERED
    offer, visit = world.offer(order_id), world.visit(order_id)
    assert offer is not None
    assert visit is not None
    with world.runtime.transaction() as uow:
        answer_offer(uow, offer.id, "accept", by=me(world, who))
    assert of(world, who).doing is Doing.FREE
    for move, doing in (("depart", Doing.ON_THE_WAY), ("check_in", Doing.AT_CUSTOMER)):
        with world.runtime.transaction() as uow:
            move_visit(uow, visit.id, move, by=me(world, who))
        assert (of(world, who).doing, of(world, who).work_order_id) == (doing, order_id)


def test_leave_and_the_end_of_the_shift(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        take_leave(uow, world.network.an, uow.now, uow.now + timedelta(hours=1), kind="leave", by=DISPATCHER)
    assert of(world).doing is Doing.ON_LEAVE
    clock.at = datetime(2026, 5, 12, 14, 0, tzinfo=UTC)
    assert of(world).doing is Doing.OFF_SHIFT


def test_the_app_is_heard_with_consent_only_and_forgotten_without(world: World) -> None:
    with pytest.raises(positions.NotAgreed):
        note(world, HERE, positions.APP)
    with world.runtime.transaction() as uow:
        positions.agree_to_positions(uow, world.network.an, True, by=me(world))
    note(world, HERE, positions.APP)
    assert of(world).seen is not None
    with world.runtime.transaction() as uow:
        positions.agree_to_positions(uow, world.network.an, False, by=me(world))
    assert of(world).seen is None
    note(world, THERE, positions.CHECK_IN)
    seen = of(world).seen
    assert seen is not None
    assert seen.position == THERE, "checking in is part of the work"


def test_one_row_written_over_with_its_age(world: World, clock: Clock) -> None:
    note(world, HERE, positions.DEPARTURE)
    clock.at += timedelta(minutes=20)
    note(world, THERE, positions.CHECK_IN)
    clock.at += timedelta(minutes=5)
    found = of(world)
    assert found.seen is not None
    assert (found.seen.position, found.seen.how, found.age) == (THERE, "check_in", timedelta(minutes=5))
    with world.runtime.transaction() as uow:
        assert len(uow.session.scalars(select(LastPosition)).all()) == 1


def test_everybody_costs_as_many_queries_as_one(world: World) -> None:
    world.dispatched()
    counts = []
    for ids in (list(world.network.engineers.values())[:1], list(world.network.engineers.values())):
        with world.runtime.transaction() as uow:
            asked: list[str] = []

            def count(*told: object, asked: list[str] = asked) -> None:
                asked.append(str(told[2]))

            connection = uow.session.connection()
            event.listen(connection, "before_cursor_execute", count)
            found = whereabouts(uow, ids)
            event.remove(connection, "before_cursor_execute", count)
            assert len(found) == len(ids)
            counts.append(len(asked))
    assert counts[0] == counts[1] > 0
