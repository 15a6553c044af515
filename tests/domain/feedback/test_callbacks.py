"""Calls after the work: who is called, one call one agent, rounds, and the promise of 72 hours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy import select, text

from domain.feedback import callbacks, policies
from domain.feedback.callbacks import BadRound, Round, claim, claim_next, note_round, put_back
from domain.feedback.lifecycle import CLAIMED, DONE, DROPPED, WAITING
from domain.feedback.model import Callback, CallbackRound
from domain.feedback.ratings import Given, rate, rating_of
from domain.kit.actors import Actor, Role
from domain.kit.errors import Conflict
from domain.kit.lifecycle import MoveRefused
from domain.kit.unit_of_work import Runtime
from domain.service_levels.keeping import put_defaults
from domain.service_levels.model import Clock as ServiceClock
from domain.work_orders.kinds import ServiceType
from domain.work_orders.operations import move_order
from jobs.feedback import stop_needless_clocks
from tests.domain.feedback.world import STAFF, World, world_in
from tests.jobs.doing import jobs_with
from tests.runtime import Clock, at_once

LI, WANG = Actor(Role.STAFF, "st_li"), Actor(Role.STAFF, "st_wang")
YES = Round("answered", {"solved": "yes", "stars": "5"})


@pytest.fixture
def world(runtime: Runtime) -> World:
    return world_in(runtime)


def installed(world: World) -> str:
    """Every installation is called about."""
    order_id = world.finished(service=ServiceType.INSTALL)
    world.settle()
    return order_id


def of(world: World, order_id: str) -> Callback | None:
    with world.runtime.transaction() as uow:
        return uow.session.scalars(select(Callback).filter_by(work_order_id=order_id)).first()


def take(world: World, by: Actor = LI) -> Callback | None:
    with world.runtime.transaction() as uow:
        return claim_next(uow, by=by)


def note(world: World, callback: Callback, made: Round, by: Actor = LI) -> Callback:
    with world.runtime.transaction() as uow:
        return note_round(uow, callback.id, made, by=by)


def test_an_installation_is_called_about_the_next_day_and_within_72_hours(world: World, clock: Clock) -> None:
    order_id = installed(world)
    planned = of(world, order_id)
    assert planned is not None
    assert (planned.status, planned.reason) == (WAITING, "installed")
    assert planned.next_at == clock() + timedelta(hours=24)
    assert planned.due_at == clock() + timedelta(hours=72)
    assert take(world) is None, "not before its time"
    clock.advance(hours=24)
    found = take(world)
    assert found is not None
    assert (found.id, found.status, found.claimed_by) == (planned.id, CLAIMED, "st_li")


def test_of_two_agents_at_once_each_has_another_call(fresh_runtime: Runtime, clock: Clock) -> None:
    world = world_in(fresh_runtime)
    for _ in range(3):
        installed(world)
    clock.advance(hours=25)
    results = at_once(5, lambda n: take(world, Actor(Role.STAFF, f"st_{n}")))
    found = [one.id for one in results if one is not None]
    assert not [one for one in results if isinstance(one, Exception)]
    assert len(found) == len(set(found)) == 3


def test_a_call_that_is_being_taken_holds_nobody_up(fresh_runtime: Runtime, clock: Clock) -> None:
    world = world_in(fresh_runtime)
    for _ in range(2):
        installed(world)
    clock.advance(hours=25)
    with fresh_runtime.transaction() as one, fresh_runtime.transaction() as other:
        first = claim_next(one, by=LI)
        other.session.execute(text("SET LOCAL lock_timeout = '1s'"))
        second = claim_next(other, by=WANG)
        assert first is not None
        assert second is not None
        assert first.id != second.id


def test_asking_again_gives_the_call_one_has_and_what_was_left_goes_to_others(world: World, clock: Clock) -> None:
    installed(world)
    clock.advance(hours=25)
    mine = take(world)
    again = take(world)
    assert mine is not None
    assert again is not None
    assert mine.id == again.id
    assert take(world, WANG) is None
    with world.runtime.transaction() as uow, pytest.raises(Conflict):
        claim(uow, mine.id, by=WANG)
    clock.advance(minutes=31)
    found = take(world, WANG)
    assert found is not None
    assert (found.id, found.claimed_by) == (mine.id, "st_wang")
    with pytest.raises(Conflict):
        note(world, mine, YES)


def test_put_back_it_is_anybodys(world: World, clock: Clock) -> None:
    installed(world)
    clock.advance(hours=25)
    mine = take(world)
    assert mine is not None
    with world.runtime.transaction() as uow:
        put_back(uow, mine.id, by=LI)
    found = take(world, WANG)
    assert found is not None
    assert found.id == mine.id


def test_three_vain_rounds_end_it_and_each_names_the_next_time(world: World, clock: Clock) -> None:
    order_id = installed(world)
    for number in range(1, 4):
        clock.advance(hours=30)
        mine = take(world)
        assert mine is not None, number
        after = note(world, mine, Round("no_answer"))
        assert after.rounds == number
        if number < 3:
            assert after.status is WAITING
            assert after.next_at > clock()
    ended = of(world, order_id)
    assert ended is not None
    assert (ended.status, ended.outcome) == (DONE, "unreachable")
    with world.runtime.transaction() as uow:
        rounds = uow.session.scalars(select(CallbackRound).order_by(CallbackRound.seq)).all()
        assert [(one.seq, one.result) for one in rounds] == [(1, "no_answer"), (2, "no_answer"), (3, "no_answer")]


def test_later_wants_a_date_and_keeps_it(world: World, clock: Clock) -> None:
    installed(world)
    clock.advance(hours=25)
    mine = take(world)
    assert mine is not None
    with pytest.raises(BadRound, match="下次"):
        note(world, mine, Round("later"))
    with pytest.raises(BadRound, match="之后"):
        note(world, mine, Round("later", next_at=clock() - timedelta(hours=1)))
    tomorrow = clock() + timedelta(days=1)
    assert note(world, mine, Round("later", next_at=tomorrow)).next_at == tomorrow
    assert take(world) is None


@pytest.mark.parametrize(
    "made",
    [Round("answered"), Round("shouted"), Round("answered", {"stars": "9"}), Round("answered", {"colour": "red"})],
)
def test_what_came_of_a_call_must_be_something(world: World, clock: Clock, made: Round) -> None:
    installed(world)
    clock.advance(hours=25)
    mine = take(world)
    assert mine is not None
    with pytest.raises(BadRound):
        note(world, mine, made)


def test_what_is_said_on_the_phone_is_the_rating_and_few_stars_have_their_consequence(
    world: World, clock: Clock
) -> None:
    order_id = installed(world)
    clock.advance(hours=25)
    mine = take(world)
    assert mine is not None
    ended = note(world, mine, Round("answered", {"solved": "no", "stars": "2"}, "遥控没反应"))
    assert (ended.outcome, ended.answers) == ("dissatisfied", {"solved": "no", "stars": "2"})
    world.settle()
    with world.runtime.transaction() as uow:
        rating = rating_of(uow, order_id)
        assert rating is not None
        assert (rating.stars, rating.solved, rating.via, rating.decided) == (2, False, "callback", "rectify")


def test_a_rating_that_stands_is_left_alone_by_the_call(world: World, clock: Clock) -> None:
    order_id = world.finished()
    with world.runtime.transaction() as uow:
        rate(uow, order_id, Given(1, "page", tags=("rude",)), by=world.customer)
    world.settle()
    mine = take(world)
    assert mine is not None
    assert mine.reason == "low", "whoever gave few stars is called at once"
    ended = note(world, mine, Round("answered", {"solved": "yes", "stars": "4"}))
    assert ended.status is DONE
    with world.runtime.transaction() as uow:
        stands = rating_of(uow, order_id)
        assert stands is not None
        assert stands.stars == 1


def test_a_good_rating_spares_the_call_and_a_bad_one_hastens_it(world: World, clock: Clock) -> None:
    good, bad = installed(world), installed(world)
    with world.runtime.transaction() as uow:
        rate(uow, good, Given(5, "page"), by=world.customer)
        rate(uow, bad, Given(1, "page", tags=("rude",)), by=world.customer)
    world.settle()
    spared, hastened = of(world, good), of(world, bad)
    assert spared is not None
    assert hastened is not None
    assert (spared.status, spared.outcome) == (DROPPED, "needless")
    assert (hastened.status, hastened.reason, hastened.next_at) == (WAITING, "low", clock())


def test_an_order_that_goes_on_is_called_about_when_it_is_finished_again(world: World, clock: Clock) -> None:
    order_id = installed(world)
    with world.runtime.transaction() as uow:
        move_order(uow, order_id, "send_back", by=STAFF, why="照片不清")
    world.settle()
    dropped = of(world, order_id)
    assert dropped is not None
    assert dropped.status is DROPPED
    clock.advance(hours=5)
    with world.runtime.transaction() as uow:
        move_order(uow, order_id, "finish", by=STAFF)
    world.settle()
    again = of(world, order_id)
    assert again is not None
    assert (again.status, again.rounds, again.ended_at) == (WAITING, 0, None)
    assert again.due_at == clock() + timedelta(hours=72)


def test_only_what_waits_is_noted(world: World, clock: Clock) -> None:
    installed(world)
    clock.advance(hours=25)
    mine = take(world)
    assert mine is not None
    note(world, mine, YES)
    with pytest.raises(MoveRefused):
        note(world, mine, YES)


def test_the_promise_to_call_is_kept_by_the_call_and_stops_where_none_is_wanted(
    world: World, clock: Clock, valkey: Redis
) -> None:
    with world.runtime.transaction() as uow:
        put_defaults(uow)
    called, not_called = installed(world), next(
        one for one in (world.finished() for _ in range(20)) if not policies.call_for(one, ServiceType.REPAIR, rectifies=False)
    )  # fmt: skip
    world.settle()
    clock.advance(hours=25)
    mine = take(world)
    assert mine is not None
    note(world, mine, YES)
    world.settle()
    stop_needless_clocks(jobs_with(world.runtime, valkey))
    with world.runtime.transaction() as uow:
        stands = {
            one.work_order_id: str(one.status)
            for one in uow.session.scalars(select(ServiceClock).filter_by(clock="callback"))
        }
    assert stands[called] == "met"
    assert stands[not_called] == "void"
    assert timedelta(hours=1) > callbacks.SETTLED
