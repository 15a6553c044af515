"""`money_plans`: what runs often over a million payables, payments, entries, quotes and covers, in milliseconds; no plan may read one whole.

Another query is a row of `asked`, another table a row of `TABLES` with the columns that matter to the plans.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from psycopg import Connection as Psycopg
from sqlalchemy import event

from adapters import runtime
from adapters.settings import Settings
from bench.million import fill, insertion
from bench.place import database
from bench.search import scans, spread
from console import quotes as console_quotes
from console import reconciling
from domain.cover import figures as covers
from domain.cover import keeping
from domain.cover.model import Cover
from domain.kit.tables import Table
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.ledger import counting
from domain.ledger.model import LedgerEntry, LedgerPosting, LedgerUncounted
from domain.payments import asking, cash, queries, refunding, search
from domain.payments.model import Payable, Payment
from domain.payments.search import Wanted
from domain.pricing import billing, quoting
from domain.pricing.model import Quote

SIZES = {False: (1_000_000, 20), True: (20_000, 3)}
"""Rows of each table, and times each is asked, in earnest and in a smoke test."""
EACH = 3
"""Rows an order."""
BIG = {
    "payables", "payments", "quotes", "covers", "work_orders", "products", "customers", "ledger_entries", "ledger_postings",
}  # fmt: skip
Ask = Callable[[UnitOfWork], object]


def of(prefix: str, count: str = "i") -> str:
    return f"'{prefix}_bench' || lpad(({count})::text, 18, '0')"


OPEN = "i %% 1000 = 0"
AT = "now() - i * interval '60 seconds'"
COMMON = {
    "customer_id": of("cu", f"i / {EACH} / {EACH}"),
    "brand_id": "%(brand)s",
    "work_order_id": of("wo", f"i / {EACH}"),
}
TABLES: Mapping[type[Table], Mapping[str, str]] = {
    Payable: COMMON | {
        "id": of("pb"), "kind": "'bill'", "of_id": of("bl"), "version": "1", "title": "'维修费'", "due_fen": "10000",
        "split": "'[]'", "status": f"CASE WHEN {OPEN} THEN 'open' ELSE 'paid' END", "at": AT, "by": "'system:bench'",
    },
    Payment: {
        "id": of("pm"), "payable_id": of("pb"), "out_trade_no": "'WB' || lpad(i::text, 20, '0')", "fen": "10000",
        "method": "CASE WHEN i %% 20 = 0 THEN 'cash' WHEN i %% 5000 = 1 THEN 'h5' ELSE 'jsapi' END", "via": "'page'",
        "status": f"CASE WHEN {OPEN} THEN 'pending' ELSE 'paid' END", "at": AT, "by": "'system:bench'",
        "query_at": f"CASE WHEN {OPEN} THEN now() + interval '1 day' END", "transaction_id": "'42' || lpad(i::text, 20, '0')",
    },
    LedgerEntry: {
        "id": of("le"), "brand_id": "%(brand)s", "key": "'bench:' || i", "of_kind": "'payable'", "of_id": of("pb", "i / 2"),
        "kind": "CASE WHEN i %% 2 = 0 THEN 'owed' ELSE 'paid' END", "by": "'system:bench'", "at": AT,
        "day": "(now() - i * interval '60 seconds')::date",
    },
    LedgerPosting: {
        "id": "1000000000 + i", "entry_id": of("le"), "fen": "10000",
        "debit": "CASE WHEN i %% 2 = 0 THEN 'receivable' ELSE 'wechat' END",
        "debit_party": f"CASE WHEN i %% 2 = 0 THEN {of('pb', 'i / 2')} ELSE 'me_bench' END",
        "credit": "CASE WHEN i %% 2 = 0 THEN 'income_service' ELSE 'receivable' END",
        "credit_party": f"CASE WHEN i %% 2 = 0 THEN '' WHEN i %% 2000 = 1 THEN 'ow_x' ELSE {of('pb', 'i / 2')} END",
    },
    LedgerUncounted: {"entry_id": of("le"), "brand_id": "%(brand)s"},
    Quote: {
        "id": of("qt"), "work_order_id": COMMON["work_order_id"], "version": f"1 + i %% {EACH}", "lines": "'[]'",
        "status": f"CASE WHEN i %% 3000 = 0 THEN 'asked' WHEN i %% {EACH} = 0 THEN 'confirmed' ELSE 'superseded' END",
        "facts": "'{}'", "customer_fen": "10000", "declined_fen": "0", "hash": "''", "note": "%(note)s", "why": "%(why)s",
        "by": "'system:bench'", "asked_at": AT, "expires_at": "now() + interval '1 day'",
    },
    Cover: {
        "id": of("cv"), "number": "'C' || i", "brand_id": "%(brand)s", "plan_id": "%(plan)s", "kind": "'card'",
        "component": "''", "customer_id": COMMON["customer_id"], "bought_by": COMMON["customer_id"], "price_fen": "20000",
        "status": f"CASE WHEN {OPEN} THEN 'ordered' WHEN i %% 2 = 0 THEN 'active' ELSE 'expired' END", "via": "'page'",
        "since": "current_date - i / 3000", "until": "current_date - i / 3000 + 730", "uses": "4", "ordered_at": AT,
        "bought_at": AT, "lapses_at": "now() + interval '1 day'", "earned_fen": "0", "refunded_fen": "0",
        "earned_on": "date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai')::date - 1",
    },
}  # fmt: skip


def first(due: keeping.Due, uow: UnitOfWork) -> object:
    return due(uow, 200)


def asked(number: str, brand_id: str) -> dict[str, Ask]:
    """What is asked, by the figure's name: queues first, then what people look at."""
    return {
        "payments_due": lambda uow: asking.due(uow, limit=50),
        "refunds_due": lambda uow: refunding.due(uow, limit=50),
        "quotes_expire": quoting.due_to_expire,
        "quotes_remind": quoting.due_reminders,
        "bills_remind": billing.due_reminders,
        **{f"covers_{name}": partial(first, due) for name, due, _ in keeping.STEPS},
        "receipt_number": cash.receipt_number,
        "payables": lambda uow: search.payables(uow, Wanted()),
        "payables_open": lambda uow: search.payables(uow, Wanted(status="open")),
        "payables_rare_method": lambda uow: search.payables(uow, Wanted(method="h5")),
        "payables_days": lambda uow: search.payables(uow, Wanted(until=uow.today - timedelta(days=7))),
        "payables_number": lambda uow: search.payables(uow, Wanted(text=number)),
        "of_customer": lambda uow: queries.payables_for(uow, "cu_bench" + "7".zfill(18)),
        "quotes": lambda uow: console_quotes.page(uow, "", ""),
        "quotes_confirmed": lambda uow: console_quotes.page(uow, "confirmed", ""),
        "covers": lambda uow: covers.covers(uow, covers.Wanted()),
        "ledger": lambda uow: reconciling.books(uow, None, uow.today),
        "ledger_brand": lambda uow: reconciling.books(uow, brand_id, uow.today),
        "ledger_earlier": lambda uow: reconciling.books(uow, brand_id, uow.today - timedelta(days=30)),
        "covers_cancelled": lambda uow: covers.covers(uow, covers.Wanted(status="cancelled")),
    }  # fmt: skip


