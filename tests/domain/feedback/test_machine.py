"""Taps, pages, repeats, reasons, agents and silence in any order: one rating an order, at most one rectification, and figures
that are what the rows say."""

from __future__ import annotations

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine as Database
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from domain.desk.model import DeskTask
from domain.engineers.model import Engineer
from domain.feedback import callbacks, figures
from domain.feedback.consequences import decide, rectify, undecided
from domain.feedback.model import Callback, Rating, RatingEngineer
from domain.feedback.ratings import Given, amend, rate
from domain.feedback.rules import is_low
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Refused
from domain.kit.unit_of_work import Runtime
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import move_order
from tests.domain.feedback.world import STAFF, World, world_in
from tests.runtime import KEYRING, Clock, Ids

ORDERS = st.integers(0, 2)
STARS = st.integers(1, 5)
TAGS = st.lists(st.sampled_from(["late", "not_fixed", "rude", "skilled"]), max_size=2, unique=True)
LI = Actor(Role.STAFF, "st_li")


class Feedback(RuleBasedStateMachine):
    """``world`` and ``clock`` are put here by the test; each run happens in a savepoint that is rolled back."""

    clock: Clock
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[str] = []
        self.stars: dict[str, int] = {}

    @precondition(lambda self: len(self.orders) < 3)
    @rule(share=st.sampled_from([100, 60]))
    def finish(self, share: int) -> None:
        an, bo = self.world.network.an, self.world.network.bo
        shares = {an: share, bo: 100 - share} if share < 100 else {an: 100}
        self.orders.append(self.world.finished(shares, product=False))

    def of(self, number: int) -> str | None:
        return self.orders[number] if number < len(self.orders) else None

    @rule(number=ORDERS, stars=STARS, tags=TAGS, via=st.sampled_from(["chat", "page"]))
    def rated(self, number: int, stars: int, tags: list[str], via: str) -> None:
        order_id = self.of(number)
        if order_id is None:
            return
        try:
            with self.world.runtime.transaction() as uow:
                rate(uow, order_id, Given(stars, via, tags=tags), by=self.world.customer)
        except Refused:
            return
        assert order_id not in self.stars, "rated twice"
        self.stars[order_id] = stars

    @rule(number=ORDERS, tags=TAGS)
    def reason(self, number: int, tags: list[str]) -> None:
        order_id = self.of(number)
        if order_id is None:
            return
        try:
            with self.world.runtime.transaction() as uow:
                rating = amend(uow, order_id, by=self.world.customer, tags=tags)
                decide(uow, rating.id, by=self.world.customer)
        except Refused:
            return

    @rule(number=ORDERS)
    def agent_rectifies(self, number: int) -> None:
        order_id = self.of(number)
        if order_id is None:
            return
        try:
            with self.world.runtime.transaction() as uow:
                rectify(uow, order_id, by=STAFF, why="客户来电")
        except Refused:
            return

    @rule(number=ORDERS, back=st.booleans())
    def sent_back(self, number: int, back: bool) -> None:
        order_id = self.of(number)
        if order_id is None:
            return
        try:
            with self.world.runtime.transaction() as uow:
                move_order(uow, order_id, "send_back" if back else "finish", by=STAFF, why="照片不清")
        except Refused:
            return

    @rule()
    def called(self) -> None:
        with self.world.runtime.transaction() as uow:
            found = callbacks.claim_next(uow, by=LI)
            if found is not None:
                before = uow.session.scalar(select(Rating.stars).filter_by(work_order_id=found.work_order_id))
                said = callbacks.Round("answered", {"stars": "3"})
                callbacks.note_round(uow, found.id, said, by=LI)
                if before is None and (rated := uow.session.scalar(
                    select(Rating.stars).filter_by(work_order_id=found.work_order_id)
                )):  # fmt: skip
                    self.stars[found.work_order_id] = rated

    @rule(times=st.integers(1, 2))
    def react(self, times: int) -> None:
        self.world.react(times=times)

    @rule(minutes=st.sampled_from([10, 40, 60 * 30]))
    def wait(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)
        with self.world.runtime.transaction() as uow:
            for rating_id in undecided(uow, uow.now):
                decide(uow, rating_id, by=system("test"))

    @invariant()
    def stars_stand(self) -> None:
        with self.world.runtime.transaction() as uow:
            kept = {one.work_order_id: one for one in uow.session.scalars(select(Rating))}
            assert {order_id: one.stars for order_id, one in kept.items()} == self.stars
            for rating_id, total in uow.session.execute(
                select(RatingEngineer.rating_id, func.sum(RatingEngineer.share)).group_by(RatingEngineer.rating_id)
            ):
                assert total == 100, rating_id

    @invariant()
    def one_rectification_and_one_task_each(self) -> None:
        with self.world.runtime.transaction() as uow:
            first = uow.session.scalars(select(WorkOrder.rectifies_id).where(WorkOrder.rectifies_id.isnot(None))).all()
            assert len(first) == len(set(first))
            tasks = uow.session.scalars(select(DeskTask.subject_id).filter_by(kind="rating")).all()
            assert len(tasks) == len(set(tasks))
            calls = uow.session.scalars(select(Callback.work_order_id)).all()
            assert len(calls) == len(set(calls))

    def at_the_end(self) -> None:
        """When everything has run: every low one is decided, and figures are what the rows say."""
        self.clock.advance(minutes=40)
        self.world.settle()
        with self.world.runtime.transaction() as uow:
            for rating_id in undecided(uow, uow.now):
                decide(uow, rating_id, by=system("test"))
        self.world.settle()
        with self.world.runtime.transaction() as uow:
            for rating in uow.session.scalars(select(Rating)):
                assert rating.decided
                assert (rating.decided == "none") == (not is_low(rating.stars, rating.solved))
                if rating.decided == "rectify":
                    assert uow.session.scalars(select(WorkOrder).filter_by(rectifies_id=rating.work_order_id)).one()
            for engineer in uow.session.scalars(select(Engineer)):
                assert engineer.rating == (figures.figure_of(uow, engineer.id) or 450)


def test_whatever_comes_in_whatever_order(shared_engine: Database) -> None:
    clock = Clock()
    with shared_engine.connect() as connection:
        outer = connection.begin()
        sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        world = world_in(Runtime(sessions, clock, Ids(), KEYRING))
        begun = clock.at

        class InASavepoint(Feedback):
            def __init__(self) -> None:
                super().__init__()
                clock.at = begun
                self.savepoint = connection.begin_nested()

            def teardown(self) -> None:
                try:
                    self.at_the_end()
                finally:
                    self.savepoint.rollback()

        InASavepoint.world, InASavepoint.clock = world, clock
        run_state_machine_as_test(
            InASavepoint,
            settings=settings(max_examples=12, stateful_step_count=16, deadline=None, phases=[Phase.generate]),
        )
        outer.rollback()
