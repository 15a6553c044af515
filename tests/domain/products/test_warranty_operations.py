"""Answers are kept with their order and stand, whatever is learned or promised later; proofs, findings and serial formats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest

from domain.catalog.model import Model
from domain.catalog.operations import TermRow, put_warranty_term
from domain.customers.address import AddressLine
from domain.customers.operations import new_customer
from domain.kit.actors import Actor, Role
from domain.kit.errors import NotFound
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.products.model import Product
from domain.products.operations import BadDate, register_product
from domain.products.warranty_facts import Invoice, Result
from domain.products.warranty_model import WarrantyAnswer
from domain.products.warranty_operations import (
    FormatTaken,
    Proof,
    UnknownFinding,
    decide_now,
    find,
    keep_answer,
    put_proof,
    put_serial_rule,
    withdraw_finding,
)  # fmt: skip
from domain.products.warranty_queries import answers_for, facts_of, latest_answers
from domain.service_sheets.events import AppraisalGiven
from domain.work_orders.events import VisitMoved, WorkOrderOpened
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import open_work_order
from jobs.warranties import answer_appraised, answer_on_site, answer_opened
from tests.brand import Brand, brand_in, put_brand
from tests.runtime import Clock, at_once

STAFF = Actor(Role.STAFF, "st_1")


@pytest.fixture
def brand(runtime: Runtime) -> Brand:
    return brand_in(runtime)


def put_product(uow: UnitOfWork, brand: Brand, bought: date | None, serial: str | None = None) -> Product:
    customer = new_customer(uow, brand.voice.brand_id)
    return register_product(
        uow, by=STAFF, brand_id=brand.voice.brand_id, customer_id=customer.id, model_id=brand.models["KFR-35GW/N8A1"],
        serial=serial, purchased_on=bought, via="console",
    ).product  # fmt: skip


def put_order(uow: UnitOfWork, product: Product) -> WorkOrder:
    return open_work_order(
        uow, by=STAFF, brand_id=product.brand_id, service_type=ServiceType.REPAIR, customer_id=product.customer_id,
        category_code="air_conditioner", words="不制冷", phone="13800001111", product_id=product.id, via="console",
        address=AddressLine("440606004", "广东省佛山市顺德区大良街道1号"),
    ).order  # fmt: skip


def promise(uow: UnitOfWork, brand: Brand, months: int, since: date = date(2020, 1, 1)) -> None:
    row = TermRow("whole", months, "整机承诺", since, category_code="air_conditioner")
    put_warranty_term(uow, brand.voice.brand_id, row, by=STAFF)


def whole(answers: Sequence[WarrantyAnswer]) -> WarrantyAnswer:
    return next(one for one in answers if one.component == "whole")


def test_an_answer_once_given_stands(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    with runtime.transaction() as uow:
        promise(uow, brand, 36)
        product = put_product(uow, brand, uow.today - timedelta(days=400))
        order = put_order(uow, product)
        answer_opened(uow, WorkOrderOpened(order.id))
        first = whole(latest_answers(uow, [order.id])[order.id])
        assert (first.result, first.rule, first.round) == (Result.COVERED, "brand", 1)
        assert first.evidence
        assert first.source in first.words
        until = first.until
    with runtime.transaction() as uow:
        put_proof(uow, product.id, Proof(Invoice.NONE, purchased_on=date(2015, 1, 1)), by=STAFF)
        promise(uow, brand, 1, since=date(2021, 1, 1))
        answer_opened(uow, WorkOrderOpened(order.id))
        stored = answers_for(uow, order.id)
        assert {one.round for one in stored} == {1}, "a reaction that runs again answers nothing anew"
        assert whole(list(stored)).until == until


def test_the_engineer_on_site_gets_an_answer_of_what_is_known_then(runtime: Runtime, brand: Brand) -> None:
    with runtime.transaction() as uow:
        promise(uow, brand, 36)
        order = put_order(uow, put_product(uow, brand, None))
        answer_opened(uow, WorkOrderOpened(order.id))
        assert whole(latest_answers(uow, [order.id])[order.id]).rule == "asked"
        put_proof(uow, order.product_id or "", Proof(Invoice.SEEN, uow.today - timedelta(days=30)), by=STAFF)
        answer_on_site(uow, VisitMoved("vi_1", order.id, "depart", "departed"))
        answer_on_site(uow, VisitMoved("vi_1", order.id, "check_in", "checked_in"))
        now = whole(latest_answers(uow, [order.id])[order.id])
        assert (now.round, now.result) == (2, Result.COVERED)
        assert whole([one for one in answers_for(uow, order.id) if one.round == 1]).rule == "asked"


def test_a_fault_reported_in_time_stays_in_time(runtime: Runtime, brand: Brand, clock: Clock) -> None:
    with runtime.transaction() as uow:
        promise(uow, brand, 24)
        order = put_order(uow, put_product(uow, brand, uow.today - timedelta(days=728)))
        until = decide_now(uow, *model_and_product(uow, order)).answers[0].until
    clock.advance(days=10)
    with runtime.transaction() as uow:
        assert until
        assert until < uow.today
        answer_on_site(uow, VisitMoved("vi_1", order.id, "check_in", "checked_in"))
        assert whole(latest_answers(uow, [order.id])[order.id]).result is Result.COVERED


def model_and_product(uow: UnitOfWork, order: WorkOrder) -> tuple[Model, Product]:
    return uow.session.get_one(Model, order.model_id), uow.session.get_one(Product, order.product_id)


def test_an_appraisal_of_misuse_ends_the_claim_and_staff_may_take_it_back(runtime: Runtime, brand: Brand) -> None:
    with runtime.transaction() as uow:
        order = put_order(uow, put_product(uow, brand, uow.today - timedelta(days=30)))
        answer_appraised(uow, AppraisalGiven("vi_1", order.id, "quality"))
        assert not answers_for(uow, order.id)
        answer_appraised(uow, AppraisalGiven("vi_1", order.id, "use"))
        assert whole(latest_answers(uow, [order.id])[order.id]).rule == "misuse"
        finding = find(uow, order.id, "misuse", "进水", by=STAFF)
        with pytest.raises(NotFound):
            withdraw_finding(uow, "wo_other", finding.id, by=STAFF)
        withdraw_finding(uow, order.id, finding.id, by=STAFF)
        keep_answer(uow, order.id, order.product_id, order.model_id, uow.today, by=STAFF)
        assert whole(latest_answers(uow, [order.id])[order.id]).result is Result.COVERED


def test_a_finding_says_what_and_why(runtime: Runtime, brand: Brand) -> None:
    with runtime.transaction() as uow:
        order = put_order(uow, put_product(uow, brand, None))
        for code, why in (("weather", "x"), ("misuse", " ")):
            with pytest.raises(UnknownFinding):
                find(uow, order.id, code, why, by=STAFF)
        first = find(uow, order.id, "misuse", "进水", by=Actor(Role.ENGINEER, "en_1"))
        assert find(uow, order.id, "misuse", "再说一次", by=STAFF).id == first.id


@pytest.mark.parametrize(
    "proof",
    [
        lambda today: Proof(Invoice.SEEN, purchased_on=today + timedelta(days=1)),
        lambda today: Proof(Invoice.SEEN, replaced_on=today + timedelta(days=1)),
        lambda today: Proof(Invoice.SEEN, purchased_on=today, replaced_on=today - timedelta(days=1)),
        lambda today: Proof(Invoice.SEEN, days_in_repair=366),
    ],
)  # fmt: skip
def test_a_proof_that_cannot_be_is_refused(runtime: Runtime, brand: Brand, proof: Callable[[date], Proof]) -> None:
    with runtime.transaction() as uow:
        product = put_product(uow, brand, None)
        with pytest.raises(BadDate):
            put_proof(uow, product.id, proof(uow.today), by=STAFF)
        assert product.purchased_on is None


def test_the_day_of_making_is_read_by_the_rule_of_that_day(runtime: Runtime, brand: Brand) -> None:
    with runtime.transaction() as uow:
        product = put_product(uow, brand, None, "LH2210A000001")
        model, _ = model_and_product(uow, put_order(uow, product))
        assert facts_of(uow, model, product).made_on is None
        mask, owner = "LH{YY}{WW}???????", brand.voice.brand_id
        old = put_serial_rule(uow, owner, mask, 3, "编号规则", date(2015, 1, 1), by=STAFF)
        assert put_serial_rule(uow, owner, mask, 3, "编号规则", date(2015, 1, 1), by=STAFF) is old
        put_serial_rule(uow, owner, mask, 6, "编号规则", date(2023, 1, 1), by=STAFF)
        assert old.until == date(2023, 1, 1)
        with pytest.raises(FormatTaken):
            put_serial_rule(uow, owner, mask, 9, "编号规则", date(2016, 1, 1), by=STAFF)
        facts = facts_of(uow, model, product)
        assert (facts.made_on, facts.allowance_months) == (date(2022, 3, 7), 3)


def test_two_at_once_keep_two_rounds(fresh_runtime: Runtime) -> None:
    with fresh_runtime.transaction() as uow:
        order = put_order(uow, put_product(uow, put_brand(uow), uow.today))

    def check(_: int) -> None:
        with fresh_runtime.transaction() as uow:
            keep_answer(uow, order.id, order.product_id, order.model_id, uow.today, by=STAFF)

    assert at_once(4, check) == [None] * 4
    with fresh_runtime.transaction() as uow:
        assert {one.round for one in answers_for(uow, order.id)} == {1, 2, 3, 4}
