"""Reading the catalogue: the models of a brand, one model by its code, the warranty terms that hold for it on a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import or_, select

from domain.catalog.bills import NEAR, distance
from domain.catalog.codes import code_key, look_alike
from domain.catalog.model import Category, Model, WarrantyTerm
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand

MOST_LIKE = 8
PART_OF_CODE = 4
"""Characters from which a piece of a code says something."""


class ModelLine(NamedTuple):
    """A model as the chat's index and pickers need it."""

    id: str
    code: str
    name: str
    category_code: str


def categories(uow: UnitOfWork) -> Sequence[Category]:
    """In the order they are offered."""
    return uow.session.scalars(select(Category).order_by(Category.position)).all()


def catalogue_version(uow: UnitOfWork, brand_id: str) -> int:
    """Compare with the one an index was built from; cheap enough to ask in every turn."""
    return uow.session.scalars(select(Brand.catalogue_version).where(Brand.id == brand_id)).one()


def models_of(uow: UnitOfWork, brand_id: str) -> list[ModelLine]:
    """All models of a brand in one query, by code."""
    wanted = select(Model.id, Model.code, Model.name, Model.category_code).where(Model.brand_id == brand_id)
    return [ModelLine(*row) for row in uow.session.execute(wanted.order_by(Model.code))]


def models_in(uow: UnitOfWork, brand_id: str, category_code: str) -> Sequence[Model]:
    """A brand's models of one category, by code."""
    wanted = select(Model).where(Model.brand_id == brand_id, Model.category_code == category_code)
    return uow.session.scalars(wanted.order_by(Model.code)).all()


def model_called(uow: UnitOfWork, brand_id: str, code: str) -> Model | None:
    """The model with that very code, dashes, spaces, width and case aside; never one that only looks like it."""
    key = code_key(code)
    return uow.session.scalars(select(Model).where(Model.brand_id == brand_id, Model.code_key == key)).one_or_none()


def models_like(uow: UnitOfWork, brand_id: str, category_code: str, typed: str) -> tuple[Model | None, list[Model]]:
    """The brand's model of this category with that very code; else those it may have been meant to be, to choose from: a slip
    or two away, or with what was typed in their code."""
    key, seen = code_key(typed), look_alike(typed)
    models = models_in(uow, brand_id, category_code)
    exact = next((one for one in models if one.code_key == key), None)
    if exact or not key:
        return exact, []
    far = {one.id: distance(key, seen, one.code) for one in models}
    near = [
        one for one in models if far[one.id] <= NEAR or (len(seen) >= PART_OF_CODE and seen in look_alike(one.code))
    ]
    return None, sorted(near, key=lambda one: (far[one.id], one.code))[:MOST_LIKE]


def each_model(uow: UnitOfWork, brand_id: str) -> Iterator[Model]:
    """All models of a brand by code, fetched a thousand at a time: for export."""
    wanted = select(Model).where(Model.brand_id == brand_id).order_by(Model.code)
    yield from uow.session.scalars(wanted, execution_options={"yield_per": 1_000})


def warranty_terms(uow: UnitOfWork, model: Model, on: date) -> list[WarrantyTerm]:
    """The terms for that model bought on that day: by component, the model's own before its category's.

    A model's own term replaces its category's of the same component and source, and no other: what a brand promises
    for one model does not take away what the law grants for all.
    """
    rows = uow.session.scalars(
        select(WarrantyTerm).where(
            WarrantyTerm.brand_id == model.brand_id,
            or_(WarrantyTerm.model_id == model.id, WarrantyTerm.category_code == model.category_code),
        )
    ).all()
    return holding(rows, model, on)


def all_terms(uow: UnitOfWork, models: Sequence[Model]) -> Sequence[WarrantyTerm]:
    """Every term that may hold for one of these models, of whatever day: for `holding`. One query."""
    if not models:
        return ()
    found = select(WarrantyTerm).where(
        WarrantyTerm.brand_id.in_({model.brand_id for model in models}),
        or_(
            WarrantyTerm.model_id.in_({model.id for model in models}),
            WarrantyTerm.category_code.in_({model.category_code for model in models}),
        ),
    )
    return uow.session.scalars(found).all()


def holding(terms: Sequence[WarrantyTerm], model: Model, on: date) -> list[WarrantyTerm]:
    """Of these terms those for that model bought on that day, as `warranty_terms` says."""
    rows = [
        term
        for term in terms
        if term.brand_id == model.brand_id
        and (term.model_id == model.id or term.category_code == model.category_code)
        and term.since <= on
        and (term.until is None or on < term.until)
    ]
    own = {(term.component, term.source) for term in rows if term.model_id}
    left = [term for term in rows if term.model_id or (term.component, term.source) not in own]
    return sorted(left, key=lambda term: (term.component, term.model_id is None, -term.months, term.id))
