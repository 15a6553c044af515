"""`streams`: what open live streams cost the webhook: its p99 with 500 of them and without, in turns.

Web and streams processes run as `weixiu up` runs them, beside the load of `webhook_turn`. While the streams are open
the database says twice a second that somebody waits, so that every stream is written to. Run by itself with
``python -m bench.streams``.
"""

from __future__ import annotations

import json
import random
import selectors
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from adapters import runtime
from adapters.settings import Settings
from bench.place import account_of, database, free_port, served, wait_for
from bench.webhook_turn import Plan, Run, contestants, measured
from domain.access.model import Staff
from domain.access.sessions import LONGEST, new_session
from domain.kit import live
from domain.kit.unit_of_work import Runtime

STREAMS = 500
NEWS_EVERY = 0.5
"""Seconds between two pieces of news for everybody: a desk where two customers a second come or are taken."""
WANTED = 1.2
ROUNDS = 7
QUICK = Plan(rounds=1, warm=0.5, seconds=1.0)


@dataclass
class Pages:
    """The other ends of the streams: read by one thread, which counts what came."""

    port: int
    secret: str
    lines: list[socket.socket] = field(default_factory=list)
    events: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def open(self, count: int) -> None:
        """:raises RuntimeError: the server does not take them all"""
        request = (
            f"GET /console/streams?chat= HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
            f"Cookie: weixiu_session={self.secret}\r\n\r\n"
        ).encode()
        for _ in range(count):
            line = socket.create_connection(("127.0.0.1", self.port), timeout=10)
            line.sendall(request)
            if b" 200 " not in line.recv(4096):
                raise RuntimeError("a stream was refused")
            line.setblocking(False)
            self.lines.append(line)

    def read(self) -> None:
        with selectors.EpollSelector() as selector:
            for line in self.lines:
                selector.register(line, selectors.EVENT_READ)
            while not self.over.is_set():
                for key, _ in selector.select(0.2):
                    piece = key.fileobj.recv(65536)  # type: ignore[union-attr]
                    self.events += piece.count(b"data:")

    def close(self) -> None:
        for line in self.lines:
            line.close()


@contextmanager
def streams_process(told: Settings) -> Iterator[int]:
    """``weixiu streams`` for the length of a block; yields its port."""
    port = free_port()
    log = told.data_dir / "streams.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "adapters.cli", "streams"], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            env={**told.environ(), "WEIXIU_STREAMS_PORT": str(port), "PATH": ""},
        )  # fmt: skip
        try:
            wait_for(port, process, log)
            yield port
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def open_pages(made: Runtime, port: int, count: int) -> Iterator[Pages]:
    """So many open pages of one member of staff, and news for them."""
    with made.transaction() as uow:
        person = uow.session.scalars(select(Staff).order_by(Staff.username)).first()
        assert person, "the demo has staff"
        pages = Pages(port, new_session(uow, person, "browser", LONGEST))
    pages.open(count)
    threads = [threading.Thread(target=pages.read), threading.Thread(target=tell, args=(made, pages.over))]
    for thread in threads:
        thread.start()
    try:
        yield pages
    finally:
        pages.over.set()
        for thread in threads:
            thread.join()
        pages.close()


def tell(made: Runtime, over: threading.Event) -> None:
    while not over.wait(NEWS_EVERY):
        with made.transaction() as uow:
            live.queue_changed(uow)


def figures(plan: Plan, count: int = STREAMS) -> Iterator[dict[str, Any]]:
    """The figure ``streams``."""
    with database() as told:
        weixiu, account, chance = contestants(told)[0], account_of(told), random.Random(3)
        made = runtime.build(told, connections=2)
        without: list[Run] = []
        with_: list[Run] = []
        events, seconds = 0, 0.0
        with (
            served(weixiu, told) as port,
            streams_process(told) as streams_port,
        ):
            measured(weixiu, port, account, Plan(warm=0, seconds=plan.warm), chance)
            for _ in range(plan.rounds):
                without.append(measured(weixiu, port, account, plan, chance))
                with open_pages(made, streams_port, count) as pages:
                    began = time.monotonic()
                    with_.append(measured(weixiu, port, account, plan, chance))
                    seconds += time.monotonic() - began
                    events += pages.events
        ratio = statistics.median(a.p99 / b.p99 for a, b in zip(with_, without, strict=True))
        yield {
            "figure": "streams", "unit": "p99 with / p99 without", "streams": count, "value": round(ratio, 2),
            "wanted": f"≤ {WANTED}", "news_a_second": round(events / seconds), "rounds": plan.rounds,
            "without": shown(without), "with": shown(with_),
        }  # fmt: skip


def shown(runs: list[Run]) -> dict[str, float]:
    return {
        "rate": round(statistics.median(run.rate for run in runs)),
        "p50_ms": round(statistics.median(run.p50 for run in runs) * 1000, 1),
        "p99_ms": round(statistics.median(run.p99 for run in runs) * 1000, 1),
        "wrong_answers": sum(run.wrong for run in runs),
    }


def main() -> None:
    with suppress(KeyboardInterrupt):
        for figure in figures(QUICK if "--quick" in sys.argv else Plan(rounds=ROUNDS)):
            print(json.dumps(figure, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
