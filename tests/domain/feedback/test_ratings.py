"""Rating an order: once, by whoever it was done for, while it is open for that; and what follows from few stars."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.customers.operations import new_customer
from domain.desk.model import DeskTask
from domain.dispatch.candidates import candidates_for, job_of
from domain.dispatch.facts import Today
from domain.dispatch.rules import objections
from domain.engineers.model import Engineer
from domain.feedback.consequences import NothingToRectify, decide, rectify, undecided
from domain.feedback.links import may_rate, path_to_rate
from domain.feedback.model import Complaint, Rating, RatingEngineer
from domain.feedback.ratings import (
    BadRating,
    CannotRate,
    Given,
    RatedAlready,
    amend,
    open_for_rating,
    rate,
    rating_of,
)
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import NotFound
from domain.kit.unit_of_work import Runtime
from domain.notices.model import OutgoingMessage
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import move_order
from domain.work_orders.rectifying import rectification_of
from domain.work_orders.visits import move_visit, standing_visit
from tests.domain.feedback.world import STAFF, World, world_in
from tests.runtime import Clock, at_once

GOOD, BAD = Given(5, "page"), Given(2, "page", tags=("careless",))


@pytest.fixture
def world(runtime: Runtime) -> World:
    return world_in(runtime)


def give(world: World, order_id: str, given: Given = GOOD, by: Actor | None = None) -> Rating:
    with world.runtime.transaction() as uow:
        return rate(uow, order_id, given, by=by or world.customer)


def rectifications(world: World) -> list[WorkOrder]:
    with world.runtime.transaction() as uow:
        return list(uow.session.scalars(select(WorkOrder).where(WorkOrder.rectifies_id.isnot(None))))


def test_an_order_is_rated_once_and_what_stands_is_said(world: World) -> None:
    order_id = world.finished()
    give(world, order_id)
    with pytest.raises(RatedAlready, match="5 星"):
        give(world, order_id, Given(1, "chat"))
    with world.runtime.transaction() as uow:
        stands = rating_of(uow, order_id)
        assert stands is not None
        assert (stands.stars, stands.decided) == (5, "none")
        assert not open_for_rating(uow, uow.get(WorkOrder, order_id, called=""))


def test_two_taps_at_once_are_one_rating(fresh_runtime: Runtime) -> None:
    world = world_in(fresh_runtime)
    order_id = world.finished()
    results = at_once(4, lambda n: give(world, order_id, Given(n + 1, "chat")))
    assert sum(isinstance(one, Rating) for one in results) == 1
    assert sum(isinstance(one, RatedAlready) for one in results) == 3


def test_only_what_is_done_and_not_long_ago_can_be_rated(world: World, clock: Clock) -> None:
    with world.runtime.transaction() as uow:
        order_id = world.open(uow).id
    with pytest.raises(CannotRate, match="完工后"):
        give(world, order_id)
    with world.runtime.transaction() as uow:
        world.finish(uow, uow.get(WorkOrder, order_id, called=""), {world.network.an: 100})
        move_order(uow, order_id, "send_back", by=STAFF, why="照片不清")
    with pytest.raises(CannotRate, match="还在处理"):
        give(world, order_id)
    with world.runtime.transaction() as uow:
        move_order(uow, order_id, "finish", by=STAFF)
    clock.advance(days=15, minutes=1)
    with pytest.raises(CannotRate, match="15 天"):
        give(world, order_id)


def test_nobody_rates_an_order_of_somebody_else(world: World) -> None:
    order_id = world.finished()
    with world.runtime.transaction() as uow:
        other = new_customer(uow, world.brand.voice.brand_id)
    with pytest.raises(NotFound):
        give(world, order_id, by=Actor(Role.CUSTOMER, other.id))


@pytest.mark.parametrize(
    "given",
    [Given(0, "page"), Given(6, "page"), Given(5, "page", {"skill": 9}), Given(5, "page", {"beauty": 5}),
     Given(5, "page", tags=("handsome",)), Given(5, "page", words="好" * 501)],
)  # fmt: skip
def test_what_cannot_be_is_refused(world: World, given: Given) -> None:
    with pytest.raises(BadRating):
        give(world, world.finished(), given)


def test_words_may_be_added_for_a_day_and_stars_stand(world: World, clock: Clock) -> None:
    order_id = world.finished()
    give(world, order_id, Given(4, "page", words="准时"))
    clock.advance(hours=23)
    with world.runtime.transaction() as uow:
        rating = amend(uow, order_id, by=world.customer, words="也干净", tags=("clean",), aspects={"skill": 5})
        assert (rating.stars, rating.words, rating.tags, rating.aspects) == (4, "准时\n也干净", ["clean"], {"skill": 5})
    clock.advance(hours=2)
    with world.runtime.transaction() as uow, pytest.raises(CannotRate):
        amend(uow, order_id, by=world.customer, words="还有")


@pytest.mark.parametrize("first", [GOOD, Given(3, "page"), Given(2, "page", tags=("rude",))])
def test_that_it_does_not_work_after_all_counts_however_many_stars(world: World, clock: Clock, first: Given) -> None:
    order_id = world.finished()
    give(world, order_id, first)
    world.react()
    assert rectifications(world) == []
    clock.advance(hours=2)
    for _ in range(2):
        with world.runtime.transaction() as uow:
            amend(uow, order_id, by=world.customer, tags=("not_fixed",))
            due = undecided(uow, uow.now)
        for one in due:
            with world.runtime.transaction() as uow:
                assert decide(uow, one, by=STAFF).stars == first.stars
    assert len(rectifications(world)) == 1, "said twice, one comes"


def test_a_link_opens_its_own_order_only(world: World) -> None:
    one, other = world.finished(), world.finished()
    with world.runtime.transaction() as uow:
        secret = path_to_rate(uow, uow.get(WorkOrder, one, called="")).rpartition("=")[2]
        assert may_rate(uow, one, secret).id == one
        with pytest.raises(NotFound):
            may_rate(uow, other, secret)


def test_few_stars_bring_another_engineer_free_and_tell_the_agents_once(world: World) -> None:
    order_id = world.finished()
    world.settle()
    give(world, order_id, BAD)
    world.settle()
    world.settle()
    [order] = rectifications(world)
    assert (order.rectifies_id, order.repair_of_id, order.product_id) == (order_id, order_id, world.product_id)
    with world.runtime.transaction() as uow:
        job = job_of(uow, order)
        assert job.came_before == {world.network.an}
        against = {
            one.engineer_id: [no.code for no in objections(job, one, Today(uow.today, uow.now))]
            for one in candidates_for(uow, order, job)
        }
        assert "came_before" in against[world.network.an]
        assert "came_before" not in against[world.network.bo]
        tasks = uow.session.scalars(select(DeskTask).filter_by(kind="rating", subject_id=order_id)).all()
        assert len(tasks) == 1
        assert "活做得粗糙" in tasks[0].words
        told = uow.session.scalars(select(OutgoingMessage).filter_by(subject_id=order.id)).all()
        assert [one.why for one in told if one.why.startswith(("rectification", "order.open"))] == [
            "rectification.opened"
        ]


def test_reactions_that_run_again_open_nothing_more(world: World) -> None:
    order_id = world.finished()
    give(world, order_id, Given(1, "page", solved=False))
    world.react(times=3)
    world.react(times=3)
    assert len(rectifications(world)) == 1


def test_an_agent_and_the_rules_at_once_open_one(fresh_runtime: Runtime) -> None:
    world = world_in(fresh_runtime)
    order_id = world.finished()
    rating = give(world, order_id, Given(1, "chat"))

    def act(n: int) -> str:
        with fresh_runtime.transaction() as uow:
            if n % 2:
                return rectify(uow, order_id, by=STAFF, why="客户来电").id
            decide(uow, rating.id, by=system("test"))
            found = rectification_of(uow, order_id)
            assert found is not None
            return found.id

    results = at_once(6, act)
    assert len(set(results)) == 1, results
    assert len(rectifications(world)) == 1


def test_what_the_customer_reported_again_becomes_the_rectification(world: World) -> None:
    order_id = world.finished()
    with world.runtime.transaction() as uow:
        again = world.open(uow)
        assert again.repair_of_id == order_id
    give(world, order_id, BAD)
    world.settle()
    assert [one.id for one in rectifications(world)] == [again.id]


def test_another_fault_of_the_same_product_is_not_made_free_by_a_low_rating(world: World) -> None:
    order_id = world.finished()
    with world.runtime.transaction() as uow:
        uow.get(WorkOrder, order_id, called="").symptoms = ["not_cooling"]
        other = world.open(uow)
        other.symptoms = ["noise"]
    give(world, order_id, BAD)
    world.settle()
    assert other.id not in [one.id for one in rectifications(world)]
    assert len(rectifications(world)) == 1


def test_two_orders_of_one_product_are_put_right_by_one_visit(world: World) -> None:
    one, other = world.finished(), world.finished()
    for order_id in (one, other):
        give(world, order_id, BAD)
        world.settle()
    [order] = rectifications(world)
    with world.runtime.transaction() as uow:
        assert rectify(uow, other, by=STAFF, why="客户来电").id == order.id


def test_in_a_chat_the_reason_is_waited_for_half_an_hour(world: World, clock: Clock) -> None:
    order_id = world.finished()
    rating = give(world, order_id, Given(1, "chat"))
    world.settle()
    assert rectifications(world) == []
    clock.advance(minutes=31)
    with world.runtime.transaction() as uow:
        assert undecided(uow, uow.now) == [rating.id]
        decide(uow, rating.id, by=system("test"))
        assert undecided(uow, uow.now) == []
    assert len(rectifications(world)) == 1


def test_who_is_not_content_with_a_rectification_gets_a_case(world: World) -> None:
    order_id = world.finished()
    give(world, order_id, BAD)
    world.settle()
    [order] = rectifications(world)
    with world.runtime.transaction() as uow:
        visit_by = {world.network.bo: 100}
        uow.session.expire_all()
        order = uow.get(WorkOrder, order.id, called="")
        standing = standing_visit(uow, order.id)
        if standing is not None:
            move_visit(uow, standing.id, "withdraw", by=STAFF, why="改派")
        world.finish(uow, order, visit_by)
    give(world, order.id, BAD)
    world.settle()
    assert len(rectifications(world)) == 1, "no third visit by itself"
    with world.runtime.transaction() as uow:
        [case] = uow.session.scalars(select(Complaint)).all()
        assert (case.work_order_id, case.source) == (order.id, "rating")


def test_an_order_is_put_right_once_also_when_that_came_to_nothing(world: World) -> None:
    order_id = world.finished()
    with world.runtime.transaction() as uow:
        first = rectify(uow, order_id, by=STAFF, why="客户来电")
        move_order(uow, first.id, "cancel", by=STAFF, why="客户不要了")
        assert rectify(uow, order_id, by=STAFF, why="又要了").id == first.id


def test_what_was_never_done_is_not_put_right(world: World) -> None:
    with world.runtime.transaction() as uow:
        order = world.open(uow)
        with pytest.raises(NothingToRectify):
            rectify(uow, order.id, by=STAFF, why="客户来电")


def test_ratings_reach_dispatch_by_share(world: World) -> None:
    an, bo = world.network.an, world.network.bo
    order_id = world.finished({an: 75, bo: 25})
    give(world, order_id, Given(1, "page"))
    world.react(times=2)
    with world.runtime.transaction() as uow:
        kept = {one.engineer_id: (one.share, one.stars) for one in uow.session.scalars(select(RatingEngineer))}
        assert kept == {an: (75, 1), bo: (25, 1)}
        assert uow.get(Engineer, an, called="").rating < uow.get(Engineer, bo, called="").rating < 450
        assert uow.get(Engineer, world.network.cao, called="").rating == 450
