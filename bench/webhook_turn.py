"""`webhook_turn`: full turns in safe mode with durable commit, beside WeRobot, a floor and a Flask hello world.

All are served one after the other by the same granian to the same client, round after round; ratios are taken within
a round, and every figure is the median of the rounds. Another opponent is another line of `contestants`.
"""

from __future__ import annotations

import math
import random
import statistics
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from adapters.settings import Settings
from bench import load
from bench.load import Answer
from bench.place import ROOT, Served, account_of, database, served
from bench.traffic import Account, Request, again, is_right, sealed_dialogues, words_of
from sandbox.crypto import Seal

SENDERS = 16
WEROBOT, WEROBOT_PYTHON = "bench.servers.werobot_dialogue:app", str(ROOT / ".venv-bench" / "bin" / "python")
WEROBOT_AT_BEST = "werobot_one_thread"
MOST = {"weixiu": 1500, "werobot": 2500, WEROBOT_AT_BEST: 2500, "floor": 4500, "hello": 20000}
"""Messages a second nobody exceeds here: so many are sealed beforehand."""


@dataclass(frozen=True)
class Plan:
    """How long and how often."""

    rounds: int = 5
    warm: float = 1.0
    seconds: float = 4.0
    people: int = 160


QUICK = Plan(rounds=1, warm=1.0, seconds=1.0, people=16)
DOUBLED = 0.2
ORDERS_OF = text("SELECT openid, count(*) FROM work_orders WHERE openid = ANY(:openids) GROUP BY openid")
MOVES_OF = text("""
    SELECT w.id, count(*) FROM work_orders w JOIN work_order_moves m ON m.work_order_id = w.id
    WHERE w.openid = ANY(:openids) GROUP BY w.id""")
"""A second turn on the same 确认 would open a second order or add a report to the first one's history."""


@dataclass(frozen=True)
class Run:
    """What one server did in one round."""

    rate: float
    """Right answers a second: a wrong or empty one is no turn."""
    p50: float
    p99: float
    wrong: int


def contestants(told: Settings) -> list[Served]:
    """WeRobot stands there twice. Its session store is one SQLite connection for all threads of a process, and breaks
    when several use it at once (database is locked, no transaction is active …, until nothing is answered any more);
    so beside the processes and threads that all have, it is shown with the one thread it can do with."""
    account = str(account_of(told))
    url = told.database_url.replace("postgresql+psycopg://", "postgresql://")
    return [
        Served("weixiu", "wsgi:app", "/webhooks/official-account", told.environ()),
        Served("werobot", WEROBOT, "/", {"BENCH_ACCOUNT": account}, WEROBOT_PYTHON),
        Served(WEROBOT_AT_BEST, WEROBOT, "/", {"BENCH_ACCOUNT": account}, WEROBOT_PYTHON, workers=1, threads=1),
        Served("floor", "bench.servers.floor:app", "/", {"BENCH_ACCOUNT": account, "BENCH_DATABASE": url}),
        Served("hello", "bench.servers.hello:app", "/", {}),
    ]


def figures(plan: Plan) -> Iterator[dict[str, Any]]:
    """The figures ``webhook_turn`` and ``webhook_duplicates``."""
    with database() as told:
        yield turn_figure(told, plan)
        yield from duplicates(told, plan)


def turn_figure(told: Settings, plan: Plan) -> dict[str, Any]:
    account, chance = account_of(told), random.Random(1)
    runs: dict[str, list[Run]] = {}
    with ExitStack() as stack:
        everybody = contestants(told)
        ports = {one.name: stack.enter_context(served(one, told)) for one in everybody if one.app != WEROBOT}
        for _ in range(plan.rounds):
            for one in everybody:
                with ExitStack() as this_round:
                    # Anew each round: once its session store has broken, a process of WeRobot's answers no more.
                    port = ports.get(one.name) or this_round.enter_context(served(one, told))
                    runs.setdefault(one.name, []).append(measured(one, port, account, plan, chance))
        durable = durability(told)
    figure: dict[str, Any] = {"figure": "webhook_turn", "unit": "messages/s", **durable}
    figure |= {"processes": told.web_workers, "threads": told.web_threads, "senders": SENDERS, "rounds": plan.rounds}
    for name, of_one in runs.items():
        good = [run for run in of_one if run.rate] or of_one
        figure[name] = {
            "rate": round(statistics.median(run.rate for run in of_one)),
            "p50_ms": in_ms(statistics.median(run.p50 for run in good)),
            "p99_ms": in_ms(statistics.median(run.p99 for run in good)),
            "rates": [round(run.rate) for run in of_one],
            "wrong_answers": sum(run.wrong for run in of_one),
        }
    for name in [name for name in runs if name != "weixiu"]:
        pairs = zip(runs["weixiu"], runs[name], strict=True)
        ratios = [ours.rate / theirs.rate for ours, theirs in pairs if theirs.rate]
        figure[f"vs_{name}"] = round(statistics.median(ratios), 2) if ratios else None
    return figure | {"wanted": {"vs_werobot": 1.0, "vs_floor": 0.5}}


def in_ms(seconds: float) -> float | None:
    return None if math.isnan(seconds) else round(seconds * 1000, 1)


def durability(told: Settings) -> dict[str, Any]:
    engine = create_engine(told.database_url)
    with engine.connect() as connection:
        return {name: connection.scalar(text(f"SHOW {name}")) for name in ("fsync", "synchronous_commit")}


