"""`search`: a million work orders, found by number, phone, last four digits, serial and name, and paged through.

The rows are made by the database itself out of small tables of prints; what is sealed is sealed once and copied, so
opening it costs what it costs in earnest. Another way to search is another row of `looked_for`, another combination one
of `COMBINED`.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from psycopg import Cursor
from sqlalchemy import Engine, event

from adapters import runtime
from adapters.settings import Settings
from bench.million import Million, fill
from bench.place import database
from domain.kit.unit_of_work import Runtime
from domain.reports.conditions import Condition, Query
from domain.reports.searching import count, find
from domain.work_orders.search import OrderPage, Search, find_orders

Look = Callable[[random.Random], Search]
SIZES = {False: (1_000_000, 200), True: (20_000, 20)}
"""Orders, and searches of each kind, in earnest and in a smoke test."""
BIG = {"work_orders", "customers", "customer_phones", "products"}
"""Tables that no search may read from end to end."""


def looked_for(made: Million) -> dict[str, Search | Look]:
    """What is searched for, by the figure's name."""
    return {
        "number": lambda chance: Search(text=made.number(chance)),
        "phone": lambda chance: Search(text=made.phone(chance)),
        "last4": lambda chance: Search(text=made.phone(chance)[-4:]),
        "serial": lambda chance: Search(text=made.serial(chance)),
        "name": lambda chance: Search(text=made.name(chance)),
        "name_one_in_a_hundred": Search(text=made.common_name),
        "open_of_brand": Search(brand_id=made.brand_id, only_open=True),
    }


def combined(made: Million) -> dict[str, Query]:
    """Combinations as people make them, by the figure's name; each is run as the page does, first page and count."""
    word = Condition
    kinds = word("status", "is", ("reported", "scheduled")), word("category", "is", ("air_conditioner",))
    return {
        "status_and_category": Query("all", kinds),
        "place_and_days": Query("all", (word("division", "is", ("440606",)), word("opened", "between", ("2026-01-01", "2026-01-31")))),
        "name_and_not_finished": Query(
            "all", (word("customer", "is", (made.common_name,)), word("status", "not", ("settled", "cancelled")))
        ),
        "any_of_phone_serial_engineer": Query(
            "any", (word("phone", "is", ("0001",)), word("serial", "is", ("SN0000000007",)), word("engineer", "is", ("E1",)))
        ),
        "any_urged_or_late": Query("any", (word("urged", "least", ("2",)), word("sla", "is", ("breached",)))),
        "nothing_found": Query("all", (word("phone", "is", ("0001",)), word("error_code", "is", ("none",)))),
    }  # fmt: skip


def figures(quick: bool) -> Iterator[dict[str, Any]]:
    """The figure ``search``, in milliseconds a search, from the call to the rows read and opened."""
    orders, times = SIZES[quick]
    with database() as told:
        began = time.perf_counter()
        made = fill(told, orders)
        figure: dict[str, Any] = {"figure": "search", "unit": "ms", "orders": orders}
        figure["filled_in_s"] = round(time.perf_counter() - began)
        figure |= measured(told, made, times)
        yield figure


def measured(told: Settings, made: Million, times: int) -> dict[str, Any]:
    built, chance, found = runtime.build(told, connections=1), random.Random(3), {}
    plans = Plans(built.sessions.kw["bind"])
    for name, what in looked_for(made).items():
        look = what if callable(what) else lambda chance, what=what: what
        found[name] = percentiles(built, [look(chance) for _ in range(times)])
    for name, query in combined(made).items():
        found[name] = spread([one_combined(built, query) for _ in range(max(times // 10, 5))])
    first = Search(brand_id=made.brand_id)
    found["first_page"] = percentiles(built, [first] * times)
    found["hundredth_page"] = percentiles(built, [first] * times, after=ninety_ninth(built, first))
    scans = plans.read(built)
    return {**found, "plans_looked_at": plans.count, "tables_read_end_to_end": scans}


def ninety_ninth(built: Runtime, search: Search) -> Any:
    """Where the hundredth page begins; the last page there is where there are fewer."""
    after = None
    for _ in range(99):
        page = one_page(built, search, after)[1]
        after = page.after or after
    return after


def percentiles(built: Runtime, searches: list[Search], after: Any = None) -> dict[str, float]:
    return spread([one_page(built, search, after)[0] for search in searches])


def one_combined(built: Runtime, query: Query) -> float:
    with built.transaction() as uow:
        began = time.perf_counter()
        find(uow, query)
        count(uow, query)
        return time.perf_counter() - began


def spread(times: list[float]) -> dict[str, float]:
    times = sorted(times)
    return {
        "p50": round(times[len(times) // 2] * 1000, 1),
        "p99": round(times[int(len(times) * 0.99)] * 1000, 1),
    }


def one_page(built: Runtime, search: Search, after: Any) -> tuple[float, OrderPage]:
    with built.transaction() as uow:
        began = time.perf_counter()
        page = find_orders(uow, search, after=after)
        return time.perf_counter() - began, page


@dataclass
class Statement:
    """One search as it went to the database."""

    words: str
    parameters: Any


class Plans:
    """Remembers the searches' statements, and says afterwards which tables their plans read from end to end."""

    def __init__(self, engine: Engine) -> None:
        self.seen: dict[str, Statement] = {}
        self.count = 0
        self.asking = False
        event.listen(engine, "before_cursor_execute", self.remember)

    def remember(self, connection: Any, cursor: Any, words: str, parameters: Any, *rest: Any) -> None:
        if not self.asking and "FROM work_orders" in words:
            self.seen[words] = Statement(words, parameters)

    def read(self, built: Runtime) -> list[str]:
        self.asking, scanned = True, set()
        with built.transaction() as uow:
            cursor: Cursor[Any] = uow.session.connection().connection.cursor()  # type: ignore[assignment]
            for statement in self.seen.values():
                cursor.execute("EXPLAIN (FORMAT JSON) " + statement.words, statement.parameters)
                row = cursor.fetchone()
                plan = row[0] if row else []
                scanned |= set(scans(plan if isinstance(plan, list) else json.loads(plan)))
                self.count += 1
        return sorted(scanned & BIG)


def scans(plan: Any) -> Iterator[str]:
    """The tables of all sequential scans in a plan."""
    if isinstance(plan, list):
        for part in plan:
            yield from scans(part)
    elif isinstance(plan, dict):
        if plan.get("Node Type") == "Seq Scan":
            yield plan["Relation Name"]
        for part in plan.values():
            yield from scans(part)
