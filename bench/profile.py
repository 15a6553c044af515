"""``python -m bench.profile``: where the time of one turn goes, part by part, printed as the table of docs/performance.md.

The web application is called in this process, one message after the other, so nothing waits for anything but the
database. Each part's time is its own: what parts inside it took is taken off. Another part is another row of `PARTS`.
"""

from __future__ import annotations

import functools
import random
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import sqlalchemy.engine.default
import wechatpy.crypto
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session
from werkzeug.test import Client

import bot.dialogue
import bot.engine
import bot.talk
import bot.understanding.message
import webhooks.door
import webhooks.envelope
import webhooks.inbox
import webhooks.wire
from adapters import application, logs, runtime
from bench.place import account_of, database
from bench.traffic import Request, sealed_dialogues
from domain.kit.personal import Keyring

PATH = "/webhooks/official-account"
WARM, COUNTED = 30, 100
"""Dialogues of six messages each."""
SELECTED = re.compile("^SELECT .*? FROM")
REST = "Flask, the inbox's and the door's own code, and all that is not named"
DIALECT = sqlalchemy.engine.default.DefaultDialect

PARTS: tuple[tuple[str, Any, str], ...] = (
    ("check the signature, decrypt", webhooks.envelope, "opened"),
    ("read the XML", webhooks.wire, "fields_of"),
    ("read the XML", webhooks.wire, "push_of"),
    ("render and encrypt the answer", webhooks.wire, "reply"),
    ("render and encrypt the answer", wechatpy.crypto.WeChatCrypto, "encrypt_message"),
    ("understand the message", bot.understanding.message, "understand"),
    ("the dialogue: flows, questions, words", bot.engine, "take_turn"),
    ("seal and open personal data", Keyring, "seal"),
    ("seal and open personal data", Keyring, "open"),
    ("seal and open personal data", Keyring, "fingerprint"),
    ("SQLAlchemy: statements, rows to objects", Connection, "execute"),
    ("SQLAlchemy: statements, rows to objects", Session, "execute"),
    ("SQLAlchemy: statements, rows to objects", Session, "scalars"),
    ("SQLAlchemy: statements, rows to objects", Session, "get"),
    ("SQLAlchemy: flush", Session, "flush"),
    ("SQLAlchemy: begin, commit, savepoints", Session, "commit"),
    ("SQLAlchemy: begin, commit, savepoints", Session, "begin_nested"),
    ("SQLAlchemy: begin, commit, savepoints", Session, "close"),
    ("PostgreSQL and psycopg: statements", DIALECT, "do_execute"),
    ("PostgreSQL and psycopg: savepoint and its release", DIALECT, "do_savepoint"),
    ("PostgreSQL and psycopg: savepoint and its release", DIALECT, "do_release_savepoint"),
    ("PostgreSQL and psycopg: commit, to the disk", DIALECT, "do_commit"),
)  # fmt: skip


class Statements:
    """Counts the statements, and how long the database and its driver took over each."""

    def __init__(self, engine: Engine) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        event.listen(engine, "before_cursor_execute", self.begin)
        event.listen(engine, "after_cursor_execute", self.end)

    def begin(self, connection: Connection, *rest: Any) -> None:
        connection.info["bench began"] = time.perf_counter()

    def end(self, connection: Connection, cursor: Any, words: str, *rest: Any) -> None:
        self.spent[words] += time.perf_counter() - connection.info["bench began"]
        self.calls[words] += 1

    def show(self, turns: int, most: int = 12) -> None:
        print(f"\nstatements a turn: {sum(self.calls.values()) / turns:.1f}\n")
        print("| statement | a turn | µs each | µs a turn |\n|---|--:|--:|--:|")
        for words, spent in sorted(self.spent.items(), key=lambda row: -row[1])[:most]:
            calls = self.calls[words]
            each, short = spent / calls * 1e6, SELECTED.sub("SELECT … FROM", " ".join(words.split()))[:70]
            print(f"| `{short} …` | {calls / turns:.2f} | {each:.0f} | {spent / turns * 1e6:.0f} |")


class Watch:
    """Adds up each part's own time."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self.inside: list[float] = []

    def wrap(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            self.inside.append(0.0)
            began = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                took = time.perf_counter() - began
                self.spent[part] += took - self.inside.pop()
                self.calls[part] += 1
                if self.inside:
                    self.inside[-1] += took

        return timed


def put_in(watch: Watch) -> None:
    """Put the watch around every part, also where another module imported it by name."""
    everywhere = (webhooks.door, webhooks.envelope, webhooks.inbox, bot.engine, bot.dialogue, bot.talk)
    for part, owner, name in PARTS:
        before = getattr(owner, name)
        after = watch.wrap(part, before)
        setattr(owner, name, after)
        for module in everywhere:
            if getattr(module, name, None) is before:
                setattr(module, name, after)


def main() -> None:
    with database() as told:
        logs.start("warning")
        pushes = runtime.build(told, connections=2, statement_ms=10_000)
        application.warm(pushes)
        app = application.create(told, runtime.build(told, connections=2), pushes)
        people = sealed_dialogues(account_of(told), PATH, WARM + 2 * COUNTED, random.Random(6))
        post = functools.partial(send, Client(app))
        for person in people[:WARM]:
            for request in person:
                post(request)
        statements = Statements(pushes.sessions.kw["bind"])
        steps = [[post(request) for request in person] for person in people[WARM : WARM + COUNTED]]
        for name, times in zip(people[0], zip(*steps, strict=True), strict=True):
            print(f"step {name.step.said[:14]}: {statistics.median(times) * 1000:.2f} ms")
        plain = statistics.mean(took for person in steps for took in person)
        statements.show(COUNTED * len(people[0]))
        watch = Watch()
        put_in(watch)
        whole = watch.wrap(REST, post)
        for person in people[WARM + COUNTED :]:
            for request in person:
                whole(request)
        show(watch, COUNTED * len(people[0]), plain)


def send(client: Client, request: Request) -> float:
    """Post one message; returns the seconds it took."""
    head, body = request.wire.split(b"\r\n\r\n", 1)
    target = head.split(b" ", 2)[1].decode()
    began = time.perf_counter()
    answer = client.post(target, data=body, content_type="text/xml")
    took = time.perf_counter() - began
    assert answer.status_code == 200
    return took


def show(watch: Watch, turns: int, plain: float) -> None:
    total = sum(watch.spent.values())
    print(f"\nmean of a turn: {plain * 1000:.2f} ms; with the watch around every part: {total / turns * 1000:.2f} ms\n")
    print("| part | calls a turn | µs a turn | share |\n|---|--:|--:|--:|")
    for part, spent in sorted(watch.spent.items(), key=lambda row: -row[1]):
        print(f"| {part} | {watch.calls[part] / turns:.1f} | {spent / turns * 1e6:.0f} | {spent / total:.0%} |")


if __name__ == "__main__":
    main()
