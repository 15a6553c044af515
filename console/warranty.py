"""Warranty as the staff see it: what the rules say of a product today, and what was answered for an order, with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import select

from domain.access import queries as access
from domain.access.sessions import SignedIn
from domain.catalog.model import Model
from domain.cover.standing import judge as gather
from domain.cover.standing import keep_for
from domain.desk import operations as desk
from domain.desk.lifecycle import TaskStatus
from domain.desk.model import DeskTask
from domain.files import sent
from domain.kit.unit_of_work import UnitOfWork
from domain.products.model import Product
from domain.products.warranty import decide
from domain.products.warranty_facts import Decision, Facts
from domain.products.warranty_model import WarrantyAnswer, WarrantyFinding, WarrantyProof
from domain.products.warranty_operations import Proof, find, put_proof, withdraw_finding
from domain.products.warranty_queries import answers_for, findings_for
from domain.work_orders.model import WorkOrder

PROOF = "proof"
"""The kind of desk task by which a customer asks to have an invoice looked at."""


@dataclass(frozen=True)
class ProductWarranty:
    product_id: str
    facts: Facts
    decision: Decision
    proof: WarrantyProof | None
    pictures: Sequence[str]
    """Of invoices, as the customer sent them: ids of files."""


@dataclass(frozen=True)
class Round:
    """One answer for an order, with who asked for it."""

    answers: Sequence[WarrantyAnswer]
    by: str


@dataclass(frozen=True)
class OrderWarranty:
    order_id: str
    rounds: Sequence[Round]
    findings: Sequence[WarrantyFinding]


def of_product(uow: UnitOfWork, product_id: str) -> ProductWarranty:
    """What holds today. Nothing is written: an answer is kept with an order only."""
    product = uow.get(Product, product_id, called="这台产品")
    model = uow.session.get_one(Model, product.model_id)
    facts = gather(uow, [model], [product]).facts(model, product)
    pictures = [one.id for one in sent.of_product(uow, product.id)]
    proof = uow.session.get(WarrantyProof, product.id)
    return ProductWarranty(product.id, facts, decide(facts, uow.today), proof, pictures)


def of_order(uow: UnitOfWork, order_id: str) -> OrderWarranty:
    """Every answer that was given for it, the latest first."""
    order = uow.get(WorkOrder, order_id, called="这张工单")
    given = answers_for(uow, order.id)
    names: Mapping[str, str] = access.names_of(uow, [one.by for one in given])
    rounds = [list(answers) for _, answers in groupby(given, key=lambda one: one.round)]
    return OrderWarranty(
        order.id, [Round(one, names.get(one[0].by, one[0].by)) for one in rounds], findings_for(uow, order.id)
    )


def judge(uow: UnitOfWork, order_id: str, code: str, why: str, who: SignedIn) -> None:
    """Look again, with a finding where one is given, and keep the new answer."""
    order = uow.get(WorkOrder, order_id, called="这张工单")
    if code:
        find(uow, order.id, code, why, by=who.actor)
    keep(uow, order, who)


def withdraw(uow: UnitOfWork, order_id: str, finding_id: str, who: SignedIn) -> None:
    order = uow.get(WorkOrder, order_id, called="这张工单")
    withdraw_finding(uow, order.id, finding_id, by=who.actor)
    keep(uow, order, who)


def keep(uow: UnitOfWork, order: WorkOrder, who: SignedIn) -> None:
    keep_for(uow, order, by=who.actor)


def prove(uow: UnitOfWork, product_id: str, proof: Proof, who: SignedIn) -> None:
    """What was seen of the purchase; the customer's wish to have a photo looked at is done with."""
    put_proof(uow, product_id, proof, by=who.actor)
    waiting = select(DeskTask.id).where(
        DeskTask.kind == PROOF, DeskTask.subject_id == product_id, DeskTask.status != TaskStatus.DONE
    )
    for task_id in uow.session.scalars(waiting).all():
        desk.move_task(uow, task_id, "finish", by=who.actor, why="已核对购买凭证")


def day_said(words: str) -> date | None:
    return date.fromisoformat(words) if words else None