def measured(told: Settings, rows: int, times: int) -> dict[str, Any]:
    built = runtime.build(told, connections=1, statement_ms=600_000)
    brand_id = put(built, rows)
    counted = count(built, rows)
    seen: dict[str, Any] = {}
    event.listen(built.sessions.kw["bind"], "before_cursor_execute", lambda *given: seen.update({given[2]: given[3]}))
    found = {
        name: spread([one(built, ask) for _ in range(times)])
        for name, ask in asked("WB" + "777".zfill(20), brand_id).items()
    }
    whole = sorted(BIG & set(read_whole(built, dict(seen))))
    return {
        "figure": "money_plans",
        "unit": "ms",
        "rows": rows,
        **found,
        "entries_counted_per_s": counted,
        "tables_read_end_to_end": whole,
        "ok": not whole,
    }


def figures(quick: bool) -> Iterator[dict[str, Any]]:
    """The figure ``money_plans``; ``ok`` when no plan reads a large table from end to end."""
    rows, times = SIZES[quick]
    with database() as told:
        fill(told, rows // EACH + 1)
        yield measured(told, rows, times)


def count(built: Runtime, rows: int) -> int:
    """Entries that are added up a second, until none waits."""
    began, done = time.perf_counter(), 1
    while done:
        with built.transaction() as uow:
            done = counting.count(uow)
    took = time.perf_counter() - began
    with built.sessions.kw["bind"].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE ledger_uncounted, ledger_sums, ledger_parties")
    return round(rows / took)


def put(built: Runtime, rows: int) -> str:
    """Fill the tables; returns the brand whose rows they are."""
    with built.transaction() as uow:
        raw: Psycopg[Any] = uow.session.connection().connection.driver_connection  # type: ignore[assignment]
        raw.execute("SET LOCAL session_replication_role = replica")  # the rows fit together: no look-up for each
        plan, brand = raw.execute("SELECT id, brand_id FROM cover_plans LIMIT 1").fetchone() or ("", "")
        values: dict[str, Any] = {name: built.keyring.seal("无".encode(), f"quotes.{name}") for name in ("note", "why")}
        values |= {"brand": brand, "plan": plan}
        for table, columns in TABLES.items():
            source = f"FROM generate_series(0, {rows} - 1) i"
            raw.execute(insertion(table, columns, source).encode(), values)
    with built.sessions.kw["bind"].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    return str(brand)


def one(built: Runtime, ask: Ask) -> float:
    with built.transaction() as uow:
        began = time.perf_counter()
        ask(uow)
        return time.perf_counter() - began


def read_whole(built: Runtime, seen: Mapping[str, Any]) -> Iterator[str]:
    with built.transaction() as uow:
        raw: Psycopg[Any] = uow.session.connection().connection.driver_connection  # type: ignore[assignment]
        for words, parameters in seen.items():
            if words.startswith("SELECT"):
                row = raw.execute(("EXPLAIN (FORMAT JSON) " + words).encode(), parameters).fetchone()
                yield from scans(row[0] if row else [])
