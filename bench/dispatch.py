"""`dispatch`: a large network, reports coming in, and how long until an engineer is asked.

5 000 engineers of 300 providers with full days, 200 000 orders; then 20 orders a second for a minute, opened in transactions of
their own as the doors do. The relay, the schedule and the workers are the real processes. An order counts as offered when its
offer can be read by others. Also the time of one decision alone, and how it grows from 500 engineers to 5 000.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import text

from adapters import runtime
from adapters.settings import Settings
from bench import network
from bench.million import Million, fill
from bench.network import Grown
from bench.place import database
from domain.customers.address import AddressLine
from domain.dispatch.operations import dispatch
from domain.kit.actors import system
from domain.kit.unit_of_work import Runtime
from domain.work_orders.kinds import ServiceType
from domain.work_orders.operations import open_work_order

BY = system("bench")
PATIENCE = 60.0
"""Seconds after the last report until what is not offered counts as lost."""
LOOK = 0.05
WORKERS = 2


@dataclass(frozen=True)
class Size:
    engineers: int = 5_000
    providers: int = 300
    orders: int = 200_000
    a_second: int = 20
    seconds: int = 60
    decisions: int = 60


QUICK = Size(engineers=300, providers=60, orders=3_000, a_second=10, seconds=4, decisions=8)


def figures(quick: bool) -> Iterator[dict[str, Any]]:
    size = QUICK if quick else Size()
    with database() as told:
        began = time.perf_counter()
        made = fill(told, size.orders)
        small = network.grow(told, size.engineers // 10, size.providers // 10)
        few = decisions(told, made, small, size, small.providers)
        grown = network.grow(told, size.engineers, size.providers, had=(small.engineers, small.providers))
        planned = network.plan(told, grown)
        filled = round(time.perf_counter() - began)
        many = decisions(told, made, grown, size, small.providers)
        figure = {
            "figure": "dispatch", "engineers": size.engineers, "providers": size.providers, "orders": size.orders,
            "planned_visits": planned, "filled_in_s": filled,
            "decision_ms": {str(small.engineers): few, str(grown.engineers): many},
            "growth": round(many["p50"] / few["p50"], 2),
        }  # fmt: skip
        yield figure | {"report_to_offer_s": report_to_offer(told, made, grown, size)}


def decisions(told: Settings, made: Million, grown: Grown, size: Size, places: int) -> dict[str, Any]:
    """Milliseconds of one decision with everything it writes, nobody else at work; every one is rolled back."""
    built = runtime.build(told, connections=1)
    chance, times, seen = random.Random(5), [], []
    for number in range(size.decisions + 3):
        try:
            with built.transaction() as uow:
                order = report(uow, made, grown.brand_id, grown.districts[: max(1, places)], chance)
                began = time.perf_counter()
                decision = dispatch(uow, order, "opened")
                uow.session.flush()
                if number >= 3:
                    times.append((time.perf_counter() - began) * 1000)
                    seen.append(len(decision.considered) if decision else 0)
                raise Undone
        except Undone:
            pass
    built.sessions.kw["bind"].dispose()
    times.sort()
    return {
        "p50": round(median(times), 1), "p99": round(times[int(len(times) * 0.99)], 1),
        "candidates": round(median(seen)),
    }  # fmt: skip


class Undone(Exception):
    """Leaves a transaction without a trace."""


def report(uow: Any, made: Million, brand_id: str, districts: Sequence[str], chance: random.Random) -> str:
    """One order of a customer who is in the database."""
    district = chance.choice(districts)
    return open_work_order(
        uow, by=BY, brand_id=brand_id, service_type=ServiceType(chance.choice(network.SERVICES)),
        customer_id=f"cu_bench{chance.randrange(made.customers):018d}", category_code=chance.choice(network.CATEGORIES),
        words="坏了", phone="13800138000", address=AddressLine(district, "某街道某路18号3栋502"), contact_name="王小明",
        via="bench", another=True,
    ).order.id  # fmt: skip


def report_to_offer(told: Settings, made: Million, grown: Grown, size: Size) -> dict[str, Any]:
    built = runtime.build(told, connections=10)
    number = size.a_second * size.seconds
    with jobs_running(told), ThreadPoolExecutor(4) as pool:
        watch = Watch(built)
        watch.start()
        begun = time.monotonic()
        told_when: dict[str, float] = {}

        def one(count: int) -> None:
            chance = random.Random(count)
            at = time.monotonic()
            with built.transaction() as uow:
                order_id = report(uow, made, grown.brand_id, grown.districts, chance)
            told_when[order_id] = at

        waiting = []
        for count in range(number):
            time.sleep(max(0.0, begun + count / size.a_second - time.monotonic()))
            waiting.append(pool.submit(one, count))
        for done in waiting:
            done.result()
        spent = time.monotonic() - begun
        watch.wait_for(set(told_when), PATIENCE)
    took = sorted(watch.offered[one] - at for one, at in told_when.items() if one in watch.offered)
    lost = [one for one in told_when if one not in watch.offered and one not in watch.queued]
    doubled = twice(built, list(told_when))
    built.sessions.kw["bind"].dispose()
    return {
        "reports": number, "a_second": round(number / spent, 1), "workers": WORKERS, "offered": len(took),
        "queued_with_a_reason": len(set(watch.queued) - set(watch.offered)), "lost": len(lost), "doubled": doubled,
        "p50": round(median(took), 2) if took else None, "p99": round(took[int(len(took) * 0.99)], 2) if took else None,
        "worst": round(took[-1], 2) if took else None,
    }  # fmt: skip


class Watch(threading.Thread):
    """Looks for new offers, and for orders in the queue, every `LOOK` seconds."""

    def __init__(self, built: Runtime) -> None:
        super().__init__(daemon=True)
        self.built, self.ended = built, threading.Event()
        self.offered: dict[str, float] = {}
        self.queued: dict[str, float] = {}

    def run(self) -> None:
        while not self.ended.wait(LOOK):
            with self.built.transaction() as uow:
                now = time.monotonic()
                for kind, seen in (("offers", self.offered), ("waiting_orders", self.queued)):
                    for id_ in uow.session.scalars(text(f"SELECT work_order_id FROM {kind}")):
                        seen.setdefault(id_, now)

    def wait_for(self, orders: set[str], patience: float) -> None:
        until = time.monotonic() + patience
        while time.monotonic() < until and not orders <= set(self.offered) | set(self.queued):
            time.sleep(0.2)
        self.ended.set()
        self.join(5)


def twice(built: Runtime, orders: list[str]) -> int:
    """Orders with more than one open offer, or more than one engineer's time."""
    with built.transaction() as uow:
        found = text(
            "SELECT count(*) FROM (SELECT work_order_id FROM reservations WHERE state <> 'released' "
            "AND work_order_id = ANY(:orders) GROUP BY work_order_id HAVING count(*) > 1) twice"
        )
        return int(uow.session.scalar(found, {"orders": orders}) or 0)


@contextmanager
def jobs_running(told: Settings) -> Iterator[None]:
    """The relay with the schedule, the workers, and the slow one: as `weixiu up` starts them."""
    environ = {**os.environ, **told.environ()}
    lines = [["schedule"], *([["worker"]] * WORKERS), ["worker", "--queue", "slow"]]
    with (told.data_dir / "jobs.log").open("wb") as log:
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "adapters.cli", *line], env=environ, cwd=told.data_dir, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log,
            )
            for line in lines
        ]  # fmt: skip
        try:
            time.sleep(3)
            yield
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