def measured(one: Served, port: int, account: Account, plan: Plan, chance: random.Random) -> Run:
    """Warm up, measure, then look whether every answer was right."""
    senders = requests_for(one, account, plan.warm + plan.seconds, chance)
    answers = load.send(port, senders, plan.warm + plan.seconds)
    began = min(answer.asked for answer in answers) + plan.warm
    counted = [answer for answer in answers if answer.asked >= began]
    took = max([plan.seconds, *(answer.answered - began for answer in counted)])
    right = [answer for answer in counted if answered_right(one, account, answer)]
    times = sorted(answer.answered - answer.asked for answer in right) or [float("nan")]
    return Run(len(right) / took, times[len(times) // 2], times[int(len(times) * 0.99)], len(counted) - len(right))


def answered_right(one: Served, account: Account, answer: Answer) -> bool:
    if one.name == "hello":
        return answer.body == b"Hello, World!"
    seal = Seal(account.aes_key, account.app_id)
    if one.name == "floor":
        return answer.status == 200 and words_of(account, seal, answer.body)[1] == f"收到：{answer.request.step.said}"
    return is_right(account, seal, answer.request, answer.status, answer.body)


def requests_for(one: Served, account: Account, seconds: float, chance: random.Random) -> list[list[Request]]:
    """For every sender its people, one after the other. Hello reads nothing, so it gets the same ones again."""
    wanted = int(MOST[one.name] * seconds / SENDERS / 6) + 1
    sealed_now = min(wanted, 40) if one.name == "hello" else wanted
    senders = []
    for _ in range(SENDERS):
        people = sealed_dialogues(account, one.path, sealed_now, chance)
        said = [request for person in people for request in person]
        senders.append(said * (wanted // sealed_now + 1) if one.name == "hello" else said)
    return senders


def duplicates(told: Settings, plan: Plan) -> Iterator[dict[str, Any]]:
    """`webhook_duplicates`: one message in five is delivered twice in parallel; what was done twice because of it.

    Each copy comes over a line of its own, sealed anew, with the same MsgId, like the platform's own repeats.
    """
    account, chance = account_of(told), random.Random(2)
    figure: dict[str, Any] = {"figure": "webhook_duplicates", "unit": "doubled"}
    for one in contestants(told):
        if one.name not in ("weixiu", "werobot"):
            continue
        handled = told.data_dir / "handled"
        # One process of WeRobot's, but all its threads: with several processes too little is answered to count anything.
        one = replace(one, environ={**one.environ, "BENCH_HANDLED": str(handled)})
        one = replace(one, workers=1) if one.name == "werobot" else one
        people = sealed_dialogues(account, one.path, plan.people, chance)
        with served(one, told) as port:
            sent, answers_differ = twice(port, account, one.path, people, chance)
        counts = ours_doubled(told, people) if one.name == "weixiu" else theirs_doubled(handled)
        figure[one.name] = {"messages": plan.people * 6, "delivered_twice": sent, "answers_differ": answers_differ}
        figure[one.name] |= counts
    yield figure


def twice(
    port: int, account: Account, path: str, people: list[list[Request]], chance: random.Random
) -> tuple[int, int]:
    """Send every dialogue, step after step, some messages by two lines at once. Returns (doubled, answers differ)."""
    seal, sent, differ = Seal(account.aes_key, account.app_id), 0, 0
    for step in range(len(people[0])):
        one_each = [person[step] for person in people]
        copies = [again(account, seal, path, request) for request in one_each if chance.random() < DOUBLED]
        # A message and its copy go out in the same moment: each has a line of its own.
        for batch in range(0, len(one_each), SENDERS):
            now = one_each[batch : batch + SENDERS]
            known = {request.message_id for request in now}
            now_copies = [copy for copy in copies if copy.message_id in known]
            lines = [[request] for pair in zip_longest(now, now_copies) for request in pair if request]
            answers = load.send(port, lines, 30.0)
            words: dict[str, set[str]] = {}
            for answer in answers:
                words.setdefault(answer.request.message_id, set()).add(said_in(account, seal, answer.body))
            sent += len(now_copies)
            differ += sum(len(different) > 1 for different in words.values())
    return sent, differ


def said_in(account: Account, seal: Seal, body: bytes) -> str:
    try:
        return words_of(account, seal, body)[1]
    except ValueError:
        return body.decode(errors="replace")


def ours_doubled(told: Settings, people: list[list[Request]]) -> dict[str, int]:
    """What the database says of the people who talked in this run."""
    openids = [person[0].openid for person in people]
    engine = create_engine(told.database_url)
    with engine.connect() as connection:
        orders = connection.execute(ORDERS_OF, {"openids": openids}).all()
        moves = connection.execute(MOVES_OF, {"openids": openids}).all()
    return {
        "turns_doubled": sum(count - 1 for _, count in moves),
        "orders": sum(count for _, count in orders),
        "orders_doubled": sum(count - 1 for _, count in orders if count > 1),
    }


def theirs_doubled(handled: Path) -> dict[str, int]:
    """What WeRobot's handler wrote down, a line a call."""
    calls = Counter(handled.read_text().splitlines())
    orders = {line: count for line, count in calls.items() if line.startswith("order ")}
    return {
        "turns_doubled": sum(count - 1 for line, count in calls.items() if not line.startswith("order ")),
        "orders": sum(orders.values()),
        "orders_doubled": sum(count - 1 for count in orders.values()),
    }
