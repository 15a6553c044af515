"""A guided case: offered once, solved, watched and asked after half an hour, or handed over to a repair."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from domain.access.model import TrailEntry
from domain.customers.model import Customer
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import NotFound
from domain.kit.lifecycle import MoveRefused
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.knowledge.lifecycle import GUIDES, OPEN, SOLVED, UNSOLVED, WATCHING, GuideStatus
from domain.knowledge.model import GuidedCase
from domain.knowledge.operations import NoSelfHelp, NotFailed, became_order, called_back, move_guide, offer_guide
from domain.knowledge.queries import GuideFigures, due_callbacks, figures, open_guide
from tests.brand import Brand, brand_in
from tests.runtime import NOW, Clock

CUSTOMER, STAFF = Actor(Role.CUSTOMER, "oPerson"), Actor(Role.STAFF, "st_1")


@pytest.fixture
def brand(runtime: Runtime) -> Brand:
    return brand_in(runtime)


@dataclass
class Desk:
    """Offers and moves cases for one brand, each in a transaction of its own."""

    runtime: Runtime
    brand: Brand

    def offer(self, article_id: str = "air_conditioner/not-cooling", openid: str = "oPerson", **given: Any) -> str:
        asked = {"category_code": article_id.partition("/")[0], "symptoms": ["not_cooling"], **given}
        with self.runtime.transaction() as uow:
            return offer_guide(
                uow, by=CUSTOMER, brand_id=self.brand.voice.brand_id, account_id=self.brand.voice.account_id,
                openid=openid, article_id=article_id, **asked,
            ).id  # fmt: skip

    def move(self, case_id: str, name: str, by: Actor = CUSTOMER) -> None:
        with self.runtime.transaction() as uow:
            move_guide(uow, case_id, name, by=by)

    def case(self, case_id: str) -> GuidedCase:
        with self.runtime.transaction() as uow:
            return uow.session.get_one(GuidedCase, case_id, populate_existing=True)

    def due(self) -> list[str]:
        with self.runtime.transaction() as uow:
            return [case.id for case in due_callbacks(uow)]


@pytest.fixture
def desk(runtime: Runtime, brand: Brand) -> Desk:
    return Desk(runtime, brand)


def events(uow: UnitOfWork) -> list[tuple[str, dict[str, Any]]]:
    rows = uow.session.scalars(select(OutboxRow).where(OutboxRow.kind.startswith("Guide")))
    return [(row.kind, row.body) for row in rows]


def test_a_case_keeps_what_was_told_and_given(desk: Desk, runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        uow.session.add(Customer(id="cu_1", brand_id=desk.brand.voice.brand_id, created_at=uow.now))
    answers = {"fault": {"words": "开了半小时还是不凉"}, "product": "空调"}
    case = desk.case(desk.offer(error_code="E2", brand_code="YF", customer_id="cu_1", answers=answers))
    assert (case.status, case.offered_at, case.customer_id) == (GUIDES.start, NOW, "cu_1")
    assert (case.category_code, case.article_id) == ("air_conditioner", "air_conditioner/not-cooling")
    assert (case.symptoms, case.error_code, case.answers) == (["not_cooling"], "E2", answers)


def test_offered_again_while_open_it_is_the_same_case(desk: Desk) -> None:
    first = desk.offer()
    desk.move(first, "watch")
    assert desk.offer() == first
    desk.move(first, "fail")
    assert desk.offer() != first
    assert desk.offer(openid="oOther") != first
    assert desk.offer("air_conditioner/noise") != first


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"symptoms": ["not_cooling", "smoke_or_burning"]}, NoSelfHelp),
        ({"error_code": "F1", "brand_code": "YF"}, NoSelfHelp),
        ({"article_id": "air_conditioner/nowhere"}, NotFound),
    ],
)
def test_danger_engineers_codes_and_missing_articles_are_refused(
    desk: Desk, told: dict[str, Any], refusal: type
) -> None:
    with pytest.raises(refusal):
        desk.offer(**told)


def test_solved_is_closed_and_announced(desk: Desk, runtime: Runtime, clock: Clock) -> None:
    case_id = desk.offer()
    clock.advance(minutes=4)
    desk.move(case_id, "solve")
    case = desk.case(case_id)
    assert (case.status, case.closed_at, case.closed_by) == (SOLVED, clock.at, "customer:oPerson")
    with runtime.transaction() as uow:
        assert events(uow) == [("GuideSolved", {"case_id": case_id})]
        actions = uow.session.scalars(select(TrailEntry.action).filter_by(subject_id=case_id).order_by(TrailEntry.id))
        assert actions.all() == ["guide.offer", "guide.solve"]


def test_watched_is_due_after_half_an_hour_once(desk: Desk, runtime: Runtime, clock: Clock) -> None:
    case_id = desk.offer()
    desk.move(case_id, "watch")
    clock.advance(minutes=29)
    assert desk.due() == []
    clock.advance(minutes=1)
    assert desk.due() == [case_id]
    with runtime.transaction() as uow:
        called_back(uow, case_id, by=system("callbacks"))
    assert desk.due() == []
    assert desk.case(case_id).status is WATCHING, "it stays open for the answer"
    with runtime.transaction() as uow:
        assert events(uow) == [("GuideWatching", {"case_id": case_id})]


def test_watching_on_is_asked_again_half_an_hour_later(desk: Desk, runtime: Runtime, clock: Clock) -> None:
    case_id = desk.offer()
    desk.move(case_id, "watch")
    clock.advance(minutes=30)
    with runtime.transaction() as uow:
        called_back(uow, case_id, by=system("callbacks"))
    desk.move(case_id, "watch")
    assert desk.due() == []
    clock.advance(minutes=30)
    assert desk.due() == [case_id]


@pytest.mark.parametrize("name", ["solve", "fail"])
def test_a_closed_case_is_not_due(desk: Desk, clock: Clock, name: str) -> None:
    case_id = desk.offer()
    desk.move(case_id, "watch")
    desk.move(case_id, name)
    clock.advance(hours=1)
    assert desk.due() == []


def test_the_longest_due_is_asked_first_and_two_jobs_do_not_ask_twice(fresh_runtime: Runtime, clock: Clock) -> None:
    desk = Desk(fresh_runtime, brand_in(fresh_runtime))
    late, early = desk.offer(openid="oLate"), desk.offer(openid="oEarly")
    desk.move(early, "watch")
    clock.advance(minutes=1)
    desk.move(late, "watch")
    clock.advance(hours=1)
    with fresh_runtime.transaction() as one, fresh_runtime.transaction() as other:
        assert [case.id for case in due_callbacks(one, limit=1)] == [early]
        assert [case.id for case in due_callbacks(other)] == [late]


def test_an_unsolved_case_may_become_an_order(desk: Desk, runtime: Runtime) -> None:
    case_id = desk.offer()
    with runtime.transaction() as uow, pytest.raises(NotFailed, match="指导中"):
        became_order(uow, case_id, "wo_1", by=CUSTOMER)
    desk.move(case_id, "fail")
    with runtime.transaction() as uow:
        became_order(uow, case_id, "wo_1", by=CUSTOMER)
        assert events(uow) == [("GuideUnsolved", {"case_id": case_id})]
    assert desk.case(case_id).order_id == "wo_1"


def test_the_open_case_is_the_one_given_last(desk: Desk, runtime: Runtime, clock: Clock) -> None:
    def now_open() -> str | None:
        with runtime.transaction() as uow:
            case = open_guide(uow, desk.brand.voice.account_id, "oPerson")
            return case.id if case else None

    assert now_open() is None
    first = desk.offer()
    clock.advance(minutes=5)
    second = desk.offer("air_conditioner/noise", symptoms=["noise"])
    assert now_open() == second
    desk.move(second, "solve", by=STAFF)
    assert now_open() == first
    desk.move(first, "fail")
    assert now_open() is None


def test_figures_count_each_article_within_the_period(desk: Desk, runtime: Runtime, clock: Clock) -> None:
    desk.offer(openid="oYesterday")
    clock.advance(days=1)
    cases = [desk.offer(openid=f"o{number}") for number in range(4)]
    desk.move(cases[0], "solve")
    desk.move(cases[1], "fail")
    desk.move(cases[2], "watch")
    with runtime.transaction() as uow:
        became_order(uow, cases[1], "wo_1", by=CUSTOMER)
    desk.move(desk.offer("air_conditioner/noise", openid="o9"), "solve", by=STAFF)
    since = clock.at
    clock.advance(days=1)
    desk.offer(openid="oTomorrow")
    with runtime.transaction() as uow:
        counted = figures(uow, desk.brand.voice.brand_id, since, since + timedelta(days=1))
        assert counted == [
            GuideFigures("air_conditioner/not-cooling", offered=4, solved=1, unsolved=1, became_orders=1),
            GuideFigures("air_conditioner/noise", offered=1, solved=1, unsolved=0, became_orders=0),
        ]
        assert counted[0].open == 2
        assert figures(uow, "br_other", since, since + timedelta(days=1)) == []


@given(st.lists(st.sampled_from(["watch", "solve", "fail"]), max_size=6))
def test_whatever_is_answered_a_closed_case_stays_as_it_was(names: list[str]) -> None:
    case = GuidedCase(status=GUIDES.start, offered_at=datetime(2026, 5, 12, tzinfo=UTC))
    closed: GuideStatus | None = None
    for name in names:
        if closed is not None:
            with pytest.raises(MoveRefused, match="当前是"):
                GUIDES.move(case, name, Role.CUSTOMER)
        else:
            GUIDES.move(case, name, Role.CUSTOMER)
            closed = None if case.status in OPEN else case.status
        assert closed is None or case.status is closed
    assert GUIDES.ends() == {SOLVED, UNSOLVED}
