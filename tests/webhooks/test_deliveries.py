"""The network may repeat, delay and reorder: what comes of it is what some serial order of first arrivals gives."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis
from sqlalchemy import func, select

from adapters.invariants import breaches
from domain.kit.inbox import Received
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.work_orders.model import WorkOrder
from tests.brand import brand_in
from tests.runtime import at_once
from tests.webhooks.pushing import Platform, app_on

REPORT = "空调不制冷，佛山市顺德区容桂街道卫红路18号3栋502，13800000000"
SCRIPTS = [
    [REPORT, "确认", "冰箱漏水", "确认"],
    [REPORT, "确认", REPORT, "2"],
    [REPORT, "取消", REPORT, "确认"],
    ["登记 KFR-35GW/N8A1", "没有", "不记得", "确认"],
    [REPORT, "确认", "还是不制冷", "进度"],
]
NUMBER = re.compile(r"\d{3} \d{3} \d{3}")
PEOPLE, MESSAGES = 3, 4

said = st.lists(st.sampled_from(SCRIPTS), min_size=PEOPLE, max_size=PEOPLE)
delivery = st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, MESSAGES - 1))
batches = st.builds(
    lambda on_time, strays: [
        [*((person, place) for person in people), *stray]
        for place, (people, stray) in enumerate(zip(on_time, strays, strict=True))
    ],
    st.lists(st.frozensets(st.integers(0, PEOPLE - 1)), min_size=MESSAGES, max_size=MESSAGES),
    st.lists(st.lists(delivery, min_size=1, max_size=4), min_size=MESSAGES, max_size=MESSAGES),
)
"""Groups delivered at once: some people's next message, with repeats, and messages that come too early or too late."""
modestly = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

Message = tuple[int, int]
"""Person and place in what the person says."""


@dataclass
class Network:
    """Delivers messages to a door that keeps everything it was ever told: each example speaks as people of its own."""

    app: Flask
    runtime: Runtime
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def deliver(self, sender: str, number: int, words: str) -> str:
        platform = Platform(self.app.test_client(), mode="plain")
        body = platform.message(words, sender=sender).replace("<MsgId>24000000000<", f"<MsgId>{number}<")
        return NUMBER.sub("#", platform.read(platform.push(body)))

    def orders(self, sender: str) -> int:
        with self.runtime.transaction() as uow:
            mine = select(func.count()).select_from(WorkOrder).where(WorkOrder.openid == sender)
            return uow.session.scalar(mine) or 0

    def written(self) -> tuple[int, ...]:
        """How much there is of what turns leave behind."""
        with self.runtime.transaction() as uow:
            kinds = (Received, OutboxRow, WorkOrder)
            return tuple(uow.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds)


@pytest.fixture
def network(fresh_runtime: Runtime, valkey: Redis) -> Network:
    brand_in(fresh_runtime, mode="plain")
    return Network(app_on(fresh_runtime, valkey), fresh_runtime)


@dataclass
class Example:
    """One generated day: who says what, under which message ids."""

    network: Network
    said: Sequence[Sequence[str]]
    people: list[str] = field(default_factory=list)
    numbers: dict[Message, int] = field(default_factory=dict)
    answers: dict[Message, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = [f"o{next(self.network.ids)}" for _ in self.said]

    def push(self, message: Message) -> str:
        person, place = message
        return self.network.deliver(self.people[person], self.numbers[message], self.said[person][place])

    def deliver(self, batch: Sequence[Message]) -> None:
        """All of a batch at once."""
        for message in batch:
            self.numbers.setdefault(message, next(self.network.ids))
        for message, answer in zip(batch, at_once(len(batch), lambda index: self.push(batch[index])), strict=True):
            assert isinstance(answer, str), answer
            self.answers.setdefault(message, set()).add(answer)


@given(said=said, batches=batches)
@modestly
def test_repeats_parallel_or_late_change_nothing_and_get_the_first_answer(
    network: Network, said: list[list[str]], batches: list[list[Message]]
) -> None:
    example = Example(network, said)
    before = network.written()[0]
    for batch in batches:
        example.deliver(batch)
    arrived = list(example.numbers)
    written = network.written()
    assert written[0] - before == len(arrived), "one row a message"
    example.deliver(arrived[:8])
    example.deliver(list(reversed(arrived[-8:])))
    assert network.written() == written
    assert all(len(answers) == 1 for answers in example.answers.values()), example.answers


@given(said=said, batches=batches)
@modestly
def test_what_comes_at_once_ends_as_some_serial_order(
    network: Network, said: list[list[str]], batches: list[list[Message]]
) -> None:
    example = Example(network, said)
    for batch in batches:
        example.deliver(batch)
    for person in range(PEOPLE):
        arrivals = first_arrivals(batches, person)
        heard = {place: example.answers[person, place].copy().pop() for group in arrivals for place in group}
        outcome = (heard, network.orders(example.people[person]))
        assert any(outcome == serially(network, said[person], order) for order in orders_of(arrivals)), outcome
    with network.runtime.transaction() as uow:
        assert breaches(uow.session.connection()) == {}


def first_arrivals(batches: Sequence[Sequence[Message]], person: int) -> list[list[int]]:
    """What one person said, in the groups in which it came first."""
    seen: set[int] = set()
    groups = []
    for batch in batches:
        groups.append([place for place in dict.fromkeys(p for who, p in batch if who == person) if place not in seen])
        seen.update(groups[-1])
    return groups


def orders_of(groups: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Every serial order: what came at once in any order, groups one after the other."""
    for choice in itertools.product(*(itertools.permutations(group) for group in groups)):
        yield [place for group in choice for place in group]


def serially(network: Network, said: Sequence[str], order: Sequence[int]) -> tuple[dict[int, str], int]:
    """What a person hears, and how many orders there are, when the same is said one after the other."""
    person = f"o{next(network.ids)}"
    heard = {place: network.deliver(person, next(network.ids), said[place]) for place in order}
    return heard, network.orders(person)
