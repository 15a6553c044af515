"""What can be done about a warranty: proofs seen, findings on site, serial formats, and the answer kept with an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from domain.access import trail
from domain.catalog.model import Model
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, NotFound, Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand
from domain.products.model import Product
from domain.products.operations import BadDate
from domain.products.warranty import NO_INVOICE, decide, exclusions
from domain.products.warranty_facts import Decision, Extra, Invoice
from domain.products.warranty_model import SerialRule, WarrantyAnswer, WarrantyFinding, WarrantyProof
from domain.products.warranty_queries import facts_of
from domain.products.warranty_serials import pattern

FINDINGS = {**{rule.code: rule.title for rule in exclusions.rules}, NO_INVOICE: "没有发票和三包凭证"}
"""What staff and engineers may find."""


class UnknownFinding(Refused):
    """Not one of `FINDINGS`, or no word of why."""

    code = "unknown_finding"


class FormatTaken(Conflict):
    """The brand's format has another meaning on some of those days."""

    code = "format_taken"


@dataclass(frozen=True)
class Proof:
    """What was seen of a purchase."""

    invoice: Invoice
    purchased_on: date | None = None
    replaced_on: date | None = None
    days_in_repair: int = 0


def decide_now(
    uow: UnitOfWork, model: Model, product: Product | None, order_id: str = "", *, extras: Sequence[Extra] = ()
) -> Decision:
    """What holds today; nothing is written. What was bought beside is gathered by `domain.cover.standing`, which asks this."""
    return decide(facts_of(uow, model, product, order_id, extras=extras), uow.today)


def keep_answer(
    uow: UnitOfWork, order_id: str, product_id: str | None, model_id: str | None, day: date, *, by: Actor,
    first: bool = False, extras: Sequence[Extra] = (),
) -> Sequence[WarrantyAnswer]:  # fmt: skip
    """Decide for an order and keep the answer as its next round; ``first`` only where there is none. One without a model gets none.

    The fault was reported on ``day``: a claim made in time stays in time however long the repair takes.
    """
    name = f"warranty {order_id}"  # two at once: the second takes the round after
    uow.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
    last = uow.session.scalar(select(func.max(WarrantyAnswer.round)).filter_by(work_order_id=order_id)) or 0
    if (first and last) or model_id is None:
        return []
    model = uow.get(Model, model_id, called="型号")
    product = uow.get(Product, product_id, called="这台产品") if product_id else None
    decision = decide(facts_of(uow, model, product, order_id, extras=extras), day)
    rows = [
        WarrantyAnswer(
            id=uow.new_id("wa"), work_order_id=order_id, round=last + 1, product_id=product_id,
            component=one.component, result=one.result, rule=one.rule, source=one.source, version=one.version,
            since=one.since, until=one.until, evidence=list(one.evidence), words=one.words, day=day, at=uow.now,
            by=str(by),
        )
        for one in (*decision.answers, *decision.rights)
    ]  # fmt: skip
    uow.session.add_all(rows)
    uow.session.flush()
    trail.record(uow, by, "warranty.answer", "work_order", order_id, round=last + 1)
    return rows


def put_proof(uow: UnitOfWork, product_id: str, proof: Proof, *, by: Actor) -> WarrantyProof:
    """Write down what was seen of a purchase; a day left out keeps the one that was known.

    :raises BadDate: bought or replaced in the future, or replaced before it was bought
    """
    product = uow.get(Product, product_id, called="这台产品", lock=True)
    bought = proof.purchased_on or product.purchased_on
    if any(day and day > uow.today for day in (proof.purchased_on, proof.replaced_on)):
        raise BadDate("日期不能晚于今天")
    if bought and proof.replaced_on and proof.replaced_on < bought:
        raise BadDate("换机日期不能早于购买日期")
    if not 0 <= proof.days_in_repair <= 365:
        raise BadDate("修理占用的天数要在 0–365 之间")
    product.purchased_on = bought
    kept = uow.session.get(WarrantyProof, product_id) or WarrantyProof(product_id=product_id)
    kept.invoice, kept.replaced_on, kept.days_in_repair = proof.invoice, proof.replaced_on, proof.days_in_repair
    kept.at, kept.by = uow.now, str(by)
    uow.session.add(kept)
    uow.session.flush()
    trail.record(uow, by, "warranty.proof", "product", product_id, invoice=str(proof.invoice))
    return kept


def find(uow: UnitOfWork, order_id: str, code: str, why: str, *, by: Actor) -> WarrantyFinding:
    """Staff or an engineer found something that ends the claim of this order; again changes nothing.

    :raises UnknownFinding: no such finding, or no word of why
    """
    if code not in FINDINGS or not why.strip():
        raise UnknownFinding("请选择情况，并写明依据")
    same = select(WarrantyFinding).filter_by(work_order_id=order_id, code=code, withdrawn_at=None)
    name = f"warranty {order_id}"
    uow.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
    standing = uow.session.scalars(same).first()
    if standing:
        return standing
    finding = WarrantyFinding(
        id=uow.new_id("wf"), work_order_id=order_id, code=code, why=why.strip(), at=uow.now, by=str(by)
    )
    uow.session.add(finding)
    uow.session.flush()
    trail.record(uow, by, "warranty.find", "work_order", order_id, code=code)
    return finding


def withdraw_finding(uow: UnitOfWork, order_id: str, finding_id: str, *, by: Actor) -> WarrantyFinding:
    """It was not so; the finding stays on record, and counts no more.

    :raises NotFound: this order has no such finding
    """
    finding = uow.get(WarrantyFinding, finding_id, called="这条认定", lock=True)
    if finding.work_order_id != order_id:
        raise NotFound("没有找到这条认定")
    finding.withdrawn_at = finding.withdrawn_at or uow.now
    trail.record(uow, by, "warranty.withdraw", "work_order", finding.work_order_id, code=finding.code)
    return finding


def put_serial_rule(
    uow: UnitOfWork, brand_id: str, mask: str, allowance_months: int, source: str, since: date, until: date | None = None,
    *, by: Actor,
) -> SerialRule:  # fmt: skip
    """State how the brand's serials say their day; the very same again changes nothing. An earlier open rule of the same mask
    ends the day this one begins.

    :raises BadMask: no day can be read by it
    :raises FormatTaken: the same mask means something else on some of those days
    """
    pattern(mask)
    uow.get(Brand, brand_id, called="品牌", lock=True)
    for old in uow.session.scalars(select(SerialRule).filter_by(brand_id=brand_id, mask=mask)):
        if (old.since, old.allowance_months, old.until) == (since, allowance_months, until):
            return old
        if old.until is None and old.since < since:
            old.until = since
        elif (until is None or old.since < until) and (old.until is None or since < old.until):
            raise FormatTaken(f"{old.since} 起已有同样格式的规则；规则不改写，请另起一条")
    rule = SerialRule(
        id=uow.new_id("sr"), brand_id=brand_id, mask=mask, allowance_months=allowance_months, source=source,
        since=since, until=until,
    )  # fmt: skip
    uow.session.add(rule)
    uow.session.flush()
    trail.record(uow, by, "warranty.serial_rule", "serial_rule", rule.id, mask=mask, months=allowance_months)
    return rule
