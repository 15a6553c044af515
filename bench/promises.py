"""What must be true after the chaos: one order a conversation, every number told is in the database, nothing open.

Another promise is another line of `broken`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from typing import Any

from redis import Redis
from sqlalchemy import Connection, Engine, create_engine, text

from adapters.settings import Settings
from bench.customer import Customer
from bench.phone import Sandbox
from domain.kit.spool import DEAD, STREAM

UNDER_WAY = """
    SELECT 'message received, deferred' AS what, count(*) FROM received WHERE state = 'deferred'
    UNION ALL SELECT 'event ' || kind || ', ' || state, count(*) FROM outbox WHERE state <> 'done' GROUP BY kind, state
    UNION ALL SELECT 'message to a person, ' || state, count(*) FROM outgoing_messages
        WHERE state NOT IN ('sent', 'dead') GROUP BY state"""
MESSAGE_ID = re.compile(r"<MsgId>(?:<!\[CDATA\[)?(\d+)")
PATIENCE = 60.0
"""Seconds for everything that is late to arrive."""


def kept(told: Settings, people: list[Customer], sandbox: Sandbox) -> dict[str, Any]:
    """The figure ``chaos``, with a line for every broken promise."""
    engine, valkey = create_engine(told.database_url), Redis.from_url(told.redis_url)
    waited, left = settled(engine, valkey)
    out_of_order = 0
    for customer in people:
        screen = customer.phone_screen.look(0)
        customer.read([bubble for bubble in screen if bubble.side == "account"])  # what came late, too
        out_of_order += sum("出现故障" in bubble.words for bubble in screen if bubble.side == "system")
    with engine.connect() as connection:
        orders = orders_by_openid(connection, people)
        states = {
            str(state): count
            for state, count in connection.execute(text("SELECT state, count(*) FROM received GROUP BY state"))
        }
    lines = broken(people, orders, left, int(valkey.llen(DEAD))) + not_written_down(engine, sandbox) + invariants(told)
    return {
        "figure": "chaos", "conversations": len(people), "orders": sum(map(len, orders.values())),
        "doubled_orders": sum(len(numbers) - 1 for numbers in orders.values() if len(numbers) > 1),
        "messages_said": sum(len(one.said) for one in people), "said_again": sum(one.repeats for one in people),
        "out_of_order_shown": out_of_order, "messages_received": states, "settled_after_s": round(waited, 1), "broken": lines,
    }  # fmt: skip


def settled(engine: Engine, valkey: Redis) -> tuple[float, dict[str, int]]:
    """Wait until nothing is under way. Returns how long that took, and what is still under way."""
    began = time.monotonic()
    while True:
        with engine.connect() as connection:
            left = {str(what): int(count) for what, count in connection.execute(text(UNDER_WAY)) if count}
        if spooled := int(valkey.xlen(STREAM)):
            left["spooled"] = spooled
        if not left or time.monotonic() - began > PATIENCE:
            return time.monotonic() - began, left
        time.sleep(0.5)


def orders_by_openid(connection: Connection, people: list[Customer]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {one.phone_screen.openid: [] for one in people}
    rows = text("SELECT openid, number FROM work_orders WHERE openid = ANY(:openids)")
    for openid, number in connection.execute(rows, {"openids": list(found)}):
        found[openid].append(number)
    return found


def broken(people: list[Customer], orders: dict[str, list[str]], left: dict[str, int], dead: int) -> list[str]:
    """A line for everything that is not as promised."""
    lines = []
    for customer in people:
        openid = customer.phone_screen.openid
        theirs, told = orders[openid], set(customer.numbers)
        if customer.went_wrong:
            lines.append(f"{openid}: {customer.went_wrong}")
        if len(theirs) != 1:
            lines.append(f"{openid} has {len(theirs)} orders")
        if told - set(theirs):
            lines.append(f"{openid} was told of {sorted(told - set(theirs))}, which are not in the database")
        if set(theirs) - told:
            lines.append(f"{openid} was not told of {sorted(set(theirs) - told)}")
    if left:
        lines.append(f"still under way after {PATIENCE:.0f} s: {left}")
    if dead:
        lines.append(f"{dead} spooled messages could not be read")
    return lines


def not_written_down(engine: Engine, sandbox: Sandbox) -> list[str]:
    """The platform was told 200 for these messages, and yet they are not in the database."""
    pushes = sandbox.call("GET", "/log?direction=push&limit=1000000")
    taken = {MESSAGE_ID.search(push["request"]) for push in pushes if push["status"] == 200}
    ids = {found.group(1) for found in taken if found}
    with engine.connect() as connection:
        kept_ids = set(connection.scalars(text("SELECT key FROM received")))
    missing = sorted(ids - kept_ids)
    return [f"{len(missing)} messages were taken and not written down: {missing[:5]}"] if missing else []


def invariants(told: Settings) -> list[str]:
    line = [sys.executable, "-m", "adapters.cli", "invariants", "--json"]
    done = subprocess.run(
        line, env={**os.environ, **told.environ()}, cwd=told.data_dir, capture_output=True, text=True, check=False
    )
    said = [json.loads(row) for row in done.stdout.splitlines() if row.startswith("{")]
    broken_ones = Counter({row["sentence"]: len(row["rows"]) for row in said if not row["holds"]})
    if done.returncode and not broken_ones:
        return [f"weixiu invariants ended with {done.returncode}: {done.stderr[-300:]}"]
    return [f"not true: {sentence} ({count} rows)" for sentence, count in broken_ones.items()]
