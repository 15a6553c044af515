"""Whatever is booked, changed, given up, taken leave for or left to expire: nobody is in two places, and counts are true."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test
from sqlalchemy import Engine, select
from sqlalchemy.orm import sessionmaker

from domain.appointments import following
from domain.appointments.changes import answer_change, ask_change, lapse_changes
from domain.appointments.lifecycle import AppointmentStatus, ChangeStatus
from domain.appointments.model import Appointment, ChangeRequest
from domain.appointments.operations import NotNow, Window, book, book_window, give_up, hold
from domain.capacity import operations as capacity
from domain.capacity.model import EngineerDay, Leave, Reservation, ReservationState
from domain.capacity.operations import NoRoom
from domain.engineers.model import Engineer
from domain.kit.errors import Refused
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.work_orders.events import WorkOrderMoved
from domain.work_orders.kinds import ServiceType
from domain.work_orders.operations import move_order
from tests.domain.appointments.world import CUSTOMER, ENGINEER, STAFF, World, at, new_order, world_in
from tests.runtime import KEYRING, Clock, Ids

DAYS, HOURS = st.integers(0, 2), st.sampled_from([8, 10, 12, 14, 16, 18])
NAMES = st.sampled_from(["an", "bo", "cao"])


class Appointments(RuleBasedStateMachine):
    """``world`` and ``clock`` are put here by the test; each run happens in a savepoint that is rolled back."""

    world: World
    clock: Clock
    orders: Bundle[str] = Bundle("orders")
    holds: Bundle[str] = Bundle("holds")

    @rule(target=orders, kind=st.sampled_from(["air_conditioner", "refrigerator"]))
    def report(self, kind: str) -> str:
        with self.world.runtime.transaction() as uow:
            return new_order(uow, self.world.brand, ServiceType.REPAIR, kind).id

    @rule(order=orders, day=DAYS, hour=HOURS)
    def book_window(self, order: str, day: int, hour: int) -> None:
        with refusable(self.world.runtime) as uow:
            book_window(uow, order, at(day, hour), at(day, hour + 2), by=CUSTOMER, via="chat")

    @rule(target=holds, order=orders, name=NAMES, day=DAYS, hour=HOURS)
    def hold(self, order: str, name: str, day: int, hour: int) -> Any:
        with refusable(self.world.runtime) as uow:
            window = Window(at(day, hour), at(day, hour + 2), self.world.network.engineers[name])
            return hold(uow, order, window, by=CUSTOMER, via="page").id
        return multiple()

    @rule(held=holds)
    def book(self, held: str) -> None:
        with refusable(self.world.runtime) as uow:
            book(uow, held, by=CUSTOMER)

    @rule(order=orders)
    def give_up(self, order: str) -> None:
        with refusable(self.world.runtime) as uow:
            give_up(uow, order, by=STAFF)

    @rule(order=orders)
    def cancel(self, order: str) -> None:
        with refusable(self.world.runtime) as uow:
            move_order(uow, order, "cancel", by=CUSTOMER, why="不修了")
            following.end_with_order(uow, WorkOrderMoved(order, "cancel", "", "cancelled"))

    @rule(name=NAMES, day=DAYS, hour=st.integers(7, 19), hours=st.integers(1, 8))
    def take_leave(self, name: str, day: int, hour: int, hours: int) -> None:
        with refusable(self.world.runtime) as uow:
            engineer_id = self.world.network.engineers[name]
            capacity.take_leave(uow, engineer_id, at(day, hour), at(day, hour + hours), "leave", by=STAFF)

    @rule(name=NAMES)
    def end_leave(self, name: str) -> None:
        with refusable(self.world.runtime) as uow:
            mine = select(Leave.id).filter_by(engineer_id=self.world.network.engineers[name], ended_at=None)
            for leave_id in uow.session.scalars(mine).all():
                capacity.end_leave(uow, leave_id, by=STAFF)

    @rule(order=orders, name=NAMES)
    def give_to_another(self, order: str, name: str) -> None:
        with refusable(self.world.runtime) as uow:
            mine = select(Reservation.id).filter_by(work_order_id=order, state=ReservationState.BOOKED)
            for reservation_id in uow.session.scalars(mine).all():
                capacity.move_reservation(uow, reservation_id, self.world.network.engineers[name], by=STAFF)

    @rule(order=orders, day=DAYS, hour=HOURS)
    def ask(self, order: str, day: int, hour: int) -> None:
        with refusable(self.world.runtime) as uow:
            ask_change(uow, order, at(day, hour), at(day, hour + 2), by=ENGINEER, reason_code="overrun")

    @rule(yes=st.booleans())
    def answer(self, yes: bool) -> None:
        with refusable(self.world.runtime) as uow:
            asked = select(ChangeRequest.id).where(ChangeRequest.status == ChangeStatus.ASKED).limit(1)
            for change_id in uow.session.scalars(asked).all():
                answer_change(uow, change_id, yes, by=CUSTOMER, via="chat")

    @rule(minutes=st.sampled_from([1, 9, 11, 90, 300]))
    def time_passes(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        with self.world.runtime.transaction() as uow:
            following.drop_expired(uow)
            lapse_changes(uow)
            following.miss_unkept(uow)

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        with self.world.runtime.transaction() as uow:
            days = defaultdict(list)
            for one in live(uow):
                assert one.window_since <= one.starts_at <= one.window_until
                days[one.engineer_id].append((one.leaves_at, one.ends_at))
            for spans in days.values():
                assert all(before[1] <= after[0] for before, after in pairwise(sorted(spans)))

    @invariant()
    def days_are_counted_right(self) -> None:
        with self.world.runtime.transaction() as uow:
            counted: dict[Any, int] = defaultdict(int)
            for one in live(uow):
                counted[one.engineer_id, one.day] += 1
            rows = uow.session.scalars(select(EngineerDay)).all()
            assert {key: n for key, n in counted.items() if n} == {
                (row.engineer_id, row.day): row.taken for row in rows if row.taken
            }
            assert all(0 <= row.taken <= row.most for row in rows)

    @invariant()
    def what_is_promised_is_kept_free(self) -> None:
        with self.world.runtime.transaction() as uow:
            promised = uow.session.execute(
                select(Appointment, Reservation)
                .join(Reservation, Reservation.id == Appointment.reservation_id)
                .where(Appointment.status == AppointmentStatus.BOOKED)
            ).all()
            for promise, kept in promised:
                assert kept.state is ReservationState.BOOKED
                assert (kept.window_since, kept.window_until) == (promise.window_since, promise.window_until)
                assert kept.work_order_id == promise.work_order_id


def live(uow: UnitOfWork) -> list[Reservation]:
    found = select(Reservation).where(Reservation.state != ReservationState.RELEASED)
    return list(uow.session.scalars(found.execution_options(populate_existing=True)))


class refusable:
    """A transaction whose refusals are all right, and leave nothing behind."""

    def __init__(self, runtime: Runtime) -> None:
        self.transaction = runtime.transaction()

    def __enter__(self) -> UnitOfWork:
        return self.transaction.__enter__()

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        try:
            self.transaction.__exit__(kind, error, trace)
        except Refused:
            return True
        return isinstance(error, Refused | NoRoom | NotNow)


def test_no_course_of_events_double_books(shared_engine: Engine) -> None:
    clock = Clock()
    with shared_engine.connect() as connection:
        outer = connection.begin()
        sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        runtime = Runtime(sessions, clock, Ids(), KEYRING)
        world = world_in(runtime)
        with runtime.transaction() as uow:
            for engineer in uow.session.scalars(select(Engineer)):
                engineer.daily_maximum = 3
        begun = clock.at

        class InASavepoint(Appointments):
            def __init__(self) -> None:
                super().__init__()
                clock.at = begun - timedelta(hours=4)
                self.savepoint = connection.begin_nested()

            def teardown(self) -> None:
                self.savepoint.rollback()

        InASavepoint.world, InASavepoint.clock = world, clock
        run_state_machine_as_test(
            InASavepoint, settings=settings(max_examples=10, stateful_step_count=25, deadline=None)
        )
        outer.rollback()
