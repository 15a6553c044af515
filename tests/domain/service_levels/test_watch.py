"""The watcher: two at once share the work and do nothing twice; it finds what is due by its index, however much there is."""

from __future__ import annotations

from sqlalchemy import event, func, select, text

from domain.customers.calling import customer_of_caller
from domain.desk.model import DeskTask
from domain.kit.unit_of_work import Runtime
from domain.organizations.model import Brand
from domain.service_levels import operations, queries
from domain.service_levels.keeping import put_defaults
from domain.service_levels.model import Clock, ClockEvent
from domain.work_orders.kinds import ServiceType
from domain.work_orders.operations import open_work_order
from tests.brand import put_brand
from tests.console.conftest import ADDRESS
from tests.domain.service_levels.acting import BY
from tests.runtime import Clock as Time
from tests.runtime import at_once


def opened(runtime: Runtime, number: int) -> None:
    """So many repairs of one customer are reported now."""
    with runtime.transaction() as uow:
        found = uow.session.scalars(select(Brand)).first()
        brand = found.id if found else put_brand(uow).voice.brand_id
        put_defaults(uow)
        customer = customer_of_caller(uow, brand, "13800000001")
        for _ in range(number):
            order = open_work_order(
                uow, by=BY, brand_id=brand, service_type=ServiceType.REPAIR, customer_id=customer.id,
                category_code="air_conditioner", words="x", phone="13800000001", address=ADDRESS, via="chat", another=True,
            ).order  # fmt: skip
            operations.happened(uow, order.id, "opened", uow.now, by=BY)


def tasks(runtime: Runtime) -> int:
    with runtime.transaction() as uow:
        return uow.session.scalars(select(func.count()).select_from(DeskTask)).one()


def test_two_watchers_at_once_breach_each_clock_once(fresh_runtime: Runtime, clock: Time) -> None:
    runtime = fresh_runtime
    opened(runtime, 12)
    clock.advance(minutes=31)

    def watch(_: int) -> int:
        with runtime.transaction() as uow:
            return operations.watch(uow, limit=5)

    assert all(isinstance(one, int) for _ in range(3) for one in at_once(4, watch))
    with runtime.transaction() as uow:
        counted = select(ClockEvent.kind, func.count()).group_by(ClockEvent.kind)
        kinds = {kind: number for kind, number in uow.session.execute(counted)}  # noqa: C416
        assert kinds == {"started": 36, "warned": 12, "breached": 12, "escalated": 12}
        assert len(queries.colours(uow, list(uow.session.scalars(select(Clock.work_order_id))))) == 12


def test_what_is_due_is_found_by_its_index(runtime: Runtime) -> None:
    with runtime.transaction() as uow:
        uow.session.execute(text("SET LOCAL enable_seqscan = off"))
        uow.session.execute(text("SET LOCAL enable_bitmapscan = off"))
        for query in (
            "SELECT id FROM clocks WHERE next_at < now() ORDER BY next_at LIMIT 200 FOR UPDATE SKIP LOCKED",
            "SELECT id FROM clocks WHERE status IN ('running', 'warned') ORDER BY due_at LIMIT 100",
        ):
            plan = "\n".join(uow.session.scalars(text(f"EXPLAIN {query}")))
            assert "Index Scan using ix_clocks_" in plan
            assert "Sort" not in plan


def test_a_batch_takes_no_more_queries_for_thirty_clocks_than_for_three(fresh_runtime: Runtime, clock: Time) -> None:
    asked: list[str] = []
    event.listen(fresh_runtime.sessions.kw["bind"], "before_cursor_execute", lambda *given: asked.append(given[2]))

    def look(looked_at: int) -> int:
        asked.clear()
        with fresh_runtime.transaction() as uow:
            assert operations.watch(uow) == looked_at
        return len(asked)

    opened(fresh_runtime, 3)
    clock.advance(minutes=31)
    breached = look(3)
    clock.advance(minutes=31)
    told_again = look(3)
    opened(fresh_runtime, 30)
    clock.advance(minutes=31)
    assert look(33) <= breached + told_again
    assert tasks(fresh_runtime) == 33
