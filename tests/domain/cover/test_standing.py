"""Every case of tests/cases/cover.toml: what is bought and used through the real rows, judged by the one judge."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.catalog.model import Model
from domain.catalog.operations import TermRow, put_warranty_term
from domain.cover import contracts, keeping
from domain.cover.cards import follow_order, hold
from domain.cover.lifecycle import CoverStatus
from domain.cover.model import Cover, Starts
from domain.cover.plans import put_plan
from domain.cover.rules import Eligibility
from domain.cover.standing import keep_for, warranty_of
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.products.model import Product
from domain.products.warranty_facts import COMPONENTS, RESULTS, Decision, Invoice
from domain.products.warranty_operations import Proof, find, put_proof
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import move_order
from tests.domain.cover.world import (
    START,
    WHOLE,
    World,
    bought,
    make_world,
    open_order,
    put_product,
    settle,
    transfer,
)
from tests.domain.payments.world import LI, WANG
from tests.runtime import Clock

CASES = tomllib.loads((Path(__file__).parents[2] / "cases/cover.toml").read_text(encoding="utf-8"))["案例"]
CODES = {title: code for code, title in COMPONENTS.items()}
RULES = {"三包": "statutory", "品牌": "brand", "延保": "cover", "服务卡": "card"}


def test_there_are_enough_cases_each_with_a_name_of_its_own() -> None:
    assert len({case["名称"] for case in CASES}) == len(CASES) >= 10


@pytest.mark.parametrize("case", CASES, ids=[case["名称"] for case in CASES])
def test_the_answer_is_as_the_case_says(runtime: Runtime, clock: Clock, case: dict[str, Any]) -> None:
    world = make_world(runtime)
    with runtime.transaction() as uow:
        product_id = put_product(uow, world.brand, world.wang, "KFR-35GW/N8B1", case.get("购买"))
        for part, months in case.get("品牌", {}).items():
            term = TermRow(CODES.get(part, part), months, "品牌承诺", date(2010, 1, 1), category_code="air_conditioner")
            put_warranty_term(uow, world.brand.voice.brand_id, term, by=LI)
    world = replace(world, product_id=product_id)
    for step in case["经过"]:
        do(world, clock, step)
    clock.at = at(case["问"])
    with runtime.transaction() as uow:
        told = asked(uow, world, case)
    for line in case["期望"]:
        title, result, until, rule = line.split()
        assert told[title] == f"{title} {result} {until} {RULES.get(rule, rule)}"


def do(world: World, clock: Clock, step: str) -> None:
    """One line of a case: the day, what happens, and of what."""
    day, what, *rest = step.split()
    clock.at = at(date.fromisoformat(day))
    with world.runtime.transaction() as uow:
        STEPS[what](uow, world, *rest)


def buy(uow: UnitOfWork, world: World, part: str, months: str = "12", starts: str = "接续") -> None:
    components = tuple(CODES.get(one, one) for one in part.split("+"))
    wanted = replace(
        WHOLE, components=components, months=int(months), eligibility=Eligibility(),
        starts=Starts.NOW if starts == "即时" else Starts.AFTER_PRESENT,
    )  # fmt: skip
    plan = put_plan(
        uow,
        world.brand.voice.brand_id,
        f"{len(components)}-{months}-{starts == '即时'}-{components[0].encode().hex()[:9]}",
        wanted,
        START,
        by=LI,
    )
    world.plans["case"] = plan.id
    bought(world, uow, "case")


def newest(uow: UnitOfWork, kind: type[Any]) -> Any:
    at = kind.ordered_at if kind is Cover else kind.opened_at
    return uow.session.query(kind).order_by(at.desc(), kind.id.desc()).first()


def card(uow: UnitOfWork, world: World) -> None:
    bought(world, uow, "labour")


def repair(uow: UnitOfWork, world: World) -> None:
    open_order(world, uow, ServiceType.REPAIR)


def use(uow: UnitOfWork, world: World) -> None:
    hold(uow, newest(uow, Cover).id, newest(uow, WorkOrder).id, by=LI)


def drop(uow: UnitOfWork, world: World) -> None:
    order = newest(uow, WorkOrder)
    move_order(uow, order.id, "cancel", by=LI, why="不修了")
    follow_order(uow, order.id)


def give_up(uow: UnitOfWork, world: World) -> None:
    cover, _ = contracts.cancel(uow, newest(uow, Cover).id, by=WANG)
    settle(world, uow, cover)
    assert cover.status is CoverStatus.CANCELLED


def sell(uow: UnitOfWork, world: World) -> None:
    transfer(world, uow, world.li)


def unpaid(uow: UnitOfWork, world: World, part: str) -> None:
    wanted = replace(WHOLE, components=(CODES[part],), eligibility=Eligibility())
    plan = put_plan(uow, world.brand.voice.brand_id, "unpaid", wanted, START, by=LI)
    contracts.order_cover(uow, plan.id, world.product_id, world.wang, by=world.by(), via="chat")


def exchange(uow: UnitOfWork, world: World) -> None:
    put_proof(uow, world.product_id, Proof(Invoice.SEEN, replaced_on=uow.today), by=LI)


def misuse(uow: UnitOfWork, world: World) -> None:
    find(uow, newest(uow, WorkOrder).id, "misuse", "进水", by=LI)


def time(uow: UnitOfWork, world: World) -> None:
    for _, due, step in keeping.STEPS:
        for cover_id in due(uow, 10):
            step(uow, cover_id)


STEPS: dict[str, Callable[..., None]] = {
    "买": buy, "买卡": card, "报修": repair, "用卡": use, "取消工单": drop, "退订": give_up, "过户": sell, "下单未付": unpaid,
    "换机": exchange, "认定误用": misuse, "夜间": time,
}  # fmt: skip


def asked(uow: UnitOfWork, world: World, case: dict[str, Any]) -> dict[str, str]:
    """The answer of the day, or with ``工单`` what is kept with the newest order."""
    if case.get("工单"):
        kept = {
            COMPONENTS.get(one.component, one.component): one for one in keep_for(uow, newest(uow, WorkOrder), by=LI)
        }
        return {title: line(title, one) for title, one in kept.items()}
    product = uow.session.get_one(Product, world.product_id)
    decision: Decision = warranty_of(uow, uow.session.get_one(Model, product.model_id), product)
    return {one.title: line(one.title, one) for one in decision.answers}


def line(title: str, one: Any) -> str:
    return f"{title} {RESULTS[one.result]} {one.until or '-'} {one.rule}"


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def test_the_certificates_number_is_in_the_answer(runtime: Runtime) -> None:
    world = make_world(runtime)
    with runtime.transaction() as uow:
        cover = bought(world, uow)
        product = uow.session.get_one(Product, world.product_id)
        said = warranty_of(uow, uow.session.get_one(Model, product.model_id), product, day=cover.since).of("whole")
        assert said
        assert (said.version, said.rule) == (cover.id, "cover")
        assert cover.number[:4] in said.words
