"""`clocks`: a million service-level clocks, ten thousand of them overdue: how many the watcher brings up to date a second.

Each is warned, breached and escalated, with a task on the desk; the others run, are over, or were told of already.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from psycopg import Connection as Psycopg
from sqlalchemy import func, select, text

from adapters import runtime
from adapters.settings import Settings
from bench.million import fill, insertion
from bench.place import database
from domain.kit.unit_of_work import Runtime
from domain.service_levels.model import Clock, ClockEvent
from domain.service_levels.operations import due, watch

SIZES = {False: (1_000_000, 10_000), True: (20_000, 1_000)}
"""Clocks, and overdue ones among them, in earnest and in a smoke test."""
EACH = 4
"""Clocks an order."""
ENOUGH = 500.0
"""Clocks a second: ten thousand promises broken at once, by a typhoon or a night's outage, are seen to within a minute."""

CLOCK = {
    "id": "'ck_bench' || lpad(c.i::text, 18, '0')",
    "work_order_id": "'wo_bench' || lpad((c.i / %(each)s)::text, 18, '0')",
    "clock": "(ARRAY['first_contact', 'respond', 'repair', 'callback'])[1 + c.i %% %(each)s]",
    "policy_id": "p.id",
    "status": "CASE WHEN c.i < %(overdue)s THEN 'running' WHEN c.i %% 10 < 3 THEN 'running' ELSE 'met' END",
    "started_at": "now() - interval '3 days'",
    "due_at": "CASE WHEN c.i < %(overdue)s THEN now() - interval '1 minute' ELSE now() + c.i * interval '1 second' END",
    "warn_at": "now() - interval '2 minutes'",
    "next_at": """CASE WHEN c.i < %(overdue)s THEN now() - interval '2 minutes'
        WHEN c.i %% 10 < 3 THEN now() + interval '1 day' + c.i * interval '1 second' END""",
    "ended_at": "CASE WHEN c.i >= %(overdue)s AND c.i %% 10 >= 3 THEN now() END",
}
OF_POLICY = """FROM generate_series(0, %(clocks)s - 1) c (i) JOIN service_level_policies p
    ON p.customer_level = '' AND p.clock = (ARRAY['first_contact', 'respond', 'repair', 'callback'])[1 + c.i %% %(each)s]"""


def figures(quick: bool) -> Iterator[dict[str, Any]]:
    """The figure ``clocks``, in clocks a second; ``ok`` when it is enough and no plan reads the table from end to end."""
    clocks, overdue = SIZES[quick]
    with database() as told:
        fill(told, clocks // EACH)
        built = put_clocks(told, clocks, overdue)
        plan = plan_of(built)
        began, looked, slowest = time.perf_counter(), 0, 0.0
        while found := one_batch(built):
            looked += found[0]
            slowest = max(slowest, found[1])
        rate = looked / (time.perf_counter() - began)
        by_index = "Index Scan using ix_clocks_next" in plan and "Seq Scan" not in plan
        yield {
            "figure": "clocks", "unit": "clocks a second", "clocks": clocks, "overdue": overdue, "looked_at": looked,
            "events": happened(built), "rate": round(rate), "slowest_batch_ms": round(slowest * 1000),
            "by_index": by_index, "ok": by_index and looked == overdue and rate >= ENOUGH,
        }  # fmt: skip


def put_clocks(told: Settings, clocks: int, overdue: int) -> Runtime:
    """Fill the table, and bring its statistics up to date."""
    built = runtime.build(told, connections=1, statement_ms=600_000)
    with built.transaction() as uow:
        raw: Psycopg[Any] = uow.session.connection().connection.driver_connection  # type: ignore[assignment]
        raw.execute("SET LOCAL session_replication_role = replica")  # the rows fit together: no look-up for each
        raw.execute("UPDATE clocks SET next_at = NULL")  # the demo's own are not measured
        values = {"clocks": clocks, "overdue": overdue, "each": EACH}
        raw.execute(insertion(Clock, CLOCK, OF_POLICY).encode(), values)
    with built.sessions.kw["bind"].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE clocks")
    return built


def one_batch(built: Runtime) -> tuple[int, float] | None:
    """How many clocks, and seconds with the commit; None when nothing is due."""
    began = time.perf_counter()
    with built.transaction() as uow:
        looked = watch(uow)
    return (looked, time.perf_counter() - began) if looked else None


def plan_of(built: Runtime) -> str:
    with built.transaction() as uow:
        words = due(uow.now, 200).compile(uow.session.connection(), compile_kwargs={"literal_binds": True})
        return "\n".join(uow.session.scalars(text(f"EXPLAIN {words}")))


def happened(built: Runtime) -> dict[str, int]:
    """Kind of event → how many."""
    with built.transaction() as uow:
        measured = ClockEvent.clock_id.startswith("ck_bench")
        counted = select(ClockEvent.kind, func.count()).where(measured).group_by(ClockEvent.kind)
        return {kind: number for kind, number in uow.session.execute(counted)}  # noqa: C416
