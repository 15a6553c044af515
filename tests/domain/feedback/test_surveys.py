"""The one question: by lot, seven days after, each customer once in 90 days, and the first answer stands."""

from __future__ import annotations

import pytest
from redis import Redis
from sqlalchemy import select

from domain.feedback import policies, queries
from domain.feedback.links import SURVEY, path_to_survey, survey_behind
from domain.feedback.model import Survey
from domain.feedback.surveys import BadScore, SurveyOver, answer, ask
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Conflict, NotFound
from domain.kit.unit_of_work import Runtime
from domain.notices.model import OutgoingMessage
from jobs.feedback import ask_surveys
from tests.domain.feedback.world import World, world_in
from tests.jobs.doing import jobs_with
from tests.runtime import Clock, at_once

BY = system("test")


@pytest.fixture
def world(runtime: Runtime) -> World:
    return world_in(runtime)


def asked(world: World) -> Survey:
    order_id = world.finished()
    with world.runtime.transaction() as uow:
        found = ask(uow, order_id, by=BY)
        assert found is not None
        return found


def test_the_lot_falls_on_some_after_seven_days_and_a_customer_is_asked_once(
    world: World, clock: Clock, valkey: Redis
) -> None:
    orders = [world.finished() for _ in range(12)]
    drawn = [one for one in orders if policies.share_of("survey", one) < policies.SURVEY_SHARE]
    assert drawn, "the ids of this test hold at least one"
    jobs = jobs_with(world.runtime, valkey)
    assert ask_surveys(jobs) == 0, "not yet"
    clock.advance(days=7, hours=1)
    assert ask_surveys(jobs) == 1, "all of them are one customer's"
    assert ask_surveys(jobs) == 0
    world.react(times=2)
    with world.runtime.transaction() as uow:
        [survey] = uow.session.scalars(select(Survey)).all()
        assert survey.work_order_id in drawn
        told = uow.session.scalars(select(OutgoingMessage).filter_by(why="rating.survey")).all()
        assert len(told) == 1


def test_two_orders_of_one_customer_at_once_are_one_question(fresh_runtime: Runtime) -> None:
    world = world_in(fresh_runtime)
    orders = [world.finished() for _ in range(4)]

    def put(n: int) -> Survey | None:
        with fresh_runtime.transaction() as uow:
            return ask(uow, orders[n], by=BY)

    results = at_once(4, put)
    assert sum(isinstance(one, Survey) for one in results) == 1, results


def test_after_ninety_days_a_customer_may_be_asked_again(world: World, clock: Clock) -> None:
    asked(world)
    clock.advance(days=89)
    with world.runtime.transaction() as uow:
        assert ask(uow, world.finished(), by=BY) is None
    clock.advance(days=2)
    asked(world)


def test_the_first_answer_stands(world: World, clock: Clock) -> None:
    survey = asked(world)
    with world.runtime.transaction() as uow:
        with pytest.raises(BadScore):
            answer(uow, survey.id, 11, by=world.customer, via="page")
        with pytest.raises(NotFound):
            answer(uow, survey.id, 1, by=Actor(Role.CUSTOMER, "cu_other"), via="page")
        answer(uow, survey.id, 9, by=world.customer, via="page", words="师傅好")
        with pytest.raises(Conflict):
            answer(uow, survey.id, 0, by=world.customer, via="chat")
        [line] = queries.scores(uow, "")
        assert (line.asked, line.answered, line.nps) == (1, 1, 100)
        assert [one.key for one in queries.scores(uow, "month")] == ["2026-05"]


def test_after_two_weeks_nobody_waits_for_it(world: World, clock: Clock) -> None:
    survey = asked(world)
    clock.advance(days=14, minutes=1)
    with world.runtime.transaction() as uow, pytest.raises(SurveyOver):
        answer(uow, survey.id, 9, by=world.customer, via="page")


def test_a_link_opens_its_own_survey_only(world: World) -> None:
    survey = asked(world)
    with world.runtime.transaction() as uow:
        path = path_to_survey(uow, survey)
        assert survey_behind(uow, path.removeprefix(SURVEY.page)).id == survey.id
        with pytest.raises(NotFound):
            survey_behind(uow, f"{survey.id}.{'0' * 32}")
