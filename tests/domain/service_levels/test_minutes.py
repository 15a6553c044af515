"""Whatever pauses, goes on, is heard of late or looked at late: a clock counts the minutes that were really to be counted.

The other side of the comparison counts minute by minute and knows nothing of how clocks do it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, time, timedelta
from itertools import count

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine, select
from sqlalchemy.orm import sessionmaker

from domain.calendar.holidays import is_workday
from domain.customers.calling import customer_of_caller
from domain.kit.lifecycle import MoveRefused
from domain.kit.unit_of_work import SHANGHAI, Runtime, UnitOfWork
from domain.service_levels import operations
from domain.service_levels.keeping import Wanted, put_policy
from domain.service_levels.lifecycle import BREACHED, LATE, MET, PAUSED, RUNNING, VOID, WARNED
from domain.service_levels.model import Clock
from domain.service_levels.policies import FINISHING, PAUSES
from domain.work_orders.kinds import ServiceType
from domain.work_orders.operations import open_work_order
from tests.brand import put_brand
from tests.console.conftest import ADDRESS
from tests.domain.service_levels.acting import BY, STAFF
from tests.runtime import KEYRING, Ids
from tests.runtime import Clock as Time

PROMISED, OPENS, CLOSES = 900, 9 * 60, 18 * 60
BEGUN = datetime(2026, 4, 29, 8, 30, tzinfo=SHANGHAI)
"""A Wednesday before a long holiday."""
ONE = timedelta(minutes=1)
LEAPS = st.one_of(st.integers(1, 90), st.integers(91, 6000))


def counted(since: datetime, *, working: bool) -> Iterator[datetime]:
    """The ends of the minutes that count, from a moment on, for ever."""
    for number in count():
        day = since.astimezone(SHANGHAI).date() + timedelta(days=number)
        if working and not is_workday(day):
            continue
        first, last = (OPENS, CLOSES) if working else (0, 1440)
        begin = datetime.combine(day, time(), SHANGHAI)
        yield from (end for minute in range(first, last) if (end := begin + (minute + 1) * ONE) > since)


class Minutes(RuleBasedStateMachine):
    """``time``, ``runtime`` and ``working`` are put here by the test; each course happens in a savepoint."""

    time: Time
    runtime: Runtime
    working: bool
    order_id: str

    def __init__(self) -> None:
        super().__init__()
        self.time.at = BEGUN
        self.runs: list[tuple[datetime, datetime | None]] = [(BEGUN, None)]
        self.goes_on_at: datetime | None = None
        self.over = False

    def due(self) -> datetime | None:
        """The end of the last minute promised; None while that is not known, in a pause."""
        left = PROMISED
        for since, until in self.runs:
            if left == 0:
                return since
            for end in counted(since, working=self.working):
                if until is not None and end > until:
                    break
                left -= 1
                if left == 0 and end != until:
                    return end
                if left == 0:
                    break
        return None

    def spent(self) -> int:
        return sum(
            sum(1 for _ in until_moment(counted(since, working=self.working), until))
            for since, until in self.runs
            if until is not None
        )

    def settle(self) -> None:
        if self.goes_on_at is not None and self.goes_on_at < self.time.at:
            self.runs.append((self.goes_on_at, None))
            self.goes_on_at = None

    def stop(self, at: datetime, reason: str, until: datetime | None) -> None:
        since, _ = self.runs.pop()
        at, latest = max(since, at), max(since, at) + PAUSES[reason].longest
        self.runs.append((since, at))
        self.goes_on_at = min(until, latest) if until else latest

    @property
    def is_late(self) -> bool:
        due = self.due()
        return due is not None and due < self.time.at

    @rule(minutes=LEAPS)
    def time_passes(self, minutes: int) -> None:
        self.time.at += minutes * ONE

    @rule()
    def somebody_watches(self) -> None:
        with self.runtime.transaction() as uow:
            operations.watch(uow)

    @rule()
    def look(self) -> None:
        self.settle()
        with self.runtime.transaction() as uow:
            clock, _ = operations.clock_now(uow, self.clock_of(uow).id)
            if self.over:
                return
            if self.goes_on_at is not None:
                assert (clock.status, clock.next_at) == (PAUSED, self.goes_on_at)
                assert clock.remaining == (PROMISED - self.spent()) * ONE
            else:
                assert clock.due_at == self.due()
                assert clock.status == BREACHED if self.is_late else clock.status in (RUNNING, WARNED)

    @precondition(lambda self: not self.over)
    @rule(minutes=st.one_of(st.none(), LEAPS))
    def pause(self, minutes: int | None) -> None:
        self.settle()
        until = self.time.at + minutes * ONE if minutes else None
        with suppress(MoveRefused), self.runtime.transaction() as uow:
            operations.pause(uow, self.clock_of(uow).id, "unreachable", by=STAFF, why="三次未接", until=until)
            assert self.goes_on_at is None
            assert not self.is_late
            self.stop(self.time.at, "unreachable", until)

    @precondition(lambda self: not self.over)
    @rule()
    def resume(self) -> None:
        self.settle()
        with suppress(MoveRefused), self.runtime.transaction() as uow:
            operations.resume(uow, self.clock_of(uow).id, by=STAFF)
            assert self.goes_on_at is not None
            self.runs.append((self.time.at, None))
            self.goes_on_at = None

    @precondition(lambda self: not self.over)
    @rule(ago=st.integers(0, 300))
    def a_part_is_waited_for_since(self, ago: int) -> None:
        """News that come late; what is late in earnest by then stays late."""
        self.look()
        at, due = max(BEGUN, self.time.at - ago * ONE), self.due()
        with self.runtime.transaction() as uow:
            operations.happened(uow, self.order_id, "order.wait_part", at, by=BY)
        if self.goes_on_at is None and due is not None and at <= due:
            self.stop(at, "waiting_part", None)
            self.settle()

    @precondition(lambda self: not self.over)
    @rule()
    def it_is_done(self) -> None:
        self.settle()
        with self.runtime.transaction() as uow:
            operations.happened(uow, self.order_id, "order.finish", uow.now, by=BY)
            assert self.clock_of(uow).status == (LATE if self.is_late else MET)
        self.over = True

    @precondition(lambda self: not self.over)
    @rule(sure=st.integers(0, 3))
    def it_makes_no_sense_any_more(self, sure: int) -> None:
        if sure == 0:
            with self.runtime.transaction() as uow:
                assert operations.void(uow, self.clock_of(uow).id, by=STAFF, why="重复的工单").status == VOID
            self.over = True

    def clock_of(self, uow: UnitOfWork) -> Clock:
        return uow.session.scalars(select(Clock).filter_by(work_order_id=self.order_id, clock="repair")).one()


def until_moment(ends: Iterator[datetime], until: datetime) -> Iterator[datetime]:
    for end in ends:
        if end > until:
            return
        yield end


@pytest.mark.parametrize("working", [False, True], ids=["around the clock", "working time"])
def test_no_minute_is_gained_or_lost(shared_engine: Engine, working: bool) -> None:
    clock = Time(BEGUN)
    with shared_engine.connect() as connection:
        outer = connection.begin()
        sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        runtime = Runtime(sessions, clock, Ids(), KEYRING)

        class InASavepoint(Minutes):
            def __init__(self) -> None:
                super().__init__()
                self.savepoint = connection.begin_nested()

            def teardown(self) -> None:
                self.look()
                self.savepoint.rollback()

        InASavepoint.time, InASavepoint.runtime, InASavepoint.working = clock, runtime, working
        InASavepoint.order_id = promised(runtime, working=working)
        run_state_machine_as_test(
            InASavepoint, settings=settings(max_examples=50, stateful_step_count=15, deadline=None)
        )
        outer.rollback()


def promised(runtime: Runtime, *, working: bool) -> str:
    """An order whose repair is promised within so many minutes."""
    with runtime.transaction() as uow:
        brand = put_brand(uow).voice.brand_id
        put_policy(
            uow,
            Wanted(
                clock="repair", minutes=PROMISED, warn_minutes=60, since=uow.today, working=working, opens=OPENS,
                closes=CLOSES, pauses=FINISHING,
            ),
            by=BY,
        )  # fmt: skip
        customer = customer_of_caller(uow, brand, "13800000001")
        order = open_work_order(
            uow, by=BY, brand_id=brand, service_type=ServiceType.REPAIR, customer_id=customer.id,
            category_code="air_conditioner", words="x", phone="13800000001", address=ADDRESS, via="chat",
        ).order  # fmt: skip
        operations.happened(uow, order.id, "opened", uow.now, by=BY)
        return order.id
