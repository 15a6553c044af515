"""``python -m bench.chaos_dispatch``: 500 orders are dispatched while workers and the schedule are shot down.

Real processes on servers of their own. Every second or so one of them is killed with -9 and started anew. Afterwards every
order must be offered, or wait in the queue with a reason; none twice; and ``weixiu invariants`` must hold. Prints one JSON
line; exits 1 if a promise is broken.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from adapters import runtime
from adapters.settings import Settings
from bench import network
from bench.dispatch import report
from bench.million import Million, fill
from bench.network import Grown
from bench.place import database
from bench.promises import invariants
from domain.kit.unit_of_work import Runtime

ENGINEERS, PROVIDERS, CUSTOMERS = 1_000, 200, 3_000
A_SECOND = 25
PATIENCE = 120.0
LINES = (["schedule"], ["worker"], ["worker"], ["worker", "--queue", "slow"])
SHOOT_EVERY = (0.4, 1.6)
"""Seconds between two shots."""


class Victims(threading.Thread):
    """The processes that do jobs; one after the other is shot down and comes back."""

    def __init__(self, told: Settings, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.told, self.chance, self.stop = told, chance, threading.Event()
        self.shot: list[str] = []
        self.log = (told.data_dir / "jobs.log").open("wb")
        self.processes = [self.begin(line) for line in LINES]

    def begin(self, line: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "adapters.cli", *line], env={**os.environ, **self.told.environ()},
            cwd=self.told.data_dir, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
        )  # fmt: skip

    def run(self) -> None:
        while not self.stop.wait(self.chance.uniform(*SHOOT_EVERY)):
            number = self.chance.choice((0, 1, 1, 2, 2))
            self.processes[number].kill()
            self.processes[number].wait()
            self.shot.append(LINES[number][0])
            self.processes[number] = self.begin(LINES[number])

    def end(self) -> None:
        self.stop.set()
        self.join()
        for process in self.processes:
            process.kill()
            process.wait()
        self.log.close()


@contextmanager
def network_of_victims(seed: int) -> Iterator[tuple[Settings, Million, Grown, Victims]]:
    with database() as told:
        made = fill(told, CUSTOMERS)
        grown = network.grow(told, ENGINEERS, PROVIDERS)
        network.plan(told, grown)
        victims = Victims(told, random.Random(seed))
        try:
            yield told, made, grown, victims
        finally:
            victims.end()


def open_all(built: Runtime, made: Million, grown: Grown, count: int, seed: int) -> list[str]:
    """So many orders, at an even pace."""
    chance, orders, begun = random.Random(seed), [], time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, begun + number / A_SECOND - time.monotonic()))
        with built.transaction() as uow:
            orders.append(report(uow, made, grown.brand_id, grown.districts, chance))
    return orders


UNDER_WAY = "SELECT count(*) FROM outbox WHERE state <> 'done'"


def settled(built: Runtime, patience: float = PATIENCE) -> int:
    """Wait until nothing is under way; what still is after ``patience``."""
    until = time.monotonic() + patience
    while True:
        with built.transaction() as uow:
            left = int(uow.session.scalar(text(UNDER_WAY)) or 0)
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.5)


COUNTED = """
    SELECT o.id, (SELECT count(*) FROM offers f WHERE f.work_order_id = o.id AND f.status = 'open') AS asked,
        (SELECT count(*) FROM visits v WHERE v.work_order_id = o.id AND v.status IN ('accepted', 'departed')) AS going,
        (SELECT count(*) FROM waiting_orders q WHERE q.work_order_id = o.id AND q.reason <> '' AND q.words <> '') AS waits,
        (SELECT count(*) FROM reservations r WHERE r.work_order_id = o.id AND r.state <> 'released') AS times
    FROM work_orders o WHERE o.id = ANY(:orders)"""


def broken(rows: Sequence[Any], orders: Sequence[str], left: int) -> list[str]:
    """A line for everything that is not as promised."""
    lines = []
    if len(rows) != len(orders):
        lines.append(f"{len(orders)} orders were opened, {len(rows)} are there")
    for id_, asked, going, waits, times in rows:
        if asked + going + waits != 1:
            lines.append(f"{id_}: asks {asked}, has {going}, waits {waits}")
        elif times != asked + going:
            lines.append(f"{id_}: {times} times are kept for {asked + going} engineers")
    if left:
        lines.append(f"{left} events are still under way")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos_dispatch", description=__doc__)
    parser.add_argument("--orders", type=int, default=500)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 1000)
    said = parser.parse_args()
    with network_of_victims(said.seed) as (told, made, grown, victims):
        built = runtime.build(told, connections=3)
        time.sleep(3)
        victims.start()
        began = time.monotonic()
        orders = open_all(built, made, grown, said.orders, said.seed)
        time.sleep(3)
        victims.stop.set()
        left = settled(built)
        spent = time.monotonic() - began
        with built.transaction() as uow:
            rows = uow.session.execute(text(COUNTED), {"orders": orders}).all()
        lines = broken(rows, orders, left) + invariants_of_dispatch(told)
        built.sessions.kw["bind"].dispose()
    figure = {
        "figure": "chaos_dispatch", "orders": len(orders), "asked": sum(row[1] for row in rows),
        "in_queue": sum(row[3] for row in rows), "shot": len(victims.shot), "seconds": round(spent), "seed": said.seed,
        "broken": lines[:20],
    }  # fmt: skip
    print(json.dumps(figure, ensure_ascii=False))
    return 1 if lines else 0


OURS = ("queue", "asked about a visit", "one lead", "kept for an order")


def invariants_of_dispatch(told: Settings) -> list[str]:
    """What `weixiu invariants` says of dispatch; the orders of `bench.million` were put there without a history."""
    return [line for line in invariants(told) if any(words in line for words in OURS)]


if __name__ == "__main__":
    sys.exit(main())
