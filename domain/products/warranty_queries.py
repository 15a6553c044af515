"""Gathering what a warranty is judged by, for one product or for many at once, and reading answers given before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, date, timedelta
from functools import lru_cache

from sqlalchemy import func, select

from domain.calendar import is_workday
from domain.catalog.model import Model, WarrantyTerm
from domain.catalog.queries import all_terms
from domain.kit.unit_of_work import UnitOfWork
from domain.products.model import Product, ProductOwner
from domain.products.warranty_facts import Extra, Facts, Invoice, Term
from domain.products.warranty_model import SerialRule, WarrantyAnswer, WarrantyFinding, WarrantyProof
from domain.products.warranty_serials import made_on

LAWFUL_YEARS = 5
"""The longest lawful term, and a year for the days in repair."""


@dataclass(frozen=True)
class Gathered:
    """Rows for many products; `facts` makes one product's facts of them without asking again."""

    terms: Sequence[WarrantyTerm] = ()
    serials: Sequence[SerialRule] = ()
    proofs: Mapping[str, WarrantyProof] = field(default_factory=dict)
    owners: Mapping[str, int] = field(default_factory=dict)
    findings: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Order → the codes that stand."""

    def facts(
        self, model: Model, product: Product | None, order_id: str = "", *, extras: Sequence[Extra] = ()
    ) -> Facts:
        proof = self.proofs.get(product.id) if product else None
        made, rule = read(product, self.serials) if product else (None, None)
        bought = product.purchased_on if product else None
        unseen = Invoice.TOLD if bought else Invoice.UNKNOWN
        return Facts(
            category=model.category_code,
            terms=tuple(term_of(one) for one in self.terms if concerns(one, model)),
            extras=tuple(extras),
            purchased_on=bought,
            invoice=proof.invoice if proof and proof.invoice is not Invoice.UNKNOWN else unseen,
            made_on=made,
            made_by=f"{rule.source}（{rule.since}起，格式 {rule.mask}）" if rule else "",
            allowance_months=rule.allowance_months if rule else 0,
            replaced_on=proof.replaced_on if proof else None,
            days_in_repair=proof.days_in_repair if proof else 0,
            owners=self.owners.get(product.id, 1) if product else 1,
            findings=self.findings.get(order_id, frozenset()),
            rest_days=rest_days(bought, made, proof.replaced_on if proof else None),
        )


def gather(
    uow: UnitOfWork, models: Sequence[Model], products: Collection[Product], order_ids: Collection[str] = ()
) -> Gathered:
    """Everything about these products, in five queries whatever their number."""
    ids = [one.id for one in products]
    brands = {one.brand_id for one in models}
    owned = select(ProductOwner.product_id, func.count()).where(ProductOwner.product_id.in_(ids))
    found: defaultdict[str, set[str]] = defaultdict(set)
    standing = select(WarrantyFinding.work_order_id, WarrantyFinding.code).where(
        WarrantyFinding.work_order_id.in_(order_ids), WarrantyFinding.withdrawn_at.is_(None)
    )
    for order_id, code in uow.session.execute(standing):
        found[order_id].add(code)
    return Gathered(
        terms=all_terms(uow, models),
        serials=uow.session.scalars(
            select(SerialRule).where(SerialRule.brand_id.in_(brands)).order_by(SerialRule.since.desc(), SerialRule.id)
        ).all(),
        proofs={
            one.product_id: one
            for one in uow.session.scalars(select(WarrantyProof).where(WarrantyProof.product_id.in_(ids)))
        },
        owners=dict(uow.session.execute(owned.group_by(ProductOwner.product_id)).all()),
        findings={order_id: frozenset(codes) for order_id, codes in found.items()},
    )


def facts_of(
    uow: UnitOfWork, model: Model, product: Product | None, order_id: str = "", *, extras: Sequence[Extra] = ()
) -> Facts:
    gathered = gather(uow, [model], [product] if product else [], [order_id] if order_id else [])
    return gathered.facts(model, product, order_id, extras=extras)


def read(product: Product, rules: Iterable[SerialRule]) -> tuple[date | None, SerialRule | None]:
    """The day a serial says, and by which of the brand's rules: the one that held on that very day."""
    for rule in rules:
        made = made_on(product.serial_key, rule.mask) if product.serial_key else None
        if rule.brand_id == product.brand_id and made and rule.since <= made and (not rule.until or made < rule.until):
            return made, rule
    return None, None


def concerns(term: WarrantyTerm, model: Model) -> bool:
    mine = term.model_id == model.id or term.category_code == model.category_code
    return term.brand_id == model.brand_id and mine


def term_of(term: WarrantyTerm) -> Term:
    return Term(term.id, term.component, term.months, term.source, term.since, term.until, term.model_id is not None)


def rest_days(*starts: date | None) -> frozenset[date]:
    """Days nobody works on which a lawful term could end, for a term that begins in one of these years."""
    years = {start.year + n for start in starts if start for n in range(LAWFUL_YEARS + 1)}
    return frozenset().union(*(rest_of(year) for year in years if year < MAXYEAR))


@lru_cache(maxsize=100)
def rest_of(year: int) -> frozenset[date]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return frozenset(day for day in days if not is_workday(day))


def answers_for(uow: UnitOfWork, order_id: str) -> Sequence[WarrantyAnswer]:
    """Everything that was answered for an order, the latest round first."""
    given = select(WarrantyAnswer).where(WarrantyAnswer.work_order_id == order_id)
    return uow.session.scalars(given.order_by(WarrantyAnswer.round.desc(), WarrantyAnswer.id)).all()


def latest_answers(uow: UnitOfWork, order_ids: Collection[str]) -> dict[str, list[WarrantyAnswer]]:
    """Order → its latest round: what holds for it. One query."""
    given = select(WarrantyAnswer).where(WarrantyAnswer.work_order_id.in_(order_ids))
    latest: dict[str, list[WarrantyAnswer]] = {}
    for one in uow.session.scalars(given.order_by(WarrantyAnswer.round, WarrantyAnswer.id)):
        kept = latest.get(one.work_order_id, [])
        latest[one.work_order_id] = [*kept, one] if kept and kept[0].round == one.round else [one]
    return latest


def findings_for(uow: UnitOfWork, order_id: str) -> Sequence[WarrantyFinding]:
    found = select(WarrantyFinding).where(
        WarrantyFinding.work_order_id == order_id, WarrantyFinding.withdrawn_at.is_(None)
    )
    return uow.session.scalars(found.order_by(WarrantyFinding.at, WarrantyFinding.id)).all()
